using System.ComponentModel.DataAnnotations;

namespace Bereik.Domain;

/// <summary>A service that receives referrals (nl: dienst), as its organisation declares it. A Sociaal Huis is one; it is no organisation.</summary>
public sealed record ReferralService
{
    /// <summary>Its name within the organisation.</summary>
    [RegularExpression("[a-z0-9]+(-[a-z0-9]+){0,8}")]
    public required string Id { get; init; }

    /// <summary>Its name for people.</summary>
    [StringLength(120, MinimumLength = 3)]
    public required string Name { get; init; }

    /// <summary>The team that takes up what comes in; workers are attested for it.</summary>
    [StringLength(80, MinimumLength = 2)]
    public required string Team { get; init; }

    /// <summary>What it does, in a sentence for the person who is referred.</summary>
    [StringLength(400, MinimumLength = 10)]
    public required string About { get; init; }

    /// <summary>Where and when it can be reached, never a person's own number.</summary>
    [StringLength(300, MinimumLength = 5)]
    public required string Reach { get; init; }

    /// <summary>Within how many working days it makes the first contact, as it declares; 1 to 60.</summary>
    [Range(1, 60)]
    public required int WaitingDays { get; init; }
}

/// <summary>Membership of a partnership (nl: lidmaatschap van een samenwerkingsverband), as each member declares it. Two members are partners when they name the same arrangement.</summary>
public sealed record PartnershipMembership
{
    /// <summary>Name of the partnership (GBO), the same for all its members.</summary>
    [RegularExpression("[a-z0-9]+(-[a-z0-9]+){0,8}")]
    public required string Id { get; init; }

    /// <summary>Its name for people.</summary>
    [StringLength(120, MinimumLength = 3)]
    public required string Name { get; init; }

    /// <summary>SHA-256 of the arrangement between the joint controllers (art. 26 GDPR), base64url.</summary>
    [RegularExpression("[A-Za-z0-9_-]{43}")]
    public required string Arrangement { get; init; }

    /// <summary>The first day of the membership.</summary>
    public required DateOnly From { get; init; }

    /// <summary>The last day; absent while there is none.</summary>
    public DateOnly? Until { get; init; }

    /// <summary>Whether both are members of one partnership under one arrangement on a day.</summary>
    /// <param name="other">The other's membership; null when it declared none.</param>
    /// <param name="day">The day, Europe/Brussels.</param>
    public bool IsSharedWith(PartnershipMembership? other, DateOnly day) =>
        other is not null && Id == other.Id && Arrangement == other.Arrangement && Holds(day) && other.Holds(day);

    private bool Holds(DateOnly day) => From <= day && (Until is not { } last || day <= last);
}

/// <summary>A referral as the hub can see it (nl: doorverwijzing): which services, never whom.</summary>
public sealed record ReferralRequest
{
    /// <summary>The organisation that refers.</summary>
    public required OrganisationId Sender { get; init; }

    /// <summary>The organisation that receives.</summary>
    public required OrganisationId Recipient { get; init; }

    /// <summary>The receiving service, as the recipient's accession names it.</summary>
    public required string Service { get; init; }

    /// <summary>Hash of the text under which it is made.</summary>
    public required string ProtocolHash { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>After which it is void unless it was accepted.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>What the deciding node knows of a referral (nl: feiten over een doorverwijzing). A fact that it does not have stays null and refuses.</summary>
public sealed record ReferralFacts
{
    /// <summary>The node's clock, UTC.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Whether this node works on synthetic numbers only.</summary>
    public required bool? SyntheticOnly { get; init; }

    /// <summary>What the register says of the protocol and of the recipient's accession.</summary>
    public required RegisterFacts? Register { get; init; }

    /// <summary>What the register says of the sender's own accession; null when it has none. Only a partner needs one.</summary>
    public required RegisterFacts? SenderRegister { get; init; }

    /// <summary>What the sender is.</summary>
    public required OrganisationKind? SenderKind { get; init; }

    /// <summary>What the recipient is.</summary>
    public required OrganisationKind? RecipientKind { get; init; }

    /// <summary>The services that the recipient declares; null when it has no accession.</summary>
    public required IReadOnlyList<ReferralService>? Services { get; init; }

    /// <summary>The sender's membership of a partnership.</summary>
    public required PartnershipMembership? SenderPartnership { get; init; }

    /// <summary>The recipient's membership of a partnership.</summary>
    public required PartnershipMembership? RecipientPartnership { get; init; }

    /// <summary>Whether a referral with this id came before.</summary>
    public required bool? AlreadySent { get; init; }
}
