using System.Net;
using Bereik.Node.Access;
using Microsoft.Data.Sqlite;
using Shouldly;
using Xunit;

namespace Bereik.Local.Tests;

/// <summary>A worker opens the lists of the own team. Wider needs a reason, holds for one day, and is reviewed.</summary>
public sealed class TeamTests
{
    private const string Path = "/werklijst/ruimer";

    [Fact]
    public async Task List_OfTheTeamOfAColleague_OpensForTheWholeTeam()
    {
        await using var local = await TestLocal.StartAsync();
        await local.ListAsync(ListTests.Household(10));
        local.Query("SELECT team FROM ordered_list").ShouldBe(["Sociale dienst"]);
        (await (await local.ColleagueAsync("Sociale dienst", Role.SocialWorker)).PageAsync("/werklijst")).ShouldContain("An10 Peeters");
    }

    [Fact]
    public async Task List_OfAnotherTeam_IsOpenedUsedPrintedExportedAndProvenByNobodyElse()
    {
        await using var local = await TestLocal.StartAsync();
        var (list, _, _) = await local.ListAsync(ListTests.Household(10));
        await local.UntilQuietAsync();
        var row = local.Query("SELECT id FROM household").ShouldHaveSingleItem();
        var other = await local.ColleagueAsync("Jeugddienst", Role.SocialWorker, Role.TeamLead);
        var pages = new[]
        {
            await other.PageAsync("/"),
            await other.PageAsync("/werklijst"),
            await other.PageAsync("/werklijst/print"),
            await other.PostAsync("/account", "/werklijst", HttpStatusCode.OK, ("zoek", "peeters")),
            await other.PostAsync("/account", "/werklijst/print", HttpStatusCode.OK, ("zoek", "peeters")),
            await other.PostAsync("/account", $"/werklijst/{row}/toewijzen", HttpStatusCode.Forbidden),
            await other.PageAsync($"/v1/lists/{list}/export", HttpStatusCode.Forbidden),
            await other.PageAsync($"/v1/rows/{row}/proof", HttpStatusCode.Forbidden),
            await other.PageAsync(Path),
        };
        foreach (var page in pages) page.ShouldNotContain("Peeters");
        foreach (var page in pages) page.ShouldNotContain("Molenstraat");
        pages[1].ShouldContain("andere teams");
        foreach (var page in pages[5..8]) page.ShouldContain("worker.otherTeam");
        pages[8].ShouldContain("Sociale dienst");
        local.Query("SELECT assigned_to FROM household").ShouldBe([""]);
        local.Query("SELECT act FROM decision_record WHERE reasons = 'worker.otherTeam' ORDER BY sequence").ShouldBe(["household.assign", "list.export", "proof.make"]);
    }

