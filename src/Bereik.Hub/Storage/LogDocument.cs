using Bereik.Exchange.Log;

namespace Bereik.Hub.Storage;

// A document of another node that is in the log.
internal sealed class LogDocument
{
    // SHA-256 of what was signed, without the signature, of which one signing can have two forms; base64url.
    public required string Hash { get; init; }

    public required string Typ { get; init; }

    public required string Organisation { get; init; }

    // What it is about: one key, order, handle or day, about which an organisation says a thing once.
    public required string About { get; init; }

    // Index of its entry.
    public required long Position { get; init; }

    public required DateTimeOffset TakenAt { get; init; }
}

// A key that an organisation stated in the log.
internal sealed class StatedKey
{
    public long Sequence { get; init; }

    public required string Organisation { get; init; }

    public required KeyUse Use { get; init; }

    public required string Kid { get; init; }

    // A JWK as text, or an OPRF key in base64url.
    public required string Key { get; init; }

    public required DateTimeOffset StatedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; set; }

    public static string WireName(KeyUse use) => use.ToString().ToLowerInvariant();
}
