using Bereik.Domain;
using Bereik.Edge;
using Bereik.Source.Waves;

namespace Bereik.Source;

// The source's settings: an edge's, and where its register is read from.
internal sealed class SourceSettings : EdgeSettings
{
    public RegisterSettings Register { get; init; } = new();

    // By protocol, the day on which its exchange was announced to the families. Without one nothing leaves under it.
    public IReadOnlyDictionary<string, DateOnly> Announcements { get; init; } = new Dictionary<string, DateOnly>();

    // Whether the register is read when the node starts; else only when somebody asks on the page.
    public bool ImportAtStart { get; init; }

    // What this source fills in on the letters it sends for an OCMW. Without them it sends none, and refuses their orders.
    public LetterSettings? Letters { get; init; }

    public override IReadOnlyList<OrganisationKind> Kinds => [OrganisationKind.Source];

    public override IEnumerable<string> Problems()
    {
        foreach (var problem in base.Problems()) yield return problem;
        if (Register.Magda is { } folder && !Directory.Exists(Resolve(folder))) yield return "Setting 'register.magda' names a folder that does not exist.";
        if (Register.Csv is { } file && !File.Exists(Resolve(file))) yield return "Setting 'register.csv' names a file that does not exist.";
        if (ImportAtStart && Register is { Magda: null, Csv: null }) yield return "Setting 'importAtStart' needs 'register.magda' or 'register.csv'.";
        foreach (var problem in Letters?.Problems(AllowSyntheticNumbers) ?? []) yield return problem;
        foreach (var (peer, index) in Peers.Select((peer, index) => (peer, index)))
        {
            if (peer.Kind is not (OrganisationKind.Municipality or OrganisationKind.PublicCentreForWelfare)) continue;
            if (!Territory.IsReadable(peer.Nis)) yield return $"Setting 'peers[{index}].nis' must name at least one NIS code: five digits, or five digits, '@' and the day (yyyy-MM-dd) from which it counts.";
            if (peer.Sealing is null) yield return $"Setting 'peers[{index}].sealing' is missing: its packages are sealed to that key.";
            if (peer.Token is null) yield return $"Setting 'peers[{index}].token' is missing: without it no tokens can be made for it.";
        }
    }
}

// Where the register is; both may be set.
internal sealed class RegisterSettings
{
    // A folder of MAGDA answers.
    public string? Magda { get; init; }

    // One CSV file, as docs/formats/register-csv.md says.
    public string? Csv { get; init; }
}
