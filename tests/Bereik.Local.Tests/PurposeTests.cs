using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Bereik.Domain;
using Bereik.Exchange.Protocols;
using Bereik.Local.Files;
using Bereik.Node.Access;
using Microsoft.Data.Sqlite;
using Shouldly;
using Xunit;

namespace Bereik.Local.Tests;

/// <summary>A row of a match list, at every way into outreach and into a referral: refused by its own text, and the refusal names the clause. A way without a line fails.</summary>
public sealed class PurposeTests
{
    // Who was received for one benefit, and may turn up nowhere else.
    private static readonly string Marked = TestNumbers.Of(777);
    private static readonly Protocol Match = ShippedProtocols.Of(Flow.Match);
    private static readonly Right[] Outreach = [Rights.OpenHouseholds, Rights.PrintHouseholds, Rights.LeadHouseholds, Rights.TakeOverHouseholds, Rights.WidenAccess, Rights.ExportRows, Rights.MakeProofs, Rights.ManageFiles];
    private static readonly Right[] Referring = [Rights.Refer, Rights.OpenReferrals, Rights.LeadReferrals, Rights.TakeOverReferrals];

    // The ways of lists: the route, and what a match row meets there. Every route of referrals is tried beside them, whether somebody thought of it or not.
    private static readonly Way[] Table =
    [
        new("GET /werklijst", At.ShowsNoOther),
        new("POST /werklijst", At.ShowsNoOther),
        new("GET /werklijst/print", At.ShowsNoOther),
        new("POST /werklijst/print", At.ShowsNoOther),
        new("GET /werklijst/{id:guid}", At.Refused),
        new("POST /werklijst/{id:guid}/toewijzen", At.Refused),
        new("POST /werklijst/{id:guid}/geven", At.Refused),
        new("POST /werklijst/{id:guid}/contact", At.Refused),
        new("POST /werklijst/{id:guid}/uitkomst", At.Refused),
        new("POST /werklijst/{id:guid}/bevestigd", At.Refused),
        new("POST /werklijst/{id:guid}/niet-van-deze-persoon", At.Refused),
        new("GET /werklijst/{id:guid}/dossier", At.Refused),
        new("GET /werklijst/{id:guid}/dossier.json", At.Refused),
        new("GET /werklijst/ruimer", At.ShowsNoOther),
        new("POST /werklijst/ruimer", At.Refused),
        new("GET /v1/lists/{id:guid}/export", At.Refused),
        new("POST /gegevens", At.TakesAFile),
        new("POST /v1/files", At.TakesAFile),

        // For its own purpose, and no other can be asked for.
        new("GET /toekenning/ruimer", At.OwnPurpose),
        new("POST /toekenning/ruimer", At.OwnPurpose),
        new("GET /v1/rows/{id:guid}/proof", At.OwnPurpose),
        new("POST /v1/proofs/find", At.OwnPurpose),

        // Only what was read before by one of the two that take a file.
        new("GET /gegevens", At.ReadBefore),
        new("POST /gegevens/{id:long}/gebruiken", At.ReadBefore),
        new("POST /gegevens/{id:long}/weggooien", At.ReadBefore),
        new("GET /v1/files", At.ReadBefore),
    ];

    [Fact]
    public async Task EveryWay_AtAGemeente_RefusesItsMatchRowAndNamesTheClause()
    {
        await using var local = await TestLocal.StartAsync(isOcmw: false, people: $"insz\n{Marked}\n");
        var (list, state, _) = await local.ListAsync(ListTests.Child(Marked));
        state.ShouldBe("received");
        var row = local.Query("SELECT id FROM grant_row").ShouldHaveSingleItem();
        local.RoutesOf(Outreach, "/werklijst", "/gegevens").Select(route => route.Name).Order(StringComparer.Ordinal).ShouldBe(Table.Select(way => way.Name).Order(StringComparer.Ordinal));

        // Where there is no outreach, the pages that would show others refuse as well.
        var before = Store(local);
        foreach (var way in Table.Where(way => way.At is At.ShowsNoOther or At.Refused)) await IsRefusedAsync(local, way.Name, row, list, "doel");
        Store(local).ShouldBe(before);

        // The same row, for what it was received for.
        (await local.PageAsync("/toekenning")).ShouldContain(Marked);
        (await local.PageAsync($"/v1/lists/{list}/export?purpose=automaticGrant")).ShouldContain(Marked);
        await local.PageAsync($"/v1/lists/{list}/export?purpose=anything", HttpStatusCode.BadRequest);
    }

