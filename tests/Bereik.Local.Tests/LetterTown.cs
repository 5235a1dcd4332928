using System.Net;
using System.Text.Json.Nodes;
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
using Shouldly;

namespace Bereik.Local.Tests;

// An OCMW that joined the protocol of letters. What source and families do is made by the real library; the hub's part is a box.
internal sealed class LetterTown : IAsyncDisposable
{
    public const string Team = "Sociale dienst";
    public static readonly Protocol Protocol = ShippedProtocols.Of(Flow.Messenger);
    public static readonly Bytes32 Notice = Bytes32.Sha256("de woorden van de brief"u8);
    public static readonly InvitedPerson Person = new() { GivenNames = "Zoë-Marked", FamilyName = "Qwertman", Street = "Kasteeldreefstraat", HouseNumber = "7", Box = "2", Postcode = "9300", Place = "Aalst" };

    private LetterTown(TestLocal local) => Local = local;

    public TestLocal Local { get; }

    public LetterBox Box => Local.Other.Letters;

    public DateOnly Today => BelgianTime.DayOf(Local.Clock.GetUtcNow());

    public static async Task<LetterTown> StartAsync(bool accedes = true, TestAttestation? attestation = null, Action<JsonObject>? change = null)
    {
        return new LetterTown(await TestLocal.StartAsync(attestation: attestation, change: change, before: other =>
        {
            if (!accedes) return;
            var file = ShippedProtocols.Files.Single(one => one.Protocol!.Hash == Protocol.Hash);
            var accession = Acceding.Ordinary(Protocol, "ocmw-aalst", OrganisationKind.PublicCentreForWelfare, "41002", BelgianTime.DayOf(other.Now));
            foreach (var document in Acceding.Documents(file, accession, other.LocalKey, other.Now)) other.Register = Acceding.After(other.Register, document, other.Now);
        }));
    }

    // What a team lead fills in.
    public static (string Name, string Value)[] Form(params (string Name, string Value)[] other)
    {
        (string Name, string Value)[] all =
        [
            ("maand", TestLocal.Month), ("aantal", "40"), ("capaciteit", "60"), ("panel", "Netwerk tegen Armoede"), ("paneldag", "10/11/2026"), ("lezers", "9"), ("herinnering", "nee"), ("dagen", "42"), ("knop", "bestellen"), ("deel-municipality", "Aalst"),
            ("deel-service", "Sociaal Huis"), ("deel-street", "Gasthuisstraat 40, 9300 Aalst"), ("deel-contact", "het team Rechten"), ("deel-phone", "053 00 00 01"), ("deel-hours", "elke werkdag van 9 tot 12 uur"),
            ("deel-offer", "voor de school, de energierekening of uw woning"),
        ];
        return [.. all.Where(one => other.All(changed => changed.Name != one.Name)), .. other];
    }

    public async Task<string> OrderAsync(params (string Name, string Value)[] other)
    {
        var answer = await Local.PostAsync("/brieven/nieuw", "/brieven/nieuw", Form(other));
        answer.StatusCode.ShouldBe(HttpStatusCode.Found);
        return answer.Headers.Location!.ToString().Split('/')[^1];
    }

    // A wave from the order until letters are out.
    public async Task<string> WaveAsync()
    {
        var id = await OrderAsync();
        await Local.UntilAsync(id, "approved");
        await OpenAsync(id);
        await Local.UntilAsync(id, "open");
        return id;
    }

