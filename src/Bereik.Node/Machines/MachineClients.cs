using Bereik.Exchange.Keys;
using Bereik.Node.Storage;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Node.Machines;

/// <summary>The software of suppliers that may call this node, in its own store (nl: toepassingen). What is changed here counts at the next request.</summary>
/// <param name="database">The node's store.</param>
/// <param name="clock">The node's clock.</param>
public sealed class MachineClients(NodeDatabase database, TimeProvider clock) : ITokenClients
{
    /// <inheritdoc/>
    public async Task<TokenClient?> FindAsync(string id, CancellationToken cancel)
    {
        if (await database.MachineClients.AsNoTracking().SingleOrDefaultAsync(client => client.Id == id && client.RevokedAt == null, cancel) is not { } client) return null;
        var now = clock.GetUtcNow();
        var keys = await database.MachineClientKeys.AsNoTracking().Where(key => key.ClientId == id && (key.EndsAt == null || key.EndsAt > now)).Select(key => key.Key).ToListAsync(cancel);
        return new TokenClient(id, client.Scopes.Split(' '), [.. keys.Select(key => SigningPublicKey.FromJwk(key).Value)]);
    }

    /// <summary>Registers software.</summary>
    /// <param name="id">Client id: 2 to 40 characters of a-z, 0-9 and '-'.</param>
    /// <param name="name">Name as people read it.</param>
    /// <param name="scopes">At least one of <see cref="MachineScopes.Words"/>.</param>
    /// <param name="key">Its public key.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>Null, or <c>client.id</c>, <c>client.name</c>, <c>client.scope</c>, <c>client.exists</c> or <c>client.keyTaken</c>.</returns>
    public async Task<string?> AddAsync(string id, string name, IReadOnlyCollection<string> scopes, SigningPublicKey key, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!Domain.OrganisationId.TryParse(id, out _)) return "client.id";
        if (name.Trim().Length is 0 or > 100 || name.Any(char.IsControl)) return "client.name";
        if (scopes.Count == 0 || scopes.Except(MachineScopes.Words, StringComparer.Ordinal).Any()) return "client.scope";
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        if (await database.MachineClients.AnyAsync(client => client.Id == id, cancel)) return "client.exists";
        if (await IsTakenAsync(key, cancel)) return "client.keyTaken";
        database.MachineClients.Add(new MachineClient { Id = id, Name = name.Trim(), Scopes = string.Join(' ', scopes.Distinct().Order(StringComparer.Ordinal)), CreatedAt = clock.GetUtcNow() });
        database.MachineClientKeys.Add(KeyOf(id, key));
        await database.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return null;
    }

    /// <summary>Adds a key beside those that a client has, which end. Between the two both count, so that nothing stops.</summary>
    /// <param name="id">Client id.</param>
    /// <param name="key">The new public key.</param>
    /// <param name="oldEnd">When the others end; one that ends before stays so.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>Null, or <c>client.unknown</c>, also for one that was revoked, or <c>client.keyTaken</c>.</returns>
    public async Task<string?> RotateAsync(string id, SigningPublicKey key, DateTimeOffset oldEnd, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(key);
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        if (!await database.MachineClients.AnyAsync(client => client.Id == id && client.RevokedAt == null, cancel)) return "client.unknown";
        if (await IsTakenAsync(key, cancel)) return "client.keyTaken";
        foreach (var old in await database.MachineClientKeys.Where(old => old.ClientId == id && (old.EndsAt == null || old.EndsAt > oldEnd)).ToListAsync(cancel)) old.EndsAt = oldEnd;
        database.MachineClientKeys.Add(KeyOf(id, key));
        await database.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return null;
    }

    /// <summary>Revokes a client, for good.</summary>
    /// <param name="id">Client id.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>Null, or <c>client.unknown</c>, also for one that was revoked before.</returns>
    public async Task<string?> RevokeAsync(string id, CancellationToken cancel)
    {
        if (await database.MachineClients.SingleOrDefaultAsync(client => client.Id == id && client.RevokedAt == null, cancel) is not { } client) return "client.unknown";
        client.RevokedAt = clock.GetUtcNow();
        await database.SaveChangesAsync(cancel);
        return null;
    }

    /// <summary>Every client there ever was, each with its keys, as a line that people read.</summary>
    /// <param name="cancel">Gives up.</param>
    public async Task<IReadOnlyList<string>> DescribeAsync(CancellationToken cancel)
    {
        var keys = (await database.MachineClientKeys.AsNoTracking().OrderBy(key => key.CreatedAt).ToListAsync(cancel)).ToLookup(key => key.ClientId);
        var clients = await database.MachineClients.AsNoTracking().OrderBy(client => client.Id).ToListAsync(cancel);
        return [.. clients.SelectMany(client => keys[client.Id].Select(Line).Prepend($"{client.Id}  {client.Name}  {client.Scopes}  sinds {client.CreatedAt:yyyy-MM-dd}{(client.RevokedAt is { } at ? $"  ingetrokken {at:u}" : "")}"))];

        static string Line(MachineClientKey key) => $"  sleutel {key.Kid}{(key.EndsAt is { } end ? $"  tot {end:u}" : "")}";
    }

    private Task<bool> IsTakenAsync(SigningPublicKey key, CancellationToken cancel) => database.MachineClientKeys.AnyAsync(known => known.Kid == key.Kid, cancel);

    private MachineClientKey KeyOf(string client, SigningPublicKey key) => new() { Kid = key.Kid, ClientId = client, Key = key.ToJwk(), CreatedAt = clock.GetUtcNow() };
}
