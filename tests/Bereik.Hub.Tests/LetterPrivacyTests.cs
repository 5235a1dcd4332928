using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Invitations;
using Bereik.Hub.Letters;
using Bereik.Sealing.Invitations;
using Shouldly;
using Xunit;

namespace Bereik.Hub.Tests;

// What nobody learns: of a no, of later and of silence; of a record before its code was used; of a code, ever.
public sealed partial class LetterPrivacyTests
{
    [Fact]
    public async Task Looking_AndGoingAway_WritesNothing()
    {
        await using var hub = await LetterHub.StartAsync();
        var wave = await hub.OpenedAsync();
        await hub.YesAsync(wave);
        await hub.Hub.ScrubbedAsync();
        var (rows, files) = (StoreComparison.Rows(hub.Hub), StoreComparison.Files(hub.Hub));

        // There is no method for no and later at all: what a page does then is nothing. What it does before, and whatever fails, is here.
        typeof(AnswerDesk).GetMethods().Where(method => method.DeclaringType == typeof(AnswerDesk)).Select(method => method.Name).Order().ShouldBe(["ActAsync", "FindAsync", "NeverAsync", "StateAsync", "YesAsync"]);
        foreach (var number in wave.Letters.Take(4).Select(letter => letter.Number).Append(LetterNumber.Random()))
        {
            await hub.DeskAsync(desk => desk.FindAsync(number, CancellationToken.None));
            (await hub.WrongAsync(number)).Outcome.ShouldBe(YesOutcome.WrongCode);
            using var code = LetterHub.WrongCode();
            await hub.DeskAsync(desk => desk.StateAsync(number, code, CancellationToken.None));
            await hub.DeskAsync(desk => desk.ActAsync(number, code, ConsentAct.Withdraw, AnswerMethod.Slip, CancellationToken.None));
        }

        await hub.DeskAsync(desk => desk.NeverAsync(LetterNumber.Random(), CancellationToken.None));
        await hub.StateAsync(wave);
        (await hub.YesAsync(wave)).Outcome.ShouldBe(YesOutcome.Already);
        StoreComparison.Rows(hub.Hub).ShouldBe(rows);
        StoreComparison.Files(hub.Hub).ShouldBe(files);

        // The comparison sees what is written.
        await hub.DeskAsync(desk => desk.NeverAsync(wave.Letters[7].Number, CancellationToken.None));
        StoreComparison.Rows(hub.Hub).ShouldNotBe(rows);
    }

    // What a page says of a letter, and what its source and its recipient are told, is the same whether its family said yes, objected or did nothing.
    [Fact]
    public async Task Facts_OfALetter_AreTheSameWhateverWasAnswered()
    {
        await using var hub = await LetterHub.StartAsync();
        var wave = await hub.OpenedAsync();
        var orders = new List<string>();
        async Task Note()
        {
            foreach (var side in new[] { hub.Source, hub.Welfare }) orders.Add(await (await hub.Hub.SendAsync(side, HttpMethod.Get, $"/v1/orders/{wave.Id}")).Content.ReadAsStringAsync());
            orders.Add(await (await hub.Hub.SendAsync(hub.Source, HttpMethod.Get, "/v1/orders")).Content.ReadAsStringAsync());
            orders.Add(await (await hub.Hub.SendAsync(hub.Source, HttpMethod.Get, "/v1/messages")).Content.ReadAsStringAsync());
            orders.Add(await (await hub.Hub.SendAsync(hub.Welfare, HttpMethod.Get, "/v1/answers")).Content.ReadAsStringAsync());
        }

        await Note();
        await hub.YesAsync(wave, 0);
        await hub.YesAsync(wave, 1);
        await hub.ActAsync(wave, ConsentAct.Withdraw, 1);
        await hub.DeskAsync(desk => desk.NeverAsync(wave.Letters[2].Number, CancellationToken.None));
        await Note();
        orders[5..].ShouldBe(orders[..5]);
        var facts = new List<LetterFacts?>();
        for (var at = 0; at < 4; at++) facts.Add(await hub.DeskAsync(desk => desk.FindAsync(wave.Letters[at].Number, CancellationToken.None)));
        foreach (var one in facts) (one! with { Number = default, Parts = facts[0]!.Parts }).ShouldBe(facts[0]! with { Number = default });
    }

