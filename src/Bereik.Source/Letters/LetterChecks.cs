using System.Globalization;
using System.Text.RegularExpressions;
using Bereik.Exchange.Invitations;
using Bereik.Exchange.Letters;

namespace Bereik.Source.Letters;

/// <summary>One thing that a letter must or must not have (nl: controle).</summary>
/// <param name="Code">Stable code of the refusal.</param>
/// <param name="EachLetter">Looks at what is this letter's own; the others are the same for all letters of a run.</param>
/// <param name="Fails">Null when the page is as it should be; else what is meant, without anything of a person.</param>
internal sealed record LetterCheck(string Code, bool EachLetter, Func<LetterPage, string?> Fails);

/// <summary>
/// Every item of the lists of what a letter must contain and must not contain, each as one check, over the filled-in text and the laid-out page. A letter that
/// fails one does not come out, and the reasons are all of those that it fails (nl: briefcontrole).
/// </summary>
internal static partial class LetterChecks
{
    /// <summary>Words that no letter has: they name people as a problem.</summary>
    public static readonly IReadOnlyList<string> ForbiddenWords = ["armoede", "arm", "arme", "armen", "kwetsbaar", "kwetsbare", "kwetsbaarheid", "doelgroep", "doelgroepen", "kansarm", "kansarme", "kansarmen", "behoeftig", "behoeftige", "minderbedeeld", "minderbedeelde"];

    /// <summary>Every code there is: those of filling in, of laying out, and of the checks.</summary>
    public static IEnumerable<string> Codes =>
    [
        "letter.part.missing", "letter.part.unknown", "letter.part.tooLong", "letter.part.shape", "letter.text.letters",
        "letter.address.shape", "letter.address.letters", "letter.address.tooLarge",
        .. All.Select(check => check.Code),
    ];

    private const string Pages = @"(?<![@\p{L}\p{N}.-])(?:https?://)?[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.[\p{L}]{2,}(?![\p{L}\p{N}@-])(?:/[^\s,;]*)?";

