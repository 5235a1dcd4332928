using Bereik.Hub.Features;
using Bereik.Hub.Storage;
using Bereik.Node;
using Bereik.Node.Requests;
using Bereik.Node.Ui;
using Bereik.Node.Work;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub;

// What the hub adds to a node: its steps of work.
internal static class HubServices
{
    public static void Add(NodeApplication<HubSettings, HubDatabase> node, List<string> problems)
    {
        node.Services.AddScoped<RunningOrders>();
        node.Services.AddScoped<IWorkStep, MatchExchange>();
        node.Services.AddScoped<IWorkStep, ScrubStore>();
        node.Services.AddScoped<IWorkStep, ExpireOrders>();
        node.Services.AddBereikUi(typeof(HubServices).Assembly, Frame);
    }

    // The operator's pages: who asked what, and what was decided. Nothing about anybody is here to be seen.
    private static ValueTask<PageFrame> Frame(HttpContext context, CancellationToken cancel)
    {
        var person = context.GetActor() as Actor.Person;
        var services = context.RequestServices;
        return ValueTask.FromResult(new PageFrame
        {
            Organisation = services.GetRequiredService<HubSettings>().Name,
            Person = person?.Name,
            Role = person?.Role,
            Navigation = [new NavigationItem(services.GetRequiredService<Texts>()["Decisions.Title"], "/beslissingen")],
        });
    }

    // Begins the recurring step, or wakes the one of an earlier run.
    public static async Task StartAsync(HubDatabase database, HubSettings settings, NodeKeys keys, DateTimeOffset now)
    {
        await RegisterEvents.ProposeShippedAsync(database, keys, now, CancellationToken.None);
        var step = await database.Work.SingleOrDefaultAsync(item => item.Kind == ExpireOrders.StepKind);
        step ??= database.Enqueue(ExpireOrders.StepKind, "all", now);
        step.State = WorkState.Waiting;
        step.RunAfter = now;
        step.Attempts = 0;
        await database.SaveChangesAsync();
    }
}
