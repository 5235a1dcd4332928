using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Bereik.Local.Tests;

namespace Bereik.Bench;

/// <summary>The worklist of one OCMW with many households, over real HTTP: the whole answer of the node, from the request to the last byte. The rows came as a sealed package.</summary>
internal static partial class WorklistBench
{
    private static readonly string[] Streets = ["Molenstraat", "Kerkstraat", "Stationsstraat", "Nieuwstraat", "Dorpsstraat", "Kasteeldreef", "Hopmarkt", "Grote Markt", "Zandweg", "Populierenlaan"];

    public static async Task<int> RunAsync(string[] args)
    {
        var households = Figures.Option(args, "--households", 20_000);
        var rounds = Figures.Option(args, "--rounds", 40);
        await using var local = await TestLocal.StartAsync(change: settings => settings["pollSeconds"] = 1);
        var watch = Stopwatch.StartNew();
        local.Other.Rows = [.. Enumerable.Range(10, households).Select(Row)];
        var id = await local.OrderAsync();
        await UntilReceivedAsync(local, id);
        Console.WriteLine(FormattableString.Invariant($"{households} households ordered, sealed by a source, fetched, opened and stored under their keys in {watch.Elapsed.TotalSeconds:N1} s"));

        watch.Restart();
        await local.PageAsync("/werklijst");
        Console.WriteLine(FormattableString.Invariant($"first page, for which every row is opened: {watch.Elapsed.TotalMilliseconds:N0} ms"));
        var pages = (households + 49) / 50;
        var isRight = await MeasureAsync("page, by deadline", rounds, async at => Names(await local.PageAsync($"/werklijst?pagina={1 + (at * 7 % pages)}")).Count == 50)
            & await MeasureAsync("page, by street", rounds, async at => IsSorted(await local.PageAsync($"/werklijst?volgorde=straat&pagina={1 + (at * 7 % pages)}")))
            & await MeasureSearchAsync(local, households, rounds);
        return isRight ? 0 : 1;
    }

    // The form's hidden field is taken once: only the search itself is measured.
    private static async Task<bool> MeasureSearchAsync(TestLocal local, int households, int rounds)
    {
        var field = TestLocal.HiddenField().Match(await local.PageAsync("/werklijst"));
        return await MeasureAsync("search for one name", rounds, async at =>
        {
            var number = 10 + (at * 331 % households);
            using var answer = await local.PostBareAsync("/werklijst", ("zoek", $"naam{number}q peet"), ("volgorde", "termijn"), (field.Groups[1].Value, field.Groups[2].Value));
            return answer.StatusCode == HttpStatusCode.OK && Names(await answer.Content.ReadAsStringAsync()) is [var one] && one == $"An Naam{number}q Peeters";
        });
    }

    private static async Task<bool> MeasureAsync(string what, int rounds, Func<int, Task<bool>> ask)
    {
        var millis = new List<double>();
        var isRight = true;
        for (var at = -5; at < rounds; at++)
        {
            var watch = Stopwatch.StartNew();
            isRight &= await ask(Math.Abs(at));
            if (at >= 0) millis.Add(watch.Elapsed.TotalMilliseconds);
        }

        var sorted = millis.Order().ToList();
        Console.WriteLine(FormattableString.Invariant($"{what}: median {sorted[sorted.Count / 2]:N1} ms, p95 {sorted[(int)(sorted.Count * 0.95)]:N1} ms, max {sorted[^1]:N1} ms over {rounds}; answers {(isRight ? "right" : "WRONG")}"));
        return isRight;
    }

    private static OfferedRow Row(int at) => new([TestNumbers.Of(at)], string.Create(CultureInfo.InvariantCulture,
        $$"""{"beneficiaries":[{"givenNames":"An Naam{{at}}q","familyName":"Peeters"}],"street":"{{Streets[at % Streets.Length]}}","houseNumber":"{{at / Streets.Length % 400}}","box":"{{at}}","postcode":"9300","place":"Aalst","referenceMonth":"2026-10"}"""));

    private static async Task UntilReceivedAsync(TestLocal local, string id)
    {
        while (local.Query($"SELECT state FROM ordered_list WHERE id = '{id}'").Single() is var state and not "received")
        {
            if (state is "rejected" or "failed" or "refused" or "expired") throw new InvalidDataException($"The list became {state}.");
            await Task.Delay(200);
        }
    }

    private static List<string> Names(string page) => [.. Name().Matches(page).Select(name => name.Groups[1].Value)];

    private static bool IsSorted(string page)
    {
        var streets = Street().Matches(page).Select(street => street.Groups[1].Value).ToList();
        return streets.Count == 50 && streets.SequenceEqual(streets.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("<bdi>(An Naam[0-9]+q Peeters)</bdi>")]
    private static partial Regex Name();

    [GeneratedRegex("<span dir=\"auto\">([A-Z][a-zA-Z ]+) [0-9]+ bus [0-9]+</span>")]
    private static partial Regex Street();
}
