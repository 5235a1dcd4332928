using System.Text.Json.Serialization;
using Bereik.Domain;
using Bereik.Edge;
using Bereik.Exchange.Protocols;

namespace Bereik.Local;

// Settings of a local node: one organisation, a gemeente or an OCMW, never both.
internal sealed class LocalSettings : EdgeSettings
{
    /// <summary>Municipality or public centre for welfare; decides the one flow that this node may order.</summary>
    public OrganisationKind? Kind { get; init; }

    /// <summary>NIS codes that the organisation answers for, five digits each; the first is the one it orders for unless another is chosen.</summary>
    public IReadOnlyList<string> Nis { get; init; } = [];

    /// <summary>The OCMW's known clients, CSV.</summary>
    public string? KnownFile { get; init; }

    /// <summary>The gemeente's residents, CSV.</summary>
    public string? ResidentsFile { get; init; }

    /// <summary>Whether the file is read at start when it is newer than what is there.</summary>
    public bool ImportAtStart { get; init; }

    /// <summary>Whether a received list may be taken out as a file. What leaves that way is out of reach of erasure.</summary>
    public bool AllowExport { get; init; }

    /// <summary>A file with the outcomes that a contact can have, in place of those that ship; JSON as <c>Referrals/uitkomsten.json</c>.</summary>
    public string? OutcomesFile { get; init; }

    /// <summary>Where the keys of households lie, apart from the store and from its copies; beside the data folder's store when nothing else is said.</summary>
    public string? HouseholdKeys { get; init; }

    /// <summary>Seconds from one round to the next, at whose instants this node sends what it says of referrals; 900 when nothing else is said.</summary>
    public int ReferralRoundSeconds { get; init; } = 900;

    /// <summary>The path of the file with outcomes, or null.</summary>
    [JsonIgnore]
    public string? OutcomesPath => OutcomesFile is { Length: > 0 } path ? Resolve(path) : null;

    /// <summary>The folder of the keys of households.</summary>
    [JsonIgnore]
    public string HouseholdKeyFolder => HouseholdKeys is { Length: > 0 } path ? Resolve(path) : Path.Combine(DataFolder, "households");

    [JsonIgnore]
    public override IReadOnlyList<OrganisationKind> Kinds => Kind is { } kind ? [kind] : [];

    [JsonIgnore]
    public Flow Flow => Kind == OrganisationKind.Municipality ? Flow.Match : Flow.Unknown;

    [JsonIgnore]
    public Protocol Protocol => ShippedProtocols.Of(Flow);

    /// <summary>Which kind of file this organisation keeps.</summary>
    [JsonIgnore]
    public string FileKind => Flow == Flow.Match ? "residents" : "known";

    /// <summary>The path of its own file, or null.</summary>
    [JsonIgnore]
    public string? PersonsFile => (Flow == Flow.Match ? ResidentsFile : KnownFile) is { Length: > 0 } path ? Resolve(path) : null;

    /// <summary>Where token sets and packages lie on their way.</summary>
    [JsonIgnore]
    public string ExchangeFolder => Path.Combine(DataFolder, "exchange");

    public override IEnumerable<string> Problems()
    {
        foreach (var problem in base.Problems()) yield return problem;
        if (Kind is not (OrganisationKind.Municipality or OrganisationKind.PublicCentreForWelfare)) yield return "Setting 'kind' must be 'municipality' or 'publicCentreForWelfare'.";
        if (Nis.Count == 0) yield return "Setting 'nis' is missing: the NIS codes for which this organisation may order.";
        if (ReferralRoundSeconds is < 1 or > 86_400) yield return "Setting 'referralRoundSeconds' must be 1 to 86400.";
        if (Nis.Any(code => code is not { Length: 5 } || !code.All(char.IsAsciiDigit))) yield return "Setting 'nis' holds a code that is not five digits.";
        if (string.IsNullOrWhiteSpace(Keys.Sealing)) yield return "Setting 'keys.sealing' is missing: without it no package can be opened.";
        if (KnownFile is not null && Flow == Flow.Match) yield return "Setting 'knownFile' is for an OCMW; a gemeente does not have the OCMW's clients.";
        if (ResidentsFile is not null && Flow == Flow.Unknown) yield return "Setting 'residentsFile' is for a gemeente.";
        if (ImportAtStart && PersonsFile is null) yield return $"Setting 'importAtStart' needs '{FileKind}File'.";
        if (ImportAtStart && PersonsFile is { } file && !File.Exists(file)) yield return $"Setting '{FileKind}File' names a file that does not exist.";
        if (Peer(Protocol.Source.Value) is not { Kind: OrganisationKind.Source } source) yield return $"Setting 'peers' does not name the source '{Protocol.Source}' of the protocol.";
        else if (source.Token is null) yield return "Setting 'peers[source].token' is missing: without it no tokens can be made.";
    }
}
