using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Protocols;
using Bereik.Exchange.Register;
using Bereik.Exchange.Signatures;
using Bereik.Tests.Shared;
using Shouldly;
using Xunit;

namespace Bereik.Local.Tests;

/// <summary>Acceding to the protocols of referrals: which services receive, and in which partnership professional secrecy is shared.</summary>
public sealed class ReferralAccessionTests
{
    private const string Warm = "/toetreding/lokale-actor-doorverwijzing";
    private const string Shared = "/toetreding/gbo-gedeeld-beroepsgeheim";
    private static readonly string Digest = Bytes32.Sha256("onderlinge regeling"u8).ToString();

    private static readonly (string Name, string Value)[] SocialHouse =
    [
        ("dienst1-naam", "Sociaal Huis"), ("dienst1-team", "Sociale dienst"), ("dienst1-over", "Helpt met vragen over geld en energie."), ("dienst1-bereik", "Grote Markt 1, elke voormiddag"), ("dienst1-wachttijd", "5"),
    ];

    private static readonly (string Name, string Value)[] Debts =
    [
        ("dienst2-naam", "Énergie & schulden (team 2)"), ("dienst2-team", "Schuldhulp"), ("dienst2-over", "Helpt bij schulden en bij een plan om af te betalen."), ("dienst2-bereik", "Kerkstraat 2, na afspraak"), ("dienst2-wachttijd", "60"),
    ];

    private static readonly (string Name, string Value)[] Rest = [("contact", "sociaalhuis@voorbeeld.be"), ("herziening", "1-10-2027"), ("gebied-41002", "ja"), ("vanaf-41002", "1.12.2026")];

    private static readonly (string Name, string Value)[] Named =
        [("verband", "nieuw"), ("verband-naam", "GBO Denderstreek"), ("verband-code", "gbo-denderstreek"), ("verband-regeling", Digest), ("verband-vanaf", "1/12/2026"), ("verband-tot", "31/12/2027")];

    [Fact]
    public async Task Services_AsTheyWereFilledIn_AreSignedWithTheirIds()
    {
        await using var hub = await RegisterHub.StartAsync();
        await using var local = await hub.JoinAsync();
        (await local.PageAsync($"{Warm}/dienst")).ShouldNotContain("id=\"dienst\"", customMessage: "the services are named one by one");
        await FillAsync(local, Warm, [.. SocialHouse, .. Debts, .. Rest]);

        var accession = await SignAsync(local, hub, Warm);
        accession.Partnership.ShouldBeNull("this protocol asks for none");
        accession.Service.ShouldBe("Sociaal Huis");
        accession.Services.ShouldBe(
        [
            new ReferralService { Id = "sociaal-huis", Name = "Sociaal Huis", Team = "Sociale dienst", About = "Helpt met vragen over geld en energie.", Reach = "Grote Markt 1, elke voormiddag", WaitingDays = 5 },
            new ReferralService
            {
                Id = "energie-schulden-team-2", Name = "Énergie & schulden (team 2)", Team = "Schuldhulp", About = "Helpt bij schulden en bij een plan om af te betalen.", Reach = "Kerkstraat 2, na afspraak", WaitingDays = 60,
            },
        ]);

        // What counts now is what the next one begins with, and what its page says.
        (await local.PageAsync($"{Warm}/dienst")).ShouldContain("value=\"Schuldhulp\"");
        var page = await local.PageAsync($"{Warm}?getekend");
        page.ShouldContain("Uw diensten kunnen nu doorverwijzingen ontvangen.");
        page.ShouldNotContain("De lijst aanvragen");
        page.ShouldContain("energie-schulden-team-2");
    }

