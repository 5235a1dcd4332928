using System.Text;
using Shouldly;
using Xunit;

namespace Bereik.Ledger.Tests;

// Foreign bytes with one defect each, and the code that refuses them.
public sealed class FormatTests
{
    private const string Log = "log.example/test";
    private const string Root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    private const string Body = Log + "\n7\n" + Root + "\n";
    private const string OtherHash = "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=";
    private static readonly NoteSigner Key = NoteSigner.Generate(Log, NoteKeyKind.Ed25519);
    private static readonly NoteSigner Witness = NoteSigner.Generate("witness.example/w", NoteKeyKind.Cosignature);
    private static readonly string Signature = Key.Sign(Body).ToString();
    private static readonly string Note = $"{Body}\n{Signature}\n";

    [Theory]
    [InlineData("", "note.size")]
    [InlineData("text\n", "note.shape")]
    [InlineData("text\n\n", "note.shape")]
    [InlineData("text\n@\n", "note.shape")]
    [InlineData("text\n\n@", "note.shape")]
    [InlineData("te\txt\n\n@\n", "note.control")]
    [InlineData("te\rxt\n\n@\n", "note.control")]
    [InlineData("te\0xt\n\n@\n", "note.control")]
    [InlineData("text\n\nname AAAAAAA=\n", "note.signature")]
    [InlineData("text\n\n- name AAAAAAA=\n", "note.signature")]
    [InlineData("text\n\n\u2014name AAAAAAA=\n", "note.signature")]
    [InlineData("text\n\n\u2014  AAAAAAA=\n", "note.signature")]
    [InlineData("text\n\n\u2014 na+me AAAAAAA=\n", "note.signature")]
    [InlineData("text\n\n\u2014 na me AAAAAAA=\n", "note.signature")]
    [InlineData("text\n\n\u2014 na\u00a0me AAAAAAA=\n", "note.signature")]
    [InlineData("text\n\n\u2014 name  AAAAAAA=\n", "note.signature")]
    [InlineData("text\n\n\u2014 name AAAAAAA= \n", "note.signature")]
    [InlineData("text\n\n\u2014 name AAAAAAA= more\n", "note.signature")]
    [InlineData("text\n\n\u2014 name\n", "note.signature")]
    [InlineData("text\n\n\u2014 name AAAAAA==\n", "note.signature")] // four bytes: no signature
    [InlineData("text\n\n\u2014 name AAAAAAB=\n", "note.signature")] // spare bits
    [InlineData("text\n\n\u2014 name AAAAAAA\n", "note.signature")] // no padding
    [InlineData("text\n\n\u2014 name AAAA AAA=\n", "note.signature")]
    [InlineData("text\n\n\u2014 name AAAA-AA=\n", "note.signature")] // the alphabet of URLs
    [InlineData("text\n\n@\nmore\n", "note.signature")]
    public void Note_WithOneDefect_IsRefusedWithItsCode(string text, string code) => Refused(text.Replace("@", Signature, StringComparison.Ordinal), code);

    [Fact]
    public void Note_ThatIsNoUtf8_IsRefused()
    {
        var bytes = Encoding.UTF8.GetBytes(Note);
        foreach (var wrong in new byte[][] { [0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x80] })
        {
            SignedNote.TryParse([.. wrong, .. bytes], out _, out var error).ShouldBeFalse();
            error.ShouldBe("note.encoding");
        }
    }

    [Fact]
    public void Note_TooLongOrWithTooManySignatures_IsRefused()
    {
        Refused(new string('x', SignedNote.MostBytes) + "\n\n" + Signature + "\n", "note.size");
        var many = string.Concat(Enumerable.Repeat("\u2014 name AAAAAAA=\n", 100));
        SignedNote.TryParse(Encoding.UTF8.GetBytes("text\n\n" + many), out var note, out _).ShouldBeTrue();
        note!.Signatures.Count.ShouldBe(100);
        Refused("text\n\n" + many + "\u2014 name AAAAAAA=\n", "note.signature");
    }

