using Bereik.Domain;
using Bereik.Edge;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Signatures;
using Bereik.Node.Decisions;
using Bereik.Node.Requests;
using Bereik.Node.Storage;
using Bereik.Node.Work;
using Bereik.Sealing.Packages;
using Bereik.Sealing.Persons;
using Bereik.Sealing.Pseudonyms;
using Bereik.Source.Requests;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Source.Features;

// Makes the envelope of an approved request: tokens, sealed records, manifest. It waits as a file in the data folder.
internal sealed class BuildEnvelope(
    SourceDatabase database, SourceSettings settings, PseudonymService pseudonyms, RunningRequests running, LoggedOrders logged, EdgeKeys edgeKeys, NodeKeys keys, TimeProvider clock) : IWorkStep
{
    public const string StepKind = "envelope.build";

    public string Kind => StepKind;

    public static string FileOf(SourceSettings settings, string request) => Path.Combine(settings.DataFolder, "envelopes", $"{request}.ndjson");

    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        var request = await database.Requests.AsNoTracking().SingleAsync(candidate => candidate.Id == run.Subject, cancel);
        if (request.ExpiresAt <= clock.GetUtcNow()) return WorkResult.Failed("request.expired");
        var asked = await running.ReadAndDecideAsync(request, cancel);
        if (asked.Decision.Outcome != Outcome.Permit || asked.Protocol is not { } protocol)
        {
            return WorkResult.Failed<SourceDatabase>(asked.Decision.Reasons[0].Code, async (target, stop) => running.Stop(target, await target.Requests.SingleAsync(candidate => candidate.Id == run.Subject, stop), asked.Decision, asked.Facts, asked.Protocol));
        }

        if (!Epoch.TryParse(request.Epoch, out var epoch) || epoch != Epoch.At(clock.GetUtcNow())) return WorkResult.Failed("epoch.over");
        if (edgeKeys.SealingKeyOf(request.Recipient) is not { } recipientKey) return WorkResult.Failed("recipient.keyMissing");
        using var pair = edgeKeys.PairWith(request.Recipient);
        if (pair is null) return WorkResult.Failed("recipient.keyMissing");

        // INVARIANT: no entry, no exchange. What the log lacks is waited for until the order's own end.
        if (await logged.ReadGapAsync(request, cancel) is not null) return WorkResult.Later(TimeSpan.FromSeconds(settings.PollSeconds));

        // INVARIANT: the same register and the same day as the steward saw, so the same rows leave.
        var day = DateOnly.ParseExact(request.CountedOn!, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var (terms, result) = (ReleaseTerms.Of(protocol, day, settings, asked.Facts), new SelectionResult());
        var selection = await Selection.OpenAsync(database, terms, cancel);
        var rows = selection.Run(request.Nis, request.ReadMonth(), result).ToList();
        if (rows.Count != request.Selected) return WorkResult.Failed("selection.changed");
        var numbers = rows.SelectMany(row => row.Numbers).Distinct(StringComparer.Ordinal).ToList();
        await pseudonyms.EnsureAsync(Numbers(numbers), epoch, done => run.Report(done, numbers.Count), cancel);

        // The numbers may have taken hours.
        if (await logged.ReadGapAsync(request, cancel) is not null) return WorkResult.Later(TimeSpan.FromSeconds(settings.PollSeconds));
        var manifest = await WriteAsync(request, protocol, rows, pair, recipientKey, epoch, cancel);
        return WorkResult.Done<SourceDatabase>(async (target, stop) =>
        {
            (await target.Requests.SingleAsync(candidate => candidate.Id == run.Subject, stop)).Manifest = manifest.Hash.ToString();
            var context = new DecisionContext(clock.GetUtcNow(), DecisionPoint.Release, "list.release", request.Id, request.Recipient, protocol.Id, protocol.Version, protocol.Hash);
            foreach (var (decision, count) in result.Decided) target.LogDecision(decision, context, terms.Request, new { terms.Today, terms.AnnouncedOn, terms.SyntheticOnly, terms.Register }, count);
            target.Enqueue(DepositEnvelope.StepKind, run.Subject, clock.GetUtcNow());
        });
    }

    public Task FailedAsync(NodeDatabase store, string subject, string code, CancellationToken cancel) => Failure.StoreAsync((SourceDatabase)store, subject, code, clock.GetUtcNow(), cancel);

    private async Task<SignedDocument<Manifest>> WriteAsync(
        Request request, Protocol protocol, List<SelectedRow> rows, Pair pair, Exchange.Keys.SealingPublicKey recipientKey, Epoch epoch, CancellationToken cancel)
    {
        var order = request.ReadOrder();
        using var tokens = new TokenMaker(pair, order.Context);
        await using var bases = await pseudonyms.OpenAsync(epoch, cancel);
        using var agreement = bases.OfAgreement();
        var task = new EnvelopeTask
        {
            Order = order,
            SourceKey = keys.Signing,
            RecipientKey = recipientKey,
            Tokens = tokens,
            Agreement = agreement,
            Band = protocol.Band,
            PaddedSize = RecordFormat.PaddedSize,
            Checkpoint = logged.Checkpoint,
            Now = clock.GetUtcNow(),
        };
        var file = FileOf(settings, request.Id);
        var folder = Path.GetDirectoryName(file)!;
        Directory.CreateDirectory(folder);
        SignedDocument<Manifest> manifest;
        await using (var output = new FileStream(file + ".part", FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16, useAsync: true))
        {
            manifest = await EnvelopeWriter.WriteAsync(task, rows.Count, at => Row(rows[at], request.ReadMonth(), tokens, bases), output, folder, cancel);
            output.Flush(flushToDisk: true);
        }

        File.Move(file + ".part", file, overwrite: true);
        return manifest;
    }

    private SourceRow Row(SelectedRow row, Month month, TokenMaker tokens, PseudonymBases bases)
    {
        var made = new List<Exchange.Token>(row.Numbers.Count);
        foreach (var number in row.Numbers)
        {
            using var person = bases.Of(Insz.Parse(number, settings.InszRules));
            made.Add(tokens.Token(person));
        }

        return new SourceRow(made, row.Household is { } household ? RecordFormat.Write(household, month, row.Fields) : ReadOnlyMemory<byte>.Empty);
    }

    private async IAsyncEnumerable<Insz> Numbers(List<string> numbers)
    {
        foreach (var number in numbers) yield return Insz.Parse(number, settings.InszRules);
        await Task.CompletedTask;
    }
}
