using Bereik.Domain;
using Bereik.Exchange.Protocols;

namespace Bereik.Exchange.Register;

/// <summary>Which earlier texts of a protocol a later one does not widen (nl: afstamming). Advice and consent given on those still count.</summary>
public static class ProtocolLineage
{
    /// <summary>Hashes of the earlier versions than which a text is not wider.</summary>
    /// <param name="protocol">The later text.</param>
    /// <param name="texts">Every text that is known.</param>
    public static IReadOnlySet<string> Covers(Protocol protocol, IEnumerable<Protocol> texts)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        ArgumentNullException.ThrowIfNull(texts);
        return texts.Where(earlier => earlier.Id == protocol.Id && earlier.Hash != protocol.Hash && Number(earlier.Version) < Number(protocol.Version)
            && ProtocolDiff.Overall(ProtocolDiff.Compare(earlier, protocol)) != ChangeClass.Wider).Select(earlier => earlier.Hash).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>A version as a number that compares.</summary>
    /// <param name="version">Of a checked text, for example <c>1.10</c>.</param>
    public static int Number(string version)
    {
        ArgumentNullException.ThrowIfNull(version);
        var dot = version.IndexOf('.', StringComparison.Ordinal);
        return (int.Parse(version.AsSpan(0, dot), System.Globalization.CultureInfo.InvariantCulture) * 1000) + int.Parse(version.AsSpan(dot + 1), System.Globalization.CultureInfo.InvariantCulture);
    }
}
