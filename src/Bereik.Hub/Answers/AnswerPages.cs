using Bereik.Domain;
using Bereik.Exchange.Invitations;
using Bereik.Hub.Letters;
using Bereik.Node.Errors;
using Bereik.Node.Ui;

namespace Bereik.Hub.Answers;

// The public answer page (nl: antwoordpagina): a letter number leads to an explanation and four answers. No login, session, cookie or script.
// INVARIANT: "no" and "later" call nothing at all of the desk, so nothing can be kept of them; and the one address to which every answer is posted does not tell which it was.
// SECURITY: the code is in the body of a POST and nowhere else. The letter number is in the address, since the square code in the letter brings it there.
internal static class AnswerPages
{
    public const string Path = "/brief";
    private const string BusySeconds = "5";

    public static IResult Start(string? taal, AnswerTexts texts) => texts.IsOpen ? UiSetup.Page<StartPage>(new { W = texts.In(taal) }) : Closed();

    public static async Task<IResult> ShowAsync(string number, string? taal, AnswerTexts texts, AnswerDesk desk, CancellationToken cancel)
    {
        if (!texts.IsOpen) return Closed();
        var words = texts.In(taal);
        if (!LetterNumber.TryRead(number, out var letter) || await desk.FindAsync(letter, cancel) is not { } facts) return UiSetup.Page<UnknownPage>(new { W = words }, StatusCodes.Status404NotFound);
        return UiSetup.Page<LetterPage>(new { W = words, Letter = LetterView.Of(facts) });
    }

    public static async Task<IResult> TakeAsync(HttpRequest http, AnswerTexts texts, AnswerDesk desk, CancellationToken cancel)
    {
        if (!texts.IsOpen) return Closed();
        if (await AnswerForm.ReadAsync(http, cancel) is not { } form) return ErrorCatalogue.BadRequest.Problem();
        return await new Answering(form, texts.In(form.Language), desk).TakeAsync(cancel);
    }

    // Where a letter is explained, in a language.
    public static string AddressOf(LetterNumber? letter, AnswerLanguage language) =>
        (letter is { } number ? $"{Path}/{number.Text}" : Path) + (language.Code == AnswerTexts.Dutch ? "" : $"?taal={language.Code}");

    // No text of the page may be shown, so this one is of the hub itself.
    public static IResult Closed() => UiSetup.Page<ClosedPage>(status: StatusCodes.Status503ServiceUnavailable);

    // One answer to one form.
    private sealed class Answering(AnswerForm form, AnswerWords words, AnswerDesk desk)
    {
        private readonly List<FieldError> errors = [];

        public async Task<IResult> TakeAsync(CancellationToken cancel)
        {
            // A form about a letter has its number; only two of them ask for it.
            var number = form.Step == "stand" && form.Number.Length == 0 ? null : Typed.Number(form.Number, words, errors);
            switch (form.Step)
            {
                case "zoek":
                    return await FindAsync(number, cancel);
                case "stand":
                    return UiSetup.Page<StatePage>(new { W = words, Number = number?.Printed ?? "" });
                case "toon":
                    return await StateAsync(number, cancel);
            }

            if (number is not { } letter) return UiSetup.Page<UnknownPage>(new { W = words }, StatusCodes.Status404NotFound);
            return form.Step switch
            {
                "nee" => UiSetup.Page<NothingKeptPage>(new { W = words, Number = letter, Answer = "no" }),
                "later" => UiSetup.Page<NothingKeptPage>(new { W = words, Number = letter, Answer = "later" }),
                "ja" or "ja-zeker" or "nooit" or "nooit-zeker" or "verander" => await AboutAsync(letter, cancel),
                _ => ErrorCatalogue.BadRequest.Problem(),
            };
        }

        private async Task<IResult> FindAsync(LetterNumber? number, CancellationToken cancel)
        {
            if (number is { } letter)
            {
                if (await desk.FindAsync(letter, cancel) is not null) return Results.LocalRedirect(AddressOf(letter, words.Language));
                errors.Add(new FieldError(Typed.NumberField, words["number.unknown", ("typed", letter.Printed)]));
            }

            return UiSetup.Page<StartPage>(new { W = words, Errors = errors, Number = Typed.Again(form.Number) }, StatusCodes.Status422UnprocessableEntity);
        }

        private async Task<IResult> AboutAsync(LetterNumber number, CancellationToken cancel)
        {
            if (await desk.FindAsync(number, cancel) is not { } facts) return UiSetup.Page<UnknownPage>(new { W = words }, StatusCodes.Status404NotFound);
            var letter = LetterView.Of(facts);
            switch (form.Step)
            {
                // Who cannot say yes now is told so before being asked for a code.
                case "ja":
                    return letter.IsEarly || letter.IsOver ? NotNow(letter) : UiSetup.Page<YesPage>(new { W = words, Letter = letter });
                case "ja-zeker":
                    return await YesAsync(letter, cancel);
                case "nooit":
                    return UiSetup.Page<NeverPage>(new { W = words, Letter = letter });
                case "nooit-zeker":
                    await desk.NeverAsync(number, cancel);
                    return UiSetup.Page<NeveredPage>(new { W = words, Letter = letter });
                default:
                    return await ActAsync(letter, cancel);
            }
        }