    // As it may be one day: both kinds of list, and referrals, at one organisation.
    [Fact]
    public async Task EveryWay_AtAnOcmwThatRefers_RefusesAMatchRowAndNamesTheClause()
    {
        await using var town = await ReferralTown.StartAsync();
        var local = town.Local;
        await local.ListAsync(ListTests.Household(10));
        var (row, list) = Plant(local, ReferralTown.Team);
        var (_, others) = Plant(local, "Jeugddienst");
        var before = Store(local);
        foreach (var way in Table.Where(way => way.At == At.ShowsNoOther))
        {
            using var answer = await SendAsync(local, way.Name, Guid.NewGuid().ToString(), others);
            var text = await answer.Content.ReadAsStringAsync();
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, way.Name);
            if (!way.Name.Contains("ruimer", StringComparison.Ordinal)) text.ShouldContain("An10 Peeters", customMessage: way.Name);
            text.ShouldNotContain(Marked, customMessage: way.Name);
            text.ShouldNotContain(row, customMessage: way.Name);
        }

        foreach (var way in Table.Where(way => way.At == At.Refused)) await IsRefusedAsync(local, way.Name, row, way.Name.Contains("ruimer", StringComparison.Ordinal) ? others : list, "doel");
        var referring = local.RoutesOf(Referring, "/doorverwijzen", "/verwijzingen", "/v1/referrals").Select(route => route.Name).ToList();
        referring.Count.ShouldBeGreaterThan(20);

        // How many there are: it takes no id, and says so.
        referring.Remove("GET /v1/referrals").ShouldBeTrue();
        (await local.PageAsync($"/v1/referrals?van={row}", HttpStatusCode.BadRequest)).ShouldContain("unknownInput");
        foreach (var name in referring) await IsRefusedAsync(local, name, row, list, "doel", "doorgifte");
        Store(local).ShouldBe(before);

