using Bereik.Domain;
using Bereik.Exchange.Envelopes;
using Bereik.Hub.Answers;
using Bereik.Hub.Features;
using Bereik.Hub.Letters;
using Bereik.Hub.Log;
using Bereik.Hub.Register;
using Bereik.Node.Access;
using Bereik.Node.Api;
using Bereik.Node.Decisions;
using Bereik.Node.Logs;
using Bereik.Node.Machines;
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

    // Who refers and who is referred to.
    private static readonly OrganisationKind[] Services = [Welfare, OrganisationKind.WelfareCentre, OrganisationKind.MutualitySocialService, OrganisationKind.Referrer];

    public static void Map(WebApplication app)
    {
        // What leaves an entry in the public log, or hands out what one tells.
        var logged = app.MapGroup("").AddEndpointFilter<RouteGroupBuilder, LoggedRoute>();

        app.MapBereikUi();
        app.MapDecisions();
        app.MapGet(RegisterReader.Path, RegisterEvents.TellAsync).ForAnyone().As(RegisterEvents.Told);
        logged.MapPost(RegisterReader.Path, RegisterEvents.TakeAsync).WithOwnCheck().As(RegisterEvents.Added);

        logged.MapPost(LogDesk.Path, TakeLogDocument.HandleAsync).WithOwnCheck().As(TakeLogDocument.Api);
        app.MapGet("/log/checkpoint", LogFiles.CheckpointAsync).ForAnyone().WithoutLimit();
        app.MapGet("/log/tile/{**rest}", LogFiles.Tile).ForAnyone().WithoutLimit();

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

        app.MapGet("/logboek", ShowLog.ListAsync).ForAnyone();
        app.MapGet("/logboek/{index:long}", ShowLog.EntryAsync).ForAnyone();
        app.MapGet("/logboek/{index:long}/bewijs.tlog-proof", ShowLog.ProofAsync).ForAnyone();
        app.MapGet("/logboek/{index:long}/regel.json", ShowLog.BytesAsync).ForAnyone();

        // Answers to letters. Nobody is locked out of them: what protects the processor is the queue of the desk.
        app.MapGet(AnswerPages.Path, AnswerPages.Start).ForAnyone().WithoutLimit();
        app.MapPost(AnswerPages.Path, AnswerPages.TakeAsync).ForAnyone().WithoutLimit();
        app.MapGet(AnswerPages.Path + "/{number}", AnswerPages.ShowAsync).ForAnyone().WithoutLimit();
        app.MapGet(MailRoom.Path, MailRoom.Show).ForPeople(Rights.TakeAnswers);
        app.MapPost(MailRoom.Path, MailRoom.TakeAsync).ForPeople(Rights.TakeAnswers);

        app.MapGet("/beheer", ManageProtocol.ListAsync).ForPeople(Rights.KeepRegister);
        app.MapGet("/v1/waves", CountAnswers.TellAsync).ForPeople(Rights.KeepRegister).As(CountAnswers.Api);
        app.MapGet("/beheer/toestemmingen", ListLate.ShowAsync).ForPeople(Rights.KeepRegister);
        app.MapGet("/beheer/protocollen/{id}/{version}", ManageProtocol.ShowAsync).ForPeople(Rights.KeepRegister);
        logged.MapPost("/beheer/protocollen/{id}/{version}/{act}", ManageProtocol.TakeAsync).ForPeople(Rights.KeepRegister);

        // What nodes ask, with a token of this hub that covers the protocol of the order.
        app.MapTokenServer();
        var order = app.MapGroup("/v1/orders/{id:guid}").AddEndpointFilter<RouteGroupBuilder, ScopedOrder>();
        var loggedOrder = logged.MapGroup("/v1/orders/{id:guid}").AddEndpointFilter<RouteGroupBuilder, ScopedOrder>();
        logged.MapPost("/v1/orders", PlaceOrder.HandleAsync).ForNodes(Municipality, Welfare).As(PlaceOrder.Api);
        app.MapGet("/v1/orders", ListOrders.HandleAsync).ForNodes(Source).As(ListOrders.Api);
        order.MapGet("", ReadOrder.HandleAsync).ForNodes(Source, Municipality, Welfare).As(ReadOrder.Api);
        loggedOrder.MapPost("/decision", TakeDecision.HandleAsync).ForNodes(Source).As(TakeDecision.Api);
        loggedOrder.MapPut("/tokens", DepositTokens.HandleAsync).ForNodes(Municipality, Welfare).WithBodyOf(EnvelopeFormat.MaxTokenSet).As(DepositTokens.Api);
        loggedOrder.MapPut("/envelope", DepositEnvelope.HandleAsync).ForNodes(Source).WithBodyOf(EnvelopeFormat.MaxEnvelope).As(DepositEnvelope.Api);
        loggedOrder.MapGet("/package", FetchPackage.HandleAsync).ForNodes(Municipality, Welfare).As(FetchPackage.Api);
        loggedOrder.MapPost("/receipt", TakeReceipt.HandleAsync).ForNodes(Municipality, Welfare).As(TakeReceipt.Api);

        // Letters: the source brings its sealed invitations and opens the wave; what is said yes to, its recipient fetches.
        order.MapPut("/invitations/{part:int}", DepositInvitations.HandleAsync).ForNodes(Source).WithBodyOf(DepositInvitations.MostBytes).As(DepositInvitations.Api);
        loggedOrder.MapPost("/opening", OpenWave.HandleAsync).ForNodes(Source).As(OpenWave.Api);
        var answer = app.MapGroup("/v1/answers/{id:guid}").AddEndpointFilter<RouteGroupBuilder, ScopedAnswer>();
        var loggedAnswer = logged.MapGroup("/v1/answers/{id:guid}").AddEndpointFilter<RouteGroupBuilder, ScopedAnswer>();
        app.MapGet("/v1/answers", ListAnswers.HandleAsync).ForNodes(Welfare).As(ListAnswers.Api);
        loggedAnswer.MapPut("", TakeAssistedAnswer.HandleAsync).ForNodes(Welfare).As(TakeAssistedAnswer.Api);
        loggedAnswer.MapGet("/sealed", FetchAnswer.HandleAsync).ForNodes(Welfare).As(FetchAnswer.Api);
        answer.MapPost("/steps", TakeConsentStep.HandleAsync).ForNodes(Welfare).As(TakeConsentStep.Api);
        app.MapGet("/v1/messages", ListMessages.HandleAsync).ForNodes(Source).As(ListMessages.Api);
        app.MapPost("/v1/messages/taken", TakeMessages.HandleAsync).ForNodes(Source).As(TakeMessages.Api);

        // Referrals leave no entry in the log (docs/decisions/0010-referrals.md). Only the offer stands on a tree of it.
        var referral = app.MapGroup("/v1/referrals/{id:guid}").AddEndpointFilter<RouteGroupBuilder, ScopedReferral>();
        app.MapGet("/v1/referrals", ListReferrals.HandleAsync).ForNodes(Services).As(ListReferrals.Api);
        logged.MapPut("/v1/referrals/{id:guid}", PlaceReferral.HandleAsync).ForNodes(Services).As(PlaceReferral.Api);
        referral.MapGet("", ReadReferral.HandleAsync).ForNodes(Services).As(ReadReferral.Api);
        referral.MapGet("/sealed", FetchReferral.HandleAsync).ForNodes(Services).As(FetchReferral.Api);
        referral.MapPost("/steps", TakeReferralStep.HandleAsync).ForNodes(Services).As(TakeReferralStep.Api);
    }
}