    // The source opens a wave.
    public async Task OpenAsync(string id, Func<WaveOpening, WaveOpening>? change = null, SigningKey? key = null, bool isLogged = true)
    {
        var order = SignedDocument.Parse<ListOrder>(Local.Other.Orders[id]).Value;
        var signing = key ?? Local.Other.SourceKey;
        var opening = new WaveOpening
        {
            Id = order.Document.Id, Order = order.Hash, ProtocolHash = order.Document.ProtocolHash, RecipientKid = Local.Other.Recipient.Kid, SourceKid = signing.Kid, Notice = Notice, Letters = order.Document.Letter!.Letters, Parts = [Bytes32.Random()],
            OpensOn = Today, AnswerBy = Today.AddDays(order.Document.Letter.AnswerDays), At = Second(),
        };
        var signed = SignedDocument.Sign(change?.Invoke(opening) ?? opening, signing);
        if (isLogged) await Local.Other.Log.AppendAsync(new LogEntry.EnvelopeDeposited { By = "opgroeien", At = Second(), Order = order.Document.Id, Manifest = signed.Hash, Outcome = "permit", Reasons = [] });
        Box.Openings[id] = signed.Compact;
    }

    // Somebody says yes, and it is released.
    public Guid Yes(string wave, InvitedPerson? person = null, AnswerChoices? choices = null, Func<Invitation, Invitation>? change = null, SigningKey? key = null, LetterNumber? told = null, AnswerMethod method = AnswerMethod.Web, Guid? id = null, string? inner = null)
    {
        var number = LetterNumber.Random();
        Bytes32.TryParse(Protocol.Hash, out var hash).ShouldBeTrue();
        var invitation = new Invitation { Number = number, Wave = Guid.Parse(wave), ProtocolHash = hash, RecipientKid = Local.Other.Recipient.Kid, Notice = Notice, Person = person ?? Person };
        invitation = change?.Invoke(invitation) ?? invitation;
        using var codes = WaveCodes.Draw();
        using var code = codes.Code(0);
        var made = InvitationSeal.Make(invitation, code, key ?? Local.Other.SourceKey, Local.Other.Recipient);
        using var opening = InvitationKey.Derive(code, made.Salt);
        var answer = id ?? Guid.NewGuid();
        Box.Add(answer, new LetterBox.Yes
        {
            Wave = Guid.Parse(wave), Number = (told ?? number).Text, Inner = inner ?? OuterSeal.Open(made, new InvitationBinding(invitation.Wave, invitation.ProtocolHash, invitation.RecipientKid), opening), Choices = choices ?? new(),
            Standing = new ConsentStanding(ConsentState.Released, IsHandedOut: false, IsErased: false), Method = method, GivenOn = Today,
        });
        return answer;
    }

    // A wave with one yes that came in.
    public async Task<(string Wave, Guid Id)> ReceivedAsync(InvitedPerson? person = null, AnswerChoices? choices = null)
    {
        var wave = await WaveAsync();
        var id = Yes(wave, person, choices);
        await UntilToldAsync(id, ConsentAct.Receive);
        return (wave, id);
    }

    public Task UntilToldAsync(Guid id, params ConsentAct[] acts) => TestLocal.WaitAsync(() => acts.All(act => Box.StepsOf(id).Contains(act.WireName())), $"The hub heard {string.Join(", ", Box.StepsOf(id))}.");

    // Until the node has read everything that the hub has now, and once more.
    public async Task UntilReadAsync()
    {
        var last = Box.Answers.Values.Max(yes => yes.Changed);
        await TestLocal.WaitAsync(() => Local.Query("SELECT changed FROM answer_reading").SingleOrDefault() is { } read && long.Parse(read, System.Globalization.CultureInfo.InvariantCulture) >= last, "The answers were not read.");
        await Task.Delay(300);
    }

    public Task<HttpResponseMessage> ConfirmAsync(Guid id, params (string, string)[] more) => Local.PostAsync($"/werklijst/{id}", $"/werklijst/{id}/bevestigd", [("kanaal-ja", "visit"), .. more]);

    public Task<HttpResponseMessage> DenyAsync(Guid id) => Local.PostAsync($"/werklijst/{id}", $"/werklijst/{id}/niet-van-deze-persoon");

    public ValueTask DisposeAsync() => Local.DisposeAsync();

    private DateTimeOffset Second() => DateTimeOffset.FromUnixTimeSeconds(Local.Clock.GetUtcNow().ToUnixTimeSeconds());
}
