using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Invitations;
using Bereik.Exchange.Signatures;
using Bereik.Local.Features;
using Bereik.Local.Pages;
using Bereik.Local.Referrals;
using Bereik.Local.Storage;
using Bereik.Local.Workers;
using Bereik.Node.Access;
using Bereik.Node.Errors;
using Bereik.Node.Requests;
using Bereik.Node.Ui;
using Bereik.Node.Work;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Letters;

// /balie: a worker helps somebody to say yes to a letter. It is held at the hub until a second worker stands for it, or the hub called back; and a third thing again is the first contact, with another worker.
// SECURITY: number and code come with the form and go out with one request. They are in no row, message, address or page that is sent back.
internal sealed partial class Counter(LocalDatabase database, LocalSettings settings, Attestations attestations, AnswerWords words, NodeKeys keys, NodeClient client, WorkSignal signal, Texts texts, TimeProvider clock, ILogger<Counter> logger)
{
    public const string Path = "/balie";
    private const int MostTyped = 64;

    // The choices that can be made, by the name of their field.
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Choices { get; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
    {
        ["contact"] = AnswerChoices.Contacts, ["language"] = AnswerChoices.Languages, ["partOfDay"] = AnswerChoices.PartsOfDay, ["topic"] = AnswerChoices.Topics,
    };

    private string Hub => settings.PeerOf(OrganisationKind.Hub).Id;

    public static Task<IResult> ShowAsync(Counter counter, Actor actor, CancellationToken cancel) => counter.ShowAsync(((Actor.Person)actor).Who, cancel);

    public static async Task<IResult> HelpAsync(Counter counter, HttpContext context, Actor actor, CancellationToken cancel) => await counter.HelpAsync(await context.Request.ReadFormAsync(cancel), ((Actor.Person)actor).Who, cancel);

    public static Task<IResult> CountersignAsync(Guid id, Counter counter, Actor actor, CancellationToken cancel) => counter.CountersignAsync(id, ((Actor.Person)actor).Who, cancel);

    private async Task<IResult> ShowAsync(Person who, CancellationToken cancel) => await AgainstAsync(who, cancel) ?? await PageAsync(who, [], [], cancel);

    private async Task<IResult> HelpAsync(IFormCollection form, Person who, CancellationToken cancel)
    {
        if (await AgainstAsync(who, cancel) is { } against) return against;
        var values = Choices.Keys.ToDictionary(name => name, name => form[name].ToString(), StringComparer.Ordinal);
        var errors = new List<FieldError>();
        var choices = new AnswerChoices { Contact = Chosen("contact"), Language = Chosen("language"), PartOfDay = Chosen("partOfDay"), Topic = Chosen("topic") };
        if (choices.FindWrongMember() is { } member) errors.Add(new FieldError(member, texts["Referral.Error.Choose"]));
        var (typedNumber, typedCode) = (form["briefnummer"].ToString(), form["code"].ToString());
        if (typedNumber.Length > MostTyped || !LetterNumber.TryRead(typedNumber, out var number))
        {
            number = default;
            errors.Add(new FieldError("briefnummer", texts["Counter.Error.Number"]));
        }

        SecretCode? code = null;
        if (typedCode.Length > MostTyped || !SecretCode.TryRead(typedCode, out code)) errors.Add(new FieldError("code", texts["Counter.Error.Code"]));
        if (form["samen"] != "ja") errors.Add(new FieldError("samen", texts["Counter.Error.Together"]));
        using (code)
        {
            if (errors.Count > 0) return await PageAsync(who, values, errors, cancel);
            var id = Guid.TryParseExact(form["antwoord"].ToString(), "D", out var sent) ? sent : Guid.NewGuid();
            return await SendAsync(id, number, code!, choices, who, values, cancel);
        }

        string? Chosen(string name) => values[name] is { Length: > 0 } word ? word : null;
    }

    private async Task<IResult> SendAsync(Guid id, LetterNumber number, SecretCode code, AnswerChoices choices, Person who, Dictionary<string, string> values, CancellationToken cancel)
    {
        // INVARIANT: who helped is kept before the hub hears of it: what a kill leaves in between, has its helper.
        var key = id.ToString("D");
        var now = clock.GetUtcNow();
        var isAgain = false;
        if (await database.Answers.AsNoTracking().SingleOrDefaultAsync(answer => answer.Id == key, cancel) is { } before)
        {
            isAgain = true;
            if (before.State != Answer.Asked || before.HelpedBy != who.Subject) return await PageAsync(who, values, [new FieldError("briefnummer", texts["Counter.Error.answer.already"])], cancel);
        }
        else
        {
            database.Answers.Add(new Answer { Id = key, State = Answer.Asked, Assurance = ConsentAssurance.Assisted, Method = AnswerMethod.Counter, GivenOn = clock.Today(), HelpedBy = who.Subject, HelpedAt = now });
            await database.SaveChangesAsync(cancel);
            database.ChangeTracker.Clear();
        }

        var signed = SignedDocument.Sign(new AssistedAnswer { Id = id, By = settings.Organisation, At = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()) }, keys.Signing);
        var printed = new char[SecretCode.PrintedLength];
        code.Print(printed);
        try
        {
            var told = await client.PutAsync<HubReceipt>(Hub, $"/v1/answers/{key}", new { answer = signed.Compact, number = number.Text, code = new string(printed), choices }, cancel);
            return await ReceiptAsync(key, told.Receipt, cancel);
        }
        catch (PeerRefusedException refused)
        {
            // A yes of before, of which no answer came back, keeps its helper.
            if (!isAgain || refused.Code != "answer.already") await database.Answers.Where(answer => answer.Id == key && answer.State == Answer.Asked).ExecuteDeleteAsync(cancel);
            return await PageAsync(who, values, [new FieldError("briefnummer", texts[refused.Code is "answer.wrongCode" or "answer.tooEarly" or "answer.over" or "answer.already" ? $"Counter.Error.{refused.Code}" : "Counter.Error.Refused", refused.Code])], cancel);
        }
        catch (HttpRequestException)
        {
            // Too many at once, or no answer: whether it was taken, the next try tells, under the same id.
            return await PageAsync(who, new Dictionary<string, string>(values) { ["antwoord"] = key }, [new FieldError("briefnummer", texts["Counter.Error.Busy"])], cancel);
        }
        finally
        {
            printed.AsSpan().Clear();
        }
    }

