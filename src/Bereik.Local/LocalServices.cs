using Bereik.Edge;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Log;
using Bereik.Local.Accessions;
using Bereik.Local.Contacts;
using Bereik.Local.Features;
using Bereik.Local.Files;
using Bereik.Local.Households;
using Bereik.Local.Letters;
using Bereik.Local.Orders;
using Bereik.Local.Referrals;
using Bereik.Local.Storage;
using Bereik.Local.Workers;
using Bereik.Node;
using Bereik.Node.Logs;
using Bereik.Node.Machines;
using Bereik.Node.Requests;
using Bereik.Node.Ui;
using Bereik.Node.Work;

namespace Bereik.Local;

internal static class LocalServices
{
    public static void AddLocal(this NodeApplication<LocalSettings, LocalDatabase> node, List<string> problems)
    {
        var sealing = NodeKeys.ReadPrivate(node.Settings, node.Settings.Keys.Sealing, "keys.sealing", SealingKey.FromJwk, problems);
        if (sealing is null) return;
        node.Keys.Hold(KeyUse.Sealing, sealing.PublicKey.ToJwk());
        node.Services.AddSingleton(sealing);
        node.Services.AddBereikUi(typeof(LocalServices).Assembly, Frame.FillAsync);
        node.Services.AddTokenServer<MachineClients>(node.Settings);
        node.Services.AddScoped<OwnProtocols>();
        node.Services.AddScoped<IOwnEntries, OwnEntries>();
        node.Services.AddScoped<Attestations>();
        node.Services.AddScoped<AttestationRegister>();
        node.Services.AddScoped<AttestWorkers>();
        node.Services.AddScoped<OwnAccessions>();
        node.Services.AddScoped<AccessionSteps>();
        node.Services.AddScoped<SignAccession>();
        node.Services.AddScoped<StopAccession>();
        node.Services.AddSingleton<HouseholdKeys>();
        node.Services.AddSingleton<HouseholdIndex>();
        node.Services.AddScoped<HouseholdErasure>();
        node.Services.AddSingleton(new NodeStart((services, cancel) => services.GetRequiredService<HouseholdErasure>().ResumeAsync(cancel)));
        if (OutcomeCodes.Read(node.Settings, problems) is { } outcomes) node.Services.AddSingleton(outcomes);
        if (SpokenWords.Read(node.Settings, problems) is { } words) node.Services.AddSingleton(words);
        if (node.Settings.HasReferrals) node.Services.AddReferrals();
        node.Services.AddScoped<IWorkStep, PublishRounds>();
        if (node.Settings.ListFlow is not null) AddLists(node.Services);
        if (node.Settings.HasLetters) node.Services.AddLetters();
    }

    // What only a gemeente and an OCMW have: own people, orders, and the rows that come of them.
    private static void AddLists(IServiceCollection services)
    {
        services.AddScoped<RunningLists>();
        services.AddScoped<LoggedOrders>();
        services.AddScoped<PersonStatements>();
        services.AddScoped<OwnPeople>();
        services.AddScoped<PersonFileStore>();
        services.AddScoped<OrderMaker>();
        services.AddScoped<HubOrders>();
        services.AddScoped<ExchangeTokens>();
        services.AddScoped<WidenAccess>();
        services.AddScoped<ReceivedRows>();
        services.AddScoped<OneHousehold>();
        services.AddScoped<AnswerWords>();
        services.AddScoped<LetterAnswers>();
        services.AddScoped<CheckAnswer>();
        services.AddScoped<OrderList>();
        services.AddScoped<IWorkStep, SendOrder>();
        services.AddScoped<IWorkStep, FollowOrder>();
        services.AddScoped<IWorkStep, SendTokens>();
        services.AddScoped<IWorkStep, FetchPackage>();
        services.AddScoped<IWorkStep, OpenPackage>();
        services.AddScoped<IWorkStep, SendRoot>();
        services.AddScoped<IWorkStep, SendReceipt>();
        services.AddScoped<IWorkStep, SendEnd>();
        services.AddScoped<IWorkStep, EraseRows>();
    }

    public static async Task BeginAsync(LocalDatabase database, LocalSettings settings, NodeKeys keys, DateTimeOffset now)
    {
        await database.BeginEdgeWorkAsync(settings, now);
        if (settings.HasReferrals) await ReferralServices.BeginAsync(database, now);
        await database.BeginRecurringAsync(PublishRounds.Name, now);
        if (settings.ListFlow is null) return;
        await database.BeginRecurringAsync(EraseRows.Name, now);
        if (settings.HasLetters) await database.BeginRecurringAsync(PollAnswers.Name, now);
        if (settings is { ImportAtStart: true, PersonsFile: { } file }) await new PersonFileStore(database, settings).ImportAsync(file, now, CancellationToken.None);
    }
}
