namespace Bereik.Node.Access;

// One sign-in of one person in one browser.
internal sealed class Session
{
    public long Id { get; init; }

    // SHA-256 of what the cookie holds, base64url.
    public required string Key { get; set; }

    // The key before the last change, for answers that were under way then.
    public string? Former { get; set; }

    public DateTimeOffset? FormerUntil { get; set; }

    public required string Subject { get; init; }

    public required string Name { get; init; }

    // Words of roles, with spaces between.
    public required string Roles { get; init; }

    // SHA-256 of the browser's own description.
    public required string Browser { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset SeenAt { get; set; }

    public required DateTimeOffset RotatedAt { get; set; }

    public required DateTimeOffset EndsAt { get; init; }

    // When the passkey was last used in this session.
    public DateTimeOffset? ProvenAt { get; set; }

    // What the passkey must answer to, once.
    public string? Challenge { get; set; }

    public DateTimeOffset? ChallengeUntil { get; set; }

    public Person Person => new(Subject, Name, RoleWords.RolesOf(Roles));

    public override string ToString() => nameof(Session);
}

// Somebody who signed in here.
internal sealed class Colleague
{
    public required string Subject { get; init; }

    public required string Name { get; set; }

    public required string Roles { get; set; }

    public required DateTimeOffset FirstAt { get; init; }

    public required DateTimeOffset LastAt { get; set; }

    public override string ToString() => nameof(Colleague);
}
