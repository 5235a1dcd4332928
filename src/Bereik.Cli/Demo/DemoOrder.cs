using Bereik.Cli.Network;

namespace Bereik.Cli.Demo;

/// <summary>One list that a local node orders in the demo, as both sides showed it last.</summary>
internal sealed class DemoOrder(PlannedNode node, string flow)
{
    private static readonly string[] Ended = ["received", "rejected", "refused", "failed", "expired"];

    public PlannedNode Node { get; } = node;

    /// <summary><c>match</c> or <c>unknown</c>.</summary>
    public string Flow { get; } = flow;

    /// <summary>What the local node shows; null until it has ordered.</summary>
    public ListAnswer? List { get; set; }

    /// <summary>What the source shows; null until the order arrived there.</summary>
    public RequestAnswer? Request { get; set; }

    /// <summary>Whether the steward has approved it.</summary>
    public bool IsApproved { get; set; }

    public bool HasEnded => List is { } list && Ended.Contains(list.State);

    public bool WasReceived => List?.State == "received";
}

/// <summary>What came of a demo.</summary>
/// <param name="Orders">Every list.</param>
/// <param name="NotOrdered">Local nodes that ordered nothing, since they had nothing to compare.</param>
/// <param name="Register">The source's register.</param>
/// <param name="FamiliesWithSupplement">Families of the town with the supplement; null when the register is not the town's.</param>
/// <param name="Sights">What hub and pseudonymiser hold.</param>
/// <param name="Codes">With which the attested workers enrol a passkey.</param>
/// <param name="Nodes">Address and peak memory by organisation.</param>
/// <param name="Acceded">How many local governments acceded.</param>
/// <param name="Seconds">How long it took, from the start of the nodes.</param>
internal sealed record DemoResult(
    IReadOnlyList<DemoOrder> Orders,
    IReadOnlyList<PlannedNode> NotOrdered,
    RegisterAnswer Register,
    int? FamiliesWithSupplement,
    IReadOnlyList<DemoSight> Sights,
    IReadOnlyList<DemoCode> Codes,
    IReadOnlyList<(PlannedNode Node, long PeakMemoryBytes)> Nodes,
    int Acceded,
    double Seconds)
{
    /// <summary>How referrals stand at each node that has any part in them.</summary>
    public required IReadOnlyList<DemoReferral> Referrals { get; init; }

    /// <summary>The wave of letters; null where the register is given, since its people cannot be played.</summary>
    public required DemoWave? Letters { get; init; }
}

/// <summary>What was found in the folder of a node that reads nothing.</summary>
/// <param name="Node">Organisation id.</param>
/// <param name="NumbersLookedFor">How many national numbers went into the demo.</param>
/// <param name="NumbersFound">How many of them stand in the folder.</param>
/// <param name="Files">How many files were searched.</param>
/// <param name="Bytes">How many bytes were searched.</param>
internal sealed record DemoSight(string Node, int NumbersLookedFor, int NumbersFound, int Files, long Bytes);

/// <summary>A worker who was attested, and the code for a passkey.</summary>
/// <param name="Node">Where.</param>
/// <param name="Name">Invented name.</param>
/// <param name="Role">Word of the role.</param>
/// <param name="Code">The code.</param>
internal sealed record DemoCode(PlannedNode Node, string Name, string Role, string Code);