    // With everything that the hub has before an answer, and the OCMW's private key.
    [Fact]
    public async Task Record_BeforeItsCodeIsUsed_OpensForNobody()
    {
        await using var hub = await LetterHub.StartAsync();
        var wave = await hub.OpenedAsync();
        await hub.Hub.ScrubbedAsync();
        var (kept, binding) = (Kept(hub, wave.Letters[0].Number), hub.BindingOf(wave));
        kept.ShouldBe(wave.Letters[0]);

        // Nothing in any file is an inner seal, and nothing that is there opens with the private key.
        foreach (var file in Directory.EnumerateFiles(hub.Hub.DataFolder, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) is not ("node.lock" or "lock")))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            foreach (Match text in Jwe().Matches(await reader.ReadToEndAsync(TestContext.Current.CancellationToken)))
            {
                InvitationFormat.IsInner(text.Value, hub.Welfare.Sealing.Kid).ShouldBeFalse(file);
                InvitationSeal.Open(text.Value, kept.Number, binding, hub.Source.Signing.PublicKey, hub.Welfare.Sealing).ShouldBeNull();
            }
        }

        for (var guess = 0; guess < 20; guess++)
        {
            using var wrong = LetterHub.WrongCode();
            using var key = InvitationKey.Derive(wrong, kept.Salt);
            OuterSeal.Open(kept, binding, key).ShouldBeNull();
        }

        // With the code it opens, for whoever has the private key.
        using var code = wave.Codes.Code(0);
        using var right = InvitationKey.Derive(code, kept.Salt);
        var inner = OuterSeal.Open(kept, binding, right).ShouldNotBeNull();
        InvitationSeal.Open(inner, kept.Number, binding, hub.Source.Signing.PublicKey, hub.Hub.Municipality.Sealing).ShouldBeNull();
        InvitationSeal.Open(inner, kept.Number, binding, hub.Source.Signing.PublicKey, hub.Welfare.Sealing)!.Document.Person.Street.ShouldBe("Denkbeeldstraat");

        // After the yes the sealed invitation is gone, and after the receipt everything is.
        var sealedBytes = StrictBase64Url.TryDecode(kept.Sealed, out var bytes) ? bytes : [];
        hub.Hub.StoreHolds(sealedBytes.AsSpan(100, 300)).ShouldBeTrue();
        await hub.ReceivedAsync(wave);
        await hub.Hub.ScrubbedAsync();
        hub.Hub.StoreHolds(sealedBytes.AsSpan(100, 300)).ShouldBeFalse();
        hub.Hub.StoreHolds(Encoding.ASCII.GetBytes(inner[200..600])).ShouldBeFalse();
    }

    [Fact]
    public async Task Code_AndNumber_AreInNoFileOrLine()
    {
        var output = new StringWriter();
        var (standard, error) = (Console.Out, Console.Error);
        var (codes, numbers) = (new List<string>(), new List<string>());
        Console.SetOut(output);
        Console.SetError(output);
        try
        {
            await using var hub = await LetterHub.StartAsync();
            var wave = await hub.OpenedAsync();
            var id = await hub.ReceivedAsync(wave);
            await hub.ActAsync(wave, ConsentAct.Withdraw);
            await hub.EraseAsync(wave, id);
            codes.AddRange([LetterRefusalTests.CodeOf(wave, 0), LetterRefusalTests.CodeOf(wave, 1)]);
            codes.AddRange(codes.Select(code => code.Replace("-", "", StringComparison.Ordinal)).ToList());
            numbers.AddRange([wave.Letters[0].Number.Text, wave.Letters[0].Number.Printed]);
            foreach (var code in codes) hub.Hub.StoreHolds(Encoding.ASCII.GetBytes(code)).ShouldBeFalse();
        }
        finally
        {
            Console.SetOut(standard);
            Console.SetError(error);
        }

        // It was written there, and these are not in it.
        output.ToString().ShouldContain("Bereik.Hub.");
        foreach (var text in codes.Concat(numbers)) output.ToString().ShouldNotContain(text);
    }

    // An objection says that somebody got a letter: what names the letter goes when the source has it.
    [Fact]
    public async Task Messages_ThatWereTaken_AreGone()
    {
        await using var hub = await LetterHub.StartAsync();
        var wave = await hub.OpenedAsync(real: 0);
        await hub.DeskAsync(desk => desk.NeverAsync(wave.Letters[0].Number, CancellationToken.None));
        hub.Clock.Move(TimeSpan.FromDays(1));
        await hub.ReleaseAsync();
        (await hub.MessagesAsync()).Count.ShouldBe(1);
        (await hub.Hub.SendAsync(hub.Source, HttpMethod.Post, "/v1/messages/taken", "{\"upTo\":1}"u8.ToArray())).StatusCode.ShouldBe(HttpStatusCode.OK);
        hub.Hub.Count("SELECT count(*) FROM source_message").ShouldBe(0);
        foreach (var body in new[] { "{\"upTo\":-1}", "{}", "[]", "{\"upTo\":1,\"meer\":2}" })
            (await hub.Hub.SendAsync(hub.Source, HttpMethod.Post, "/v1/messages/taken", Encoding.UTF8.GetBytes(body))).StatusCode.ShouldBe(HttpStatusCode.BadRequest, body);
    }

    private static SealedInvitation Kept(LetterHub hub, LetterNumber number)
    {
        using var store = hub.Hub.OpenStore();
        using var command = store.CreateCommand();
        command.CommandText = "SELECT salt, sealed FROM invitation WHERE number = $number";
        command.Parameters.AddWithValue("$number", number.Text);
        using var reader = command.ExecuteReader();
        reader.Read().ShouldBeTrue();
        return new SealedInvitation { Number = number, Salt = InvitationSalt.TryParse(reader.GetString(0), out var salt) ? salt : default, Sealed = StrictBase64Url.Encode(reader.GetFieldValue<byte[]>(1)) };
    }

    [GeneratedRegex(@"eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")]
    private static partial Regex Jwe();
}
