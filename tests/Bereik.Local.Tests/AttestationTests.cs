using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Bereik.Node.Access;
using Microsoft.Data.Sqlite;
using Shouldly;
using Xunit;

namespace Bereik.Local.Tests;

/// <summary>Who may open rows: two colleagues say so, one takes it back, and nothing of it can be undone or forgotten.</summary>
public sealed class AttestationTests
{
    private static readonly TestAttestation None = new() { ConfirmedOn = null };

    private static readonly (string, string)[] Proposal =
        [("functie", "socialWorker"), ("anderteam", "Sociale dienst"), ("geheim", "professionalSecrecy"), ("sinds", "1/9/2020"), ("tot", ""), ("bewijs", "personeelsdossier 12")];

    [Fact]
    public async Task Colleague_ProposedByOneAndConfirmedByAnother_OpensTheList()
    {
        await using var local = await TestLocal.StartAsync(attestation: None);
        var (worker, lead, dpo) = (local.Person(Role.SocialWorker), local.Person(Role.TeamLead), local.Person(Role.DataProtectionOfficer));
        (await worker.PageAsync("/werklijst", HttpStatusCode.Forbidden)).ShouldContain("worker.notAttested");
        (await lead.PageAsync("/attesten")).ShouldContain("Geen attest");
        await ProposeAsync(lead, worker);
        (await worker.PageAsync("/werklijst", HttpStatusCode.Forbidden)).ShouldContain("worker.notAttested", customMessage: "a proposal opens nothing");
        (await lead.PageAsync("/attesten")).ShouldContain("Wacht op bevestiging");

        var page = await ConfirmAsync(local, dpo, worker);
        var code = Regex.Match(page, "<code>([0-9A-Z]{4}(-[0-9A-Z]{4}){3})</code>");
        code.Success.ShouldBeTrue(page);
        local.Holds(code.Groups[1].Value).ShouldBeFalse("the code is not kept");
        local.Query("SELECT subject FROM enrolment_code WHERE used_at IS NULL").ShouldBe([worker.Subject]);
        (await dpo.PageAsync($"/attesten/{worker.Key}")).ShouldNotContain(code.Groups[1].Value, customMessage: "it is shown once");
        (await dpo.PageAsync("/attesten")).ShouldContain("Geattesteerd");
        await worker.PageAsync("/werklijst");

        local.Query("SELECT act, done_by FROM attestation_event ORDER BY sequence").ShouldBe([$"proposed|{lead.Subject}", $"confirmed|{dpo.Subject}", $"codeMade|{dpo.Subject}"]);
        var told = JsonNode.Parse(await dpo.PageAsync("/v1/attestations"))!["items"]!.AsArray();
        told.Select(one => (string?)one!["act"]).ShouldBe(["proposed", "confirmed", "codeMade"]);
        ((string?)told[1]!["attestation"]!["secrecy"]).ShouldBe("professionalSecrecy");
        JsonNode.Parse(await dpo.PageAsync("/v1/attestations?after=2"))!["items"]!.AsArray().Count.ShouldBe(1);
        await worker.PageAsync("/attesten", HttpStatusCode.Forbidden);
        await worker.PageAsync("/v1/attestations", HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Proposal_ByTheOneWhoMadeIt_IsNotConfirmed()
    {
        await using var local = await TestLocal.StartAsync(attestation: None);
        var (worker, lead) = (local.Person(Role.SocialWorker), local.Person(Role.TeamLead));
        await ProposeAsync(lead, worker);
        (await lead.PageAsync($"/attesten/{worker.Key}/bevestigen", HttpStatusCode.Forbidden)).ShouldContain("attestation.samePerson");
        (await lead.PostAsync("/account", $"/attesten/{worker.Key}/bevestigen", HttpStatusCode.Forbidden, ("attest", OpenId(local)))).ShouldContain("attestation.samePerson");
        local.Query("SELECT count(*) FROM attestation WHERE confirmed_at IS NOT NULL").ShouldBe(["0"]);
        local.Query("SELECT count(*) FROM enrolment_code").ShouldBe(["0"]);
    }

    [Fact]
    public async Task Attestation_OfOneself_IsNeitherProposedNorConfirmed()
    {
        await using var local = await TestLocal.StartAsync(attestation: None);
        var (lead, dpo) = (local.Person(Role.TeamLead), local.Person(Role.DataProtectionOfficer));
        await lead.SignInAsync();
        (await lead.PostAsync("/account", $"/attesten/{lead.Key}/voorstellen", HttpStatusCode.Forbidden, Proposal)).ShouldContain("attestation.self");
        await ProposeAsync(dpo, lead);
        (await lead.PostAsync("/account", $"/attesten/{lead.Key}/bevestigen", HttpStatusCode.Forbidden, ("attest", OpenId(local)))).ShouldContain("attestation.self");
        (await lead.PostAsync("/account", $"/attesten/{lead.Key}/code", HttpStatusCode.Forbidden)).ShouldContain("attestation.self");
        local.Query("SELECT count(*) FROM attestation WHERE confirmed_at IS NOT NULL").ShouldBe(["0"]);
    }

    [Fact]
    public async Task Attestation_ByWhoRunsTheNode_IsNeitherProposedNorConfirmed()
    {
        await using var local = await TestLocal.StartAsync(attestation: None);
        var (worker, lead) = (local.Person(Role.SocialWorker), local.Person(Role.TeamLead));
        var both = local.Person(Role.DataSteward, Role.Operator);
        await worker.SignInAsync();
        (await both.PostAsync("/account", $"/attesten/{worker.Key}/voorstellen", HttpStatusCode.Forbidden, Proposal)).ShouldContain("attestation.operator");
        await ProposeAsync(lead, worker);
        (await both.PostAsync("/account", $"/attesten/{worker.Key}/bevestigen", HttpStatusCode.Forbidden, ("attest", OpenId(local)))).ShouldContain("attestation.operator");
        (await both.PostAsync("/account", $"/attesten/{worker.Key}/code", HttpStatusCode.Forbidden)).ShouldContain("attestation.operator");
        local.Query("SELECT count(*) FROM attestation WHERE confirmed_at IS NOT NULL").ShouldBe(["0"]);
        await local.Person(Role.Operator).PageAsync("/attesten", HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Proposal_OlderThan14Days_IsNotConfirmed()
    {
        await using var local = await TestLocal.StartAsync(attestation: None);
        var (worker, lead, dpo) = (local.Person(Role.SocialWorker), local.Person(Role.TeamLead), local.Person(Role.DataProtectionOfficer));
        await ProposeAsync(lead, worker);
        local.Clock.Move(TimeSpan.FromDays(14) + TimeSpan.FromSeconds(1));
        (await dpo.PageAsync($"/attesten/{worker.Key}")).ShouldContain("ouder dan 14 dagen");
        (await dpo.PostAsync("/account", $"/attesten/{worker.Key}/bevestigen", HttpStatusCode.Forbidden, ("attest", OpenId(local)))).ShouldContain("attestation.tooOld");
        await ProposeAsync(lead, worker);
        await ConfirmAsync(local, dpo, worker);
    }

    [Fact]
    public async Task Worker_Suspended_OpensNothingInTheNextRequest()
    {
        await using var local = await TestLocal.StartAsync(attestation: None);
        var (worker, lead, dpo) = (local.Person(Role.SocialWorker), local.Person(Role.TeamLead), local.Person(Role.DataProtectionOfficer));
        await ProposeAsync(lead, worker);
        await ConfirmAsync(local, dpo, worker);
        local.Execute($"INSERT INTO passkey (id, subject, public_key, sign_count, enrolled_at) VALUES ('k', '{worker.Subject}', x'00', 0, 0)");
        await worker.PageAsync("/werklijst");

        // A renewal that waits does not outlive it either.
        await ProposeAsync(lead, worker);
        await lead.PostAsync($"/attesten/{worker.Key}", $"/attesten/{worker.Key}/schorsen", HttpStatusCode.UnprocessableEntity, ("reden", ""));
        await lead.PostAsync($"/attesten/{worker.Key}", $"/attesten/{worker.Key}/schorsen", HttpStatusCode.Found, ("reden", "uit dienst"));
        await worker.PageAsync("/werklijst", HttpStatusCode.Unauthorized);
        (await local.Person(Role.SocialWorker).PageAsync("/werklijst", HttpStatusCode.Forbidden)).ShouldContain("worker.suspended");
        local.Query("SELECT count(*) FROM passkey WHERE revoked_at IS NULL").ShouldBe(["0"]);
        local.Query("SELECT count(*) FROM enrolment_code").ShouldBe(["0"]);
        (await dpo.PostAsync("/account", $"/attesten/{worker.Key}/bevestigen", HttpStatusCode.Conflict, ("attest", LastId(local)))).ShouldContain("attestation.notOpen");
        (await dpo.PostAsync("/account", $"/attesten/{worker.Key}/code", HttpStatusCode.Forbidden)).ShouldContain("attestation.none");
        (await dpo.PageAsync("/attesten")).ShouldContain("uit dienst");
        await lead.PostAsync("/account", $"/attesten/{worker.Key}/schorsen", HttpStatusCode.Conflict, ("reden", "uit dienst"));

        await ProposeAsync(lead, worker);
        await ConfirmAsync(local, dpo, worker);
        await local.Person(Role.SocialWorker).PageAsync("/werklijst");
    }

    [Fact]
    public async Task Worker_SuspendedAfterARenewal_DoesNotFallBackOnTheFormerAttestation()
    {
        await using var local = await TestLocal.StartAsync(attestation: None);
        var worker = await local.ColleagueAsync("Sociale dienst", Role.SocialWorker);
        var (lead, dpo) = (local.Person(Role.TeamLead), local.Person(Role.DataProtectionOfficer));
        await ProposeAsync(lead, worker);
        await ConfirmAsync(local, dpo, worker);
        await lead.PostAsync($"/attesten/{worker.Key}", $"/attesten/{worker.Key}/schorsen", HttpStatusCode.Found, ("reden", "uit dienst"));
        (await local.Person(Role.SocialWorker).PageAsync("/werklijst", HttpStatusCode.Forbidden)).ShouldContain("worker.suspended");
    }

    [Theory]
    [InlineData("officialSecrecy", false, "2026-11-02", "secrecy.recipientNotBound", "Geen beroepsgeheim vandaag")]
    [InlineData("discretion", false, "2026-11-02", "secrecy.recipientNotBound", "Geen beroepsgeheim vandaag")]
    [InlineData("professionalSecrecy", true, "2026-11-02", "secrecy.recipientNotBound", "Geen beroepsgeheim vandaag")]
    [InlineData("professionalSecrecy", false, "2025-11-22", "worker.attestationExpired", "Attest te oud")]
    public async Task Worker_NotBoundOrNotRecentlyAttested_IsToldWhy(string secrecy, bool hasLeft, string confirmedOn, string code, string state)
    {
        var attestation = new TestAttestation(Secrecy: secrecy)
        {
            ConfirmedOn = DateOnly.Parse(confirmedOn, System.Globalization.CultureInfo.InvariantCulture), BoundUntil = hasLeft ? new DateOnly(2026, 11, 22) : null,
        };
        await using var local = await TestLocal.StartAsync(attestation: attestation);
        var page = await local.PageAsync("/werklijst", HttpStatusCode.Forbidden);
        Regex.Matches(page, "<code>([a-zA-Z.]+)[^<]*</code>").Select(match => match.Groups[1].Value).ShouldBe([code]);
        (await local.PageAsync("/attesten")).ShouldContain(state);
    }

    // SECURITY: the login alone could sign in as two people, confirm a third and hand that one a key.
    [Fact]
    public async Task Confirmation_WithoutAKey_IsRefusedOnceAnAttesterHasOne()
    {
        await using var local = await TestLocal.StartAsync(attestation: None);
        var (worker, lead, dpo) = (local.Person(Role.SocialWorker), local.Person(Role.TeamLead), local.Person(Role.DataProtectionOfficer));
        await ProposeAsync(lead, worker);
        await dpo.ForgetProofAsync();
        await dpo.PageAsync($"/attesten/{worker.Key}/bevestigen");

        local.Execute($"INSERT INTO passkey (id, subject, public_key, sign_count, enrolled_at) VALUES ('w', '{worker.Subject}', x'00', 0, 0)");
        await dpo.PageAsync($"/attesten/{worker.Key}/bevestigen");
        local.Execute($"INSERT INTO passkey (id, subject, public_key, sign_count, enrolled_at, revoked_at) VALUES ('l', '{lead.Subject}', x'00', 0, 0, 1)");
        (await dpo.PageAsync($"/attesten/{worker.Key}/bevestigen", HttpStatusCode.Forbidden)).ShouldContain("person.proofNeeded", customMessage: "a key that was taken back makes it no easier");
        foreach (var act in new[] { "bevestigen", "code" })
        {
            (await dpo.PostAsync("/account", $"/attesten/{worker.Key}/{act}", HttpStatusCode.Forbidden, ("attest", OpenId(local)))).ShouldContain("person.proofNeeded");
        }

        local.Query("SELECT count(*) FROM attestation WHERE confirmed_at IS NOT NULL").ShouldBe(["0"]);
        local.Query("SELECT count(*) FROM enrolment_code").ShouldBe(["0"]);
        await local.Person(Role.DataProtectionOfficer).PageAsync($"/attesten/{worker.Key}/bevestigen");
    }

    [Fact]
    public async Task Key_ThatIsLost_EndsAndTheNewCodeIsInTheHistory()
    {
        await using var local = await TestLocal.StartAsync(attestation: None);
        var worker = await local.ColleagueAsync("Sociale dienst", Role.SocialWorker);
        var (lead, stranger) = (local.Person(Role.TeamLead), local.Person(Role.Clerk));
        local.Execute($"INSERT INTO passkey (id, subject, public_key, sign_count, enrolled_at) VALUES ('k', '{worker.Subject}', x'00', 0, 0)");
        (await lead.PostAsync($"/attesten/{worker.Key}/code", $"/attesten/{worker.Key}/code", HttpStatusCode.OK)).ShouldContain("<code>");
        await worker.PageAsync("/werklijst");
        (await lead.PostAsync($"/attesten/{worker.Key}/code", $"/attesten/{worker.Key}/code", HttpStatusCode.OK, ("kwijt", "ja"))).ShouldContain("<code>");
        local.Query("SELECT count(*) FROM passkey WHERE revoked_at IS NULL").ShouldBe(["0"]);
        local.Query("SELECT count(*) FROM enrolment_code").ShouldBe(["1"], "the earlier code ended");
        await worker.PageAsync("/werklijst", HttpStatusCode.Unauthorized);
        local.Query("SELECT act, because FROM attestation_event WHERE act = 'codeMade' ORDER BY sequence").ShouldBe(["codeMade|", "codeMade|passkey.lost"]);

        // Codes are for who opens rows and for who attests, and for nobody else.
        await stranger.SignInAsync();
        (await lead.PostAsync("/account", $"/attesten/{stranger.Key}/code", HttpStatusCode.Forbidden)).ShouldContain("attestation.none");
        var dpo = local.Person(Role.DataProtectionOfficer);
        await dpo.SignInAsync();
        await lead.PostAsync("/account", $"/attesten/{dpo.Key}/code", HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("functie", "")]
    [InlineData("functie", "operator")]
    [InlineData("anderteam", "")]
    [InlineData("geheim", "none")]
    [InlineData("sinds", "31/2/2026")]
    [InlineData("tot", "1/1/2019")]
    [InlineData("bewijs", "")]
    [InlineData("bewijs", "85.61.01-001.47")]
    public async Task Proposal_ThatIsNotWhole_IsNotTaken(string field, string value)
    {
        await using var local = await TestLocal.StartAsync(attestation: None);
        var (worker, lead) = (local.Person(Role.SocialWorker), local.Person(Role.TeamLead));
        await worker.SignInAsync();
        await lead.PostAsync($"/attesten/{worker.Key}", $"/attesten/{worker.Key}/voorstellen", HttpStatusCode.UnprocessableEntity, [.. Proposal.Select(one => one.Item1 == field ? (field, value) : one)]);
        local.Query("SELECT count(*) FROM attestation").ShouldBe(["0"]);
        await lead.PageAsync("/attesten/AAAAAAAAAAAAAAAA", HttpStatusCode.NotFound);
    }

    // What the program refuses, the store refuses once more.
    [Theory]
    [InlineData("INSERT INTO attestation SELECT 'x', 's', name, function, team, secrecy, bound_since, bound_until, proof, 's', 'S', 5, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM attestation", "attestation_self")]
    [InlineData("INSERT INTO attestation SELECT 'x', 's', name, function, team, secrecy, bound_since, bound_until, proof, 'a', 'A', 5, 's', 'S', 6, NULL, NULL, NULL, NULL FROM attestation", "attestation_self")]
    [InlineData("INSERT INTO attestation SELECT 'x', subject, name, function, team, secrecy, bound_since, bound_until, proof, 'a', 'A', 5, 'a', 'A', 6, NULL, NULL, NULL, NULL FROM attestation", "attestation_two_persons")]
    [InlineData("INSERT INTO attestation SELECT 'x', subject, name, function, team, secrecy, bound_since, bound_until, proof, 'a', 'A', 5, 'b', 'B', 1209600006, NULL, NULL, NULL, NULL FROM attestation", "attestation_too_old")]
    [InlineData("INSERT INTO attestation SELECT 'x', 'other', name, function, team, secrecy, bound_since, bound_until, proof, (SELECT subject FROM colleague), 'A', 5, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM attestation", "attestation.operator")]
    [InlineData("UPDATE attestation SET team = 'other'", "attestation.fixed")]
    [InlineData("UPDATE attestation SET confirmed_by = 'c'", "attestation.fixed")]
    [InlineData("DELETE FROM attestation", "attestation.kept")]
    [InlineData("UPDATE attestation_event SET done_by = 'c'", "attestation.eventKept")]
    [InlineData("DELETE FROM attestation_event", "attestation.eventKept")]
    public async Task Store_OfAttestations_RefusesWhatTheProgramDoes(string sql, string code)
    {
        await using var local = await TestLocal.StartAsync();
        await local.PageAsync("/");
        Should.Throw<SqliteException>(() => local.Execute(sql)).Message.ShouldContain(code);
    }

    [Fact]
    public async Task Store_OfAnEndedAttestation_DoesNotLetItBeginAgain()
    {
        await using var local = await TestLocal.StartAsync();
        local.Execute("UPDATE attestation SET ended_by = 'c', ended_by_name = 'C', ended_at = 5, ended_because = 'x'");
        Should.Throw<SqliteException>(() => local.Execute("UPDATE attestation SET ended_by = NULL, ended_by_name = NULL, ended_at = NULL, ended_because = NULL")).Message.ShouldContain("attestation.fixed");
    }

    private static async Task ProposeAsync(TestPerson by, TestPerson worker)
    {
        await worker.SignInAsync();
        await by.PostAsync($"/attesten/{worker.Key}", $"/attesten/{worker.Key}/voorstellen", HttpStatusCode.Found, Proposal);
    }

    private static async Task<string> ConfirmAsync(TestLocal local, TestPerson by, TestPerson worker)
    {
        var hasKey = local.Query($"SELECT count(*) FROM passkey WHERE subject = '{worker.Subject}' AND revoked_at IS NULL").Single() != "0";
        return await by.PostAsync($"/attesten/{worker.Key}/bevestigen", $"/attesten/{worker.Key}/bevestigen", hasKey ? HttpStatusCode.Found : HttpStatusCode.OK, ("attest", OpenId(local)));
    }

    private static string OpenId(TestLocal local) => local.Query("SELECT id FROM attestation WHERE confirmed_at IS NULL AND ended_at IS NULL").Single();

    private static string LastId(TestLocal local) => local.Query("SELECT id FROM attestation WHERE confirmed_at IS NULL").Single();
}
