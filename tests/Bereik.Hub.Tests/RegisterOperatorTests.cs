using System.Net;
using Bereik.Domain;
using Bereik.Exchange.Register;
using Bereik.Tests.Shared;
using Shouldly;
using Xunit;

namespace Bereik.Hub.Tests;

public sealed class RegisterOperatorTests
{
    private const string Manage = "/beheer/protocollen/groeipakket-onbekend/0.2";
    private const string Public = "/protocollen/groeipakket-onbekend/0.2";
    private static readonly (string, string) Confirmed = ("bevestigd", "ja");
    private static readonly (string Name, string Value)[] Advice =
        [("strekking", "Conditional"), ("functie", "DPO van de ontvangers"), ("datum", "19/11/2026"), ("samenvatting", "Alleen met\n een geschreven instructie."), ("nietgevolgd", "")];

    [Fact]
    public async Task Management_ForTheOperator_NamesThePersonAndLeadsToEveryText()
    {
        await using var hub = await RegisterHub.StartAsync();
        foreach (var path in new[] { "/beheer", Manage })
        {
            var page = await hub.ReadAsync(path);
            page.ShouldContain(SignedIn.Name);
            page.ShouldContain("Beslissingen");
            page.ShouldContain("Niet nagekeken");
        }

        (await hub.ReadAsync("/beheer", "en")).ShouldContain("Management of the register");
        (await hub.ReadAsync(Manage, "en")).ShouldContain("Advice of the recipients' side");
    }

    [Fact]
    public async Task Advice_FilledInAndConfirmed_StandsWithTheProtocol()
    {
        await using var hub = await RegisterHub.StartAsync();
        var asked = await hub.SendAsync(Manage, "advies", Advice);
        asked.StatusCode.ShouldBe(HttpStatusCode.OK);
        RegisterHub.Plain(await asked.Content.ReadAsStringAsync()).ShouldContain("Dit advies ondertekenen en bekendmaken?");
        (await hub.ReadAsync(Public)).ShouldContain("Kant van de ontvangers: nog geen advies.");

        var done = await hub.SendAsync(Manage, "advies", [.. Advice, Confirmed]);
        done.StatusCode.ShouldBe(HttpStatusCode.Found);
        (await hub.ReadAsync(done.Headers.Location!.ToString())).ShouldContain("Het advies staat in het register");
        var page = await hub.ReadAsync(Public);
        page.ShouldContain("Kant van de ontvangers: Gunstig onder voorwaarden. Gegeven door DPO van de ontvangers op 19 november 2026. Alleen met een geschreven instructie.");
    }

    [Theory]
    [InlineData("advies", "Kies wat het advies zegt", "strekking", "")]
    [InlineData("advies", "Kies wat het advies zegt", "strekking", "1")]
    [InlineData("advies", "Vul de functie in van wie adviseert", "functie", "  ")]
    [InlineData("advies", "De datum moet bestaan en mag niet in de toekomst liggen", "datum", "21/11/2026")]
    [InlineData("advies", "De datum moet bestaan", "datum", "31/02/2026")]
    [InlineData("advies", "Schrijf waar het advies op neerkomt", "samenvatting", "")]
    [InlineData("advies", "Schrijf waarom het ongunstige advies niet gevolgd wordt", "strekking", "Unfavourable", "nietgevolgd")]
    [InlineData("handtekening", "Bevestig dat u de tekst gelezen hebt", "gelezen", "")]
    [InlineData("schorsing", "Kies wat u schorst", "stopvoor", "")]
    [InlineData("schorsing", "Dit kan niet of niet meer geschorst worden", "stopvoor", "van:ocmw-aalst")]
    [InlineData("schorsing", "Kies wat de aanleiding is", "stopvoor", "protocol", "aanleiding")]
    [InlineData("opheffing", "Deze schorsing is er niet meer", "hefop", "protocol")]
    public async Task Form_FilledInWrong_SaysWhatAndChangesNothing(string act, string error, string field, string value, string? place = null)
    {
        await using var hub = await RegisterHub.StartAsync();
        var fields = (act == "advies" ? Advice.Where(one => one.Name != field) : []).Append((field, value)).Append(Confirmed).ToArray();
        var answer = await hub.SendAsync(Manage, act, fields);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var page = await answer.Content.ReadAsStringAsync();
        RegisterHub.Plain(page).ShouldContain(error);
        page.ShouldContain($"href=\"#{place ?? field}\"");
        page.ShouldContain($"id=\"{place ?? field}\"");
        (await hub.ReadAsync(Public)).ShouldContain("Kant van de ontvangers: nog geen advies.");
    }

