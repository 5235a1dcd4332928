using Bereik.Local.Features;
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

        app.MapGet("/v1/lists", FollowList.TellAsync).ForPeople();
        app.MapGet("/v1/lists/{id:guid}/export.csv", ExportList.HandleAsync).ForPeople();
        app.MapGet("/v1/files", OwnFiles.TellAsync).ForPeople();
    }
}
