using Bereik.Exchange.Letters;

namespace Bereik.Source.Waves;

// What a source itself fills in on its letters, and to which addresses none goes (nl: instellingen van de brieven).
internal sealed class LetterSettings
{
    // Where one answers: https, ending in a slash.
    public string AnswerPage { get; init; } = "";

    // The source's own telephone.
    public string Phone { get; init; } = "";

    // Mail address of its data protection officer.
    public string Officer { get; init; } = "";

    // Who signs.
    public string Signer { get; init; } = "";

    // Where the slip goes, with the number that saves the stamp.
    public string ReplyNumber { get; init; } = "";

    // Addresses of a recipient, or run by one, such as a shelter: nobody there gets a letter. With every box of the house.
    public IReadOnlyList<HouseSettings> RecipientAddresses { get; init; } = [];

    // Whether number, code and address of each letter are also written as text. For simulated people, and refused on real numbers.
    public bool AlsoAsText { get; init; }

    public IEnumerable<string> Problems(bool syntheticOnly)
    {
        if (!Uri.TryCreate(AnswerPage, UriKind.Absolute, out var page) || page is not { Scheme: "https", Query: "", Fragment: "", UserInfo: "" } || !AnswerPage.EndsWith('/')) yield return "Setting 'letters.answerPage' must be an https address that ends in '/'.";

        // SECURITY: the codes of a wave in a file that a program reads are a way to say yes for everybody in it.
        if (AlsoAsText && !syntheticOnly) yield return "Setting 'letters.alsoAsText' is for trials and needs 'allowSyntheticNumbers'.";
        var parts = new Dictionary<string, string>(LetterText.Examples(LetterFile.Shipped));
        foreach (var (part, _, value) in Own) parts[part] = value;
        var (_, problems) = LetterText.Fill(LetterFile.Shipped, LetterVariant.First, parts, new LetterRules { AnswerPage = new("https://antwoord.example/") });
        foreach (var problem in problems) yield return $"Setting 'letters.{Own.First(own => own.Part == problem.Place).Setting}' does not fit its place in the letter: {problem.Code}.";
        foreach (var (house, index) in RecipientAddresses.Select((house, index) => (house, index)))
        {
            if (string.IsNullOrWhiteSpace(house.Street) || string.IsNullOrWhiteSpace(house.HouseNumber) || string.IsNullOrWhiteSpace(house.Postcode)) yield return $"Setting 'letters.recipientAddresses[{index}]' needs 'street', 'houseNumber' and 'postcode'.";
        }
    }

    // The parts of the letter that are the same in every wave of this source.
    public IReadOnlyList<(string Part, string Setting, string Value)> Own => [("sourcePhone", "phone", Phone), ("dpo", "officer", Officer), ("signer", "signer", Signer), ("replyNumber", "replyNumber", ReplyNumber)];
}

// A house, with every box in it.
internal sealed class HouseSettings
{
    public string Street { get; init; } = "";

    public string HouseNumber { get; init; } = "";

    public string Postcode { get; init; } = "";
}