    [Fact]
    public async Task Form_WithoutTheTokenOfItsPage_IsRefused()
    {
        await using var hub = await RegisterHub.StartAsync();
        using var stranger = new HttpClient();
        using var content = new FormUrlEncodedContent([new("gelezen", "ja"), new("bevestigd", "ja")]);
        (await stranger.PostAsync($"{hub.Url}{Manage}/handtekening", content)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await hub.PostBareAsync($"{Manage}/handtekening", ("gelezen", "ja"), ("bevestigd", "ja"))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await hub.SendAsync(Manage, "ontslag", Confirmed)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Signature_Confirmed_IsThereOnce()
    {
        await using var hub = await RegisterHub.StartAsync();
        (await hub.ReadAsync(Public)).ShouldContain("Knooppunt heeft nog niet ondertekend");
        (await hub.SendAsync(Manage, "handtekening", ("gelezen", "ja"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await hub.ReadAsync(Public)).ShouldContain("Knooppunt heeft nog niet ondertekend");
        (await hub.SendAsync(Manage, "handtekening", ("gelezen", "ja"), Confirmed)).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await hub.ReadAsync(Public)).ShouldContain("Het knooppunt heeft ondertekend op 20 november 2026");
        (await hub.GetAsync($"{Public}/handtekeningen.json")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await hub.SendAsync(Manage, "handtekening", ("gelezen", "ja"), Confirmed)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await hub.ReadAsync(Manage)).ShouldContain("Het knooppunt heeft deze tekst ondertekend.");
    }

    [Fact]
    public async Task Suspension_OfOneAccession_StopsItUntilLifted()
    {
        await using var hub = await RegisterHub.StartAsync();
        await hub.AccedeAsync(Flow.Unknown, hub.Welfare, OrganisationKind.PublicCentreForWelfare);
        (string, string)[] stop = [("stopvoor", "van:ocmw-aalst"), ("aanleiding", "AuditFailed"), ("stopreden", "De audit van november is mislukt.")];
        RegisterHub.Plain(await (await hub.SendAsync(Manage, "schorsing", stop)).Content.ReadAsStringAsync()).ShouldContain("De toetreding van OCMW Aalst");
        (await hub.SendAsync(Manage, "schorsing", [.. stop, Confirmed])).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await hub.ReadAsync("/toetredingen")).ShouldContain("Geschorst");
        (await hub.ReadAsync("/toetredingen")).ShouldContain("0 van de 284 OCMW's");

        (await hub.SendAsync(Manage, "opheffing", ("hefop", "van:ocmw-aalst"), ("hefreden", "De audit is overgedaan."), Confirmed)).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await hub.ReadAsync("/toetredingen")).ShouldContain("1 van de 284 OCMW's");
    }

    [Fact]
    public async Task Suspension_OfTheProtocol_IsLiftedByWhomSuspendedOnly()
    {
        await using var hub = await RegisterHub.StartAsync();
        (await hub.SendAsync(Manage, "schorsing", ("stopvoor", "protocol"), ("aanleiding", "UnlawfulUse"), ("stopreden", "Onderzoek loopt."), Confirmed)).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await hub.ReadAsync(Public)).ShouldContain("Dit protocol is geschorst sinds 20 november 2026");
        (await hub.SendAsync(Manage, "opheffing", ("hefop", "protocol"), ("hefreden", "Onderzoek gedaan."), Confirmed)).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await hub.ReadAsync(Public)).ShouldContain("Schorsing opgeheven op 20 november 2026 door Het knooppunt. Onderzoek gedaan.");

        await hub.TakeAsync(Acceding.Stop(RegisterHub.Protocol(Flow.Unknown), null, StopKind.Suspend, hub.Source.Signing, hub.Clock.GetUtcNow()));
        (await hub.ReadAsync(Manage)).ShouldContain("Een schorsing door de bron kan alleen de bron opheffen.");
        (await hub.SendAsync(Manage, "opheffing", ("hefop", "protocol"), ("hefreden", "Onderzoek gedaan."), Confirmed)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }
}
