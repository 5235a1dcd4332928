namespace Bereik.Cli.Verify;

/// <summary>Something that was found while verifying: what is broken, or what somebody should look at (nl: bevinding).</summary>
/// <param name="Code">A stable code of <see cref="FindingText"/>, or of what was read.</param>
/// <param name="Place">Where: <c>entry N</c>, a file of the log, an option. Never a value that was read, other than an organisation's id.</param>
/// <param name="IsFlag">True when it breaks nothing: it is shown, and the exit code stays.</param>
internal sealed record Finding(string Code, string Place, bool IsFlag = false)
{
    /// <summary>What it means, in Dutch.</summary>
    public string Text => FindingText.Of(Code);
}

/// <summary>Thrown inside a check and turned into a <see cref="Finding"/> where the check began; never leaves it.</summary>
/// <param name="code">The code.</param>
internal sealed class BrokenRuleException(string code) : Exception(code)
{
    /// <summary>The code.</summary>
    public string Code { get; } = code;
}
