using Bereik.Domain;

namespace Bereik.Exchange.Protocols;

/// <summary>A protocol file, read and checked. Authors write YAML; everything after this is its canonical JSON.</summary>
/// <param name="Protocol">Null exactly when there are errors.</param>
/// <param name="Canonical">The canonical JSON; empty when there are errors.</param>
/// <param name="Errors">Everything that is wrong, by place.</param>
public sealed record ProtocolFile(Protocol? Protocol, ReadOnlyMemory<byte> Canonical, IReadOnlyList<LintError> Errors)
{
    /// <summary>A file with more bytes is refused before it is read.</summary>
    public const int MostBytes = YamlTree.MostBytes;

    /// <summary>Reads and checks a file.</summary>
    /// <param name="yaml">Its bytes.</param>
    public static ProtocolFile Read(ReadOnlySpan<byte> yaml)
    {
        var errors = new List<LintError>();
        if (YamlTree.Read(yaml, errors) is not { } tree) return Failed(errors);
        var json = new ProtocolShape(errors).Check(tree, typeof(Protocol), null);
        if (errors.Count > 0 || json is null) return Failed(errors);

        var canonical = CanonicalJson.Write(json);
        var protocol = ProtocolJson.ToProtocol(json, canonical);
        new ProtocolRules(protocol, (YamlMap)tree, errors).Check();
        return errors.Count > 0 ? Failed(errors) : new(protocol, canonical, []);
    }

    private static ProtocolFile Failed(List<LintError> errors) =>
        new(null, default, [.. errors.OrderBy(error => error.Line).ThenBy(error => error.Column).ThenBy(error => error.Code, StringComparer.Ordinal)]);
}
