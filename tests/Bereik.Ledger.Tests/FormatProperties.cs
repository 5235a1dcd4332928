using System.Text;
using CsCheck;
using Shouldly;
using Xunit;

namespace Bereik.Ledger.Tests;

// What is read writes to the same bytes: one value has one text, so nothing can be changed and still hold.
public sealed class FormatProperties
{
    private static readonly Gen<TreeHash> Hashes = Gen.Byte.Array[TreeHash.Length].Select(bytes => new TreeHash(bytes));
    private static readonly Gen<string> Names = Gen.Char["abcdefghijklmnopqrstuvwxyz0123456789./-_\u00e9\u20ac"].Array[1, 40].Select(chars => new string(chars));
    private static readonly Gen<NoteSignature> Signatures = Gen.Select(Names, Gen.UInt, Gen.Byte.Array[1, 100]).Select((name, id, bytes) => new NoteSignature(name, id, bytes));
    private static readonly Gen<string> Texts = Gen.Char["abc \u00e9\u2014+=\n"].Array[0, 80].Select(chars => new string(chars) + "\n");
    private static readonly Gen<Checkpoint> Checkpoints = Gen.Select(Names, Gen.Long[1, 999_999_999_999_999_999], Hashes).Select((name, size, root) => new Checkpoint(name, size, root));
    private static readonly Gen<SignedNote> Notes = Gen.Select(Gen.OneOf(Texts, Checkpoints.Select(one => one.ToString())), Signatures.Array[1, 5]).Select((text, signatures) => new SignedNote(text, signatures));

    private static readonly Gen<TlogProof> Proofs = Gen.Select(Gen.Byte.Array[0, 40], Gen.Long[0, 999_999_999], Hashes.Array[0, 63], Notes)
        .Select((extra, index, path, note) => new TlogProof { Extra = extra, Index = index, Path = path, Checkpoint = note });

    private static readonly Gen<WitnessRequest> Requests = Gen.Select(Gen.Long[0, 999_999_999], Hashes.Array[0, 63], Notes).Select((old, proof, note) => new WitnessRequest(old, proof, note));
    private static readonly Gen<byte[][]> Entries = Gen.Byte.Array[0, 300].Array[1, 256];

    private static readonly byte[][] Puts = ["\n"u8.ToArray(), " "u8.ToArray(), "="u8.ToArray(), "0"u8.ToArray(), "\u2014"u8.ToArray(), "\r\n"u8.ToArray(), [0xc0, 0x80]];

