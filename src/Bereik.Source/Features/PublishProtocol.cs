using Bereik.Domain;
using Bereik.Exchange.Register;
using Bereik.Node.Decisions;
using Bereik.Node.Errors;
using Bereik.Node.Requests;
using Bereik.Node.Ui;
using Bereik.Source.Pages;
using Bereik.Source.Protocols;

namespace Bereik.Source.Features;

// This organisation makes a text public. Decided here first, on the register as the hub tells it now, and by the hub again.
internal static class PublishProtocol
{
    private const int MostPlaces = 20;

    public static async Task<IResult> HandleAsync(
        string id, string version, HttpContext context, Actor actor, OwnTexts own, RegisterSteps steps, SourceDatabase database, Texts texts, CancellationToken cancel)
    {
        if (await own.FindAsync(id, version, cancel) is not { } text) return ErrorCatalogue.NotFound.Problem();
        var asked = await context.Request.ReadFormAsync(cancel);
        var places = FormText.Lines(asked["plaatsen"]);
        var form = ProtocolForm.Empty(text.Protocol) with { Places = string.Join('\n', places) };
        if (asked["hash"] != text.Protocol.Hash) return ShowProtocol.Again(text, form, [new FieldError("tekst", steps.Sentence("form.otherText"))]);
        if (places.Count == 0) return ShowProtocol.Again(text, form, [new FieldError("plaatsen", texts["Publish.Error.None"])], text.Standing.Publishable.Reasons);
        if (places.Count > MostPlaces || !places.All(ProtocolPublication.IsPlace)) return ShowProtocol.Again(text, form, [new FieldError("plaatsen", texts["Publish.Error.Place"])], text.Standing.Publishable.Reasons);
        if (await steps.ReadAsync(cancel) is { } unread) return ShowProtocol.Again(text, form, [new FieldError("plaatsen", steps.Sentence(unread))]);

        text = (await own.FindAsync(id, version, cancel))!;
        if (!text.MayPublish) return ErrorCatalogue.StateConflict.Problem(cause: "protocol.state");
        var decision = await DecideAsync(text, places, ((Actor.Person)actor).Who.Name, steps.Now, database, cancel);

        // SECURITY: nothing is signed before the one decision permits, so that no publication of an unverified text exists anywhere.
        if (decision.Outcome != Outcome.Permit) return ShowProtocol.Again(text, form, [new FieldError("redenen", texts["Publish.Refused"])], decision.Reasons);
        var code = await steps.SendAsync(new ProtocolPublication { Protocol = FormText.Hash(text.Protocol.Hash), Places = places, At = steps.Now }, cancel);
        return code is null ? Results.LocalRedirect($"{text.Path}?gedaan=bekend") : ShowProtocol.Again(text, form, [new FieldError("plaatsen", steps.Sentence(code))]);
    }

    private static async Task<Decision> DecideAsync(OwnText text, IReadOnlyList<string> places, string person, DateTimeOffset now, SourceDatabase database, CancellationToken cancel)
    {
        var (protocol, standing) = (text.Protocol, text.Standing);
        var facts = new PublicationFacts
        {
            Today = text.Today,
            Advices = standing.Advices.ToDictionary(advice => advice.Party, advice => advice.Advice),
            SignedBy = standing.SignedBy.ToHashSet(),
            Places = places,
        };
        var decision = Decide.Publish(protocol, facts);
        database.LogDecision(
            decision, new DecisionContext(now, DecisionPoint.Publish, "protocol.publish", protocol.Id, person, protocol.Id, protocol.Version, protocol.Hash),
            new { places }, new { facts.Today, advisedBy = standing.Advices.Select(advice => advice.Party), standing.SignedBy });
        await database.SaveChangesAsync(cancel);
        return decision;
    }
}
