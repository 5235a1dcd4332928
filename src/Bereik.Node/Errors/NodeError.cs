namespace Bereik.Node.Errors;

/// <summary>One expected failure at a node's edge (nl: fout), with its stable code.</summary>
/// <param name="Code">Stable code, <c>subject.what</c>.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Type">Problem type, a URN.</param>
/// <param name="Text">What happened and what one can do, in Dutch.</param>
/// <param name="TextEnglish">The same in English.</param>
public sealed record NodeError(string Code, int Status, string Type, string Text, string TextEnglish);