    // The receipt is the person's; of it this node keeps which wave it is of.
    private async Task<IResult> ReceiptAsync(string id, string compact, CancellationToken cancel)
    {
        if (!keys.Open<ConsentReceipt>(Hub, compact).TryGet(out var signed, out var wrong) || signed.Document is not { Event: "given", Method: "counter", Assurance: "assisted" } receipt || receipt.Id.ToString("D") != id || receipt.Recipient != settings.Organisation)
        {
            LogReceipt(wrong?.Code ?? "receipt.document");
            return ErrorCatalogue.DocumentRefused.Problem(cause: "receipt.document");
        }

        var wave = receipt.Wave.ToString("D");
        await database.Answers.Where(answer => answer.Id == id && answer.State == Answer.Asked && database.Lists.Any(list => list.Id == wave && list.Flow == OrderedList.Letters))
            .ExecuteUpdateAsync(set => set.SetProperty(answer => answer.Wave, wave).SetProperty(answer => answer.State, ConsentState.Held.WireName()).SetProperty(answer => answer.Until, receipt.Until), cancel);
        return UiSetup.Page<CounterReceiptPage>(new
        {
            Model = new CounterReceiptView(receipt.Id, BelgianTime.DayOf(receipt.At), receipt.Until, settings.Peer(receipt.Source)?.Name ?? receipt.Source, settings.Name, receipt.Service, compact, QrPicture.Of($"urn:uuid:{id}")),
        });
    }

    // A second worker stands for what a colleague helped with. Nobody is named: who wants to know more asks the colleague.
    private async Task<IResult> CountersignAsync(Guid id, Person who, CancellationToken cancel)
    {
        if (await AgainstAsync(who, cancel) is { } against) return against;
        var key = id.ToString("D");
        var reach = await attestations.ReachAsync(who.Subject, cancel);
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        if (await database.Answers.SingleOrDefaultAsync(answer => answer.Id == key && answer.Wave != null, cancel) is not { Assurance: ConsentAssurance.Assisted } answer) return ErrorCatalogue.NotFound.Problem();
        if (!reach.IsOwn(await database.Lists.AsNoTracking().SingleAsync(list => list.Id == answer.Wave, cancel))) return Refusals.Page([Reasons.OtherTeam]);
        if (LetterAnswers.FindObjection(answer, who.Subject) is { } objection) return ErrorCatalogue.NotPermitted.Problem(cause: objection);
        if (answer.State == ConsentState.Held.WireName() && words.Say(answer, ConsentAct.Countersign))
        {
            answer.SecondedBy = who.Subject;
            await database.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            signal.Wake();
        }

        return Results.LocalRedirect(Path);
    }

    // Whoever works at the counter is attested, and bound by professional secrecy today.
    private async Task<IResult?> AgainstAsync(Person who, CancellationToken cancel) => (await attestations.ReachAsync(who.Subject, cancel)).Worker switch
    {
        null => Refusals.Page([Reasons.NotAttested]),
        { Suspended: not false } => Refusals.Page([Reasons.WorkerSuspended]),
        { BoundBySecrecy: not true } => Refusals.Page([Reasons.RecipientNotBound]),
        { Function: not (WorkerFunction.SocialWorker or WorkerFunction.TeamLead) } => Refusals.Page([Reasons.FunctionNotGranted]),
        _ => null,
    };

    private async Task<IResult> PageAsync(Person who, Dictionary<string, string> values, List<FieldError> errors, CancellationToken cancel)
    {
        var (held, team) = (ConsentState.Held.WireName(), await attestations.TeamAsync(who.Subject, cancel));
        var waiting = await database.Answers.AsNoTracking().Where(answer => answer.State == held && answer.HelpedBy != null && answer.HelpedBy != who.Subject && database.Lists.Any(list => list.Id == answer.Wave && list.Team == team))
            .OrderBy(answer => answer.HelpedAt).Take(100).ToListAsync(cancel);
        return UiSetup.Page<CounterPage>(
            new { Model = new CounterView(values, errors, [.. waiting.Select(answer => new HeldAnswerView(Guid.Parse(answer.Id), answer.HelpedAt!.Value))]) },
            errors.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
    }

    [LoggerMessage(LogLevel.Warning, "The receipt of a yes that a worker helped with is not taken ({Code}).")]
    private partial void LogReceipt(string code);
}
