using Bereik.Edge;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Log;
using Bereik.Local.Accessions;
using Bereik.Local.Features;
using Bereik.Local.Files;
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
        node.Services.AddScoped<RunningLists>();
        node.Services.AddScoped<LoggedOrders>();
        node.Services.AddScoped<IOwnEntries, OwnEntries>();
        node.Services.AddScoped<PersonStatements>();
        node.Services.AddScoped<OwnPeople>();
        node.Services.AddScoped<PersonFileStore>();
        node.Services.AddScoped<OrderMaker>();
        node.Services.AddScoped<HubOrders>();
        node.Services.AddScoped<ExchangeTokens>();
        node.Services.AddScoped<Attestations>();
        node.Services.AddScoped<AttestationRegister>();
        node.Services.AddScoped<AttestWorkers>();
        node.Services.AddScoped<WidenAccess>();
        node.Services.AddScoped<ReceivedRows>();
        node.Services.AddScoped<OrderList>();
        node.Services.AddScoped<OwnAccessions>();
        node.Services.AddScoped<AccessionSteps>();
        node.Services.AddScoped<SignAccession>();
        node.Services.AddScoped<StopAccession>();
        node.Services.AddScoped<IWorkStep, SendOrder>();
        node.Services.AddScoped<IWorkStep, FollowOrder>();
        node.Services.AddScoped<IWorkStep, SendTokens>();
        node.Services.AddScoped<IWorkStep, FetchPackage>();
        node.Services.AddScoped<IWorkStep, OpenPackage>();
        node.Services.AddScoped<IWorkStep, SendRoot>();
        node.Services.AddScoped<IWorkStep, SendReceipt>();
        node.Services.AddScoped<IWorkStep, SendEnd>();
        node.Services.AddReferrals(node.Settings, problems);
        node.Services.AddScoped<IWorkStep, PublishRounds>();
        node.Services.AddScoped<IWorkStep, EraseRows>();
    }

    public static async Task BeginAsync(LocalDatabase database, LocalSettings settings, NodeKeys keys, DateTimeOffset now)
    {
        await database.BeginEdgeWorkAsync(settings, now);
        await ReferralServices.BeginAsync(database, settings, now);
        await database.EnsureEnqueuedAsync(EraseRows.Name, "all", now);
        await database.EnsureEnqueuedAsync(PublishRounds.Name, "all", now);
        if (settings is { ImportAtStart: true, PersonsFile: { } file }) await new PersonFileStore(database, settings).ImportAsync(file, now, CancellationToken.None);
    }
}
