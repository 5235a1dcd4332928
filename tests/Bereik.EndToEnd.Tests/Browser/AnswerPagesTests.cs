using System.Diagnostics;
using System.Text.Json;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Invitations;
using Bereik.Exchange.Signatures;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Bereik.EndToEnd.Tests.Browser;

/// <summary>The answer page on a small telephone without script, in each language: every outcome has its sentence, and every page holds the checks.</summary>
public sealed class AnswerPagesTests(AnswerHub hub) : IClassFixture<AnswerHub>
{
    // One letter for each family.
    private const int Stories = 3;
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("nl", 0)]
    [InlineData("fr", 1)]
    [InlineData("en", 2)]
    [InlineData("ar", 3)]
    public async Task Answers_OnATelephoneWithoutScript_EachHaveTheirSentence(string language, int at)
    {
        var open = hub.Open.Skip(at * Stories).ToList();
        await using var family = await Sight.OpenAsync(hub.Browser, $"antwoord-{language}", hub.Url, withScript: false, isSmall: true);
        var story = new Story(family, await WordsAsync(language), language);

        await story.StartAsync(open[0]);
        await story.NoAndLaterAsync(open[0]);
        await story.WrongAsync(open[0]);
        await story.YesAsync(open[0]);
        await story.UsedAsync(open[0]);
        await story.DoubleAsync(open[0], open[1]);
        await story.ChangedMindAsync(open[0]);
        await story.NeverAsync(open[2]);
        await story.NotNowAsync(hub.Early, "letter.early");
        await story.NotNowAsync(hub.Late, "letter.over");
        (await family.Page.Context.CookiesAsync()).ShouldBeEmpty();
        family.ShouldHaveSeenNothingWrong();
    }

    [Fact]
    public async Task MailRoom_WithASlipAndACall_HoldsTheChecks()
    {
        var letter = hub.Open[^1];
        await using var desk = await Sight.OpenAsync(hub.Browser, "postkamer", hub.Hub.PublicUrl);
        await desk.SignInAsync(hub.Hub, "antwoorddienst");
        await desk.GoAsync("/postkamer", "1-leeg");
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Geef dit antwoord in" }).ClickAsync();
        await desk.Page.GetByText("Kies hoe het antwoord kwam.").First.WaitForAsync();
        await desk.LookAsync("2-fout");
        await EnterAsync("strook", "ja", "ar");
        await desk.Page.GetByText("Het ja is opgenomen").First.WaitForAsync();
        await desk.LookAsync("3-strook");
        await desk.PrintAsync("3-strook");
        await desk.Page.GetByRole(AriaRole.Link, new() { Name = "Volgend antwoord" }).ClickAsync();
        await EnterAsync("telefoon", "intrekken", "nl");
        await desk.Page.GetByText("Het ja is ingetrokken").First.WaitForAsync();
        await desk.LookAsync("4-telefoon");
        desk.ShouldHaveSeenNothingWrong();

        async Task EnterAsync(string way, string act, string language)
        {
            await desk.Page.Locator($"input[name=weg][value={way}]").CheckAsync();
            await desk.Page.Locator($"input[name=wat][value={act}]").CheckAsync();
            await desk.Page.Locator("#nummer").FillAsync(letter.Number.Printed);
            await desk.Page.Locator("#code").FillAsync(letter.Code);
            await desk.Page.Locator("#taal").SelectOptionAsync(language);
            await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Geef dit antwoord in" }).ClickAsync();
        }
    }

    // The words as the hub ships them: a page must say them, whatever they are.
    private static async Task<Dictionary<string, string>> WordsAsync(string language)
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Bereik.slnx"))) folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Not in the repository.");
        using var texts = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "src", "Bereik.Hub", "Answers", "teksten", $"{language}.json"), Cancel));
        return texts.RootElement.EnumerateObject().ToDictionary(text => text.Name, text => text.Value.GetProperty("text").GetString()!, StringComparer.Ordinal);
    }

    // What one family does, one step after the other.
    private sealed class Story(Sight family, Dictionary<string, string> words, string language)
    {
        private IPage Page => family.Page;

        // Types the number, reads, changes the language and comes back.
        public async Task StartAsync(PaperLetter letter)
        {
            await Page.GotoAsync($"/brief?taal={language}");
            await SaysAsync("start.intro");
            await family.LookAsync("01-begin");
            await Page.Locator("#nummer").FillAsync("ABC-DEF");
            await ClickAsync("start.button");
            await family.LookAsync("02-nummer-fout");
            await Page.Locator("#nummer").FillAsync(letter.Number.Printed.ToLowerInvariant());
            await ClickAsync("start.button");
            await SaysAsync("letter.no.text");
            new Uri(Page.Url).PathAndQuery.ShouldBe($"/brief/{letter.Number.Text}{(language == "nl" ? "" : $"?taal={language}")}");
            await family.LookAsync("03-brief");
            var other = language == "fr" ? "en" : "fr";
            await Page.Locator($".bereik-language a[lang={other}]").ClickAsync();
            (await Page.Locator("html").GetAttributeAsync("lang")).ShouldBe(other);
            await Page.Locator($".bereik-language a[lang={language}]").ClickAsync();
            (await Page.Locator("html").GetAttributeAsync("dir")).ShouldBe(language == "ar" ? "rtl" : "ltr");
            await Page.GotoAsync($"/brief/ABC?taal={language}");
            await SaysAsync("unknown.text");
            await family.LookAsync("04-onbekend");
        }

        public async Task NoAndLaterAsync(PaperLetter letter)
        {
            await ReadAsync(letter);
            await ClickAsync("choose.no");
            await SaysAsync("no.title", "no.text", "no.change");
            await family.LookAsync("05-nee");
            await Page.GetByRole(AriaRole.Link, new() { Name = words["back.letter"] }).ClickAsync();
            await ClickAsync("choose.later");
            await SaysAsync("later.title", "later.text", "later.change");
            await family.LookAsync("06-later");
        }

        // A code that cannot be one, and one of another letter.
        public async Task WrongAsync(PaperLetter letter)
        {
            await ReadAsync(letter);
            await ClickAsync("choose.yes");
            (await Page.Locator("input:checked").CountAsync()).ShouldBe(0);
            await family.LookAsync("07-ja");
            await Page.Locator("#code").FillAsync((letter.Code[0] == 'A' ? 'B' : 'A') + letter.Code[1..]);
            await ClickAsync("yes.button");
            await SaysAsync("code.wrong");
            await Page.Locator("#code").FillAsync(WrongCode());
            await Page.Locator("input[name=spreektaal][value=tr]").CheckAsync();
            await ClickAsync("yes.button");
            await SaysAsync("yes.wrongCode");
            (await Page.Locator("#code").InputValueAsync()).ShouldBe("");
            (await Page.Locator("input[name=spreektaal][value=tr]").IsCheckedAsync()).ShouldBeTrue();
            await family.LookAsync("08-verkeerde-code");
        }

        public async Task YesAsync(PaperLetter letter)
        {
            await Page.Locator("#code").FillAsync(letter.Code.ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal));
            await ClickAsync("yes.button");
            await SaysAsync("receipt.title", "receipt.keep", "receipt.second");
            await family.LookAsync("09-bewijs");
            await family.PrintAsync("09-bewijs");
            var file = await Page.RunAndWaitForDownloadAsync(() => Page.GetByText(words["receipt.file"]).ClickAsync());
            var compact = await File.ReadAllTextAsync(await file.PathAsync(), Cancel);
            var receipt = SignedDocument.Parse<ConsentReceipt>(compact).Value.Document;
            (receipt.Letter, receipt.Event, receipt.Service).ShouldBe((letter.Number, "given", "Sociaal Huis"));
            (await ScanAsync(await Page.Locator(".bereik-qr").ScreenshotAsync())).ShouldBe(compact);
        }

        public async Task UsedAsync(PaperLetter letter)
        {
            await SayYesAsync(letter);
            await SaysAsync("yes.already", "yes.already.text", "act.Withdraw");
            await family.LookAsync("10-gebruikte-code");
        }

        // Sent twice, as somebody does who taps twice.
        public async Task DoubleAsync(PaperLetter first, PaperLetter letter)
        {
            await SayYesAsync(letter);
            await SaysAsync("receipt.title");
            await Page.ReloadAsync();
            await SaysAsync("yes.already");
            await Page.GotoAsync($"/brief?taal={language}");
            await ClickAsync("choose.state");
            await Page.Locator("#nummer").FillAsync(first.Number.Printed);
            await Page.Locator("#code").FillAsync(letter.Code);
            await ClickAsync("state.button");
            await SaysAsync("state.nothing");
            await family.LookAsync("11-stand-fout");
        }

        public async Task ChangedMindAsync(PaperLetter letter)
        {
            await ReadAsync(letter);
            await ClickAsync("choose.state");
            await Page.Locator("#code").FillAsync(letter.Code);
            await ClickAsync("state.button");
            await SaysAsync("standing.title", "proof.none");
            await family.LookAsync("12-stand");
            await ClickAsync("act.button");
            await SaysAsync("act.empty", "code.empty");
            await family.LookAsync("13-intrekken-fout");
            await Page.Locator("input[name=wat][value=intrekken]").CheckAsync();
            await Page.Locator("#code").FillAsync(letter.Code);
            await ClickAsync("act.button");
            await SaysAsync("done.Withdraw", "standing.Withdrawn", "standing.nothing", "receipt.withdrawn");
            await family.LookAsync("14-ingetrokken");
            await SayYesAsync(letter);
            await SaysAsync("yes.already", "standing.Withdrawn");
            await family.LookAsync("15-toch-weer-ja");
        }

        public async Task NeverAsync(PaperLetter letter)
        {
            await ReadAsync(letter);
            await ClickAsync("choose.never");
            await SaysAsync("never.title", "never.only");
            await family.LookAsync("16-nooit");
            await ClickAsync("never.button");
            await SaysAsync("nevered.title", "nevered.change");
            await family.LookAsync("17-nooit-gezegd");
            await SayYesAsync(letter);
            await SaysAsync("receipt.title");
        }

        public async Task NotNowAsync(PaperLetter letter, string key)
        {
            await ReadAsync(letter);
            await SaysAsync(key, "choose.never");
            (await Page.GetByRole(AriaRole.Button, new() { Name = words["choose.yes"] }).CountAsync()).ShouldBe(0);
            await family.LookAsync(key == "letter.over" ? "19-voorbij" : "18-te-vroeg");
        }

        private async Task SayYesAsync(PaperLetter letter)
        {
            await ReadAsync(letter);
            await ClickAsync("choose.yes");
            await Page.Locator("#code").FillAsync(letter.Code);
            await ClickAsync("yes.button");
        }

        private Task<IResponse?> ReadAsync(PaperLetter letter) => Page.GotoAsync($"/brief/{letter.Number.Text}?taal={language}");

        private Task ClickAsync(string key) => Page.GetByRole(AriaRole.Button, new() { Name = words[key], Exact = true }).ClickAsync();

        private async Task SaysAsync(params string[] keys)
        {
            await Page.Locator("h1").First.WaitForAsync();
            var text = await Page.Locator("body").InnerTextAsync();
            foreach (var key in keys) text.ShouldContain(words[key], Case.Sensitive, $"{language} {key}");
        }

        // What another telephone reads of the picture (zbar-tools), at the size of this one.
        private static async Task<string> ScanAsync(byte[] picture)
        {
            var file = Path.Combine(Directory.CreateTempSubdirectory("bereik-receipt").FullName, "bewijs.png");
            await File.WriteAllBytesAsync(file, picture, Cancel);
            using var scan = Process.Start(new ProcessStartInfo("zbarimg", ["-q", "--raw", file]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var read = await scan.StandardOutput.ReadToEndAsync(Cancel);
            await scan.WaitForExitAsync(Cancel);
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
            return read.Trim();
        }

        private static string WrongCode()
        {
            using var code = SecretCode.FromBits(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8));
            Span<char> text = stackalloc char[SecretCode.PrintedLength];
            code.Print(text);
            return text.ToString();
        }
    }
}
