namespace Bereik.Source.Letters;

/// <summary>Why a letter does not go out (nl: reden).</summary>
/// <param name="Code">Stable code, such as <c>letter.missing.codeBlock</c>; its sentences are in the texts of this program.</param>
/// <param name="Place">The part or block that is meant, or by how much; empty when the whole is meant. Never anything about a person.</param>
internal sealed record LetterProblem(string Code, string Place = "")
{
    /// <summary>Every code there is: those of filling in, of laying out, and of the checks.</summary>
    public static IEnumerable<string> Codes =>
    [
        "letter.part.missing", "letter.part.unknown", "letter.part.tooLong", "letter.part.shape", "letter.text.letters",
        "letter.address.shape", "letter.address.letters", "letter.address.tooLarge",
        .. LetterChecks.All.Select(check => check.Code),
    ];
}
