using System.Net;
using Bereik.Domain;
using Bereik.Node.Access;
using Shouldly;
using Xunit;

namespace Bereik.Local.Tests;

/// <summary>Every route on which a yes to a letter, or help with one, can be met, for everybody who may not: refused, and nothing changed. A route without a row fails.</summary>
public sealed class LetterRouteTests
{
    private static readonly Right[] Of = [Rights.AssistAnswers, Rights.OpenHouseholds, Rights.PrintHouseholds, Rights.LeadHouseholds, Rights.TakeOverHouseholds];

    private static readonly (string Name, Other At)[] Table =
    [
        ("GET /werklijst", Other.SeesOwn),
        ("POST /werklijst", Other.SeesOwn),
        ("GET /werklijst/print", Other.SeesOwn),
        ("POST /werklijst/print", Other.SeesOwn),
        ("GET /werklijst/{id:guid}", Other.Refused),
        ("POST /werklijst/{id:guid}/toewijzen", Other.Refused),
        ("POST /werklijst/{id:guid}/geven", Other.Refused),
        ("POST /werklijst/{id:guid}/contact", Other.Refused),
        ("POST /werklijst/{id:guid}/uitkomst", Other.Refused),
        ("POST /werklijst/{id:guid}/bevestigd", Other.Refused),
        ("POST /werklijst/{id:guid}/niet-van-deze-persoon", Other.Refused),
        ("GET /werklijst/{id:guid}/dossier", Other.Refused),
        ("GET /werklijst/{id:guid}/dossier.json", Other.Refused),

        // Whoever is attested helps at the counter, of whichever team; what waits there for the own team's second worker is the own team's.
        ("GET /balie", Other.SeesOwn),
        ("POST /balie", Other.MakesOwn),
        ("POST /balie/{id:guid}/mee-bevestigen", Other.Refused),
    ];

    [Fact]
    public async Task EveryRoute_ForEverybodyWhoMayNot_IsRefusedAndChangesNothing()
    {
        await using var town = await LetterTown.StartAsync();
        var local = town.Local;
        var routes = local.RoutesOf(Of, "/balie");
        routes.Select(route => route.Name).Order(StringComparer.Ordinal).ShouldBe(Table.Select(row => row.Name).Order(StringComparer.Ordinal));
        var (wave, id) = await town.ReceivedAsync();
        var held = Guid.NewGuid();
        local.Execute($"INSERT INTO answer (id, wave, changed, state, is_handed_out, is_erased, assurance, method, given_on, helped_by, helped_at) VALUES ('{held}', '{wave}', 0, 'held', 0, 0, 'assisted', 'counter', '2026-11-23', 'iemand', 1)");
        List<Attempt> attempts = [.. Table.Select(row => new Attempt(row.Name, routes.Single(route => route.Name == row.Name).Right, PathOf(row.Name), [("zoek", ""), ("kanaal", "visit"), ("kanaal-ja", "visit"), ("bereikt", "nee"), ("uitkomst", "U02")], row.At)
        {
            Hidden = ["Qwertman", "Kasteeldreefstraat", .. row.Name.Contains("{id:guid}", StringComparison.Ordinal) ? Array.Empty<string>() : [id.ToString(), held.ToString()]],
        })];

        // Who may, gets what the others are refused: a table of refusals alone would also hold where nothing works.
        using var colleague = await local.ColleagueAsync(LetterTown.Team, Role.SocialWorker, Role.TeamLead);
        foreach (var attempt in attempts.Where(attempt => attempt.Method == HttpMethod.Get && !attempt.Name.Contains("/dossier", StringComparison.Ordinal)))
        {
            var (status, text) = await colleague.TryAsync(attempt.Method, attempt.Path, attempt.Fields);
            status.ShouldBe(HttpStatusCode.OK, attempt.Name);
            (text.Contains("Qwertman", StringComparison.Ordinal) || text.Contains(held.ToString(), StringComparison.Ordinal)).ShouldBeTrue(attempt.Name);
        }

        var strangers = await Unwelcome.ArriveAsync(local, Workplace.Ocmw, "/werklijst");
        var before = Store(local);
        await strangers.AreRefusedAsync(attempts);
        Store(local).ShouldBe(before);
        (await colleague.TryAsync(HttpMethod.Post, PathOf("POST /balie/{id:guid}/mee-bevestigen"))).Status.ShouldBe(HttpStatusCode.Found);
        (await colleague.TryAsync(HttpMethod.Post, PathOf("POST /werklijst/{id:guid}/bevestigd"), ("kanaal-ja", "visit"))).Status.ShouldBe(HttpStatusCode.Found);
        Store(local).ShouldNotBe(before);
        await town.UntilToldAsync(id, ConsentAct.Confirm);

        string PathOf(string name)
        {
            var path = name[(name.IndexOf(' ', StringComparison.Ordinal) + 1)..];
            return path.Replace("{id:guid}", (path.StartsWith("/balie", StringComparison.Ordinal) ? held : id).ToString("D"), StringComparison.Ordinal);
        }
    }

    private static List<string> Store(TestLocal local) =>
    [
        .. local.Query("SELECT id, assigned_to, contacted_on, outcome, closed_as, hex(record) FROM household ORDER BY id"), .. local.Query("SELECT id, state, confirmed_on, denied_on, seconded_by, checked_by FROM answer ORDER BY id"),
        .. local.Query("SELECT answer_id, act FROM answer_step ORDER BY sequence"), .. local.Query("SELECT count(*) FROM household_attempt"),
    ];
}
