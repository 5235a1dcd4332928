using Bereik.Domain;

namespace Bereik.Cli.Network;

/// <summary>One node of a network that is to be started (nl: geplande knoop).</summary>
public sealed record PlannedNode
{
    /// <summary>Organisation id, for example <c>ocmw-aalst</c>; unique in the network.</summary>
    public required string Id { get; init; }

    /// <summary>The organisation's name as people read it.</summary>
    public required string Name { get; init; }

    /// <summary>What the organisation is.</summary>
    public required OrganisationKind Kind { get; init; }

    /// <summary>Who operates the node.</summary>
    public required string Operator { get; init; }

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public required int Port { get; init; }

    /// <summary>NIS codes of today of a local node: its own, or those it works in; empty for the others and for a referrer.</summary>
    public IReadOnlyList<string> Nis { get; init; } = [];

    /// <summary>The invented people who can sign in there; empty where nobody opens a page.</summary>
    public IReadOnlyList<PlannedPerson> People { get; init; } = [];

    /// <summary>The code under which the login knows the organisation.</summary>
    public string LoginCode { get; init; } = "";

    /// <summary>Settings of this node beside those that every node has, by their name in the settings file.</summary>
    public IReadOnlyDictionary<string, object> Settings { get; init; } = new Dictionary<string, object>();

    /// <summary>The address, for example <c>http://127.0.0.1:5100</c>.</summary>
    public string Url => $"http://127.0.0.1:{Port}";

    /// <summary>The address that people use: browsers know passkeys for names only.</summary>
    public string PublicUrl => $"http://localhost:{Port}";

    /// <summary>Whether it is a local node, of whatever kind.</summary>
    public bool IsLocal => Kind is not (OrganisationKind.Hub or OrganisationKind.Pseudonymiser or OrganisationKind.Source);

    /// <summary>Whether it is a gemeente or OCMW, which order lists.</summary>
    public bool OrdersLists => Kind is OrganisationKind.Municipality or OrganisationKind.PublicCentreForWelfare;
}

/// <summary>An invented person of the network (nl: verzonnen medewerker).</summary>
/// <param name="Id">Stable id at the login.</param>
/// <param name="GivenName">Given name.</param>
/// <param name="FamilyName">Family name.</param>
/// <param name="Roles">Words of the roles at the node, such as <c>datasteward</c>.</param>
public sealed record PlannedPerson(string Id, string GivenName, string FamilyName, params IReadOnlyList<string> Roles);
