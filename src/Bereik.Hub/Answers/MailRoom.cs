using System.Globalization;
using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Invitations;
using Bereik.Hub.Letters;
using Bereik.Node.Errors;
using Bereik.Node.Ui;

namespace Bereik.Hub.Answers;

// Mail room and telephone of the hub's operator (nl: postkamer): what came on a slip or is said on the telephone goes in by the same desk as the answer page, with the same outcome, delay and receipt.
// INVARIANT: it shows what became of the one answer that was put in, and nothing else: no list, no search. A slip says only yes.
internal static class MailRoom
{
    public const string Path = "/postkamer";
    public const string Slip = "strook";
    public const string Phone = "telefoon";
    public const string Yes = "ja";
    public const string Look = "toon";
    public const string Withdraw = "intrekken";
    public const string Never = "nooit";
    public const string Countersign = "bevestigen";

    public static IResult Show(AnswerTexts texts) => texts.IsOpen ? Form(new MailRoomView { Words = Own(texts) }) : AnswerPages.Closed();

    public static async Task<IResult> TakeAsync(HttpRequest http, AnswerTexts texts, AnswerDesk desk, Texts own, CancellationToken cancel)
    {
        if (!texts.IsOpen) return AnswerPages.Closed();
        if (await AnswerForm.ReadAsync(http, cancel) is not { } form) return ErrorCatalogue.BadRequest.Problem();
        return await new Taking(form, Own(texts), texts.In(form.Language), desk, own).TakeAsync(cancel);
    }

    // Who works here reads Dutch or English; what is read aloud or posted may be in another language.
    private static AnswerWords Own(AnswerTexts texts) => texts.In(CultureInfo.CurrentUICulture.TwoLetterISOLanguageName);

    private static Microsoft.AspNetCore.Http.HttpResults.RazorComponentResult<MailRoomPage> Form(MailRoomView view, int status = StatusCodes.Status200OK) => UiSetup.Page<MailRoomPage>(new { Model = view }, status);

    // One answer.
    private sealed class Taking(AnswerForm form, AnswerWords words, AnswerWords told, AnswerDesk desk, Texts own)
    {
        private readonly List<FieldError> errors = [];

        public async Task<IResult> TakeAsync(CancellationToken cancel)
        {
            if (form.Way is not (Slip or Phone)) errors.Add(new FieldError("weg", own["MailRoom.Error.weg"]));
            if (form.Act is not (Yes or Look or Withdraw or Never or Countersign)) errors.Add(new FieldError("wat", own["MailRoom.Error.wat"]));
            else if (form.Way == Slip && form.Act != Yes) errors.Add(new FieldError("wat", own["MailRoom.Error.slip"]));
            var number = Typed.Number(form.Number, words, errors);

            // An objection needs the number alone, as on the answer page.
            var isBare = form.Act == Never && form.Code.Length == 0;
            using var code = isBare ? null : Typed.Code(form.Code, words, errors);
            if (errors.Count > 0 || number is not { } letter) return Again();
            if (await desk.FindAsync(letter, cancel) is not { } facts)
            {
                errors.Add(new FieldError(Typed.NumberField, words["number.unknown", ("typed", letter.Printed)]));
                return Again();
            }

            var view = LetterView.Of(facts);
            if (code is null)
            {
                await desk.NeverAsync(letter, cancel);
                return Told(new MailRoomResult { Outcome = "Objected", Words = told, Letter = view });
            }

            var method = form.Way == Slip ? AnswerMethod.Slip : AnswerMethod.Phone;
            return form.Act switch
            {
                Yes => await YesAsync(view, code, method, cancel),
                Look => Holder(view, await desk.StateAsync(letter, code, cancel)),
                _ => Holder(view, await desk.ActAsync(letter, code, form.Act switch { Withdraw => ConsentAct.Withdraw, Never => ConsentAct.Never, _ => ConsentAct.Countersign }, method, cancel)),
            };
        }

