using System.Text;
using Bereik.Exchange;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Protocols;
using Bereik.Exchange.Register;
using Bereik.Exchange.Signatures;
using Shouldly;
using Xunit;

namespace Bereik.Domain.Tests;

// The six signed documents of the register: what was signed is what is read, or nothing is.
public sealed class RegisterDocumentTests(ITestOutputHelper output) : IDisposable
{
    private static readonly DateTimeOffset At = new(2026, 11, 20, 13, 0, 0, TimeSpan.Zero);
    private static readonly ProtocolFile File = ShippedProtocols.Files.Single(file => file.Protocol!.Flow == Flow.Unknown);
    private readonly SigningKey key = SigningKey.Generate();
    private readonly SigningKey hub = SigningKey.Generate();
    private readonly SigningKey pseudonymiser = SigningKey.Generate();
    private readonly SigningKey other = SigningKey.Generate();

    private static Bytes32 Hash => Bytes32.TryParse(File.Protocol!.Hash, out var hash) ? hash : throw new InvalidOperationException();

    private static ProtocolAdvice Advice => new() { Protocol = Hash, Party = Party.Source, Advice = Ordinary.Advice with { NotFollowed = "Niet van toepassing: \"é\" en €." }, At = At };

    private static ProtocolPublication Publication => new() { Protocol = Hash, Places = ["https://voorbeeld.example/protocol", "https://ander.example/a?b=c"], At = At };

    private static AccessionAct Accession => new() { Accession = Ordinary.Accession() with { Regulation = "Reglement van 3 maart 2025" }, At = At };

    public void Dispose()
    {
        foreach (var one in new[] { key, hub, pseudonymiser, other }) one.Dispose();
    }

    [Fact]
    public void Text_ProposedAndSigned_ReadsBack()
    {
        var draft = RegisterDocuments.DraftProtocol(File.Canonical.Span, key);
        var drafted = Read(draft).Value.ShouldBeOfType<RegisterEvent.Drafted>();
        (drafted.Sequence, drafted.At, drafted.By, drafted.ByKind).ShouldBe((7, At, Ordinary.Unknown.Source, OrganisationKind.Source));
        drafted.ProtocolHash.ShouldBe(File.Protocol!.Hash);
        drafted.Protocol.Hash.ShouldBe(File.Protocol.Hash);
        drafted.Protocol.Clauses.Select(clause => clause.Id).ShouldBe(File.Protocol.Clauses.Select(clause => clause.Id));
        var signed = RegisterDocuments.SignProtocol(File.Canonical.Span, key);
        Read(signed).Value.ShouldBeOfType<RegisterEvent.SignedText>().ProtocolHash.ShouldBe(File.Protocol.Hash);
        foreach (var compact in new[] { draft, signed }) RegisterDocuments.TextOf(compact).ToArray().ShouldBe(File.Canonical.ToArray());
        RegisterDocuments.TextOf("a.b.c").Length.ShouldBe(0);
    }

    // Signing twice gives two signatures over one document.
    [Fact]
    public void Document_SignedTwice_IsTheSameDocument()
    {
        var (first, second) = (Sign(Accession), Sign(Accession));
        first.ShouldNotBe(second);
        Read(first).Value.Origin.Document.ShouldNotBeNull().ShouldBe(Read(second).Value.Origin.Document);
        Read(Sign(Accession with { At = At.AddSeconds(1) })).Value.Origin.Document.ShouldNotBe(Read(first).Value.Origin.Document);
    }

    [Fact]
    public void Advice_Signed_ReadsBack()
    {
        var advised = Read(Sign(Advice)).Value.ShouldBeOfType<RegisterEvent.Advised>();
        (advised.ProtocolHash, advised.Party, advised.Advice).ShouldBe((File.Protocol!.Hash, Party.Source, Advice.Advice));
        foreach (var party in new[] { Party.Hub, Party.Pseudonymiser, Party.Partner }) ShouldBeRefused(Raw(Advice with { Party = party }), "document.field");
        ShouldBeRefused(Raw(Advice with { Advice = Advice.Advice with { Officer = "x" } }), "document.field");
        ShouldBeRefused(Raw(Advice with { Advice = Advice.Advice with { Summary = " in orde " } }), "document.field");
    }

