using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Protocols;
using Bereik.Exchange.Signatures;
using Bereik.Hub.Features;
using Bereik.Node.Work;
using Bereik.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace Bereik.Hub.Tests;

// A hub with a team that refers, an OCMW and a CAW that are partners, and a DMW that joined nothing.
internal sealed class ReferralHub : IAsyncDisposable
{
    public static readonly ProtocolFile WithConsent = ShippedProtocols.Files.Single(file => file.Protocol!.Id == "lokale-actor-doorverwijzing");

    public static readonly ProtocolFile AmongPartners = ShippedProtocols.Files.Single(file => file.Protocol!.Id == "gbo-gedeeld-beroepsgeheim");

    public static readonly ReferralService Service = new()
    {
        Id = "sociaal-huis", Name = "Sociaal Huis Aalst", Team = "Onthaal", About = "Kijkt met u na op welke hulp u recht hebt.", Reach = "Elke werkdag van 9 tot 12 uur", WaitingDays = 5,
    };

    public static readonly PartnershipMembership Partnership = new() { Id = "gbo-aalst", Name = "GBO Aalst", Arrangement = Bytes32.Sha256("regeling"u8).ToString(), From = new DateOnly(2026, 1, 1) };

    public TestHub Hub { get; private init; } = null!;

    // Nobody seals to it.
    public Party Team { get; private init; } = null!;

    public Party Partner { get; private init; } = null!;

    public Party Third { get; private init; } = null!;

    public Party Welfare => Hub.Welfare;

    public static async Task<ReferralHub> StartAsync(Action<JsonObject>? change = null, bool acceded = true)
    {
        var team = new Party("kind-en-gezin-team", "referrer");
        var partner = new Party("caw-oost", "welfareCentre") { Nis = ["41002"] };
        var third = new Party("dmw-oost", "mutualitySocialService") { Nis = ["41002"] };
        var hub = new ReferralHub
        {
            Team = team,
            Partner = partner,
            Third = third,
            Hub = await TestHub.StartAsync(
                settings =>
                {
                    foreach (var party in new[] { team, partner, third }) settings["peers"]!.AsArray().Add(party.AsPeer());
                    change?.Invoke(settings);
                },
                acceded: false),
        };
        foreach (var party in new[] { team, partner, third }) (await hub.Hub.BringAsync(party.Statement(hub.Hub.Clock.GetUtcNow()))).EnsureSuccessStatusCode();
        if (!acceded) return hub;
        await hub.AccedeAsync(hub.Welfare, OrganisationKind.PublicCentreForWelfare, WithConsent);
        await hub.AccedeAsync(hub.Welfare, OrganisationKind.PublicCentreForWelfare, AmongPartners);
        await hub.AccedeAsync(hub.Partner, OrganisationKind.WelfareCentre, AmongPartners);
        return hub;
    }

    public async Task AccedeAsync(Party party, OrganisationKind kind, ProtocolFile file, PartnershipMembership? partnership = null)
    {
        foreach (var document in Documents(party, kind, file, Hub.Clock, partnership)) (await Hub.TellAsync(document)).EnsureSuccessStatusCode();
    }

    public static IReadOnlyList<string> Documents(Party party, OrganisationKind kind, ProtocolFile file, TimeProvider clock, PartnershipMembership? partnership = null)
    {
        var accession = Acceding.Ordinary(file.Protocol!, party.Id, kind, "41002", BelgianTime.DayOf(clock.GetUtcNow())) with
        {
            Services = [Service], Partnership = file == AmongPartners ? partnership ?? Partnership : null,
        };
        return Acceding.Documents(file, accession, party.Signing, clock.GetUtcNow());
    }

    // What a team makes of a person that it speaks with; the person is in the record, which is random here.
    public MadeReferral Make(Party? sender = null, Party? recipient = null, ProtocolFile? file = null, Func<ReferralOffer, ReferralOffer>? change = null, Func<Guid, string>? seal = null, Party? signer = null)
    {
        var from = sender ?? Team;
        var to = recipient ?? Welfare;
        var protocol = (file ?? (from == Team ? WithConsent : AmongPartners)).Protocol!;
        var (id, now) = (Guid.NewGuid(), Hub.Clock.Second());
        var record = seal?.Invoke(id) ?? TestEnvelope.Sealed(id, 0, ReferralFormat.PaddedSize);
        var offer = new ReferralOffer
        {
            Id = id,
            Protocol = protocol.Id,
            ProtocolVersion = protocol.Version,
            ProtocolHash = Bytes32.TryParse(protocol.Hash, out var hash) ? hash : throw new InvalidOperationException("A text has no hash."),
            Sender = from.Id,
            Recipient = to.Id,
            Service = Service.Id,
            SenderKid = (signer ?? from).Signing.Kid,
            RecipientKid = to.Sealing.Kid,
            ContentKey = TestEnvelope.ContentKey(to.Sealing.Kid),
            Sealed = ReferralFormat.Digest(record),
            Checkpoint = Hub.Checkpoint(),
            IssuedAt = now,
            ExpiresAt = now.AddDays(14),
        };
        return new MadeReferral(SignedDocument.Sign(change?.Invoke(offer) ?? offer, (signer ?? from).Signing), record, from, to);
    }

