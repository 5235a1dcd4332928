using Bereik.Domain;
using Bereik.Local.Accessions;
using Bereik.Local.Files;
using Bereik.Local.Orders;
using Bereik.Local.Pages;
using Bereik.Local.Storage;
using Bereik.Node.Requests;
using Bereik.Node.Ui;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Features;

// The first page: what waits, and how many days are left; where there are no lists, how it stands with the accessions.
internal static class Overview
{
    public static async Task<IResult> ShowAsync(Actor actor, LocalDatabase database, LocalSettings settings, ReceivedRows rows, OwnPeople people, OwnProtocols protocols, OwnAccessions accessions, TimeProvider clock, CancellationToken cancel)
    {
        var today = clock.Today();
        var soon = today.AddDays(7);
        var counting = new Logged("list.count", ((Actor.Person)actor).Who, IsCount: true);
        var days = settings.ListFlow == Flow.Unknown
            ? (await rows.HouseholdsAsync(UseAct.Open, counting, cancel)).Select(row => new { InformBy = row.InformedOn == null ? row.InformBy : (DateOnly?)null, row.DeleteBy })
            : (await rows.GrantsAsync(UseAct.Open, counting, cancel)).Select(row => new { InformBy = (DateOnly?)row.InformBy, row.DeleteBy });
        var count = await days.CountAsync(cancel);
        var open = await database.Lists.AsNoTracking().Where(list => !ListStates.Ended.Contains(list.State) && list.Flow != OrderedList.Letters).OrderByDescending(list => list.AskedAt).ToListAsync(cancel);
        var file = await database.Files.AsNoTracking().SingleOrDefaultAsync(one => one.State == "current" && one.Kind == settings.FileKind, cancel);
        var protocol = await protocols.PresentAsync(cancel);
        return UiSetup.Page<OverviewPage>(new
        {
            Model = new OverviewView(
                settings.ListFlow == Flow.Unknown, count,
                count == 0 ? null : await days.MinAsync(row => row.InformBy, cancel), count == 0 ? null : await days.MinAsync(row => row.DeleteBy, cancel),
                await days.CountAsync(row => row.InformBy <= soon, cancel), [.. open.Select(OrderList.View)],
                await people.CountAsync(today, cancel), file?.At, file?.Rejected ?? 0)
            {
                Protocol = protocol.Id,
                Accession = (await accessions.FindAsync(protocol.Id, cancel))?.Standing,
            },
        });
    }

    public static async Task<IResult> ShowWithoutListsAsync(OwnAccessions accessions, LocalSettings settings, CancellationToken cancel) => UiSetup.Page<PlainOverviewPage>(new
    {
        settings.Kind,
        Rows = (IReadOnlyList<AccessionRow>)[.. (await accessions.AllAsync(cancel)).Select(one => ShowAccessions.RowOf(one, settings, hasDraft: false))],
    });
}
