using Bereik.Domain;
using Bereik.Exchange.Letters;
using Bereik.Local.Accessions;
using Bereik.Local.Features;
using Bereik.Local.Orders;
using Bereik.Local.Pages;
using Bereik.Local.Storage;
using Bereik.Local.Workers;
using Bereik.Node.Requests;
using Bereik.Node.Ui;
using Bereik.Node.Work;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Letters;

// Ordering a wave of letters (nl: golf): the parts of the text, how many, how many the team can visit, who read it; first the letter as it will read, then the order.
internal sealed class OrderLetters(LocalDatabase database, LocalSettings settings, OwnProtocols protocols, OwnAccessions accessions, OrderMaker maker, WorkSignal signal, Texts texts, TimeProvider clock)
{
    public const string Path = "/brieven";
    public const string New = $"{Path}/nieuw";

    // What the button says that orders.
    public const string Order = "bestellen";

    public static Task<IResult> ShowAsync(OrderLetters letters, CancellationToken cancel) => letters.ShowAsync(cancel);

    public static async Task<IResult> PlaceAsync(OrderLetters letters, Attestations attestations, HttpContext context, Actor actor, CancellationToken cancel)
    {
        var who = ((Actor.Person)actor).Who;
        return await letters.PlaceAsync(await context.Request.ReadFormAsync(cancel), who.Name, await attestations.TeamAsync(who.Subject, cancel), cancel);
    }

    // Where answers will be given, for a first look at the letter: what is printed is up to the source.
    internal static LetterRules RulesOf(LocalSettings settings) => new() { AnswerPage = new Uri($"{settings.PeerOf(OrganisationKind.Hub).Url!.TrimEnd('/')}/") };

    private async Task<IResult> ShowAsync(CancellationToken cancel)
    {
        var last = await database.Lists.AsNoTracking().Where(list => list.Flow == OrderedList.Letters).OrderByDescending(list => list.AskedAt).FirstOrDefaultAsync(cancel);
        var values = LetterForm.FirstValues(last, await protocols.PresentOfLettersAsync(cancel), Month.Of(clock.Today()).Plus(-1).ToString());
        return await PageAsync(values, [], [], null, cancel);
    }

    private async Task<IResult> PlaceAsync(IFormCollection form, string person, string? team, CancellationToken cancel)
    {
        var values = LetterForm.Read(form);
        var errors = new List<FieldError>();
        var rules = RulesOf(settings);
        var (letter, month) = LetterForm.Make(values, rules, texts, errors);
        if (letter is null) return await PageAsync(values, errors, [], null, cancel);
        var text = LetterForm.Fill(values, rules, LetterVariant.First).Text!;
        if (form["knop"] != Order) return await PageAsync(values, [], [], text, cancel);
        var nis = form["nis"].ToString() is { Length: > 0 } chosen ? chosen : settings.Nis[0];
        var stop = await maker.FindLogStopAsync(cancel);
        var signer = new Signer(person, team ?? await ServiceAsync(cancel));

        // The decision and the row belong together: two orders at once would both find no other.
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        var (list, decision) = await maker.MakeAsync(nis, month, signer, stop, cancel, letter);
        if (list is not null)
        {
            database.Lists.Add(list);
            database.ListEvents.Add(new ListEvent { ListId = list.Id, State = "asked", At = list.AskedAt });
            database.Enqueue(SendOrder.Name, list.Id, clock.GetUtcNow());
        }

        // What was refused is in the register too.
        await database.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        if (list is null) return await PageAsync(values, [], decision.Reasons, text, cancel);
        signal.Wake();
        return Results.LocalRedirect($"{Path}/{list.Id}");
    }

    private async Task<string> ServiceAsync(CancellationToken cancel) =>
        (await accessions.FindAsync((await protocols.PresentOfLettersAsync(cancel)).Id, cancel))?.Standing?.Act.Accession.Service ?? "";

    private async Task<IResult> PageAsync(Dictionary<string, string> values, List<FieldError> errors, IReadOnlyList<Domain.Reason> reasons, LetterText? text, CancellationToken cancel)
    {
        var protocol = await protocols.PresentOfLettersAsync(cancel);
        return UiSetup.Page<LetterOrderPage>(
            new
            {
                Model = new LetterOrderView(values, errors, [.. reasons.Select(reason => Refusals.View(reason, protocol))], text, protocol.Id, $"{protocol.Title.In(WhyRow.IsEnglish)} {protocol.Version}")
                {
                    Clauses = [.. protocol.Clauses.Select(clause => WhyRow.IsEnglish ? clause.En : clause.Nl)], Most = protocol.Find<Clause.Waves>()?.Most ?? 0, Least = Math.Max(Decide.FewestLetters, protocol.Find<Clause.Waves>()?.Least ?? 0),
                    KeptDays = protocol.DeleteByDays, Accession = (await accessions.FindAsync(protocol.Id, cancel))?.Standing,
                },
            },
            errors.Count > 0 || reasons.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
    }
}
