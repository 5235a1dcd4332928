using System.Net;
using System.Text.RegularExpressions;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Signatures;
using Bereik.Hub.Answers;
using Bereik.Node.Access;
using Bereik.Tests.Shared;
using Shouldly;
using Xunit;

namespace Bereik.Hub.Tests;

// Slip and telephone, put in by the hub's operator: the same outcomes as on the answer page, and nothing else to see.
public sealed partial class MailRoomTests
{
    [Fact]
    public async Task Slip_WithNumberAndCode_IsAYesWithAReceiptToPost()
    {
        await using var room = await Room.StartAsync();
        var answer = await room.SendAsync(("weg", "strook"), ("wat", "ja"), ("nummer", room.Wave.Letters[0].Number.Printed), ("code", room.Code()), ("taal", "fr"));
        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Text.ShouldContain("Het ja is opgenomen");
        answer.Text.ShouldContain(AnswerVisitor.Words("fr")["receipt.title"]);
        answer.Text.ShouldContain("23 novembre 2026");
        answer.Text.ShouldNotContain(room.Code());
        var file = Data().Match(answer.Html).Groups[1].Value;
        var receipt = SignedDocument.Open<ConsentReceipt>(System.Text.Encoding.ASCII.GetString(Convert.FromBase64String(WebUtility.HtmlDecode(file))), room.Letters.Hub.Hub.Signing.PublicKey).Value.Document;
        receipt.Method.ShouldBe("slip");
        (await room.SendAsync(("weg", "strook"), ("wat", "ja"), ("nummer", room.Wave.Letters[0].Number.Printed), ("code", room.Code()), ("taal", "nl"))).Text.ShouldContain("Er was al een ja met deze brief");
    }

    [Fact]
    public async Task Slip_SaysOnlyYes()
    {
        await using var room = await Room.StartAsync();
        foreach (var act in new[] { "toon", "intrekken", "nooit", "bevestigen" })
        {
            var answer = await room.SendAsync(("weg", "strook"), ("wat", act), ("nummer", room.Wave.Letters[0].Number.Text), ("code", room.Code()), ("taal", "nl"));
            answer.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
            answer.Text.ShouldContain("Op een strook kan iemand alleen ja zeggen. Voor iets anders moet de persoon bellen.");
        }

        room.Letters.Hub.Count("SELECT count(*) FROM letter WHERE has_objected = 1").ShouldBe(0);
    }

    [Fact]
    public async Task Telephone_FromYesToWithdrawal_SaysEachOutcome()
    {
        await using var room = await Room.StartAsync();
        async Task<(HttpStatusCode Status, string Text, string Html)> CallAsync(string act, string? code = null, int letter = 0) =>
            await room.SendAsync(("weg", "telefoon"), ("wat", act), ("nummer", room.Wave.Letters[letter].Number.Text), ("code", code ?? room.Code(letter)), ("taal", "nl"));
        (await CallAsync("toon")).Text.ShouldContain(AnswerVisitor.Words("nl")["state.nothing"]);
        (await CallAsync("ja", AnswerVisitor.WrongCode())).Text.ShouldContain(AnswerVisitor.Words("nl")["yes.wrongCode"]);
        (await CallAsync("ja")).Text.ShouldContain("Het ja is opgenomen");
        (await CallAsync("toon")).Text.ShouldContain("U zei ja op 20 november 2026.");
        (await CallAsync("bevestigen")).Text.ShouldContain("Dit kan nu niet");
        var stopped = await CallAsync("intrekken");
        stopped.Text.ShouldContain("Het ja is ingetrokken");
        stopped.Html.ShouldContain("bewijs-einde.jws");
        (await CallAsync("nooit", code: "", letter: 1)).Text.ShouldContain("Het bezwaar is opgenomen");
        room.Letters.Hub.Count("SELECT count(*) FROM letter WHERE has_objected = 1").ShouldBe(1);
    }

    [Fact]
    public async Task Telephone_AfterACallBack_StandsForAYesGivenWithHelp()
    {
        await using var room = await Room.StartAsync();
        await room.SendAsync(("weg", "telefoon"), ("wat", "ja"), ("nummer", room.Wave.Letters[0].Number.Text), ("code", room.Code()), ("taal", "nl"));
        using (var store = room.Letters.Hub.OpenStore())
        {
            using var command = store.CreateCommand();
            command.CommandText = "UPDATE answer SET state = 'held'";
            command.ExecuteNonQuery().ShouldBe(1);
        }

        var done = await room.SendAsync(("weg", "telefoon"), ("wat", "bevestigen"), ("nummer", room.Wave.Letters[0].Number.Text), ("code", room.Code()), ("taal", "nl"));
        done.Text.ShouldContain("Het ja is bevestigd");
    }

