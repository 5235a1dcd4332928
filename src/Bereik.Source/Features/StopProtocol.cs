using Bereik.Exchange.Register;
using Bereik.Node.Errors;
using Bereik.Node.Ui;
using Bereik.Source.Pages;
using Bereik.Source.Protocols;
using Bereik.Source.Requests;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Source.Features;

// This organisation suspends a protocol as a whole, lifts that, or ends the protocol; each is asked once more first.
internal static class StopProtocol
{
    public static async Task<IResult> AskAsync(string id, string version, string stap, OwnTexts own, SourceDatabase database, Texts texts, CancellationToken cancel) =>
        await FindAsync(id, version, stap, own, database, texts, cancel) is (_, { } question) ? UiSetup.Page<StopPage>(new { Model = question }) : ErrorCatalogue.NotFound.Problem();

    public static async Task<IResult> HandleAsync(string id, string version, string stap, HttpContext context, OwnTexts own, RegisterSteps steps, SourceDatabase database, Texts texts, CancellationToken cancel)
    {
        if (await FindAsync(id, version, stap, own, database, texts, cancel) is not ({ } text, { } question)) return ErrorCatalogue.NotFound.Problem();
        question = question.Filled(await context.Request.ReadFormAsync(cancel));
        var (stop, errors) = question.Read(text.Protocol.Hash, null, text.Today, steps.Now, texts);
        if (stop is null) return StopQuestion.Again(question, errors);
        return await steps.SendAsync(stop, cancel) is { } code ? StopQuestion.Again(question, [new FieldError("uitleg", steps.Sentence(code))]) : Results.LocalRedirect($"{text.Path}?gedaan={stap}");
    }

    // Null for a step that there is not, or not now.
    private static async Task<(OwnText Text, StopQuestion Question)?> FindAsync(string id, string version, string step, OwnTexts own, SourceDatabase database, Texts texts, CancellationToken cancel)
    {
        if (StopQuestion.KindOf(step) is not { } kind || await own.FindAsync(id, version, cancel) is not { } text) return null;
        if (!(kind switch { StopKind.Suspend => text.MaySuspend, StopKind.Resume => text.MayLift, _ => text.MayEnd })) return null;
        var running = await database.Requests.CountAsync(
            request => request.Protocol == id && request.ProtocolVersion == version && (request.State == RequestState.New || request.State == RequestState.Ready || request.State == RequestState.Approved), cancel);
        var title = $"{text.Protocol.Title.In(StopQuestion.IsEnglish)} {text.Protocol.Version}";
        return (text, StopQuestion.Of(kind, "Protocol", title, text.Protocol, text.Path, running, texts) with
        {
            Trail = [new Breadcrumb(texts["Protocols.Title"], "/protocollen"), new Breadcrumb(title, text.Path)],
        });
    }
}
