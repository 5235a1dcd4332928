using Bereik.Domain;
using Bereik.Exchange.Register;
using Bereik.Node.Errors;
using Bereik.Node.Ui;
using Bereik.Source.Pages;
using Bereik.Source.Protocols;
using Party = Bereik.Domain.Party;

namespace Bereik.Source.Features;

// The advice of this organisation's own officer on a text, signed by the organisation that the officer advises.
internal static class GiveAdvice
{
    private const int LongestLine = 200;
    private const int LongestText = 1000;
    private const int Shortest = 3;

    public static async Task<IResult> HandleAsync(string id, string version, HttpContext context, OwnTexts own, RegisterSteps steps, Texts texts, CancellationToken cancel)
    {
        if (await own.FindAsync(id, version, cancel) is not { } text) return ErrorCatalogue.NotFound.Problem();
        if (!text.MayAdvise) return ErrorCatalogue.StateConflict.Problem(cause: "protocol.state");
        var form = Read(await context.Request.ReadFormAsync(cancel), text.Protocol);
        var (advice, errors) = Check(form, text.Today, texts);
        if (advice is null) return ShowProtocol.Again(text, form, errors);
        var code = await steps.SendAsync(new ProtocolAdvice { Protocol = FormText.Hash(text.Protocol.Hash), Party = Party.Source, Advice = advice, At = steps.Now }, cancel);
        return code is null ? Results.LocalRedirect($"{text.Path}?gedaan=advies") : ShowProtocol.Again(text, form, [new FieldError("uitkomst", steps.Sentence(code))]);
    }

    private static ProtocolForm Read(IFormCollection form, Protocol protocol) => ProtocolForm.Empty(protocol) with
    {
        Outcome = form["uitkomst"].ToString(), Officer = FormText.Line(form["functie"]), On = FormText.Line(form["dag"]), Summary = FormText.Line(form["samenvatting"]), NotFollowed = FormText.Line(form["nietGevolgd"]),
    };

    private static (OfficerAdvice? Advice, IReadOnlyList<FieldError> Errors) Check(ProtocolForm form, DateOnly today, Texts texts)
    {
        var errors = new List<FieldError>();
        void Wrong(bool when, string field, string text)
        {
            if (when) errors.Add(new FieldError(field, texts[text]));
        }

        var known = Enum.TryParse<AdviceOutcome>(form.Outcome, out var outcome) && Enum.IsDefined(outcome) && form.Outcome == outcome.ToString();
        var isDay = DayText.TryParse(form.On, out var day);
        Wrong(!known, "uitkomst", "Advice.Error.Outcome");
        Wrong(form.Officer.Length is < Shortest or > LongestLine, "functie", "Advice.Error.Officer");
        Wrong(!isDay, "dag", "Day.Error");
        Wrong(isDay && day > today, "dag", "Advice.Error.Future");
        Wrong(form.Summary.Length is < Shortest or > LongestText, "samenvatting", "Advice.Error.Summary");
        Wrong(known && outcome == AdviceOutcome.Unfavourable && form.NotFollowed.Length < Shortest, "nietGevolgd", "Advice.Error.NotFollowed");
        Wrong(form.NotFollowed.Length > LongestText || (known && outcome != AdviceOutcome.Unfavourable && form.NotFollowed.Length is > 0 and < Shortest), "nietGevolgd", "Advice.Error.NotFollowed.Length");
        if (errors.Count > 0) return (null, errors);
        return (new OfficerAdvice { Outcome = outcome, Officer = form.Officer, On = day, Summary = form.Summary, NotFollowed = form.NotFollowed.Length > 0 ? form.NotFollowed : null }, []);
    }
}
