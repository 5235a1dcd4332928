namespace Bereik.Exchange.Letters;

/// <summary>Why a letter does not go out (nl: reden).</summary>
/// <param name="Code">Stable code, such as <c>letter.missing.codeBlock</c>; its sentences are in the texts of this program.</param>
/// <param name="Place">The part or block that is meant, or by how much; empty when the whole is meant. Never anything about a person.</param>
public sealed record LetterProblem(string Code, string Place = "");
