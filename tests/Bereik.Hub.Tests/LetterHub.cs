using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Invitations;
using Bereik.Exchange.Protocols;
using Bereik.Exchange.Signatures;
using Bereik.Hub.Letters;
using Bereik.Node.Work;
using Bereik.Sealing.Invitations;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;

namespace Bereik.Hub.Tests;

// A hub to whose letters people answer, with the keys of their source and of the OCMW that asked for them.
internal sealed class LetterHub : IAsyncDisposable
{
    public static readonly Protocol Protocol = ShippedProtocols.Of(Flow.Messenger);

    public required TestHub Hub { get; init; }

    public MovableClock Clock => Hub.Clock;

    public Party Source => Hub.Source;

    public Party Welfare => Hub.Welfare;

    public DateOnly Today => BelgianTime.DayOf(Clock.GetUtcNow());

    public static async Task<LetterHub> StartAsync(Action<JsonObject>? change = null, bool acceded = true)
    {
        var hub = new LetterHub { Hub = await TestHub.StartAsync(change, acceded: false) };
        if (acceded) await hub.Hub.AccedeAsync(hub.Welfare, Flow.Messenger);
        return hub;
    }

    public InvitationBinding BindingOf(MadeWave wave) => new(wave.Id, wave.Order.Document.ProtocolHash, Welfare.Sealing.Kid);

    public static LetterOrder Asked(int letters = 20) => new()
    {
        Text = "groeipakket-brief",
        TextHash = Bytes32.Sha256("tekst"u8),
        Parts = new Dictionary<string, string> { ["contact"] = "team Onthaal", ["municipality"] = "Aalst", ["service"] = "Sociaal Huis" },
        Letters = letters,
        Capacity = letters,
        Panel = new TestPanel { Organisation = "Vereniging", On = new DateOnly(2026, 10, 1), Readers = 8 },
        Reminder = false,
        AnswerDays = 28,
    };

    public Task<SignedDocument<ListOrder>> ApprovedAsync(int letters = 20) => Hub.ApprovedAsync(Flow.Messenger, change: order => order with { KnownCount = null, Letter = Asked(letters) });

    // The letters of a wave. Only the first are real; the hub cannot tell, and they take no time.
    public MadeWave Make(SignedDocument<ListOrder> order, int letters = 20, int real = 2)
    {
        var wave = new MadeWave { Order = order, Codes = WaveCodes.Draw() };
        for (var at = 0; at < letters; at++)
        {
            var number = LetterNumber.Random();
            if (at >= real)
            {
                wave.Letters.Add(new SealedInvitation { Number = number, Salt = InvitationSalt.Random(), Sealed = StrictBase64Url.Encode(RandomNumberGenerator.GetBytes(InvitationFormat.SealedSize)) });
                continue;
            }

            using var code = wave.Codes.Code(at);
            wave.Letters.Add(InvitationSeal.Make(Person(order, number), code, Source.Signing, Welfare.Sealing.PublicKey));
        }

        return wave;
    }

    public Invitation Person(SignedDocument<ListOrder> order, LetterNumber number) => new()
    {
        Number = number, Wave = order.Document.Id, ProtocolHash = order.Document.ProtocolHash, RecipientKid = Welfare.Sealing.Kid, Notice = MadeWave.Notice,
        Person = new InvitedPerson { GivenNames = "Synthia", FamilyName = "Voorbeeldmans", Street = "Denkbeeldstraat", HouseNumber = "7", Postcode = "9300", Place = "Aalst" },
    };

    public Task<HttpResponseMessage> PutPartAsync(MadeWave wave, int part = 0, byte[]? body = null, Party? caller = null) =>
        Hub.SendAsync(caller ?? Source, HttpMethod.Put, $"/v1/orders/{wave.Id}/invitations/{part}", body ?? wave.Body());

