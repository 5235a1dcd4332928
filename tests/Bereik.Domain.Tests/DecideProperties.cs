using Bereik.Exchange.Protocols;
using CsCheck;
using Shouldly;
using Xunit;

namespace Bereik.Domain.Tests;

// A thousand generated cases for each law. The share of each outcome is printed: a law over refusals alone would hold of anything.
public sealed class DecideProperties(ITestOutputHelper output)
{
    private const int Cases = 1000;
    private static readonly DateOnly Today = Ordinary.Today;

    // Mostly in order, so that about one in two is permitted.
    private static Gen<T> Mostly<T>(T ordinary, params T[] others) => Gen.Select(Gen.Int[0, 99], Gen.Int[0, others.Length - 1], (chance, at) => chance < 94 ? ordinary : others[at]);

    private static readonly Gen<Protocol> AnyProtocol = Gen.Int[0, ShippedProtocols.All.Count - 1].Select(at => ShippedProtocols.All[at]);

    private static readonly Gen<(OrderRequest Request, OrderFacts Facts)> Orders =
        from nis in Mostly("41002", "11002")
        from known in Mostly<int?>(20, 0, 3, 15, null)
        from months in Mostly(0, 2)
        from days in Mostly(7, 15, -1)
        from kind in Mostly<OrganisationKind?>(OrganisationKind.PublicCentreForWelfare, OrganisationKind.Municipality, null)
        from delivered in Mostly<bool?>(false, true, null)
        from open in Mostly<bool?>(false, true, null)
        from seen in Mostly<bool?>(false, true, null)
        from attempts in Mostly<int?>(0, 9, null)
        from earlier in Mostly<EarlierKnown?>(new EarlierKnown(null), new EarlierKnown(21), new EarlierKnown(100), null)
        from name in Mostly<string?>("d", "a", null)
        from synthetic in Mostly<bool?>(true, false, null)
        select (
            Ordinary.Order with { Nis = nis, KnownCount = known, ReferenceMonth = new Month(2026, 10).Plus(months), ExpiresAt = Ordinary.Now.AddDays(days) },
            Ordinary.OrderFacts with
            {
                RecipientKind = kind, AlreadyDelivered = delivered, AnotherOpen = open, ContextSeen = seen, EarlierAttempts = attempts, EarlierKnown = earlier, SyntheticOnly = synthetic,
                Operators = Ordinary.Operators(OrganisationKind.PublicCentreForWelfare, name!),
            });

    private static readonly Gen<(Protocol Protocol, ReleaseRequest Request, ReleaseFacts Facts)> Releases =
        from protocol in AnyProtocol
        from fields in Gen.Int[0, 7].Array[0, 4]
        from excluded in Mostly<Exclusion?>(null, Exclusion.SafeAddress, Exclusion.Objection, Exclusion.Deceased)
        from noticed in Mostly<int?>(40, 3, null)
        from consented in Mostly<int?>(5, 200, null)
        from withdrawn in Mostly<bool?>(false, true, null)
        from condition in Mostly<SecrecyCondition?>(null, Enum.GetValues<SecrecyCondition>().Select(value => (SecrecyCondition?)value).ToArray())
        from synthetic in Mostly<bool?>(true, false, null)
        from extra in Gen.Int[0, 9]
        select Release(protocol, fields, excluded, noticed, consented, withdrawn, condition, synthetic, extra);

    private static readonly Gen<(Protocol Protocol, UseRequest Request, UseFacts Facts)> Uses =
        from protocol in AnyProtocol
        from act in Mostly(UseAct.Open, UseAct.PassOn, UseAct.Grant)
        from day in Mostly<int?>(10, 29, 91, 400, null)
        from contacted in Mostly<bool?>(false, true, null)
        from informed in Mostly<bool?>(true, false, null)
        from objected in Mostly<bool?>(false, true, null)
        from bound in Mostly<bool?>(true, false, null)
        from attested in Mostly<int?>(1, 13, null)
        from synthetic in Mostly<bool?>(true, false, null)
        select (
            protocol,
            new UseRequest { Act = act, Purpose = protocol.Flow.Purpose(), PassTo = act == UseAct.PassOn ? OrganisationKind.WelfareCentre : null },
            new UseFacts
            {
                Today = Today, SyntheticOnly = synthetic, ReceivedOn = day is { } days ? Today.AddDays(-days) : null, Contacted = contacted, Informed = informed, Objected = objected,
                Worker = new WorkerFact { Function = protocol.Find<Clause.RecipientsClause>()!.Functions[0], BoundBySecrecy = bound, AttestedOn = attested is { } months ? Today.AddMonths(-months) : null },
            });

