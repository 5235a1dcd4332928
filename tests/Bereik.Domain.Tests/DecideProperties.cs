using Bereik.Bench;
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
    private static readonly string[] Grounds = ["machtiging", "rechtsgrond-verzameling", "rechtsgrond-mededeling", "rechtsgrond-ontvanger"];

    // Mostly in order, so that about one in two is permitted.
    private static Gen<T> Mostly<T>(T ordinary, params T[] others) => Gen.Select(Gen.Int[0, 99], Gen.Int[0, others.Length - 1], (chance, at) => chance < 94 ? ordinary : others[at]);

    private static readonly Gen<Protocol> AnyProtocol = Gen.Int[0, ShippedProtocols.All.Count - 1].Select(at => ShippedProtocols.All[at]);

    // Whatever has stopped has a last day of use, past or to come.
    private static readonly Gen<RegisterFacts?> Registers =
        from age in Mostly<TimeSpan?>(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(20), TimeSpan.FromHours(25), null)
        from state in Mostly<ProtocolState?>(ProtocolState.InForce, [null, .. Enum.GetValues<ProtocolState>().Select(value => (ProtocolState?)value)])
        from accession in Mostly<AccessionFact?>(
            Ordinary.Register.Accession, null, new AccessionFact(true, false, false, false), new AccessionFact(false, true, false, false), new AccessionFact(false, false, true, false), new AccessionFact(false, false, false, true))
        from usable in Gen.Int[-2, 30]
        from isThere in Mostly(true, false)
        select isThere ? new RegisterFacts
        {
            Age = age, State = state, Accession = accession,
            UsableUntil = state > ProtocolState.InForce || (accession is not null && accession != Ordinary.Register.Accession) ? Today.AddDays(usable) : null,
        } : null;

    private static readonly Gen<(OrderRequest Request, OrderFacts Facts)> Orders =
        from nis in Mostly("41002", "11002")
        from known in Mostly<int?>(20, 0, 3, 15, null)
        from months in Mostly(0, 2)
        from days in Mostly(7, 15, -1)
        from kind in Mostly<OrganisationKind?>(OrganisationKind.PublicCentreForWelfare, OrganisationKind.Municipality, null)
        from delivered in Mostly<bool?>(false, true, null)
        from open in Mostly<bool?>(false, true, null)
        from seen in Mostly<bool?>(false, true, null)
        from root in Mostly<bool?>(false, true, null)
        from round in Mostly<bool?>(false, true, null)
        from attempts in Mostly<int?>(0, 9, null)
        from earlier in Mostly<EarlierKnown?>(new EarlierKnown(null), new EarlierKnown(21), new EarlierKnown(100), null)
        from name in Mostly<string?>("d", "a", null)
        from synthetic in Mostly<bool?>(true, false, null)
        from register in Registers
        select (
            Ordinary.Order with { Nis = nis, KnownCount = known, ReferenceMonth = new Month(2026, 10).Plus(months), ExpiresAt = Ordinary.Now.AddDays(days) },
            Ordinary.OrderFacts with
            {
                RecipientKind = kind, AlreadyDelivered = delivered, AnotherOpen = open, ContextSeen = seen, RootOwed = root, RoundOwed = round, EarlierAttempts = attempts, EarlierKnown = earlier, SyntheticOnly = synthetic, Register = register,
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
        from register in Registers
        from told in Mostly<int?>(0, 1, 2, null)
        from under in Mostly<string?>("this", "earlier", "another", null)
        from covers in Mostly<string?>("earlier", "none", null)
        select Release(protocol, fields, excluded, noticed, consented, withdrawn, condition, synthetic, extra, register, told, under, covers);

    private static readonly Gen<(Protocol Protocol, UseRequest Request, UseFacts Facts)> Uses =
        from protocol in AnyProtocol
        from act in Mostly(UseAct.Open, UseAct.PassOn, UseAct.Grant)
        from day in Mostly<int?>(10, 29, 91, 400, null)
        from contacted in Mostly<bool?>(false, true, null)
        from informed in Mostly<bool?>(true, false, null)
        from objected in Mostly<bool?>(false, true, null)
        from bound in Mostly<bool?>(true, false, null)
        from attested in Mostly<int?>(1, 13, null)
        from suspended in Mostly<bool?>(false, true, null)
        from team in Mostly<bool?>(true, false, null)
        from wider in Mostly(false, true)
        from synthetic in Mostly<bool?>(true, false, null)
        from register in Registers
        select (
            protocol,
            new UseRequest { Act = act, Purpose = protocol.Flow.Purpose(), PassTo = act == UseAct.PassOn ? OrganisationKind.WelfareCentre : null },
            new UseFacts
            {
                Today = Today, SyntheticOnly = synthetic, Register = register, ReceivedOn = day is { } days ? Today.AddDays(-days) : null, Contacted = contacted, Informed = informed, Objected = objected,
                Worker = new WorkerFact { Function = protocol.Find<Clause.RecipientsClause>()!.Functions[0], BoundBySecrecy = bound, AttestedOn = attested is { } months ? Today.AddMonths(-months) : null, Suspended = suspended }, OwnTeam = team, WiderAccess = wider,
            });

    private static readonly Gen<(Protocol Protocol, PublicationFacts Facts)> Publications =
        from protocol in AnyProtocol
        from unverified in Mostly<string?>(null, Grounds)
        from source in Mostly(Ordinary.Advice, Advices)
        from recipient in Mostly(Ordinary.Advice, Advices)
        from signed in Mostly<Party[]>([Party.Source, Party.Hub, Party.Pseudonymiser], [Party.Source, Party.Hub], [Party.Hub, Party.Pseudonymiser], [Party.Source, Party.Pseudonymiser], [])
        from places in Mostly<string[]>(["https://een.example"], ["https://een.example", "https://twee.example"], [], [" "])
        from years in Mostly(0, 3)
        select (
            Ordinary.VerifiedBut(unverified, protocol),
            new PublicationFacts
            {
                Today = Today.AddYears(years), Advices = new[] { (Party.Source, source), (Party.Recipient, recipient) }.Where(pair => pair.Item2 is not null).ToDictionary(pair => pair.Item1, pair => pair.Item2!),
                SignedBy = signed.ToHashSet(), Places = places,
            });

    private static readonly Gen<(Protocol Protocol, Accession Accession, AccessionFacts Facts)> Accessions =
        from protocol in AnyProtocol
        from measure in Gen.Int[0, Ordinary.Framework.Measures.Count - 1]
        from answer in Mostly<Func<MeasureAnswer, MeasureAnswer>>(
            same => same, other => other with { State = MeasureState.NotMet }, other => other with { State = MeasureState.Planned, Plan = "Tegen de zomer", PlanBy = Today.AddMonths(6) },
            other => other with { On = Today.AddDays(1) }, other => other with { On = Today.AddYears(-2) })
        from regulation in Mostly<string?>("Reglement van 3 maart 2025", [null])
        from territory in Mostly<string[]>(["41002", "44034"], ["41002"], ["73028"], ["99999"], [])
        from review in Mostly(12, 13, -1)
        from body in Mostly<DecidingBody?>(null, Enum.GetValues<DecidingBody>().Select(value => (DecidingBody?)value).ToArray())
        from advice in Mostly(Ordinary.Advice, Advices)
        from framework in Mostly(Ordinary.Framework, Ordinary.Framework with { Version = "9.9" }, Ordinary.Framework with { Hash = "another" }, null)
        from signer in Mostly<string?>("ocmw-aalst", "gemeente-aalst", null)
        from state in Mostly<ProtocolState?>(ProtocolState.InForce, [null, .. Enum.GetValues<ProtocolState>().Select(value => (ProtocolState?)value)])
        from synthetic in Mostly<bool?>(true, false, null)
        select Accession(protocol, measure, answer, regulation, territory, review, body, advice, framework, signer, state, synthetic);

    private static OfficerAdvice?[] Advices =>
    [
        null, Ordinary.Advice with { Outcome = AdviceOutcome.Unfavourable }, Ordinary.Advice with { Outcome = AdviceOutcome.Unfavourable, NotFollowed = "De raad besliste anders." },
        Ordinary.Advice with { Outcome = AdviceOutcome.Conditional }, Ordinary.Advice with { On = Today.AddDays(1) },
    ];

    [Fact]
    public void Order_WithOneFactLess_IsNeverPermittedWhereItWasNot() => Law(
        Orders, one => Decide.Order(Ordinary.Unknown, one.Request, one.Facts), one =>
        [
            Less(one, one.Facts with { RecipientKind = null }), Less(one, one.Facts with { Territory = null }), Less(one, one.Facts with { Territory = [] }), Less(one, one.Facts with { Operators = null }),
            .. one.Facts.Operators!.Keys.Select(kind => Less(one, one.Facts with { Operators = one.Facts.Operators.Where(entry => entry.Key != kind).ToDictionary(entry => entry.Key, entry => entry.Value) })),
            Less(one, one.Facts with { SyntheticOnly = null }), Less(one, one.Facts with { AlreadyDelivered = null }), Less(one, one.Facts with { EarlierAttempts = null }),
            Less(one, one.Facts with { ContextSeen = null }), Less(one, one.Facts with { AnotherOpen = null }), Less(one, one.Facts with { EarlierKnown = null }),
            Less(one, one.Facts with { RootOwed = null }), Less(one, one.Facts with { RoundOwed = null }),
            .. LessOf(one.Facts.Register).Select(register => Less(one, one.Facts with { Register = register })),
            .. Ordinary.Unknown.Clauses.Select(clause => Decide.Order(Ordinary.Unknown.Without(clause), one.Request, one.Facts)),
            Decide.Order(Ordinary.Unknown with { Hash = "" }, one.Request, one.Facts),
        ]);

    [Fact]
    public void Release_WithOneFactConsentOrClauseLess_IsNeverPermittedWhereItWasNot() => Law(
        Releases, one => Decide.Release(one.Protocol, one.Request, one.Facts), one =>
        [
            Less(one, one.Facts with { SyntheticOnly = null }), Less(one, one.Facts with { Excluded = null }), Less(one, one.Facts with { AnnouncedOn = null }), Less(one, one.Facts with { Consent = null }),
            Less(one, one.Facts with { Secrecy = null }), Less(one, one.Facts with { AnnouncedFields = null }), Less(one, one.Facts with { Covers = null }), Less(one, one.Facts with { Covers = new HashSet<string>() }),
            .. LessOf(one.Facts.Register).Select(register => Less(one, one.Facts with { Register = register })),
            .. (one.Facts.AnnouncedFields ?? []).Select(field => Less(one, one.Facts with { AnnouncedFields = [.. one.Facts.AnnouncedFields!.Value.Where(other => other != field)] })),
            .. Enum.GetValues<Exclusion>().Select(key => Less(one, one.Facts with { Excluded = ExclusionFacts.Of(Looked(one.Facts.Excluded!.Value).Where(entry => entry.Key != key)) })),
            .. one.Facts.Secrecy!.Keys.Select(key => Less(one, one.Facts with { Secrecy = one.Facts.Secrecy.Where(entry => entry.Key != key).ToDictionary(entry => entry.Key, entry => entry.Value) })),
            .. one.Facts.Consent is { } consent
                ? consent.Fields.Select(field => Less(one, one.Facts with { Consent = consent with { Fields = [.. consent.Fields.Where(other => other != field)] } })).Append(Less(one, one.Facts with { Consent = consent with { Withdrawn = null } })).Append(Less(one, one.Facts with { Consent = consent with { Under = null } }))
                : [],
            .. one.Protocol.Clauses.Select(clause => Decide.Release(one.Protocol.Without(clause), one.Request, one.Facts)),
        ]);

    [Fact]
    public void Use_WithOneFactAttestationOrClauseLess_IsNeverPermittedWhereItWasNot() => Law(
        Uses, one => Decide.Use(one.Protocol, one.Request, one.Facts), one =>
        [
            Less(one, one.Facts with { SyntheticOnly = null }), Less(one, one.Facts with { ReceivedOn = null }), Less(one, one.Facts with { Contacted = null }), Less(one, one.Facts with { Informed = null }),
            Less(one, one.Facts with { Objected = null }), Less(one, one.Facts with { Worker = null }), Less(one, one.Facts with { Worker = one.Facts.Worker! with { AttestedOn = null } }),
            Less(one, one.Facts with { Worker = one.Facts.Worker! with { BoundBySecrecy = null } }), Less(one, one.Facts with { Worker = one.Facts.Worker! with { Suspended = null } }),
            Less(one, one.Facts with { OwnTeam = null }), Less(one, one.Facts with { WiderAccess = false }),
            .. LessOf(one.Facts.Register).Select(register => Less(one, one.Facts with { Register = register })),
            .. one.Protocol.Clauses.Select(clause => Decide.Use(one.Protocol.Without(clause), one.Request, one.Facts)),
        ]);

    [Fact]
    public void Continue_WithOneFactOrClauseLess_IsNeverPermittedWhereItWasNot() => Law(
        Gen.Select(AnyProtocol, Registers, Mostly<bool?>(true, false, null)), one => Decide.Continue(one.Item1, one.Item2, one.Item3), one =>
        [
            Decide.Continue(one.Item1, one.Item2, null), .. LessOf(one.Item2).Select(register => Decide.Continue(one.Item1, register, one.Item3)),
            .. one.Item1.Clauses.Select(clause => Decide.Continue(one.Item1.Without(clause), one.Item2, one.Item3)),
        ]);

    [Fact]
    public void Publish_WithOneAdviceSignaturePlaceVerificationOrClauseLess_IsNeverPermittedWhereItWasNot() => Law(
        Publications, one => Decide.Publish(one.Protocol, one.Facts), one =>
        [
            Less(one, one.Facts with { Advices = null }), Less(one, one.Facts with { SignedBy = null }), Less(one, one.Facts with { Places = null }),
            .. one.Facts.Advices!.Keys.Select(party => Less(one, one.Facts with { Advices = one.Facts.Advices.Where(entry => entry.Key != party).ToDictionary(entry => entry.Key, entry => entry.Value) })),
            .. one.Facts.SignedBy!.Select(party => Less(one, one.Facts with { SignedBy = one.Facts.SignedBy!.Where(other => other != party).ToHashSet() })),
            .. one.Facts.Places!.Select(place => Less(one, one.Facts with { Places = [.. one.Facts.Places!.Where(other => other != place)] })),
            .. Grounds.Select(id => Decide.Publish(Unverified(one.Protocol, id), one.Facts)),
            .. one.Protocol.Clauses.Select(clause => Decide.Publish(one.Protocol.Without(clause), one.Facts)),
        ]);

    [Fact]
    public void Accede_WithOneAnswerMunicipalityFactOrClauseLess_IsNeverPermittedWhereItWasNot() => Law(
        Accessions, one => Decide.Accede(one.Protocol, one.Accession, one.Facts), one =>
        [
            Less(one, one.Facts with { SyntheticOnly = null }), Less(one, one.Facts with { SignedBy = null }), Less(one, one.Facts with { Kind = null }), Less(one, one.Facts with { State = null }),
            Less(one, one.Facts with { Framework = null }), Less(one, one.Facts with { Municipalities = null }),
            .. one.Facts.Municipalities!.Keys.Select(nis => Less(one, one.Facts with { Municipalities = one.Facts.Municipalities.Where(entry => entry.Key != nis).ToDictionary(entry => entry.Key, entry => entry.Value) })),
            Decide.Accede(one.Protocol, one.Accession with { Regulation = null }, one.Facts), Decide.Accede(one.Protocol, one.Accession with { Measures = [] }, one.Facts),
            .. one.Accession.Measures.Select(answer => Decide.Accede(one.Protocol, one.Accession with { Measures = [.. one.Accession.Measures.Where(other => other != answer)] }, one.Facts)),
            .. one.Accession.Territory.Select(period => Decide.Accede(one.Protocol, one.Accession with { Territory = [.. one.Accession.Territory.Where(other => other != period)] }, one.Facts)),
            .. one.Protocol.Clauses.Select(clause => Decide.Accede(one.Protocol.Without(clause), one.Accession, one.Facts)),
            Decide.Accede(one.Protocol with { Hash = "" }, one.Accession with { ProtocolHash = "" }, one.Facts),
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

    // Whoever reads the published document clause by clause comes to the same reasons, for every field.
    [Fact]
    public void Release_OfAnyFacts_IsExplainedAsTheDocumentReads()
    {
        var readers = ShippedProtocols.Files.ToDictionary(file => file.Protocol!.Hash, file => new NaiveRelease(file.Canonical.Span, file.Protocol!.Hash));
        Releases.Where(one => readers.ContainsKey(one.Protocol.Hash)).Sample(
            one =>
            {
                var expected = readers[one.Protocol.Hash].Explain(one.Request, one.Facts);
                var decided = Decide.Release(one.Protocol, one.Request, one.Facts).Fields;
                decided.Count.ShouldBe(expected.Count);
                foreach (var field in decided) field.Reasons.Select(reason => reason.Code).Order(StringComparer.Ordinal).ShouldBe(expected[field.Field.WireName()]);
            }, iter: Cases);
    }

    [Fact]
    public void Release_WithFactsInAnotherOrder_IsTheSame() => Releases.Sample(
        one =>
        {
            var turned = one.Facts with
            {
                Excluded = ExclusionFacts.Of(Looked(one.Facts.Excluded!.Value).Reverse()), Secrecy = Turned(one.Facts.Secrecy!), AnnouncedFields = one.Facts.AnnouncedFields is { } told ? [.. told.Reverse()] : null,
                Consent = one.Facts.Consent is { } consent ? consent with { Fields = [.. consent.Fields.Reverse()] } : null,
            };
            var (before, after) = (Decide.Release(one.Protocol, one.Request, one.Facts), Decide.Release(one.Protocol, one.Request, turned));
            ShouldBeTheSame(after, before);
            after.Fields.Select(field => (field.Field, field.Outcome)).ShouldBe(before.Fields.Select(field => (field.Field, field.Outcome)));
        }, iter: Cases);

    [Fact]
    public void Order_WithFactsInAnotherOrder_IsTheSame() => Orders.Sample(
        one => ShouldBeTheSame(
            Decide.Order(Ordinary.Unknown, one.Request, one.Facts with { Operators = Turned(one.Facts.Operators!), Territory = ["11002", .. one.Facts.Territory!.Reverse()] }),
            Decide.Order(Ordinary.Unknown, one.Request, one.Facts with { Territory = [.. one.Facts.Territory!, "11002"] })),
        iter: Cases);

    [Fact]
    public void Publish_WithFactsInAnotherOrder_IsTheSame() => Publications.Sample(
        one => ShouldBeTheSame(
            Decide.Publish(one.Protocol with { Clauses = [.. one.Protocol.Clauses.Reverse()] }, one.Facts with { Advices = Turned(one.Facts.Advices!), SignedBy = one.Facts.SignedBy!.Reverse().ToHashSet(), Places = [.. one.Facts.Places!.Reverse()] }),
            Decide.Publish(one.Protocol, one.Facts)),
        iter: Cases);

    [Fact]
    public void Accede_WithFactsInAnotherOrder_IsTheSame() => Accessions.Sample(
        one => ShouldBeTheSame(
            Decide.Accede(
                one.Protocol with { Clauses = [.. one.Protocol.Clauses.Reverse()] }, one.Accession with { Measures = [.. one.Accession.Measures.Reverse()], Territory = [.. one.Accession.Territory.Reverse()] },
                one.Facts with { Municipalities = Turned(one.Facts.Municipalities!), Framework = one.Facts.Framework is { } framework ? framework with { Measures = [.. framework.Measures.Reverse()] } : null }),
            Decide.Accede(one.Protocol, one.Accession, one.Facts)),
        iter: Cases);

    private static void ShouldBeTheSame(Decision after, Decision before)
    {
        after.Outcome.ShouldBe(before.Outcome);
        after.Reasons.ShouldBe(before.Reasons);
    }

    private static KeyValuePair<Exclusion, bool>[] Looked(ExclusionFacts facts) =>
        [.. Enum.GetValues<Exclusion>().Where(exclusion => facts.Of(exclusion) is not null).Select(exclusion => KeyValuePair.Create(exclusion, facts.Of(exclusion) == true))];

    private static Dictionary<TKey, TValue> Turned<TKey, TValue>(IReadOnlyDictionary<TKey, TValue> facts)
        where TKey : notnull => facts.Reverse().ToDictionary(entry => entry.Key, entry => entry.Value);

    private static Protocol Unverified(Protocol protocol, string id) => protocol with
    {
        Clauses = [.. protocol.Clauses.Select(clause => clause.Id != id ? clause : clause switch
        {
            Clause.Authorisation authorisation => authorisation with { State = GroundState.Unverified },
            Clause.Ground ground => ground with { References = [.. ground.References.Select((reference, at) => at == 0 ? reference with { State = GroundState.InPreparation } : reference)] },
            _ => clause,
        })],
    };

    private static Decision Less((OrderRequest Request, OrderFacts Facts) one, OrderFacts facts) => Decide.Order(Ordinary.Unknown, one.Request, facts);

    private static Decision Less((Protocol Protocol, ReleaseRequest Request, ReleaseFacts Facts) one, ReleaseFacts facts) => Decide.Release(one.Protocol, one.Request, facts);

    private static Decision Less((Protocol Protocol, UseRequest Request, UseFacts Facts) one, UseFacts facts) => Decide.Use(one.Protocol, one.Request, facts);

    private static Decision Less((Protocol Protocol, PublicationFacts Facts) one, PublicationFacts facts) => Decide.Publish(one.Protocol, facts);

    private static Decision Less((Protocol Protocol, Accession Accession, AccessionFacts Facts) one, AccessionFacts facts) => Decide.Accede(one.Protocol, one.Accession, facts);

    private static IEnumerable<RegisterFacts?> LessOf(RegisterFacts? register) =>
        register is null ? [null] : [null, register with { Age = null }, register with { State = null }, register with { Accession = null }, register with { UsableUntil = null }];

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
        Protocol protocol, int[] fields, Exclusion? excluded, int? noticed, int? consented, bool? withdrawn, SecrecyCondition? condition, bool? synthetic, int extra, RegisterFacts? register, int? told, string? under, string? covers)
    {
        var shared = protocol.Find<Clause.FieldsClause>()!.Shared.Select(field => field.Id).ToList();
        List<RecordField> asked = [.. fields.Where(at => at < shared.Count).Select(at => shared[at]).Distinct()];
        if (extra == 0) asked.Add(RecordField.Insz);
        return (
            protocol,
            new ReleaseRequest { Purpose = protocol.Flow.Purpose(), Fields = asked },
            new ReleaseFacts
            {
                Today = Today, SyntheticOnly = synthetic, Register = register, AnnouncedOn = noticed is { } days ? Today.AddDays(-days) : null,
                AnnouncedFields = told is { } skipped ? [.. shared.Skip(skipped)] : null, Covers = covers is null ? null : new HashSet<string> { covers },
                Excluded = ExclusionFacts.Of(Enum.GetValues<Exclusion>().Select(value => KeyValuePair.Create(value, value == excluded))),
                Consent = consented is { } since ? new ConsentFact { GivenOn = Today.AddDays(-since), Under = under == "this" ? protocol.Hash : under, Withdrawn = withdrawn, Fields = [.. shared.Skip(extra % 3)] } : null,
                Secrecy = Enum.GetValues<SecrecyCondition>().ToDictionary(value => value, value => value != condition),
            });
    }

    private static (Protocol, Accession, AccessionFacts) Accession(
        Protocol protocol, int measure, Func<MeasureAnswer, MeasureAnswer> answer, string? regulation, string[] territory, int review, DecidingBody? body, OfficerAdvice? advice, Framework? framework, string? signer,
        ProtocolState? state, bool? synthetic)
    {
        var kind = protocol.Find<Clause.PartiesClause>()!.Recipients[0];
        var ordinary = Ordinary.Accession(protocol);
        return (
            protocol,
            ordinary.Answering(Ordinary.Framework.Measures[measure].Id, answer) with
            {
                Kind = kind, Regulation = regulation, ReviewBy = Today.AddMonths(review), Advice = advice ?? Ordinary.Advice with { Outcome = AdviceOutcome.Unfavourable },
                Decision = ordinary.Decision with { Body = body ?? (kind == OrganisationKind.Municipality ? DecidingBody.MunicipalCouncil : DecidingBody.SocialWelfareCouncil) },
                Territory = [.. territory.Select(nis => new TerritoryPeriod { Nis = nis, From = Today })],
            },
            Ordinary.AccessionFacts with { SyntheticOnly = synthetic, SignedBy = signer is null ? null : new OrganisationId(signer), Kind = kind, State = state, Framework = framework });
    }
}