    public string Opening(MadeWave wave, Func<WaveOpening, WaveOpening>? change = null, Party? signer = null)
    {
        var opening = new WaveOpening
        {
            Id = wave.Id, Order = wave.Order.Hash, ProtocolHash = wave.Order.Document.ProtocolHash, RecipientKid = Welfare.Sealing.Kid, SourceKid = (signer ?? Source).Signing.Kid, Notice = MadeWave.Notice,
            Letters = wave.Letters.Count, Parts = [Bytes32.Sha256(wave.Body())], OpensOn = Today, AnswerBy = Today.AddDays(28), At = Clock.Second(),
        };
        return SignedDocument.Sign(change?.Invoke(opening) ?? opening, (signer ?? Source).Signing).Compact;
    }

    public Task<HttpResponseMessage> OpenAsync(MadeWave wave, string opening) => Hub.SendAsync(Source, HttpMethod.Post, $"/v1/orders/{wave.Id}/opening", TestHub.Document("opening", opening));

    // A wave that can be answered today.
    public async Task<MadeWave> OpenedAsync(int letters = 20, int real = 2, Func<WaveOpening, WaveOpening>? change = null)
    {
        var wave = Make(await ApprovedAsync(letters), letters, real);
        (await PutPartAsync(wave)).EnsureSuccessStatusCode();
        (await OpenAsync(wave, Opening(wave, change))).EnsureSuccessStatusCode();
        return wave;
    }

    public async Task<T> DeskAsync<T>(Func<AnswerDesk, Task<T>> act)
    {
        await using var scope = Hub.Node.Services.CreateAsyncScope();
        return await act(scope.ServiceProvider.GetRequiredService<AnswerDesk>());
    }

    public static SecretCode WrongCode() => SecretCode.FromBits(RandomNumberGenerator.GetBytes(8));

    public async Task<YesAnswer> YesAsync(MadeWave wave, int letter = 0, AnswerMethod method = AnswerMethod.Web, AnswerChoices? choices = null)
    {
        using var code = wave.Codes.Code(letter);
        return await DeskAsync(desk => desk.YesAsync(wave.Letters[letter].Number, code, choices ?? new AnswerChoices(), method, null, CancellationToken.None));
    }

    public async Task<YesAnswer> WrongAsync(LetterNumber number)
    {
        using var code = WrongCode();
        return await DeskAsync(desk => desk.YesAsync(number, code, new AnswerChoices(), AnswerMethod.Web, null, CancellationToken.None));
    }

    public async Task<HolderAnswer> StateAsync(MadeWave wave, int letter = 0)
    {
        using var code = wave.Codes.Code(letter);
        return await DeskAsync(desk => desk.StateAsync(wave.Letters[letter].Number, code, CancellationToken.None));
    }

    public async Task<HolderAnswer> ActAsync(MadeWave wave, ConsentAct act, int letter = 0, AnswerMethod method = AnswerMethod.Web)
    {
        using var code = wave.Codes.Code(letter);
        return await DeskAsync(desk => desk.ActAsync(wave.Letters[letter].Number, code, act, method, CancellationToken.None));
    }

    // A yes that was released, as its recipient finds it.
    public async Task<JsonObject> ReleasedAsync(MadeWave wave, int letter = 0)
    {
        (await YesAsync(wave, letter)).Outcome.ShouldBe(YesOutcome.Taken);
        Clock.Move(TimeSpan.FromDays(4));
        await ReleaseAsync();
        return (await AnswersAsync())[^1];
    }

    // Up to the record that its recipient opened.
    public async Task<Guid> ReceivedAsync(MadeWave wave, int letter = 0)
    {
        var id = (Guid)(await ReleasedAsync(wave, letter))["id"]!;
        (await SealedAsync(id)).EnsureSuccessStatusCode();
        (await SayAsync(wave, id, "receive")).EnsureSuccessStatusCode();
        return id;
    }

    public async Task<List<JsonObject>> AnswersAsync(long after = 0, Party? caller = null)
    {
        var answer = await Hub.SendAsync(caller ?? Welfare, HttpMethod.Get, $"/v1/answers?after={after}&limit=100");
        answer.EnsureSuccessStatusCode();
        return [.. (await answer.JsonAsync())["items"]!.AsArray().Select(item => item!.AsObject())];
    }

