using System.Text.Json.Nodes;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Log;
using Bereik.Exchange.Protocols;
using Bereik.Exchange.Signatures;
using Bereik.Local.Referrals;
using Bereik.Sealing.Referrals;
using Bereik.Tests.Shared;
using Shouldly;

namespace Bereik.Local.Tests;

// An OCMW with its partners: a Kind en Gezin team that refers to it, and a CAW of the same GBO. What the partners say is made by the real library; the hub's part is a mailbox.
internal sealed class ReferralTown : IAsyncDisposable
{
    public const string Team = "Sociale dienst";
    public static readonly ReferralService House = new() { Id = "sociaal-huis", Name = "Sociaal Huis", Team = Team, About = "Kijkt met u na op welke hulp u recht hebt.", Reach = "Elke werkdag van 9 tot 12 uur", WaitingDays = 5 };
    public static readonly ReferralService Caw = new() { Id = "onthaal", Name = "Onthaal CAW", Team = "Onthaal", About = "Helpt bij vragen over wonen en geld.", Reach = "Elke werkdag van 13 tot 17 uur", WaitingDays = 10 };
    public static readonly Protocol FromTeam = ShippedProtocols.All.Single(protocol => protocol.Id == "lokale-actor-doorverwijzing");
    public static readonly Protocol AmongPartners = ShippedProtocols.All.Single(protocol => protocol.Id == "gbo-gedeeld-beroepsgeheim");
    private readonly SigningKey teamKey = SigningKey.Generate();
    private readonly SigningKey cawKey = SigningKey.Generate();
    private readonly SealingKey cawSealing = SealingKey.Generate();

    private ReferralTown()
    {
    }

    public TestLocal Local { get; private set; } = null!;

    public Mailbox Mail { get; private set; } = null!;

    public static async Task<ReferralTown> StartAsync(TestAttestation? attestation = null, Func<Accession, Accession>? change = null, Action<JsonObject>? settings = null)
    {
        var town = new ReferralTown();
        town.Local = await TestLocal.StartAsync(
            change: json =>
            {
                json["referralRoundSeconds"] = 1;
                foreach (var (id, kind, key, sealing) in new[] { ("kind-en-gezin-team", "referrer", town.teamKey, null), ("caw-aalst", "welfareCentre", town.cawKey, town.cawSealing) })
                {
                    var peer = new JsonObject { ["id"] = id, ["name"] = $"Naam van {id}", ["kind"] = kind, ["operator"] = $"uitbater-{id}", ["signing"] = JsonNode.Parse(key.PublicKey.ToJwk()) };
                    if (sealing is not null) peer["sealing"] = JsonNode.Parse(sealing.PublicKey.ToJwk());
                    json["peers"]!.AsArray().Add(peer);
                }

                settings?.Invoke(json);
            },
            before: other =>
            {
                town.Mail = other.Mail;
                var now = other.Now;
                var today = BelgianTime.DayOf(now);
                Accession Of(Protocol protocol, string organisation, OrganisationKind kind, ReferralService service)
                {
                    var accession = Acceding.Ordinary(protocol, organisation, kind, "41002", today) with { Services = [service] };
                    if (protocol.Find<Clause.SharedSecrecy>() is not null) accession = accession with { Partnership = new PartnershipMembership { Id = "gbo-aalst", Name = "GBO Aalst", Arrangement = Bytes32.Sha256("regeling"u8).ToString(), From = new DateOnly(2026, 1, 1) } };
                    return change?.Invoke(accession) ?? accession;
                }

                ProtocolFile FileOf(Protocol protocol) => ShippedProtocols.Files.Single(file => file.Protocol!.Hash == protocol.Hash);
                foreach (var document in Acceding.Documents(FileOf(FromTeam), Of(FromTeam, "ocmw-aalst", OrganisationKind.PublicCentreForWelfare, House), other.LocalKey, now)
                    .Concat(Acceding.Documents(FileOf(AmongPartners), Of(AmongPartners, "ocmw-aalst", OrganisationKind.PublicCentreForWelfare, House), other.LocalKey, now))
                    .Concat(Acceding.Documents(FileOf(AmongPartners), Of(AmongPartners, "caw-aalst", OrganisationKind.WelfareCentre, Caw), town.cawKey, now)))
                {
                    other.Register = Acceding.After(other.Register, document, now);
                }

                other.Log.StateKeysAsync("kind-en-gezin-team", town.teamKey).Wait();
                other.Log.StateKeysAsync("caw-aalst", town.cawKey, town.cawSealing.PublicKey).Wait();
            },
            attestation: attestation);
        return town;
    }

