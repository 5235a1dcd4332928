using Bereik.Exchange.Protocols;

namespace Bereik.Exchange.Register;

// Holds what is signed against the limits of its type, by the same check as a protocol file.
internal static class DocumentShape
{
    public static ParseError? FindError<T>(T value, string member)
    {
        var errors = new List<LintError>();
        if (YamlTree.Read(StrictJson.Write(value), errors) is { } tree && errors.Count == 0) new ProtocolShape(errors).Check(tree, typeof(T), null);
        return errors.Count > 0 ? new ParseError("document.field", member) : null;
    }
}
