using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Bereik.Exchange.Invitations;

/// <summary>The secret code in one letter (nl: geheime code): 60 bits and two check characters. Only a yes asks for it. Disposing zeroes it.</summary>
/// <remarks>SECURITY: it is in a letter and nowhere else. It has no equality and no text of its own; its bytes are pinned, so that no copy stays behind when memory is tidied.</remarks>
public sealed class SecretCode : IDisposable
{
    /// <summary>Secret bits in it.</summary>
    public const int Bits = 60;

    /// <summary>Length in characters, check characters included.</summary>
    public const int TextLength = SecretCharacters + Checks;

    /// <summary>Length in characters of the printed form.</summary>
    public const int PrintedLength = TextLength + ((TextLength - 1) / Group);

    private const int SecretCharacters = Bits / CodeAlphabet.Bits;
    private const int Checks = 2;
    private const int Group = 4;

    private readonly byte[] ascii = GC.AllocateUninitializedArray<byte>(TextLength, pinned: true);
    private bool isDisposed;

    private SecretCode(ReadOnlySpan<byte> values)
    {
        for (var i = 0; i < TextLength; i++) ascii[i] = (byte)CodeAlphabet.Symbols[values[i]];
    }

    /// <summary>The canonical text, which the key is derived from.</summary>
    internal ReadOnlySpan<byte> Ascii
    {
        get
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            return ascii;
        }
    }

    /// <summary>The code of the first 60 bits.</summary>
    /// <param name="secret">At least 8 bytes that nobody can guess.</param>
    /// <exception cref="ArgumentException">Fewer bytes.</exception>
    public static SecretCode FromBits(ReadOnlySpan<byte> secret)
    {
        if (secret.Length < sizeof(ulong)) throw new ArgumentException("At least 8 bytes.", nameof(secret));
        var bits = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(secret);
        Span<byte> values = stackalloc byte[TextLength];
        for (var i = 0; i < SecretCharacters; i++) values[i] = (byte)(bits >> (64 - (CodeAlphabet.Bits * (i + 1))) & 31);
        CodeAlphabet.AddChecks(values, Checks);
        var code = new SecretCode(values);
        CryptographicOperations.ZeroMemory(values);
        return code;
    }

    /// <summary>Reads what a person typed: small letters, white space and dashes anywhere, O for 0, I and L for 1. False when it is no code.</summary>
    /// <param name="typed">At most 64 characters; zeroing them is up to the caller.</param>
    /// <param name="code">The code.</param>
    public static bool TryRead(ReadOnlySpan<char> typed, [NotNullWhen(true)] out SecretCode? code)
    {
        Span<byte> values = stackalloc byte[TextLength];
        code = CodeAlphabet.TryRead(typed, values) && CodeAlphabet.HasChecks(values, Checks) ? new SecretCode(values) : null;
        CryptographicOperations.ZeroMemory(values);
        return code is not null;
    }

    /// <summary>Writes the form in a letter: three groups of four and the check characters, with a dash between.</summary>
    /// <param name="destination">Receives <see cref="PrintedLength"/> characters, which the caller zeroes.</param>
    public void Print(Span<char> destination)
    {
        var at = 0;
        var text = Ascii;
        for (var i = 0; i < TextLength; i++)
        {
            if (i > 0 && i % Group == 0) destination[at++] = '-';
            destination[at++] = (char)text[i];
        }
    }

    /// <summary>Zeroes the code.</summary>
    public void Dispose()
    {
        isDisposed = true;
        CryptographicOperations.ZeroMemory(ascii);
    }

    /// <summary>The words "secret code", never which.</summary>
    public override string ToString() => "secret code";
}
