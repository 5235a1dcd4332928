using System.Text.Json.Serialization;
using Bereik.Domain;
using Bereik.Edge;
using Bereik.Exchange.Protocols;

namespace Bereik.Local;

// Settings of a local node: one organisation of one kind. A gemeente and an OCMW order lists; a CAW, a DMW and a referrer do not, and have nothing that belongs to lists.
internal sealed class LocalSettings : EdgeSettings
{
    /// <summary>What the organisation is; decides which lists it may order, if any, and which protocols it may join.</summary>
    public OrganisationKind? Kind { get; init; }

    /// <summary>NIS codes that the organisation answers for or works in, five digits each; the first is the one it orders for unless another is chosen. A referrer needs none.</summary>
    public IReadOnlyList<string> Nis { get; init; } = [];

    /// <summary>The OCMW's known clients, CSV.</summary>
    public string? KnownFile { get; init; }

    /// <summary>The gemeente's residents, CSV.</summary>
    public string? ResidentsFile { get; init; }

    /// <summary>Whether the file is read at start when it is newer than what is there.</summary>
    public bool ImportAtStart { get; init; }

    /// <summary>Whether a received list may be taken out as a file. What leaves that way is out of reach of erasure.</summary>
    public bool AllowExport { get; init; }

    /// <summary>A file with the outcomes that a contact can have, in place of those that ship; JSON as <c>Contacts/uitkomsten.json</c>.</summary>
    public string? OutcomesFile { get; init; }

    /// <summary>A file with the words that workers read aloud, in place of those that ship; JSON as <c>Contacts/woorden.json</c>.</summary>
    public string? WordsFile { get; init; }

    /// <summary>Where the keys of households lie, apart from the store and from its copies; beside the data folder's store when nothing else is said.</summary>
    public string? HouseholdKeys { get; init; }

    /// <summary>Seconds from one round to the next, at whose instants this node sends what it says of referrals; 900 when nothing else is said.</summary>
    public int ReferralRoundSeconds { get; init; } = 900;

    /// <summary>The path of the file with outcomes, or null.</summary>
    [JsonIgnore]
    public string? OutcomesPath => OutcomesFile is { Length: > 0 } path ? Resolve(path) : null;

    /// <summary>The path of the file with words, or null.</summary>
    [JsonIgnore]
    public string? WordsPath => WordsFile is { Length: > 0 } path ? Resolve(path) : null;

    /// <summary>The folder of the keys of households.</summary>
    [JsonIgnore]
    public string HouseholdKeyFolder => HouseholdKeys is { Length: > 0 } path ? Resolve(path) : Path.Combine(DataFolder, "households");

    [JsonIgnore]
    public override IReadOnlyList<OrganisationKind> Kinds => Kind is { } kind ? [kind] : [];

    /// <summary>The one flow of lists that this kind of organisation may order; null for one that orders none.</summary>
    [JsonIgnore]
    public Flow? ListFlow => Kind switch
    {
        OrganisationKind.Municipality => Flow.Match,
        OrganisationKind.PublicCentreForWelfare => Flow.Unknown,
        _ => null,
    };

    /// <summary>Whether this kind of organisation hands people over, or receives them, with their consent. A gemeente does neither.</summary>
    [JsonIgnore]
    public bool HasReferrals => Kind is not OrganisationKind.Municipality;

    /// <summary>Whether this kind of organisation asks for letters by a source: an OCMW alone.</summary>
    [JsonIgnore]
    public bool HasLetters => Kind is OrganisationKind.PublicCentreForWelfare;

    /// <summary>The protocol that ships for its letters. Asked only where there are letters.</summary>
    [JsonIgnore]
    public Protocol LetterProtocol => HasLetters ? ShippedProtocols.Of(Flow.Messenger) : throw new InvalidOperationException("This kind of organisation orders no letters.");

    [JsonIgnore]
    public override bool MakesTokens => !OrdersNothing;

