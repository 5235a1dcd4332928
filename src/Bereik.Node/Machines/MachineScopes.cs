using Bereik.Node.Access;

namespace Bereik.Node.Machines;

/// <summary>The words of scopes, as tokens carry them.</summary>
public static class MachineScopes
{
    /// <summary>Every word that a supplier's software can be given.</summary>
    public static IReadOnlyList<string> Words { get; } = [.. Enum.GetValues<MachineScope>().Select(Word)];

    /// <summary>The word of a scope, such as <c>lists.read</c>.</summary>
    /// <param name="scope">The scope.</param>
    public static string Word(this MachineScope scope) => scope switch
    {
        MachineScope.ReadLists => "lists.read",
        MachineScope.WriteFiles => "files.write",
        MachineScope.ReadEvents => "events.read",
        _ => throw new ArgumentOutOfRangeException(nameof(scope)),
    };

    /// <summary>The scope of a node at the hub: orders under one protocol.</summary>
    /// <param name="protocol">Protocol id.</param>
    public static string Orders(string protocol) => $"orders:{protocol}";

    /// <summary>The scope of a node at the hub: referrals under one protocol.</summary>
    /// <param name="protocol">Protocol id.</param>
    public static string Referrals(string protocol) => $"referrals:{protocol}";
}
