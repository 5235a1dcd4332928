using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using Bereik.Exchange;
using Bereik.Exchange.Envelopes;

namespace Bereik.Sealing.Pseudonyms;

/// <summary>The local node's secret choice of 32 of the 64 check rows.</summary>
/// <remarks>SECURITY: kept by the local node from the token set until the package is opened; who knows it can withhold rows unseen.</remarks>
public sealed class CheckChoice
{
    private readonly ulong mask;

    private CheckChoice(ulong mask) => this.mask = mask;

    /// <summary>Draws a new choice.</summary>
    public static CheckChoice Draw()
    {
        Span<int> indexes = stackalloc int[EnvelopeFormat.CheckRows];
        for (var i = 0; i < indexes.Length; i++) indexes[i] = i;
        RandomNumberGenerator.Shuffle(indexes);
        var mask = 0UL;
        foreach (var index in indexes[..EnvelopeFormat.ChosenCheckRows]) mask |= 1UL << index;
        return new CheckChoice(mask);
    }

    /// <summary>Restores an exported choice: 11 characters of base64url; null for anything else.</summary>
    public static CheckChoice? Restore(string exported)
    {
        Span<byte> bytes = stackalloc byte[8];
        if (!StrictBase64Url.TryDecode(exported, bytes)) return null;
        var mask = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        return BitOperations.PopCount(mask) == EnvelopeFormat.ChosenCheckRows ? new CheckChoice(mask) : null;
    }

    /// <summary>The choice as 11 characters of base64url, for the local node's own store only.</summary>
    public string Export()
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, mask);
        return StrictBase64Url.Encode(bytes);
    }

    /// <summary>True when check row <paramref name="index"/> is chosen.</summary>
    public bool IsChosen(int index) => (mask >> index & 1) == 1;

    /// <summary>The 32 check tokens that go into the local node's token set.</summary>
    public IEnumerable<Token> ChosenTokens(TokenMaker tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        return Enumerable.Range(0, EnvelopeFormat.CheckRows).Where(IsChosen).Select(tokens.CheckToken);
    }

    /// <summary>The word "choice", never which.</summary>
    public override string ToString() => "choice";
}