    [Fact]
    public async Task Accession_WithoutAService_IsRefusedAtTheFormAndAtTheSignature()
    {
        await using var hub = await RegisterHub.StartAsync();
        await using var local = await hub.JoinAsync();
        var answer = await FillAsync(local, Warm, Rest);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("href=\"#dienst1-naam\"");
        (await local.PageAsync($"{Warm}/ondertekenen")).ShouldContain("accession.serviceMissing");
        (await local.PostAsync($"{Warm}/dienst", $"{Warm}/ondertekenen", ("akkoord", "ja"))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        hub.Sent.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("dienst2-naam", "SOCIAAL  HUIS!")]
    [InlineData("dienst2-naam", "???")]
    [InlineData("dienst2-naam", "")]
    [InlineData("dienst2-team", "x")]
    [InlineData("dienst2-over", "Te kort")]
    [InlineData("dienst2-bereik", "")]
    [InlineData("dienst2-wachttijd", "0")]
    [InlineData("dienst2-wachttijd", "61")]
    [InlineData("dienst2-wachttijd", "vijf")]
    [InlineData("dienst2-wachttijd", "")]
    public async Task Service_WithAMistake_IsToldAtItsFieldAndKept(string field, string value)
    {
        await using var hub = await RegisterHub.StartAsync();
        await using var local = await hub.JoinAsync();
        var answer = await FillAsync(local, Warm, [.. SocialHouse, .. Debts.Where(one => one.Name != field), (field, value), .. Rest]);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var page = await answer.Content.ReadAsStringAsync();
        page.ShouldContain($"href=\"#{field}\"");
        page.ShouldContain($"id=\"{field}-fout\"");
        page.Split("class=\"govuk-error-message\"").Length.ShouldBe(2, "one mistake is one error");
        (await local.PageAsync($"{Warm}/dienst")).ShouldContain("value=\"Sociaal Huis\"");
        (await local.PostAsync($"{Warm}/dienst", $"{Warm}/ondertekenen", ("akkoord", "ja"))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        hub.Sent.ShouldBeEmpty();
    }

    [Fact]
    public async Task AnotherService_IsAskedForAfterThisOneIsKept()
    {
        await using var hub = await RegisterHub.StartAsync();
        await using var local = await hub.JoinAsync();
        (await local.PageAsync($"{Warm}/dienst")).ShouldNotContain("dienst2-naam");
        var kept = await local.PostAsync($"{Warm}/dienst", $"{Warm}/dienst", [.. SocialHouse, ("daarna", "nog")]);
        kept.Headers.Location!.ToString().ShouldBe($"{Warm}/dienst#dienst2-naam");
        var page = await local.PageAsync($"{Warm}/dienst");
        page.ShouldContain("value=\"Sociaal Huis\"");
        page.ShouldContain("dienst2-naam");
        page.ShouldNotContain("dienst3-naam");
    }

    [Fact]
    public async Task Partner_NamesItsPartnershipAndAllMunicipalitiesItWorksIn()
    {
        await using var hub = await RegisterHub.StartAsync();
        await using var local = await hub.JoinAsync("welfareCentre", settings => settings["nis"] = new JsonArray("41002", "46029"));
        (await local.PageAsync($"{Shared}/beslissing")).ShouldContain("value=\"board\"");
        await FillAsync(local, Shared, [.. SocialHouse, .. Rest, ("gebied-46029", "ja"), ("vanaf-46029", "1.12.2026"), .. Named], "board");
        var accession = await SignAsync(local, hub, Shared);
        accession.Kind.ShouldBe(OrganisationKind.WelfareCentre);
        accession.Territory.Select(period => period.Nis).ShouldBe(["41002", "46029"]);
        accession.Partnership.ShouldBe(new PartnershipMembership { Id = "gbo-denderstreek", Name = "GBO Denderstreek", Arrangement = Digest, From = new DateOnly(2026, 12, 1), Until = new DateOnly(2027, 12, 31) });
        (await local.PageAsync(Shared)).ShouldContain("GBO Denderstreek");
        (await local.PageAsync("/")).ShouldContain($"href=\"{Shared}\"");
    }

    [Theory]
    [InlineData("verband-naam", "")]
    [InlineData("verband-code", "GBO Dender")]
    [InlineData("verband-code", "-gbo")]
    [InlineData("verband-regeling", "")]
    [InlineData("verband-regeling", "te kort")]
    [InlineData("verband-vanaf", "")]
    [InlineData("verband-vanaf", "31/02/2027")]
    [InlineData("verband-tot", "30/11/2026")]
    [InlineData("verband-tot", "ooit")]
    public async Task Partnership_WithAMistake_IsToldAtItsFieldAndRefusedAtTheSignature(string field, string value)
    {
        await using var hub = await RegisterHub.StartAsync();
        await using var local = await hub.JoinAsync();
        var answer = await FillAsync(local, Shared, [.. SocialHouse, .. Rest, .. Named.Where(one => one.Name != field), (field, value)]);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadAsStringAsync()).ShouldContain($"href=\"#{field}\"");
        (await local.PageAsync($"{Shared}/ondertekenen")).ShouldContain("accession.partnershipMissing");
        (await local.PostAsync($"{Shared}/dienst", $"{Shared}/ondertekenen", ("akkoord", "ja"))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        hub.Sent.ShouldBeEmpty();
    }

    [Fact]
    public async Task Arrangement_AsAFile_LeavesItsDigestAndNothingElse()
    {
        await using var hub = await RegisterHub.StartAsync();
        await using var local = await hub.JoinAsync();
        var file = Encoding.UTF8.GetBytes("De onderlinge regeling tussen de partners, zoals getekend.");
        (await local.PageAsync($"{Shared}/dienst")).ShouldContain("enctype=\"multipart/form-data\"");
        var answer = await local.PostFileAsync($"{Shared}/dienst", "verband-bestand", file, [.. SocialHouse, .. Rest, .. Named.Where(one => one.Name != "verband-regeling")]);
        answer.StatusCode.ShouldBe(HttpStatusCode.Found, await answer.Content.ReadAsStringAsync());
        (await local.PageAsync($"{Shared}/dienst")).ShouldContain(new Bytes32(SHA256.HashData(file)).ToString());
        local.Holds(file).ShouldBeFalse();
    }

    [Fact]
    public async Task Partnership_ThatAPartnerNamed_IsChosenWithItsVeryArrangement()
    {
        using var partner = SigningKey.Generate();
        await using var hub = await RegisterHub.StartAsync();
        await using var local = await hub.JoinAsync(change: settings => settings["peers"]!.AsArray().Add(TestLocal.Peer("caw-aalst", "welfareCentre", partner, null)));
        (await local.PageAsync($"{Shared}/dienst")).ShouldNotContain("id=\"verband\"", customMessage: "nobody named one");
        await PartnerAsync(hub, local, partner, "caw-aalst");
        var page = await local.PageAsync($"{Shared}/dienst");
        page.ShouldContain("Genoemd door Naam van caw-aalst.");
        page.ShouldContain(Digest);

        var days = ("verband-vanaf", "15/12/2026");
        var unchosen = await FillAsync(local, Shared, [.. SocialHouse, .. Rest, days]);
        (await unchosen.Content.ReadAsStringAsync()).ShouldContain("href=\"#verband\"");
        var invented = await FillAsync(local, Shared, [.. SocialHouse, .. Rest, days, ("verband", "gbo-denderstreek.elders")]);
        (await invented.Content.ReadAsStringAsync()).ShouldContain("href=\"#verband\"");
        (await local.PageAsync($"{Shared}/ondertekenen")).ShouldContain("accession.partnershipMissing");

        await FillAsync(local, Shared, [.. SocialHouse, .. Rest, days, ("verband", $"gbo-denderstreek.{Digest}")]);
        var accession = await SignAsync(local, hub, Shared);
        accession.Partnership.ShouldBe(new PartnershipMembership { Id = "gbo-denderstreek", Name = "GBO Denderstreek", Arrangement = Digest, From = new DateOnly(2026, 12, 15) });

        // Own accessions are no choice: one does not become one's own partner.
        (await local.PageAsync($"{Shared}/dienst")).ShouldNotContain("Genoemd door Aalst");
    }

    [Fact]
    public async Task Partnership_OfAnAccessionThatStopped_IsNoChoiceAnyMore()
    {
        using var partner = SigningKey.Generate();
        await using var hub = await RegisterHub.StartAsync();
        await using var local = await hub.JoinAsync(change: settings => settings["peers"]!.AsArray().Add(TestLocal.Peer("caw-aalst", "welfareCentre", partner, null)));
        await PartnerAsync(hub, local, partner, "caw-aalst");
        hub.Append(Acceding.Stop(FileOf(Shared).Protocol!, "caw-aalst", StopKind.Suspend, partner, local.Clock.GetUtcNow()), local.Clock.GetUtcNow());
        await local.MoveAsync(TimeSpan.FromMinutes(1));
        (await local.PageAsync($"{Shared}/dienst")).ShouldNotContain("Genoemd door");
    }

    [Theory]
    [InlineData("municipality", "groeipakket-match")]
    [InlineData("publicCentreForWelfare", "gbo-gedeeld-beroepsgeheim groeipakket-brief groeipakket-onbekend ksz-raadpleging lokale-actor-doorverwijzing")]
    [InlineData("welfareCentre", "gbo-gedeeld-beroepsgeheim")]
    [InlineData("mutualitySocialService", "gbo-gedeeld-beroepsgeheim")]
    [InlineData("referrer", "")]
    public async Task Protocols_ToJoin_AreThoseOfTheKind(string kind, string expected)
    {
        await using var local = kind is "municipality" or "publicCentreForWelfare" ? await TestLocal.StartAsync(kind == "publicCentreForWelfare") : await TestLocal.StartAsync(kind: kind);
        var page = await local.PageAsync("/toetreding");
        foreach (var protocol in ShippedProtocols.All)
        {
            var isThere = expected.Split(' ').Contains(protocol.Id);
            page.Contains($"/toetreding/{protocol.Id}\"", StringComparison.Ordinal).ShouldBe(isThere, protocol.Id);
            await local.PageAsync($"/toetreding/{protocol.Id}/dienst", isThere ? HttpStatusCode.OK : HttpStatusCode.NotFound);
        }

        page.Contains("Uw organisatie hoeft niet toe te treden", StringComparison.Ordinal).ShouldBe(kind == "referrer");
    }

    private static ProtocolFile FileOf(string page) => ShippedProtocols.Files.Single(file => page.EndsWith($"/{file.Protocol!.Id}", StringComparison.Ordinal));

    // Another organisation joins, and names its partnership.
    private static async Task PartnerAsync(RegisterHub hub, TestLocal local, SigningKey key, string organisation)
    {
        var (file, now) = (FileOf(Shared), local.Clock.GetUtcNow());
        var accession = Acceding.Ordinary(file.Protocol!, organisation, OrganisationKind.WelfareCentre, "41002", BelgianTime.DayOf(now)) with
        {
            Services = [new ReferralService { Id = "onthaal", Name = "Onthaal", Team = "Onthaal", About = "Helpt met vragen over wonen.", Reach = "Stationsstraat 3", WaitingDays = 3 }],
            Partnership = new PartnershipMembership { Id = "gbo-denderstreek", Name = "GBO Denderstreek", Arrangement = Digest, From = new DateOnly(2026, 1, 1) },
        };
        foreach (var document in Acceding.Documents(file, accession, key, now)) hub.Append(document, now);
        await local.MoveAsync(TimeSpan.FromSeconds(1));
    }

    private static async Task<HttpResponseMessage> FillAsync(TestLocal local, string page, (string Name, string Value)[] service, string body = "socialWelfareCouncil")
    {
        await local.PostAsync(
            $"{page}/beslissing", $"{page}/beslissing", ("orgaan", body), ("besluitdag", "10/11/2026"), ("besluitnummer", "2026/118"), ("advies", "conditional"), ("dpo", "dpo@voorbeeld.be"), ("adviesdag", "2026-11-02"), ("samenvatting", "Gunstig."));
        await local.PostAsync($"{page}/maatregelen", $"{page}/maatregelen", [("datum", "20/11/2026"), .. FrameworkFile.Shipped.Measures.SelectMany(measure => new[] { (measure.Id, "met"), ($"{measure.Id}-bewijs", "Dossier 12") })]);
        return await local.PostAsync($"{page}/dienst", $"{page}/dienst", service);
    }

    private static async Task<Accession> SignAsync(TestLocal local, RegisterHub hub, string page)
    {
        var signed = await local.PostAsync($"{page}/ondertekenen", $"{page}/ondertekenen", ("akkoord", "ja"));
        signed.StatusCode.ShouldBe(HttpStatusCode.Found, await signed.Content.ReadAsStringAsync());
        return SignedDocument.Parse<AccessionAct>(hub.Sent[^1]).Value.Document.Accession;
    }
}