        private async Task<IResult> YesAsync(LetterView letter, CancellationToken cancel)
        {
            using var code = Typed.Code(form.Code, words, errors);
            if (code is null) return YesAgain(letter);
            var answer = await desk.YesAsync(letter.Number, code, form.Choices, AnswerMethod.Web, null, cancel);
            switch (answer.Outcome)
            {
                case YesOutcome.Taken:
                    return UiSetup.Page<ReceiptPage>(new { W = words, Standing = StandingView.Of(answer.Holder!), Receipt = ReceiptView.Of(answer.Receipt!, letter) });
                case YesOutcome.Already:
                    return UiSetup.Page<StandingPage>(new { W = words, Standing = StandingView.Of(answer.Holder!), Notice = StandingNotice.Already });
                case YesOutcome.WrongCode:
                    errors.Add(new FieldError(Typed.CodeField, words["yes.wrongCode"]));
                    return YesAgain(letter);
                case YesOutcome.Busy:
                    return new Busy(UiSetup.Page<YesPage>(new { W = words, Letter = letter, form.Choices, IsBusy = true }, StatusCodes.Status503ServiceUnavailable));
                case YesOutcome.Stopped:
                    return UiSetup.Page<NotNowPage>(new { W = words, Letter = letter, IsStopped = true }, StatusCodes.Status409Conflict);
                default:
                    return NotNow(letter with { IsEarly = answer.Outcome == YesOutcome.TooEarly, IsOver = answer.Outcome == YesOutcome.Over });
            }
        }

        private Microsoft.AspNetCore.Http.HttpResults.RazorComponentResult<YesPage> YesAgain(LetterView letter) =>
            UiSetup.Page<YesPage>(new { W = words, Letter = letter, form.Choices, Errors = errors }, StatusCodes.Status422UnprocessableEntity);

        private Microsoft.AspNetCore.Http.HttpResults.RazorComponentResult<NotNowPage> NotNow(LetterView letter) => UiSetup.Page<NotNowPage>(new { W = words, Letter = letter }, StatusCodes.Status409Conflict);

        private async Task<IResult> StateAsync(LetterNumber? number, CancellationToken cancel)
        {
            using var code = Typed.Code(form.Code, words, errors);
            if (number is not { } letter || code is null) return StateAgain();
            var answer = await desk.StateAsync(letter, code, cancel);
            if (answer.Outcome == HolderOutcome.Shown) return UiSetup.Page<StandingPage>(new { W = words, Standing = StandingView.Of(answer.Holder!) });
            return answer.Outcome == HolderOutcome.Busy ? StateBusy() : NothingFound();
        }

        // What is done to a yes asks for the code again: it was not kept, and typing it is the confirmation.
        private async Task<IResult> ActAsync(LetterView letter, CancellationToken cancel)
        {
            ConsentAct? act = form.Act switch { "intrekken" => ConsentAct.Withdraw, "nooit" => ConsentAct.Never, _ => null };
            if (act is null) errors.Add(new FieldError("wat", words["act.empty"]));
            using var code = Typed.Code(form.Code, words, errors);
            if (act is not { } chosen || code is null) return StateAgain(act);
            var answer = await desk.ActAsync(letter.Number, code, chosen, AnswerMethod.Web, cancel);
            return answer.Outcome switch
            {
                HolderOutcome.Done => UiSetup.Page<StandingPage>(new
                {
                    W = words, Standing = StandingView.Of(answer.Holder!), Notice = chosen == ConsentAct.Withdraw ? StandingNotice.Withdrawn : StandingNotice.Nevered,
                    Receipt = answer.Receipt is { } receipt ? ReceiptView.Of(receipt, letter) : null,
                }),
                HolderOutcome.NotNow => UiSetup.Page<StandingPage>(new { W = words, Standing = StandingView.Of(answer.Holder!), Notice = StandingNotice.NotNow }, StatusCodes.Status409Conflict),
                HolderOutcome.Busy => StateBusy(act),
                _ => NothingFound(act),
            };
        }

        // Without the code nothing can be said of how it stands: the act that was chosen goes along, so that nobody has to begin again.
        private Microsoft.AspNetCore.Http.HttpResults.RazorComponentResult<StatePage> StateAgain(ConsentAct? act = null) =>
            UiSetup.Page<StatePage>(new { W = words, Number = Typed.Again(form.Number), Errors = errors, IsChange = form.Step == "verander", Chosen = act }, StatusCodes.Status422UnprocessableEntity);

        private Busy StateBusy(ConsentAct? act = null) =>
            new(UiSetup.Page<StatePage>(new { W = words, Number = Typed.Again(form.Number), IsBusy = true, IsChange = form.Step == "verander", Chosen = act }, StatusCodes.Status503ServiceUnavailable));

        private Microsoft.AspNetCore.Http.HttpResults.RazorComponentResult<StatePage> NothingFound(ConsentAct? act = null)
        {
            errors.Add(new FieldError(Typed.CodeField, words["state.nothing"]));
            return StateAgain(act);
        }
    }

    // Nobody is locked out: it can be tried again at once.
    private sealed class Busy(IResult page) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.RetryAfter = BusySeconds;
            return page.ExecuteAsync(httpContext);
        }
    }
}
