namespace Bereik.Node.Access;

/// <summary>Somebody of this organisation, as the login knows this person (nl: aangemelde persoon).</summary>
/// <param name="Subject">Stable id; never a national number.</param>
/// <param name="Name">Name as shown.</param>
/// <param name="Roles">Roles at this organisation; at least one.</param>
public sealed record Person(string Subject, string Name, IReadOnlyList<Role> Roles)
{
    /// <summary>Whether this person has a role that a right asks for.</summary>
    /// <param name="right">The right.</param>
    public bool Has(Right right)
    {
        ArgumentNullException.ThrowIfNull(right);
        return right.Roles.Intersect(Roles).Any();
    }

    /// <summary>Never the name or the id.</summary>
    public override string ToString() => "[persoon]";
}
