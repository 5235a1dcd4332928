using System.Collections.Frozen;
using Bereik.Domain;
using Bereik.Exchange.Protocols;
using Bereik.Exchange.Reference;
using Bereik.Exchange.Register;

namespace Bereik.Node.Registers;

/// <summary>The register as this node verified it, at one moment (nl: het register zoals nagekeken). Every state follows from its events; nothing else is stored.</summary>
public sealed class RegisterView
{
    private readonly FrozenDictionary<string, Protocol> byHash;
    private readonly FrozenDictionary<string, ReadOnlyMemory<byte>> canonical;
    private readonly FrozenDictionary<string, IReadOnlySet<string>> covers;
    private readonly bool syntheticOnly;

    internal RegisterView(IReadOnlyList<RegisterEntry> entries, IReadOnlyList<RegisterEvent> events, bool syntheticOnly)
    {
        this.syntheticOnly = syntheticOnly;
        Last = entries.Count > 0 ? entries[^1] : null;
        Events = events;

        // The texts that ship are known before the register has them: a node can say what it would decide by.
        var drafted = events.OfType<RegisterEvent.Drafted>().DistinctBy(one => one.ProtocolHash).ToList();
        var bytes = entries.ToDictionary(entry => entry.Sequence, entry => entry.Event);
        byHash = drafted.Select(one => one.Protocol).Concat(ShippedProtocols.All).DistinctBy(protocol => protocol.Hash).ToFrozenDictionary(protocol => protocol.Hash, StringComparer.Ordinal);
        canonical = drafted.Select(one => (one.ProtocolHash, Text: RegisterDocuments.TextOf(bytes[one.Sequence])))
            .Concat(ShippedProtocols.Files.Select(file => (ProtocolHash: file.Protocol!.Hash, Text: file.Canonical))).DistinctBy(one => one.ProtocolHash).ToFrozenDictionary(one => one.ProtocolHash, one => one.Text, StringComparer.Ordinal);
        Registered = drafted.Select(one => one.ProtocolHash).ToFrozenSet(StringComparer.Ordinal);
        covers = byHash.Values.ToFrozenDictionary(protocol => protocol.Hash, protocol => ProtocolLineage.Covers(protocol, byHash.Values), StringComparer.Ordinal);
    }

    /// <summary>The last entry; null while the register is empty.</summary>
    public RegisterEntry? Last { get; }

    /// <summary>Every event whose signer this node knows, in their order.</summary>
    public IReadOnlyList<RegisterEvent> Events { get; }

    /// <summary>Hashes of the texts that are in the register.</summary>
    public IReadOnlySet<string> Registered { get; }

    /// <summary>Every text that this node has, those that ship included; the latest version of each first.</summary>
    public IReadOnlyList<Protocol> Texts => [.. byHash.Values.OrderBy(protocol => protocol.Id, StringComparer.Ordinal).ThenByDescending(protocol => ProtocolLineage.Number(protocol.Version)).ThenBy(protocol => protocol.Hash, StringComparer.Ordinal)];

    /// <summary>A text by its hash.</summary>
    /// <param name="hash">SHA-256 of the canonical JSON, base64url.</param>
    /// <returns>Null when this node does not have it.</returns>
    public Protocol? Text(string hash) => byHash.GetValueOrDefault(hash);

    /// <summary>A text by its name; one that is registered goes before one that only ships.</summary>
    /// <param name="id">Protocol id.</param>
    /// <param name="version">Protocol version.</param>
    /// <returns>Null when this node has none of that name.</returns>
    public Protocol? Find(string id, string version) => byHash.Values.Where(protocol => protocol.Id == id && protocol.Version == version).OrderByDescending(protocol => Registered.Contains(protocol.Hash)).FirstOrDefault();

    /// <summary>The text that an order names: the very one, else another of its name, which then differs.</summary>
    /// <param name="id">Protocol id.</param>
    /// <param name="version">Protocol version.</param>
    /// <param name="hash">Hash in the order.</param>
    /// <returns>Null when this node has none of that name.</returns>
    public Protocol? Find(string id, string version, string hash) => Text(hash) is { } text && text.Id == id && text.Version == version ? text : Find(id, version);

    /// <summary>The canonical JSON of a text: what every party signs.</summary>
    /// <param name="hash">Its hash.</param>
    /// <returns>Empty when this node does not have it.</returns>
    public ReadOnlyMemory<byte> Canonical(string hash) => canonical.GetValueOrDefault(hash);

    /// <summary>Hashes of earlier texts than which a text is not wider.</summary>
    /// <param name="hash">Hash of the text.</param>
    public IReadOnlySet<string> Covers(string hash) => covers.GetValueOrDefault(hash) ?? FrozenSet<string>.Empty;

