using System.Text.Json.Nodes;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Source.Waves;
using Shouldly;
using Xunit;

namespace Bereik.Source.Tests;

// Letters that a source does not take up, and those that its steward cannot approve.
public sealed class WaveRefusalTests
{
    [Fact]
    public async Task Order_OfAnotherText_IsRefusedWithItsReason()
    {
        await using var source = await WaveTown.StartAsync();
        var order = WaveTown.NewOrder(source);
        await RefusedAsync(source, order with { Letter = order.Letter! with { TextHash = Bytes32.Random() } }, "letter.otherText");
        order = WaveTown.NewOrder(source);
        await RefusedAsync(source, order with { Letter = order.Letter! with { Text = "andere-brief" } }, "letter.otherText");
        await RefusedAsync(source, WaveTown.NewOrder(source, letters: 19), "wave.tooSmall");
    }

    [Fact]
    public async Task Order_AtASourceWithoutLetters_IsRefused_AndAListIsNot()
    {
        await using var source = await WaveTown.StartAsync(change: settings => settings.Remove("letters"));
        await RefusedAsync(source, WaveTown.NewOrder(source), "source.noLetters");
        await source.DepositedAsync(source.NewOrder(Flow.Unknown));
    }

    [Fact]
    public async Task Letter_WithProblems_CannotBeApproved_AndThePageSaysEach()
    {
        await using var source = await WaveTown.StartAsync();
        var order = WaveTown.NewOrder(source);

        // A promise of money, a telephone that is none, and a part that is the source's own.
        var parts = new SortedDictionary<string, string>(order.Letter!.Parts.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal) { ["offer"] = "want u kunt een premie verdienen" };
        await CannotAsync(source, order with { Letter = order.Letter with { Parts = parts } }, "letter.forbidden.money");
        order = WaveTown.NewOrder(source);
        parts = new SortedDictionary<string, string>(order.Letter!.Parts.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal) { ["phone"] = "bel ons", ["signer"] = "Iemand Anders" };
        await CannotAsync(source, order with { Letter = order.Letter with { Parts = parts } }, "letter.part.shape", "letter.part.unknown");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(15)]
    [InlineData(null)]
    public async Task Posting_InThePastOrTooFarAhead_IsNotTaken(int? days)
    {
        await using var source = await WaveTown.StartAsync();
        var order = WaveTown.NewOrder(source);
        source.Place(order);
        var day = days is { } ahead ? Node.Ui.DayText.Write(BelgianTime.DayOf(source.Clock.GetUtcNow()).AddDays(ahead)) : "morgen";
        await source.ApproveAsync(order.Id, day).ShouldRedirectAsync($"{TestSource.Page(order.Id)}?fout=postdag");
        (await source.GetAsync($"{TestSource.Page(order.Id)}?fout=postdag")).Contains("govuk-error-summary", StringComparison.Ordinal).ShouldBeTrue();
        source.Hub.Decisions.ShouldBeEmpty();
    }

    [Fact]
    public async Task FewerThanTwenty_WhoCanBeWrittenTo_CannotBeApproved()
    {
        await using var source = await WaveTown.StartAsync(19);
        var order = WaveTown.NewOrder(source);
        source.Place(order);
        await source.ApproveAsync(order.Id).ShouldRedirectAsync($"{TestSource.Page(order.Id)}?fout=aantal");
        source.Hub.Decisions.ShouldBeEmpty();
        (await source.GetAsync($"{TestSource.Page(order.Id)}?fout=aantal")).Contains("een golf telt minstens 20 brieven", StringComparison.Ordinal).ShouldBeTrue();
    }

    // SECURITY: the guard that keeps the codes of real people out of a file that programs read.
    [Fact]
    public void Settings_ThatWriteCodesAsText_AreForTrialsOnly()
    {
        LetterSettings Of(bool alsoAsText) => new()
        {
            AnswerPage = WaveTown.AnswerPage, Phone = "02 000 00 02", Officer = "dpo@groeipakket.example", Signer = "An Voorbeeld", ReplyNumber = "DA 000-000-0, Knooppunt Bereik, 1000 Brussel", AlsoAsText = alsoAsText,
        };
        Of(alsoAsText: true).Problems(syntheticOnly: false).ShouldBe(["Setting 'letters.alsoAsText' is for trials and needs 'allowSyntheticNumbers'."]);
        Of(alsoAsText: true).Problems(syntheticOnly: true).ShouldBeEmpty();
        Of(alsoAsText: false).Problems(syntheticOnly: false).ShouldBeEmpty();
    }

    // The node itself reads these settings, and does not start with wrong ones.
    [Theory]
    [InlineData("answerPage", "http://antwoord.bereik.example/")]
    [InlineData("answerPage", "https://antwoord.bereik.example")]
    [InlineData("phone", "nul twee")]
    [InlineData("officer", "https://ergens.example/")]
    [InlineData("replyNumber", "")]
    public async Task Node_WithALetterSettingThatDoesNotFit_DoesNotStart(string setting, string value)
    {
        var ended = await Should.ThrowAsync<InvalidOperationException>(() => WaveTown.StartAsync(change: settings => settings["letters"]![setting] = value));
        ended.Message.ShouldBe("The node ended with 2.");
    }

    // On real numbers the node says so among its problems; without the setting it does not.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SettingsOfANode_OnRealNumbers_RefuseCodesAsText(bool alsoAsText)
    {
        var settings = System.Text.Json.JsonSerializer.Deserialize<SourceSettings>(new JsonObject { ["allowSyntheticNumbers"] = false, ["letters"] = WaveTown.Settings(alsoAsText) }, System.Text.Json.JsonSerializerOptions.Web)!;
        settings.Problems().Contains("Setting 'letters.alsoAsText' is for trials and needs 'allowSyntheticNumbers'.").ShouldBe(alsoAsText);
    }

    private static async Task RefusedAsync(TestSource source, ListOrder order, string code)
    {
        source.Place(order);
        await source.StateAsync(order.Id, "refused");
        await TestSource.EventuallyAsync(() => source.Hub.Decisions.ContainsKey(order.Id.ToString()) ? "sent" : null);
        source.Hub.Decision(order.Id).Reasons.Select(reason => reason.Code).ShouldBe([code]);
        (await source.GetAsync(TestSource.Page(order.Id))).Contains(code, StringComparison.Ordinal).ShouldBeTrue(code);
    }

    private static async Task CannotAsync(TestSource source, ListOrder order, params string[] codes)
    {
        source.Place(order);
        await source.ApproveAsync(order.Id).ShouldRedirectAsync($"{TestSource.Page(order.Id)}?fout=brief");
        var page = await source.GetAsync(TestSource.Page(order.Id));
        foreach (var code in codes) page.Contains($"<code>{code}</code>", StringComparison.Ordinal).ShouldBeTrue(code);
        source.Hub.Decisions.ShouldNotContainKey(order.Id.ToString());
        await source.PostAsync(TestSource.Page(order.Id), $"{TestSource.Page(order.Id)}/weigeren", ("reden", "source.otherReason"));
        await source.StateAsync(order.Id, "refused");
    }
}
