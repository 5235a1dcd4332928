using Bereik.Domain;
using Bereik.Local.Households;
using Bereik.Local.Letters;
using Bereik.Local.Pages;
using Bereik.Local.Storage;
using Bereik.Node.Registers;
using Bereik.Node.Requests;
using Bereik.Node.Ui;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Features;

// The worklist: households for outreach, by what is first to be done or by street, fifty a page. A search comes by POST, since a name may not stand in an address.
internal static class Worklist
{
    private const string ByStreet = "straat";

    // Days before the last day to inform a household from which it stands among what is to be done.
    private const int InformWithin = 7;

    /// <summary>The words of the filter: all, what is to be done today, the worker's own, nobody's, and who was not informed yet.</summary>
    public static readonly IReadOnlyList<string> Filters = ["alles", "vandaag", "mijn", "niemand", "bericht"];

    public static Task<IResult> ShowAsync(HttpContext context, ReceivedRows rows, ProtocolRegister register, LocalDatabase database, LocalSettings settings, TimeProvider clock, CancellationToken cancel)
    {
        var query = context.Request.Query;
        return AnswerAsync(new Asked(Order(query["volgorde"]), Filter(query["toon"]), Page(query["pagina"]), ""), rows, register, database, settings, clock, Logged.By(context.GetActor(), "list.open"), cancel);
    }

    public static async Task<IResult> SearchAsync(HttpContext context, ReceivedRows rows, ProtocolRegister register, LocalDatabase database, LocalSettings settings, TimeProvider clock, CancellationToken cancel)
    {
        var form = await context.Request.ReadFormAsync(cancel);
        return await AnswerAsync(new Asked(Order(form["volgorde"]), Filter(form["toon"]), Page(form["pagina"]), form["zoek"].ToString()), rows, register, database, settings, clock, Logged.By(context.GetActor(), "list.open"), cancel);
    }

    public static Task<IResult> PrintAsync(HttpContext context, ReceivedRows rows, ProtocolRegister register, LocalDatabase database, TimeProvider clock, CancellationToken cancel)
    {
        var query = context.Request.Query;
        return PrintAsync(new Asked(Order(query["volgorde"]), Filter(query["toon"]), 1, ""), rows, register, database, clock, Logged.By(context.GetActor(), "list.print"), cancel);
    }

    public static async Task<IResult> PrintFoundAsync(HttpContext context, ReceivedRows rows, ProtocolRegister register, LocalDatabase database, TimeProvider clock, CancellationToken cancel)
    {
        var form = await context.Request.ReadFormAsync(cancel);
        return await PrintAsync(new Asked(Order(form["volgorde"]), Filter(form["toon"]), 1, form["zoek"].ToString()), rows, register, database, clock, Logged.By(context.GetActor(), "list.print"), cancel);
    }

    /// <summary>Where a worker goes back to after taking a household: the page on which it was taken.</summary>
    public static string BackOf(Guid id, IQueryCollection query) => query["van"].ToString() switch
    {
        "gezin" => $"{OneHousehold.Path}/{id}",
        "vandaag" => Today.Path,
        _ => $"{OneHousehold.Path}?volgorde={Order(query["volgorde"])}&toon={Filter(query["toon"])}",
    };

    /// <summary>What a worker has to do: a contact on a day that has come, or somebody to inform soon.</summary>
    public static IQueryable<Household> ToDo(IQueryable<Household> rows, DateOnly today)
    {
        var (soon, help) = (today.AddDays(InformWithin), Purpose.RequestedHelp.WireName());

        // Whoever said yes to a letter waits for the first contact from the day on which it came.
        return rows.Where(row => row.NextOn <= today || (row.InformedOn == null && (row.InformBy <= soon || (row.Purpose == help && row.NextOn == null))));
    }

    /// <summary>Rows as a page shows them; what they are asked with is decided before.</summary>
    public static async Task<IReadOnlyList<HouseholdView>> ViewsAsync(IReadOnlyList<(Household Row, KnownHousehold Known)> shown, RegisterView texts, LoggedRoots roots, LocalDatabase database, CancellationToken cancel)
    {
        var ids = shown.Where(one => one.Row is { ContactedOn: null, InformedOn: null }).Select(one => one.Row.Id).ToList();
        var attempts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var chunk in ids.Chunk(500))
        {
            foreach (var one in await database.HouseholdAttempts.Where(attempt => chunk.Contains(attempt.HouseholdId)).GroupBy(attempt => attempt.HouseholdId).Select(group => new { group.Key, Count = group.Count() }).ToListAsync(cancel)) attempts[one.Key] = one.Count;
        }