    // A record in which everything is in order.
    public ReferralRecord Record(Protocol protocol, Func<ReferralRecord, ReferralRecord>? change = null)
    {
        var today = BelgianTime.DayOf(Local.Clock.GetUtcNow());
        var record = new ReferralRecord
        {
            Fields = [new SharedField(RecordField.GivenNames, "Amina", FieldReason.Contact), new SharedField(RecordField.FamilyName, "Peeters-Marked", FieldReason.Contact), new SharedField(RecordField.Phone, "0470 12 34 56", FieldReason.Contact)],
            Consent = new ReferralConsent
            {
                On = today, Until = today.AddDays(90), Under = protocol.Hash, Text = Bytes32.Sha256("voorgelezen"u8).ToString(), Language = "Nederlands", Informed = true, Given = true, Method = ConsentMethod.Paper, Capacity = ConsentCapacity.Self,
            },
            Secrecy = [.. ReferralForm.ConditionsOf(protocol).Select(condition => new ConditionAnswer { Condition = condition, Answer = ConditionState.Yes, Evidence = "besproken", By = "Nele Verwijzer", On = today })],
            Excluded = new Dictionary<Exclusion, bool> { [Exclusion.SafeAddress] = false, [Exclusion.Objection] = false },
            Referrer = new Referrer("Nele Verwijzer", "Team Aalst", "Kind en Gezin", "053 00 00 00"),
        };
        return change?.Invoke(record) ?? record;
    }

    // A referral to this OCMW, sealed as a real node does.
    public async Task<Guid> SendAsync(Protocol protocol, ReferralRecord? record = null, Func<ReferralOffer, ReferralOffer>? change = null, SigningKey? key = null, Guid? id = null)
    {
        var isTeam = protocol == FromTeam;
        var (sender, own) = isTeam ? ("kind-en-gezin-team", teamKey) : ("caw-aalst", cawKey);
        var its = id ?? Guid.NewGuid();
        var made = ReferralSeal.Seal(its, (record ?? Record(protocol)).ToJson(), Local.Other.Recipient);
        Bytes32.TryParse(protocol.Hash, out var hash).ShouldBeTrue();
        var offer = new ReferralOffer
        {
            Id = its, Protocol = protocol.Id, ProtocolVersion = protocol.Version, ProtocolHash = hash, Sender = sender, Recipient = "ocmw-aalst", Service = House.Id, SenderKid = (key ?? own).Kid, RecipientKid = Local.Other.Recipient.Kid,
            ContentKey = made.ContentKey, Sealed = ReferralFormat.Digest(made.Record), IssuedAt = Second(), ExpiresAt = Second().AddDays(14),
        };
        await Mail.PutAsync(SignedDocument.Sign(change?.Invoke(offer) ?? offer, key ?? own), made.Record);
        return its;
    }

    // The team takes another signing key, which the log shows at once.
    public async Task SucceedTeamKeyAsync(SigningKey next) => await Local.Other.Log.StateAsync("kind-en-gezin-team", KeyUse.Signing, next.Kid, next.PublicKey.ToJwk(), teamKey);

    // What the referring side says.
    public void Say(Guid id, ReferralAct act, Func<ReferralStep, ReferralStep>? change = null, SigningKey? key = null)
    {
        var letter = Mail.Letters[id];
        var isTeam = letter.Offer.Document.Sender == "kind-en-gezin-team";
        var step = new ReferralStep { Id = id, Offer = letter.Offer.Hash, By = letter.Offer.Document.Sender, Act = act.WireName(), At = Second() };
        Mail.Say(SignedDocument.Sign(change?.Invoke(step) ?? step, key ?? (isTeam ? teamKey : cawKey)).Compact, ReferralSide.Sender);
    }

    // What the CAW says of a referral that this OCMW made.
    public void Answer(Guid id, ReferralAct act, DeclineCause? cause = null)
    {
        var letter = Mail.Letters[id];
        Mail.Say(SignedDocument.Sign(new ReferralStep { Id = id, Offer = letter.Offer.Hash, By = "caw-aalst", Act = act.WireName(), Cause = cause?.WireName(), At = Second() }, cawKey).Compact, ReferralSide.Recipient);
    }

    public ReferralRecord? Open(Guid id) => ReferralSeal.Open(Mail.Letters[id].Offer.Document, Mail.Letters[id].Sealed!, cawSealing) is { } json ? ReferralRecord.Parse(json) : null;

    public string State(Guid id) => Local.Query($"SELECT state FROM referral WHERE id = '{id:D}'").SingleOrDefault() ?? "";

    public Task UntilAsync(Guid id, string state) => TestLocal.WaitAsync(() => State(id) == state, $"The referral did not become {state}, and is {State(id)}.");

    public Task UntilToldAsync(Guid id, params ReferralAct[] acts) => TestLocal.WaitAsync(
        () => acts.All(act => Mail.Letters.TryGetValue(id, out var letter) && letter.Steps.Any(step => SignedDocument.Parse<ReferralStep>(step).Value.Document.Act == act.WireName())), $"The hub did not hear {string.Join(", ", acts)}.");

    public async ValueTask DisposeAsync()
    {
        await Local.DisposeAsync();
        teamKey.Dispose();
        cawKey.Dispose();
        cawSealing.Dispose();
    }

    private DateTimeOffset Second() => DateTimeOffset.FromUnixTimeSeconds(Local.Clock.GetUtcNow().ToUnixTimeSeconds());
}