    [Fact]
    public void Publication_Signed_ReadsBack()
    {
        var published = Read(Sign(Publication)).Value.ShouldBeOfType<RegisterEvent.Published>();
        published.ProtocolHash.ShouldBe(File.Protocol!.Hash);
        published.Places.ShouldBe(Publication.Places);
        foreach (var place in new[] { "http://voorbeeld.example", "voorbeeld.example", "https://naam@voorbeeld.example", "", "javascript:alert(1)", "https://voorbeeld.example/" + new string('a', 300) })
        {
            ShouldBeRefused(Raw(Publication with { Places = [.. Publication.Places, place] }), "document.field");
        }

        ShouldBeRefused(Raw(Publication with { Places = [] }), "document.field");
        ShouldBeRefused(Raw(Publication with { Places = [.. Enumerable.Range(0, 21).Select(i => $"https://voorbeeld.example/{i}")] }), "document.field");
    }

    [Fact]
    public void Accession_Signed_ReadsBack()
    {
        var acceded = Read(Sign(Accession)).Value.ShouldBeOfType<RegisterEvent.Acceded>();
        acceded.ProtocolHash.ShouldBe(File.Protocol!.Hash);
        acceded.Accession.Measures.ShouldBe(Accession.Accession.Measures);
        acceded.Accession.Territory.ShouldBe(Accession.Accession.Territory);
        (acceded.Accession with { Measures = [], Territory = [] }).ToString().ShouldBe((Accession.Accession with { Measures = [], Territory = [] }).ToString());
        foreach (var wrong in new[]
        {
            Accession.Accession with { Organisation = "OCMW Aalst" }, Accession.Accession with { ProtocolHash = "short" }, Accession.Accession with { Contact = "" }, Accession.Accession with { Regulation = "" },
            Accession.Accession with { Territory = [new TerritoryPeriod { Nis = "4100", From = Ordinary.Today }] }, Accession.Accession with { Measures = [.. Accession.Accession.Measures, Accession.Accession.Measures[0]] },
            Accession.Accession.Answering("K09", answer => answer with { Id = "K9" }), Accession.Accession.Answering("K09", answer => answer with { Evidence = new string('x', 301) }),
        }) ShouldBeRefused(Raw(Accession with { Accession = wrong }), "document.field");
    }

    [Fact]
    public void Stop_Signed_ReadsBack()
    {
        var suspend = new RegisterStop { Protocol = Hash, Organisation = "ocmw-aalst", Kind = StopKind.Suspend, Trigger = SanctionTrigger.LateErasures, Because = "Te veel wissingen kwamen te laat.", At = At };
        var resume = suspend with { Kind = StopKind.Resume, Trigger = null };
        var end = suspend with { Kind = StopKind.End, Trigger = null, On = new DateOnly(2027, 3, 1), Organisation = null };
        var suspended = Read(Sign(suspend)).Value.ShouldBeOfType<RegisterEvent.Suspended>();
        (suspended.ProtocolHash, suspended.Organisation, suspended.Trigger, suspended.Because).ShouldBe((File.Protocol!.Hash, Actor.Recipient.Organisation, SanctionTrigger.LateErasures, suspend.Because));
        Read(Sign(resume)).Value.ShouldBeOfType<RegisterEvent.Resumed>().Organisation.ShouldBe(Actor.Recipient.Organisation);
        var ended = Read(Sign(end)).Value.ShouldBeOfType<RegisterEvent.Ended>();
        (ended.Organisation, ended.On).ShouldBe((null, end.On!.Value));
        foreach (var wrong in new[]
        {
            suspend with { Trigger = null }, suspend with { On = Ordinary.Today }, resume with { Trigger = SanctionTrigger.AuditFailed }, end with { On = null }, resume with { On = Ordinary.Today },
            suspend with { Organisation = "OCMW" }, suspend with { Because = "x" }, suspend with { Because = " spatie vooraan" }, suspend with { Because = "a\nb\nc" }, suspend with { Because = new string('x', 501) },
        }) ShouldBeRefused(Raw(wrong), "document.field");
    }

    // Every position of header, payload and signature. The one who reads would see other words than were signed, or another signer.
    [Fact]
    public void Accession_WithOneByteFlipped_IsRefusedAtEveryPosition() => ShouldBeRefusedEverywhere(Sign(Accession));

    // The shortest of the texts, since every position costs a signature.
    [Fact]
    public void SignedText_WithOneByteFlipped_IsRefusedAtEveryPosition() =>
        ShouldBeRefusedEverywhere(RegisterDocuments.SignProtocol(ShippedProtocols.Files.MinBy(file => file.Canonical.Length)!.Canonical.Span, key));