        var answers = await LetterAnswers.FindAsync(database, shown.Select(one => one.Row), cancel);
        return
        [
            .. shown.Select(one => HouseholdView.Of(one.Row, one.Known.Kept, attempts.GetValueOrDefault(one.Row.Id), WhyRow.Of(one.Row, texts, roots, one.Known.Names)) with
            {
                Answer = answers.TryGetValue(one.Row.Id, out var answer) ? AnswerView.Of(answer, one.Known.Kept.Choices) : null,
            }),
        ];
    }

    private static async Task<IResult> PrintAsync(Asked asked, ReceivedRows rows, ProtocolRegister register, LocalDatabase database, TimeProvider clock, Logged logged, CancellationToken cancel)
    {
        if (await RefuseAsync(rows, logged, cancel) is { } refusal) return refusal;
        var all = await rows.RowsAsync(KnownHousehold.Found(await OpenAsync(asked, rows, clock.Today(), logged, cancel), asked.Search), cancel);

        // On paper there is nothing to follow.
        var roots = new LoggedRoots(new Dictionary<string, long>(), null);
        return UiSetup.Page<WorklistPrintPage>(new { Rows = await ViewsAsync(all, await register.ViewAsync(cancel), roots, database, cancel) });
    }

    // Why a list is empty is decided by what happened, never by the rows alone.
    internal static WhyEmpty Why(OrderedList? last, int inAll, bool hasOthers) => (last, inAll) switch
    {
        (_, > 0) => WhyEmpty.NoMatch,
        _ when hasOthers => WhyEmpty.OtherTeam,
        (null, _) => WhyEmpty.NothingOrdered,
        ({ State: "received", ErasedAt: not null }, _) => WhyEmpty.Erased,
        ({ State: "received" }, _) => WhyEmpty.NothingFound,
        ({ State: "refused" or "rejected" or "failed" or "expired" }, _) => WhyEmpty.Ended,
        _ => WhyEmpty.Waiting,
    };

    private static async Task<IResult> AnswerAsync(
        Asked asked, ReceivedRows rows, ProtocolRegister register, LocalDatabase database, LocalSettings settings, TimeProvider clock, Logged logged, CancellationToken cancel)
    {
        if (await RefuseAsync(rows, logged, cancel) is { } refusal) return refusal;
        var all = await OpenAsync(asked, rows, clock.Today(), logged, cancel);

        // An empty filter is not an empty list.
        var inAll = all.Count > 0 || asked.Filter == Filters[0] ? all.Count : await (await rows.HouseholdsAsync(UseAct.Open, logged with { IsCount = true }, cancel)).CountAsync(cancel);
        all = KnownHousehold.Found(all, asked.Search);
        var found = all.Count;
        var page = Math.Clamp(asked.Page, 1, Math.Max(1, (found + Pagination.PageSize - 1) / Pagination.PageSize));
        var shown = await rows.RowsAsync([.. all.Skip((page - 1) * Pagination.PageSize).Take(Pagination.PageSize)], cancel);
        var texts = await register.ViewAsync(cancel);
        var roots = await WhyRow.RootsAsync(shown.Select(one => one.Row), database, settings, cancel);
        var last = await database.Lists.AsNoTracking().Where(list => list.Flow != OrderedList.Letters).OrderByDescending(list => list.AskedAt).FirstOrDefaultAsync(cancel);
        var hasOthers = (await rows.OtherListsAsync(logged.Who, cancel)).Count > 0;
        return UiSetup.Page<WorklistPage>(new
        {
            Model = new WorklistView(
                await ViewsAsync(shown, texts, roots, database, cancel), asked.Order, asked.Filter, page, found, asked.Search, Why(last, inAll, hasOthers), last is null ? null : Guid.Parse(last.Id), hasOthers),
        });
    }

    private static Task<IReadOnlyList<KnownHousehold>> OpenAsync(Asked asked, ReceivedRows rows, DateOnly today, Logged logged, CancellationToken cancel)
    {
        var subject = logged.Who.Subject;
        return rows.OpenHouseholdsAsync(UseAct.Open, asked.Order == ByStreet, logged, cancel, asked.Filter switch
        {
            "vandaag" => open => ToDo(open, today),
            "mijn" => open => open.Where(row => row.AssignedTo == subject),
            "niemand" => open => open.Where(row => row.AssignedName == null),
            "bericht" => open => open.Where(row => row.InformedOn == null),
            _ => null,
        });
    }

    // A gemeente's node has no worklist: its protocol gives no outreach, and the refusal names the clause.
    private static async Task<IResult?> RefuseAsync(ReceivedRows rows, Logged logged, CancellationToken cancel)
    {
        var decision = await rows.DecideHouseholdsAsync(logged, cancel);
        return decision.Outcome == Outcome.Permit ? null : Refusals.Page(decision);
    }

    private static string Order(string? text) => text == ByStreet ? ByStreet : "termijn";

    private static string Filter(string? text) => text is not null && Filters.Contains(text) ? text : Filters[0];

    private static int Page(string? text) => int.TryParse(text, out var page) ? page : 1;

    // What is asked for. SECURITY: the search may be a name.
    private sealed record Asked(string Order, string Filter, int Page, string Search)
    {
        public override string ToString() => "worklist";
    }
}
