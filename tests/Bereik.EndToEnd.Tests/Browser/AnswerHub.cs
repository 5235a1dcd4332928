using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Bereik.Cli.Network;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Invitations;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Log;
using Bereik.Exchange.Protocols;
using Bereik.Exchange.Signatures;
using Bereik.Sealing.Invitations;
using Bereik.Tests.Shared;
using Microsoft.Data.Sqlite;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Bereik.EndToEnd.Tests.Browser;

/// <summary>A real hub alone, with waves of letters that a source and an OCMW of which the tests hold the keys made; its login; and a browser.</summary>
public sealed class AnswerHub : IAsyncLifetime
{
    private const int Letters = 20;
    private static readonly string[] Chromium = ["/usr/bin/chromium", "/usr/bin/google-chrome"];
    private readonly HttpClient http = new();
    private readonly string folder = Directory.CreateTempSubdirectory("bereik-answers").FullName;
    private NetworkPlan plan = null!;
    private RunningNetwork network = null!;
    private HubTokens tokens = null!;
    private SigningKey source = null!;
    private SigningKey welfare = null!;
    private SealingKey sealing = null!;
    private IPlaywright playwright = null!;

    internal IBrowser Browser { get; private set; } = null!;

    internal string Url => Hub.Url;

    // With the people who can sign in there.
    internal PlannedNode Hub => plan[NetworkPlan.HubId];

    // Of a wave that can be answered, one that cannot be yet, and one that cannot be any more. A protocol allows few waves a month, so the tests share them.
    internal IReadOnlyList<PaperLetter> Open { get; private set; } = [];

    internal PaperLetter Early { get; private set; } = null!;

    internal PaperLetter Late { get; private set; } = null!;

    private PlannedNode Centre => plan.Centres.Single();