    /// <summary>The protocol that ships for its lists. Asked only where there are lists.</summary>
    [JsonIgnore]
    public Protocol ListProtocol => ListFlow is { } flow ? ShippedProtocols.Of(flow) : throw new InvalidOperationException("This kind of organisation orders no lists.");

    /// <summary>Which kind of file this organisation keeps, where it orders lists.</summary>
    [JsonIgnore]
    public string FileKind => ListFlow == Flow.Match ? "residents" : "known";

    /// <summary>The path of its own file, or null.</summary>
    [JsonIgnore]
    public string? PersonsFile => (ListFlow == Flow.Match ? ResidentsFile : KnownFile) is { Length: > 0 } path ? Resolve(path) : null;

    // A kind that is missing or wrong is told as such, not by what it would have no use for.
    private bool OrdersNothing => Kind is OrganisationKind.WelfareCentre or OrganisationKind.MutualitySocialService or OrganisationKind.Referrer;

    /// <summary>Where token sets and packages lie on their way.</summary>
    [JsonIgnore]
    public string ExchangeFolder => Path.Combine(DataFolder, "exchange");

    public override IEnumerable<string> Problems()
    {
        foreach (var problem in base.Problems()) yield return problem;
        if (ReferralRoundSeconds is < 1 or > 86_400) yield return "Setting 'referralRoundSeconds' must be 1 to 86400.";
        if (ListFlow is null && !OrdersNothing) yield return "Setting 'kind' must be 'municipality', 'publicCentreForWelfare', 'welfareCentre', 'mutualitySocialService' or 'referrer'.";
        if (Nis.Count == 0 && Kind != OrganisationKind.Referrer) yield return OrdersNothing ? "Setting 'nis' is missing: the NIS codes of the municipalities in which this organisation works." : "Setting 'nis' is missing: the NIS codes for which this organisation may order.";
        if (Nis.Any(code => code is not { Length: 5 } || !code.All(char.IsAsciiDigit))) yield return "Setting 'nis' holds a code that is not five digits.";
        if (Nis.Distinct().Count() < Nis.Count) yield return "Setting 'nis' names a code twice.";
        if (string.IsNullOrWhiteSpace(Keys.Sealing)) yield return "Setting 'keys.sealing' is missing: without it nothing that comes sealed can be opened.";
        foreach (var problem in OrdersNothing ? ProblemsWithoutLists() : ProblemsOfLists()) yield return problem;
    }

    private IEnumerable<string> ProblemsOfLists()
    {
        if (KnownFile is not null && ListFlow == Flow.Match) yield return "Setting 'knownFile' is for an OCMW; a gemeente does not have the OCMW's clients.";
        if (ResidentsFile is not null && ListFlow == Flow.Unknown) yield return "Setting 'residentsFile' is for a gemeente.";
        if (ImportAtStart && PersonsFile is null) yield return $"Setting 'importAtStart' needs '{FileKind}File'.";
        if (ImportAtStart && PersonsFile is { } file && !File.Exists(file)) yield return $"Setting '{FileKind}File' names a file that does not exist.";
        if (ListFlow is null) yield break;
        if (Peer(ListProtocol.Source.Value) is not { Kind: OrganisationKind.Source } source) yield return $"Setting 'peers' does not name the source '{ListProtocol.Source}' of the protocol.";
        else if (source.Token is null) yield return "Setting 'peers[source].token' is missing: without it no tokens can be made.";
    }

    // What would bring people into a node that has no lists stops it.
    private IEnumerable<string> ProblemsWithoutLists()
    {
        if (KnownFile is not null) yield return NotForThisKind("knownFile", "an OCMW");
        if (ResidentsFile is not null) yield return NotForThisKind("residentsFile", "a gemeente");
        if (ImportAtStart) yield return NotForThisKind("importAtStart", "a gemeente or an OCMW");
        if (AllowExport) yield return NotForThisKind("allowExport", "a gemeente or an OCMW");
    }

    private static string NotForThisKind(string setting, string kind) => $"Setting '{setting}' is for {kind}: this kind of organisation orders no lists, so leave it out.";
}
