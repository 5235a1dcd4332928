using System.Text.RegularExpressions;

namespace Bereik.Source.Letters;

/// <summary>
/// How easy a Dutch text reads (nl: leescijfer), after W.H. Douma's form of Flesch's formula (De leesbaarheid van landbouwbladen, Wageningen, 1960):
/// 206.84 - 0.93 x words per sentence - 77 x syllables per word. Higher is easier: 60 to 70 is ordinary, 70 to 80 fairly easy, 80 to 90 easy.
/// It counts lengths and knows nothing of meaning, so a good figure is needed and never enough.
/// </summary>
internal sealed partial record ReadingLevel(int Sentences, int Words, int Syllables)
{
    /// <summary>The figure; 0 for a text without words.</summary>
    public double Figure => Words == 0 ? 0 : 206.84 - (0.93 * Words / Sentences) - (77.0 * Syllables / Words);

    /// <summary>Counts pieces of text, of which each ends a sentence: headings, entries of a list, paragraphs.</summary>
    public static ReadingLevel Of(IEnumerable<string> pieces)
    {
        var (sentences, words, syllables) = (0, 0, 0);
        foreach (var sentence in pieces.SelectMany(piece => SentenceEnd().Split(piece)))
        {
            var found = Word().Matches(sentence);
            if (found.Count == 0) continue;
            sentences++;
            words += found.Count;
            syllables += found.Sum(word => SyllablesOf(word.Value));
        }

        return new(sentences, words, syllables);
    }

    /// <summary>Syllables of one word, counted by its groups of vowels; letters that are said one by one (OCMW) count each.</summary>
    public static int SyllablesOf(string word)
    {
        if (word.Length > 1 && word.All(char.IsUpper)) return word.Length;
        return Math.Max(1, Vowels().Count(word.ToLowerInvariant()));
    }

    // A point within a number or an address of a page ends nothing: after it there is no space.
    [GeneratedRegex(@"(?<=[.!?:;])\s+", RegexOptions.CultureInvariant)]
    private static partial Regex SentenceEnd();

    // Figures alone are read in many ways and count as no word.
    [GeneratedRegex(@"\p{L}[\p{L}\p{M}'’]*", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    // The longest groups that are one sound; with a diaeresis a new one begins. A y is a vowel between consonants and the begin of a syllable before a vowel.
    [GeneratedRegex("ëe|ëi|aai|ooi|oei|eeu|ieu|aa|ee|oo|uu|ie|oe|eu|ui|ei|ij|au|ou|[aeiouáàâéèêíìîóòôúùûäëïöü]|(?<![aeiou])y(?![aeiou])", RegexOptions.CultureInvariant)]
    private static partial Regex Vowels();
}
