namespace Bereik.Exchange.Protocols;

/// <summary>Something wrong in a protocol file, with its place.</summary>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1.</param>
/// <param name="Code">Stable code, for example <c>key.unknown</c>.</param>
/// <param name="Message">One sentence; names keys of the vocabulary and never quotes a longer text of the file.</param>
public sealed record LintError(int Line, int Column, string Code, string Message);
