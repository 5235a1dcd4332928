using System.Security.Cryptography;
using System.Text.Json;
using Bereik.Domain;

namespace Bereik.Exchange.Protocols;

/// <summary>A framework file, read and checked in the same way as a protocol file.</summary>
/// <param name="Framework">Null exactly when there are errors.</param>
/// <param name="Errors">Everything that is wrong, by place.</param>
public sealed record FrameworkFile(Framework? Framework, IReadOnlyList<LintError> Errors)
{
    private static readonly Lazy<Framework> Embedded = new(Load);

    /// <summary>The framework that ships with every node.</summary>
    public static Framework Shipped => Embedded.Value;

    /// <summary>The framework with a hash.</summary>
    /// <param name="hash">As an accession names it.</param>
    /// <returns>Null when this node does not have it.</returns>
    public static Framework? Find(string hash) => Shipped.Hash == hash ? Shipped : null;

    /// <summary>Reads and checks a file.</summary>
    /// <param name="yaml">Its bytes.</param>
    public static FrameworkFile Read(ReadOnlySpan<byte> yaml)
    {
        var errors = new List<LintError>();
        if (YamlTree.Read(yaml, errors) is not { } tree) return new(null, errors);
        var json = new ProtocolShape(errors).Check(tree, typeof(Framework), null);
        if (errors.Count > 0 || json is null) return new(null, [.. errors.OrderBy(error => error.Line).ThenBy(error => error.Column)]);
        var framework = json.Deserialize<Framework>(ProtocolJson.Options)! with { Hash = StrictBase64Url.Encode(SHA256.HashData(CanonicalJson.Write(json))) };
        if (!framework.Measures.Any(measure => measure.Blocking)) errors.Add(new(tree.Line, tree.Column, "framework.nothingBlocks", "At least one measure is mandatory, or attesting changes nothing."));
        return errors.Count > 0 ? new(null, errors) : new(framework, []);
    }

    private static Framework Load()
    {
        using var stream = typeof(FrameworkFile).Assembly.GetManifestResourceStream("framework/vertrouwenskader.yaml") ?? throw new InvalidOperationException("vertrouwenskader.yaml is not in the assembly.");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        var file = Read(bytes.ToArray());
        return file.Framework ?? throw new InvalidDataException($"vertrouwenskader.yaml:{file.Errors[0].Line}: {file.Errors[0].Code}");
    }
}