    public Task<HttpResponseMessage> SealedAsync(Guid id, Party? caller = null) => Hub.SendAsync(caller ?? Welfare, HttpMethod.Get, $"/v1/answers/{id}/sealed");

    public string Step(MadeWave wave, Guid id, string act, Bytes32? certificate = null, Func<ConsentStep, ConsentStep>? change = null, Party? signer = null)
    {
        var step = new ConsentStep { Id = id, Wave = wave.Id, By = Welfare.Id, Act = act, Certificate = certificate, At = Clock.Second() };
        return SignedDocument.Sign(change?.Invoke(step) ?? step, (signer ?? Welfare).Signing).Compact;
    }

    public Task<HttpResponseMessage> SayAsync(MadeWave wave, Guid id, string act) => BringAsync(id, Step(wave, id, act));

    public Task<HttpResponseMessage> BringAsync(Guid id, string step, string? certificate = null, Party? caller = null)
    {
        var body = new Dictionary<string, string> { ["step"] = step };
        if (certificate is not null) body["certificate"] = certificate;
        return Hub.SendAsync(caller ?? Welfare, HttpMethod.Post, $"/v1/answers/{id}/steps", JsonSerializer.SerializeToUtf8Bytes(body));
    }

    // What the OCMW signs when nothing of it is left.
    public SignedDocument<ErasureCertificate> Certificate(Party? signer = null, string? organisation = null) => SignedDocument.Sign(
        new ErasureCertificate
        {
            Id = Guid.NewGuid(), Organisation = organisation ?? Welfare.Id, Kind = ErasedKind.Household, Cause = ErasureCause.Withdrawn, Due = Today.AddDays(10), Count = 1, Ids = [Guid.NewGuid()], At = Clock.Second(),
        },
        (signer ?? Welfare).Signing);

    public Task<HttpResponseMessage> EraseAsync(MadeWave wave, Guid id)
    {
        var certificate = Certificate();
        return BringAsync(id, Step(wave, id, "erase", certificate.Hash), certificate.Compact);
    }

    public async Task<List<JsonObject>> MessagesAsync(long after = 0, Party? caller = null)
    {
        var answer = await Hub.SendAsync(caller ?? Source, HttpMethod.Get, $"/v1/messages?after={after}");
        answer.EnsureSuccessStatusCode();
        return [.. (await answer.JsonAsync())["items"]!.AsArray().Select(item => item!.AsObject())];
    }

    public Task ReleaseAsync() => RunAsync<ReleaseAnswers>(step => step.SweepAsync(CancellationToken.None));

    public Task ExpireAsync() => RunAsync<ExpireAnswers>(step => step.SweepAsync(CancellationToken.None));

    public Task RoundAsync() => RunAsync<PublishRounds>(step => step.PublishAsync(CancellationToken.None));

    // One run of a step of work, besides those that the hub makes by itself.
    private async Task RunAsync<T>(Func<T, Task> run)
    {
        await using var scope = Hub.Node.Services.CreateAsyncScope();
        await run(scope.ServiceProvider.GetServices<IWorkStep>().OfType<T>().Single());
    }

    public ValueTask DisposeAsync() => Hub.DisposeAsync();
}

// A wave as its source made it.
internal sealed class MadeWave
{
    public static readonly Bytes32 Notice = Bytes32.Sha256("aankondiging"u8);

    public required SignedDocument<ListOrder> Order { get; init; }

    public required WaveCodes Codes { get; init; }

    public List<SealedInvitation> Letters { get; } = [];

    public Guid Id => Order.Document.Id;

    public byte[] Body() => Body(Letters);

    public static byte[] Body(IEnumerable<SealedInvitation> letters) => [.. letters.SelectMany(letter => letter.ToJson().Append((byte)'\n'))];
}
