using System.Text;
using Bereik.Exchange;
using Bereik.Node.Storage;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Node.Access;

/// <summary>Who signed in at this node at least once (nl: collega's).</summary>
/// <param name="database">The node's store.</param>
public sealed class Colleagues(NodeDatabase database)
{
    /// <summary>All of them, by name.</summary>
    /// <param name="cancel">Stops.</param>
    public async Task<IReadOnlyList<KnownColleague>> AllAsync(CancellationToken cancel) =>
        [.. (await database.Colleagues.AsNoTracking().ToListAsync(cancel)).Select(person => new KnownColleague(new Person(person.Subject, person.Name, RoleWords.RolesOf(person.Roles)), person.LastAt))
            .OrderBy(person => person.Person.Name, StringComparer.CurrentCulture)];

    /// <summary>One of them.</summary>
    /// <param name="key">As <see cref="KnownColleague.Key"/> gives it.</param>
    /// <param name="cancel">Stops.</param>
    /// <returns>Null when nobody has this key.</returns>
    public async Task<KnownColleague?> FindAsync(string key, CancellationToken cancel) => (await AllAsync(cancel)).FirstOrDefault(person => person.Key == key);
}

/// <summary>Somebody who signed in here (nl: collega).</summary>
/// <param name="Person">As at the last sign-in.</param>
/// <param name="LastAt">When that was.</param>
public sealed record KnownColleague(Person Person, DateTimeOffset LastAt)
{
    /// <summary>Names this person in an address, where neither a name nor the login's own id may stand: sixteen characters of base64url.</summary>
    public string Key => Bytes32.Sha256(Encoding.UTF8.GetBytes(Person.Subject)).ToString()[..16];

    /// <summary>Never the name or the id.</summary>
    public override string ToString() => "[persoon]";
}