    /// <summary>All of them, in the order of the lists.</summary>
    public static readonly IReadOnlyList<LetterCheck> All =
    [
        // What it must contain.
        Missing("letter.missing.sender", page => Put(page, PageRole.Sender, page.Text.Template.Sender.Name) && HasParts(page, "date", "signer")),
        Missing("letter.missing.why", page => Says(page, "u krijgt (?:een|de) sociale toeslag") && Says(page, "groeipakket")),
        Missing("letter.missing.offer", page => HasParts(page, "offer", "service", "street", "contact", "municipality")),
        Missing("letter.missing.unknown", page => Says(page, "ocmw[^.]* weet niet dat u deze brief krijgt")),
        Missing("letter.missing.data", page => Says(page, @"\balleen uw naam\b[^.]*\badres\b") && Says(page, "maatschappelijk werker") && Says(page, "beroepsgeheim") && Says(page, @"uw gegevens alleen\b") && HasParts(page, "from", "until")),
        Missing("letter.missing.answers", page => Says(page, @"\bzegt u ja\b") && Says(page, @"\bnee\b") && Says(page, @"\bnooit meer\b") && Says(page, "stuur de strook") && Says(page, "kom langs") && HasParts(page, "lastDay", "phone", LetterFile.Site)),
        Missing("letter.missing.noEffect", page => Says(page, "nee zeg|zegt u nee") && Says(page, "niets doe|doet u niets") && Says(page, "verandert niets aan uw groeipakket") && Says(page, "hulp van het ocmw") && Says(page, "kost niets|gratis")),
        Missing("letter.missing.change", page => Says(page, "intrekken") && Says(page, "wist het ocmw")),
        Missing("letter.missing.help", page => HasParts(page, "phone", "hours") && Says(page, @"\btolk\b") && Says(page, "mag u helpen")),
        Missing("letter.missing.rights", page => Says(page, "verantwoordelijk") && HasPart(page, "dpo") && Says(page, "inkijken") && Says(page, "verbeteren") && Says(page, "bezwaar") && Says(page, "toezichtcommissie|gegevensbeschermingsautoriteit")),
        Missing("letter.missing.fraud", page => Sentences(page).Any(sentence => Has(sentence, "nooit") && Has(sentence, @"\bbank") && Has(sentence, "pincode") && Has(sentence, "itsme") && Has(sentence, @"\bgeld\b"))),
        new("letter.missing.codeBlock", EachLetter: true, page => IsNumber(page.Letter.Number) && IsCode(page.Letter.Code) && Large(page, PageRole.Number, page.Letter.Number) && Large(page, PageRole.Code, page.Letter.Code) ? null : ""),

        // What it must not contain.
        Forbidden("letter.forbidden.amount", page => page.Dutch, @"€|\beuro\b|\beur\b|[0-9]\s?,[0-9]{2}\b|[0-9]\.[0-9]{3}\b"),
        new("letter.forbidden.insz", EachLetter: true, page => page.Lines.Any(line => Insz().IsMatch(line)) || page.Dutch.Any(block => Insz().IsMatch(block)) ? "" : null),
        new("letter.forbidden.person", EachLetter: true, page => page.Letter.Withheld.Any(name => !Same(name, page.Letter.Name) && page.Lines.Any(line => Names(line, name))) ? "" : null),
        Forbidden("letter.forbidden.word", page => page.Dutch, $@"\b(?:{string.Join('|', ForbiddenWords)})\b"),
        Forbidden("letter.forbidden.money", page => Sentences(page).Where(sentence => !Has(sentence, @"\bnooit\b")), @"\b(?:geld|bedrag|bedragen|premie|premies|korting|kortingen|terugbetaling|uitbetaling|verdienen|winnen)\b"),
        Forbidden("letter.forbidden.urgency", page => page.Dutch, @"\b(?:laatste (?:kans|oproep)|dringend|dringende|haast|haastig|snel|onmiddellijk|meteen|verplicht|moet u)\b|!"),
        Forbidden("letter.forbidden.law", page => page.Dutch, @"\b(?:artikel|artikelen|art\.|decreet|decreten|verordening|wetboek|avg|gdpr|paragraaf)\b|§|\bwet van\b"),
        Forbidden("letter.forbidden.ticked", page => page.Text.Blocks.Select(block => block.Text), @"[☑☒✓✔✗✘■▪●]|\[[xX]\]"),
        Forbidden("letter.forbidden.question", page => Sentences(page).Where(sentence => sentence.EndsWith('?') || Has(sentence, @"\b(?:vul|noteer|vermeld)\b")), @"\b(?:inkomen|inkomens|loon|verdient|uitkering|schuld|schulden|ziek|ziekte|gezondheid|handicap|medicijnen)\b"),
        new("letter.forbidden.page", EachLetter: false, page => page.Dutch.Any(block => Addresses().Matches(block).Any(found => found.Value.TrimEnd('.', ',') != page.Rules.Site)) || !Safe(page.Rules.AnswerPage) ? "" : null),
        new("letter.forbidden.tracking", EachLetter: true, page => page.Items.OfType<PagePicture>().All(picture => picture.Holds == page.Letter.Number || picture.Holds == page.Rules.AnswerPage.AbsoluteUri + page.Letter.Number) && page.Items.OfType<PagePicture>().Count() == 1 ? null : ""),
        new("letter.forbidden.codeTwice", EachLetter: true, page => page.Lines.Count(line => Bare(line).Contains(Bare(page.Letter.Code), StringComparison.Ordinal)) == 1 && !page.Items.OfType<PagePicture>().Any(picture => Bare(picture.Holds).Contains(Bare(page.Letter.Code), StringComparison.Ordinal)) ? null : ""),
        new("letter.forbidden.recipientLarger", EachLetter: false, page => page.Items.OfType<PageWords>().Any(words => words.Role != PageRole.Sender && Has(words.Words.Text, "ocmw") && words.Words.Points >= SenderPoints(page)) ? "" : null),

        // How it is written and laid out.
        new("letter.reading", EachLetter: false, page => Level(page).Figure < page.Rules.LeastReading ? Level(page).Figure.ToString("0.0", CultureInfo.InvariantCulture) : null),
        new("letter.reminder", EachLetter: false, page => page.Dutch.Any(block => Has(block, @"hebt u al geantwoord\? dan hoeft u niets te doen")) == (page.Text.Variant == LetterVariant.Reminder) ? null : ""),
        new("letter.language", EachLetter: false, page => page.Rules.LanguageGround is null ? page.Text.Blocks.FirstOrDefault(block => block.Language is not null)?.Id : null),
        new("letter.page.overflow", EachLetter: false, page => page.OverflowMillimetres > 0 ? $"{Math.Ceiling(page.OverflowMillimetres).ToString(CultureInfo.InvariantCulture)} mm" : null),
        new("letter.page.small", EachLetter: false, page => page.Items.OfType<PageWords>().Any(words => words.Role != PageRole.Address && words.Words.Points < LetterLayout.TextPoints) ? "" : null),
        new("letter.page.outside", EachLetter: true, page => page.Items.Any(item => !LetterPage.Side.Holds(item.Box)) ? "" : null),
        new("letter.window.address", EachLetter: true, page => page.Items.Where(item => item.Role == PageRole.Address).All(item => LetterWindow.Always.Holds(item.Box)) && page.Items.Any(item => item.Role == PageRole.Address) ? null : ""),
        new("letter.window.other", EachLetter: true, page => page.Items.Any(item => item.Role != PageRole.Address && LetterWindow.Ever.Touches(item.Box)) || page.Items.OfType<PageWords>().Any(words => words.Role == PageRole.Address && Has(words.Words.Text, @"\bocmw\b|toeslag|groeipakket|sociaal huis")) ? "" : null),
    ];