    [Fact]
    public async Task WiderAccess_WithAReason_HoldsUntilTheEndOfTheDayAndIsReviewed()
    {
        await using var local = await TestLocal.StartAsync();
        var (list, _, _) = await local.ListAsync(ListTests.Household(10));
        await local.UntilQuietAsync();
        var row = local.Query("SELECT id FROM household").ShouldHaveSingleItem();
        var (other, third, dpo) = (await local.ColleagueAsync("Jeugddienst", Role.SocialWorker), await local.ColleagueAsync("Jeugddienst", Role.TeamLead), local.Person(Role.DataProtectionOfficer));
        (await dpo.PageAsync("/ruimere-inzage")).ShouldContain("Niemand keek ruimer");
        await other.PostAsync(Path, Path, HttpStatusCode.Found, ("lijst", list), ("reden", "Het gezin verhuisde naar onze wijk."));
        (await other.PageAsync("/werklijst")).ShouldContain("An10 Peeters");
        await other.PostAsync("/account", $"/werklijst/{row}/toewijzen", HttpStatusCode.Found);
        (await third.PageAsync("/werklijst")).ShouldNotContain("Peeters", customMessage: "the reason of one opens nothing to another");
        local.Query("SELECT outcome, subject FROM decision_record WHERE act = 'access.widen'").ShouldBe([$"permit|{list}"]);
        local.Query("SELECT facts FROM decision_record WHERE act = 'access.widen'").Single().ShouldContain("\"ownTeam\":false,\"widerAccess\":true");

        // The last minute in Brussels, and the first of the next day.
        local.Clock.Move(new DateTimeOffset(2026, 11, 23, 22, 59, 0, TimeSpan.Zero) - local.Clock.GetUtcNow());
        (await other.PageAsync("/werklijst")).ShouldContain("An10 Peeters");
        local.Clock.Move(TimeSpan.FromMinutes(1));
        (await other.PageAsync("/werklijst")).ShouldNotContain("Peeters");

        var review = await dpo.PageAsync("/ruimere-inzage");
        review.ShouldContain("Het gezin verhuisde naar onze wijk.");
        review.ShouldContain("bereik-nav__count");
        review.ShouldNotContain("Peeters");
        var id = local.Query("SELECT id FROM wider_access").ShouldHaveSingleItem();
        await dpo.PostAsync("/ruimere-inzage", $"/ruimere-inzage/{id}/nagekeken", HttpStatusCode.UnprocessableEntity, ("opmerking", ""));
        await dpo.PostAsync("/ruimere-inzage", $"/ruimere-inzage/{id}/nagekeken", HttpStatusCode.Found, ("opmerking", "De reden volstaat."));
        (await dpo.PostAsync("/account", $"/ruimere-inzage/{id}/nagekeken", HttpStatusCode.Conflict, ("opmerking", "Toch niet."))).ShouldContain("access.reviewed");
        await dpo.PostAsync("/account", $"/ruimere-inzage/{Guid.NewGuid()}/nagekeken", HttpStatusCode.NotFound, ("opmerking", "De reden volstaat."));
        (await dpo.PageAsync("/ruimere-inzage")).ShouldNotContain("bereik-nav__count");
        Should.Throw<SqliteException>(() => local.Execute("UPDATE wider_access SET remark = 'x'")).Message.ShouldContain("access.fixed");
        Should.Throw<SqliteException>(() => local.Execute("DELETE FROM wider_access")).Message.ShouldContain("access.kept");
    }

    [Fact]
    public async Task WiderAccess_WithoutReasonListProofOrAttestation_IsRefused()
    {
        await using var local = await TestLocal.StartAsync();
        var (list, _, _) = await local.ListAsync(ListTests.Household(10));
        var other = await local.ColleagueAsync("Jeugddienst", Role.SocialWorker);
        foreach (var (chosen, reason) in new[] { (list, ""), (list, new string('x', 281)), (list, "Voor 85.61.01-001.47"), ("", "Een goede reden"), (Guid.NewGuid().ToString(), "Een goede reden") })
        {
            await other.PostAsync(Path, Path, HttpStatusCode.UnprocessableEntity, ("lijst", chosen), ("reden", reason));
        }

        // The own list is no list of another team.
        var own = await local.ColleagueAsync("Sociale dienst", Role.SocialWorker, Role.Clerk);
        await own.PostAsync("/account", Path, HttpStatusCode.UnprocessableEntity, ("lijst", list), ("reden", "Een goede reden"));
        (await other.PostAsync("/account", "/toekenning/ruimer", HttpStatusCode.Forbidden, ("lijst", list), ("reden", "Een goede reden"))).ShouldContain("purpose.notGranted");

        // With a proof of an hour ago, as with none.
        local.Execute($"UPDATE session SET proven_at = {local.Clock.GetUtcNow().AddMinutes(-6).ToUnixTimeMilliseconds()} WHERE subject = '{other.Subject}'");
        (await other.PostAsync("/account", Path, HttpStatusCode.Forbidden, ("lijst", list), ("reden", "Een goede reden"))).ShouldContain("person.proofNeeded");

        var nobody = local.Person(Role.TeamLead);
        (await nobody.PageAsync(Path, HttpStatusCode.Forbidden)).ShouldContain("worker.notAttested");
        (await nobody.PostAsync("/account", Path, HttpStatusCode.Forbidden, ("lijst", list), ("reden", "Een goede reden"))).ShouldContain("worker.notAttested");
        var bound = local.Person(Role.SocialWorker, Role.TeamLead);
        await bound.SignInAsync();
        local.Attest(new TestAttestation(Secrecy: "discretion", Team: "Jeugddienst"), bound.Subject);
        (await bound.PostAsync("/account", Path, HttpStatusCode.Forbidden, ("lijst", list), ("reden", "Een goede reden"))).ShouldContain("secrecy.recipientNotBound");
        await local.Person(Role.DataProtectionOfficer).PageAsync(Path, HttpStatusCode.Forbidden);
        local.Query("SELECT count(*) FROM wider_access").ShouldBe(["0"]);
    }

