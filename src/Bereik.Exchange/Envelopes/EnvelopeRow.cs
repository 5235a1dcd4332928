namespace Bereik.Exchange.Envelopes;

/// <summary>One row of an envelope, in its slot.</summary>
public sealed class EnvelopeRow
{
    /// <summary>Makes a row of what was read or stored.</summary>
    /// <param name="slot">Its slot, from 0.</param>
    /// <param name="tokens">Exactly 8.</param>
    /// <param name="sealedRecord">The sealed record; null in flow <c>match</c>.</param>
    public EnvelopeRow(int slot, IReadOnlyList<Token> tokens, string? sealedRecord)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(slot);
        ArgumentNullException.ThrowIfNull(tokens);
        if (tokens.Count != EnvelopeFormat.TokensPerRow) throw new ArgumentException("Exactly 8 tokens.", nameof(tokens));
        Slot = slot;
        Tokens = tokens;
        Sealed = sealedRecord;
    }

    /// <summary>The slot in the manifest, from 0.</summary>
    public int Slot { get; }

    /// <summary>Exactly 8 tokens, in the order signed for.</summary>
    public IReadOnlyList<Token> Tokens { get; }

    /// <summary>The record as a compact JWE; null in flow <c>match</c>.</summary>
    public string? Sealed { get; }

    /// <summary>The word "row", never what is in it.</summary>
    public override string ToString() => "row";
}
