using Bereik.Domain;

namespace Bereik.Cli.Network;

// The invented people of a network: one for each role that a node knows, and one who has none. Roles stand as the words of the login.
internal static class TestPeople
{
    private static readonly (string Given, string Family, string Role)[] Workers =
    [
        ("Noor", "Janssens", "maatschappelijkwerker"), ("Bram", "Peeters", "teamverantwoordelijke"), ("Ilse", "Maes", "dossierbehandelaar"), ("Karim", "Jacobs", "datasteward"),
        ("Lotte", "Willems", "protocolauteur"), ("Dirk", "Claes", "dpo"), ("Hanne", "Goossens", "beheerder"), ("Mieke", "Wouters", "antwoorddienst"),
    ];

    public static PlannedNode At(PlannedNode node, int index) => node.Kind == OrganisationKind.Pseudonymiser ? node : node with
    {
        LoginCode = FormattableString.Invariant($"OVO9{index:00000}"),
        People = [.. Workers.Where(worker => RolesOf(node.Kind).Contains(worker.Role)).Select(worker => new PlannedPerson($"{node.Id}.{worker.Role}", worker.Given, worker.Family, worker.Role)), new PlannedPerson($"{node.Id}.niemand", "Wim", "Zonderrol")],
    };

    // Who does most of the work that is not reserved to another role.
    public static string DefaultRole(OrganisationKind kind) => kind switch
    {
        OrganisationKind.Hub => "beheerder",
        OrganisationKind.Source => "datasteward",
        _ => "teamverantwoordelijke",
    };

    // A synthetic national number (month + 60), as a real login gives one too; no node may keep it.
    public static string NumberOf(int index)
    {
        var nine = 857_212_100 + index;
        return FormattableString.Invariant($"{nine}{97 - (nine % 97):00}");
    }

    private static string[] RolesOf(OrganisationKind kind) => kind switch
    {
        OrganisationKind.Hub => ["protocolauteur", "dpo", "beheerder", "antwoorddienst"],
        OrganisationKind.Source => ["datasteward", "protocolauteur", "dpo", "beheerder"],
        OrganisationKind.Referrer => ["maatschappelijkwerker", "teamverantwoordelijke", "datasteward", "dpo", "beheerder"],
        OrganisationKind.Municipality => ["teamverantwoordelijke", "dossierbehandelaar", "datasteward", "protocolauteur", "dpo", "beheerder"],
        _ => ["maatschappelijkwerker", "teamverantwoordelijke", "datasteward", "protocolauteur", "dpo", "beheerder"],
    };
}
