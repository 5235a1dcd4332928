using Bereik.Domain;
using Bereik.Local.Households;
using Bereik.Local.Pages;
using Bereik.Local.Storage;
using Bereik.Node.Registers;
using Bereik.Node.Requests;
using Bereik.Node.Ui;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Features;

// The worklist: households for outreach, by deadline or by street, fifty a page. A search comes by POST, since a name may not stand in an address.
internal static class Worklist
{
    private const string ByStreet = "straat";

    public static Task<IResult> ShowAsync(HttpContext context, ReceivedRows rows, ProtocolRegister register, LocalDatabase database, LocalSettings settings, CancellationToken cancel) =>
        AnswerAsync(Order(context.Request.Query["volgorde"]), Page(context.Request.Query["pagina"]), "", rows, register, database, settings, Logged.By(context.GetActor(), "list.open"), cancel);

    public static async Task<IResult> SearchAsync(HttpContext context, ReceivedRows rows, ProtocolRegister register, LocalDatabase database, LocalSettings settings, CancellationToken cancel)
    {
        var form = await context.Request.ReadFormAsync(cancel);
        return await AnswerAsync(Order(form["volgorde"]), Page(form["pagina"]), form["zoek"].ToString(), rows, register, database, settings, Logged.By(context.GetActor(), "list.open"), cancel);
    }

    public static Task<IResult> PrintAsync(HttpContext context, ReceivedRows rows, ProtocolRegister register, CancellationToken cancel) =>
        PrintAsync(Order(context.Request.Query["volgorde"]), "", rows, register, Logged.By(context.GetActor(), "list.print"), cancel);

    public static async Task<IResult> PrintFoundAsync(HttpContext context, ReceivedRows rows, ProtocolRegister register, CancellationToken cancel)
    {
        var form = await context.Request.ReadFormAsync(cancel);
        return await PrintAsync(Order(form["volgorde"]), form["zoek"].ToString(), rows, register, Logged.By(context.GetActor(), "list.print"), cancel);
    }

    private static async Task<IResult> PrintAsync(string order, string search, ReceivedRows rows, ProtocolRegister register, Logged logged, CancellationToken cancel)
    {
        if (await RefuseAsync(rows, logged, cancel) is { } refusal) return refusal;
        var all = await rows.RowsAsync(KnownHousehold.Found(await rows.OpenHouseholdsAsync(UseAct.Open, order == ByStreet, logged, cancel), search), cancel);
        var texts = await register.ViewAsync(cancel);

        // On paper there is nothing to follow.
        var roots = new LoggedRoots(new Dictionary<string, long>(), null);
        return UiSetup.Page<WorklistPrintPage>(new { Rows = (IReadOnlyList<HouseholdView>)[.. all.Select(one => View(one.Row, one.Known, texts, roots))] });
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

    private static HouseholdView View(Household row, KnownHousehold known, RegisterView texts, LoggedRoots roots)
    {
        var record = known.Kept.Record;
        var box = record.Box is null ? "" : $" {(WhyRow.IsEnglish ? "box" : "bus")} {record.Box}";
        return new HouseholdView(
            Guid.Parse(row.Id), known.Names, $"{record.Street} {record.HouseNumber}{box}".Trim(), $"{record.Postcode} {record.Place}".Trim(),
            row.ReceivedOn, row.InformBy, row.DeleteBy, row.AssignedTo, WhyRow.Of(row, texts, roots, known.Names));
    }

    private static async Task<IResult> AnswerAsync(
        string order, int page, string search, ReceivedRows rows, ProtocolRegister register, LocalDatabase database, LocalSettings settings, Logged logged, CancellationToken cancel)
    {
        if (await RefuseAsync(rows, logged, cancel) is { } refusal) return refusal;
        var all = await rows.OpenHouseholdsAsync(UseAct.Open, order == ByStreet, logged, cancel);
        var inAll = all.Count;
        all = KnownHousehold.Found(all, search);
        var found = all.Count;
        page = Math.Clamp(page, 1, Math.Max(1, (found + Pagination.PageSize - 1) / Pagination.PageSize));
        var shown = await rows.RowsAsync([.. all.Skip((page - 1) * Pagination.PageSize).Take(Pagination.PageSize)], cancel);
        var texts = await register.ViewAsync(cancel);
        var roots = await WhyRow.RootsAsync(shown.Select(one => one.Row), database, settings, cancel);
        var last = await database.Lists.AsNoTracking().OrderByDescending(list => list.AskedAt).FirstOrDefaultAsync(cancel);
        var hasOthers = (await rows.OtherListsAsync(logged.Who, cancel)).Count > 0;
        return UiSetup.Page<WorklistPage>(new
        {
            Model = new WorklistView([.. shown.Select(one => View(one.Row, one.Known, texts, roots))], order, page, found, search, Why(last, inAll, hasOthers), last is null ? null : Guid.Parse(last.Id), hasOthers),
        });
    }

    // A gemeente's node has no worklist: its protocol gives no outreach, and the refusal names the clause.
    private static async Task<IResult?> RefuseAsync(ReceivedRows rows, Logged logged, CancellationToken cancel)
    {
        var decision = await rows.DecideAsync(UseAct.Open, Purpose.Outreach, logged, cancel);
        return decision.Outcome == Outcome.Permit ? null : Refusals.Page(decision);
    }

    private static string Order(string? text) => text == ByStreet ? ByStreet : "termijn";

    private static int Page(string? text) => int.TryParse(text, out var page) ? page : 1;
}
