using Bereik.Exchange.Register;
using Bereik.Local.Features;
using Bereik.Local.Pages;
using Bereik.Node.Decisions;
using Bereik.Node.Requests;
using Bereik.Node.Ui;

namespace Bereik.Local;

internal static class Routes
{
    public static void Map(WebApplication app)
    {
        app.MapBereikUi();
        app.MapDecisions();

        app.MapGet("/", Overview.ShowAsync).ForPeople();
        app.MapGet("/lijsten", OrderList.ShowAsync).ForPeople();
        app.MapPost("/lijsten", OrderList.PlaceAsync).ForPeople();
        app.MapGet("/lijsten/{id:guid}", FollowList.ShowAsync).ForPeople();
        app.MapGet("/werklijst", Worklist.ShowAsync).ForPeople();
        app.MapPost("/werklijst", Worklist.SearchAsync).ForPeople();
        app.MapGet("/werklijst/print", Worklist.PrintAsync).ForPeople();
        app.MapPost("/werklijst/print", Worklist.PrintFoundAsync).ForPeople();
        app.MapPost("/werklijst/{id:guid}/toewijzen", AssignHousehold.HandleAsync).ForPeople();
        app.MapGet("/toekenning", Grants.ShowAsync).ForPeople();
        app.MapGet("/gegevens", OwnFiles.ShowAsync).ForPeople();
        app.MapPost("/gegevens", OwnFiles.UploadAsync).ForPeople();
        app.MapPost("/gegevens/{id:long}/gebruiken", OwnFiles.UseAsync).ForPeople();
        app.MapPost("/gegevens/{id:long}/weggooien", OwnFiles.DropAsync).ForPeople();
        app.MapGet("/toetreding", ShowAccessions.ListAsync).ForPeople();
        app.MapGet("/toetreding/{id}", ShowAccessions.ShowAsync).ForPeople();
        foreach (var step in new[] { AccessionStep.Decision, AccessionStep.Measures, AccessionStep.Service })
        {
            app.MapGet(AccessionPaths.Of("{id}", step), AccessionSteps.Show(step)).ForPeople();
            app.MapPost(AccessionPaths.Of("{id}", step), AccessionSteps.Keep(step)).ForPeople();
        }

        app.MapGet(AccessionPaths.Of("{id}", AccessionStep.Sign), SignAccession.ShowAsync).ForPeople();
        app.MapPost(AccessionPaths.Of("{id}", AccessionStep.Sign), SignAccession.SignAsync).ForPeople();
        app.MapPost("/toetreding/{id}/schorsen", StopAccession.Handle(StopKind.Suspend)).ForPeople();
        app.MapPost("/toetreding/{id}/opheffen", StopAccession.Handle(StopKind.Resume)).ForPeople();
        app.MapPost("/toetreding/{id}/beeindigen", StopAccession.Handle(StopKind.End)).ForPeople();

        app.MapGet("/v1/lists", FollowList.TellAsync).ForPeople();
        app.MapGet("/v1/lists/{id:guid}/export.csv", ExportList.HandleAsync).ForPeople();
        app.MapGet("/v1/rows/{id:guid}/proof", PersonProofs.MakeAsync).ForPeople();
        app.MapPost("/v1/proofs/find", PersonProofs.FindAsync).ForPeople();
        app.MapGet("/v1/files", OwnFiles.TellAsync).ForPeople();
        app.MapGet("/v1/accessions", ShowAccessions.TellAsync).ForPeople();
    }
}
