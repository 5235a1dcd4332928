using System.Text.Json;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Invitations;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Log;
using Bereik.Exchange.Signatures;
using Shouldly;
using Xunit;

namespace Bereik.Verify.Tests;

// What somebody who said yes to a letter took home, held against the hub's key alone and against the public log.
public sealed class ReceiptCheckTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("bereik-receipt-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Receipt_ByTheHub_HoldsWithItsKeyAlone()
    {
        using var other = SigningKey.Generate();
        var (file, pub, stranger) = (In("ja.jws", Signed(Receipt()).Compact), In("pub.jwk", Story.HubKey.PublicKey.ToJwk()), In("other.jwk", other.PublicKey.ToJwk()));
        var (code, output, _) = WrittenLog.Run("verify", "--receipt", file, "--key", pub);
        code.ShouldBe(0, output);
        output.ShouldContain("er is ja gezegd");
        output.ShouldContain("givenNames, familyName, street");
        output.ShouldContain("tot 2027-05-25");
        using var json = JsonDocument.Parse(WrittenLog.Run("verify", "--receipt", file, "--key", pub, "--json").Output);
        json.RootElement.GetProperty("ok").GetBoolean().ShouldBeTrue();
        json.RootElement.GetProperty("recipient").GetString().ShouldBe(Story.Local);
        Refused("verify", "--receipt", file, "--key", stranger).ShouldContain("receipt.otherKey");
    }

    [Fact]
    public void Receipt_WithAnotherRecipient_IsRefused()
    {
        using var other = SigningKey.Generate();
        var (pub, parts) = (In("pub.jwk", Story.HubKey.PublicKey.ToJwk()), Signed(Receipt()).Compact.Split('.'));
        var forged = SignedDocument.Sign(Receipt() with { Recipient = "ocmw-gent" }, other).Compact.Split('.');
        Refused("verify", "--receipt", In("forged.jws", $"{parts[0]}.{forged[1]}.{parts[2]}"), "--key", pub).ShouldContain("receipt.signature");
        Refused("verify", "--receipt", In("none.jws", "no receipt"), "--key", pub).ShouldContain("receipt.document");
        Refused("verify", "--receipt", Path.Combine(folder, "absent.jws"), "--key", pub).ShouldContain("receipt.unreadable");
    }

    [Fact]
    public void Command_WithoutAKeyOrWithMore_IsAMistake()
    {
        var (file, pub) = (In("ja.jws", Signed(Receipt()).Compact), In("pub.jwk", Story.HubKey.PublicKey.ToJwk()));
        foreach (var (args, code) in new (string[], string)[]
        {
            (["verify", "--receipt", file], "receipt.key"), (["verify", "--receipt", file, "--key", file], "receipt.key"), (["verify", "--receipt", file, "--key", pub, "--full"], "receipt.option"),
            (["verify", "--receipt", file, "--key", pub, "--proof", file], "log.key"),
        })
        {
            var (exit, _, error) = WrittenLog.Run(args);
            exit.ShouldBe(2);
            error.ShouldContain(code);
        }
    }

    // The round of the day holds it among 255 others that nobody can tell from it.
    [Theory]
    [InlineData("given")]
    [InlineData("withdrawn")]
    public async Task Receipt_OfTheRoundOfTheDay_StandsInTheLog(string happened)
    {
        var receipt = Receipt() with { Event = happened };
        var (story, extra) = WithRound(receipt, Story.HubKey);
        await using var log = await WrittenLog.MakeAsync(story.Entries);
        var (proof, file, pub) = (await VerifyCommandTests.ProofAsync(log, story.IndexOf("hub round"), extra), In("ja.jws", Signed(receipt).Compact), In("pub.jwk", Story.HubKey.PublicKey.ToJwk()));
        string[] asked = ["verify", "--receipt", file, "--key", pub, "--proof", proof, "--vkey", WrittenLog.Vkey, "--witness", WrittenLog.WitnessKey];
        var (code, output, error) = WrittenLog.Run(asked);
        code.ShouldBe(0, error);
        output.ShouldContain("Het ligt vast in het openbare logboek");
        log.Verify("--full").Code.ShouldBe(0, "the hub's own round is an entry as any other");

        // Another salt, another day, another event: the same words without what only this person has.
        foreach (var (wrong, why) in new[]
        {
            (receipt with { Salt = Bytes32.Random() }, "consentProof.path"), (receipt with { At = receipt.At.AddSeconds(1) }, "consentProof.path"), (receipt with { Event = happened == "given" ? "withdrawn" : "given" }, "consentProof.kind"),
        })
        {
            asked[2] = In("wrong.jws", Signed(wrong).Compact);
            Refused(asked).ShouldContain(why);
        }

        asked[2] = file;
        var bytes = File.ReadAllBytes(proof);
        for (var at = 0; at < bytes.Length; at += Math.Max(1, bytes.Length / 60))
        {
            bytes[at] ^= 1;
            File.WriteAllBytes(proof, bytes);
            WrittenLog.Run(asked).Code.ShouldBe(1, $"byte {at}");
            bytes[at] ^= 1;
        }
    }

    // Anybody in the log publishes roots: only the hub's own are an answer of the hub.
    [Fact]
    public async Task Receipt_InARoundOfAnother_IsRefused()
    {
        var receipt = Receipt();
        var (story, extra) = WithRound(receipt, Story.LocalKey, Story.Local);
        await using var log = await WrittenLog.MakeAsync(story.Entries);
        var proof = await VerifyCommandTests.ProofAsync(log, story.IndexOf("hub round"), extra);
        Refused("verify", "--receipt", In("ja.jws", Signed(receipt).Compact), "--key", In("pub.jwk", Story.HubKey.PublicKey.ToJwk()), "--proof", proof, "--vkey", WrittenLog.Vkey).ShouldContain("consentProof.signature");
    }

    private static (Story Story, byte[] Extra) WithRound(ConsentReceipt receipt, SigningKey key, string by = Story.Hub)
    {
        var story = Story.Whole();
        var tree = PaddedRoot.Make([receipt.Commitment(), .. Enumerable.Range(0, 3).Select(_ => Bytes32.Random())], 256);
        var isWithdrawal = receipt.Event == "withdrawn";
        var (root, empty) = (tree.Root, PaddedRoot.Make([], 256).Root);
        var day = BelgianTime.DayOf(story.Now).AddDays(-40);
        var round = new RoundRoots
        {
            Organisation = by, Day = day, Accesses = empty, Consents = isWithdrawal ? empty : root, Withdrawals = isWithdrawal ? root : empty, Erasures = empty, At = story.Now,
        };
        story.Add("hub round", new LogEntry.RoundPublished { By = by, At = round.At, Document = SignedDocument.Sign(round, key).Compact });
        return (story, ConsentProof.ExtraOf(story.Entries[story.IndexOf("hub round")], isWithdrawal, tree, tree.Slots[0]));
    }

    private static string Refused(params string[] args)
    {
        var (code, output, error) = WrittenLog.Run(args);
        code.ShouldBe(1, output + error);
        return error;
    }

    private static SignedDocument<ConsentReceipt> Signed(ConsentReceipt receipt) => SignedDocument.Sign(receipt, Story.HubKey);

    private static ConsentReceipt Receipt() => new()
    {
        Schema = ConsentReceipt.Profile, Id = Guid.Parse("0198c5d2-0000-7000-8000-000000000001"), Event = "given", Letter = LetterNumber.Random(), Wave = Guid.Parse("0198c5d2-0000-7000-8000-000000000002"),
        Protocol = "groeipakket-brief", ProtocolVersion = "0.3", ProtocolHash = Bytes32.Sha256("text"u8), Notice = Bytes32.Sha256("letter"u8), Purpose = "requestedHelp", Role = "safeguard",
        Fields = ["givenNames", "familyName", "street"], Source = Story.Source, Recipient = Story.Local, Service = "Sociaal Huis", Method = "web", Assurance = "bearer",
        At = new DateTimeOffset(2026, 11, 26, 10, 0, 0, TimeSpan.Zero), Until = new DateOnly(2027, 5, 25), Salt = Bytes32.Random(),
    };

    private string In(string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
