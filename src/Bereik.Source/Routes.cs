using Bereik.Node.Access;
using Bereik.Node.Api;
using Bereik.Node.Decisions;
using Bereik.Node.Errors;
using Bereik.Node.Events;
using Bereik.Node.Machines;
using Bereik.Node.Requests;
using Bereik.Node.Ui;
using Bereik.Node.Work;
using Bereik.Source.Features;
using Bereik.Source.Pages;
using Bereik.Source.Waves;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Source;

// Every route of the source, and who may call it.
internal static class Routes
{
    public static void Map(WebApplication app)
    {
        app.MapBereikUi();
        app.MapDecisions();
        app.MapEvents();

        app.MapGet("/", () => UiSetup.Page<OverviewPage>()).ForPeople(Rights.Overview);
        app.MapGet("/aanvragen", () => UiSetup.Page<RequestsPage>()).ForPeople(Rights.SeeRequests);
        app.MapGet("/aanvragen/{id:guid}", ShowRequestAsync).ForPeople(Rights.SeeRequests);
        app.MapPost("/aanvragen/{id:guid}/goedkeuren", DecideOrder.ApproveAsync).ForPeople(Rights.DecideRequests);
        app.MapPost("/aanvragen/{id:guid}/weigeren", DecideOrder.RefuseAsync).ForPeople(Rights.DecideRequests);
        app.MapGet("/golven/{id:guid}", HandOut.ShowAsync).ForPeople(Rights.HandOutLetters);
        app.MapGet("/golven/{id:guid}/bestanden/{naam}", HandOut.FileAsync).ForPeople(Rights.HandOutLetters);
        app.MapPost("/golven/{id:guid}/gepost", HandOut.PostedAsync).ForPeople(Rights.HandOutLetters);
        app.MapPost("/golven/{id:guid}/bezwaren", JudgeObjections.HeldAsync).ForPeople(Rights.DecideObjections);
        app.MapGet("/bezwaren", JudgeObjections.ShowAsync).ForPeople(Rights.DecideObjections);
        app.MapGet("/bezwaren/bestanden/{reeks:guid}", JudgeObjections.FileAsync).ForPeople(Rights.DecideObjections);
        app.MapPost("/bezwaren/bestanden/{reeks:guid}/gepost", JudgeObjections.PostedAsync).ForPeople(Rights.DecideObjections);
        app.MapPost("/bezwaren/opheffen", JudgeObjections.LiftAsync).ForPeople(Rights.DecideObjections);
        app.MapGet("/register", () => UiSetup.Page<RegisterPage>()).ForPeople(Rights.ManageRegister);
        app.MapPost("/register/inlezen", AskImportAsync).ForPeople(Rights.ManageRegister);

        app.MapGet("/protocollen", ListProtocols.ShowAsync).ForPeople(Rights.SeeProtocols);
        app.MapGet("/protocollen/{id}/{version}", ShowProtocol.ShowAsync).ForPeople(Rights.SeeProtocols);
        app.MapPost("/protocollen/{id}/{version}/advies", GiveAdvice.HandleAsync).ForPeople(Rights.AdviseProtocols);
        app.MapPost("/protocollen/{id}/{version}/ondertekenen", SignProtocol.HandleAsync).ForPeople(Rights.SignProtocols);
        app.MapPost("/protocollen/{id}/{version}/bekendmaken", PublishProtocol.HandleAsync).ForPeople(Rights.SignProtocols);
        app.MapGet("/protocollen/{id}/{version}/{stap}", StopProtocol.AskAsync).ForPeople(Rights.SeeProtocols);
        app.MapPost("/protocollen/{id}/{version}/{stap}", StopProtocol.HandleAsync).ForPeople(Rights.StopProtocols);
        app.MapGet("/toetredingen", ListAccessions.ShowAsync).ForPeople(Rights.SeeProtocols);
        app.MapGet("/toetredingen/{organisation}/{id}/{version}", ShowAccession.ShowAsync).ForPeople(Rights.SeeProtocols);
        app.MapGet("/toetredingen/{organisation}/{id}/{version}/{stap}", StopAccession.AskAsync).ForPeople(Rights.SeeProtocols);
        app.MapPost("/toetredingen/{organisation}/{id}/{version}/{stap}", StopAccession.HandleAsync).ForPeople(Rights.StopProtocols);

        app.MapTokenServer();
        app.MapGet("/v1/register", (SourceDatabase database, CancellationToken cancel) => ReadState.RegisterAsync(database, cancel)).ForPeople(Rights.ManageRegister, MachineScope.ReadLists).As(ReadState.RegisterApi);
        app.MapGet("/v1/waves", CountWaves.TellAsync).ForPeople(Rights.SeeRequests, MachineScope.ReadLists).As(CountWaves.Api);
        app.MapGet("/v1/requests", ReadState.TellRequestsAsync).ForPeople(Rights.SeeRequests, MachineScope.ReadLists).As(ReadState.RequestsApi);
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