    public async ValueTask InitializeAsync()
    {
        plan = NetworkPlan.Create(
            Path.Combine(folder, "nodes"), [new NetworkPlace("41002", "Aalst", "aalst", null, null)], FreePorts.Take(6), new NetworkRegister(null), Epoch.At(TimeProvider.System.GetUtcNow()));
        NetworkFiles.Write(plan);
        network = RunningNetwork.Prepare(plan);
        foreach (var id in new[] { NetworkPlan.LoginId, Hub.Id })
        {
            var process = network.Processes.Single(process => process.Id == id);
            process.Start();
            await process.WaitUntilHealthyAsync();
        }

        source = SigningKey.FromJwk(KeyOf(NetworkPlan.SourceId, "signing")).Value;
        welfare = SigningKey.FromJwk(KeyOf(Centre.Id, "signing")).Value;
        sealing = SealingKey.FromJwk(KeyOf(Centre.Id, "sealing")).Value;
        tokens = new HubTokens(http, Hub.Url, Hub.Id, TimeProvider.System.GetUtcNow);
        foreach (var (id, key) in new[] { (NetworkPlan.SourceId, source), (Centre.Id, welfare) }) await TellAsync("/v1/log-documents", "document", StatementOf(id, key));
        var file = Acceding.FileOf(Flow.Messenger);
        var accession = Acceding.Ordinary(file.Protocol!, Centre.Id, OrganisationKind.PublicCentreForWelfare, "41002", TimeProvider.System.Today());
        foreach (var document in Acceding.Documents(file, accession, welfare, TimeProvider.System.GetUtcNow())) await TellAsync("/v1/protocol-events", "event", document);
        Open = await OpenAsync(Letters);
        Early = (await OpenAsync(1, opensIn: 3))[0];
        Late = (await OpenAsync(1))[0];
        await EndAsync(Late);
        playwright = await Playwright.CreateAsync();
        Browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Chromium.FirstOrDefault(File.Exists), Args = ["--no-sandbox", "--disable-background-networking"] });
    }

    public async ValueTask DisposeAsync()
    {
        if (Browser is not null) await Browser.DisposeAsync();
        playwright?.Dispose();
        await network.DisposeAsync();
        http.Dispose();
        foreach (var key in new IDisposable[] { source, welfare, sealing }) key?.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    // A wave that is open from a day on, whose first letters are real: the hub cannot tell, and a letter that nobody answers takes no time to make.
    private async Task<IReadOnlyList<PaperLetter>> OpenAsync(int real, int opensIn = 0)
    {
        var order = SignedDocument.Sign(NewOrder(), welfare);
        await SendAsync(Centre.Id, welfare, HttpMethod.Post, "/v1/orders", Document("order", order.Compact));
        var decision = new SourceDecision { Order = order.Hash, Id = order.Document.Id, Outcome = "permit", Reasons = [], AcceptsKnownSet = true, DecidedAt = Second() };
        await SendAsync(NetworkPlan.SourceId, source, HttpMethod.Post, $"/v1/orders/{order.Document.Id}/decision", Document("decision", SignedDocument.Sign(decision, source).Compact));
        using var codes = WaveCodes.Draw();
        var (papers, invitations) = (new List<PaperLetter>(), new List<SealedInvitation>());
        for (var at = 0; at < Letters; at++)
        {
            var number = LetterNumber.Random();
            using var code = codes.Code(at);
            if (at < real) papers.Add(new PaperLetter(number, Printed(code)));
            invitations.Add(at < real ? InvitationSeal.Make(InvitationOf(order, number), code, source, sealing.PublicKey) : new SealedInvitation { Number = number, Salt = InvitationSalt.Random(), Sealed = StrictBase64Url.Encode(RandomNumberGenerator.GetBytes(InvitationFormat.SealedSize)) });
        }

        byte[] part = [.. invitations.SelectMany(one => one.ToJson().Append((byte)'\n'))];
        await SendAsync(NetworkPlan.SourceId, source, HttpMethod.Put, $"/v1/orders/{order.Document.Id}/invitations/0", part, "application/x-ndjson");
        var opensOn = TimeProvider.System.Today().AddDays(opensIn);
        var opening = new WaveOpening
        {
            Id = order.Document.Id, Order = order.Hash, ProtocolHash = order.Document.ProtocolHash, RecipientKid = sealing.Kid, SourceKid = source.Kid, Notice = Bytes32.Sha256("aankondiging"u8), Letters = Letters,
            Parts = [Bytes32.Sha256(part)], OpensOn = opensOn, AnswerBy = opensOn.AddDays(28), At = Second(),
        };
        await SendAsync(NetworkPlan.SourceId, source, HttpMethod.Post, $"/v1/orders/{order.Document.Id}/opening", Document("opening", SignedDocument.Sign(opening, source).Compact));
        return papers;
    }

    // What time does, done in the hub's own store: the last day of the wave of a letter was yesterday.
    private async Task EndAsync(PaperLetter letter)
    {
        await using var store = new SqliteConnection($"Data Source={Path.Combine(plan.FolderOf(Hub.Id), "data", "node.db")};Pooling=False;Default Timeout=30");
        await store.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = store.CreateCommand();
        command.CommandText = "UPDATE wave SET answer_by = $day WHERE order_sequence = (SELECT order_sequence FROM letter WHERE number = $number)";
        command.Parameters.AddWithValue("$day", TimeProvider.System.Today().AddDays(-1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        command.Parameters.AddWithValue("$number", letter.Number.Text);
        (await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken)).ShouldBe(1);
    }

    private ListOrder NewOrder()
    {
        var protocol = ShippedProtocols.Of(Flow.Messenger);
        return new ListOrder
        {
            Id = Guid.NewGuid(),
            Nonce = Bytes32.Random(),
            Flow = Flow.Messenger.WireName(),
            Protocol = protocol.Id,
            ProtocolVersion = protocol.Version,
            ProtocolHash = Bytes32.TryParse(protocol.Hash, out var hash) ? hash : throw new InvalidOperationException("A text has no hash."),
            Epoch = plan.Epoch.ToString(),
            Source = NetworkPlan.SourceId,
            Recipient = Centre.Id,
            Nis = "41002",
            ReferenceMonth = Month.Of(TimeProvider.System.Today()).ToString(),
            Checkpoint = File.ReadAllText(Path.Combine(plan.FolderOf(Hub.Id), "data", "log", "checkpoint")),
            IssuedAt = Second(),
            ExpiresAt = Second().AddDays(7),
            Letter = new LetterOrder
            {
                Text = "groeipakket-brief",
                TextHash = Bytes32.Sha256("tekst"u8),
                Parts = new Dictionary<string, string>
                {
                    ["contact"] = "het team Rechten", ["hours"] = "elke werkdag van 9 tot 12 uur", ["municipality"] = "Aalst", ["offer"] = "voor de school, de energierekening of uw woning", ["phone"] = "053 00 00 01",
                    ["service"] = "Sociaal Huis", ["street"] = "Gasthuisstraat 40, 9300 Aalst",
                },
                Letters = Letters,
                Capacity = Letters,
                Panel = new TestPanel { Organisation = "Vereniging", On = TimeProvider.System.Today().AddDays(-30), Readers = 8 },
                Reminder = false,
                AnswerDays = 28,
            },
        };
    }

    private Invitation InvitationOf(SignedDocument<ListOrder> order, LetterNumber number) => new()
    {
        Number = number, Wave = order.Document.Id, ProtocolHash = order.Document.ProtocolHash, RecipientKid = sealing.Kid, Notice = Bytes32.Sha256("aankondiging"u8),
        Person = new InvitedPerson { GivenNames = "Synthia", FamilyName = "Voorbeeldmans", Street = "Denkbeeldstraat", HouseNumber = "7", Postcode = "9300", Place = "Aalst" },
    };

    private static string StatementOf(string organisation, SigningKey key) =>
        SignedDocument.Sign(new KeyStatement { Organisation = organisation, Use = KeyUse.Signing, Kid = key.Kid, Key = key.PublicKey.ToJwk(), At = Second() }, key).Compact;

    private static string Printed(SecretCode code)
    {
        Span<char> text = stackalloc char[SecretCode.PrintedLength];
        code.Print(text);
        return text.ToString();
    }

    private static DateTimeOffset Second() => DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());

    private static byte[] Document(string member, string compact) => JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { [member] = compact });

    private string KeyOf(string node, string use) => File.ReadAllText(Path.Combine(plan.FolderOf(node), "keys", $"{use}.jwk"));

    private async Task TellAsync(string path, string member, string compact)
    {
        using var content = new ByteArrayContent(Document(member, compact)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var answer = await http.PostAsync(new Uri(Hub.Url + path), content);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
    }

    private async Task SendAsync(string caller, SigningKey key, HttpMethod method, string path, byte[] body, string media = "application/json")
    {
        using var request = new HttpRequestMessage(method, Hub.Url + path) { Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(media) } } };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await tokens.OfAsync(caller, key));
        request.Headers.Add(RequestClaims.Header, SignedDocument.Sign(RequestClaims.For(caller, Hub.Id, TimeProvider.System.GetUtcNow(), method.Method, path, body), key).Compact);
        using var answer = await http.SendAsync(request);
        answer.IsSuccessStatusCode.ShouldBeTrue($"{path}: {await answer.Content.ReadAsStringAsync()}");
    }
}

/// <summary>A letter as a family has it.</summary>
internal sealed record PaperLetter(LetterNumber Number, string Code);