    [Fact]
    public async Task WiderAccess_OfTheReviewer_IsReviewedByAnother()
    {
        await using var local = await TestLocal.StartAsync();
        var (list, _, _) = await local.ListAsync(ListTests.Household(10));
        var both = await local.ColleagueAsync("Jeugddienst", Role.SocialWorker, Role.DataProtectionOfficer);
        await both.PostAsync(Path, Path, HttpStatusCode.Found, ("lijst", list), ("reden", "Een goede reden"));
        var id = local.Query("SELECT id FROM wider_access").ShouldHaveSingleItem();
        (await both.PostAsync("/ruimere-inzage", $"/ruimere-inzage/{id}/nagekeken", HttpStatusCode.Forbidden, ("opmerking", "De reden volstaat."))).ShouldContain("access.self");
        Should.Throw<SqliteException>(() => local.Execute("UPDATE wider_access SET reviewed_by = subject, reviewed_by_name = 'x', reviewed_at = 5, remark = 'x'")).Message.ShouldContain("wider_access_self");
        await local.Person(Role.TeamLead).PageAsync("/ruimere-inzage", HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task GrantList_OfAnotherTeam_OpensWithAReasonOnly()
    {
        await using var local = await TestLocal.StartAsync(isOcmw: false, people: $"insz;given_name;family_name\n{TestNumbers.Of(0)};An;Peeters\n");
        var (list, _, _) = await local.ListAsync(ListTests.Child(TestNumbers.Of(0)));
        var other = local.Person(Role.Clerk);
        await other.SignInAsync();
        local.Attest(new TestAttestation("benefitClerk", "officialSecrecy", "Dienst onderwijs"), other.Subject);
        (await other.PageAsync("/toekenning")).ShouldNotContain("Peeters");
        (await other.PageAsync("/toekenning/ruimer")).ShouldNotContain("Peeters");
        await other.PostAsync("/toekenning/ruimer", "/toekenning/ruimer", HttpStatusCode.Found, ("lijst", list), ("reden", "De collega's zijn er vandaag niet."));
        (await other.PageAsync("/toekenning")).ShouldContain("Peeters");
    }

    [Fact]
    public async Task List_OrderedBySomebodyWithoutATeam_IsForTheServiceThatAcceded()
    {
        await using var local = await TestLocal.StartAsync(attestation: new TestAttestation { ConfirmedOn = null });
        await local.ListAsync(ListTests.Household(10));
        var service = local.Query("SELECT team FROM ordered_list").ShouldHaveSingleItem();
        service.ShouldNotBeEmpty();
        (await (await local.ColleagueAsync(service, Role.SocialWorker)).PageAsync("/werklijst")).ShouldContain("An10 Peeters");
        (await (await local.ColleagueAsync("", Role.SocialWorker, Role.Clerk)).PageAsync("/werklijst")).ShouldNotContain("Peeters");
    }

    [Fact]
    public async Task Proof_ByTheDataProtectionOfficer_GivesNoNameAndNoRow()
    {
        await using var local = await TestLocal.StartAsync();
        await local.ListAsync(ListTests.Household(10));
        await local.UntilQuietAsync();
        var row = local.Query("SELECT id FROM household").ShouldHaveSingleItem();
        var dpo = local.Person(Role.DataProtectionOfficer);
        var page = await dpo.PageAsync($"/v1/rows/{row}/proof", HttpStatusCode.Forbidden);
        page.ShouldContain("worker.notAttested");
        page.ShouldNotContain("Peeters");
        local.Query("SELECT outcome FROM decision_record WHERE act = 'proof.make'").ShouldBe(["refuse"]);
    }
}
