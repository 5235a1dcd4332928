using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Bereik.Cli.Demo;
using Bereik.Cli.Network;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Envelopes;
using Bereik.Exchange.Invitations;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Log;
using Bereik.Exchange.Oprf;
using Bereik.Exchange.Protocols;
using Bereik.Exchange.Register;
using Bereik.Exchange.Signatures;
using Bereik.Fuzz.Tests.Parsing;
using Bereik.Ledger;
using Bereik.Local.Orders;
using Bereik.Magda;
using Bereik.Pseudonymiser;
using Bereik.Sealing.Invitations;
using Bereik.Sealing.Packages;
using Bereik.Sealing.Pseudonyms;

namespace Bereik.Fuzz.Tests;

// Makes the corpus: what the real writers write, about nobody. Run when a format changes: `Bereik.Fuzz.Tests corpus tests/Bereik.Fuzz.Tests/corpus`.
internal sealed class CorpusMaker(string folder) : IDisposable
{
    private static readonly DateTimeOffset Now = CorpusFacts.Now;
    private readonly SigningKey signing = SigningKey.Generate();
    private readonly SealingKey sealing = SealingKey.Generate();
    private readonly TokenKey token = TokenKey.Generate();
    private readonly TokenKey otherToken = TokenKey.Generate();
    private readonly NoteSigner log = NoteSigner.Generate("hub.test/log", NoteKeyKind.Ed25519);
    private readonly NoteSigner witness = NoteSigner.Generate("pseudonymiser.test/witness", NoteKeyKind.Cosignature);

    // The settings alone, which name no key of the others.
    public static int MakeSettings(string folder)
    {
        using var maker = new CorpusMaker(folder);
        maker.Settings();
        return 0;
    }

    // The texts of protocols and framework alone.
    public static int MakeProtocols(string folder)
    {
        foreach (var name in Directory.GetDirectories(folder, "protocol-*")) Directory.Delete(name, recursive: true);
        using var maker = new CorpusMaker(folder);
        maker.ShortProtocols();
        return 0;
    }

    // The referrals alone: what their parsers read names no key of the others either.
    public static int MakeReferrals(string folder)
    {
        using var maker = new CorpusMaker(folder);
        maker.Referrals();
        return 0;
    }

    // The certificates of erasure alone, likewise.
    public static int MakeErasures(string folder)
    {
        using var maker = new CorpusMaker(folder);
        maker.Erasures();
        return 0;
    }

    // What waves and answers add, likewise.
    public static int MakeConsents(string folder)
    {
        using var maker = new CorpusMaker(folder);
        maker.Consents();
        return 0;
    }

    // The invitations alone, to and by the keys that are there.
    public static int MakeInvitations(string folder)
    {
        using SigningKey source = SigningKey.FromJwk(File.ReadAllText(Path.Combine(folder, "keys", "signing.jwk"))).Value;
        using SealingKey recipient = SealingKey.FromJwk(File.ReadAllText(Path.Combine(folder, "keys", "sealing.jwk"))).Value;
        using var maker = new CorpusMaker(folder);
        maker.Invitations(source, recipient);
        return 0;
    }

