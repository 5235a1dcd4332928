using Bereik.Domain;
using Bereik.Local.Orders;
using Bereik.Local.Pages;
using Bereik.Local.Storage;
using Bereik.Node.Errors;
using Bereik.Node.Ui;
using Bereik.Node.Work;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Features;

// The journey of one list, for people and as JSON.
internal static class FollowList
{
    private static readonly IReadOnlyList<string> Steps = [SendOrder.Name, FollowOrder.Name, SendTokens.Name, FetchPackage.Name, OpenPackage.Name, SendRoot.Name, SendReceipt.Name];

    public static async Task<IResult> ShowAsync(Guid id, LocalDatabase database, LocalSettings settings, WorkProgress progress, CancellationToken cancel)
    {
        var key = id.ToString("D");
        if (await database.Lists.AsNoTracking().SingleOrDefaultAsync(list => list.Id == key, cancel) is not { } list) return ErrorCatalogue.NotFound.Problem();
        var events = await database.ListEvents.AsNoTracking().Where(one => one.ListId == key).ToDictionaryAsync(one => one.State, one => one.At, cancel);
        var reasons = await database.ListReasons.AsNoTracking().Where(reason => reason.ListId == key).OrderBy(reason => reason.Id).ToListAsync(cancel);
        var work = await WorkOfAsync(database, key, cancel);
        string[] parties = [Name(list.Source), Name(settings.PeerOf(OrganisationKind.Hub).Id), settings.Name, Name(settings.PeerOf(OrganisationKind.Pseudonymiser).Id)];
        return UiSetup.Page<JourneyPage>(new
        {
            Model = new JourneyView(
                OrderList.View(list), list.FlowKind == Flow.Unknown, parties, list.KnownCount, list.Offered, list.SignedBy, list.ExpiresAt, list.InformBy, events,
                progress.Of(work).Done, progress.Of(work).Total, list.Code, [.. reasons.Select(reason => new ReasonView(reason.Code, reason.Text))], list.ErasedAt),
        });

        string Name(string peer) => settings.Peer(peer)?.Name is { Length: > 0 } name ? name : peer;
    }

    public static async Task<IResult> TellAsync(LocalDatabase database, WorkProgress progress, CancellationToken cancel)
    {
        var told = new List<ListTold>();
        foreach (var list in await database.Lists.AsNoTracking().OrderByDescending(list => list.AskedAt).ToListAsync(cancel))
        {
            var reasons = await database.ListReasons.AsNoTracking().Where(reason => reason.ListId == list.Id).OrderBy(reason => reason.Id).ToListAsync(cancel);
            var work = await WorkOfAsync(database, list.Id, cancel);
            var codes = reasons.Select(reason => new ReasonTold(reason.Code, reason.Text)).ToList();
            if (codes.Count == 0 && list.Code is { } code) codes.Add(new ReasonTold(code, ""));
            told.Add(new ListTold(
                Guid.Parse(list.Id), list.Flow, list.ReferenceMonth.ToString(), list.State, work?.Kind ?? "", new ProgressTold(progress.Of(work).Done, progress.Of(work).Total), list.Offered, list.Delivered, codes));
        }

        return Results.Json(told);
    }

    // The step under way, else the last one that was begun.
    private static async Task<WorkItem?> WorkOfAsync(LocalDatabase database, string id, CancellationToken cancel)
    {
        var items = await database.Work.AsNoTracking().Where(item => item.Subject == id && Steps.Contains(item.Kind)).OrderBy(item => item.Id).ToListAsync(cancel);
        return items.FirstOrDefault(item => item.State == WorkState.Waiting) ?? items.LastOrDefault();
    }

    private sealed record ListTold(
        Guid Id, string Flow, string ReferenceMonth, string State, string Step, ProgressTold Progress, int Known, int? Delivered, IReadOnlyList<ReasonTold> Reasons);

    private sealed record ProgressTold(long Done, long Total);

    private sealed record ReasonTold(string Code, string Text);
}
