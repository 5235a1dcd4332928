namespace Bereik.Node.Machines;

// Software of a supplier that may call this node. Scopes: words with a space between them.
internal sealed class MachineClient
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Scopes { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; set; }
}

// A public key of it, a JWK. Without an end it counts until the client is revoked.
internal sealed class MachineClientKey
{
    public required string Kid { get; init; }

    public required string ClientId { get; init; }

    public required string Key { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? EndsAt { get; set; }
}
