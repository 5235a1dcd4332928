using Bereik.Exchange.Register;
using Bereik.Node.Errors;
using Bereik.Node.Ui;
using Bereik.Source.Pages;
using Bereik.Source.Protocols;
using Bereik.Source.Requests;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Source.Features;

// This source suspends one accession, or lifts what it suspended; each is asked once more first.
internal static class StopAccession
{
    public static async Task<IResult> AskAsync(string organisation, string id, string version, string stap, OwnTexts own, SourceDatabase database, Texts texts, CancellationToken cancel) =>
        await FindAsync(organisation, id, version, stap, own, database, texts, cancel) is (_, { } question) ? UiSetup.Page<StopPage>(new { Model = question }) : ErrorCatalogue.NotFound.Problem();

    public static async Task<IResult> HandleAsync(
        string organisation, string id, string version, string stap, HttpContext context, OwnTexts own, RegisterSteps steps, SourceDatabase database, Texts texts, CancellationToken cancel)
    {
        if (await FindAsync(organisation, id, version, stap, own, database, texts, cancel) is not ({ } text, { } question)) return ErrorCatalogue.NotFound.Problem();
        question = question.Filled(await context.Request.ReadFormAsync(cancel));
        var (stop, errors) = question.Read(text.Protocol.Hash, organisation, text.Today, steps.Now, texts);
        if (stop is null) return StopQuestion.Again(question, errors);
        return await steps.SendAsync(stop, cancel) is { } code ? StopQuestion.Again(question, [new FieldError("uitleg", steps.Sentence(code))]) : Results.LocalRedirect($"{question.Back}?gedaan={stap}");
    }

    // Null for a step that there is not, or not now. Its end is for the organisation itself.
    private static async Task<(OwnText Text, StopQuestion Question)?> FindAsync(
        string organisation, string id, string version, string step, OwnTexts own, SourceDatabase database, Texts texts, CancellationToken cancel)
    {
        if (StopQuestion.KindOf(step) is not { } kind || await ShowAccession.FindAsync(organisation, id, version, own, cancel) is not var (text, standing)) return null;
        if (!(kind switch { StopKind.Suspend => !standing.IsEnded && !standing.IsSuspendedBy(text.Protocol.Source), StopKind.Resume => standing.IsSuspendedBy(text.Protocol.Source), _ => false })) return null;
        var running = await database.Requests.CountAsync(
            request => request.Recipient == organisation && request.Protocol == id && request.ProtocolVersion == version
                && (request.State == RequestState.New || request.State == RequestState.Ready || request.State == RequestState.Approved), cancel);
        var (name, path) = (own.NameOf(organisation), ListAccessions.PathOf(organisation, id, version));
        return (text, StopQuestion.Of(kind, "Accession", name, text.Protocol, path, running, texts) with { Trail = [new Breadcrumb(texts["Accessions.Title"], "/toetredingen"), new Breadcrumb(name, path)] });
    }
}
