using Bereik.Domain;
using Bereik.Local.Pages;
using Bereik.Local.Storage;
using Bereik.Node.Registers;
using Bereik.Node.Requests;
using Bereik.Node.Ui;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Features;

// The grant page: the only page that shows residents of a match list, and the only one that shows a number in full.
internal static class Grants
{
    public static async Task<IResult> ShowAsync(HttpContext context, ReceivedRows rows, ProtocolRegister register, LocalDatabase database, LocalSettings settings, CancellationToken cancel)
    {
        var logged = Logged.By(context.GetActor(), "list.grant");
        var decision = await rows.DecideAsync(UseAct.Grant, Purpose.AutomaticGrant, logged, cancel);
        if (decision.Outcome != Outcome.Permit) return Refusals.Page(decision);
        var all = await rows.GrantsAsync(UseAct.Grant, logged, cancel);
        var found = await all.CountAsync(cancel);
        var page = Math.Clamp(int.TryParse(context.Request.Query["pagina"], out var asked) ? asked : 1, 1, Math.Max(1, (found + Pagination.PageSize - 1) / Pagination.PageSize));
        var shown = await all.OrderBy(row => row.InformBy).ThenBy(row => row.Id).Skip((page - 1) * Pagination.PageSize).Take(Pagination.PageSize).ToListAsync(cancel);
        var numbers = shown.Select(row => row.Insz).ToList();
        var people = await database.Residents.AsNoTracking()
            .Where(person => numbers.Contains(person.Insz) && database.Files.Any(file => file.Id == person.FileId && file.State == "current")).ToListAsync(cancel);
        var names = people.GroupBy(person => person.Insz).ToDictionary(group => group.Key, group => Name(group.First()));
        var texts = await register.ViewAsync(cancel);
        var roots = await WhyRow.RootsAsync(shown, database, settings, cancel);
        var last = await database.Lists.AsNoTracking().OrderByDescending(list => list.AskedAt).FirstOrDefaultAsync(cancel);
        var hasOthers = (await rows.OtherListsAsync(logged.Who, cancel)).Count > 0;
        return UiSetup.Page<GrantsPage>(new
        {
            Model = new GrantsView(
                [.. shown.Select(row => new GrantView(names.GetValueOrDefault(row.Insz), row.Insz, row.ReferenceMonth.ToString(), row.InformBy, row.DeleteBy, WhyRow.Of(row, texts, roots)))],
                page, found, Worklist.Why(last, found, hasOthers), last is null ? null : Guid.Parse(last.Id), hasOthers),
        });
    }

    private static string? Name(Resident person) => $"{person.GivenName} {person.FamilyName}".Trim() is { Length: > 0 } name ? name : null;
}
