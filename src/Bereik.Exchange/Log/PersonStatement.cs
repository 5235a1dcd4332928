using System.Text.Json.Nodes;
using Bereik.Exchange.Protocols;

namespace Bereik.Exchange.Log;

/// <summary>What a local node received about one person (nl: wat over één persoon ontvangen is): of which disclosure, under which text, and the fields themselves.</summary>
public sealed record PersonStatement
{
    /// <summary>The order's id.</summary>
    public required Guid Order { get; init; }

    /// <summary>Handle of the disclosure.</summary>
    public required Bytes32 Handle { get; init; }

    /// <summary>The protocol's id.</summary>
    public required string Protocol { get; init; }

    /// <summary>Its version.</summary>
    public required string ProtocolVersion { get; init; }

    /// <summary>The organisation that received: 2 to 40 of <c>a-z 0-9 -</c>.</summary>
    public required string Organisation { get; init; }

    /// <summary>The organisation that gave: 2 to 40 of <c>a-z 0-9 -</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Day of receipt, Europe/Brussels.</summary>
    public required DateOnly ReceivedOn { get; init; }

    /// <summary>The last day on which it may be there, Europe/Brussels.</summary>
    public required DateOnly EraseBy { get; init; }

    /// <summary>What was received about this person, by the name of the field; what the source did not have is left out.</summary>
    public required IReadOnlyDictionary<string, string> Fields { get; init; }

    /// <summary>The bytes that are committed to: canonical JSON (RFC 8785), UTF-8.</summary>
    /// <exception cref="ArgumentException">A text holds half a surrogate pair.</exception>
    public byte[] ToBytes() => CanonicalJson.Write(ToNode());

    /// <summary>Never what was received.</summary>
    public override string ToString() => $"statement of {Order}";

    internal JsonObject ToNode() => StrictJson.ToNode(this, typeof(PersonStatement));

    internal bool HasShape() => Words.Organisation().IsMatch(Organisation) && Words.Organisation().IsMatch(Source) && Words.Protocol().IsMatch(Protocol) && Words.Version().IsMatch(ProtocolVersion)
        && Fields.All(field => field.Value is not null);
}
