using System.Text.Json;
using Bereik.Domain;

namespace Bereik.Cli.Network;

/// <summary>
/// Which nodes stand in a network and where (nl: plan van het netwerk): one hub, one pseudonymiser, one source, per municipality a gemeente and
/// an OCMW, and where people are referred a team that refers, a CAW and a DMW; each run by another operator.
/// </summary>
public sealed record NetworkPlan
{
    /// <summary>Organisation id of the hub.</summary>
    public const string HubId = "hub";

    /// <summary>Organisation id of the pseudonymiser.</summary>
    public const string PseudonymiserId = "pseudonymiser";

    /// <summary>Folder and name of the login.</summary>
    public const string LoginId = "aanmelding";

    /// <summary>Organisation id of the source.</summary>
    public const string SourceId = "opgroeien";

    /// <summary>Organisation id of the team that refers.</summary>
    public const string ReferrerId = "kind-en-gezin-team";

    /// <summary>Organisation id of the CAW.</summary>
    public const string WelfareCentreId = "caw-voorbeeld";

    /// <summary>Organisation id of the DMW.</summary>
    public const string SocialServiceId = "dmw-voorbeeld";

    /// <summary>How many nodes referrals need beside those of the municipalities.</summary>
    public const int ReferralNodes = 3;

    /// <summary>The folder under which each node has its own: <c>NODE/settings.json</c>, <c>NODE/keys</c>, <c>NODE/data</c>, <c>NODE/log</c>.</summary>
    public required string Folder { get; init; }

    /// <summary>Every node: hub, pseudonymiser, source, gemeente and OCMW of each municipality in the order given, then those of referrals.</summary>
    public required IReadOnlyList<PlannedNode> Nodes { get; init; }

    /// <summary>Where the login listens, on 127.0.0.1.</summary>
    public required int LoginPort { get; init; }

    /// <summary>The address of the login.</summary>
    public string LoginUrl => $"http://127.0.0.1:{LoginPort}";

    /// <summary>The quarter of the pseudonym keys.</summary>
    public required Epoch Epoch { get; init; }

    /// <summary>The gemeenten, in order.</summary>
    public IEnumerable<PlannedNode> Municipalities => Nodes.Where(node => node.Kind == OrganisationKind.Municipality);

    /// <summary>The OCMWs, in order.</summary>
    public IEnumerable<PlannedNode> Centres => Nodes.Where(node => node.Kind == OrganisationKind.PublicCentreForWelfare);

    /// <summary>A node by its organisation id.</summary>
    /// <param name="id">Organisation id.</param>
    public PlannedNode this[string id] => Nodes.Single(node => node.Id == id);

    /// <summary>The own folder of a node.</summary>
    /// <param name="node">Organisation id.</param>
    public string FolderOf(string node) => Path.Combine(Folder, node);

    /// <summary>Ports from a base: hub, pseudonymiser, source and login on the first four, local nodes from the tenth on.</summary>
    /// <param name="portBase">Port of the hub.</param>
    /// <param name="locals">How many local nodes.</param>
    public static IReadOnlyList<int> PortsFrom(int portBase, int locals) =>
        [portBase, portBase + 1, portBase + 2, portBase + 3, .. Enumerable.Range(portBase + 10, locals)];

    /// <summary>Makes a plan.</summary>
    /// <param name="folder">The folder of all nodes; absolute.</param>
    /// <param name="places">The municipalities; at least one.</param>
    /// <param name="ports">Four ports, two more per municipality, and <see cref="ReferralNodes"/> more with referrals, all different.</param>
    /// <param name="register">What the source reads.</param>
    /// <param name="epoch">The quarter of the pseudonym keys.</param>
    /// <param name="withReferrals">Whether a team that refers, a CAW and a DMW are there too.</param>
    public static NetworkPlan Create(string folder, IReadOnlyList<NetworkPlace> places, IReadOnlyList<int> ports, NetworkRegister register, Epoch epoch, bool withReferrals = false)
    {
        ArgumentNullException.ThrowIfNull(places);
        ArgumentNullException.ThrowIfNull(ports);
        ArgumentNullException.ThrowIfNull(register);
        ArgumentOutOfRangeException.ThrowIfNotEqual(ports.Count, 4 + (2 * places.Count) + (withReferrals ? ReferralNodes : 0));
        var nodes = new List<PlannedNode>
        {
            new() { Id = HubId, Name = "Knooppunt", Kind = OrganisationKind.Hub, Operator = "Uitbater van het knooppunt", Port = ports[0], Settings = Answers() },
            new()
            {
                Id = PseudonymiserId, Name = "Pseudonimiseringsdienst", Kind = OrganisationKind.Pseudonymiser, Operator = "Onafhankelijke bewaarder", Port = ports[1],
            },
            new()
            {
                Id = SourceId, Name = "Opgroeien", Kind = OrganisationKind.Source, Operator = "Dienst informatica van de bron", Port = ports[2],
                Settings = new Dictionary<string, object> { ["register"] = register.ToSettings(), ["importAtStart"] = true, ["announcements"] = Announcements(), ["letters"] = Letters() },
            },
        };
        foreach (var (place, index) in places.Select((place, index) => (place, index)))
        {
            nodes.Add(Local(place, OrganisationKind.Municipality, ports[4 + (2 * index)]));
            nodes.Add(Local(place, OrganisationKind.PublicCentreForWelfare, ports[5 + (2 * index)]));
        }

        if (withReferrals)
        {
            IReadOnlyList<string> everywhere = [.. places.Select(place => place.Nis)];
            nodes.Add(Local(ReferrerId, "Kind en Gezin-team", OrganisationKind.Referrer, [], ports[^3]));
            nodes.Add(Local(WelfareCentreId, "CAW Voorbeeld", OrganisationKind.WelfareCentre, everywhere, ports[^2]));
            nodes.Add(Local(SocialServiceId, "DMW Voorbeeld", OrganisationKind.MutualitySocialService, everywhere, ports[^1]));
        }

        return new NetworkPlan { Folder = folder, Nodes = [.. nodes.Select((node, index) => TestPeople.At(node, index))], LoginPort = ports[3], Epoch = epoch };
    }

