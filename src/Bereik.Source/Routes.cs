using Bereik.Node.Decisions;
using Bereik.Node.Errors;
using Bereik.Node.Requests;
using Bereik.Node.Ui;
using Bereik.Node.Work;
using Bereik.Source.Features;
using Bereik.Source.Pages;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Source;

// Every route of the source, and who may call it.
internal static class Routes
{
    public static void Map(WebApplication app)
    {
        app.MapBereikUi();
        app.MapDecisions();

        app.MapGet("/", () => UiSetup.Page<OverviewPage>()).ForPeople();
        app.MapGet("/aanvragen", () => UiSetup.Page<RequestsPage>()).ForPeople();
        app.MapGet("/aanvragen/{id:guid}", ShowRequestAsync).ForPeople();
        app.MapPost("/aanvragen/{id:guid}/goedkeuren", DecideOrder.ApproveAsync).ForPeople();
        app.MapPost("/aanvragen/{id:guid}/weigeren", DecideOrder.RefuseAsync).ForPeople();
        app.MapGet("/register", () => UiSetup.Page<RegisterPage>()).ForPeople();
        app.MapPost("/register/inlezen", AskImportAsync).ForPeople();

        app.MapGet("/protocollen", ListProtocols.ShowAsync).ForPeople();
        app.MapGet("/protocollen/{id}/{version}", ShowProtocol.ShowAsync).ForPeople();
        app.MapPost("/protocollen/{id}/{version}/advies", GiveAdvice.HandleAsync).ForPeople();
        app.MapPost("/protocollen/{id}/{version}/ondertekenen", SignProtocol.HandleAsync).ForPeople();
        app.MapPost("/protocollen/{id}/{version}/bekendmaken", PublishProtocol.HandleAsync).ForPeople();
        app.MapGet("/protocollen/{id}/{version}/{stap}", StopProtocol.AskAsync).ForPeople();
        app.MapPost("/protocollen/{id}/{version}/{stap}", StopProtocol.HandleAsync).ForPeople();
        app.MapGet("/toetredingen", ListAccessions.ShowAsync).ForPeople();
        app.MapGet("/toetredingen/{organisation}/{id}/{version}", ShowAccession.ShowAsync).ForPeople();
        app.MapGet("/toetredingen/{organisation}/{id}/{version}/{stap}", StopAccession.AskAsync).ForPeople();
        app.MapPost("/toetredingen/{organisation}/{id}/{version}/{stap}", StopAccession.HandleAsync).ForPeople();

        app.MapGet("/v1/register", (SourceDatabase database, CancellationToken cancel) => ReadState.RegisterAsync(database, cancel)).ForPeople();
        app.MapGet("/v1/requests", (SourceDatabase database, WorkProgress progress, CancellationToken cancel) => ReadState.RequestsAsync(database, progress, cancel)).ForPeople();
    }

    private static async Task<IResult> ShowRequestAsync(Guid id, string? fout, SourceDatabase database, CancellationToken cancel)
    {
        var key = id.ToString("D");
        if (!await database.Requests.AnyAsync(request => request.Id == key, cancel)) return ErrorCatalogue.NotFound.Problem();
        return UiSetup.Page<RequestPage>(new { Id = key, Fault = fout });
    }

    private static async Task<IResult> AskImportAsync(SourceDatabase database, TimeProvider clock, WorkSignal signal, CancellationToken cancel)
    {
        await ImportRegister.AskAsync(database, clock.GetUtcNow(), cancel);
        signal.Wake();
        return Results.LocalRedirect("/register");
    }
}
