using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Letters;

namespace Bereik.Source.Waves;

// Why a source takes up no order of letters, beside what the protocol says (nl: redenen van de bron).
internal static class WaveReasons
{
    public static readonly Reason OtherText = new("letter.otherText", "aankondiging", "De brief is niet de goedgekeurde tekst die deze bron heeft.", "The letter is not the approved text that this source has.");

    public static readonly Reason NoLetters = new("source.noLetters", null, "Deze bron verstuurt nog geen brieven.", "This source does not send letters yet.");

    // Null when the order can be taken up.
    public static Reason? Against(SourceSettings settings, LetterOrder letter) =>
        settings.Letters is null ? NoLetters : letter.Text != LetterFile.Shipped.Id || letter.TextHash.ToString() != LetterFile.Shipped.Hash ? OtherText : null;
}

// Codes of a wave that ends on its way.
internal static class WaveCode
{
    // Its day of posting came before it was ready.
    public const string Late = "wave.late";

    // Fewer may be written to than a wave must have.
    public const string TooSmall = "wave.tooSmall";

    // A letter that was laid out when it was drawn does not come out any more.
    public const string LetterChanged = "wave.letterChanged";

    // The text of the letter does not come out any more.
    public const string TextChanged = "wave.textChanged";
}
