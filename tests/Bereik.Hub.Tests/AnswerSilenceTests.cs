using System.Net;
using System.Text;
using Bereik.Hub.Answers;
using Shouldly;
using Xunit;

namespace Bereik.Hub.Tests;

// A code that is typed, right or wrong, goes into the derivation and nowhere else.
public sealed class AnswerSilenceTests
{
    [Fact]
    public async Task Code_TypedAnywhere_IsInNoLogTraceAddressHeaderPageOrFile()
    {
        await using var family = await AnswerVisitor.StartAsync();
        var (right, other, wrong) = (family.Code(), family.Code(1), AnswerVisitor.WrongCode());
        var mistyped = (wrong[0] == 'A' ? 'B' : 'A') + wrong[1..];
        string[] typed = [right, other, wrong, mistyped, right.ToLowerInvariant(), right.Replace("-", "", StringComparison.Ordinal)];
        foreach (var code in typed[1..4]) await family.YesAsync(code: code);
        await family.YesAsync();
        await family.YesAsync(code: typed[4]);
        await family.SendAsync(("stap", "toon"), ("nummer", family.Number().Text), ("code", typed[5]));
        await family.SendAsync(("stap", "toon"), ("nummer", family.Number().Text), ("code", wrong));
        await family.ChangeAsync("", code: right);
        await family.ChangeAsync("intrekken", code: mistyped);
        await family.ChangeAsync("intrekken", code: right);
        await family.ChangeAsync("nooit", code: right);

        // In the field of the number, where people put it, and where no code belongs at all.
        await family.SendAsync(("stap", "zoek"), ("nummer", right));
        await family.SendAsync(("stap", "zoek"), ("nummer", right.Replace("-", "", StringComparison.Ordinal)));
        await family.SendAsync(("stap", "toon"), ("nummer", right), ("code", right));
        await family.SendAsync(("stap", right), ("nummer", family.Number().Text));
        await family.SendAsync(("stap", "ja-zeker"), ("nummer", family.Number().Text), ("code", right), ("contact", right));
        await family.SendAsync(("stap", "verander"), ("nummer", family.Number().Text), ("code", right), ("wat", right));
        await family.SendAsync(("stap", "ja-zeker"), ("nummer", family.Number().Text), ("code", right), ("code", wrong));
        await family.SendAsync(("stap", "ja-zeker"), ("taal", right), ("nummer", family.Number().Text), ("code", right));
        await family.Letters.Hub.ScrubbedAsync();

        family.Answered.Count.ShouldBe(19);
        family.Logged.Count().ShouldBeGreaterThan(100);
        family.Traced.Count().ShouldBeGreaterThan(20);
        family.Logged.ShouldContain(line => line.Contains("/brief", StringComparison.Ordinal), "the log of these tests is of every level");
        foreach (var form in typed.Take(4).SelectMany(Forms).Distinct())
        {
            foreach (var said in family.Answered.Concat(family.Logged).Concat(family.Traced)) said.ShouldNotContain(form, Case.Insensitive);
            family.Letters.Hub.StoreHolds(Encoding.ASCII.GetBytes(form)).ShouldBeFalse();
        }
    }

    // The search finds what is there: the number, which is in addresses and pages by design.
    [Fact]
    public async Task Number_OfALetter_IsFoundByTheSameSearch()
    {
        await using var family = await AnswerVisitor.StartAsync();
        await family.GetAsync($"/brief/{family.Number().Text}");
        var form = family.Number().Text;
        family.Answered.ShouldContain(said => said.Contains(form, StringComparison.Ordinal));
        family.Logged.ShouldContain(said => said.Contains(form, StringComparison.Ordinal));
        family.Letters.Hub.StoreHolds(Encoding.ASCII.GetBytes(form)).ShouldBeTrue();
    }

    // The usual level of a node's log does not even have the address.
    [Fact]
    public async Task Failures_OfThePage_SayNothingBack()
    {
        await using var family = await AnswerVisitor.StartAsync();
        var page = await family.SendAsync(("stap", family.Code()));
        page.Status.ShouldBe(HttpStatusCode.NotFound);
        page = await family.SendAsync(("stap", family.Code()), ("nummer", family.Number().Text));
        page.Status.ShouldBe(HttpStatusCode.BadRequest);
        page.Html.ShouldNotContain(family.Code()[..9]);
        using var browser = new HttpClient();
        using var json = new StringContent($"{{\"code\":\"{family.Code()}\"}}", Encoding.UTF8, "application/json");
        using var answer = await browser.PostAsync(family.Letters.Hub.Node.Url + AnswerPages.Path, json, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldNotContain(family.Code()[..9]);
    }

    // As it is printed, typed together, escaped, encoded, and the first groups of it.
    private static IEnumerable<string> Forms(string code)
    {
        var bare = code.Replace("-", "", StringComparison.Ordinal);
        yield return code;
        yield return bare;
        yield return code.Replace('-', ' ');
        yield return code.Replace('-', '+');
        yield return Convert.ToBase64String(Encoding.ASCII.GetBytes(bare)).TrimEnd('=')[..16];
        yield return Convert.ToHexString(Encoding.ASCII.GetBytes(bare));
        yield return code[..9];
        yield return bare[..8];
        yield return code[5..14];
        yield return bare[^8..];
    }
}
