using Bereik.Node.Access;
using Bereik.Node.Requests;
using Bereik.Node.Ui;
using Bereik.Source.Requests;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Source.Pages;

// Whose node it is and where one can go, with how many orders wait for the steward.
internal static class Frame
{
    public static async ValueTask<PageFrame> ReadAsync(HttpContext context, CancellationToken cancel)
    {
        var services = context.RequestServices;
        var texts = services.GetRequiredService<Texts>();
        var waiting = await services.GetRequiredService<SourceDatabase>().Requests.CountAsync(request => request.State == RequestState.Ready, cancel);
        var actor = context.GetActor();
        return new PageFrame
        {
            Organisation = services.GetRequiredService<SourceSettings>().Name,
            Person = (actor as Actor.Person)?.Who.Name,
            Role = actor.Roles(texts),
            Navigation =
            [
                new NavigationItem(texts["Nav.Overview"], "/"),
                new NavigationItem(texts["Nav.Requests"], "/aanvragen", waiting > 0 ? waiting : null, Right: Rights.SeeRequests),
                .. services.GetRequiredService<SourceSettings>().Letters is null ? [] : new[] { new NavigationItem(texts["Objections.Title"], "/bezwaren", Right: Rights.DecideObjections) },
                new NavigationItem(texts["Protocols.Title"], "/protocollen", Right: Rights.SeeProtocols),
                new NavigationItem(texts["Accessions.Title"], "/toetredingen", Right: Rights.SeeProtocols),
                new NavigationItem(texts["Nav.Register"], "/register", Right: Rights.ManageRegister),
                new NavigationItem(texts["Decisions.Title"], "/beslissingen", Right: Rights.SeeDecisions),
            ],
        };
    }
}
