using System.Globalization;
using Bereik.Domain;
using Bereik.Exchange.Log;
using Bereik.Exchange.Signatures;
using Bereik.Hub.Letters;
using Bereik.Hub.Log;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Bereik.Hub.Tests;

// What happens to letters when something is wrong: nothing goes out, and whoever is late is seen.
public sealed class LetterFaultTests
{
    [Fact]
    public async Task Yes_WhenTheAccessionDoesNotRun_IsStoppedAndNothingIsStored()
    {
        await using var hub = await LetterHub.StartAsync(acceded: false);
        await hub.Hub.AccedeAsync(hub.Welfare, Flow.Messenger, accession => accession with { ReviewBy = hub.Today.AddDays(1) });
        var wave = await hub.OpenedAsync();
        (await hub.YesAsync(wave)).Outcome.ShouldBe(YesOutcome.Taken);

        // The review is overdue, and the step that would end the wave for it did not come by.
        Execute(hub, "UPDATE work SET state = 'done' WHERE kind = 'orders.expire'");
        hub.Clock.Move(TimeSpan.FromDays(3));
        (await hub.YesAsync(wave, 1)).ShouldBe(new YesAnswer(YesOutcome.Stopped));
        hub.Hub.Count("SELECT count(*) FROM answer").ShouldBe(1);
        hub.Hub.Count("SELECT count(*) FROM invitation").ShouldBe(19);
        hub.Hub.Count("SELECT count(*) FROM decision_record WHERE act = 'answer.take' AND outcome = 'refuse' AND reasons LIKE '%accession.reviewOverdue%'").ShouldBe(1);

        // What was said before does not go out either, and its holder still takes it back.
        await hub.ReleaseAsync();
        (await hub.StateAsync(wave)).Holder!.Standing.ShouldBe(new ConsentStanding(ConsentState.Expired, false, true));
        (await hub.AnswersAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Log_ThatIsBroken_LetsNothingGoOn()
    {
        await using var hub = await LetterHub.StartAsync();
        var wave = await hub.OpenedAsync(real: 3);
        var id = (Guid)(await hub.ReleasedAsync(wave))["id"]!;
        await hub.YesAsync(wave, 1);
        hub.Hub.Node.Services.GetRequiredService<HubLog>().Break("log.bundle", "tile");
        (await hub.YesAsync(wave, 2)).Outcome.ShouldBe(YesOutcome.Stopped);
        hub.Clock.Move(TimeSpan.FromDays(4));
        await hub.ReleaseAsync();
        (await hub.AnswersAsync()).Count.ShouldBe(1);
        (await (await hub.SealedAsync(id)).CauseAsync()).ShouldBe("log.unavailable");

        // What ends a yes needs no log, nor does the end of the last day.
        (await hub.ActAsync(wave, ConsentAct.Withdraw, 1)).Outcome.ShouldBe(HolderOutcome.Done);
        hub.Clock.Move(TimeSpan.FromDays(25));
        await Should.ThrowAsync<Exception>(hub.ExpireAsync);
        hub.Hub.Count("SELECT count(*) FROM invitation").ShouldBe(0);
    }

    // As after a kill between the log and the store.
    [Fact]
    public async Task Round_ThatWasLoggedAndNotNoted_IsLoggedAgainAsItWas()
    {
        await using var hub = await LetterHub.StartAsync();
        hub.Clock.Move(TimeSpan.FromDays(1));
        await hub.RoundAsync();
        Execute(hub, "UPDATE hub_round SET position = NULL");
        await hub.RoundAsync();
        var logged = (await hub.Hub.EntriesAsync()).OfType<LogEntry.RoundPublished>().ToList();
        logged.Distinct().ShouldHaveSingleItem();
        SignedDocument.Parse<RoundRoots>(logged[0].Document).Value.Document.Day.ShouldBe(new DateOnly(2026, 11, 20));
        hub.Hub.Count("SELECT count(*) FROM hub_round WHERE position IS NOT NULL").ShouldBe(1);
    }

    [Fact]
    public async Task Erasure_ThatIsLate_IsSeenByTheOperatorUntilItIsSaid()
    {
        await using var hub = await LetterHub.StartAsync();
        var wave = await hub.OpenedAsync();
        var id = await hub.ReceivedAsync(wave);
        await hub.ActAsync(wave, ConsentAct.Withdraw);
        var eraseBy = DateOnly.ParseExact((string)(await hub.AnswersAsync())[0]["eraseBy"]!, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        hub.Clock.Move(TimeSpan.FromDays(eraseBy.DayNumber - hub.Today.DayNumber));
        await hub.ExpireAsync();
        hub.Hub.Count("SELECT count(*) FROM answer WHERE late_told_on IS NOT NULL").ShouldBe(0);
        hub.Clock.Move(TimeSpan.FromDays(1));
        await hub.ExpireAsync();
        hub.Hub.Count("SELECT count(*) FROM answer WHERE late_told_on = '" + hub.Today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + "'").ShouldBe(1);
        (await hub.EraseAsync(wave, id)).EnsureSuccessStatusCode();
        hub.Hub.Count("SELECT count(*) FROM answer WHERE is_erased = 1").ShouldBe(1);
    }

    [Fact]
    public async Task Page_OfLateErasures_NamesOrganisationAndDaysAndNobody()
    {
        await using var hub = await RegisterHub.StartAsync();
        (await hub.ReadAsync("/beheer/toestemmingen")).ShouldContain("Niemand is te laat");
        using (var store = hub.OpenStore())
        {
            using var command = store.CreateCommand();
            command.CommandText = """
                INSERT INTO list_order (sequence, id, jws, hash, context, flow, protocol, protocol_version, source, recipient, reference_month, placed_at, expires_at, state, refused_at_once, reasons)
                VALUES (1, 'o', 'j', 'h', 'c', 'messenger', 'p', '1', 'opgroeien', 'ocmw-aalst', '2026-10', 1, 2, 'closed', 0, '[]');
                INSERT INTO wave VALUES (1, 'o', 'n', 'h', 'k', 20, '2026-10-01', '2026-10-29', '2027-04-27', 1);
                INSERT INTO answer (id, order_sequence, wave, recipient, protocol, number, salt, holder, state, is_handed_out, is_erased, assurance, is_confirmed, method, given_at, until, release_at, certificate_days, erase_by)
                VALUES ('0f8fad5b-d9cb-469f-a165-70867728950e', 1, 'o', 'ocmw-aalst', 'p', 'XCE5A469J', 's', 'd', 'withdrawn', 1, 0, 'bearer', 0, 'web', 1, '2027-03-01', 1, 10, '2026-11-17');
                """;
            command.ExecuteNonQuery();
        }

        var page = await hub.ReadAsync("/beheer/toestemmingen");
        page.ShouldContain("0f8fad5b-d9cb-469f-a165-70867728950e Ontvanger OCMW Aalst");
        page.ShouldContain("17 november 2026 Dagen te laat 3");
        page.ShouldNotContain("XCE5A469J");
        (await hub.ReadAsync("/beheer/toestemmingen", "en")).ShouldContain("Days late");
    }

    private static void Execute(LetterHub hub, string sql)
    {
        using var store = hub.Hub.OpenStore();
        using var command = store.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
