using Bereik.Domain;
using Bereik.Local.Referrals;
using Bereik.Local.Storage;
using Bereik.Local.Workers;
using Bereik.Node.Access;
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
        var (rows, clock) = (services.GetRequiredService<ReceivedRows>(), services.GetRequiredService<TimeProvider>());
        var open = await database.Lists.CountAsync(list => !ListStates.Ended.Contains(list.State), cancel);
        var actor = context.GetActor();
        var work = settings.Flow == Flow.Unknown
            ? new NavigationItem(texts["Nav.Worklist"], "/werklijst", await CountAsync(actor, rows.HouseholdsAsync, cancel), Rights.OpenHouseholds)
            : new NavigationItem(texts["Nav.Grants"], "/toekenning", await CountAsync(actor, rows.GrantsAsync, cancel), Rights.OpenGrants);
        var proposed = clock.GetUtcNow() - AttestationRegister.LongestProposal;
        var proposals = await database.Attestations.CountAsync(one => one.ConfirmedAt == null && one.EndedAt == null && one.ProposedAt >= proposed, cancel);
        var unreviewed = await database.WiderAccesses.CountAsync(access => access.ReviewedAt == null, cancel);
        return new PageFrame
        {
            Organisation = settings.Name,
            Person = (actor as Actor.Person)?.Who.Name,
            Role = actor.Roles(texts),
            Navigation =
            [
                new NavigationItem(texts["Nav.Overview"], "/"),
                work,
                new NavigationItem(texts["Nav.Inbox"], ReceivedReferrals.Path, actor is Actor.Person person ? await CountAsync(person, services, database, cancel) : null, Rights.OpenReferrals),
                new NavigationItem(texts["Nav.Refer"], MakeReferral.Path, Right: Rights.Refer),
                new NavigationItem(texts["Nav.Lists"], "/lijsten", open > 0 ? open : null, Right: Rights.FollowLists),
                new NavigationItem(texts["Nav.Files"], "/gegevens", Right: Rights.ManageFiles),
                new NavigationItem(texts["Nav.Accession"], "/toetreding", Right: Rights.SeeAccessions),
                new NavigationItem(texts["Nav.Workers"], "/attesten", proposals > 0 ? proposals : null, Rights.SeeWorkers),
                new NavigationItem(texts["Nav.WiderAccess"], "/ruimere-inzage", unreviewed > 0 ? unreviewed : null, Rights.ReviewAccess),
                new NavigationItem(texts["Decisions.Title"], "/beslissingen", Right: Rights.SeeDecisions),
            ],
        };
    }

    // What came in for the own team and nobody has ended.
    private static async Task<int?> CountAsync(Actor.Person person, IServiceProvider services, LocalDatabase database, CancellationToken cancel)
    {
        var team = await services.GetRequiredService<Attestations>().TeamAsync(person.Who.Subject, cancel);
        var open = await database.Referrals.CountAsync(one => one.Direction == Referral.In && one.Team == team && one.ErasedAt == null, cancel);
        return open > 0 ? open : null;
    }

    // What this person may open; nobody is told how much there is for others.
    private static async Task<int?> CountAsync<TRow>(Actor actor, Func<UseAct, Logged, CancellationToken, Task<IQueryable<TRow>>> rows, CancellationToken cancel) =>
        actor is Actor.Person person ? await (await rows(UseAct.Open, new Logged("list.count", person.Who, IsCount: true), cancel)).CountAsync(cancel) : null;
}
