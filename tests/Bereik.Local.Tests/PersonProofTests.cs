using System.Text;
using System.Text.Json.Nodes;
using Bereik.Exchange;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Log;
using Bereik.Exchange.Protocols;
using Bereik.Exchange.Signatures;
using Bereik.Ledger;
using Shouldly;
using Xunit;

namespace Bereik.Local.Tests;

/// <summary>A person's proof, byte for byte: what it is made of, and that nothing of it can be changed.</summary>
public sealed class PersonProofTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);
    private static readonly NoteSigner Log = NoteSigner.Generate("hub.test/log", NoteKeyKind.Ed25519);
    private static readonly NoteSigner Witness = NoteSigner.Generate("pseudonymiser.test/witness", NoteKeyKind.Cosignature);
    private static readonly SigningKey Local = SigningKey.Generate();

    // The formula in docs/formats/ledger.md, with nothing of the program in it.
    [Fact]
    public void Commitment_OfAStatement_IsTheFormulaOfTheFormat()
    {
        var statement = Statement(Bytes32.Random());
        var salt = Bytes32.Random();
        var text = $$"""{"eraseBy":"2027-02-21","fields":{"familyName":"Çelik","givenNames":"An"},"handle":"{{statement.Handle}}","order":"{{statement.Order}}","organisation":"ocmw-aalst","protocol":"groeipakket-onbekend","protocolVersion":"0.3","receivedOn":"2026-11-23","source":"opgroeien"}""";
        Encoding.UTF8.GetString(statement.ToBytes()).ShouldBe(text);
        byte[] input = [.. "bereik person v1\n"u8, .. salt.ToArray(), .. System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(text))];
        PersonCommitment.Of(statement, salt).ShouldBe(Bytes32.Sha256(input));
    }

    // What no bundle of the log can hold is no entry, however well it is written.
    [Fact]
    public void Entry_LongerThanAnEntryMayBe_IsRefused()
    {
        static byte[] Long(int length) => Encoding.UTF8.GetBytes($$"""{"at":"2026-11-23T08:00:00Z","by":"opgroeien","document":"{{new string('x', length)}}","type":"key.stated","v":1}""");
        LogEntryFormat.Read(Long(1000)).IsOk.ShouldBeTrue();
        LogEntryFormat.Read(Long(LogEntryFormat.LongestEntry)).Error.Code.ShouldBe("entry.tooLong");
    }

    [Theory]
    [InlineData(0, 128, 128)]
    [InlineData(1, 128, 128)]
    [InlineData(128, 128, 128)]
    [InlineData(129, 128, 256)]
    [InlineData(3, 1, 3)]
    public void Root_OverPeople_HasAWholeNumberOfBandsAndAPathForEach(int people, int band, int slots)
    {
        var commitments = Enumerable.Range(0, people).Select(_ => Bytes32.Random()).ToList();
        var tree = PaddedRoot.Make(commitments, band);
        tree.SlotCount.ShouldBe(slots);
        tree.Slots.Distinct().Count().ShouldBe(people);
        for (var i = 0; i < people; i++) PaddedRoot.Holds(commitments[i], tree.Slots[i], slots, tree.PathOf(tree.Slots[i]), tree.Root).ShouldBeTrue();
        var again = PaddedRoot.Of(tree.LeafBytes());
        (again.Root, again.SlotCount).ShouldBe((tree.Root, slots));
        if (slots > 3) PaddedRoot.Make(commitments, band).Root.ShouldNotBe(tree.Root, "fill and order are random");
    }

    [Fact]
    public void Root_MadeOften_GivesNoSlotToTheFirstMoreThanToTheLast()
    {
        Bytes32[] two = [Bytes32.Random(), Bytes32.Random()];
        var seen = Enumerable.Range(0, 400).Select(_ => PaddedRoot.Make(two, 4)).ToList();
        foreach (var person in new[] { 0, 1 }) seen.Select(tree => tree.Slots[person]).Distinct().Count().ShouldBe(4);
        seen.Count(tree => tree.Slots[0] < tree.Slots[1]).ShouldBeInRange(120, 280);
    }

    [Fact]
    public void Proof_OfAPerson_HoldsWithTheKeysAlone()
    {
        var made = Make();
        var verified = PersonProof.Verify(made.Bytes, Log.Verifier, Witness.Verifier).Value;
        verified.Statement.ToBytes().ShouldBe(made.Statement.ToBytes());
        verified.Statement.Fields["familyName"].ShouldBe("Çelik");
        verified.Salt.ShouldBe(made.Salt);
        verified.Proof.Index.ShouldBe(made.Index);
        verified.Document.IsSignedBy(Local.PublicKey).ShouldBeTrue();
        PersonProof.Verify(made.Bytes, Log.Verifier, null).IsOk.ShouldBeTrue();
        verified.ToString().ShouldNotContain("elik");
    }

    [Theory]
    [InlineData("salt", "personProof.path")]
    [InlineData("field", "personProof.path")]
    [InlineData("slot", "personProof.path")]
    [InlineData("path", "personProof.path")]
    [InlineData("day", "personProof.commitment")]
    [InlineData("handle", "personProof.commitment")]
    [InlineData("organisation", "personProof.commitment")]
    [InlineData("slots", "personProof.document")]
    [InlineData("entry", "proof.inclusion")]
    [InlineData("otherType", "personProof.entry")]
    [InlineData("index", "proof.inclusion")]
    [InlineData("member", "personProof.shape")]
    [InlineData("space", "personProof.shape")]
    [InlineData("none", "personProof.shape")]
    public void Proof_WithOneThingChanged_DoesNotHold(string what, string code)
    {
        var made = Make();
        var other = Make();
        TlogProof.TryParse(made.Bytes, out var proof, out _).ShouldBeTrue();
        TlogProof.TryParse(other.Bytes, out var otherProof, out _).ShouldBeTrue();
        var body = JsonNode.Parse(proof.Extra.Span)!.AsObject();
        var otherBody = JsonNode.Parse(otherProof.Extra.Span)!.AsObject();
        switch (what)
        {
            case "salt": body["salt"] = Bytes32.Random().ToString(); break;
            case "field": body["statement"]!["fields"]!["familyName"] = "Peeters"; break;
            case "slot": body["slot"] = (int)body["slot"]! ^ 1; break;
            case "path": body["path"]![0] = Bytes32.Random().ToString(); break;
            case "day": body["statement"]!["eraseBy"] = "2027-02-22"; break;
            case "handle": body["statement"]!["handle"] = Bytes32.Random().ToString(); break;
            case "organisation": body["statement"]!["organisation"] = "ocmw-gent"; break;
            case "slots": body["slots"] = (int)body["slots"]! * 2; break;
            case "entry": body["entry"] = otherBody["entry"]!.DeepClone(); break;
            case "otherType": body["entry"] = StrictBase64Url.Encode(LogEntryFormat.Write(new LogEntry.Begun { By = "hub", At = Now, Origin = "hub.test/log", Synthetic = true })); break;
            case "member": body["more"] = 1; break;
        }

        var extra = what switch { "space" => Encoding.UTF8.GetBytes(body.ToJsonString() + " "), "none" => [], _ => CanonicalJson.Write(body) };
        var changed = new TlogProof { Extra = extra, Index = what == "index" ? proof.Index ^ 1 : proof.Index, Path = proof.Path, Checkpoint = proof.Checkpoint };
        PersonProof.Verify(Encoding.UTF8.GetBytes(changed.ToString()), Log.Verifier, Witness.Verifier).Error.Code.ShouldBe(code);
    }

    [Fact]
    public void Proof_OfAnotherLogOrWithoutTheWitness_DoesNotHold()
    {
        var made = Make(isWitnessed: false);
        using var other = NoteSigner.Generate("hub.test/log", NoteKeyKind.Ed25519);
        PersonProof.Verify(made.Bytes, other.Verifier, null).Error.Code.ShouldBe("checkpoint.signature");
        PersonProof.Verify(made.Bytes, Log.Verifier, Witness.Verifier).Error.Code.ShouldBe("proof.witness");
        PersonProof.Verify("no proof"u8, Log.Verifier, null).Error.Code.ShouldBe("proof.shape");
    }

    private static PersonStatement Statement(Bytes32 handle) => new()
    {
        Order = Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e"), Handle = handle, Protocol = "groeipakket-onbekend", ProtocolVersion = "0.3", Organisation = "ocmw-aalst", Source = "opgroeien",
        ReceivedOn = new DateOnly(2026, 11, 23), EraseBy = new DateOnly(2027, 2, 21), Fields = new Dictionary<string, string> { ["givenNames"] = "An", ["familyName"] = "Çelik" },
    };

    private static Made Make(bool isWitnessed = true)
    {
        var statement = Statement(Bytes32.Random());
        var salt = Bytes32.Random();
        var tree = PaddedRoot.Make([PersonCommitment.Of(statement, salt), Bytes32.Random()], 128);
        var document = SignedDocument.Sign(
            new PersonsRoot { Order = statement.Order, Handle = statement.Handle, Manifest = Bytes32.Random(), Root = tree.Root, Slots = tree.SlotCount, EraseBy = statement.EraseBy, At = Now }, Local);
        var entry = LogEntryFormat.Write(new LogEntry.PersonsRooted { By = "ocmw-aalst", At = Now, Order = statement.Order, Handle = statement.Handle, Document = document.Compact });
        byte[][] entries = [[1], [2], entry, [3], [4]];
        var leaves = entries.Select(bytes => MerkleTree.LeafHash(bytes)).ToArray();
        var note = new Checkpoint("hub.test/log", leaves.Length, MerkleTree.Root(leaves)).Sign(Log);
        if (isWitnessed) note = note.With(Witness.Sign(note.Text, Now));
        var proof = new TlogProof { Extra = PersonProof.ExtraOf(entry, statement, salt, tree, tree.Slots[0]), Index = 2, Path = MerkleTree.Path(leaves, 2), Checkpoint = note };
        return new Made(Encoding.UTF8.GetBytes(proof.ToString()), statement, salt, 2);
    }

    private sealed record Made(byte[] Bytes, PersonStatement Statement, Bytes32 Salt, long Index);
}
