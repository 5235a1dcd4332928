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

    /// <summary>NIS code of today of a gemeente or OCMW; null for the others.</summary>
    public string? Nis { get; init; }

    /// <summary>Name and role of the person at this workplace; null where nobody opens a page.</summary>
    public PlannedPerson? Person { get; init; }

    /// <summary>Settings of this node beside those that every node has, by their name in the settings file.</summary>
    public IReadOnlyDictionary<string, object> Settings { get; init; } = new Dictionary<string, object>();

    /// <summary>The address, for example <c>http://127.0.0.1:5100</c>.</summary>
    public string Url => $"http://127.0.0.1:{Port}";

    /// <summary>Whether it is a gemeente or OCMW.</summary>
    public bool IsLocal => Kind is OrganisationKind.Municipality or OrganisationKind.PublicCentreForWelfare;
}

/// <summary>Who sits at a workplace of the network.</summary>
/// <param name="Name">Name as shown.</param>
/// <param name="Role">Role as shown.</param>
/// <param name="Function">Function in the sense of the protocols; null for who opens no rows.</param>
/// <param name="ProfessionalSecrecy">Whether bound by professional secrecy.</param>
public sealed record PlannedPerson(string Name, string Role, WorkerFunction? Function = null, bool ProfessionalSecrecy = false);
