using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Bereik.Domain;

// All that is the same for every household of one run: protocol, request, day, register and kind of data. Of a household only what speaks against it is worked out,
// and households against which the same speaks get the very same decision, made once.
internal sealed class ReleaseSituation
{
    private const int MostKept = 16_384;
    private const int NoticeShift = 16;
    private const int ConsentShift = 40;
    private const int MostSituations = 8;
    private static readonly ConditionalWeakTable<Protocol, ReleaseSituation[]> Latest = [];

    private readonly Protocol protocol;
    private readonly ReleaseRequest request;
    private readonly RecordField[] fields;
    private readonly uint asked;
    private readonly DateOnly today;
    private readonly RegisterFacts? register;
    private readonly bool? syntheticOnly;
    private readonly IReadOnlySet<string>? covers;

    private readonly List<Reason> always = [];
    private readonly uint exclusions;
    private readonly Clause.FieldsClause? shared;
    private readonly Clause.Notice? notice;
    private readonly Clause.Consent? consent;
    private readonly SecrecyCondition[] conditions;
    private readonly Obligations? obligations;
    private readonly ConcurrentDictionary<ulong, Decision> made = new();

    // What of one household speaks against a release. The conditions of secrecy follow from Condition on, in the order of the protocol.
    [Flags]
    private enum Against : ulong
    {
        Nothing = 0,
        Excluded = 1,
        NoticeTooShort = 2,
        ConsentMissing = 4,
        ConsentWithdrawn = 8,
        ConsentOtherText = 16,
        ConsentExpired = 32,
        Condition = 64,
    }

    private ReleaseSituation(Protocol protocol, ReleaseRequest request, ReleaseFacts facts)
    {
        (this.protocol, this.request, today, register, syntheticOnly, covers) = (protocol, request, facts.Today, facts.Register, facts.SyntheticOnly, facts.Covers);
        fields = [.. request.Fields.Distinct()];
        asked = FieldSet.Of(fields).Bits;
        exclusions = (protocol.Find<Clause.Exclusions>()?.Reasons ?? []).Aggregate(0u, (bits, exclusion) => bits | ExclusionFacts.Bit(exclusion));
        shared = protocol.Find<Clause.FieldsClause>();
        notice = protocol.Find<Clause.Notice>();
        consent = protocol.Find<Clause.Consent>();
        conditions = [.. (protocol.Find<Clause.SharedSecrecy>()?.Conditions ?? []).Distinct()];
        obligations = protocol.Find<Clause.InformBy>() is { } inform && protocol.Find<Clause.Retention>() is { } retention ? new Obligations(today.AddDays(inform.Days), today.AddDays(retention.Days)) : null;
        if (!protocol.IsComplete || (conditions.Length == 0 && consent?.Role == ConsentRole.Secrecy)) always.Add(Reasons.ProtocolIncomplete);
        if (protocol.Find<Clause.PurposeClause>()?.Purpose != request.Purpose) always.Add(Reasons.PurposeNotGranted);
        Decide.AddGrounds(protocol, syntheticOnly, always);
        Decide.AddRegister(register, syntheticOnly, always);
    }

    // The situation of these facts: one of the latest, while it is the same. Protocols, facts and requests never change.
    public static ReleaseSituation Of(Protocol protocol, ReleaseRequest request, ReleaseFacts facts)
    {
        if (!Latest.TryGetValue(protocol, out var latest)) latest = [];
        foreach (var known in latest)
        {
            if (known.IsOf(request, facts)) return known;
        }

        var situation = new ReleaseSituation(protocol, request, facts);
        Latest.AddOrUpdate(protocol, [situation, .. latest.Take(MostSituations - 1)]);
        return situation;
    }

    public Decision Of(ReleaseFacts facts)
    {
        var against = Look(facts);
        if (made.TryGetValue(against, out var decision)) return decision;
        decision = Make(against);
        if (made.Count < MostKept) made[against] = decision;
        return decision;
    }

