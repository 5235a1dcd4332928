using Bereik.Domain;
using Bereik.Local.Accessions;
using Bereik.Local.Features;
using Bereik.Local.Pages;
using Bereik.Local.Storage;
using Bereik.Node.Logging;
using Bereik.Node.Requests;
using Bereik.Node.Ui;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Workers;

// Looking beyond the own team for one day (nl: ruimere inzage): with a reason, which the data protection officer reads afterwards. What can be chosen is told by team and count.
internal sealed class WidenAccess(ReceivedRows rows, LocalDatabase database, Texts texts)
{
    public const string Households = "/werklijst/ruimer";
    public const string Grants = "/toekenning/ruimer";
    private const string Act = "access.widen";
    private const int ShortestReason = 3;

    public static Func<WidenAccess, Actor, CancellationToken, Task<IResult>> Show(string path) => (widen, actor, cancel) => widen.ShowAsync(path, Logged.By(actor, Act), cancel);

    public static Func<WidenAccess, Actor, HttpContext, CancellationToken, Task<IResult>> Widen(string path) =>
        async (widen, actor, context, cancel) => await widen.WidenAsync(path, await context.Request.ReadFormAsync(cancel), Logged.By(actor, Act), cancel);

    private async Task<IResult> ShowAsync(string path, Logged logged, CancellationToken cancel)
    {
        var (act, purpose) = UseOf(path);
        var decision = await rows.DecideAsync(act, purpose, logged, cancel);
        return decision.Outcome == Outcome.Permit ? await PageAsync(path, logged, "", "", [], cancel) : Refusals.Page(decision);
    }

    private async Task<IResult> WidenAsync(string path, IFormCollection form, Logged logged, CancellationToken cancel)
    {
        var (act, purpose) = UseOf(path);
        var workplace = await rows.DecideAsync(act, purpose, logged, cancel);
        if (workplace.Outcome != Outcome.Permit) return Refusals.Page(workplace);
        var (id, reason) = (form["lijst"].ToString(), AccessionForm.Clean(form["reden"].ToString()).Replace('\n', ' '));
        var list = (await rows.OtherListsAsync(logged.Who, cancel)).FirstOrDefault(one => one.Id == id);
        var errors = new List<FieldError>();
        if (list is null) errors.Add(new FieldError("lijst", texts["Wider.NoList"]));
        if (reason.Length is < ShortestReason or > WiderAccess.LongestReason) errors.Add(new FieldError("reden", texts["Wider.NoReason"]));
        else if (PersonalNumberFilter.Clean(reason) != reason) errors.Add(new FieldError("reden", texts["Workers.NoNumber"]));
        if (errors.Count > 0) return await PageAsync(path, logged, id, reason, errors, cancel);
        var decision = await rows.WidenAsync(list!, act, purpose, reason, logged, cancel);
        return decision.Outcome == Outcome.Permit ? Results.LocalRedirect(Back(path)) : Refusals.Page(decision);
    }

    private async Task<IResult> PageAsync(string path, Logged logged, string chosen, string reason, List<FieldError> errors, CancellationToken cancel)
    {
        var lists = new List<OtherListView>();
        foreach (var list in await rows.OtherListsAsync(logged.Who, cancel))
        {
            var count = list.FlowKind == Flow.Match
                ? await database.GrantRows.CountAsync(row => row.ListId == list.Id, cancel)
                : await database.Households.CountAsync(row => row.ListId == list.Id, cancel);
            lists.Add(new OtherListView(list.Id, list.Team, list.ReferenceMonth.ToString(), count));
        }

        return UiSetup.Page<WiderAccessPage>(
            new { Path = path, Back = Back(path), Lists = (IReadOnlyList<OtherListView>)lists, Chosen = chosen, Reason = reason, Errors = (IReadOnlyList<FieldError>)errors },
            errors.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
    }

    private static (UseAct Act, Purpose Purpose) UseOf(string path) => path == Grants ? (UseAct.Grant, Purpose.AutomaticGrant) : (UseAct.Open, Purpose.Outreach);

    private static string Back(string path) => path[..path.LastIndexOf('/')];
}