    public Task<HttpResponseMessage> PutAsync(MadeReferral made, Party? caller = null, string? record = null, Guid? id = null) => Hub.SendAsync(
        caller ?? made.Sender, HttpMethod.Put, $"/v1/referrals/{id ?? made.Id}", JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["offer"] = made.Offer.Compact, ["sealed"] = record ?? made.Record }));

    public async Task<MadeReferral> SentAsync(Party? sender = null, Party? recipient = null)
    {
        var made = Make(sender, recipient);
        (await PutAsync(made)).EnsureSuccessStatusCode();
        return made;
    }

    public async Task<MadeReferral> ReceivedAsync(Party? sender = null, Party? recipient = null)
    {
        var made = await SentAsync(sender, recipient);
        (await SayAsync(made, "receive")).EnsureSuccessStatusCode();
        return made;
    }

    public string Step(MadeReferral made, string act, Party? by = null, Func<ReferralStep, ReferralStep>? change = null, Party? signer = null)
    {
        var says = by ?? made.Recipient;
        var step = new ReferralStep { Id = made.Id, Offer = made.Offer.Hash, By = says.Id, Act = act, Cause = act == "decline" ? "noCapacity" : null, At = Hub.Clock.Second() };
        return SignedDocument.Sign(change?.Invoke(step) ?? step, (signer ?? says).Signing).Compact;
    }

    public Task<HttpResponseMessage> SayAsync(MadeReferral made, string act, Party? by = null, Func<ReferralStep, ReferralStep>? change = null, Party? signer = null) =>
        BringAsync(made, by ?? made.Recipient, Step(made, act, by, change, signer));

    public Task<HttpResponseMessage> BringAsync(MadeReferral made, Party caller, string step) => Hub.SendAsync(caller, HttpMethod.Post, $"/v1/referrals/{made.Id}/steps", TestHub.Document("step", step));

    public Task<HttpResponseMessage> SealedAsync(MadeReferral made, Party? caller = null) => Hub.SendAsync(caller ?? made.Recipient, HttpMethod.Get, $"/v1/referrals/{made.Id}/sealed");

    public async Task<JsonObject> ReadAsync(MadeReferral made, Party? caller = null) => await (await Hub.SendAsync(caller ?? made.Sender, HttpMethod.Get, $"/v1/referrals/{made.Id}")).JsonAsync();

    public async Task<List<JsonObject>> ListAsync(Party caller, long after = 0, int limit = 50)
    {
        var answer = await Hub.SendAsync(caller, HttpMethod.Get, $"/v1/referrals?after={after}&limit={limit}");
        answer.EnsureSuccessStatusCode();
        return [.. (await answer.JsonAsync())["items"]!.AsArray().Select(item => item!.AsObject())];
    }

    // The step of work that lets referrals lapse, now.
    public async Task SweepAsync()
    {
        await using var scope = Hub.Node.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetServices<IWorkStep>().OfType<ExpireReferrals>().Single().SweepAsync(CancellationToken.None);
    }

    // From here on it runs when a test says so.
    public void HoldTheSweep()
    {
        using var store = Hub.OpenStore();
        using var command = store.CreateCommand();
        command.CommandText = "UPDATE work SET state = 'done' WHERE kind = 'referrals.expire'";
        command.ExecuteNonQuery();
    }

    // Whether any file holds a part of the sealed record; it is longer than a page, so pieces of it are looked for.
    public bool StoreHolds(MadeReferral made) => made.Record.Split('.')[3].Chunk(100).Where((_, at) => at % 8 == 0).Any(piece => Hub.StoreHolds(Encoding.ASCII.GetBytes(piece)));

    public List<string> Decisions()
    {
        using var store = Hub.OpenStore();
        using var command = store.CreateCommand();
        command.CommandText = "SELECT trim(act || ' ' || outcome || ' ' || reasons) FROM decision_record WHERE point = 'refer' ORDER BY sequence";
        using var reader = command.ExecuteReader();
        var told = new List<string>();
        while (reader.Read()) told.Add(reader.GetString(0));
        return told;
    }

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        foreach (var party in new[] { Team, Partner, Third }) party.Dispose();
    }
}

// A referral as its sender made it.
internal sealed record MadeReferral(SignedDocument<ReferralOffer> Offer, string Record, Party Sender, Party Recipient)
{
    public Guid Id => Offer.Document.Id;
}
