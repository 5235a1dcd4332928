namespace Bereik.Magda;

/// <summary>
/// Why a file is no readable answer, and where. Codes are stable.
/// </summary>
/// <param name="Code">One of the constants of <see cref="MagdaErrorCodes"/>.</param>
/// <param name="Line">Line from 1; 0 when the error has no place in the text.</param>
/// <param name="Column">Column from 1; 0 when the error has no place in the text.</param>
// INVARIANT: nothing that stood in the file is in an error: an answer is full of personal data, and errors are logged.
public sealed record MagdaError(string Code, int Line, int Column)
{
    /// <summary>What the code means, an English sentence without data and without a full stop.</summary>
    public string Meaning => MagdaErrorCodes.Meaning(Code);
}

/// <summary>
/// Something in a readable answer that deserves a look, and where. The answer stays usable.
/// </summary>
/// <param name="Code">One of the <c>Finding</c> constants of <see cref="MagdaErrorCodes"/>.</param>
/// <param name="Line">Line from 1.</param>
/// <param name="Column">Column from 1.</param>
public sealed record MagdaFinding(string Code, int Line, int Column);
