using Bereik.Domain;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Protocols;
using Bereik.Exchange.Register;
using Bereik.Exchange.Signatures;

namespace Bereik.Tests.Shared;

// A register for tests, made by the real library: who signs what is up to the test.
internal static partial class Acceding
{
    // What the register says where protocol and accession both run.
    public static RegisterFacts InOrder { get; } = new() { Age = TimeSpan.Zero, State = ProtocolState.InForce, Accession = new AccessionFact(false, false, false, false), UsableUntil = null };

    public static ProtocolFile FileOf(Flow flow) => ShippedProtocols.Files.Single(file => file.Protocol!.Flow == flow);

    // What a local government declares when everything is in order.
    public static Accession Ordinary(Protocol protocol, string organisation, OrganisationKind kind, string nis, DateOnly today) => new()
    {
        Organisation = organisation,
        Kind = kind,
        Protocol = protocol.Id,
        Version = protocol.Version,
        ProtocolHash = protocol.Hash,
        FrameworkHash = FrameworkFile.Shipped.Hash,
        Decision = new CouncilDecision
        {
            Body = kind == OrganisationKind.Municipality ? DecidingBody.MunicipalCouncil : kind == OrganisationKind.PublicCentreForWelfare ? DecidingBody.SocialWelfareCouncil : DecidingBody.Board,
            On = today.AddDays(-30),
            Number = "2026/118",
        },
        Advice = new OfficerAdvice { Outcome = AdviceOutcome.Favourable, Officer = "Functionaris voor gegevensbescherming", On = today.AddDays(-40), Summary = "Gunstig." },
        Measures = [.. FrameworkFile.Shipped.Measures.Select(measure => new MeasureAnswer { Id = measure.Id, State = MeasureState.Met, On = today.AddDays(-20), Evidence = "Dossier 12" })],
        Contact = "sociaalhuis@voorbeeld.be",
        Service = "Sociaal Huis",
        ReviewBy = today.AddMonths(11),
        Regulation = "Reglement sociale toelage",
        Territory = [new TerritoryPeriod { Nis = nis, From = new DateOnly(2025, 1, 1) }],
    };

    // The two documents with which it joins: the text itself, signed as every party does, and the act.
    public static IReadOnlyList<string> Documents(ProtocolFile file, Accession accession, SigningKey key, DateTimeOffset at) =>
        [RegisterDocuments.SignProtocol(file.Canonical.Span, key), SignedDocument.Sign(new AccessionAct { Accession = accession, At = WholeSeconds(at) }, key).Compact];

    public static string Stop(Protocol protocol, string? organisation, StopKind kind, SigningKey key, DateTimeOffset at, SanctionTrigger trigger = SanctionTrigger.AuditFailed) => SignedDocument.Sign(
        new RegisterStop
        {
            Protocol = Exchange.Bytes32.TryParse(protocol.Hash, out var hash) ? hash : throw new InvalidOperationException("A text has no hash."),
            Organisation = organisation,
            Kind = kind,
            Trigger = kind == StopKind.Suspend ? trigger : null,
            Because = "De audit van dit jaar is mislukt.",
            On = kind == StopKind.End ? BelgianTime.DayOf(at) : null,
            At = WholeSeconds(at),
        }, key).Compact;

    private static DateTimeOffset WholeSeconds(DateTimeOffset at) => DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds());
}
