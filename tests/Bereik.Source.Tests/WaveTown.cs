using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Letters;
using Shouldly;

namespace Bereik.Source.Tests;

// A town of single parents who all get the social supplement, a source that sends letters, and an OCMW that orders them.
internal static class WaveTown
{
    public const string AnswerPage = "https://antwoord.bereik.example/";

    public static JsonObject Settings(bool alsoAsText = true, JsonArray? recipientAddresses = null) => new()
    {
        ["answerPage"] = AnswerPage, ["phone"] = "02 000 00 02", ["officer"] = "dpo@groeipakket.example", ["signer"] = "An Voorbeeld", ["replyNumber"] = "DA 000-000-0, Knooppunt Bereik, 1000 Brussel",
        ["alsoAsText"] = alsoAsText, ["recipientAddresses"] = recipientAddresses ?? [],
    };

    // The family of an index: one parent, at a house of its own in Aalst.
    public static string Parent(int index) => TestNumbers.Of(2 * index);

    public static string NameOf(int index) => $"Voornaam{index} Achternaam{index}";

    public static LetterOrder Letter(MovableClock clock, int letters = 24, bool reminder = false) => new()
    {
        Text = LetterFile.Shipped.Id,
        TextHash = Bytes32.TryParse(LetterFile.Shipped.Hash, out var hash) ? hash : throw new InvalidOperationException("The letter that ships has a hash."),
        Parts = new SortedDictionary<string, string>(LetterFile.Shipped.Parts.Where(part => part.FilledBy == LetterFiller.Recipient).ToDictionary(part => part.Id, part => part.Example), StringComparer.Ordinal),
        Letters = letters,
        Capacity = Math.Max(100, letters),
        Panel = new TestPanel { Organisation = "Welzijnsschakel Voorbeeldstad", On = BelgianTime.DayOf(clock.GetUtcNow()).AddDays(-10), Readers = 9 },
        Reminder = reminder,
        AnswerDays = 42,
    };

    // As docs/formats/register-csv.md says.
    public static string Csv(int families)
    {
        var file = Path.Combine(Parties.NewFolder(), "register.csv");
        var text = new StringBuilder("record;insz;given_names;family_name;birth_day;deceased;household;address_kind;safe_until;nis;street;house_number;box;postcode;place;former;child;begin;end\n");
        for (var index = 0; index < families; index++)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"{index}");
            text.Append(CultureInfo.InvariantCulture, $"person;{Parent(index)};Voornaam{place};Achternaam{place};1985-05-05;;;main;;41002;Molenstraat;{index + 1};;9300;Aalst;;;;\n");
            text.Append(CultureInfo.InvariantCulture, $"benefit;{Parent(index)};;;;;;;;;;;;;;;{TestNumbers.Of((2 * index) + 1)};2026-01;\n");
        }

        File.WriteAllText(file, text.ToString());
        return file;
    }

    public static Task<TestSource> StartAsync(int families = 30, Parties? parties = null, Action<JsonObject>? change = null, MovableClock? clock = null, MovableClock? realHubsClock = null) =>
        TestSource.StartAsync(
            parties: parties, clock: clock, realHubsClock: realHubsClock,
            change: settings =>
            {
                settings["register"] = new JsonObject { ["csv"] = Csv(families) };
                settings["letters"] = Settings();
                change?.Invoke(settings);
            });

    public static ListOrder NewOrder(TestSource source, int letters = 24, bool reminder = false, string month = "2026-10") =>
        source.NewOrder(Flow.Messenger, month) with { Letter = Letter(source.Clock, letters, reminder) };

    public static async Task<HttpResponseMessage> ApproveAsync(this TestSource source, Guid id, string? day = null)
    {
        await source.StateAsync(id, "ready");
        return await source.PostAsync(TestSource.Page(id), $"{TestSource.Page(id)}/goedkeuren", ("postdag", day ?? Node.Ui.DayText.Write(BelgianTime.DayOf(source.Clock.GetUtcNow()).AddDays(3))));
    }

    // Ordered, approved, made and opened.
    public static async Task<Guid> OpenedAsync(this TestSource source, ListOrder order)
    {
        source.Place(order);
        (await source.ApproveAsync(order.Id)).Headers.Location!.OriginalString.ShouldBe(TestSource.Page(order.Id));
        await source.StateAsync(order.Id, "deposited");
        await source.LoggedAsync("wave.keyDestroyed");
        return order.Id;
    }

    // Until the register of decisions has an act, so many times.
    public static Task LoggedAsync(this TestSource source, string act, int times = 1) =>
        TestSource.EventuallyAsync(() => source.Read($"SELECT act FROM decision_record WHERE act = '{act}'").Count >= times ? "there" : null);

    public static string Folder(this TestSource source, Guid wave) => Path.Combine(source.Data, "waves", wave.ToString());

    // What the simulated people would read, in the order of the pages.
    public static IReadOnlyList<JsonObject> Texts(string folder) =>
        [.. Directory.GetFiles(folder, "brieven-*.ndjson").Order(StringComparer.Ordinal).SelectMany(File.ReadAllLines).Select(line => JsonNode.Parse(line)!.AsObject())];

    public static IReadOnlyList<string> PagesOf(string folder, string word) =>
        [.. Directory.GetFiles(folder, $"{word}-*.pdf").Order(StringComparer.Ordinal).SelectMany(TestLetters.Pages)];

    public static async Task ShouldRedirectAsync(this Task<HttpResponseMessage> answer, string to)
    {
        using var response = await answer;
        response.StatusCode.ShouldBe(HttpStatusCode.Found);
        response.Headers.Location!.OriginalString.ShouldBe(to);
    }
}
