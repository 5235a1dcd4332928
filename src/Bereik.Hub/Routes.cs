using Bereik.Domain;
using Bereik.Hub.Features;
using Bereik.Hub.Register;
using Bereik.Node.Decisions;
using Bereik.Node.Registers;
using Bereik.Node.Requests;
using Bereik.Node.Ui;

namespace Bereik.Hub;

// Every route of the hub, and who may call it.
internal static class Routes
{
    private const OrganisationKind Source = OrganisationKind.Source;
    private const OrganisationKind Municipality = OrganisationKind.Municipality;
    private const OrganisationKind Welfare = OrganisationKind.PublicCentreForWelfare;

    public static void Map(WebApplication app)
    {
        app.MapBereikUi();
        app.MapDecisions();
        app.MapGet(RegisterReader.Path, RegisterEvents.TellAsync).ForAnyone();
        app.MapPost(RegisterReader.Path, RegisterEvents.TakeAsync).WithOwnCheck();

        // What anyone may read: the register as pages.
        app.MapGet("/", () => Results.LocalRedirect("/protocollen")).ForAnyone();
        app.MapGet("/protocollen", ListProtocols.ShowAsync).ForAnyone();
        app.MapGet("/protocollen/{id}", ShowProtocol.ShowLatestAsync).ForAnyone();
        app.MapGet("/protocollen/{id}/verschil", CompareVersions.ShowAsync).ForAnyone();
        app.MapGet("/protocollen/{id}/{version}", ShowProtocol.ShowAsync).ForAnyone();
        app.MapGet("/protocollen/{id}/{version}/tekst.json", ShowProtocol.TextAsync).ForAnyone();
        app.MapGet("/protocollen/{id}/{version}/handtekeningen.json", ShowProtocol.SignaturesAsync).ForAnyone();
        app.MapGet("/stand-van-zaken", ShowState.ShowAsync).ForAnyone();
        app.MapGet("/toetreden", () => UiSetup.Page<JoinPage>()).ForAnyone();
        app.MapGet("/toetredingen", ListAccessions.ShowAsync).ForAnyone();

        app.MapGet("/beheer", ManageProtocol.ListAsync).ForPeople();
        app.MapGet("/beheer/protocollen/{id}/{version}", ManageProtocol.ShowAsync).ForPeople();
        app.MapPost("/beheer/protocollen/{id}/{version}/{act}", ManageProtocol.TakeAsync).ForPeople();

        app.MapPost("/v1/orders", PlaceOrder.HandleAsync).ForNodes(Municipality, Welfare);
        app.MapGet("/v1/orders", ListOrders.HandleAsync).ForNodes(Source);
        app.MapGet("/v1/orders/{id:guid}", ReadOrder.HandleAsync).ForNodes(Source, Municipality, Welfare);
        app.MapPost("/v1/orders/{id:guid}/decision", TakeDecision.HandleAsync).ForNodes(Source);
        app.MapPut("/v1/orders/{id:guid}/tokens", DepositTokens.HandleAsync).ForNodes(Municipality, Welfare);
        app.MapPut("/v1/orders/{id:guid}/envelope", DepositEnvelope.HandleAsync).ForNodes(Source);
        app.MapGet("/v1/orders/{id:guid}/package", FetchPackage.HandleAsync).ForNodes(Municipality, Welfare);
        app.MapPost("/v1/orders/{id:guid}/receipt", TakeReceipt.HandleAsync).ForNodes(Municipality, Welfare);
    }
}