    [Fact]
    public void Order_WithOneFactLess_IsNeverPermittedWhereItWasNot() => Law(
        Orders, one => Decide.Order(Ordinary.Unknown, one.Request, one.Facts), one =>
        [
            Less(one, one.Facts with { RecipientKind = null }), Less(one, one.Facts with { Territory = null }), Less(one, one.Facts with { Territory = [] }), Less(one, one.Facts with { Operators = null }),
            .. one.Facts.Operators!.Keys.Select(kind => Less(one, one.Facts with { Operators = one.Facts.Operators.Where(entry => entry.Key != kind).ToDictionary(entry => entry.Key, entry => entry.Value) })),
            Less(one, one.Facts with { SyntheticOnly = null }), Less(one, one.Facts with { AlreadyDelivered = null }), Less(one, one.Facts with { EarlierAttempts = null }),
            Less(one, one.Facts with { ContextSeen = null }), Less(one, one.Facts with { AnotherOpen = null }), Less(one, one.Facts with { EarlierKnown = null }),
            .. Ordinary.Unknown.Clauses.Select(clause => Decide.Order(Without(Ordinary.Unknown, clause), one.Request, one.Facts)),
            Decide.Order(Ordinary.Unknown with { Hash = "" }, one.Request, one.Facts),
        ]);

    [Fact]
    public void Release_WithOneFactConsentOrClauseLess_IsNeverPermittedWhereItWasNot() => Law(
        Releases, one => Decide.Release(one.Protocol, one.Request, one.Facts), one =>
        [
            Less(one, one.Facts with { SyntheticOnly = null }), Less(one, one.Facts with { Excluded = null }), Less(one, one.Facts with { AnnouncedOn = null }), Less(one, one.Facts with { Consent = null }),
            Less(one, one.Facts with { Secrecy = null }),
            .. one.Facts.Excluded!.Keys.Select(key => Less(one, one.Facts with { Excluded = one.Facts.Excluded.Where(entry => entry.Key != key).ToDictionary(entry => entry.Key, entry => entry.Value) })),
            .. one.Facts.Secrecy!.Keys.Select(key => Less(one, one.Facts with { Secrecy = one.Facts.Secrecy.Where(entry => entry.Key != key).ToDictionary(entry => entry.Key, entry => entry.Value) })),
            .. one.Facts.Consent is { } consent
                ? consent.Fields.Select(field => Less(one, one.Facts with { Consent = consent with { Fields = [.. consent.Fields.Where(other => other != field)] } })).Append(Less(one, one.Facts with { Consent = consent with { Withdrawn = null } }))
                : [],
            .. one.Protocol.Clauses.Select(clause => Decide.Release(Without(one.Protocol, clause), one.Request, one.Facts)),
        ]);

    [Fact]
    public void Use_WithOneFactAttestationOrClauseLess_IsNeverPermittedWhereItWasNot() => Law(
        Uses, one => Decide.Use(one.Protocol, one.Request, one.Facts), one =>
        [
            Less(one, one.Facts with { SyntheticOnly = null }), Less(one, one.Facts with { ReceivedOn = null }), Less(one, one.Facts with { Contacted = null }), Less(one, one.Facts with { Informed = null }),
            Less(one, one.Facts with { Objected = null }), Less(one, one.Facts with { Worker = null }), Less(one, one.Facts with { Worker = one.Facts.Worker! with { AttestedOn = null } }),
            Less(one, one.Facts with { Worker = one.Facts.Worker! with { BoundBySecrecy = null } }),
            .. one.Protocol.Clauses.Select(clause => Decide.Use(Without(one.Protocol, clause), one.Request, one.Facts)),
        ]);

    [Fact]
    public void Release_OfOneFieldMore_ChangesNoOtherField()
    {
        var permitted = 0;
        Gen.Select(Releases, Gen.Int[0, Enum.GetValues<RecordField>().Length - 1]).Sample(
            (one, at) =>
            {
                var before = Decide.Release(one.Protocol, one.Request, one.Facts);
                var after = Decide.Release(one.Protocol, one.Request with { Fields = [.. one.Request.Fields, (RecordField)at] }, one.Facts);
                foreach (var field in before.Fields)
                {
                    var same = after.Fields.Single(other => other.Field == field.Field);
                    same.Outcome.ShouldBe(field.Outcome);
                    same.Reasons.ShouldBe(field.Reasons);
                    if (field.Outcome == Outcome.Permit) Interlocked.Increment(ref permitted);
                }
            }, iter: Cases);
        permitted.ShouldBeGreaterThan(Cases / 4);
        output.WriteLine($"{permitted} fields were permitted.");
    }

