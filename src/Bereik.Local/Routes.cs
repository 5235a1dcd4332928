using Bereik.Exchange.Register;
using Bereik.Local.Features;
using Bereik.Local.Households;
using Bereik.Local.Letters;
using Bereik.Local.Pages;
using Bereik.Local.Referrals;
using Bereik.Local.Workers;
using Bereik.Node.Access;
using Bereik.Node.Api;
using Bereik.Node.Decisions;
using Bereik.Node.Events;
using Bereik.Node.Machines;
using Bereik.Node.Requests;
using Bereik.Node.Ui;

namespace Bereik.Local;

internal static class Routes
{
    public static void Map(WebApplication app)
    {
        app.MapBereikUi();
        app.MapDecisions();
        app.MapEvents();

        // What belongs to lists is not there for an organisation that orders none.
        if (app.Services.GetRequiredService<LocalSettings>().ListFlow is null) app.MapGet("/", Overview.ShowWithoutListsAsync).ForPeople(Rights.Overview);
        else MapLists(app);

        app.MapGet("/attesten", ShowWorkers.ListAsync).ForPeople(Rights.SeeWorkers);
        app.MapGet("/attesten/{key}", AttestWorkers.ShowAsync).ForPeople(Rights.SeeWorkers);
        app.MapPost("/attesten/{key}/voorstellen", AttestWorkers.ProposeAsync).ForPeople(Rights.AttestWorkers);
        app.MapGet("/attesten/{key}/bevestigen", AttestWorkers.AskConfirmAsync).ForPeople(Rights.ConfirmWorkers);
        app.MapPost("/attesten/{key}/bevestigen", AttestWorkers.ConfirmAsync).ForPeople(Rights.ConfirmWorkers);
        app.MapGet("/attesten/{key}/code", AttestWorkers.AskCodeAsync).ForPeople(Rights.ConfirmWorkers);
        app.MapPost("/attesten/{key}/code", AttestWorkers.MakeCodeAsync).ForPeople(Rights.ConfirmWorkers);
        app.MapPost("/attesten/{key}/schorsen", AttestWorkers.SuspendAsync).ForPeople(Rights.AttestWorkers);
        app.MapGet("/toetreding", ShowAccessions.ListAsync).ForPeople(Rights.SeeAccessions);
        app.MapGet("/toetreding/{id}", ShowAccessions.ShowAsync).ForPeople(Rights.SeeAccessions);
        foreach (var step in new[] { AccessionStep.Decision, AccessionStep.Measures, AccessionStep.Service })
        {
            app.MapGet(AccessionPaths.Of("{id}", step), AccessionSteps.Show(step)).ForPeople(Rights.SeeAccessions);
            var kept = app.MapPost(AccessionPaths.Of("{id}", step), AccessionSteps.Keep(step)).ForPeople(Rights.ManageAccessions);

            // An arrangement between partners can come as a file, of which only the digest is kept.
            if (step == AccessionStep.Service) kept.WithBodyOf(16L << 20);
        }

        app.MapGet(AccessionPaths.Of("{id}", AccessionStep.Sign), SignAccession.ShowAsync).ForPeople(Rights.SeeAccessions);
        app.MapPost(AccessionPaths.Of("{id}", AccessionStep.Sign), SignAccession.SignAsync).ForPeople(Rights.ManageAccessions);
        app.MapPost("/toetreding/{id}/schorsen", StopAccession.Handle(StopKind.Suspend)).ForPeople(Rights.ManageAccessions);
        app.MapPost("/toetreding/{id}/opheffen", StopAccession.Handle(StopKind.Resume)).ForPeople(Rights.ManageAccessions);
        app.MapPost("/toetreding/{id}/beeindigen", StopAccession.Handle(StopKind.End)).ForPeople(Rights.ManageAccessions);

        app.MapGet(ShowErasures.Path, ShowErasures.ShowAsync).ForPeople(Rights.SeeErasures);
        app.MapGet($"{ShowErasures.Path}/{{id:guid}}/attest", ShowErasures.AttestAsync).ForPeople(Rights.SeeErasures);
        if (app.Services.GetRequiredService<LocalSettings>().HasReferrals) app.MapReferrals();
        if (app.Services.GetRequiredService<LocalSettings>().HasLetters) app.MapLetters();
        app.MapTokenServer();
        app.MapGet("/v1/accessions", ShowAccessions.TellAsync).ForPeople(Rights.SeeAccessions).As(ShowAccessions.Api);
        app.MapGet("/v1/attestations", ShowWorkers.TellAsync).ForPeople(Rights.SeeWorkers).As(ShowWorkers.Api);
    }