    private static PlannedNode Local(NetworkPlace place, OrganisationKind kind, int port)
    {
        var isMunicipality = kind == OrganisationKind.Municipality;
        var word = isMunicipality ? "Gemeente" : "OCMW";
        var settings = new Dictionary<string, object>
        {
            ["allowExport"] = true,
        };
        if ((isMunicipality ? place.ResidentsFile : place.KnownFile) is { } file)
        {
            settings[isMunicipality ? "residentsFile" : "knownFile"] = file;
            settings["importAtStart"] = true;
        }

        var node = Local($"{(isMunicipality ? "gemeente" : "ocmw")}-{place.Slug}", $"{word} {place.Name}", kind, [place.Nis], port);
        return node with { Settings = new Dictionary<string, object>([.. node.Settings, .. settings]) };
    }

    private static PlannedNode Local(string id, string name, OrganisationKind kind, IReadOnlyList<string> nis, int port) => new()
    {
        Id = id,
        Name = name,
        Kind = kind,
        Operator = $"Dienst informatica van {name}",
        Port = port,
        Nis = nis,

        // Rounds of a quarter of an hour would be long to look at.
        Settings = new Dictionary<string, object> { ["kind"] = JsonNamingPolicy.CamelCase.ConvertName(kind.ToString()), ["nis"] = nis, ["referralRoundSeconds"] = 1 },
    };

    // Working days and the hours of a hold would be long to look at.
    private static Dictionary<string, object> Answers() => new() { ["answers"] = new Dictionary<string, object> { ["releaseSeconds"] = 1, ["holdSeconds"] = 3 } };

    // The page has a name, not an address that must answer: a letter is held to https, and these nodes have none.
    private static Dictionary<string, object> Letters() => new()
    {
        ["answerPage"] = "https://antwoord.example/brief/", ["phone"] = "02 000 00 02", ["officer"] = "dpo@groeipakket.example", ["signer"] = "An Voorbeeld", ["replyNumber"] = "DA 000-000-0, Knooppunt Bereik, 1000 Brussel",
        ["alsoAsText"] = true,
    };

    // A town's source told the families in time, as a real one must.
    private static Dictionary<string, string> Announcements()
    {
        var on = TimeProvider.System.Today().AddDays(-60).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        return new Dictionary<string, string> { ["groeipakket-match"] = on, ["groeipakket-onbekend"] = on };
    }
}

/// <summary>A municipality of a network (nl: gemeente met haar OCMW).</summary>
/// <param name="Nis">NIS code of today, five digits.</param>
/// <param name="Name">Name as people read it.</param>
/// <param name="Slug">Name as in organisation ids.</param>
/// <param name="ResidentsFile">CSV of the gemeente's resident children; null when it has none.</param>
/// <param name="KnownFile">CSV of the OCMW's clients; null when it has none.</param>
public sealed record NetworkPlace(string Nis, string Name, string Slug, string? ResidentsFile, string? KnownFile);

/// <summary>What the source reads into its register.</summary>
/// <param name="MagdaFolder">Folder of MAGDA answers; null when there is none.</param>
/// <param name="CsvFile">CSV file; null when there is none.</param>
public sealed record NetworkRegister(string? MagdaFolder, string? CsvFile = null)
{
    internal Dictionary<string, string> ToSettings()
    {
        var settings = new Dictionary<string, string>();
        if (MagdaFolder is not null) settings["magda"] = MagdaFolder;
        if (CsvFile is not null) settings["csv"] = CsvFile;
        return settings;
    }
}
