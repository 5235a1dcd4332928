using Bereik.Domain;

namespace Bereik.Local.Referrals;

/// <summary>
/// What a record says, as facts for the one decision (nl: de vijf voorwaarden en de toestemming als feiten). The same at the node that refers and at the node that receives; only
/// what each knows by itself differs. Consent does not cure a condition that does not hold.
/// </summary>
internal static class ReferralGate
{
    /// <summary>The facts of a release.</summary>
    /// <param name="record">What is shared, and what was said of it.</param>
    /// <param name="today">The day on which it leaves, or left.</param>
    /// <param name="known">What this node knows besides.</param>
    public static ReleaseFacts Facts(ReferralRecord record, DateOnly today, GateFacts known) => new()
    {
        Today = today,
        SyntheticOnly = known.SyntheticOnly,
        Register = known.Register,
        Covers = known.Covers,
        Excluded = ExclusionFacts.Of(record.Excluded),
        AnnouncedOn = record.Consent.Informed ? record.Consent.On : null,
        AnnouncedFields = record.Consent.Informed ? FieldSet.Of(record.FieldIds) : null,
        Consent = record.Consent is { Given: true, IsOfSomebodyWhoCan: true } ? new ConsentFact { GivenOn = record.Consent.On, Under = record.Consent.Under, Fields = FieldSet.Of(record.FieldIds), Withdrawn = known.Withdrawn } : null,
        Secrecy = Conditions(record, today, known),
    };

    /// <summary>What is asked: the fields of the record, for the help that the person asks for.</summary>
    public static ReleaseRequest Request(ReferralRecord record) => new() { Purpose = Purpose.RequestedHelp, Fields = record.FieldIds };

    // An answer counts with its evidence, by somebody, on a day that has come; and where this node knows better, what it knows counts as well.
    private static Dictionary<SecrecyCondition, bool> Conditions(ReferralRecord record, DateOnly today, GateFacts known) => record.Secrecy.ToDictionary(
        answer => answer.Condition,
        answer => answer.Answer == ConditionState.Yes && !string.IsNullOrWhiteSpace(answer.Evidence) && !string.IsNullOrWhiteSpace(answer.By) && answer.On <= today && answer.Condition switch
        {
            SecrecyCondition.RecipientBound => known.RecipientBound,
            SecrecyCondition.SameMission => known.SamePartnership,
            SecrecyCondition.ClientInformed => record.Consent.Informed,
            SecrecyCondition.ClientConsents => record.Consent is { Given: true, IsOfSomebodyWhoCan: true } && known.Withdrawn == false && record.Consent.Until >= today,
            _ => record.Fields.All(field => Enum.IsDefined(field.Why)),
        });
}

/// <summary>What a node knows by itself of a referral.</summary>
internal sealed record GateFacts
{
    public required bool? SyntheticOnly { get; init; }

    public required RegisterFacts? Register { get; init; }

    public required IReadOnlySet<string>? Covers { get; init; }

    /// <summary>Whether the consent was taken back.</summary>
    public required bool? Withdrawn { get; init; }

    /// <summary>At the recipient: whether the worker who opens it is bound by professional secrecy today. At the sender, what the protocol asks of the recipient's workers.</summary>
    public required bool RecipientBound { get; init; }

    /// <summary>Whether both services work in the same partnership today.</summary>
    public required bool SamePartnership { get; init; }
}