    private static void MapLists(WebApplication app)
    {
        app.MapGet("/", Overview.ShowAsync).ForPeople(Rights.Overview);
        app.MapGet("/lijsten", OrderList.ShowAsync).ForPeople(Rights.FollowLists);
        app.MapPost("/lijsten", OrderList.PlaceAsync).ForPeople(Rights.OrderLists);
        app.MapGet("/lijsten/{id:guid}", FollowList.ShowAsync).ForPeople(Rights.FollowLists);
        app.MapGet("/werklijst", Worklist.ShowAsync).ForPeople(Rights.OpenHouseholds);
        app.MapPost("/werklijst", Worklist.SearchAsync).ForPeople(Rights.OpenHouseholds);
        app.MapGet("/werklijst/print", Worklist.PrintAsync).ForPeople(Rights.PrintHouseholds);
        app.MapPost("/werklijst/print", Worklist.PrintFoundAsync).ForPeople(Rights.PrintHouseholds);
        const string one = $"{OneHousehold.Path}/{{id:guid}}";
        app.MapGet(one, (Guid id, OneHousehold household, Actor actor, CancellationToken cancel) => household.ShowAsync(id, actor, cancel)).ForPeople(Rights.OpenHouseholds);
        app.MapPost($"{one}/toewijzen", (Guid id, OneHousehold household, Actor actor, HttpContext context, CancellationToken cancel) => household.TakeAsync(id, actor, Worklist.BackOf(id, context.Request.Query), cancel)).ForPeople(Rights.OpenHouseholds);
        app.MapPost($"{one}/geven", async (Guid id, OneHousehold household, Actor actor, HttpContext context, CancellationToken cancel) => await household.GiveAsync(id, actor, await context.Request.ReadFormAsync(cancel), cancel)).ForPeople(Rights.LeadHouseholds);
        app.MapPost($"{one}/contact", async (Guid id, OneHousehold household, Actor actor, HttpContext context, CancellationToken cancel) => await household.ContactAsync(id, actor, await context.Request.ReadFormAsync(cancel), cancel)).ForPeople(Rights.OpenHouseholds);
        app.MapPost($"{one}/uitkomst", async (Guid id, OneHousehold household, Actor actor, HttpContext context, CancellationToken cancel) => await household.EndAsync(id, actor, await context.Request.ReadFormAsync(cancel), cancel)).ForPeople(Rights.OpenHouseholds);
        app.MapGet($"{one}/dossier", (Guid id, OneHousehold household, Actor actor, CancellationToken cancel) => household.FileAsync(id, actor, cancel)).ForPeople(Rights.TakeOverHouseholds);
        app.MapGet($"{one}/dossier.json", (Guid id, OneHousehold household, Actor actor, CancellationToken cancel) => household.DownloadAsync(id, actor, cancel)).ForPeople(Rights.TakeOverHouseholds);
        app.MapPost($"{one}/bevestigd", async (Guid id, CheckAnswer check, Actor actor, HttpContext context, CancellationToken cancel) => await check.ConfirmAsync(id, actor, await context.Request.ReadFormAsync(cancel), cancel)).ForPeople(Rights.OpenHouseholds);
        app.MapPost($"{one}/niet-van-deze-persoon", (Guid id, CheckAnswer check, Actor actor, CancellationToken cancel) => check.DenyAsync(id, actor, cancel)).ForPeople(Rights.OpenHouseholds);
        app.MapGet("/toekenning", Grants.ShowAsync).ForPeople(Rights.OpenGrants);
        foreach (var path in new[] { WidenAccess.Households, WidenAccess.Grants })
        {
            app.MapGet(path, WidenAccess.Show(path)).ForPeople(Rights.WidenAccess);
            app.MapPost(path, WidenAccess.Widen(path)).ForPeople(Rights.WidenAccess);
        }

        app.MapGet("/ruimere-inzage", ReviewAccess.ShowAsync).ForPeople(Rights.ReviewAccess);
        app.MapPost("/ruimere-inzage/{id:guid}/nagekeken", ReviewAccess.ReviewAsync).ForPeople(Rights.ReviewAccess);
        app.MapGet("/gegevens", OwnFiles.ShowAsync).ForPeople(Rights.ManageFiles);
        app.MapPost("/gegevens", OwnFiles.UploadAsync).ForPeople(Rights.ManageFiles).WithBodyOf(64L << 20);
        app.MapPost("/gegevens/{id:long}/gebruiken", OwnFiles.UseAsync).ForPeople(Rights.ManageFiles);
        app.MapPost("/gegevens/{id:long}/weggooien", OwnFiles.DropAsync).ForPeople(Rights.ManageFiles);

        app.MapGet("/v1/lists", FollowList.TellAsync).ForPeople(Rights.FollowLists, MachineScope.ReadLists).As(FollowList.Api);
        app.MapGet("/v1/lists/{id:guid}/export", ExportList.HandleAsync).ForPeople(Rights.ExportRows).As(ExportList.Api);
        app.MapGet("/v1/rows/{id:guid}/proof", PersonProofs.MakeAsync).ForPeople(Rights.MakeProofs).As(PersonProofs.MadeApi);
        app.MapPost("/v1/proofs/find", PersonProofs.FindAsync).ForPeople(Rights.MakeProofs).As(PersonProofs.FoundApi);
        app.MapGet("/v1/files", OwnFiles.TellAsync).ForPeople(Rights.ManageFiles, MachineScope.ReadLists).As(OwnFiles.Listed);
        app.MapPost("/v1/files", OwnFiles.TakeAsync).ForPeople(Rights.ManageFiles, MachineScope.WriteFiles).As(OwnFiles.Taken);
    }
}