    /// <summary>How a text stands on a day.</summary>
    /// <param name="protocol">The text.</param>
    /// <param name="day">The day, Europe/Brussels.</param>
    public ProtocolStanding Standing(Protocol protocol, DateOnly day)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        return ProtocolStanding.Of(protocol, Events, Covers(protocol.Hash), day);
    }

    /// <summary>How an accession stands on a day.</summary>
    /// <param name="protocol">The text.</param>
    /// <param name="organisation">The organisation.</param>
    /// <param name="day">The day, Europe/Brussels.</param>
    /// <returns>Null when there is none that counts.</returns>
    public AccessionStanding? Accession(Protocol protocol, OrganisationId organisation, DateOnly day)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        var last = Events.OfType<RegisterEvent.Acceded>().LastOrDefault(one => one.By == organisation && one.ProtocolHash == protocol.Hash);
        return last is null ? null : AccessionStanding.Of(protocol, organisation, Events, FrameworkFile.Find(last.Accession.FrameworkHash), one => FactsOf(protocol, one.Accession, one.By, one.ByKind, BelgianTime.DayOf(one.At), one.Sequence), day);
    }

    /// <summary>The organisations that acceded to a text, each once.</summary>
    /// <param name="protocol">The text.</param>
    /// <param name="day">The day, Europe/Brussels.</param>
    public IReadOnlyList<AccessionStanding> Accessions(Protocol protocol, DateOnly day)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        return [.. Events.OfType<RegisterEvent.Acceded>().Where(one => one.ProtocolHash == protocol.Hash).Select(one => one.By).Distinct().Select(organisation => Accession(protocol, organisation, day)).OfType<AccessionStanding>()];
    }

    /// <summary>What is known when an organisation wants to join a text.</summary>
    /// <param name="protocol">The text.</param>
    /// <param name="accession">What it declares.</param>
    /// <param name="signer">Who signed; null when the key is not known.</param>
    /// <param name="kind">What that organisation is.</param>
    /// <param name="day">The day, Europe/Brussels.</param>
    /// <param name="before">Only events before this place count.</param>
    public AccessionFacts FactsOf(Protocol protocol, Accession accession, OrganisationId? signer, OrganisationKind? kind, DateOnly day, long before = long.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        ArgumentNullException.ThrowIfNull(accession);
        return new AccessionFacts
        {
            Today = day,
            SyntheticOnly = syntheticOnly,
            SignedBy = signer,
            Kind = kind,
            State = Registered.Contains(protocol.Hash) ? ProtocolStanding.Of(protocol, Events.Where(one => one.Sequence < before), Covers(protocol.Hash), day).State : null,
            Framework = FrameworkFile.Find(accession.FrameworkHash),
            Municipalities = accession.Territory.Select(period => Municipalities.Find(period.Nis)).OfType<Municipality>().DistinctBy(one => one.NisCode)
                .ToDictionary(one => one.NisCode, one => new MunicipalityFact(one.ValidFrom, one.ValidTo, one.HasOcmw), StringComparer.Ordinal),
        };
    }

    /// <summary>The municipalities for which an organisation may order on a day: those that are its own and that its accession is for.</summary>
    /// <param name="protocol">The text; null when the node does not have it.</param>
    /// <param name="organisation">The organisation.</param>
    /// <param name="own">NIS codes that it answers for, as this node knows it.</param>
    /// <param name="day">The day, Europe/Brussels.</param>
    public IReadOnlyList<string> Territory(Protocol? protocol, OrganisationId organisation, IReadOnlyList<string> own, DateOnly day) =>
        protocol is not null && Accession(protocol, organisation, day) is { } accession ? [.. own.Where(nis => accession.Act.Accession.Covers(nis, day))] : own;

    /// <summary>What the register says for a decision.</summary>
    /// <param name="protocol">The text; null when the node does not have it.</param>
    /// <param name="organisation">The organisation that received or asks.</param>
    /// <param name="now">The node's clock.</param>
    /// <param name="readAt">When the register was last read; null when it never was.</param>
    public RegisterFacts Facts(Protocol? protocol, OrganisationId organisation, DateTimeOffset now, DateTimeOffset? readAt)
    {
        TimeSpan? age = readAt is { } read ? now > read ? now - read : TimeSpan.Zero : null;
        if (protocol is null || !Registered.Contains(protocol.Hash)) return new RegisterFacts { Age = age, State = null, Accession = null, UsableUntil = null };
        var today = BelgianTime.DayOf(now);
        var (standing, accession) = (Standing(protocol, today), Accession(protocol, organisation, today));
        return new RegisterFacts
        {
            Age = age,
            State = standing.State,
            Accession = accession?.Fact,
            UsableUntil = RegisterFacts.LastDayOfUse(standing, accession, accession is null ? null : FrameworkFile.Find(accession.Act.Accession.FrameworkHash)),
        };
    }
}
