using System.Globalization;
using Bereik.Domain;
using Bereik.Node.Work;
using Bereik.Source.Register;
using Bereik.Source.Requests;
using Bereik.Source.Waves;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Source.Features;

// Counts what a request would send, hold back and leave unrouted, for one revision of the register.
internal sealed class PreviewOrder(SourceDatabase database, SourceSettings settings, RunningRequests running, TimeProvider clock) : IWorkStep
{
    public const string StepKind = "order.preview";

    public string Kind => StepKind;

    public static string Subject(string request, long revision) => string.Create(CultureInfo.InvariantCulture, $"{request}@{revision}");

    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        var (id, counted) = (run.Subject[..36], long.Parse(run.Subject.AsSpan(37), CultureInfo.InvariantCulture));
        var request = await database.Requests.AsNoTracking().SingleAsync(candidate => candidate.Id == id, cancel);
        var register = await RegisterRevision.ReadAsync(database, cancel);
        // Of another revision, or being read: the end of that reading asks for a new count.
        if (request.State is not (RequestState.New or RequestState.Ready) || register.Revision != counted || register.Importing) return WorkResult.Done();

        var result = new SelectionResult();
        var today = clock.Today();
        var asked = await running.ReadAndDecideAsync(request, cancel);
        if (asked.Decision.Outcome != Outcome.Permit || asked.Protocol is not { } protocol)
        {
            return WorkResult.Done<SourceDatabase>(async (target, stop) => running.Stop(target, await target.Requests.SingleAsync(candidate => candidate.Id == id, stop), asked.Decision, asked.Facts, asked.Protocol));
        }

        var selection = await Selection.OpenAsync(database, ReleaseTerms.Of(protocol, today, settings, asked.Facts), cancel);
        if (request.IsForLetters) CountLetters(selection, request, protocol, result, cancel);
        else foreach (var _ in selection.Run(request.Nis, request.ReadMonth(), result)) cancel.ThrowIfCancellationRequested();
        return WorkResult.Done<SourceDatabase>((target, stop) => StoreAsync(target, id, counted, today, result, stop));
    }

    // A letter that does not come out is counted as such, also while the text of all of them does not come out yet.
    private void CountLetters(Selection selection, Request request, Protocol protocol, SelectionResult result, CancellationToken cancel)
    {
        if (settings.Letters is not { } letters) throw new InvalidOperationException("An order of letters was taken up without the settings of letters.");
        using var text = WaveText.Of(letters, protocol, request.ReadOrder().Document.Letter!, WaveText.Proposed(clock.Today()));
        using var specimen = text.Problems.Count > 0 ? WaveDesk.Specimen(letters) : null;
        foreach (var _ in selection.Letters(request.Nis, request.ReadMonth(), WaveDesk.Terms(letters, specimen ?? text.First, specimen is null ? text.Reminder : null), result)) cancel.ThrowIfCancellationRequested();
    }

    private static async Task StoreAsync(SourceDatabase target, string id, long revision, DateOnly today, SelectionResult result, CancellationToken cancel)
    {
        var request = await target.Requests.SingleAsync(candidate => candidate.Id == id, cancel);
        if (request.State is not (RequestState.New or RequestState.Ready)) return;
        (request.State, request.Selected, request.Revision, request.CountedOn) = (RequestState.Ready, result.Selected, revision, today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        await target.RequestCounts.Where(count => count.Request == id).ExecuteDeleteAsync(cancel);
        target.RequestCounts.AddRange(result.Withheld.Select(entry => new RequestCount { Request = id, Kind = "withheld", Reason = entry.Key, Count = entry.Value }));
        target.RequestCounts.AddRange(result.Reported.Select(entry => new RequestCount { Request = id, Kind = "reported", Reason = entry.Key, Count = entry.Value }));
    }
}
