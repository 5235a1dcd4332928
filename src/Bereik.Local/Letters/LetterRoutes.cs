using Bereik.Node.Access;
using Bereik.Node.Requests;
using Bereik.Node.Work;

namespace Bereik.Local.Letters;

// Every route of letters, and who may call it: of an OCMW alone. What is done at the first contact stands with the households.
internal static class LetterRoutes
{
    public static void MapLetters(this WebApplication app)
    {
        app.MapGet(OrderLetters.Path, ShowWaves.ListAsync).ForPeople(Rights.FollowLists);
        app.MapGet($"{OrderLetters.Path}/{{id:guid}}", ShowWaves.ShowAsync).ForPeople(Rights.FollowLists);
        app.MapGet(OrderLetters.New, OrderLetters.ShowAsync).ForPeople(Rights.OrderLists);
        app.MapPost(OrderLetters.New, OrderLetters.PlaceAsync).ForPeople(Rights.OrderLists);
        app.MapGet(ShowDenials.Path, ShowDenials.ShowAsync).ForPeople(Rights.SeeDenials);
        app.MapGet(Counter.Path, Counter.ShowAsync).ForPeople(Rights.AssistAnswers);
        app.MapPost(Counter.Path, Counter.HelpAsync).ForPeople(Rights.AssistAnswers);
        app.MapPost($"{Counter.Path}/{{id:guid}}/mee-bevestigen", Counter.CountersignAsync).ForPeople(Rights.AssistAnswers);
    }

    public static void AddLetters(this IServiceCollection services)
    {
        services.AddScoped<OrderLetters>();
        services.AddScoped<WaveLog>();
        services.AddScoped<ReceiveAnswer>();
        services.AddScoped<EndAnswers>();
        services.AddScoped<Counter>();
        services.AddScoped<IWorkStep, FollowWave>();
        services.AddScoped<IWorkStep, PollAnswers>();
    }
}