        // Both tables, since a household of a list asked for no help either.
        var household = local.Query("SELECT id FROM household").ShouldHaveSingleItem();
        (await local.PageAsync($"/doorverwijzen/nieuw?van={household}", HttpStatusCode.Forbidden)).ShouldContain("purpose.notGranted, doel");
        (await local.PostAsync("/werklijst", $"/werklijst/{household}/toewijzen")).StatusCode.ShouldBe(HttpStatusCode.Found);
        await local.PageAsync($"/doorverwijzen/nieuw?van={Guid.NewGuid()}", HttpStatusCode.NotFound);
        await local.PageAsync("/doorverwijzen/nieuw");
    }

    [Fact]
    public async Task Refusal_ToSoftware_IsAProblemWithCodeAndClause()
    {
        await using var local = await TestLocal.StartAsync(isOcmw: false, people: $"insz\n{Marked}\n");
        var (list, _, _) = await local.ListAsync(ListTests.Child(Marked));
        IsProblem(JsonNode.Parse(await local.PageAsync($"/v1/lists/{list}/export?purpose=outreach", HttpStatusCode.Forbidden))!, "request.notPermitted");
        using var asked = new HttpRequestMessage(HttpMethod.Get, "/werklijst");
        asked.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var answer = await local.SendAsync(asked);
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        IsProblem(JsonNode.Parse(await answer.Content.ReadAsStringAsync())!, "request.notPermitted");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ExportedFile_BroughtBackAsOwnPeople_IsRefusedWholeByPageAndApi(bool isOcmw)
    {
        var exported = await ExportedAsync();
        exported.ShouldBe($"insz;reference_month;inform_by;delete_by;purpose;protocol;clause\n{Marked};{TestLocal.Month};2026-12-21;2027-02-21;automaticGrant;groeipakket-match {Match.Version};doel\n");
        await using var local = await TestLocal.StartAsync(isOcmw);
        var doel = Match.Clause("doel")!;
        foreach (var (what, text, isNamed) in Variants(exported))
        {
            using var page = await local.UploadAsync(Encoding.UTF8.GetBytes(text));
            var html = WebUtility.HtmlDecode(await page.Content.ReadAsStringAsync());
            page.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, what);
            html.ShouldContain("Er is niets van bewaard.", customMessage: what);
            html.ShouldContain("purpose.notGranted, doel", customMessage: what);
            html.ShouldContain(Reasons.PurposeNotGranted.Text, customMessage: what);
            if (isNamed) html.ShouldContain(doel.Nl, customMessage: what);
            html.ShouldNotContain(Marked, customMessage: what);

            using var told = await local.SendTextAsync("/v1/files", text, "text/csv");
            told.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, what);
            var problem = JsonNode.Parse(await told.Content.ReadAsStringAsync())!;
            IsProblem(problem, "file.refused");
            ((string?)problem["cause"]).ShouldBe(PersonFileReader.OtherPurpose, what);
        }

        local.Query("SELECT state FROM person_file").ShouldBe(["current"], "what was in use stays in use, and nothing waits for a yes");
        local.Holds(Marked).ShouldBeFalse();
        local.Holds(TestNumbers.Of(778)).ShouldBeFalse();

        // The same person from an own file is the organisation's own knowledge.
        using var own = await local.UploadAsync(Encoding.UTF8.GetBytes($"insz;opened\n{Marked};2026-01-05\n"));
        own.StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    [Fact]
    public async Task ExportedFile_NamedInTheSettings_IsNotReadAtTheStart()
    {
        await using var local = await TestLocal.StartAsync(isOcmw: false, people: await ExportedAsync());
        local.Query("SELECT count(*) FROM person_file").ShouldBe(["0"]);
        local.Holds(Marked).ShouldBeFalse();
    }

    // Whatever the program does, and whoever writes past it.
    [Fact]
    public async Task Store_ItselfRefusesAMatchRowAsAHouseholdOrAReferral()
    {
        await using var town = await ReferralTown.StartAsync();
        var local = town.Local;
        await local.ListAsync(ListTests.Household(10));
        var (row, list) = Plant(local, ReferralTown.Team);
        const string carried = "list_id, protocol_id, protocol_version, protocol_hash, clause, purpose, received_on, inform_by, delete_by";
        Fails($"INSERT INTO household (id, {carried}, record) SELECT id, {carried}, x'00' FROM grant_row WHERE id = '{row}'", "purpose");
        Fails("UPDATE household SET purpose = 'automaticGrant'", "purpose");
        Fails($"UPDATE grant_row SET purpose = 'outreach' WHERE id = '{row}'", "purpose");
        Fails($"""
            INSERT INTO referral (id, direction, protocol_id, protocol_version, protocol_hash, purpose, partner, service, team, state, is_received, is_erased, received_on, contact_by, inform_by, delete_by, created_at, expires_at)
            SELECT id, 'out', protocol_id, protocol_version, protocol_hash, purpose, 'caw-aalst', 'onthaal', 'Onthaal', 'waiting', 0, 0, received_on, inform_by, inform_by, delete_by, 0, 0 FROM grant_row WHERE id = '{row}'
            """, "purpose");

        // The same statements pass once nothing but the purpose is another: it is the purpose that they fail on.
        local.Execute($"INSERT INTO household (id, {carried}, record) SELECT id, {carried.Replace("purpose", "'outreach'", StringComparison.Ordinal)}, x'00' FROM grant_row WHERE id = '{row}'");
        local.Execute($"DELETE FROM household WHERE list_id = '{list}'");

        void Fails(string sql, string what) => Should.Throw<SqliteException>(() => local.Execute(sql)).Message.ShouldContain($"CHECK constraint failed: {what}");
    }

    // The file as it was taken out, and as people change a file: isNamed where it still says under which text.
    private static IEnumerable<(string What, string Text, bool IsNamed)> Variants(string exported)
    {
        yield return ("as it was", exported, true);
        yield return ("with commas", exported.Replace(';', ','), true);
        yield return ("titles in capitals", exported.Replace("insz;reference_month;inform_by;delete_by;purpose;protocol;clause", "INSZ;Reference_Month;Inform_By;Delete_By;PURPOSE;Protocol;CLAUSE", StringComparison.Ordinal), true);
        yield return ("with a mark, quotes and spaces", "\ufeff" + exported.Replace(";purpose;protocol;clause", ";\" Purpose \";\"protocol\"; clause", StringComparison.Ordinal), true);
        yield return ("another order", $"clause;opened;insz;protocol;purpose\ndoel;2026-01-05;{Marked};groeipakket-match {Match.Version};automaticGrant\n", true);
        yield return ("one column left", $"insz;opened;clause\n{Marked};2026-01-05;doel\n", false);
        yield return ("another column left", $"insz;opened;Protocol\n{Marked};2026-01-05;groeipakket-match 9\n", false);
        yield return ("other titles", $"insz;opened;waarvoor\n{Marked};2026-01-05;automaticGrant\n", false);
        yield return ("among others, under other titles", $"insz;opened;waarvoor\n{TestNumbers.Of(778)};2026-01-05;\n{Marked};2026-01-05; AutomaticGrant \n", false);
        yield return ("without rows", "insz;opened;purpose;protocol;clause\n", false);
        yield return ("of an unknown list", "names;street;purpose;protocol;clause\nAn;Molenstraat;outreach;groeipakket-onbekend 0.3;doel\n", false);
    }

    private static async Task<string> ExportedAsync()
    {
        await using var gemeente = await TestLocal.StartAsync(isOcmw: false, people: $"insz\n{Marked}\n");
        var (list, _, _) = await gemeente.ListAsync(ListTests.Child(Marked));
        return await gemeente.PageAsync($"/v1/lists/{list}/export");
    }

    // As a person who has every role and is of the team; with the row wherever a row can be named.
    private static async Task IsRefusedAsync(TestLocal local, string name, string row, string list, params string[] clauses)
    {
        using var answer = await SendAsync(local, name, row, list);
        var text = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden, $"{name}: {text}");
        text.ShouldNotContain(Marked, customMessage: name);
        if (name.Contains(" /v1/", StringComparison.Ordinal))
        {
            IsProblem(JsonNode.Parse(await answer.Content.ReadAsStringAsync())!, "request.notPermitted");
            return;
        }

        text.ShouldContain("purpose.notGranted, doel", customMessage: name);
        text.ShouldContain(Reasons.PurposeNotGranted.Text, customMessage: name);
        foreach (var clause in clauses) text.ShouldContain(Match.Clause(clause)!.Nl, customMessage: name);
    }

    private static async Task<HttpResponseMessage> SendAsync(TestLocal local, string name, string row, string list)
    {
        var (method, path) = (name.StartsWith("GET", StringComparison.Ordinal), name[(name.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        if (path.Contains("/v1/lists/", StringComparison.Ordinal)) return await local.GetAsync($"{path.Replace("{id:guid}", list, StringComparison.Ordinal)}?purpose=outreach");
        var filled = path.Replace("{id:guid}", row, StringComparison.Ordinal).Replace("/{protocol}/{organisation}/{service}", "/gbo-gedeeld-beroepsgeheim/caw-aalst/onthaal", StringComparison.Ordinal);
        if (method) return await local.GetAsync($"{filled}?van={row}");
        return await local.PostAsync("/account", filled, [.. ReferralTests.Form(), ("van", row), ("lijst", list), ("reden", "collega is ziek"), ("zoek", "")]);
    }

    private static void IsProblem(JsonNode problem, string code)
    {
        ((string?)problem["code"]).ShouldBe(code);
        var reason = problem["reasons"]!.AsArray().Single(one => (string?)one!["code"] == "purpose.notGranted")!;
        ((string?)reason["clause"]).ShouldBe("doel");
        ((string?)reason["text"]).ShouldBe(Reasons.PurposeNotGranted.Text);
    }

    // A match list as a gemeente has it, put in an OCMW's store past the node.
    private static (string Row, string List) Plant(TestLocal local, string team)
    {
        var (row, list) = (Guid.NewGuid().ToString("D"), Guid.NewGuid().ToString("D"));
        local.Execute($"""
            INSERT INTO ordered_list (id, flow, protocol_id, protocol_version, protocol_hash, source, nis, reference_month, state, order_jws, offered, signed_by, asked_at, expires_at, received_on, inform_by, delete_by, team)
            VALUES ('{list}', 'match', '{Match.Id}', '{Match.Version}', '{Match.Hash}', 'opgroeien', '41002', '{TestLocal.Month}', 'received', 'x', 1, 'Lies', 1, 2, '2026-11-23', '2026-12-21', '2026-12-21', '{team}');
            INSERT INTO grant_row (id, list_id, protocol_id, protocol_version, protocol_hash, clause, purpose, received_on, inform_by, delete_by, insz, reference_month)
            VALUES ('{row}', '{list}', '{Match.Id}', '{Match.Version}', '{Match.Hash}', 'doel', 'automaticGrant', '2026-11-23', '2026-12-21', '2026-12-21', '{Marked}', '{TestLocal.Month}')
            """);
        return (row, list);
    }

    // Where a row could have come in.
    private static List<string> Store(TestLocal local) =>
    [
        .. local.Query("SELECT id, list_id, purpose, assigned_to FROM household ORDER BY id"), .. local.Query("SELECT id, list_id, purpose FROM grant_row ORDER BY id"), .. local.Query("SELECT id, state FROM referral ORDER BY id"),
        .. local.Query("SELECT list_id FROM wider_access"), .. local.Query("SELECT id, state FROM person_file ORDER BY id"), .. local.Query("SELECT insz FROM known_person"),
    ];

    private enum At
    {
        Refused,
        ShowsNoOther,
        TakesAFile,
        OwnPurpose,
        ReadBefore,
    }

    private sealed record Way(string Name, At At);
}