    // One bit of what is signed, put back in its place under the same header: no text, or another one that nobody signed.
    [Fact]
    public void SignedText_WithOneBitOfThePayloadFlipped_IsRefused()
    {
        var parts = RegisterDocuments.SignProtocol(File.Canonical.Span, key).Split('.');
        var payload = File.Canonical.ToArray();
        for (var at = 0; at < payload.Length; at += 97)
        {
            payload[at] ^= 1;
            ShouldBeRefused($"{parts[0]}.{StrictBase64Url.Encode(payload)}.{parts[2]}", "jws.signature");
            payload[at] ^= 1;
        }
    }

    [Fact]
    public void Document_ByAnotherKeyUnderThisName_IsRefused()
    {
        var (mine, theirs) = (Sign(Accession).Split('.'), SignedDocument.Sign(Accession, other).Compact.Split('.'));
        ShouldBeRefused($"{mine[0]}.{mine[1]}.{theirs[2]}", "jws.signature");
        ShouldBeRefused(SignedDocument.Sign(Accession, other).Compact, "jws.kid");

        // A key that is pinned to somebody else signs for them, not for who is named.
        RegisterDocuments.Read(SignedDocument.Sign(Accession, other).Compact, 7, At, _ => new RegisterSigner(new("a1"), OrganisationKind.Municipality, key.PublicKey)).Error.Code.ShouldBe("jws.signature");
    }

    [Fact]
    public void Document_OfAnotherType_IsRefused()
    {
        foreach (var typ in new[] { JoseTypes.Order, JoseTypes.Decision, JoseTypes.Manifest, JoseTypes.Receipt, JoseTypes.Call, "bereik-accession+jw", "" })
        {
            ShouldBeRefused(Jws.Sign(typ, StrictJson.Write(Accession), key), "register.type");
        }

        // Under the type of another document of the register it is no such document.
        foreach (var typ in new[] { JoseTypes.ProtocolAdvice, JoseTypes.ProtocolPublication, JoseTypes.RegisterStop }) ShouldBeRefused(Jws.Sign(typ, StrictJson.Write(Accession), key), "document.json");
        foreach (var typ in new[] { JoseTypes.ProtocolDraft, JoseTypes.Protocol }) Read(Jws.Sign(typ, StrictJson.Write(Accession), key)).IsOk.ShouldBeFalse();
        ShouldBeRefused(Jws.Sign(JoseTypes.Accession, File.Canonical.Span, key), "document.json");
    }

    [Fact]
    public void Document_TooLargeOrNone_IsRefused()
    {
        ShouldBeRefused(Jws.Sign(JoseTypes.Protocol, new byte[RegisterDocuments.MostLength], key), "register.tooLarge");
        foreach (var none in new[] { "", ".", "..", "a.b", "a.b.c.d" }) Read(none).IsOk.ShouldBeFalse();
    }

    [Fact]
    public void Text_ThatIsNotCanonical_IsRefused()
    {
        var canonical = Encoding.UTF8.GetString(File.Canonical.Span);
        foreach (var spelt in new[] { canonical + "\n", " " + canonical, canonical.Replace("\"flow\":", "\"flow\": ", StringComparison.Ordinal), canonical.Replace("\"flow\"", "\"\\u0066low\"", StringComparison.Ordinal) })
        {
            ShouldBeRefused(RegisterDocuments.SignProtocol(Encoding.UTF8.GetBytes(spelt), key), "protocol.notCanonical");
            ShouldBeRefused(RegisterDocuments.DraftProtocol(Encoding.UTF8.GetBytes(spelt), key), "protocol.notCanonical");
        }

        ShouldBeRefused(RegisterDocuments.SignProtocol(Encoding.UTF8.GetBytes(canonical.Replace("\"flow\":\"unknown\"", "\"flow\":\"unknowm\"", StringComparison.Ordinal)), key), "value.unknown");
    }