    // A change of some bytes, a cut, or something put between.
    private static readonly Gen<Func<byte[], byte[]>> Mutations = Gen.Select(Gen.Int[0, 3], Gen.Double[0, 1], Gen.Byte, Gen.Int[0, Puts.Length - 1].Select(i => Puts[i]))
        .Select((kind, where, value, put) => new Func<byte[], byte[]>(bytes =>
        {
            var at = Math.Min(bytes.Length - 1, (int)(where * bytes.Length));
            byte[] changed = [.. bytes];
            if (kind == 0) changed[at] = value;
            if (kind == 1) changed[at] ^= (byte)(1 << (value % 8));
            return kind < 2 ? changed : kind == 2 ? [.. bytes[..at], .. put, .. bytes[at..]] : [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + 1 + (value % 60))..]];
        }));

    [Fact]
    public void Note_Written_ReadsToTheSame() => Notes.Sample(note =>
    {
        var bytes = note.ToBytes();
        SignedNote.TryParse(bytes, out var read, out var error).ShouldBeTrue(error);
        read.Text.ShouldBe(note.Text);
        read.ToBytes().ShouldBe(bytes);
    });

    [Fact]
    public void Checkpoint_Written_ReadsToTheSame() => Checkpoints.Sample(checkpoint =>
    {
        Checkpoint.TryParse(checkpoint.ToString(), out var read, out var error).ShouldBeTrue(error);
        read.ShouldBe(checkpoint);
    });

    [Fact]
    public void Proof_Written_ReadsToTheSame() => Proofs.Sample(proof =>
    {
        TlogProof.TryParse(Encoding.UTF8.GetBytes(proof.ToString()), out var read, out var error).ShouldBeTrue(error);
        read.ToString().ShouldBe(proof.ToString());
        read.Path.ShouldBe(proof.Path);
        read.Extra.ToArray().ShouldBe(proof.Extra.ToArray());
    }, iter: 1000);

    [Fact]
    public void WitnessRequest_Written_ReadsToTheSame() => Requests.Sample(request =>
    {
        WitnessRequest.TryParse(Encoding.UTF8.GetBytes(request.ToString()), out var read, out var error).ShouldBeTrue(error);
        read.ToString().ShouldBe(request.ToString());
    }, iter: 1000);

    [Fact]
    public void Bundle_Written_ReadsToTheSame() => Entries.Sample(entries =>
    {
        EntryBundle.TryRead(EntryBundle.Write([.. entries.Select(entry => (ReadOnlyMemory<byte>)entry)]), out var read).ShouldBeTrue();
        read!.Select(entry => entry.ToArray()).ShouldBe(entries);
    }, iter: 300);

    [Fact]
    public void TilePath_Written_ReadsToTheSame() => Gen.Select(Gen.Int[-1, 63], Gen.Long[0, 999_999_999_999], Gen.Int[1, 256]).Sample((level, index, width) =>
    {
        var path = new TilePath(level, index, width);
        TilePath.TryParse(path.ToString(), out var read).ShouldBeTrue(path.ToString());
        read.ShouldBe(path);
    });

    [Fact]
    public void Note_Mutated_IsRefusedOrReadsToTheSameBytes() => Gen.Select(Notes, Mutations).Sample((note, mutate) =>
    {
        var bytes = mutate(note.ToBytes());
        if (SignedNote.TryParse(bytes, out var read, out _)) read.ToBytes().ShouldBe(bytes);
    });

    [Fact]
    public void Checkpoint_Mutated_IsRefusedOrReadsToTheSameText() => Gen.Select(Checkpoints, Mutations).Sample((checkpoint, mutate) =>
    {
        var text = Encoding.UTF8.GetString(mutate(Encoding.UTF8.GetBytes(checkpoint.ToString())));
        if (Checkpoint.TryParse(text, out var read, out _)) read.ToString().ShouldBe(text);
    });

    [Fact]
    public void Proof_Mutated_IsRefusedOrReadsToTheSameBytes() => Gen.Select(Proofs, Mutations).Sample((proof, mutate) =>
    {
        var bytes = mutate(Encoding.UTF8.GetBytes(proof.ToString()));
        if (TlogProof.TryParse(bytes, out var read, out _)) Encoding.UTF8.GetBytes(read.ToString()).ShouldBe(bytes);
    }, iter: 2000);

    [Fact]
    public void WitnessRequest_Mutated_IsRefusedOrReadsToTheSameBytes() => Gen.Select(Requests, Mutations).Sample((request, mutate) =>
    {
        var bytes = mutate(Encoding.UTF8.GetBytes(request.ToString()));
        if (WitnessRequest.TryParse(bytes, out var read, out _)) Encoding.UTF8.GetBytes(read.ToString()).ShouldBe(bytes);
    }, iter: 2000);

    [Fact]
    public void Bundle_Mutated_IsRefusedOrReadsToTheSameBytes() => Gen.Select(Entries, Mutations).Sample((entries, mutate) =>
    {
        var bytes = mutate(EntryBundle.Write([.. entries.Select(entry => (ReadOnlyMemory<byte>)entry)]));
        if (EntryBundle.TryRead(bytes, out var read)) EntryBundle.Write(read).ShouldBe(bytes);
    }, iter: 500);

    [Fact]
    public void TilePath_Mutated_IsRefusedOrReadsToTheSameText() => Gen.Select(Gen.Int[-1, 63], Gen.Long[0, 999_999_999], Gen.Int[1, 256], Mutations).Sample((level, index, width, mutate) =>
    {
        var text = Encoding.UTF8.GetString(mutate(Encoding.UTF8.GetBytes(new TilePath(level, index, width).ToString())));
        if (TilePath.TryParse(text, out var read)) read.ToString().ShouldBe(text);
    });

    [Fact]
    public void VerifierKey_Mutated_IsRefused() => Mutations.Sample(mutate =>
    {
        var text = TempLog.Key.Verifier.ToString();
        var changed = Encoding.UTF8.GetString(mutate(Encoding.UTF8.GetBytes(text)));
        if (changed != text) NoteVerifier.TryParse(changed, out _).ShouldBeFalse(changed);
    });

    [Fact]
    public void SignedCheckpoint_Mutated_IsRefusedOrSaysTheSame() => Mutations.Sample(mutate =>
    {
        var checkpoint = new Checkpoint(TempLog.Key.Verifier.Name, 12, MerkleTree.LeafHash("x"u8));
        var bytes = mutate(checkpoint.Sign(TempLog.Key).ToBytes());
        if (Checkpoint.TryOpen(bytes, TempLog.Key.Verifier, out _, out var read, out _)) read.ShouldBe(checkpoint);
    });
}
