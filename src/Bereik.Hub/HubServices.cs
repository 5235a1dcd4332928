using Bereik.Hub.Answers;
using Bereik.Hub.Features;
using Bereik.Hub.Letters;
using Bereik.Hub.Log;
using Bereik.Hub.Register;
using Bereik.Hub.Storage;
using Bereik.Node;
using Bereik.Node.Access;
using Bereik.Node.Machines;
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
        AddLog(node, problems);
        node.Services.AddTokenServer<HubClients>(node.Settings);
        node.Services.AddScoped<RunningOrders>();
        node.Services.AddScoped<RunningReferrals>();
        AddLetters(node.Services);
        node.Services.AddScoped<RegisterEvents.Keeper>();
        node.Services.AddScoped<ManageProtocol>();
        node.Services.AddSingleton<RegisterBoard>();
        node.Services.AddScoped<IWorkStep, MatchExchange>();
        node.Services.AddScoped<IWorkStep, ScrubStore>();
        node.Services.AddScoped<IWorkStep, ExpireOrders>();
        node.Services.AddScoped<IWorkStep, ExpireReferrals>();
        node.Services.AddBereikUi(typeof(HubServices).Assembly, Frame);
    }

    private static void AddLetters(IServiceCollection services)
    {
        services.AddSingleton<Derivations>(provider => new Derivations(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<AnswerTimes>();
        services.AddScoped<LetterLookup>();
        services.AddScoped<AnswerRelease>();
        services.AddScoped<RunningAnswers>();
        services.AddScoped<ReceiptMaker>();
        services.AddScoped<ConsentProofs>();
        services.AddScoped<AnswerDesk>();
        services.AddScoped<IWorkStep, ReleaseAnswers>();
        services.AddScoped<IWorkStep, ExpireAnswers>();
        services.AddScoped<IWorkStep, PublishRounds>();
        services.AddSingleton<AnswerTexts>(provider => new AnswerTexts(provider.GetRequiredService<HubSettings>()));
        services.AddSingleton<IHealthPart, AnswerHealth>();
    }

    private static void AddLog(NodeApplication<HubSettings, HubDatabase> node, List<string> problems)
    {
        var settings = node.Settings;
        var key = NodeKeys.ReadPrivate(settings, settings.Keys.Log, "keys.log", HubSettings.ReadLogKey, problems);
        if (key is null) return;
        node.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<LogWitness>(services, settings.WitnessKey()));
        node.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<HubLog>(services, key));
        node.Services.AddSingleton<IHealthPart, LogHealth>();
        node.Services.AddSingleton(new NodeStart(BeginLog.RunAsync));
        node.Services.AddHostedService<RefreshLog>();
        node.Services.AddScoped<TakeLogDocument.Desk>();
        node.Services.AddScoped<IWorkStep, CountLog>();
        node.Services.AddScoped<IWorkStep, CheckLog>();
    }

    // Public pages name nobody, and lead to public pages only; the operator's pages lead to the operator's work too.
    private static ValueTask<PageFrame> Frame(HttpContext context, CancellationToken cancel)
    {
        var actor = context.GetActor();
        var services = context.RequestServices;
        var texts = services.GetRequiredService<Texts>();
        List<NavigationItem> navigation =
        [
            new NavigationItem(texts["Nav.Protocols"], "/protocollen"),
            new NavigationItem(texts["Nav.Accessions"], "/toetredingen"),
            new NavigationItem(texts["Nav.HowToJoin"], "/toetreden"),
            new NavigationItem(texts["Nav.State"], "/stand-van-zaken"),
            new NavigationItem(texts["Nav.Log"], "/logboek"),
        ];
        if (actor is Actor.Person)
        {
            navigation.AddRange(
            [
                new NavigationItem(texts["Nav.Manage"], "/beheer", Right: Rights.KeepRegister),
                new NavigationItem(texts["Late.Title"], "/beheer/toestemmingen", Right: Rights.KeepRegister),
                new NavigationItem(texts["Nav.MailRoom"], MailRoom.Path, Right: Rights.TakeAnswers),
                new NavigationItem(texts["Decisions.Title"], "/beslissingen", Right: Rights.SeeDecisions),
            ]);
        }

        return ValueTask.FromResult(new PageFrame
        {
            Organisation = services.GetRequiredService<HubSettings>().Name,
            Person = (actor as Actor.Person)?.Who.Name,
            Role = actor.Roles(texts),
            Navigation = navigation,
        });
    }

    // Begins the recurring steps, or wakes those of an earlier run.
    public static async Task StartAsync(HubDatabase database, HubSettings settings, NodeKeys keys, DateTimeOffset now)
    {
        foreach (var kind in new[] { ExpireOrders.StepKind, ExpireReferrals.StepKind, ReleaseAnswers.StepKind, ExpireAnswers.StepKind, PublishRounds.StepKind, CountLog.StepKind, CheckLog.StepKind })
        {
            var step = await database.Work.SingleOrDefaultAsync(item => item.Kind == kind);
            step ??= database.Enqueue(kind, WorkItem.Recurring, now);
            step.State = WorkState.Waiting;
            step.RunAfter = now;
            step.Attempts = 0;
        }

        await database.SaveChangesAsync();
    }
}