    [Fact]
    public void Decision_WithFactsInAnotherOrder_IsTheSame() => Releases.Sample(
        one =>
        {
            var turned = one.Facts with
            {
                Excluded = one.Facts.Excluded!.Reverse().ToDictionary(entry => entry.Key, entry => entry.Value),
                Secrecy = one.Facts.Secrecy!.Reverse().ToDictionary(entry => entry.Key, entry => entry.Value),
                Consent = one.Facts.Consent is { } consent ? consent with { Fields = [.. consent.Fields.Reverse()] } : null,
            };
            var (before, after) = (Decide.Release(one.Protocol, one.Request, one.Facts), Decide.Release(one.Protocol, one.Request, turned));
            after.Outcome.ShouldBe(before.Outcome);
            after.Reasons.ShouldBe(before.Reasons);
            after.Fields.Select(field => (field.Field, field.Outcome)).ShouldBe(before.Fields.Select(field => (field.Field, field.Outcome)));
        }, iter: Cases);

    private static Decision Less((OrderRequest Request, OrderFacts Facts) one, OrderFacts facts) => Decide.Order(Ordinary.Unknown, one.Request, facts);

    private static Decision Less((Protocol Protocol, ReleaseRequest Request, ReleaseFacts Facts) one, ReleaseFacts facts) => Decide.Release(one.Protocol, one.Request, facts);

    private static Decision Less((Protocol Protocol, UseRequest Request, UseFacts Facts) one, UseFacts facts) => Decide.Use(one.Protocol, one.Request, facts);

    private static Protocol Without(Protocol protocol, Clause clause) => protocol with { Clauses = [.. protocol.Clauses.Where(other => other != clause)] };

    // INVARIANT: less is never more.
    private void Law<T>(Gen<T> cases, Func<T, Decision> decide, Func<T, IReadOnlyList<Decision>> less)
    {
        var shares = new int[3];
        cases.Sample(
            one =>
            {
                var whole = decide(one);
                Interlocked.Increment(ref shares[(int)whole.Outcome]);
                foreach (var part in less(one))
                {
                    ((int)part.Outcome).ShouldBeGreaterThanOrEqualTo((int)whole.Outcome);
                    foreach (var field in whole.Fields.Where(field => field.Outcome == Outcome.Refuse)) part.Fields.Single(other => other.Field == field.Field).Outcome.ShouldBe(Outcome.Refuse);
                }
            }, iter: Cases);
        output.WriteLine($"{Cases} cases: {shares[(int)Outcome.Permit]} permitted, {shares[(int)Outcome.Hold]} held, {shares[(int)Outcome.Refuse]} refused.");
        shares[(int)Outcome.Permit].ShouldBeInRange(Cases / 10, Cases * 9 / 10);
        shares[(int)Outcome.Refuse].ShouldBeInRange(Cases / 10, Cases * 9 / 10);
    }

    private static (Protocol, ReleaseRequest, ReleaseFacts) Release(
        Protocol protocol, int[] fields, Exclusion? excluded, int? noticed, int? consented, bool? withdrawn, SecrecyCondition? condition, bool? synthetic, int extra)
    {
        var shared = protocol.Find<Clause.FieldsClause>()!.Shared.Select(field => field.Id).ToList();
        List<RecordField> asked = [.. fields.Where(at => at < shared.Count).Select(at => shared[at]).Distinct()];
        if (extra == 0) asked.Add(RecordField.Insz);
        return (
            protocol,
            new ReleaseRequest { Purpose = protocol.Flow.Purpose(), Fields = asked },
            new ReleaseFacts
            {
                Today = Today, SyntheticOnly = synthetic, AnnouncedOn = noticed is { } days ? Today.AddDays(-days) : null,
                Excluded = Enum.GetValues<Exclusion>().ToDictionary(value => value, value => value == excluded),
                Consent = consented is { } since ? new ConsentFact { GivenOn = Today.AddDays(-since), Withdrawn = withdrawn, Fields = [.. shared.Skip(extra % 3)] } : null,
                Secrecy = Enum.GetValues<SecrecyCondition>().ToDictionary(value => value, value => value != condition),
            });
    }
}
