using System.Text;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Signatures;

namespace Bereik.Exchange.Envelopes;

/// <summary>The numbers of the envelope format and its writer: NDJSON, one manifest line, then one line a row in ascending slot order.</summary>
public static class EnvelopeFormat
{
    /// <summary>Tokens in every row.</summary>
    public const int TokensPerRow = 8;

    /// <summary>The most tokens in a row that stand for somebody; the rest is random, so that at least one always is.</summary>
    public const int MaxLinkedTokens = TokensPerRow - 1;

    /// <summary>Check rows in every envelope.</summary>
    public const int CheckRows = 64;

    /// <summary>How many of the check tokens the local node chooses.</summary>
    public const int ChosenCheckRows = CheckRows / 2;

    /// <summary>The most slots of a manifest.</summary>
    public const int MaxRows = 1 << 18;

    /// <summary>The most tokens of a token set.</summary>
    public const int MaxTokens = 1 << 21;

    /// <summary>The largest padded plaintext of a record, in bytes.</summary>
    public const int MaxPaddedSize = 1 << 16;

    /// <summary>What padding adds to a record: one byte of kind and four of length.</summary>
    public const int PaddingOverhead = 5;

    /// <summary>The longest manifest line in bytes, without its line feed.</summary>
    public const int MaxManifestLine = 20 << 20;

    /// <summary>The longest row line in bytes, without its line feed.</summary>
    public const int MaxRowLine = 96 << 10;

    /// <summary>The largest token set in bytes: its first line, and a line for each of <see cref="MaxTokens"/>.</summary>
    public const long MaxTokenSet = 256 + ((Bytes32.TextLength + 3L) * MaxTokens);

    /// <summary>The largest envelope in bytes.</summary>
    public const long MaxEnvelope = 4L << 30;

    /// <summary>The media type of an envelope and a token set.</summary>
    public const string MediaType = "application/x-ndjson";

    /// <summary>The smallest multiple of the protocol's band that holds <paramref name="count"/>; at least one band.</summary>
    public static int PadToBand(int count, int band)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(band);
        return checked(Math.Max(1, (count + band - 1) / band) * band);
    }

    /// <summary>Writes the manifest line: <c>{"manifest":"..."}</c> and a line feed.</summary>
    public static async ValueTask WriteManifestAsync(Stream output, SignedDocument<Manifest> manifest, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(manifest);
        await output.WriteAsync(Encoding.ASCII.GetBytes($$"""{"manifest":"{{manifest.Compact}}"}""" + "\n"), cancellation);
    }

    /// <summary>Writes a row's line: <c>{"tokens":[...],"sealed":"..."}</c> and a line feed; the same bytes it was read from.</summary>
    public static async ValueTask WriteRowAsync(Stream output, EnvelopeRow row, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(row);
        await output.WriteAsync(RowLine.Write(row.Tokens, row.Sealed), cancellation);
    }
}
