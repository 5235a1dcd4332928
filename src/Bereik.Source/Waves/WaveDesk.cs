using Bereik.Domain;
using Bereik.Exchange.Letters;
using Bereik.Node.Decisions;
using Bereik.Source.Letters;
using Bereik.Source.Requests;

namespace Bereik.Source.Waves;

// What several steps and pages of a wave need (nl: golf).
internal static class WaveDesk
{
    // The most days between approval and posting.
    public const int MostDaysAhead = 14;

    public static LetterTerms Terms(LetterSettings settings, LetterWriter first, LetterWriter? reminder) => new(settings.RecipientAddresses, letter => first.Fits(letter) && reminder?.Fits(letter) != false);

    // For a count while the letter itself does not come out yet: what fits the window does not depend on its words.
    public static LetterWriter Specimen(LetterSettings settings) =>
        new(LetterFile.Shipped, LetterVariant.First, LetterText.Examples(LetterFile.Shipped), new LetterRules { AnswerPage = new Uri(settings.AnswerPage) });

    // Under which number of letters nothing goes out, whatever the protocol says.
    public static int Fewest(Protocol protocol) => Math.Max(Decide.FewestLetters, protocol.Find<Clause.Waves>()?.Least ?? int.MaxValue);

    // What people and steps did with letters, beside the decisions of the protocol: it is looked for in the same register. Nothing of a person is in the facts.
    public static void LogAct(this SourceDatabase database, string act, string subject, string who, object facts, DateTimeOffset now, Request? request = null) => database.Decisions.Add(new DecisionRecord
    {
        Id = Guid.NewGuid().ToString("D"),
        At = now,
        Point = "use",
        Act = act,
        Subject = subject,
        Who = who,
        Protocol = request?.Protocol ?? LetterFile.Shipped.Protocol,
        ProtocolVersion = request?.ProtocolVersion ?? "",
        ProtocolHash = request?.ReadOrder().Document.ProtocolHash.ToString() ?? "",
        Outcome = "permit",
        Reasons = "",
        Facts = System.Text.Json.JsonSerializer.Serialize(new { request = new { }, facts }, System.Text.Json.JsonSerializerOptions.Web),
    });
}