    private bool IsOf(ReleaseRequest other, ReleaseFacts facts) =>
        ReferenceEquals(other, request) && facts.Today == today && facts.SyntheticOnly == syntheticOnly && ReferenceEquals(facts.Covers, covers)
        && (ReferenceEquals(facts.Register, register) || Equals(facts.Register, register));

    private ulong Look(ReleaseFacts facts)
    {
        var against = Against.Nothing;
        if (!facts.Excluded.GetValueOrDefault().Clear(exclusions)) against |= Against.Excluded;
        if (notice is not null && (facts.AnnouncedOn is not { } announced || announced.AddDays(notice.DaysBefore) > today)) against |= Against.NoticeTooShort;
        if (consent is not null)
        {
            if (facts.Consent is not { } given) against |= Against.ConsentMissing;
            else
            {
                if (given.Withdrawn != false) against |= Against.ConsentWithdrawn;
                if (given.Under is not { } under || (under != protocol.Hash && covers?.Contains(under) != true)) against |= Against.ConsentOtherText;
                if (given.GivenOn > today || given.GivenOn.AddDays(consent.ValidDays) < today) against |= Against.ConsentExpired;
            }
        }

        var bits = (ulong)against;
        for (var at = 0; at < conditions.Length; at++)
        {
            if (facts.Secrecy is null || !facts.Secrecy.TryGetValue(conditions[at], out var holds) || !holds) bits |= (ulong)Against.Condition << at;
        }

        if (notice is not null) bits |= (ulong)(asked & ~(facts.AnnouncedFields?.Bits ?? 0)) << NoticeShift;
        if (consent is { PerField: true }) bits |= (ulong)(asked & ~(facts.Consent?.Fields.Bits ?? 0)) << ConsentShift;
        return bits;
    }

    private Decision Make(ulong bits)
    {
        var against = (Against)bits;
        List<Reason> whole = [.. always];
        void Add(Against one, Reason reason)
        {
            if ((against & one) != 0) whole.Add(reason);
        }

        Add(Against.Excluded, Reasons.Excluded);
        Add(Against.NoticeTooShort, Reasons.NoticeTooShort);
        Add(Against.ConsentMissing, Reasons.ConsentMissing);
        Add(Against.ConsentWithdrawn, Reasons.ConsentWithdrawn);
        Add(Against.ConsentOtherText, Reasons.ConsentOtherText);
        Add(Against.ConsentExpired, Reasons.ConsentExpired);
        for (var at = 0; at < conditions.Length; at++) Add((Against)((ulong)Against.Condition << at), OfCondition(conditions[at]));
        whole = [.. whole.Distinct()];
        List<FieldDecision> decided = [.. fields.Select(field =>
        {
            List<Reason> reasons = [.. whole];
            if (shared?.Shared.Any(candidate => candidate.Id == field) != true || shared.Never.Contains(field)) reasons.Add(Reasons.FieldNotInProtocol);
            if ((bits & ((ulong)FieldSet.Bit(field) << NoticeShift)) != 0) reasons.Add(Reasons.NoticeNotForField);
            if ((bits & ((ulong)FieldSet.Bit(field) << ConsentShift)) != 0) reasons.Add(Reasons.ConsentNotForField);
            return new FieldDecision(field, reasons);
        })];
        var isRefused = whole.Count > 0 || (decided.Count > 0 && decided.TrueForAll(field => field.Outcome == Outcome.Refuse));
        return isRefused
            ? new Decision(Outcome.Refuse, [.. whole.Concat(decided.SelectMany(field => field.Reasons)).Distinct()], decided)
            : new Decision(Outcome.Permit, [], decided, obligations);
    }

    private static Reason OfCondition(SecrecyCondition condition) => condition switch
    {
        SecrecyCondition.RecipientBound => Reasons.RecipientNotBound,
        SecrecyCondition.SameMission => Reasons.MissionDiffers,
        SecrecyCondition.ClientInformed => Reasons.ClientNotInformed,
        SecrecyCondition.ClientConsents => Reasons.SecrecyConsentMissing,
        _ => Reasons.FieldNotNecessary,
    };
}
