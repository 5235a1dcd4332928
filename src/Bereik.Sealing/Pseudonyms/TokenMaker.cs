using System.Security.Cryptography;
using Bereik.Exchange;
using Bereik.Exchange.Envelopes;

namespace Bereik.Sealing.Pseudonyms;

/// <summary>Makes the tokens of one exchange, from the secret of its two edges and its order's context.</summary>
/// <remarks>
/// <c>token = HMAC-SHA256(HKDF-SHA256(ikm = base || pair, salt = none, info = "bereik token v1", 32), context)</c>;
/// <c>check token i = HMAC-SHA256(HKDF-SHA256(ikm = pair, salt = none, info = "bereik check v1", 32), context || byte i)</c>.
/// Safe to use from several threads. Disposing zeroes its keys, not the pair.
/// </remarks>
public sealed class TokenMaker : IDisposable
{
    private readonly byte[] pair;
    private readonly byte[] context;
    private readonly byte[] checkKey = new byte[32];

    /// <summary>For one exchange.</summary>
    public TokenMaker(Pair pair, Bytes32 context)
    {
        ArgumentNullException.ThrowIfNull(pair);
        this.pair = pair.Secret.ToArray();
        this.context = context.ToArray();
        HKDF.DeriveKey(HashAlgorithmName.SHA256, this.pair, checkKey, [], "bereik check v1"u8);
    }

    /// <summary>The token of a number, from its base.</summary>
    public Token Token(PseudonymBase person)
    {
        ArgumentNullException.ThrowIfNull(person);
        Span<byte> material = stackalloc byte[PseudonymBase.Length + Pair.Length];
        Span<byte> key = stackalloc byte[32];
        Span<byte> token = stackalloc byte[32];
        person.CopyTo(material);
        pair.CopyTo(material[PseudonymBase.Length..]);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, material, key, [], "bereik token v1"u8);
        HMACSHA256.HashData(key, context, token);
        CryptographicOperations.ZeroMemory(material);
        CryptographicOperations.ZeroMemory(key);
        return new Token(new Bytes32(token));
    }

    /// <summary>The agreement token, from the base of <see cref="BlindedBatch.AgreementInput"/>: equal at both edges, or something differs.</summary>
    public Token AgreementToken(PseudonymBase agreement) => Token(agreement);

    /// <summary>The token of check row <paramref name="index"/>, 0 to 63.</summary>
    public Token CheckToken(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, EnvelopeFormat.CheckRows);
        Span<byte> message = stackalloc byte[Bytes32.Length + 1];
        Span<byte> token = stackalloc byte[32];
        context.CopyTo(message);
        message[^1] = (byte)index;
        HMACSHA256.HashData(checkKey, message, token);
        return new Token(new Bytes32(token));
    }

    /// <summary>Zeroes the keys.</summary>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(pair);
        CryptographicOperations.ZeroMemory(checkKey);
    }

    /// <summary>The word "tokens", never a key.</summary>
    public override string ToString() => "tokens";
}
