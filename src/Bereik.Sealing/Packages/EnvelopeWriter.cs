using System.Security.Cryptography;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Envelopes;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Signatures;
using Bereik.Sealing.Pseudonyms;

namespace Bereik.Sealing.Packages;

/// <summary>One row that a source releases.</summary>
/// <param name="Tokens">1 to 7 tokens: of the person or, in <c>unknown</c>, of every adult of the household, linked numbers included.</param>
/// <param name="Json">The record, UTF-8 JSON; empty in flow <c>match</c>.</param>
public sealed record SourceRow(IReadOnlyList<Token> Tokens, ReadOnlyMemory<byte> Json)
{
    /// <summary>The word "source row", never what is in it.</summary>
    public override string ToString() => "source row";
}

/// <summary>What a source needs to answer one order.</summary>
public sealed record EnvelopeTask
{
    /// <summary>The order, whose signature was verified and whose context was not seen before.</summary>
    public required SignedDocument<ListOrder> Order { get; init; }

    /// <summary>The source's signing key.</summary>
    public required SigningKey SourceKey { get; init; }

    /// <summary>The recipient's pinned sealing key.</summary>
    public required SealingPublicKey RecipientKey { get; init; }

    /// <summary>The tokens of this exchange.</summary>
    public required TokenMaker Tokens { get; init; }

    /// <summary>The base of the agreement input.</summary>
    public required PseudonymBase Agreement { get; init; }

    /// <summary>The protocol's band: the number of slots is a multiple of it.</summary>
    public required int Band { get; init; }

    /// <summary>The size of a padded record in bytes, fixed by the protocol; every record must fit. Not used in flow <c>match</c>.</summary>
    public required int PaddedSize { get; init; }

    /// <summary>The checkpoint of the public log that the source last verified, a signed note; null when it follows no log.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>When; UTC.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The exchange's id and nothing else.</summary>
    public override string ToString() => $"envelope {Order.Document.Id}";
}

/// <summary>Writes envelopes: check rows, random slots, fill to 8 tokens, padding, seals, digests, signature.</summary>
public static class EnvelopeWriter
{
    private const int BufferBytes = 64 << 10;

    /// <summary>Writes the envelope that answers an order.</summary>
    /// <param name="task">What to answer, and with which keys.</param>
    /// <param name="count">How many rows there are; none is fine.</param>
    /// <param name="row">Gives row 0 to <paramref name="count"/> - 1, each asked for once, in random order.</param>
    /// <param name="output">Where to; left open.</param>
    /// <param name="scratch">A folder for the sealed lines on their way; the file in it is gone when this returns.</param>
    /// <param name="cancellation">Stops the writing.</param>
    /// <returns>The signed manifest.</returns>
    /// <exception cref="ArgumentException">A row has no token or more than 7, or its record does not fit; the message names no person.</exception>
    public static async Task<SignedDocument<Manifest>> WriteAsync(
        EnvelopeTask task, int count, Func<int, SourceRow> row, Stream output, string scratch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(output);
        var order = task.Order.Document;
        var isSealed = order.Flow == "unknown";
        var total = checked(count + EnvelopeFormat.CheckRows);
        var band = EnvelopeFormat.PadToBand(total, task.Band);
        if (band > EnvelopeFormat.MaxRows) throw new ArgumentException("More rows than a manifest can hold.", nameof(count));

        var digests = new Bytes32[band];
        for (var i = 0; i < band; i++) digests[i] = Bytes32.Random();
        var slots = DrawSlots(total, band);
        var sequence = Enumerable.Range(0, total).ToArray();
        RandomNumberGenerator.Shuffle(sequence.AsSpan());

        var contentKey = RandomNumberGenerator.GetBytes(ContentKey.Length);
        try
        {
            using var aes = new AesGcm(contentKey, 16);
            // What goes to the file is what will be delivered: tokens and sealed records, never a plaintext.
            await using var lines = new FileStream(Path.Combine(scratch, $"{Guid.NewGuid():N}.rows"), ScratchOptions());
            for (var i = 0; i < total; i++)
            {
                var source = sequence[i] < count ? row(sequence[i]) : CheckRow(task.Tokens, sequence[i] - count);
                var kind = sequence[i] < count ? RecordKind.Record : RecordKind.Check;
                if (source.Json.Length > (isSealed ? task.PaddedSize - EnvelopeFormat.PaddingOverhead : 0))
                    throw new ArgumentException("A record is larger than the exchange's padded size.", nameof(row));
                var tokens = FillTokens(source.Tokens);
                var sealedRecord = isSealed ? SealedRecord.Seal(aes, order.Id, slots[i], kind, source.Json.Span, task.PaddedSize) : null;
                digests[slots[i]] = SlotWalk.Digest(slots[i], tokens, sealedRecord);
                await EnvelopeFormat.WriteRowAsync(lines, new EnvelopeRow(slots[i], tokens, sealedRecord), cancellation);
            }

            var manifest = SignedDocument.Sign(Describe(task, digests, isSealed ? ContentKey.Seal(contentKey, task.RecipientKey) : null), task.SourceKey);
            await EnvelopeFormat.WriteManifestAsync(output, manifest, cancellation);
            lines.Position = 0;
            await lines.CopyToAsync(output, BufferBytes, cancellation);
            return manifest;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(contentKey);
        }
    }

    private static Manifest Describe(EnvelopeTask task, Bytes32[] digests, string? contentKey)
    {
        var order = task.Order.Document;
        return new Manifest
        {
            Id = order.Id,
            Order = task.Order.Hash,
            Context = task.Order.Context,
            Flow = order.Flow,
            Protocol = order.Protocol,
            ProtocolVersion = order.ProtocolVersion,
            ProtocolHash = order.ProtocolHash,
            Source = order.Source,
            Recipient = order.Recipient,
            SourceKid = task.SourceKey.Kid,
            RecipientKid = task.RecipientKey.Kid,
            Epoch = order.Epoch,
            ReferenceMonth = order.ReferenceMonth,
            Agreement = task.Tokens.AgreementToken(task.Agreement),
            ContentKey = contentKey,
            PaddedSize = contentKey is null ? null : task.PaddedSize,
            Checkpoint = task.Checkpoint,
            IssuedAt = task.Now,
            ExpiresAt = order.ExpiresAt,
            Rows = digests,
        };
    }

    private static SourceRow CheckRow(TokenMaker tokens, int index) => new([tokens.CheckToken(index)], ReadOnlyMemory<byte>.Empty);

    // INVARIANT: at least one token of every row is random, so that nobody can compute a row's digest from a guessed person.
    private static Token[] FillTokens(IReadOnlyList<Token> linked)
    {
        if (linked.Count is 0 or > EnvelopeFormat.MaxLinkedTokens) throw new ArgumentException("A row has 1 to 7 linked tokens.", nameof(linked));
        var tokens = new Token[EnvelopeFormat.TokensPerRow];
        for (var i = 0; i < tokens.Length; i++) tokens[i] = i < linked.Count ? linked[i] : Token.Random();
        RandomNumberGenerator.Shuffle(tokens.AsSpan());
        return tokens;
    }

    private static int[] DrawSlots(int total, int band)
    {
        var all = Enumerable.Range(0, band).ToArray();
        RandomNumberGenerator.Shuffle(all.AsSpan());
        var slots = all[..total];
        Array.Sort(slots);
        return slots;
    }

    private static FileStreamOptions ScratchOptions()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = BufferBytes,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }
}
