using Bereik.Domain;
using Bereik.Local.Letters;
using Bereik.Local.Orders;
using Bereik.Local.Pages;
using Bereik.Local.Storage;
using Bereik.Node.Api;
using Bereik.Node.Errors;
using Bereik.Node.Ui;
using Bereik.Node.Work;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Features;

// The journey of one list, for people and as JSON.
internal static class FollowList
{
    public static readonly ApiOperation Api = new("listLists", "How the lists of this organisation stand")
    {
        Description = "Never a row.",
        Answers = [ApiAnswer.Json(200, "A page of lists, newest first.", new Page<ListTold>([new ListTold(ApiExamples.Id, "unknown", "2026-10", "received", "", new ProgressTold(0, 0), 140, 230, [])], ApiExamples.Id.ToString("D")))],
    };

    private static readonly IReadOnlyList<string> Steps = [SendOrder.Name, FollowOrder.Name, SendTokens.Name, FetchPackage.Name, OpenPackage.Name, SendRoot.Name, SendReceipt.Name, FollowWave.Name];

    public static async Task<IResult> ShowAsync(Guid id, LocalDatabase database, LocalSettings settings, WorkProgress progress, CancellationToken cancel)
    {
        var key = id.ToString("D");
        if (await database.Lists.AsNoTracking().SingleOrDefaultAsync(list => list.Id == key, cancel) is not { } list) return ErrorCatalogue.NotFound.Problem();
        if (list.FlowKind == Flow.Messenger) return Results.LocalRedirect($"{OrderLetters.Path}/{id}");
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

    // GET /v1/lists: newest first; a page goes on after the list that its cursor names.
    public static async Task<IResult> TellAsync(LocalDatabase database, WorkProgress progress, CancellationToken cancel, Guid? after = null, int? limit = null)
    {
        if (Paging.Read(limit, out var size) is { } refused) return refused;
        var key = after?.ToString("D");
        var last = key is null ? null : await database.Lists.AsNoTracking().SingleOrDefaultAsync(list => list.Id == key, cancel);
        if (key is not null && last is null) return ErrorCatalogue.BadRequest.Problem(issues: [InputIssue.Shape("query", "after")]);
        var lists = database.Lists.AsNoTracking();
        if (last is not null) lists = lists.Where(list => list.AskedAt < last.AskedAt || (list.AskedAt == last.AskedAt && list.Id.CompareTo(last.Id) < 0));
        var page = await lists.OrderByDescending(list => list.AskedAt).ThenByDescending(list => list.Id).Take(size + 1).ToListAsync(cancel);
        var told = new Dictionary<string, ListTold>();
        foreach (var list in page.Take(size))
        {
            var reasons = await database.ListReasons.AsNoTracking().Where(reason => reason.ListId == list.Id).OrderBy(reason => reason.Id).ToListAsync(cancel);
            var work = await WorkOfAsync(database, list.Id, cancel);
            var codes = reasons.Select(reason => new ReasonTold(reason.Code, reason.Text)).ToList();
            if (codes.Count == 0 && list.Code is { } code) codes.Add(new ReasonTold(code, ""));
            told.Add(list.Id, new ListTold(
                Guid.Parse(list.Id), list.Flow, list.ReferenceMonth.ToString(), list.State, work?.Kind ?? "", new ProgressTold(progress.Of(work).Done, progress.Of(work).Total), list.Offered, list.Delivered, codes));
        }

        return Results.Json(Paging.Of(page, size, list => told[list.Id], list => list.Id));
    }

    // The step under way, else the last one that was begun.
    private static async Task<WorkItem?> WorkOfAsync(LocalDatabase database, string id, CancellationToken cancel)
    {
        var items = await database.Work.AsNoTracking().Where(item => item.Subject == id && Steps.Contains(item.Kind)).OrderBy(item => item.Id).ToListAsync(cancel);
        return items.FirstOrDefault(item => item.State == WorkState.Waiting) ?? items.LastOrDefault();
    }
}

/// <summary>How a list stands.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Flow"><c>match</c>, <c>unknown</c> or <c>messenger</c>.</param>
/// <param name="ReferenceMonth">The month that it is about, <c>yyyy-MM</c>.</param>
/// <param name="State">From <c>asked</c> to <c>received</c>, <c>rejected</c>, <c>refused</c>, <c>failed</c> or <c>expired</c>; a wave of letters to <c>open</c> and then <c>closed</c>.</param>
/// <param name="Step">The step of work under way; empty for none.</param>
/// <param name="Progress">How far that step is.</param>
/// <param name="Known">How many people of its own the organisation brings.</param>
/// <param name="Delivered">How many rows came; absent before.</param>
/// <param name="Reasons">Why it is held, refused or failed.</param>
internal sealed record ListTold(
    Guid Id, string Flow, string ReferenceMonth, string State, string Step, ProgressTold Progress, int Known, int? Delivered, IReadOnlyList<ReasonTold> Reasons);

/// <summary>How far a step is.</summary>
/// <param name="Done">What is done.</param>
/// <param name="Total">What there is; 0 when it is not known.</param>
internal sealed record ProgressTold(long Done, long Total);

/// <summary>A reason as it is told.</summary>
/// <param name="Code">Stable code.</param>
/// <param name="Text">One sentence; may be empty.</param>
internal sealed record ReasonTold(string Code, string Text);
