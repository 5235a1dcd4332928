using Bereik.Domain;

namespace Bereik.Exchange.Protocols;

/// <summary>
/// The standard protocols that ship with every node (nl: meegeleverde standaardprotocollen). All nodes carry the same files,
/// so that the hash in an order means the same text everywhere.
/// </summary>
public static class ShippedProtocols
{
    private static readonly Lazy<IReadOnlyList<ProtocolFile>> Loaded = new(Load);
    private static readonly Lazy<IReadOnlyList<Protocol>> Read = new(() => [.. Loaded.Value.Select(file => file.Protocol!)]);

    /// <summary>The files, by name.</summary>
    public static IReadOnlyList<ProtocolFile> Files => Loaded.Value;

    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<Protocol> All => Read.Value;

    /// <summary>The protocol with an id and version.</summary>
    /// <param name="id">Protocol id.</param>
    /// <param name="version">Protocol version.</param>
    /// <returns>Null when none ships under that name.</returns>
    public static Protocol? Find(string id, string version) =>
        All.FirstOrDefault(protocol => protocol.Id == id && protocol.Version == version);

    /// <summary>The protocol of a list flow.</summary>
    /// <param name="flow"><see cref="Flow.Match"/> or <see cref="Flow.Unknown"/>, of which each has one.</param>
    public static Protocol Of(Flow flow) => All.Single(protocol => protocol.Flow == flow);

    private static List<ProtocolFile> Load()
    {
        var assembly = typeof(ShippedProtocols).Assembly;
        var files = new List<ProtocolFile>();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith("protocols/", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            var file = ProtocolFile.Read(bytes.ToArray());
            if (file.Errors.Count > 0) throw new InvalidDataException($"{name}:{file.Errors[0].Line}: {file.Errors[0].Code}");
            files.Add(file);
        }

        return files;
    }
}