    // What a pinned key signed is still foreign: reading it never throws.
    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("1e999")]
    [InlineData("\"\\ud800\"")]
    [InlineData("{\"id\":\"\\ud800\"}")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("{\"a\":123456789012345678901234567890}")]
    public void Payload_ThatIsNoDocument_IsRefusedUnderEveryType(string payload)
    {
        foreach (var typ in new[] { JoseTypes.ProtocolDraft, JoseTypes.Protocol, JoseTypes.ProtocolAdvice, JoseTypes.ProtocolPublication, JoseTypes.Accession, JoseTypes.RegisterStop })
        {
            Read(Jws.Sign(typ, Encoding.UTF8.GetBytes(payload), key)).IsOk.ShouldBeFalse(typ);
        }

        Read(Jws.Sign(JoseTypes.Protocol, [0x22, 0xFF, 0x22], key)).IsOk.ShouldBeFalse();
    }

    [Fact]
    public void Document_InAnotherSpelling_IsRefused()
    {
        var json = Encoding.UTF8.GetString(StrictJson.Write(Accession));
        ShouldBeRefused(Jws.Sign(JoseTypes.Accession, Encoding.UTF8.GetBytes(" " + json), key), "document.notCanonical");
        ShouldBeRefused(Jws.Sign(JoseTypes.Accession, Encoding.UTF8.GetBytes(json.Replace("\"at\"", "\"more\":1,\"at\"", StringComparison.Ordinal)), key), "document.json");
    }

    [Fact]
    public void Signatures_OfThreeParties_AreOverTheSameBytes()
    {
        var file = Together(key, hub, pseudonymiser);
        var compact = ProtocolSignatures.Split(file).Value;
        compact.Count.ShouldBe(3);
        compact.Select(one => one.Split('.')[1]).Distinct().ShouldHaveSingleItem();
        foreach (var one in compact) Read(one).Value.ShouldBeOfType<RegisterEvent.SignedText>().ProtocolHash.ShouldBe(File.Protocol!.Hash);
        ProtocolSignatures.Join(compact).ShouldBe(file);
        file.ShouldEndWith("}\n");

        // Who signs again changes nothing.
        foreach (var again in new[] { key, hub, pseudonymiser }) ProtocolSignatures.Add(File.Canonical.Span, file, again).Value.ShouldBe(file);
    }

    [Fact]
    public void Signature_OverAnotherText_IsNotAdded()
    {
        var file = Together(key);
        var otherText = ShippedProtocols.Files.First(candidate => candidate != File);
        ProtocolSignatures.Add(otherText.Canonical.Span, file, hub).Error.Code.ShouldBe("signatures.otherText");
        ProtocolSignatures.Add(otherText.Canonical.Span, file, key).Error.Code.ShouldBe("signatures.otherText");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"\\ud800\":1,\"signatures\":[]}")]
    [InlineData("{\"payload\":\"\\ud800\",\"signatures\":[{\"protected\":\"e30\",\"signature\":\"e30\"}]}")]
    [InlineData("{\"payload\":\"e30\",\"signatures\":[]}")]
    [InlineData("{\"payload\":\"e30\",\"signatures\":[1]}")]
    [InlineData("{\"payload\":\"e30\",\"signatures\":{}}")]
    [InlineData("{\"payload\":1,\"signatures\":[{\"protected\":\"e30\",\"signature\":\"e30\"}]}")]
    [InlineData("{\"payload\":\"e30\",\"payload\":\"e30\",\"signatures\":[{\"protected\":\"e30\",\"signature\":\"e30\"}]}")]
    [InlineData("{\"payload\":\"e30\",\"more\":1,\"signatures\":[{\"protected\":\"e30\",\"signature\":\"e30\"}]}")]
    [InlineData("{\"payload\":\"e30\",\"signatures\":[{\"protected\":\"e30\",\"header\":{},\"signature\":\"e30\"}]}")]
    [InlineData("{\"payload\":\"e30\",\"signatures\":[{\"protected\":\"e30\",\"header\":\"e30\"}]}")]
    [InlineData("{\"payload\":\"e30\",\"signatures\":[{\"protected\":\"e30\",\"protected\":\"e30\"}]}")]
    public void Signatures_OfABrokenShape_AreRefused(string file)
    {
        ProtocolSignatures.Split(file).Error.Code.ShouldBe("signatures.shape");
        ProtocolSignatures.Add(File.Canonical.Span, file, key).Error.Code.ShouldBe("signatures.shape");
    }

    [Fact]
    public void Signatures_OfMoreThanFifty_AreRefused()
    {
        var one = Together(key);
        var compact = ProtocolSignatures.Split(one).Value[0];
        ProtocolSignatures.Split(ProtocolSignatures.Join([.. Enumerable.Repeat(compact, 50)])).IsOk.ShouldBeTrue();
        ProtocolSignatures.Split(ProtocolSignatures.Join([.. Enumerable.Repeat(compact, 51)])).Error.Code.ShouldBe("signatures.shape");
    }

    // The whole way, from documents over events to the standing: with the signature of each party but one.
    [Theory]
    [InlineData("none", ProtocolState.Published)]
    [InlineData("source", ProtocolState.Advised)]
    [InlineData("hub", ProtocolState.Advised)]
    [InlineData("pseudonymiser", ProtocolState.Advised)]
    [InlineData("advice of the source", ProtocolState.Draft)]
    [InlineData("advice of the hub", ProtocolState.Draft)]
    [InlineData("publication", ProtocolState.SignedByAll)]
    public void Protocol_WithoutOneOfItsDocuments_IsNotPublished(string missing, ProtocolState state)
    {
        var file = Verified();
        file.Errors.ShouldBeEmpty();
        Bytes32.TryParse(file.Protocol!.Hash, out var hash).ShouldBeTrue();
        var advice = Advice with { Protocol = hash };
        var signatures = new[] { ("source", key), ("hub", hub), ("pseudonymiser", pseudonymiser) }.Where(one => one.Item1 != missing)
            .Aggregate((string?)null, (joined, one) => ProtocolSignatures.Add(file.Canonical.Span, joined, one.Item2).Value);
        List<(string Name, string Compact)> documents =
        [
            ("draft", RegisterDocuments.DraftProtocol(file.Canonical.Span, key)),
            ("advice of the source", SignedDocument.Sign(advice, key).Compact),
            ("advice of the hub", SignedDocument.Sign(advice with { Party = Party.Recipient }, hub).Compact),
            .. ProtocolSignatures.Split(signatures!).Value.Select(one => ("signature", one)),
            ("publication", SignedDocument.Sign(Publication with { Protocol = hash }, key).Compact),
        ];
        var events = documents.Where(one => one.Name != missing).Select((one, at) => RegisterDocuments.Read(one.Compact, at, At, SignerOf).Value).ToList();
        var standing = ProtocolStanding.Of(file.Protocol, events, new HashSet<string>(), Ordinary.Today);
        standing.State.ShouldBe(state);
        standing.MissingSignatures.Count.ShouldBe(missing is "source" or "hub" or "pseudonymiser" ? 1 : 0);
    }

    // The file that ships, with every ground confirmed by both officers.
    private static ProtocolFile Verified()
    {
        var folder = AppContext.BaseDirectory;
        while (!System.IO.File.Exists(Path.Combine(folder, "Bereik.slnx"))) folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar))!;
        var lines = System.IO.File.ReadAllLines(Path.Combine(folder, "protocols", "groeipakket-onbekend.yaml")).SelectMany(line =>
        {
            if (line.Trim() != "state: unverified") return [line];
            var indent = line[..line.IndexOf('s', StringComparison.Ordinal)];
            return new[]
            {
                indent + "state: verified", indent + "verifiedBy:", indent + "  - party: source", indent + "    by: DPO Opgroeien, A. Voorbeeld", indent + "    on: 2026-11-02", indent + "  - party: recipient",
                indent + "    by: DPO OCMW, B. Voorbeeld", indent + "    on: 2026-11-03",
            };
        });
        return ProtocolFile.Read(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));
    }

    private static string Together(params SigningKey[] keys) => keys.Aggregate((string?)null, (file, one) => ProtocolSignatures.Add(File.Canonical.Span, file, one).Value)!;

    private void ShouldBeRefusedEverywhere(string compact)
    {
        Read(compact).IsOk.ShouldBeTrue();
        var bytes = Encoding.ASCII.GetBytes(compact);
        var codes = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var at = 0; at < bytes.Length; at++)
        {
            // The lowest bit gives another character of the same alphabet mostly; every other bit leaves it.
            bytes[at] ^= 1;
            var read = Read(Encoding.Latin1.GetString(bytes));
            read.IsOk.ShouldBeFalse($"position {at}");
            codes[read.Error.Code] = codes.GetValueOrDefault(read.Error.Code) + 1;
            bytes[at] ^= 1;
        }

        output.WriteLine($"{bytes.Length} positions: {string.Join(", ", codes.Select(entry => $"{entry.Value} {entry.Key}"))}.");
    }

    private RegisterSigner? SignerOf(string kid) =>
        kid == key.Kid ? new(Ordinary.Unknown.Source, OrganisationKind.Source, key.PublicKey)
        : kid == hub.Kid ? new(Actor.Hub.Organisation, OrganisationKind.Hub, hub.PublicKey)
        : kid == pseudonymiser.Kid ? new(Actor.Pseudonymiser.Organisation, OrganisationKind.Pseudonymiser, pseudonymiser.PublicKey) : null;

    private Parsed<RegisterEvent> Read(string compact) => RegisterDocuments.Read(compact, 7, At, SignerOf);

    private void ShouldBeRefused(string compact, string code) => Read(compact).Error.Code.ShouldBe(code);

    private string Sign<T>(T document)
        where T : class, ISignedDocument<T> => SignedDocument.Sign(document, key).Compact;

    // Signed without asking whether it has its shape.
    private string Raw<T>(T document)
        where T : class, ISignedDocument<T> => Jws.Sign(T.Typ, StrictJson.Write(document), key);
}