    [Theory]
    [InlineData("", "checkpoint.lines")]
    [InlineData("a\n7\n", "checkpoint.lines")]
    [InlineData("a\n7\n" + Root, "checkpoint.lines")]
    [InlineData("a\n7\n" + Root + "\nextension\n", "checkpoint.lines")]
    [InlineData("a\n7\n" + Root + "\n\n", "checkpoint.lines")]
    [InlineData("\n7\n" + Root + "\n", "checkpoint.origin")]
    [InlineData("a\n\n" + Root + "\n", "checkpoint.size")]
    [InlineData("a\n07\n" + Root + "\n", "checkpoint.size")]
    [InlineData("a\n00\n" + Root + "\n", "checkpoint.size")]
    [InlineData("a\n-7\n" + Root + "\n", "checkpoint.size")]
    [InlineData("a\n+7\n" + Root + "\n", "checkpoint.size")]
    [InlineData("a\n 7\n" + Root + "\n", "checkpoint.size")]
    [InlineData("a\n7 \n" + Root + "\n", "checkpoint.size")]
    [InlineData("a\n7.0\n" + Root + "\n", "checkpoint.size")]
    [InlineData("a\n0x7\n" + Root + "\n", "checkpoint.size")]
    [InlineData("a\n\u0667\n" + Root + "\n", "checkpoint.size")] // another script's digit
    [InlineData("a\n9999999999999999999\n" + Root + "\n", "checkpoint.size")]
    [InlineData("a\n18446744073709551616\n" + Root + "\n", "checkpoint.size")]
    [InlineData("a\n7\n\n", "checkpoint.root")]
    [InlineData("a\n7\n" + Root + "=\n", "checkpoint.root")]
    [InlineData("a\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n", "checkpoint.root")]
    [InlineData("a\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n", "checkpoint.root")] // spare bits
    [InlineData("a\n7\nCsUYapGGPo4dkMgIAUqom_Xajj7h2fB2MPA3j2jxq2I=\n", "checkpoint.root")]
    [InlineData("a\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==\n", "checkpoint.root")] // 31 bytes
    [InlineData("a\n0\n" + Root + "\n", "checkpoint.root")] // an empty tree has one root
    public void Checkpoint_WithOneDefect_IsRefusedWithItsCode(string text, string code)
    {
        Checkpoint.TryParse(text, out var checkpoint, out var error).ShouldBeFalse();
        checkpoint.ShouldBeNull();
        error.ShouldBe(code);
    }

    [Fact]
    public void Checkpoint_OfAnEmptyTree_IsRead()
    {
        Checkpoint.TryParse("a\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", out var checkpoint, out _).ShouldBeTrue();
        checkpoint!.ShouldBe(new Checkpoint("a", 0, TreeHash.OfEmptyTree));
    }

    [Fact]
    public void SignedCheckpoint_OfAnotherOrChanged_IsRefusedWithItsCode()
    {
        Opened(Note).ShouldBeNull();
        Opened(Note.Replace("\n7\n", "\n8\n", StringComparison.Ordinal)).ShouldBe("checkpoint.signature");
        Opened(Note.Replace(Root, OtherHash, StringComparison.Ordinal)).ShouldBe("checkpoint.signature");
        Opened(Note.Replace("log.example/test\n", "log.example/text\n", StringComparison.Ordinal)).ShouldBe("checkpoint.otherLog");
        using var other = NoteSigner.Generate(Log, NoteKeyKind.Ed25519);
        Opened($"{Body}\n{other.Sign(Body)}\n").ShouldBe("checkpoint.signature");

        // One good signature does not mend a bad one of the same key.
        var bad = new NoteSignature(Log, Key.Verifier.KeyId, new byte[64]);
        Opened($"{Body}\n{Signature}\n{bad}\n").ShouldBe("checkpoint.signature");
        Opened($"{Body}\n{bad}\n").ShouldBe("checkpoint.signature");

        // The log's own signature, under the name of another or the id of another, is nobody's.
        Opened(Note.Replace("\u2014 log.example/test", "\u2014 log.example/tesu", StringComparison.Ordinal)).ShouldBe("checkpoint.signature");
    }

