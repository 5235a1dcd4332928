using Bereik.Local.Features;
using Bereik.Node.Access;
using Bereik.Node.Api;
using Bereik.Node.Requests;

namespace Bereik.Local.Referrals;

// Every route of referrals, and who may call it.
internal static class ReferralRoutes
{
    public static void MapReferrals(this WebApplication node)
    {
        var app = node.MapGroup("").AddEndpointFilter(RefuseListRows.FilterAsync);
        app.MapGet(MakeReferral.Path, MakeReferral.ListAsync).ForPeople(Rights.Refer);
        app.MapGet(MakeReferral.New, MakeReferral.ChooseAsync).ForPeople(Rights.Refer);
        app.MapGet(MakeReferral.Form, MakeReferral.FillAsync).ForPeople(Rights.Refer);
        app.MapPost(MakeReferral.Form, MakeReferral.PreviewAsync).ForPeople(Rights.Refer);
        app.MapPost($"{MakeReferral.Form}/versturen", MakeReferral.SendAsync).ForPeople(Rights.Refer).WithBodyOf(ConsentScans.MostBodyBytes);
        app.MapPost($"{MakeReferral.Form}/wijzigen", MakeReferral.ChangeAsync).ForPeople(Rights.Refer);
        app.MapGet($"{MakeReferral.Path}/{{id:guid}}", MakeReferral.ShowAsync).ForPeople(Rights.Refer);
        app.MapPost($"{MakeReferral.Path}/{{id:guid}}/intrekken", MakeReferral.RevokeAsync).ForPeople(Rights.Refer);
        app.MapPost($"{MakeReferral.Path}/{{id:guid}}/bevestigd", MakeReferral.ConfirmAsync).ForPeople(Rights.Refer);
        app.MapGet($"{MakeReferral.Path}/{{id:guid}}/bewijs", (Guid id, ReferralReceipt receipt, Actor actor, CancellationToken cancel) => receipt.ShowAsync(id, actor, cancel)).ForPeople(Rights.Refer);
        app.MapGet($"{MakeReferral.Path}/{{id:guid}}/blad", (Guid id, ConsentScans scans, Actor actor, CancellationToken cancel) => scans.OpenAsync(id, actor, cancel)).ForPeople(Rights.Refer);
        app.MapPost($"{MakeReferral.Path}/{{id:guid}}/blad", (Guid id, ConsentScans scans, Actor actor, HttpContext context, CancellationToken cancel) => scans.KeepAsync(id, actor, context, cancel)).ForPeople(Rights.Refer).WithBodyOf(ConsentScans.MostBodyBytes);

        app.MapGet(Today.Path, Today.ShowAsync).ForPeople(Rights.OpenReferrals);
        app.MapGet(ReceivedReferrals.Path, ReceivedReferrals.ListAsync).ForPeople(Rights.OpenReferrals);
        const string one = $"{ReceivedReferrals.Path}/{{id:guid}}";
        app.MapGet(one, (Guid id, ReceivedReferrals received, Actor actor, CancellationToken cancel) => received.ShowAsync(id, actor, cancel)).ForPeople(Rights.OpenReferrals);
        app.MapPost($"{one}/aanvaarden", (Guid id, ReceivedReferrals received, Actor actor, CancellationToken cancel) => received.AcceptAsync(id, actor, cancel)).ForPeople(Rights.OpenReferrals);
        app.MapPost($"{one}/niet-aanvaarden", async (Guid id, ReceivedReferrals received, Actor actor, HttpContext context, CancellationToken cancel) => await received.DeclineAsync(id, actor, await context.Request.ReadFormAsync(cancel), cancel)).ForPeople(Rights.OpenReferrals);
        app.MapPost($"{one}/contact", async (Guid id, ReceivedReferrals received, Actor actor, HttpContext context, CancellationToken cancel) => await received.AttemptAsync(id, actor, await context.Request.ReadFormAsync(cancel), cancel)).ForPeople(Rights.OpenReferrals);
        app.MapPost($"{one}/afsluiten", async (Guid id, ReceivedReferrals received, Actor actor, HttpContext context, CancellationToken cancel) => await received.CloseAsync(id, actor, await context.Request.ReadFormAsync(cancel), cancel)).ForPeople(Rights.OpenReferrals);
        app.MapPost($"{one}/intrekken", (Guid id, ReceivedReferrals received, Actor actor, CancellationToken cancel) => received.RevokeAsync(id, actor, cancel)).ForPeople(Rights.OpenReferrals);
        app.MapGet($"{one}/dossier", (Guid id, OwnFile file, Actor actor, CancellationToken cancel) => file.ShowAsync(id, actor, cancel)).ForPeople(Rights.TakeOverReferrals);
        app.MapGet($"{one}/dossier.json", (Guid id, OwnFile file, Actor actor, CancellationToken cancel) => file.DownloadAsync(id, actor, cancel)).ForPeople(Rights.TakeOverReferrals);
        app.MapGet(TeamQueue.Path, (TeamQueue queue, Actor actor, CancellationToken cancel) => queue.ShowAsync(actor, cancel)).ForPeople(Rights.LeadReferrals);
        app.MapPost($"{one}/toewijzen", async (Guid id, TeamQueue queue, Actor actor, HttpContext context, CancellationToken cancel) => await queue.AssignAsync(id, actor, await context.Request.ReadFormAsync(cancel), cancel)).ForPeople(Rights.LeadReferrals);
        node.MapGet("/v1/referrals", ReferralCounts.TellAsync).ForPeople(Rights.FollowLists, MachineScope.ReadLists).As(ReferralCounts.Api);
    }
}
