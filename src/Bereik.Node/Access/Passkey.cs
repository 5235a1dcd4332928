namespace Bereik.Node.Access;

// A key that this node enrolled for one person (nl: sleutel). What it answers, the login cannot.
internal sealed class Passkey
{
    // The authenticator's credential id, base64url.
    public required string Id { get; init; }

    public required string Subject { get; init; }

    // COSE key.
    public required byte[] PublicKey { get; init; }

    public required long SignCount { get; set; }

    public required DateTimeOffset EnrolledAt { get; init; }

    public DateTimeOffset? UsedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }
}

// With this one person may enrol one passkey, once.
internal sealed class EnrolmentCode
{
    // SHA-256 of the code, which has 80 random bits.
    public required string Code { get; init; }

    public required string Subject { get; init; }

    public required DateTimeOffset MadeAt { get; init; }

    public required DateTimeOffset EndsAt { get; init; }

    public DateTimeOffset? UsedAt { get; set; }
}
