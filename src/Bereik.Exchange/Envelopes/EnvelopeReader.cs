using System.Text;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Signatures;

namespace Bereik.Exchange.Envelopes;

/// <summary>Reads an envelope, or the part of one that a hub delivers, row by row: shape, slots and seals are checked, nothing is opened.</summary>
/// <remarks>
/// First <see cref="ReadManifestAsync"/>; the caller verifies signature and bindings; then <see cref="ReadRowAsync"/> until it gives null.
/// After an error nothing more may be read, and what was read before is not to be kept.
/// </remarks>
public sealed class EnvelopeReader(Stream stream)
{
    private readonly NdjsonLines lines = new(stream);
    private SignedDocument<Manifest>? manifest;
    private SlotWalk? walk;
    private bool isEnded;

    /// <summary>The number of rows read.</summary>
    public int RowCount { get; private set; }

    /// <summary>Reads the first line. The signature is not verified here.</summary>
    /// <returns>The manifest, or <c>envelope.empty</c>, <c>envelope.lineTooLong</c>, <c>envelope.truncated</c>, <c>envelope.manifest</c>
    /// (the line is no manifest line) or a code of <see cref="SignedDocument.Parse{T}"/>.</returns>
    public async ValueTask<Parsed<SignedDocument<Manifest>>> ReadManifestAsync(CancellationToken cancellation)
    {
        if (manifest is not null) throw new InvalidOperationException("The manifest was read already.");
        var line = await lines.ReadAsync(EnvelopeFormat.MaxManifestLine, cancellation);
        if (line.Error is { } error) return error;
        if (!line.IsLine) return new ParseError("envelope.empty", "");
        if (ManifestText(line.Bytes.Span) is not { } compact) return new ParseError("envelope.manifest", "1");
        var parsed = SignedDocument.Parse<Manifest>(compact);
        if (parsed.IsOk)
        {
            manifest = parsed.Value;
            walk = new SlotWalk(manifest.Document.Rows);
        }

        return parsed;
    }

    /// <summary>Reads the next row.</summary>
    /// <returns>The row in its slot; null at the end; or, with the line number as place, <c>envelope.lineTooLong</c>,
    /// <c>envelope.truncated</c>, <c>row.shape</c>, <c>row.sealed</c> (sealed in <c>match</c>, or not sealed in <c>unknown</c>), a code of
    /// <see cref="SlotWalk.Advance"/> or of <see cref="SealedShape.FindError"/>.</returns>
    public async ValueTask<Parsed<EnvelopeRow>?> ReadRowAsync(CancellationToken cancellation)
    {
        if (manifest is null || walk is null) throw new InvalidOperationException("The manifest comes first.");
        if (isEnded) return null;
        var line = await lines.ReadAsync(EnvelopeFormat.MaxRowLine, cancellation);
        if (line.Error is { } error) return Stop(error);
        if (!line.IsLine)
        {
            isEnded = true;
            return null;
        }

        if (RowLine.Read(line.Bytes.Span) is not { } row) return Stop("row.shape");
        var slot = walk.Advance(row.Tokens, row.Sealed, out var code);
        if (slot < 0) return Stop(code!);

        // After the walk, so that a row that was touched is called tampered and not misshapen; here the source itself is wrong.
        if (row.Sealed is not null != (manifest.Document.Flow == Words.Unknown)) return Stop("row.sealed");
        if (row.Sealed is not null && SealedShape.FindError(row.Sealed, manifest.Document.Id, slot, manifest.Document.PaddedSize!.Value) is { } shape) return Stop(shape);
        RowCount++;
        return (Parsed<EnvelopeRow>)new EnvelopeRow(slot, row.Tokens, row.Sealed);
    }

    private Parsed<EnvelopeRow> Stop(string code) => Stop(ParseError.At(code, lines.Number));

    private Parsed<EnvelopeRow> Stop(ParseError error)
    {
        isEnded = true;
        return error;
    }

    private static string? ManifestText(ReadOnlySpan<byte> line)
    {
        var start = "{\"manifest\":\""u8;
        var end = "\"}"u8;
        return line.Length > start.Length + end.Length && line.StartsWith(start) && line.EndsWith(end)
            ? Encoding.Latin1.GetString(line[start.Length..^end.Length])
            : null;
    }
}