    [Fact]
    public void Cosignature_OfAnotherTimeOrKind_DoesNotHold()
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(1_790_000_000);
        var note = new SignedNote(Body, [Key.Sign(Body), Witness.Sign(Body, at)]);
        Witness.Verifier.CosignedAt(note).ShouldBe(at);
        var line = note.Signatures[1];
        var later = line.Bytes.ToArray();
        later[7]++;
        Witness.Verifier.CosignedAt(new SignedNote(Body, [line with { Bytes = later }])).ShouldBeNull();
        Witness.Verifier.CosignedAt(new SignedNote(Body.Replace("7", "8", StringComparison.Ordinal), [line])).ShouldBeNull();
        Witness.Verifier.CosignedAt(new SignedNote(Body, [line with { Bytes = line.Bytes[8..] }])).ShouldBeNull();
        var never = line.Bytes.ToArray();
        never.AsSpan(0, 8).Fill(0xff);
        Witness.Verifier.CosignedAt(new SignedNote(Body, [line with { Bytes = never }])).ShouldBeNull();
        Key.Verifier.CosignedAt(note).ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("name")]
    [InlineData("name+01020304")]
    [InlineData("name+01020304+AAAA")]
    [InlineData("+{id}+{key}")]
    [InlineData("a name+{id}+{key}")]
    [InlineData("{name}+{ID}+{key}")] // capitals
    [InlineData("{name}+0{id}+{key}")]
    [InlineData("{name}+00000000+{key}")]
    [InlineData("{name}+{id}+{key}=")]
    [InlineData("{name}+{id}+{key}\n")]
    [InlineData(" {name}+{id}+{key}")]
    [InlineData("{name}x+{id}+{key}")]
    public void VerifierKey_WithOneDefect_IsRefused(string text)
    {
        const string Id = "c74f20a3";
        const string Public = "ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
        var full = text.Replace("{name}", "PeterNeumann", StringComparison.Ordinal).Replace("{id}", Id, StringComparison.Ordinal)
            .Replace("{ID}", Id.ToUpperInvariant(), StringComparison.Ordinal).Replace("{key}", Public, StringComparison.Ordinal);
        NoteVerifier.TryParse(full, out _).ShouldBeFalse(full);
        NoteVerifier.TryParse($"PeterNeumann+{Id}+{Public}", out _).ShouldBeTrue();
        NoteSigner.TryParse("PRIVATE+KEY+" + full, out _).ShouldBeFalse(full);
        NoteSigner.TryParse($"PRIVATE+KEY+PeterNeumann+{Id}+{Public}", out _).ShouldBeFalse("a public key is no private key of the same id");
    }

    [Theory]
    [InlineData("")]
    [InlineData("checkpoint")]
    [InlineData("tile")]
    [InlineData("tile/0")]
    [InlineData("/tile/0/000")]
    [InlineData("tile/0/000/")]
    [InlineData("tile//000")]
    [InlineData("tile/00/000")]
    [InlineData("tile/64/000")]
    [InlineData("tile/-1/000")]
    [InlineData("tile/x/000")]
    [InlineData("tile/0/0")]
    [InlineData("tile/0/0000")]
    [InlineData("tile/0/x000")]
    [InlineData("tile/0/x000/001")] // an index has one form
    [InlineData("tile/0/001/234")]
    [InlineData("tile/0/x001/x234")]
    [InlineData("tile/0/X001/234")]
    [InlineData("tile/0/00a")]
    [InlineData("tile/0/\u0660\u0660\u0661")]
    [InlineData("tile/0/000.p")]
    [InlineData("tile/0/000.p/")]
    [InlineData("tile/0/000.p/0")]
    [InlineData("tile/0/000.p/01")]
    [InlineData("tile/0/000.p/256")]
    [InlineData("tile/0/000.p/-1")]
    [InlineData("tile/0/000.p/1/2")]
    [InlineData("tile/0/000.p/1.p/1")]
    [InlineData("tile/0/x001.p/1/234")]
    [InlineData("tile/0/../0/000")]
    [InlineData("tile/Entries/000")]
    [InlineData("tile/data/000")]
    [InlineData("tile/entries/x001/x001/x001/x001/x001/x001/x001/001")]
    public void TilePath_InAnyOtherForm_IsRefused(string text) => TilePath.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("0001")]
    [InlineData("000161 00")]
    [InlineData("000161 0002 62")]
    [InlineData("ffff00")]
    public void Bundle_WhoseLengthsDoNotAgree_IsRefused(string hex) => EntryBundle.TryRead(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), out _).ShouldBeFalse();

    [Fact]
    public void Bundle_OfMoreThan256Entries_IsRefused()
    {
        var full = Enumerable.Repeat<byte>(0, 2 * 256).ToArray();
        EntryBundle.TryRead(full, out var entries).ShouldBeTrue();
        entries!.Count.ShouldBe(256);
        EntryBundle.TryRead(new byte[] { 0, 0 }.Concat(full).ToArray(), out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("", "proof.size")]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 0\n", "proof.shape")]
    [InlineData("c2sp.org/tlog-proof@v2\nindex 0\n\n{note}", "proof.shape")]
    [InlineData("C2SP.org/tlog-proof@v1\nindex 0\n\n{note}", "proof.shape")]
    [InlineData("\nc2sp.org/tlog-proof@v1\nindex 0\n\n{note}", "proof.shape")]
    [InlineData("c2sp.org/tlog-proof@v1\r\nindex 0\n\n{note}", "proof.shape")]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 0\u00a0\n\n{note}", "proof.shape")]
    [InlineData("c2sp.org/tlog-proof@v1\nextra \nindex 0\n\n{note}", "proof.extra")]
    [InlineData("c2sp.org/tlog-proof@v1\nextra AB==\nindex 0\n\n{note}", "proof.extra")]
    [InlineData("c2sp.org/tlog-proof@v1\nextra AA==\nextra AA==\nindex 0\n\n{note}", "proof.index")]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 0\nextra AA==\n\n{note}", "proof.path")]
    [InlineData("c2sp.org/tlog-proof@v1\nextra AA==\n\n{note}", "proof.index")]
    [InlineData("c2sp.org/tlog-proof@v1\n" + OtherHash + "\n\n{note}", "proof.index")]
    [InlineData("c2sp.org/tlog-proof@v1\nindex\n\n{note}", "proof.index")]
    [InlineData("c2sp.org/tlog-proof@v1\nindex  0\n\n{note}", "proof.index")]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 01\n\n{note}", "proof.index")]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 0 \n\n{note}", "proof.index")]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 0\n" + OtherHash + " \n\n{note}", "proof.path")]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 0\nindex 0\n\n{note}", "proof.path")]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 0\n\nno note\n", "note.shape")]
    public void Proof_WithOneDefect_IsRefusedWithItsCode(string text, string code)
    {
        TlogProof.TryParse(Encoding.UTF8.GetBytes(text.Replace("{note}", Note, StringComparison.Ordinal)), out var proof, out var error).ShouldBeFalse();
        proof.ShouldBeNull();
        error.ShouldBe(code);
    }

    [Fact]
    public void Proof_OfMoreThan63Hashes_IsRefused()
    {
        string Of(int count) => "c2sp.org/tlog-proof@v1\nindex 0\n" + string.Concat(Enumerable.Repeat(OtherHash + "\n", count)) + "\n" + Note;
        TlogProof.TryParse(Encoding.UTF8.GetBytes(Of(63)), out _, out _).ShouldBeTrue();
        TlogProof.TryParse(Encoding.UTF8.GetBytes(Of(64)), out _, out var error).ShouldBeFalse();
        error.ShouldBe("proof.path");
    }

    [Fact]
    public async Task Proof_OfAnotherEntryPlaceLogOrWitness_DoesNotHoldWithItsCode()
    {
        byte[][] entries = [.. Enumerable.Range(0, 7).Select(TempLog.Entry)];
        var (log, tree) = MemoryLog.Of(entries);
        var checkpoint = tree with { Origin = Log };
        var path = await new LogReader(log, checkpoint).InclusionAsync(3, default);
        var note = checkpoint.Sign(Key).With(Witness.Sign(checkpoint.ToString(), DateTimeOffset.UnixEpoch.AddYears(56)));
        var proof = new TlogProof { Index = 3, Path = path, Checkpoint = note };
        string? Held(TlogProof one, byte[]? entry = null, NoteVerifier? log = null, NoteVerifier? witness = null) => one.Holds(entry ?? entries[3], log ?? Key.Verifier, witness ?? Witness.Verifier, out var error) ? null : error;

        Held(proof).ShouldBeNull();
        Held(proof, entry: entries[4]).ShouldBe("proof.inclusion");
        Held(new TlogProof { Index = 4, Path = path, Checkpoint = note }).ShouldBe("proof.inclusion");
        Held(new TlogProof { Index = 3, Path = [.. path.Skip(1)], Checkpoint = note }).ShouldBe("proof.inclusion");
        Held(new TlogProof { Index = 3, Path = [.. path, path[0]], Checkpoint = note }).ShouldBe("proof.inclusion");
        Held(new TlogProof { Index = 3, Path = path, Checkpoint = checkpoint.Sign(Key) }).ShouldBe("proof.witness");
        Held(new TlogProof { Index = 3, Path = path, Checkpoint = new SignedNote("\n" + note.Text, note.Signatures) }).ShouldBe("checkpoint.lines");
        using var other = NoteSigner.Generate("log.example/other", NoteKeyKind.Ed25519);
        Held(proof, log: other.Verifier).ShouldBe("checkpoint.otherLog");
        using var sameName = NoteSigner.Generate(Log, NoteKeyKind.Ed25519);
        Held(proof, log: sameName.Verifier).ShouldBe("checkpoint.signature");
    }

    [Theory]
    [InlineData("", "witness.shape")]
    [InlineData("old 0\n", "witness.shape")]
    [InlineData("old\n\n@", "witness.old")]
    [InlineData("Old 0\n\n@", "witness.old")]
    [InlineData("old  0\n\n@", "witness.old")]
    [InlineData("old 00\n\n@", "witness.old")]
    [InlineData("old -1\n\n@", "witness.old")]
    [InlineData("old 0 \n\n@", "witness.old")]
    [InlineData("old 0\r\n\n@", "witness.old")]
    [InlineData(" old 0\n\n@", "witness.old")]
    [InlineData("\n\n@", "witness.old")]
    [InlineData("old 1\nno hash\n\n@", "witness.proof")]
    [InlineData("old 1\n" + OtherHash + "=\n\n@", "witness.proof")]
    [InlineData("old 1\nold 1\n\n@", "witness.proof")]
    [InlineData("old 1\n\nno note", "note.shape")]
    public void WitnessRequest_WithOneDefect_IsRefusedWithItsCode(string text, string code)
    {
        WitnessRequest.TryParse(Encoding.UTF8.GetBytes(text.Replace("@", Note, StringComparison.Ordinal)), out var request, out var error).ShouldBeFalse();
        request.ShouldBeNull();
        error.ShouldBe(code);
    }

    [Fact]
    public void WitnessRequest_OfMoreThan63Hashes_IsRefused()
    {
        string Of(int count) => "old 1\n" + string.Concat(Enumerable.Repeat(OtherHash + "\n", count)) + "\n" + Note;
        WitnessRequest.TryParse(Encoding.UTF8.GetBytes(Of(63)), out _, out _).ShouldBeTrue();
        WitnessRequest.TryParse(Encoding.UTF8.GetBytes(Of(64)), out _, out var error).ShouldBeFalse();
        error.ShouldBe("witness.shape");
    }

    private static void Refused(string text, string code)
    {
        SignedNote.TryParse(Encoding.UTF8.GetBytes(text), out var note, out var error).ShouldBeFalse(text);
        note.ShouldBeNull();
        error.ShouldBe(code);
    }

    private static string? Opened(string text) => Checkpoint.TryOpen(Encoding.UTF8.GetBytes(text), Key.Verifier, out _, out _, out var error) ? null : error;
}
