using Bereik.Domain;
using Bereik.Local.Households;
using Bereik.Local.Letters;
using Bereik.Local.Referrals;
using Bereik.Local.Storage;
using Bereik.Local.Workers;
using Bereik.Node.Access;
using Bereik.Node.Requests;
using Bereik.Node.Ui;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Features;

// Whose node it is and where one can go: only to the pages of this organisation's own flow, and to none of lists where it orders none.
internal static class Frame
{
    public static async ValueTask<PageFrame> FillAsync(HttpContext context, CancellationToken cancel)
    {
        var services = context.RequestServices;
        var (settings, texts, database) = (services.GetRequiredService<LocalSettings>(), services.GetRequiredService<Texts>(), services.GetRequiredService<LocalDatabase>());
        var actor = context.GetActor();
        var proposed = services.GetRequiredService<TimeProvider>().GetUtcNow() - AttestationRegister.LongestProposal;
        var proposals = await database.Attestations.CountAsync(one => one.ConfirmedAt == null && one.EndedAt == null && one.ProposedAt >= proposed, cancel);
        return new PageFrame
        {
            Organisation = settings.Name,
            Person = (actor as Actor.Person)?.Who.Name,
            Role = actor.Roles(texts),
            Navigation =
            [
                new NavigationItem(texts["Nav.Overview"], "/"),
                .. settings.HasReferrals ? [new NavigationItem(texts["Nav.Today"], Today.Path, Right: Rights.OpenReferrals)] : Array.Empty<NavigationItem>(),
                .. settings.ListFlow is { } flow ? await ListsAsync(flow, services, actor, database, texts, cancel) : [],
                .. settings.HasReferrals ? await ReferralsAsync(services, actor, database, texts, cancel) : [],
                new NavigationItem(texts["Nav.Accession"], "/toetreding", Right: Rights.SeeAccessions),
                new NavigationItem(texts["Nav.Workers"], "/attesten", proposals > 0 ? proposals : null, Rights.SeeWorkers),
                .. settings.ListFlow is null ? [] : await WiderAsync(database, texts, cancel),
                new NavigationItem(texts["Nav.Erasures"], ShowErasures.Path, Right: Rights.SeeErasures),
                new NavigationItem(texts["Decisions.Title"], "/beslissingen", Right: Rights.SeeDecisions),
            ],
        };
    }

    // What came in for the own team and nobody has ended.
    private static async Task<IReadOnlyList<NavigationItem>> ReferralsAsync(IServiceProvider services, Actor actor, LocalDatabase database, Texts texts, CancellationToken cancel)
    {
        var team = actor is Actor.Person person ? await services.GetRequiredService<Attestations>().TeamAsync(person.Who.Subject, cancel) : null;
        var open = team is null ? 0 : await database.Referrals.CountAsync(one => one.Direction == Referral.In && one.Team == team && one.ErasedAt == null, cancel);
        return [new NavigationItem(texts["Nav.Inbox"], ReceivedReferrals.Path, open > 0 ? open : null, Rights.OpenReferrals), new NavigationItem(texts["Nav.Refer"], MakeReferral.Path, Right: Rights.Refer)];
    }

    private static async Task<IReadOnlyList<NavigationItem>> ListsAsync(Flow flow, IServiceProvider services, Actor actor, LocalDatabase database, Texts texts, CancellationToken cancel)
    {
        var rows = services.GetRequiredService<ReceivedRows>();
        var open = await database.Lists.CountAsync(list => !ListStates.Ended.Contains(list.State) && list.Flow != OrderedList.Letters, cancel);
        return
        [
            flow == Flow.Unknown
                ? new NavigationItem(texts["Nav.Worklist"], "/werklijst", await CountAsync(actor, rows.HouseholdsAsync, cancel), Rights.OpenHouseholds)
                : new NavigationItem(texts["Nav.Grants"], "/toekenning", await CountAsync(actor, rows.GrantsAsync, cancel), Rights.OpenGrants),
            new NavigationItem(texts["Nav.Lists"], "/lijsten", open > 0 ? open : null, Right: Rights.FollowLists),
            .. services.GetRequiredService<LocalSettings>().HasLetters ? await LettersAsync(database, texts, cancel) : [],
            new NavigationItem(texts["Nav.Files"], "/gegevens", Right: Rights.ManageFiles),
        ];
    }

    private static async Task<IReadOnlyList<NavigationItem>> LettersAsync(LocalDatabase database, Texts texts, CancellationToken cancel)
    {
        var posted = await database.Lists.CountAsync(list => list.Flow == OrderedList.Letters && list.State == ListStates.Open, cancel);
        return
        [
            new NavigationItem(texts["Nav.Letters"], OrderLetters.Path, posted > 0 ? posted : null, Rights.FollowLists),
            new NavigationItem(texts["Nav.Counter"], Counter.Path, Right: Rights.AssistAnswers),
            new NavigationItem(texts["Nav.Denials"], ShowDenials.Path, Right: Rights.SeeDenials),
        ];
    }

    private static async Task<IReadOnlyList<NavigationItem>> WiderAsync(LocalDatabase database, Texts texts, CancellationToken cancel)
    {
        var unreviewed = await database.WiderAccesses.CountAsync(access => access.ReviewedAt == null, cancel);
        return [new NavigationItem(texts["Nav.WiderAccess"], "/ruimere-inzage", unreviewed > 0 ? unreviewed : null, Rights.ReviewAccess)];
    }

    // What this person may open; nobody is told how much there is for others.
    private static async Task<int?> CountAsync<TRow>(Actor actor, Func<UseAct, Logged, CancellationToken, Task<IQueryable<TRow>>> rows, CancellationToken cancel) =>
        actor is Actor.Person person ? await (await rows(UseAct.Open, new Logged("list.count", person.Who, IsCount: true), cancel)).CountAsync(cancel) : null;
}
