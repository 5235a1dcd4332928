using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Protocols;
using Bereik.Hub.Answers;
using Shouldly;
using Xunit;

namespace Bereik.Hub.Tests;

// The words of the answer page: the same in every language, and none before a native reader has seen it where people are real.
public sealed partial class AnswerTextsTests
{
    [Fact]
    public void Texts_OfEveryLanguage_HaveTheSameKeysAndPlaces()
    {
        var dutch = AnswerTexts.Shipped["nl"];
        foreach (var language in AnswerTexts.Languages)
        {
            var texts = AnswerTexts.Shipped[language.Code];
            texts.Keys.ShouldBe(dutch.Keys, language.Code);
            foreach (var (key, text) in texts)
            {
                Places(text.Text).ShouldBe(Places(dutch[key].Text), $"{language.Code} {key}");
                text.Text.ShouldNotBeNullOrWhiteSpace($"{language.Code} {key}");
                Place().Replace(text.Text, "").ShouldNotContain("{", Case.Sensitive, $"{language.Code} {key}");
            }
        }

        AnswerTexts.Languages.Select(language => language.Code).ShouldBe(["nl", "fr", "en", "ar"]);
    }

    // What is shown that way must be what is: nobody has read them yet.
    [Fact]
    public void Texts_ThatShip_SayThatNobodyReviewedThem() => AnswerTexts.Shipped.Values.SelectMany(texts => texts.Values).ShouldAllBe(text => text.Review == AnswerReview.Unreviewed);

    [Fact]
    public void Words_ThatPagesAskFor_AreThereForEveryStateChoiceAndField()
    {
        foreach (var words in new AnswerTexts(AnswerTexts.Shipped, isTrial: true).Offered)
        {
            foreach (var state in Enum.GetNames<ConsentState>()) words.Has($"standing.{state}").ShouldBeTrue(state);
            foreach (var (choice, values) in new[] { ("contact", AnswerChoices.Contacts), ("language", AnswerChoices.Languages), ("partOfDay", AnswerChoices.PartsOfDay), ("topic", AnswerChoices.Topics) })
            {
                foreach (var value in values) words.Has($"choice.{choice}.{value}").ShouldBeTrue(value);
            }

            var protocol = ShippedProtocols.Of(Flow.Messenger);
            foreach (var field in protocol.Find<Clause.FieldsClause>()!.Shared) words.Has($"field.{Camel(field.Id.ToString())}").ShouldBeTrue(field.Id.ToString());
            words.Has($"purpose.{Camel(protocol.Find<Clause.PurposeClause>()!.Purpose.ToString())}").ShouldBeTrue();
        }
    }

    // Every key that stands in a page is there, and every text stands in a page.
    [Fact]
    public void Keys_OfPagesAndTexts_AreTheSame()
    {
        var folder = Path.Combine(Repository, "src", "Bereik.Hub", "Answers");
        var source = string.Concat(Directory.EnumerateFiles(folder, "*.*", SearchOption.TopDirectoryOnly).Select(File.ReadAllText));
        var keys = AnswerTexts.Shipped["nl"].Keys.ToHashSet(StringComparer.Ordinal);
        foreach (Match match in Asked().Matches(source)) keys.ShouldContain(match.Groups[1].Value);
        string[] made = ["tone.", "standing.", "choice.", "field.", "purpose.", "act.", "no.", "later.", "proof.", "receipt."];
        foreach (var key in keys.Where(key => !made.Any(begin => key.StartsWith(begin, StringComparison.Ordinal)))) source.ShouldContain($"\"{key}\"");
    }

    [Fact]
    public void Days_InEveryLanguage_AreOfOurCalendar()
    {
        var texts = new AnswerTexts(AnswerTexts.Shipped, isTrial: true);
        texts.In("nl").Day(new DateOnly(2026, 11, 23)).ShouldBe("23\u00A0november 2026");
        texts.In("fr").Day(new DateOnly(2026, 12, 1)).ShouldBe("1er\u00A0décembre 2026");
        texts.In("en").Day(new DateOnly(2026, 11, 23)).ShouldBe("23\u00A0November 2026");
        texts.In("ar").Day(new DateOnly(2026, 11, 23)).ShouldBe("23\u00A0نوفمبر 2026");
    }

    [Fact]
    public void Language_WithOneTextUnreviewed_IsNotOfferedWherePeopleAreReal()
    {
        new AnswerTexts(Reviewed("nl", "fr", "en", "ar"), isTrial: false).Offered.Count.ShouldBe(4);
        var dutchOnly = new AnswerTexts(Reviewed("nl"), isTrial: false);
        dutchOnly.IsOpen.ShouldBeTrue();
        dutchOnly.Offered.ShouldHaveSingleItem().Language.Code.ShouldBe("nl");
        dutchOnly.In("ar").Language.Code.ShouldBe("nl");
        var without = Reviewed("nl", "fr", "en", "ar");
        without["fr"] = new Dictionary<string, AnswerText>(without["fr"]) { ["fraud"] = without["fr"]["fraud"] with { Review = AnswerReview.Unreviewed } };
        new AnswerTexts(without, isTrial: false).Offered.Select(words => words.Language.Code).ShouldBe(["nl", "en", "ar"]);
        new AnswerTexts(Reviewed("fr", "en", "ar"), isTrial: false).IsOpen.ShouldBeFalse();
    }

    [Fact]
    public async Task Hub_OnRealNumbers_ShowsNoTextThatNobodyReviewed()
    {
        await using var hub = await TestHub.StartAsync(settings => settings["allowSyntheticNumbers"] = false, acceded: false);
        using var browser = new HttpClient();
        foreach (var path in new[] { "/brief", "/brief?taal=en", "/brief/XCE5A469J" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, hub.Node.Url + path);
            request.Headers.Accept.ParseAdd("text/html");
            using var answer = await browser.SendAsync(request, TestContext.Current.CancellationToken);
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            var page = RegisterHub.Plain(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            page.ShouldContain("Antwoorden kan hier nog niet");
            foreach (var text in AnswerTexts.Shipped.Values.SelectMany(texts => texts.Values).Where(text => text.Text.Length > 25)) page.ShouldNotContain(text.Text);
        }

        using var content = new FormUrlEncodedContent([new("stap", "nee"), new("nummer", "XCE5A469J")]);
        (await browser.PostAsync(hub.Node.Url + "/brief", content, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        var health = JsonNode.Parse(await browser.GetStringAsync(hub.Node.Url + "/health", TestContext.Current.CancellationToken))!;
        ((string)health["answers"]!["code"]!).ShouldBe("answers.unreviewed");
        ((bool)health["answers"]!["isOpen"]!).ShouldBeFalse();
    }

    private static Dictionary<string, IReadOnlyDictionary<string, AnswerText>> Reviewed(params string[] languages) => AnswerTexts.Shipped.ToDictionary(
        texts => texts.Key,
        IReadOnlyDictionary<string, AnswerText> (texts) => texts.Value.ToDictionary(text => text.Key, text => languages.Contains(texts.Key) ? text.Value with { Review = AnswerReview.Reviewed } : text.Value),
        StringComparer.Ordinal);

    private static List<string> Places(string text) => [.. Place().Matches(text).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal)];

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static string Repository
    {
        get
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "Bereik.slnx"))) folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Not in the repository.");
            return folder;
        }
    }

    [GeneratedRegex("\\{[A-Za-z]+\\}")]
    private static partial Regex Place();

    [GeneratedRegex("(?:\\bW|words|Model\\.Words)\\[\"([a-z][A-Za-z.]*[A-Za-z])\"[\\],]")]
    private static partial Regex Asked();
}