        private async Task<IResult> YesAsync(LetterView letter, SecretCode code, AnswerMethod method, CancellationToken cancel)
        {
            var answer = await desk.YesAsync(letter.Number, code, new AnswerChoices(), method, null, cancel);
            switch (answer.Outcome)
            {
                case YesOutcome.WrongCode:
                    return Wrong("yes.wrongCode");
                case YesOutcome.Busy:
                    return Busy();
                default:
                    return Told(new MailRoomResult
                    {
                        Outcome = answer.Outcome.ToString(),
                        Words = told,
                        Letter = letter with { IsEarly = answer.Outcome == YesOutcome.TooEarly, IsOver = answer.Outcome == YesOutcome.Over },
                        Standing = answer.Holder is { } holder ? StandingView.Of(holder) : null,
                        Receipt = answer.Receipt is { } receipt ? ReceiptView.Of(receipt, letter) : null,
                    });
            }
        }

        private IResult Holder(LetterView letter, HolderAnswer answer) => answer.Outcome switch
        {
            HolderOutcome.Nothing => Wrong("state.nothing"),
            HolderOutcome.Busy => Busy(),
            _ => Told(new MailRoomResult
            {
                Outcome = answer.Outcome == HolderOutcome.Done ? "Done." + form.Act : answer.Outcome.ToString(),
                Words = told,
                Letter = letter,
                Standing = StandingView.Of(answer.Holder!),
                Receipt = answer.Receipt is { } receipt ? ReceiptView.Of(receipt, letter) : null,
            }),
        };

        private Microsoft.AspNetCore.Http.HttpResults.RazorComponentResult<MailRoomPage> Wrong(string key)
        {
            errors.Add(new FieldError(Typed.CodeField, words[key]));
            return Again();
        }

        private Microsoft.AspNetCore.Http.HttpResults.RazorComponentResult<MailRoomPage> Again() => Form(Filled, StatusCodes.Status422UnprocessableEntity);

        private Microsoft.AspNetCore.Http.HttpResults.RazorComponentResult<MailRoomPage> Busy() => Form(Filled with { IsBusy = true }, StatusCodes.Status503ServiceUnavailable);

        private MailRoomView Filled => new() { Words = words, Number = Typed.Again(form.Number), Way = form.Way, Act = form.Act, Language = told.Language.Code, Errors = errors };

        private static Microsoft.AspNetCore.Http.HttpResults.RazorComponentResult<MailRoomResultPage> Told(MailRoomResult result) => UiSetup.Page<MailRoomResultPage>(new { Model = result });
    }
}

/// <summary>The form of the mail room, and what was filled in (nl: formulier van de postkamer). Never a code.</summary>
public sealed record MailRoomView
{
    /// <summary>The words of whoever works there.</summary>
    public required AnswerWords Words { get; init; }

    /// <summary>The number, if it could be one.</summary>
    public string Number { get; init; } = "";

    /// <summary>How it came.</summary>
    public string Way { get; init; } = "";

    /// <summary>What was asked.</summary>
    public string Act { get; init; } = "";

    /// <summary>The language of what is read aloud or posted.</summary>
    public string Language { get; init; } = AnswerTexts.Dutch;

    /// <summary>Whether too many are being worked out.</summary>
    public bool IsBusy { get; init; }

    /// <summary>What is wrong.</summary>
    public IReadOnlyList<FieldError> Errors { get; init; } = [];

    /// <summary>What is wrong with a field.</summary>
    /// <param name="field">Its id.</param>
    public string? ErrorOf(string field) => Errors.FirstOrDefault(error => error.FieldId == field)?.Text;

    /// <summary>Never which letter.</summary>
    public override string ToString() => "mail room";
}

/// <summary>What became of one answer in the mail room (nl: uitkomst).</summary>
public sealed record MailRoomResult
{
    /// <summary>A word of <c>MailRoom.Outcome.*</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>The words of what is read aloud or posted.</summary>
    public required AnswerWords Words { get; init; }

    /// <summary>The letter.</summary>
    public required LetterView Letter { get; init; }

    /// <summary>How it stands, where number and code were right.</summary>
    public StandingView? Standing { get; init; }

    /// <summary>A receipt that was made now, or null.</summary>
    public ReceiptView? Receipt { get; init; }

    /// <summary>The outcome.</summary>
    public override string ToString() => Outcome;
}
