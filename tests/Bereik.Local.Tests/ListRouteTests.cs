using System.Net;
using Bereik.Node.Access;
using Shouldly;
using Xunit;

namespace Bereik.Local.Tests;

/// <summary>Every route that opens rows of lists, for everybody who may not: refused, and nothing changed. A route without a row fails.</summary>
public sealed class ListRouteTests
{
    private static readonly Right[] Of = [Rights.OpenHouseholds, Rights.PrintHouseholds, Rights.LeadHouseholds, Rights.TakeOverHouseholds, Rights.OpenGrants, Rights.WidenAccess, Rights.ExportRows, Rights.MakeProofs];

    // What changes the row, in an order in which each can be done by who may, after nobody else could.
    private static readonly string[] Acts = ["/toewijzen", "/geven", "/contact", "/dossier", "/dossier.json", "/uitkomst"];

    // A row: its name as it stands in the route table, at whom it is tried, and what somebody of another team meets there.
    private static readonly Row[] Table =
    [
        new("GET /werklijst", At.Ocmw, Other.SeesOwn),
        new("POST /werklijst", At.Ocmw, Other.SeesOwn),
        new("GET /werklijst/print", At.Ocmw, Other.SeesOwn),
        new("POST /werklijst/print", At.Ocmw, Other.SeesOwn),
        new("GET /werklijst/{id:guid}", At.Ocmw),
        new("POST /werklijst/{id:guid}/toewijzen", At.Ocmw),
        new("POST /werklijst/{id:guid}/geven", At.Ocmw),
        new("POST /werklijst/{id:guid}/contact", At.Ocmw),
        new("POST /werklijst/{id:guid}/uitkomst", At.Ocmw),

        // For who said yes to a letter; a household of a list is refused there by its own text (LetterRouteTests has the others).
        new("POST /werklijst/{id:guid}/bevestigd", At.Ocmw, IsOfLetters: true),
        new("POST /werklijst/{id:guid}/niet-van-deze-persoon", At.Ocmw, IsOfLetters: true),
        new("GET /werklijst/{id:guid}/dossier", At.Ocmw),
        new("GET /werklijst/{id:guid}/dossier.json", At.Ocmw),
        new("GET /toekenning", At.Gemeente, Other.SeesOwn),

        // For another team it is there: it tells that team, month and number of rows, and opens a list for a day with a reason that is reviewed (TeamTests). For everybody else it is refused.
        new("GET /werklijst/ruimer", At.Ocmw, Other.SeesOwn),
        new("POST /werklijst/ruimer", At.Ocmw, Other.MakesOwn),
        new("GET /toekenning/ruimer", At.Gemeente, Other.SeesOwn),
        new("POST /toekenning/ruimer", At.Gemeente, Other.MakesOwn),
        new("GET /v1/lists/{id:guid}/export", At.Both),
        new("GET /v1/rows/{id:guid}/proof", At.Both),
        new("POST /v1/proofs/find", At.Both),
    ];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task EveryRoute_ForEverybodyWhoMayNot_IsRefusedAndChangesNothing(bool isOcmw)
    {
        var number = TestNumbers.Of(777);
        await using var local = await TestLocal.StartAsync(isOcmw, people: isOcmw ? null : $"insz;given_name;family_name\n{number};An;Peeters-Marked\n{TestNumbers.Of(1)};Bo;Claes\n");
        var routes = local.RoutesOf(Of, "/werklijst", "/toekenning");
        routes.Select(route => route.Name).Order(StringComparer.Ordinal).ShouldBe(Table.Select(row => row.Name).Order(StringComparer.Ordinal));
        var (list, state, _) = await local.ListAsync(isOcmw ? ListTests.Household(10, "Peeters-Marked", "Zandstraat") : ListTests.Child(number));
        state.ShouldBe("received");
        await local.UntilQuietAsync();
        var id = local.Query($"SELECT id FROM {(isOcmw ? "household" : "grant_row")}").ShouldHaveSingleItem();
        var proof = await local.PageAsync($"/v1/rows/{id}/proof");
        string[] hidden = ["Peeters-Marked", "Zandstraat", number, id, proof.Split('\n')[0]];
        var rows = Table.Where(row => row.At == At.Both || row.At == (isOcmw ? At.Ocmw : At.Gemeente)).ToList();
        List<Attempt> attempts = [.. rows.Select(row => new Attempt(row.Name, routes.Single(route => route.Name == row.Name).Right, PathOf(row.Name, id, list), [("zoek", ""), ("lijst", list), ("reden", "collega is ziek"), ("kanaal", "visit"), ("bereikt", "ja"), ("uitkomst", "U02")], row.Other)
        {
            // Whoever brings an id has it back in the address; nothing else comes.
            Text = row.Name.EndsWith("/find", StringComparison.Ordinal) ? proof : null, Hidden = [.. hidden.Where(text => text != id || !row.Name.Contains("{id:guid}", StringComparison.Ordinal))],
        })];

        // Who may, gets what the others are refused: a table of refusals alone would also hold where nothing works.
        var at = isOcmw ? Workplace.Ocmw : Workplace.Gemeente;
        var colleague = local.Person(at.Roles);
        await colleague.SignInAsync();
        local.Attest(at.May, colleague.Subject);
        foreach (var attempt in attempts.Where(attempt => attempt.At != Other.MakesOwn && !Table.Any(row => row.IsOfLetters && row.Name == attempt.Name) && !Acts.Any(act => attempt.Name.EndsWith(act, StringComparison.Ordinal))))
        {
            var (status, text) = attempt.Text is { } body ? await colleague.TryTextAsync(attempt.Path, body) : await colleague.TryAsync(attempt.Method, attempt.Path, attempt.Fields);
            status.ShouldBe(HttpStatusCode.OK, $"{attempt.Name}: {text}");
            if (!attempt.Name.Contains("ruimer", StringComparison.Ordinal)) hidden.Any(text.Contains).ShouldBeTrue(attempt.Name);
        }

        foreach (var attempt in attempts.Where(attempt => Table.Any(row => row.IsOfLetters && row.Name == attempt.Name)))
        {
            var (status, text) = await colleague.TryAsync(attempt.Method, attempt.Path, attempt.Fields);
            status.ShouldBe(HttpStatusCode.Forbidden, attempt.Name);
            text.ShouldContain("purpose.notGranted", customMessage: attempt.Name);
        }

        var strangers = await Unwelcome.ArriveAsync(local, at, isOcmw ? "/werklijst" : "/toekenning");
        var before = Store(local);
        await strangers.AreRefusedAsync(attempts);
        Store(local).ShouldBe(before);
        if (!isOcmw) return;
        foreach (var act in Acts)
        {
            var attempt = attempts.Single(one => one.Name.EndsWith(act, StringComparison.Ordinal));
            (await colleague.TryAsync(attempt.Method, attempt.Path, attempt.Fields)).Status.ShouldBe(attempt.Method == HttpMethod.Get ? HttpStatusCode.OK : HttpStatusCode.Found, attempt.Name);
            if (attempt.Method == HttpMethod.Get) continue;
            var after = Store(local);
            after.ShouldNotBe(before, attempt.Name);
            before = after;
        }
    }

    private static string PathOf(string name, string id, string list)
    {
        var path = name[(name.IndexOf(' ', StringComparison.Ordinal) + 1)..];
        return path.Replace("{id:guid}", path.StartsWith("/v1/lists", StringComparison.Ordinal) ? list : id, StringComparison.Ordinal);
    }

    private static List<string> Store(TestLocal local) =>
    [
        .. local.Query("SELECT id, purpose, assigned_to, contacted_on, outcome, hex(record) FROM household ORDER BY id"), .. local.Query("SELECT id, purpose, insz FROM grant_row ORDER BY id"), .. local.Query("SELECT id, subject, list_id FROM wider_access"),
        .. local.Query("SELECT id, state, team, erased_at FROM ordered_list"), Directory.GetFiles(Path.Combine(local.Data, "households")).Length.ToString(System.Globalization.CultureInfo.InvariantCulture),
    ];

    private enum At
    {
        Ocmw,
        Gemeente,
        Both,
    }

    private sealed record Row(string Name, At At, Other Other = Other.Refused, bool IsOfLetters = false);
}
