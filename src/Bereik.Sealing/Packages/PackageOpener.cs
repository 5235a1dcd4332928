using System.Security.Cryptography;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Envelopes;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Signatures;
using Bereik.Sealing.Pseudonyms;

namespace Bereik.Sealing.Packages;

/// <summary>What a local node needs to open a package.</summary>
public sealed record PackageTask
{
    /// <summary>The node's own order.</summary>
    public required SignedDocument<ListOrder> Order { get; init; }

    /// <summary>The source's pinned signing key.</summary>
    public required SigningPublicKey SourceKey { get; init; }

    /// <summary>The node's own sealing key.</summary>
    public required SealingKey RecipientKey { get; init; }

    /// <summary>The tokens of this exchange.</summary>
    public required TokenMaker Tokens { get; init; }

    /// <summary>The base of the agreement input.</summary>
    public required PseudonymBase Agreement { get; init; }

    /// <summary>The check rows chosen when the token set was made.</summary>
    public required CheckChoice Choice { get; init; }

    /// <summary>The tokens that the node sent, without fill; when given, each row is checked to be one that was asked for.</summary>
    public IReadOnlySet<Token>? OwnTokens { get; init; }

    /// <summary>The protocol's band.</summary>
    public required int Band { get; init; }

    /// <summary>The epoch of now, such as <c>2026Q4</c>.</summary>
    public required string Epoch { get; init; }

    /// <summary>The time; UTC.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The exchange's id and nothing else.</summary>
    public override string ToString() => $"package {Order.Document.Id}";
}

/// <summary>One row that was opened.</summary>
/// <param name="Slot">Its slot in the manifest.</param>
/// <param name="Tokens">Its 8 tokens; in <c>match</c> the node finds its own residents back by them.</param>
/// <param name="Json">The record, UTF-8 JSON, to be parsed as foreign bytes; empty in flow <c>match</c>.</param>
public sealed record OpenedRow(int Slot, IReadOnlyList<Token> Tokens, ReadOnlyMemory<byte> Json)
{
    /// <summary>The words "opened row", never what is in it.</summary>
    public override string ToString() => "opened row";
}

/// <summary>A package that was verified whole.</summary>
/// <param name="Manifest">The manifest, for the receipt.</param>
/// <param name="RowCount">How many rows were opened, check rows not counted.</param>
public sealed record OpenedPackage(SignedDocument<Manifest> Manifest, int RowCount);

/// <summary>Verifies and opens what a hub delivered: all of it, or nothing.</summary>
public static class PackageOpener
{
    /// <summary>The one code for a record or content key that does not open, whatever the cause.</summary>
    public const string NotOpened = "package.notOpened";

    /// <summary>Verifies and opens a package.</summary>
    /// <param name="delivered">The envelope as delivered.</param>
    /// <param name="task">The order, the keys and the time.</param>
    /// <param name="take">Takes each row. INVARIANT: what it does is undone unless the result is a value: a row means nothing before
    /// the last one was verified, so write within a transaction that is rolled back on an error.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <returns>
    /// The package, or: a code of <see cref="EnvelopeReader.ReadManifestAsync"/>, <see cref="ManifestBinding.FindMismatch"/> or
    /// <see cref="EnvelopeReader.ReadRowAsync"/>; <c>manifest.agreement</c> (numbers, epoch, pair or context differ at the other edge);
    /// <c>row.notAsked</c> (in <c>unknown</c> a row of a person that the node said it knows; in <c>match</c> one of nobody it named);
    /// <c>checkRows.missing</c> (rows were withheld), <c>checkRows.unexpected</c> (rows that had to stay back came), <c>checkRows.kind</c>;
    /// or <see cref="NotOpened"/>.
    /// </returns>
    public static async Task<Parsed<OpenedPackage>> OpenAsync(
        Stream delivered, PackageTask task, Func<OpenedRow, CancellationToken, ValueTask> take, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(delivered);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(take);
        var reader = new EnvelopeReader(delivered);
        if (!(await reader.ReadManifestAsync(cancellation)).TryGet(out var manifest, out var error)) return error;
        if (ManifestBinding.FindMismatch(manifest, task.Order, task.SourceKey, task.RecipientKey.Kid, task.Band, task.Epoch, task.Now) is { } mismatch) return mismatch;
        if (manifest.Document.Agreement != task.Tokens.AgreementToken(task.Agreement)) return new ParseError("manifest.agreement", "agreement");

        var contentKey = manifest.Document.ContentKey is { } jwe ? ContentKey.Open(jwe, task.RecipientKey) : null;
        if (manifest.Document.ContentKey is not null && contentKey is null) return new ParseError(NotOpened, "");
        using var aes = contentKey is null ? null : new AesGcm(contentKey, 16);
        CryptographicOperations.ZeroMemory(contentKey);

        var checks = new CheckRowWatch(task.Tokens, task.Choice, manifest.Document.Flow);
        var count = 0;
        while (await reader.ReadRowAsync(cancellation) is { } next)
        {
            if (!next.TryGet(out var row, out var bad)) return bad;
            if (!Open(row, aes, checks, task.OwnTokens).TryGet(out var opened, out var refused)) return refused;
            if (opened.IsCheck) continue;
            await take(opened.Row, cancellation);
            count++;
        }

        return checks.FindMissing() is { } missing ? missing : new OpenedPackage(manifest, count);
    }

