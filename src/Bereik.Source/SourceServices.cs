using Bereik.Edge;
using Bereik.Node;
using Bereik.Node.Logs;
using Bereik.Node.Machines;
using Bereik.Node.Requests;
using Bereik.Node.Ui;
using Bereik.Node.Work;
using Bereik.Source.Features;
using Bereik.Source.Protocols;
using Bereik.Source.Requests;
using Bereik.Source.Waves;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Source;

// What the source adds to an edge: its steps of work and its pages.
internal static class SourceServices
{
    public static void Add(NodeApplication<SourceSettings, SourceDatabase> node, List<string> problems)
    {
        node.AddEdge(problems);
        node.Services.AddTokenServer<MachineClients>(node.Settings);
        node.Services.AddScoped<IWorkStep, ImportRegister>();
        node.Services.AddScoped<RunningRequests>();
        node.Services.AddScoped<LoggedOrders>();
        node.Services.AddScoped<IOwnEntries, OwnEntries>();
        node.Services.AddScoped<OwnTexts>();
        node.Services.AddScoped<RegisterSteps>();
        node.Services.AddScoped<IWorkStep, PollOrders>();
        node.Services.AddScoped<IWorkStep, PreviewOrder>();
        node.Services.AddScoped<IWorkStep, SendDecision>();
        node.Services.AddScoped<IWorkStep, BuildEnvelope>();
        node.Services.AddScoped<IWorkStep, DepositEnvelope>();
        node.Services.AddScoped<IWorkStep, DeleteEnvelope>();
        node.Services.AddScoped<ApproveWave>();
        node.Services.AddScoped<KeepWaves>();
        node.Services.AddScoped<IWorkStep, DrawWave>();
        node.Services.AddScoped<IWorkStep, PrintPart>();
        node.Services.AddScoped<IWorkStep, DepositPart>();
        node.Services.AddScoped<IWorkStep, SignOpening>();
        node.Services.AddScoped<IWorkStep, OpenWave>();
        node.Services.AddScoped<IWorkStep, ScrubWaveKey>();
        node.Services.AddScoped<IWorkStep, ReadMessages>();
        node.Services.AddScoped<IWorkStep, ConfirmObjections>();
        node.Services.AddScoped<IWorkStep>(scope => scope.GetRequiredService<KeepWaves>());
        node.Services.AddBereikUi(typeof(SourceServices).Assembly, Pages.Frame.ReadAsync);
        node.Services.PostConfigure<AntiforgeryOptions>(form => form.FormFieldName = "_form");
    }

    public static async Task StartAsync(SourceDatabase database, SourceSettings settings, NodeKeys keys, DateTimeOffset now)
    {
        await database.BeginEdgeWorkAsync(settings, now);
        await database.BeginRecurringAsync(PollOrders.StepKind, now);
        await database.BeginRecurringAsync(ReadMessages.StepKind, now);
        await database.BeginRecurringAsync(KeepWaves.StepKind, now);
        var begun = await database.Work.AnyAsync(item => item.Kind == ImportRegister.StepKind && item.State == WorkState.Waiting);
        if (settings.ImportAtStart && !begun) await ImportRegister.AskAsync(database, now, CancellationToken.None);
    }
}