    /// <summary>Those of a letter that only tells something and asks for no yes: without what such a letter must say, and without a code.</summary>
    public static readonly IReadOnlyList<LetterCheck> OfNews =
        [.. All.Where(check => !check.Code.StartsWith("letter.missing.", StringComparison.Ordinal) && check.Code is not ("letter.forbidden.tracking" or "letter.forbidden.codeTwice"))];

    /// <summary>The checks of one page: those of the run, or those of each letter.</summary>
    /// <param name="checks">What it is held to.</param>
    /// <param name="page">The page.</param>
    /// <param name="eachLetter">Whether those of each letter are meant.</param>
    /// <returns>Every reason; none when it may go out.</returns>
    public static IReadOnlyList<LetterProblem> Run(IReadOnlyList<LetterCheck> checks, LetterPage page, bool eachLetter) =>
        [.. checks.Where(check => check.EachLetter == eachLetter).Select(check => check.Fails(page) is { } place ? new LetterProblem(check.Code, place) : null).OfType<LetterProblem>()];

    /// <summary>How easy the text reads: all Dutch words of the page but addresses, numbers and codes.</summary>
    public static ReadingLevel Level(LetterPage page) => ReadingLevel.Of(page.Dutch);

    private static LetterCheck Missing(string code, Func<LetterPage, bool> holds) => new(code, EachLetter: false, page => holds(page) ? null : "");

    private static LetterCheck Forbidden(string code, Func<LetterPage, IEnumerable<string>> where, string pattern) => new(code, EachLetter: false, page => where(page).Any(text => Has(text, pattern)) ? "" : null);

    private static bool Has(string text, string pattern) => Regex.IsMatch(LetterText.Plain(text), pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    private static bool Says(LetterPage page, string pattern) => page.Dutch.Any(block => Has(block, pattern));

    private static IEnumerable<string> Sentences(LetterPage page) => page.Dutch.SelectMany(block => SentenceEnd().Split(block));

    private static bool HasParts(LetterPage page, params IEnumerable<string> parts) => parts.All(part => HasPart(page, part));

    private static bool HasPart(LetterPage page, string part) => page.Text.Values.TryGetValue(part, out var value) && page.Dutch.Any(block => block.Contains(LetterText.Plain(value), StringComparison.Ordinal));

    private static bool Put(LetterPage page, PageRole role, string words) => page.Items.OfType<PageWords>().Any(item => item.Role == role && item.Words.Text == words);

    private static bool Large(LetterPage page, PageRole role, string words) => page.Items.OfType<PageWords>().Any(item => item.Role == role && item.Words.Text == words && item.Words.Points >= LetterLayout.CodePoints);

    private static float SenderPoints(LetterPage page) => page.Items.OfType<PageWords>().Where(words => words.Role == PageRole.Sender).Select(words => words.Words.Points).DefaultIfEmpty(0).Max();

    private static bool Same(string one, string other) => CultureInfo.InvariantCulture.CompareInfo.Compare(one, other, CompareOptions.IgnoreCase | CompareOptions.IgnoreNonSpace) == 0;

    // The whole name as words of the line, whatever its capitals and accents.
    private static bool Names(string line, string name)
    {
        var at = CultureInfo.InvariantCulture.CompareInfo.IndexOf($" {line} ", $" {name} ", CompareOptions.IgnoreCase | CompareOptions.IgnoreNonSpace);
        return at >= 0;
    }

    private static string Bare(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToUpperInvariant();

    // The page where one answers: https, and nothing in its address that differs from one person to the next or hides where it leads.
    private static bool Safe(Uri page) => page is { IsAbsoluteUri: true, Scheme: "https", Query: "", Fragment: "", UserInfo: "" } && page.AbsolutePath.EndsWith('/') && page.Host.Contains('.', StringComparison.Ordinal) && !Shorteners.Contains(page.Host);

    private static readonly HashSet<string> Shorteners = new(StringComparer.OrdinalIgnoreCase) { "bit.ly", "t.co", "tinyurl.com", "goo.gl", "ow.ly", "is.gd", "t.ly", "qr.link", "shorturl.at", "buff.ly", "rb.gy", "cutt.ly" };

    // As it is printed, check characters and all: what nobody can type back does not go out.
    private static bool IsNumber(string text) => LetterNumber.TryRead(text, out var number) && number.Printed == text;

    private static bool IsCode(string text)
    {
        if (!SecretCode.TryRead(text, out var code)) return false;
        using (code)
        {
            Span<char> printed = stackalloc char[SecretCode.PrintedLength];
            code.Print(printed);
            return printed.SequenceEqual(text);
        }
    }

    [GeneratedRegex(@"(?<![0-9+])[0-9]{2}[. ]?[0-9]{2}[. ]?[0-9]{2}[-. ]?[0-9]{3}[-. ]?[0-9]{2}(?![0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex Insz();

    [GeneratedRegex(@"(?<=[.!?:])\s+", RegexOptions.CultureInvariant)]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(Pages, RegexOptions.CultureInvariant)]
    private static partial Regex Addresses();
}