    [Fact]
    public async Task Form_FilledInWrong_SaysWhatAndNeverTheCode()
    {
        await using var room = await Room.StartAsync();
        var code = room.Code();
        var answer = await room.SendAsync(("weg", ""), ("wat", ""), ("nummer", "ABC"), ("code", code[..^1]), ("taal", "nl"));
        answer.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        foreach (var error in new[] { "Kies hoe het antwoord kwam.", "Kies wat het antwoord is.", "U typte er 3.", "U typte er 13." }) answer.Text.ShouldContain(error);
        answer.Html.ShouldNotContain(code[..9]);
        var form = await room.ReadAsync();
        form.ShouldNotContain("<table");
        form.ShouldNotContain("type=\"search\"");
    }

    [Fact]
    public async Task MailRoom_ForOthers_IsClosed()
    {
        await using var room = await Room.StartAsync(Role.Operator, Role.DataProtectionOfficer, Role.ProtocolAuthor);
        (await room.GetAsync()).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var stranger = new HttpClient();
        using var content = new FormUrlEncodedContent([new("weg", "telefoon")]);
        (await stranger.PostAsync(room.Letters.Hub.Node.Url + MailRoom.Path, content, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [GeneratedRegex("download=\"bewijs-ja\\.jws\" href=\"data:application/octet-stream;base64,([^\"]+)\"")]
    private static partial Regex Data();

    // A hub with letters, and somebody at its mail room.
    private sealed partial class Room : IAsyncDisposable
    {
        private readonly Dictionary<string, string> cookies = new(StringComparer.Ordinal);
        private HttpClient browser = null!;

        public LetterHub Letters { get; private init; } = null!;

        public MadeWave Wave { get; private init; } = null!;

        public static async Task<Room> StartAsync(params Role[] roles)
        {
            var folder = RunningNode.NewFolder();
            var letters = await LetterHub.StartAsync(settings => settings["signIn"] = SignedIn.Settings(folder));
            var room = new Room { Letters = letters, Wave = await letters.OpenedAsync() };
            room.browser = new HttpClient(new SignedIn(() => letters.Hub.Node.Services, letters.Clock, "hub", roles is [] ? [Role.AnswerDesk] : roles));
            return room;
        }

        public string Code(int letter = 0)
        {
            using var code = Wave.Codes.Code(letter);
            return AnswerVisitor.Printed(code);
        }

        public async Task<HttpResponseMessage> GetAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Letters.Hub.Node.Url + MailRoom.Path);
            request.Headers.Accept.ParseAdd("text/html");
            var answer = await browser.SendAsync(request);
            foreach (var set in answer.Headers.TryGetValues("Set-Cookie", out var values) ? values : [])
            {
                var pair = set.Split(';')[0].Split('=', 2);
                cookies[pair[0]] = pair[1];
            }

            return answer;
        }

        public async Task<string> ReadAsync() => await (await GetAsync()).Content.ReadAsStringAsync();

        public async Task<(HttpStatusCode Status, string Text, string Html)> SendAsync(params (string Name, string Value)[] fields)
        {
            var token = Token().Match(await ReadAsync()).Groups[1].Value;
            using var request = new HttpRequestMessage(HttpMethod.Post, Letters.Hub.Node.Url + MailRoom.Path);
            request.Headers.Accept.ParseAdd("text/html");
            request.Headers.Add("Cookie", string.Join("; ", cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
            request.Content = new FormUrlEncodedContent(fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value)).Append(new("_form", WebUtility.HtmlDecode(token))));
            using var answer = await browser.SendAsync(request);
            var html = await answer.Content.ReadAsStringAsync();
            return (answer.StatusCode, RegisterHub.Plain(html), html);
        }

        public async ValueTask DisposeAsync()
        {
            browser.Dispose();
            await Letters.DisposeAsync();
        }

        [GeneratedRegex("name=\"_form\" value=\"([^\"]+)\"")]
        private static partial Regex Token();
    }
}