    public static async Task<int> MakeAsync(string folder)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        using var maker = new CorpusMaker(folder);
        maker.Keys();
        maker.Persons();
        maker.Protocols();
        maker.Documents();
        maker.Referrals();
        maker.Erasures();
        maker.Consents();
        maker.Invitations(maker.signing, maker.sealing);
        maker.Log();
        maker.Points();
        await maker.EnvelopesAsync();
        maker.Settings();
        return 0;
    }

    public void Dispose()
    {
        signing.Dispose();
        sealing.Dispose();
        token.Dispose();
        otherToken.Dispose();
        log.Dispose();
        witness.Dispose();
    }

    private void Keys()
    {
        Put("keys", "signing.jwk", signing.ExportJwk());
        Put("keys", "sealing.jwk", sealing.ExportJwk());
        Put("keys", "token.jwk", token.ExportJwk());
        Put("keys", "other-token.jwk", otherToken.ExportJwk());
        Put("keys", "log.vkey", log.Verifier.ToString());
        Put("keys", "witness.vkey", witness.Verifier.ToString());
        Put("jwk-private", "1", signing.ExportJwk());
        using var other = SigningKey.Generate();
        Put("jwk-private", "2", other.ExportJwk().Replace(",\"use\":\"sig\"", "", StringComparison.Ordinal));
        Put("jwk-public", "signing", signing.PublicKey.ToJwk());
        Put("jwk-public", "sealing", sealing.PublicKey.ToJwk());
        Put("jwk-public", "short", other.PublicKey.ToJwk().Replace(",\"use\":\"sig\"", "", StringComparison.Ordinal));
        Put("epoch-key", "1", EpochKey.Generate(new Epoch(2026, 4)));
        Put("epoch-key", "2", EpochKey.Generate(new Epoch(2027, 1)));
        Put("verifier-key", "log", log.Verifier.ToString());
        Put("verifier-key", "witness", witness.Verifier.ToString());
        Put("note-key", "log", log.Export());
        Put("note-key", "witness", witness.Export());
    }

    private void Persons()
    {
        var town = Directory.CreateTempSubdirectory("bereik-corpus-").FullName;
        if (!PaymentMonth.TryParse("2026-10", out var month)) throw new InvalidOperationException("No month.");
        var made = Town.Write(new TownOptions { Seed = 7, Families = 12, ReferenceMonth = month, Today = new DateOnly(2026, 11, 20) }, town);
        foreach (var service in Directory.EnumerateDirectories(made.MagdaFolder))
        {
            foreach (var (file, i) in Directory.EnumerateFiles(service, "*.xml", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Take(4).Select((file, i) => (file, i))) Put("magda", $"{Path.GetFileName(service)}-{i}.xml", File.ReadAllText(file));
        }

        Put("magda", "soap.xml", $"<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>{File.ReadAllText(Directory.EnumerateFiles(made.MagdaFolder, "*.xml", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First()).Split("?>", 2)[^1]}</s:Body></s:Envelope>");
        Directory.Delete(town, recursive: true);
        const string Header = "record;insz;given_names;family_name;birth_day;deceased;household;address_kind;safe_until;nis;street;house_number;box;postcode;place;former;child;begin;end";
        Put("register-csv", "1.csv", $"{Header}\nperson;{Insz(1)};An Maria;\"Peeters; \"\"de lange\"\"\";1985-00-00;no;gezin 1;main;;41002;Molenstraat;12;0003;9300;Aalst;{Insz(2)};;;\nbenefit;{Insz(1)};;;;;;;;;;;;;;;{Insz(3)};2026-01;2026-12\n");
        Put("register-csv", "2.csv", $"\ufeff{Header}\r\nperson;{Insz(4)};José;Öztürk;1990-02-28;yes;;safe;2027-01-31;;;;;;;;;;\r\nperson;{Insz(5)};\"Li\nna\";D'Hondt;;;gezin 1;reference;;41002;Kerkplein;1;;9300;Aalst;;;;\r\nbenefit;{Insz(5)};;;;;;;;;;;;;;;{Insz(6)};2025-06;\r\n");
        Put("persons-known", "1.csv", $"insz;opened;closed;linked\n{Insz(1)};2026-01-05;;{Insz(2)} {Insz(3)}\n{Insz(4)};2025-12-31;2026-05-01;\n");
        Put("persons-known", "2.csv", $"\"Opened\",\"INSZ\",\"Closed\"\r\n2026-01-05,{Insz(5)},\r\n2024-02-29,\"{Insz(6)}\",2026-11-23\r\n");
        Put("persons-residents", "1.csv", $"insz;given_name;family_name;linked\n{Insz(1)};An;Peeters;{Insz(2)}\n{Insz(3)};José;\"D'Hondt; junior\";\n");
        Put("persons-residents", "2.csv", $"{Insz(4)}\n{Insz(5)}\n{Insz(6)[..2]}.{Insz(6)[2..4]}.{Insz(6)[4..6]}-{Insz(6)[6..9]}.{Insz(6)[9..]}\n");
        Put("insz", "1", Insz(1));
        Put("insz", "2", $" {Insz(6)[..2]}.{Insz(6)[2..4]}.{Insz(6)[4..6]}-{Insz(6)[6..9]}.{Insz(6)[9..]}\n");
    }

    private void Protocols()
    {
        ShortProtocols();
        Put("canonical-json", "lines.json", "[{\"a\":{\"b\":[1,2,{\"c\":\"d\"}]},\"e\":\"\u20ac \\ud83d\\ude00\",\"f\":false}]");
        Put("canonical-json", "numbers.json", "{\"a\":[0,-1,1.5,1e21,1e-7,123456789012345680000,0.000001],\"\\u00e9\":{\"\\u20ac\":\"\\ud83d\\ude00\",\"b\":null,\"c\":true},\"text\":\"\\u0001\\n\\\"\\\\/\"}");
    }

    // The two shortest, with short texts and two cases: a parser's time goes by length, and each still has every kind of value.
    private void ShortProtocols()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Bereik.slnx"))) root = root.Parent ?? throw new InvalidOperationException("This does not run from a checkout.");
        foreach (var id in ShippedProtocols.Files.OrderBy(file => file.Canonical.Length).Take(2).Select(file => file.Protocol!.Id))
        {
            var text = Shorten(File.ReadAllText(Path.Combine(root.FullName, "protocols", $"{id}.yaml")));
            var cases = Regex.Matches(text[text.IndexOf("\ncases:\n", StringComparison.Ordinal)..], "^  - id: ", RegexOptions.Multiline);
            text = text[..(text.IndexOf("\ncases:\n", StringComparison.Ordinal) + cases[2].Index)];
            Put("protocol-yaml", $"{id}.yaml", text);
            var file = ProtocolFile.Read(Encoding.UTF8.GetBytes(text));
            if (file.Protocol is null) throw new InvalidOperationException("A shortened protocol is none.");
            Put("protocol-json", $"{id}.json", file.Canonical.ToArray());
        }

        var framework = Shorten(File.ReadAllText(Path.Combine(root.FullName, "framework", "vertrouwenskader.yaml")));
        Put("framework-yaml", "vertrouwenskader.yaml", framework);
        Put("framework-yaml", "crlf.yaml", framework.ReplaceLineEndings("\r\n"));

        static string Shorten(string yaml) => Regex.Replace(Regex.Replace(yaml, "^(\\s+(?:- )?(?:nl|en): ).*$", "$1Korte tekst.", RegexOptions.Multiline), "^#.*\n", "", RegexOptions.Multiline);
    }

    private void Documents()
    {
        foreach (var flow in new[] { "unknown", "match" })
        {
            var order = SignedDocument.Sign(OrderOf(flow), signing).Compact;
            Put("keys", $"order-{flow}.jws", order);
            Put("order", flow, order);
            Put("document-body", $"{flow}.json", $"{{\"order\":\"{order}\"}}");
        }

        var hash = Bytes32.Sha256("protocol"u8);
        Sign("decision", "permit", new SourceDecision { Order = hash, Id = Guid.NewGuid(), Outcome = "permit", Reasons = [], AcceptsKnownSet = true, DecidedAt = Now });
        Sign("decision", "refuse", new SourceDecision { Order = hash, Id = Guid.NewGuid(), Outcome = "refuse", Reasons = [new DecisionReason { Code = "order.expired", Text = "De aanvraag is verlopen: é, €, \"x\"." }, new DecisionReason { Code = "R.2", Text = "x" }], AcceptsKnownSet = false, DecidedAt = Now });
        Sign("receipt", "received", new Receipt { Id = Guid.NewGuid(), ManifestHash = hash, Outcome = "received", At = Now });
        Sign("receipt", "rejected", new Receipt { Id = Guid.NewGuid(), ManifestHash = hash, Outcome = "rejected", Code = "checkRows.missing", At = Now });
        Sign("request-claims", "post", RequestClaims.For("ocmw-aalst", "hub", Now, "POST", "/v1/orders", "body"u8));
        Sign("request-claims", "get", RequestClaims.For("opgroeien", "hub", Now, "GET", "/v1/orders?after=5", []));
        Sign("key-statement", "signing", new KeyStatement { Organisation = "opgroeien", Use = KeyUse.Signing, Kid = signing.Kid, Key = signing.PublicKey.ToJwk(), At = Now });
        Sign("key-statement", "sealing", new KeyStatement { Organisation = "ocmw-aalst", Use = KeyUse.Sealing, Kid = sealing.Kid, Key = sealing.PublicKey.ToJwk(), At = Now });
        Sign("key-statement", "revoked", new KeyStatement { Organisation = "ocmw-aalst", Use = KeyUse.Token, Kid = token.Kid, At = Now });
        Sign("persons-root", "1", RootOf(Guid.NewGuid(), hash, hash, 128));
        Sign("persons-root", "2", RootOf(Guid.NewGuid(), hash, hash, 256));
        Sign("disclosure-end", "erased", new DisclosureEnd { Handle = hash, Kind = DisclosureEndKind.Erased, Cause = DisclosureEndCause.Deadline, At = Now });
        Sign("disclosure-end", "withdrawn", new DisclosureEnd { Handle = hash, Kind = DisclosureEndKind.Withdrawn, Cause = DisclosureEndCause.Objection, At = Now });
        Sign("round-roots", "1", new RoundRoots { Organisation = "ocmw-aalst", Day = new DateOnly(2026, 11, 22), Accesses = hash, Consents = hash, Withdrawals = hash, Erasures = hash, At = Now });
        Sign("round-roots", "2", new RoundRoots { Organisation = "gemeente-aalst", Day = new DateOnly(2026, 2, 28), Accesses = hash, Consents = hash, Withdrawals = hash, Erasures = Bytes32.Random(), At = Now });
        Put("detached-signature", "1", DetachedSignature.Sign("body"u8, "pseudonymiser", Now, signing).ToString());
        Put("detached-signature", "2", DetachedSignature.Sign("other body"u8, "hub", Now, signing).ToString());
        Put("problem", "1.json", "{\"type\":\"urn:bereik:error:document.refused\",\"title\":\"document.refused\",\"status\":422,\"code\":\"document.refused\",\"cause\":\"jws.signature\",\"place\":\"order\"}");
        Put("problem", "2.json", "{\"code\":\"order.state\",\"status\":409}");
        Register();
    }

    private void Referrals()
    {
        var key = ContentKey.Seal(new byte[32], sealing.PublicKey);
        var offer = new ReferralOffer
        {
            Id = Guid.NewGuid(), Protocol = "lokale-actor-doorverwijzing", ProtocolVersion = "0.3", ProtocolHash = Bytes32.Sha256("protocol"u8), Sender = "kind-en-gezin-team", Recipient = "ocmw-aalst", Service = "sociaal-huis",
            SenderKid = signing.Kid, RecipientKid = sealing.Kid, ContentKey = key, Sealed = Bytes32.Sha256("sealed"u8), IssuedAt = Now, ExpiresAt = Now.AddDays(14),
        };
        Sign("referral-offer", "with-consent", offer);
        var checkpoint = new Checkpoint(log.Verifier.Name, 3, MerkleTree.Root([MerkleTree.LeafHash("a"u8), MerkleTree.LeafHash("b"u8), MerkleTree.LeafHash("c"u8)])).Sign(log);
        var seen = Encoding.UTF8.GetString(checkpoint.With(witness.Sign(checkpoint.Text, Now)).ToBytes());
        Sign("referral-offer", "among-partners", offer with { Id = Guid.NewGuid(), Protocol = "gbo-gedeeld-beroepsgeheim", Sender = "ocmw-aalst", Recipient = "caw-oost", Service = "onthaal-2", Checkpoint = seen, ExpiresAt = Now.AddSeconds(1) });
        var step = new ReferralStep { Id = offer.Id, Offer = Bytes32.Sha256("offer"u8), By = "ocmw-aalst", Act = "receive", At = Now };
        Sign("referral-step", "receive", step);
        Sign("referral-step", "decline", step with { Act = "decline", Cause = "rightToBeSilent" });
        Sign("referral-step", "revoke", step with { By = "kind-en-gezin-team", Act = "revoke" });
    }

    private void Invitations(SigningKey source, SealingKey recipient)
    {
        var binding = CorpusFacts.Letter(recipient.Kid);
        var persons = new[]
        {
            new InvitedPerson { GivenNames = "José", FamilyName = "D'Hondt \"de lange\"", Street = "Molenstraat", HouseNumber = "12", Box = "0003", Postcode = "9300", Place = "Aalst" },
            new InvitedPerson { GivenNames = "", FamilyName = "", Street = "", HouseNumber = "", Postcode = "", Place = "" },
        };
        using var codes = WaveCodes.Draw();
        Span<char> printed = stackalloc char[SecretCode.PrintedLength];
        foreach (var (person, i) in persons.Select((person, i) => (person, i)))
        {
            using var code = codes.Code(i);
            var invitation = new Invitation { Number = CorpusFacts.Number, Wave = binding.Wave, ProtocolHash = binding.ProtocolHash, RecipientKid = recipient.Kid, Notice = Bytes32.Sha256("notice"u8), Person = person };
            var made = InvitationSeal.Make(invitation, code, source, recipient.PublicKey);
            using var key = InvitationKey.Derive(code, made.Salt);
            Put("invitation", $"{i + 1}.json", made.ToJson());
            Put("invitation-inner", $"{i + 1}", OuterSeal.Open(made, binding, key)!);
            Put("invitation-document", $"{i + 1}", SignedDocument.Sign(invitation, source).Compact);
            code.Print(printed);
            Put("secret-code", $"{i + 1}", i == 0 ? new string(printed) : new string(printed).ToLowerInvariant().Replace("0", " o", StringComparison.Ordinal));
        }

        Put("letter-number", "1", CorpusFacts.Number.Text);
        Put("letter-number", "2", " o4h–Mas w95\u00a0");
    }

    private void Consents()
    {
        var (hash, wave) = (Bytes32.Sha256("order"u8), CorpusFacts.Receipt.Wave);
        var letter = new LetterOrder
        {
            Text = "groeipakket-brief", TextHash = hash, Parts = new Dictionary<string, string> { ["municipality"] = "Aalst", ["offer"] = "voor de school, \"energie\" of uw woning" }, Letters = 100, Capacity = 120,
            Panel = new TestPanel { Organisation = "Vereniging — René", On = new DateOnly(2026, 11, 2), Readers = 9 }, Reminder = true, AnswerDays = 42,
        };
        var order = new ListOrder
        {
            Id = wave, Nonce = hash, Flow = "messenger", Protocol = "groeipakket-brief", ProtocolVersion = "0.3", ProtocolHash = hash, Epoch = "2026Q4", Source = "opgroeien", Recipient = "ocmw-aalst", Nis = "41002", ReferenceMonth = "2026-10",
            Letter = letter, IssuedAt = Now, ExpiresAt = Now.AddDays(14),
        };
        Sign("letter-order", "1", order);
        Sign("letter-order", "2", order with { Letter = letter with { Reminder = false, Letters = 20, AnswerDays = 21 } });
        var opening = new WaveOpening { Id = wave, Order = hash, ProtocolHash = hash, RecipientKid = sealing.Kid, SourceKid = signing.Kid, Notice = hash, Letters = 1001, Parts = [hash, Bytes32.Sha256("part"u8)], OpensOn = new DateOnly(2026, 11, 26), AnswerBy = new DateOnly(2027, 1, 7), At = Now };
        Sign("wave-opening", "1", opening);
        Sign("wave-opening", "2", opening with { Letters = 20, Parts = [hash] });
        Sign("consent-receipt", "given", CorpusFacts.Receipt);
        Sign("consent-receipt", "withdrawn", CorpusFacts.Receipt with { Event = "withdrawn", Method = "phone", Assurance = "assisted" });
        var step = new ConsentStep { Id = CorpusFacts.Receipt.Id, Wave = wave, By = "ocmw-aalst", Act = "receive", At = Now };
        Sign("consent-step", "receive", step);
        Sign("consent-step", "erase", step with { Act = "erase", Certificate = hash });
        Sign("assisted-answer", "1", new AssistedAnswer { Id = CorpusFacts.Receipt.Id, By = "ocmw-aalst", At = Now });
        Sign("assisted-answer", "2", new AssistedAnswer { Id = wave, By = "ocmw-gent", At = Now.AddDays(1) });
        foreach (var isWithdrawal in new[] { false, true })
        {
            var tree = PaddedRoot.Make([CorpusFacts.Receipt.Commitment()], 256);
            var round = new RoundRoots { Organisation = "hub", Day = new DateOnly(2026, 11, 23), Accesses = hash, Consents = tree.Root, Withdrawals = tree.Root, Erasures = hash, At = Now };
            var entry = LogEntryFormat.Write(new LogEntry.RoundPublished { By = "hub", At = Now, Document = SignedDocument.Sign(round, signing).Compact });
            TreeHash[] leaves = [MerkleTree.LeafHash("a"u8), MerkleTree.LeafHash(entry), MerkleTree.LeafHash("c"u8)];
            var checkpoint = new Checkpoint(log.Verifier.Name, leaves.Length, MerkleTree.Root(leaves)).Sign(log);
            var proof = new TlogProof { Extra = ConsentProof.ExtraOf(entry, isWithdrawal, tree, tree.Slots[0]), Index = 1, Path = MerkleTree.Path(leaves, 1), Checkpoint = checkpoint.With(witness.Sign(checkpoint.Text, Now)) };
            Put("consent-proof", isWithdrawal ? "withdrawal" : "consent", proof.ToString());
        }
    }

    private void Erasures()
    {
        var ids = new[] { Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid() }.OrderBy(id => id.ToString("D"), StringComparer.Ordinal).ToList();
        var certificate = new ErasureCertificate { Id = Guid.NewGuid(), Organisation = "ocmw-aalst", Kind = ErasedKind.Household, Cause = ErasureCause.Deadline, Due = new DateOnly(2026, 12, 21), Count = 3, Ids = ids, At = Now };
        Sign("erasure-certificate", "deadline", certificate);
        Sign("erasure-certificate", "own-file", certificate with { Id = Guid.NewGuid(), Kind = ErasedKind.Referral, Cause = ErasureCause.OwnFile, OtherFile = true, Count = 1, Ids = [ids[0]] });
    }

    private void Register()
    {
        var file = ShippedProtocols.Files.Single(one => one.Protocol!.Flow == Flow.Unknown);
        var protocol = file.Protocol!;
        if (!Bytes32.TryParse(protocol.Hash, out var hash)) throw new InvalidOperationException("A text has no hash.");
        var advice = new OfficerAdvice { Outcome = AdviceOutcome.Favourable, Officer = "Functionaris voor gegevensbescherming", On = new DateOnly(2026, 11, 1), Summary = "Gunstig: \"é\" en €." };
        var accession = new Accession
        {
            Organisation = "ocmw-aalst", Kind = OrganisationKind.PublicCentreForWelfare, Protocol = protocol.Id, Version = protocol.Version, ProtocolHash = protocol.Hash, FrameworkHash = FrameworkFile.Shipped.Hash,
            Decision = new CouncilDecision { Body = DecidingBody.SocialWelfareCouncil, On = new DateOnly(2026, 10, 20), Number = "2026/118" }, Advice = advice,
            Measures = [.. FrameworkFile.Shipped.Measures.Select(measure => new MeasureAnswer { Id = measure.Id, State = MeasureState.Met, On = new DateOnly(2026, 10, 1), Evidence = "Dossier 12" })],
            Contact = "sociaalhuis@voorbeeld.be", Service = "Sociaal Huis", ReviewBy = new DateOnly(2027, 10, 1), Territory = [new TerritoryPeriod { Nis = "41002", From = new DateOnly(2025, 1, 1) }],
        };
        Put("register-document", "draft", RegisterDocuments.DraftProtocol(ShippedProtocols.Files.MinBy(one => one.Canonical.Length)!.Canonical.Span, signing));
        Sign("register-document", "advice", new ProtocolAdvice { Protocol = hash, Party = Party.Source, Advice = advice, At = Now });
        Sign("register-document", "publication", new ProtocolPublication { Protocol = hash, Places = ["https://voorbeeld.example/protocol", "https://ander.example/a?b=c"], At = Now });
        Sign("register-document", "accession", new AccessionAct { Accession = accession, At = Now });
        Sign("register-document", "suspension", new RegisterStop { Protocol = hash, Organisation = "ocmw-aalst", Kind = StopKind.Suspend, Trigger = SanctionTrigger.AuditFailed, Because = "De audit van dit jaar is mislukt.", At = Now });
        Sign("register-document", "end", new RegisterStop { Protocol = hash, Kind = StopKind.End, Because = "Het protocol loopt af.", On = new DateOnly(2027, 1, 1), At = Now });
        using var second = SigningKey.Generate();
        var one = RegisterDocuments.SignProtocol("{\"id\":\"x\"}"u8, signing);
        Put("register-signatures", "1.json", ProtocolSignatures.Join([one]));
        Put("register-signatures", "2.json", ProtocolSignatures.Join([one, RegisterDocuments.SignProtocol("{\"id\":\"x\"}"u8, second)]));
    }

    private void Log()
    {
        var order = Guid.Parse("0b1b2b3b-4b5b-4c5c-8d6d-7e7e7e7e7e7e");
        var handle = Bytes32.Sha256("handle"u8);
        var statement = new PersonStatement
        {
            Order = order, Handle = handle, Protocol = "groeipakket-onbekend", ProtocolVersion = "0.3", Organisation = "ocmw-aalst", Source = "opgroeien", ReceivedOn = new DateOnly(2026, 11, 23), EraseBy = new DateOnly(2026, 12, 21),
            Fields = new Dictionary<string, string> { ["familyName"] = "Voorbeeld", ["street"] = "Molenstraat é" },
        };
        var salt = Bytes32.Sha256("salt"u8);
        var tree = PaddedRoot.Make([PersonCommitment.Of(statement, salt)], 8);
        var rooted = new LogEntry.PersonsRooted { By = "ocmw-aalst", At = Now, Order = order, Handle = handle, Document = SignedDocument.Sign(RootOf(order, handle, tree.Root, tree.SlotCount), signing).Compact };
        List<LogEntry> entries =
        [
            new LogEntry.Begun { By = "hub", At = Now, Origin = "hub.test/log", Synthetic = true, Witness = witness.Verifier.ToString() },
            new LogEntry.KeyStated { By = "opgroeien", At = Now, Document = SignedDocument.Sign(new KeyStatement { Organisation = "opgroeien", Use = KeyUse.Signing, Kid = signing.Kid, Key = signing.PublicKey.ToJwk(), At = Now }, signing).Compact },
            new LogEntry.OrderPlaced
            {
                By = "ocmw-aalst", At = Now, Order = order, Hash = handle, Flow = "unknown", Protocol = "groeipakket-onbekend", ProtocolVersion = "0.3", ProtocolHash = handle, Source = "opgroeien", Nis = "41002",
                ReferenceMonth = "2026-10", Epoch = "2026Q4", Outcome = "permit", Reasons = [],
            },
            rooted,
            new LogEntry.OrderEnded { By = "hub", At = Now, Order = order, Outcome = "expired", Reasons = ["order.expired"] },
        ];
        var bytes = entries.Select(LogEntryFormat.Write).ToList();
        foreach (var (entry, i) in bytes.Select((entry, i) => (entry, i)))
        {
            Put("log-entry", $"{i}.json", entry);
            Put("audit-json", $"entry-{i}.json", entry);
        }

        Put("entry-bundle", "1", EntryBundle.Write([.. bytes.Select(entry => (ReadOnlyMemory<byte>)entry)]));
        Put("entry-bundle", "2", EntryBundle.Write([.. Enumerable.Range(0, 256).Select(i => (ReadOnlyMemory<byte>)Encoding.ASCII.GetBytes($"{i}"))]));
        Put("tile-path", "0", "tile/0/000");
        Put("tile-path", "1", "tile/entries/x001/x234/067.p/12");
        Put("tile-path", "2", "tile/2/x001/067");
        Put("tile-path", "3", "tile/63/000.p/255");

        var leaves = bytes.Select(entry => MerkleTree.LeafHash(entry)).ToArray();
        var checkpoint = new Checkpoint(log.Verifier.Name, leaves.Length, MerkleTree.Root(leaves));
        var alone = checkpoint.Sign(log);
        var cosigned = alone.With(witness.Sign(alone.Text, Now));
        foreach (var name in new[] { "note", "checkpoint" })
        {
            Put(name, "signed", alone.ToBytes());
            Put(name, "cosigned", cosigned.ToBytes());
        }

        Put("note", "text", new SignedNote("Een tekst\nmet é en —\n", [log.Sign("Een tekst\nmet é en —\n")]).ToBytes());
        Put("note-lines", "1", $"{cosigned.Signatures[0]}\n{cosigned.Signatures[1]}\n");
        Put("note-lines", "2", $"{cosigned.Signatures[1]}\n");
        Put("witness-request", "1", new WitnessRequest(3, [.. leaves[..2]], alone).ToString());
        Put("witness-request", "2", new WitnessRequest(0, [], cosigned).ToString());
        var proof = new TlogProof { Extra = PersonProof.ExtraOf(bytes[3], statement, salt, tree, tree.Slots[0]), Index = 3, Path = MerkleTree.Path(leaves, 3), Checkpoint = cosigned };
        Put("person-proof", "1", proof.ToString());
        var longer = new PersonStatement
        {
            Order = order, Handle = handle, Protocol = statement.Protocol, ProtocolVersion = "0.3", Organisation = "ocmw-aalst", Source = "opgroeien", ReceivedOn = statement.ReceivedOn, EraseBy = statement.EraseBy, Fields = new Dictionary<string, string>(),
        };
        var second = PaddedRoot.Make([PersonCommitment.Of(longer, salt)], 8);
        var secondEntry = LogEntryFormat.Write(rooted with { Document = SignedDocument.Sign(RootOf(order, handle, second.Root, second.SlotCount), signing).Compact });
        var secondLeaves = leaves.Append(MerkleTree.LeafHash(secondEntry)).ToArray();
        var secondCheckpoint = new Checkpoint(log.Verifier.Name, secondLeaves.Length, MerkleTree.Root(secondLeaves)).Sign(log);
        Put("person-proof", "2", new TlogProof { Extra = PersonProof.ExtraOf(secondEntry, longer, salt, second, second.Slots[0]), Index = secondLeaves.Length - 1, Path = MerkleTree.Path(secondLeaves, secondLeaves.Length - 1), Checkpoint = secondCheckpoint.With(witness.Sign(secondCheckpoint.Text, Now)) }.ToString());

        // What the parser's own check proves: this entry, in a tree of these.
        TreeHash[] proven = [MerkleTree.LeafHash("entry"u8), .. leaves];
        var provenCheckpoint = new Checkpoint(log.Verifier.Name, proven.Length, MerkleTree.Root(proven)).Sign(log);
        provenCheckpoint = provenCheckpoint.With(witness.Sign(provenCheckpoint.Text, Now));
        Put("tlog-proof", "1", new TlogProof { Index = 0, Path = MerkleTree.Path(proven, 0), Checkpoint = provenCheckpoint }.ToString());
        Put("tlog-proof", "2", new TlogProof { Extra = "{\"a\":1}"u8.ToArray(), Index = 0, Path = MerkleTree.Path(proven, 0), Checkpoint = provenCheckpoint }.ToString());
    }

    private void Points()
    {
        using var server = OprfServer.Generate();
        var points = new byte[4 * OprfClient.ElementBytes];
        for (var i = 0; i < 4; i++) OprfClient.Pad(points.AsSpan(i * 32, 32));
        var evaluated = server.Evaluate(points).Value;
        Put("evaluate-request", "1.json", new EvaluateRequest(points).ToJson());
        Put("evaluate-request", "2.json", new EvaluateRequest(points[..32]).ToJson());
        Put("evaluate-response", "1.json", new EvaluateResponse(evaluated.Evaluated, evaluated.Proof, server.PublicKey.ToArray(), "2026Q4").ToJson());
        Put("evaluate-response", "2.json", new EvaluateResponse(evaluated.Evaluated[..32], evaluated.Proof, server.PublicKey.ToArray(), "2027Q1").ToJson());
        Put("oprf-point", "1", points[..32]);
        Put("oprf-point", "2", server.PublicKey.ToArray());
    }

    private async Task EnvelopesAsync()
    {
        var choice = CheckChoice.Restore(CorpusFacts.Choice)!;
        foreach (var flow in new[] { "unknown", "match" })
        {
            var order = SignedDocument.Parse<ListOrder>(await File.ReadAllTextAsync(Path.Combine(folder, "keys", $"order-{flow}.jws"))).Value;
            using var pair = Pair.Derive(token, otherToken.PublicKey);
            using var tokens = new TokenMaker(pair, order.Context);
            for (var count = 1; count <= 2; count++)
            {
                using var output = new MemoryStream();
                var task = new EnvelopeTask
                {
                    Order = order, SourceKey = signing, RecipientKey = sealing.PublicKey, Tokens = tokens, Agreement = CorpusFacts.Base(-1), Band = CorpusFacts.Band, PaddedSize = CorpusFacts.PaddedSize,
                    Checkpoint = count == 2 ? Encoding.UTF8.GetString(await File.ReadAllBytesAsync(Path.Combine(folder, "checkpoint", "cosigned"))) : null, Now = Now,
                };
                await EnvelopeWriter.WriteAsync(task, count, i => new SourceRow([tokens.Token(CorpusFacts.Base(i))], flow == "unknown" ? Encoding.UTF8.GetBytes($"{{\"n\":{i}}}") : default), output, Path.GetTempPath(), CancellationToken.None);
                Put("envelope", $"{flow}-{count}", output.ToArray());
                var lines = Encoding.ASCII.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
                Put("manifest", $"{flow}-{count}", lines[0]["{\"manifest\":\"".Length..^2]);

                // As a hub delivers it: in match the chosen check rows and who was asked for, in unknown the other check rows and who was not.
                var chosen = choice.ChosenTokens(tokens).ToHashSet();
                var isMatch = flow == "match";
                var rows = lines.Skip(1).Where(line => RowLine.Read(Encoding.ASCII.GetBytes(line))!.Value.Tokens.Any(chosen.Contains) == isMatch);
                Put($"package-{flow}", $"{count}", string.Join('\n', rows.Prepend(lines[0])) + "\n");
            }
        }

        using var key = CorpusFacts.RecordKey();
        var id = SignedDocument.Parse<ListOrder>(await File.ReadAllTextAsync(Path.Combine(folder, "keys", "order-unknown.jws"))).Value.Document.Id;
        Put("sealed-record", "record", SealedRecord.Seal(key, id, 0, RecordKind.Record, "{\"n\":1}"u8, 64));
        Put("sealed-record", "check", SealedRecord.Seal(key, id, 0, RecordKind.Check, [], 64));
        Put("content-key", "1", ContentKey.Seal(new byte[32], sealing.PublicKey));
        Put("content-key", "2", ContentKey.Seal(new byte[32], sealing.PublicKey));
        Put("household-record", "1.json", new HouseholdRecord { Beneficiaries = [new PersonName("An", "Peeters"), new PersonName("José", "D'Hondt")], Street = "Molenstraat", HouseNumber = "12", Box = "3", Postcode = "9300", Place = "Aalst", ReferenceMonth = "2026-10" }.ToJson());
        Put("household-record", "2.json", new HouseholdRecord { Beneficiaries = [new PersonName()], ReferenceMonth = "2026-09" }.ToJson());
        for (var i = 1; i <= 2; i++)
        {
            using var set = new MemoryStream();
            await TokenSet.WriteAsync(set, Exchange.Token.Random(), [Exchange.Token.Random()], 8 * i, CancellationToken.None);
            Put("token-set", $"{i}", set.ToArray());
        }
    }

    // As the network's own tool writes them. The files that they name lie beside them when they are read.
    private void Settings()
    {
        var network = Directory.CreateTempSubdirectory("bereik-corpus-").FullName;
        var plan = NetworkPlan.Create(network, [new NetworkPlace("41002", "Aalst", "aalst", null, null)], NetworkPlan.PortsFrom(5100, 2), new NetworkRegister(null, "register.csv"), new Epoch(2026, 4));
        NetworkFiles.Write(plan);
        foreach (var (parser, node) in new[] { ("settings-hub", "hub"), ("settings-source", "opgroeien"), ("settings-local", "ocmw-aalst"), ("settings-local", "gemeente-aalst") })
        {
            var settings = JsonNode.Parse(File.ReadAllText(NetworkFiles.SettingsFile(plan, node)))!;
            settings.AsObject().Remove("person");
            Put(parser, $"{node}.json", settings.ToJsonString());
            settings["pollSeconds"] = 3600;
            Put(parser, $"{node}-slow.json", settings.ToJsonString());
        }

        Directory.Delete(network, recursive: true);
    }

    private static ListOrder OrderOf(string flow) => new()
    {
        Id = Guid.NewGuid(), Nonce = Bytes32.Random(), Flow = flow, Protocol = $"groeipakket-{flow}", ProtocolVersion = "1.0", ProtocolHash = Bytes32.Sha256("protocol"u8), Epoch = "2026Q4", Source = "opgroeien", Recipient = "ocmw-aalst",
        Nis = "41002", ReferenceMonth = "2026-10", KnownCount = 2, IssuedAt = Now.AddMinutes(-1), ExpiresAt = Now.AddDays(10),
    };

    private static PersonsRoot RootOf(Guid order, Bytes32 handle, Bytes32 root, int slots) => new() { Order = order, Handle = handle, Manifest = handle, Root = root, Slots = slots, EraseBy = new DateOnly(2026, 12, 21), At = Now };

    private void Sign<T>(string parser, string name, T document)
        where T : class, ISignedDocument<T> => Put(parser, name, SignedDocument.Sign(document, signing).Compact);

    private static string Insz(int index)
    {
        var nine = 856_101_000L + index;
        return nine.ToString("D9", CultureInfo.InvariantCulture) + (97 - (nine % 97)).ToString("D2", CultureInfo.InvariantCulture);
    }

    private void Put(string parser, string name, string text) => Put(parser, name, Encoding.UTF8.GetBytes(text));

    private void Put(string parser, string name, byte[] bytes)
    {
        Directory.CreateDirectory(Path.Combine(folder, parser));
        File.WriteAllBytes(Path.Combine(folder, parser, name), bytes);
    }
}
