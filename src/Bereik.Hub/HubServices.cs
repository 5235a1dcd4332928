using Bereik.Hub.Features;
using Bereik.Hub.Register;
using Bereik.Hub.Storage;
using Bereik.Node;
using Bereik.Node.Requests;
using Bereik.Node.Ui;
using Bereik.Node.Work;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub;

// What the hub adds to a node: its steps of work and its pages.
internal static class HubServices
{
    public static void Add(NodeApplication<HubSettings, HubDatabase> node, List<string> problems)
    {
        node.Services.AddScoped<RunningOrders>();
        node.Services.AddScoped<RegisterEvents.Keeper>();
        node.Services.AddScoped<ManageProtocol>();
        node.Services.AddSingleton<RegisterBoard>();
        node.Services.AddScoped<IWorkStep, MatchExchange>();
        node.Services.AddScoped<IWorkStep, ScrubStore>();
        node.Services.AddScoped<IWorkStep, ExpireOrders>();
        node.Services.AddBereikUi(typeof(HubServices).Assembly, Frame);
    }

    // Public pages name nobody, and lead to public pages only; the operator's pages lead to the operator's work too.
    private static ValueTask<PageFrame> Frame(HttpContext context, CancellationToken cancel)
    {
        var person = context.GetActor() as Actor.Person;
        var services = context.RequestServices;
        var texts = services.GetRequiredService<Texts>();
        List<NavigationItem> navigation =
        [
            new NavigationItem(texts["Nav.Protocols"], "/protocollen"),
            new NavigationItem(texts["Nav.Accessions"], "/toetredingen"),
            new NavigationItem(texts["Nav.HowToJoin"], "/toetreden"),
            new NavigationItem(texts["Nav.State"], "/stand-van-zaken"),
        ];
        if (person is not null) navigation.AddRange([new NavigationItem(texts["Nav.Manage"], "/beheer"), new NavigationItem(texts["Decisions.Title"], "/beslissingen")]);
        return ValueTask.FromResult(new PageFrame
        {
            Organisation = services.GetRequiredService<HubSettings>().Name,
            Person = person?.Name,
            Role = person?.Role,
            Navigation = navigation,
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
