using Bereik.Domain;
using Bereik.Local.Storage;
using Bereik.Node.Requests;
using Bereik.Node.Ui;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Features;

// Whose node it is and where one can go: only to the pages of this organisation's own flow.
internal static class Frame
{
    public static async ValueTask<PageFrame> FillAsync(HttpContext context, CancellationToken cancel)
    {
        var services = context.RequestServices;
        var (settings, texts, database) = (services.GetRequiredService<LocalSettings>(), services.GetRequiredService<Texts>(), services.GetRequiredService<LocalDatabase>());
        var rows = services.GetRequiredService<ReceivedRows>();
        var open = await database.Lists.CountAsync(list => !ListStates.Ended.Contains(list.State), cancel);
        var work = settings.Flow == Flow.Unknown
            ? new NavigationItem(texts["Nav.Worklist"], "/werklijst", await (await rows.HouseholdsAsync(UseAct.Open, null, cancel)).CountAsync(cancel))
            : new NavigationItem(texts["Nav.Grants"], "/toekenning", await (await rows.GrantsAsync(UseAct.Open, null, cancel)).CountAsync(cancel));
        var person = context.GetActor() as Actor.Person;
        return new PageFrame
        {
            Organisation = settings.Name,
            Person = person?.Name,
            Role = person?.Role,
            Navigation =
            [
                new NavigationItem(texts["Nav.Overview"], "/"),
                work,
                new NavigationItem(texts["Nav.Lists"], "/lijsten", open > 0 ? open : null),
                new NavigationItem(texts["Nav.Files"], "/gegevens"),
                new NavigationItem(texts["Nav.Accession"], "/toetreding"),
                new NavigationItem(texts["Decisions.Title"], "/beslissingen"),
            ],
        };
    }
}