    /// <summary>As the other, with the rows in a list when all is well.</summary>
    public static async Task<Parsed<OpenedList>> OpenAsync(Stream delivered, PackageTask task, CancellationToken cancellation)
    {
        var rows = new List<OpenedRow>();
        var result = await OpenAsync(delivered, task, Add, cancellation);
        return result.TryGet(out var package, out var error) ? new OpenedList(package, rows) : error;

        ValueTask Add(OpenedRow row, CancellationToken _)
        {
            rows.Add(row);
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>
    /// Verifies and opens a package by two keys alone: who signed it, that it is for this key, and every digest and seal. Whether it answers an order and
    /// whether rows were withheld shows to the other <see cref="OpenAsync(Stream, PackageTask, CancellationToken)"/> only, which has the order and its tokens.
    /// </summary>
    /// <param name="delivered">The envelope, whole or as delivered.</param>
    /// <param name="sourceKey">The key that must have signed it.</param>
    /// <param name="recipientKey">The key that it must be sealed to.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <returns>The package, check rows left out; or <c>package.notSealed</c> (flow <c>match</c>: nothing to open), <c>manifest.sourceKey</c>, <c>manifest.signature</c>,
    /// <c>manifest.recipientKey</c>, <c>manifest.expired</c>, a code of <see cref="EnvelopeReader"/>, or <see cref="NotOpened"/>.</returns>
    public static async Task<Parsed<OpenedList>> OpenByKeysAsync(
        Stream delivered, SigningPublicKey sourceKey, SealingKey recipientKey, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(delivered);
        ArgumentNullException.ThrowIfNull(sourceKey);
        ArgumentNullException.ThrowIfNull(recipientKey);
        var reader = new EnvelopeReader(delivered);
        if (!(await reader.ReadManifestAsync(cancellation)).TryGet(out var manifest, out var error)) return error;
        if (manifest.Kid != sourceKey.Kid || manifest.Document.SourceKid != sourceKey.Kid) return new ParseError("manifest.sourceKey", "sourceKid");
        if (!manifest.IsSignedBy(sourceKey)) return new ParseError("manifest.signature", "");
        if (manifest.Document.RecipientKid != recipientKey.Kid) return new ParseError("manifest.recipientKey", "recipientKid");
        if (now >= manifest.Document.ExpiresAt) return new ParseError("manifest.expired", "expiresAt");
        if (manifest.Document.ContentKey is not { } jwe) return new ParseError("package.notSealed", "flow");
        if (ContentKey.Open(jwe, recipientKey) is not { } contentKey) return new ParseError(NotOpened, "");
        using var aes = new AesGcm(contentKey, 16);
        CryptographicOperations.ZeroMemory(contentKey);

        var rows = new List<OpenedRow>();
        while (await reader.ReadRowAsync(cancellation) is { } next)
        {
            if (!next.TryGet(out var row, out var bad)) return bad;
            if (SealedRecord.Open(aes, row.Sealed!) is not var (kind, json)) return new ParseError(NotOpened, "");
            if (kind == RecordKind.Record) rows.Add(new OpenedRow(row.Slot, row.Tokens, json));
        }

        return new OpenedList(new OpenedPackage(manifest, rows.Count), rows);
    }

    private static Parsed<Opened> Open(EnvelopeRow row, AesGcm? aes, CheckRowWatch checks, IReadOnlySet<Token>? ownTokens)
    {
        var check = checks.Find(row.Tokens);
        if (check is { } index && checks.FindUnexpected(index) is { } code) return ParseError.At(code, row.Slot);
        if (check is null && ownTokens is not null && row.Tokens.Any(ownTokens.Contains) != (aes is null)) return ParseError.At("row.notAsked", row.Slot);
        if (aes is null) return new Opened(new OpenedRow(row.Slot, row.Tokens, ReadOnlyMemory<byte>.Empty), check is not null);

        if (SealedRecord.Open(aes, row.Sealed!) is not var (kind, json)) return new ParseError(NotOpened, "");
        if (kind == RecordKind.Check != check is not null) return ParseError.At("checkRows.kind", row.Slot);
        return new Opened(new OpenedRow(row.Slot, row.Tokens, json), check is not null);
    }

    private sealed record Opened(OpenedRow Row, bool IsCheck);
}

/// <summary>A package that was verified whole, with its rows.</summary>
/// <param name="Package">The package.</param>
/// <param name="Rows">Its rows, check rows left out.</param>
public sealed record OpenedList(OpenedPackage Package, IReadOnlyList<OpenedRow> Rows)
{
    /// <summary>The word "package", never what is in it.</summary>
    public override string ToString() => "package";
}
