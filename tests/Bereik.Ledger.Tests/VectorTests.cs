using System.Text;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace Bereik.Ledger.Tests;

// Values that others published; vectors/README.md says where.
public sealed class VectorTests
{
    private static readonly JsonElement Tree = Load("rfc6962-tree.json");
    private static readonly JsonElement Notes = Load("notes.json");
    private static readonly TreeHash[] Leaves = [.. Tree.GetProperty("leaves").EnumerateArray().Select(leaf => MerkleTree.LeafHash(Convert.FromHexString(leaf.GetString()!)))];
    private static readonly TreeHash[] Roots = [.. Tree.GetProperty("roots").EnumerateArray().Select(Hex)];

    // RFC 6962, 2.1.3: a tree of seven leaves, by the names that its nodes have there.
    private static readonly Dictionary<char, TreeHash> Named = SevenLeaves();

    public static TheoryData<int> Verified => [.. Enumerable.Range(0, Notes.GetProperty("verified").GetArrayLength())];

    public static TheoryData<string> Refused => [.. Notes.GetProperty("refused").EnumerateArray().Select(one => one.GetProperty("note").GetString()!)];

    public static TheoryData<string> BadKeys => [.. Notes.GetProperty("badKeys").EnumerateArray().Select(one => one.GetProperty("key").GetString()!)];

    public static TheoryData<string, string> RefusedProofs => [.. Notes.GetProperty("refusedProofs").EnumerateArray().Select(one => (one.GetProperty("proof").GetString()!, one.GetProperty("error").GetString()!))];

    [Fact]
    public void Hashes_OfTheKnownTree_AreThePublishedOnes()
    {
        Leaves.ShouldBe(Tree.GetProperty("leafHashes").EnumerateArray().Select(Hex));
        for (var size = 0; size <= Leaves.Length; size++) MerkleTree.Root(Leaves.AsSpan(0, size)).ShouldBe(Roots[size]);
    }

    [Fact]
    public void Tree_ThatGrows_HasThePublishedRoots()
    {
        var tree = TileTree.Empty();
        tree.Root().ShouldBe(Roots[0]);
        for (var i = 0; i < Leaves.Length; i++)
        {
            tree.Append(Leaves[i], []);
            tree.Root().ShouldBe(Roots[i + 1]);
        }
    }

    [Fact]
    public async Task Inclusion_OfTheKnownTree_IsThePublishedOne()
    {
        foreach (var one in Tree.GetProperty("inclusion").EnumerateArray())
        {
            var (index, size) = (one.GetProperty("index").GetInt32(), one.GetProperty("size").GetInt32());
            var path = Hashes(one.GetProperty("path"));
            MerkleTree.Path(Leaves.AsSpan(0, size), index).ShouldBe(path);
            (await MemoryLog.Of(Leaves[..size]).InclusionAsync(index, default)).ShouldBe(path);
            MerkleTree.IsIncluded(Leaves[index], index, size, path, Roots[size]).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Consistency_OfTheKnownTree_IsThePublishedOne()
    {
        foreach (var one in Tree.GetProperty("consistency").EnumerateArray())
        {
            var (old, size) = (one.GetProperty("oldSize").GetInt32(), one.GetProperty("size").GetInt32());
            var proof = Hashes(one.GetProperty("proof"));
            (await MemoryLog.Of(Leaves[..size]).ConsistencyAsync(old, default)).ShouldBe(proof);
            MerkleTree.IsConsistent(old, Roots[old], size, Roots[size], proof).ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData(0, "bhl")]
    [InlineData(3, "cgl")]
    [InlineData(4, "fjk")]
    [InlineData(6, "ik")]
    public async Task Inclusion_InTheExampleOfRfc6962_IsTheOneNamedThere(int index, string names)
    {
        var leaves = Leaves[..7];
        var path = names.Select(name => Named[name]).ToList();
        MerkleTree.Path(leaves, index).ShouldBe(path);
        (await MemoryLog.Of(leaves).InclusionAsync(index, default)).ShouldBe(path);
        MerkleTree.IsIncluded(leaves[index], index, 7, path, Roots[7]).ShouldBeTrue();
    }

    [Theory]
    [InlineData(3, "cdgl")]
    [InlineData(4, "l")]
    [InlineData(6, "ijk")]
    public async Task Consistency_InTheExampleOfRfc6962_IsTheOneNamedThere(int old, string names)
    {
        var proof = names.Select(name => Named[name]).ToList();
        (await MemoryLog.Of(Leaves[..7]).ConsistencyAsync(old, default)).ShouldBe(proof);
        MerkleTree.IsConsistent(old, Roots[old], 7, Roots[7], proof).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Verified))]
    public void Note_OfOthers_IsReadAndVerified(int which)
    {
        var one = Notes.GetProperty("verified")[which];
        var bytes = Encoding.UTF8.GetBytes(one.GetProperty("note").GetString()!);
        SignedNote.TryParse(bytes, out var note, out var error).ShouldBeTrue(error);
        note.ToBytes().ShouldBe(bytes);
        foreach (var text in one.GetProperty("keys").EnumerateArray().Select(key => key.GetString()!))
        {
            NoteVerifier.TryParse(text, out var key).ShouldBeTrue(text);
            key.ToString().ShouldBe(text);
            note.IsSignedBy(key).ShouldBeTrue(text);
            new SignedNote(note.Text + "x\n", note.Signatures).IsSignedBy(key).ShouldBeFalse(text);
        }
    }

    [Fact]
    public void Checkpoint_OfAPublicLog_IsReadWithTheTimesOfItsWitnesses()
    {
        var one = Notes.GetProperty("verified")[2];
        var keys = one.GetProperty("keys").EnumerateArray().Select(text => Key(text.GetString()!)).ToList();
        Checkpoint.TryOpen(Encoding.UTF8.GetBytes(one.GetProperty("note").GetString()!), keys[0], out var note, out var checkpoint, out var error).ShouldBeTrue(error);
        checkpoint.Size.ShouldBe(1432088532);
        foreach (var witness in keys.Skip(1)) witness.CosignedAt(note).ShouldBe(DateTimeOffset.FromUnixTimeSeconds(0x6a122120));
        keys[0].CosignedAt(note).ShouldBeNull();
    }

    [Fact]
    public void Signer_OfGo_MakesTheSameNote()
    {
        var signer = Notes.GetProperty("signer");
        NoteSigner.TryParse(signer.GetProperty("private").GetString()!, out var key).ShouldBeTrue();
        using (key)
        {
            key.Verifier.ToString().ShouldBe(signer.GetProperty("public").GetString());
            key.Export().ShouldBe(signer.GetProperty("private").GetString());
            SignedNote.TryParse(Encoding.UTF8.GetBytes(Notes.GetProperty("verified")[0].GetProperty("note").GetString()!), out var note, out _).ShouldBeTrue();
            key.Sign(note.Text).ToString().ShouldBe(note.Signatures[0].ToString());
        }
    }

    [Fact]
    public void Notes_OfTheSpecifications_AreReadToTheSameBytes()
    {
        foreach (var text in Notes.GetProperty("parsed").EnumerateArray().Select(one => one.GetString()!))
        {
            SignedNote.TryParse(Encoding.UTF8.GetBytes(text), out var note, out var error).ShouldBeTrue(error);
            note.ToString().ShouldBe(text);
        }
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Note_ThatGoRefuses_IsRefused(string text) => SignedNote.TryParse(Encoding.UTF8.GetBytes(text), out _, out _).ShouldBeFalse();

    [Theory]
    [MemberData(nameof(BadKeys))]
    public void Key_ThatGoRefuses_IsRefused(string text) => NoteVerifier.TryParse(text, out _).ShouldBeFalse();

    // As golang.org/x/mod/sumdb/note has it: no part of a key, and none with one character changed, is a key.
    [Fact]
    public void Keys_Mangled_AreRefused()
    {
        var signer = Notes.GetProperty("signer");
        foreach (var (text, reads) in new (string, Func<string, bool>)[]
        {
            (signer.GetProperty("public").GetString()!, part => NoteVerifier.TryParse(part, out _)),
            (signer.GetProperty("private").GetString()!, part => NoteSigner.TryParse(part, out _)),
        })
        {
            reads(text).ShouldBeTrue();
            for (var start = 0; start < text.Length; start++)
            {
                for (var end = start + 1; end <= text.Length; end++)
                    if (end - start < text.Length) reads(text[start..end]).ShouldBeFalse(text[start..end]);
                var changed = text.ToCharArray();
                changed[start]++;
                reads(new string(changed)).ShouldBeFalse(new string(changed));
            }
        }
    }

    [Fact]
    public void Cosignature_TimeOfAPublishedOne_IsRead()
    {
        var one = Notes.GetProperty("cosignatureTime");
        var bytes = Convert.FromBase64String(one.GetProperty("signature").GetString()!);
        System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(4)).ShouldBe(one.GetProperty("time").GetInt64());
        SignedNote.TryParseLines($"\u2014 w {Convert.ToBase64String(bytes)}\n", out var lines).ShouldBeTrue();
        lines.ShouldHaveSingleItem().Bytes.Length.ShouldBe(72);
    }

    [Fact]
    public void WitnessRequestAndAnswer_OfTheSpecification_AreReadToTheSameText()
    {
        var text = Notes.GetProperty("witnessRequest").GetString()!;
        WitnessRequest.TryParse(Encoding.UTF8.GetBytes(text), out var request, out var error).ShouldBeTrue(error);
        request.OldSize.ShouldBe(20852014);
        request.Proof.Count.ShouldBe(4);
        request.Checkpoint.Signatures.Count.ShouldBe(2);
        request.ToString().ShouldBe(text);
        var answer = Notes.GetProperty("witnessAnswer").GetString()!;
        SignedNote.TryParseLines(answer, out var lines).ShouldBeTrue();
        string.Concat(lines.Select(line => line + "\n")).ShouldBe(answer);
    }

    [Theory]
    [MemberData(nameof(RefusedProofs))]
    public void Proof_ThatOthersRefuse_IsRefusedWithItsCode(string text, string code)
    {
        TlogProof.TryParse(Encoding.UTF8.GetBytes(text), out _, out var error).ShouldBeFalse();
        error.ShouldBe(code);
    }

    [Theory]
    [InlineData("tile/0/x001/x234/067", 0, 1234067, 256)]
    [InlineData("tile/5/x123/x456/078", 5, 123456078, 256)]
    [InlineData("tile/5/x123/x456/078.p/2", 5, 123456078, 2)]
    [InlineData("tile/0/001.p/5", 0, 1, 5)]
    [InlineData("tile/0/x003/x057/500", 0, 3057500, 256)]
    [InlineData("tile/entries/x003/x057/500", TilePath.Entries, 3057500, 256)]
    public void TilePath_AsPublished_IsReadAndWritten(string text, int level, long index, int width)
    {
        TilePath.TryParse(text, out var path).ShouldBeTrue();
        path.ShouldBe(new TilePath(level, index, width));
        path.ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData("tile/5/123/456/078")]
    [InlineData("tile/-1/123/456/078")]
    public void TilePath_ThatGoRefuses_IsRefused(string text) => TilePath.TryParse(text, out _).ShouldBeFalse();

    // C2SP tlog-tiles, "Partial Tiles".
    [Fact]
    public void Tiles_OfTheSizesInTheSpecification_AreTheOnesNamedThere()
    {
        Widths(0, 70_000).ShouldBe([.. Enumerable.Repeat(256, 273), 112]);
        Widths(1, 70_000).ShouldBe([256, 17]);
        Widths(2, 70_000).ShouldBe([1]);
        Widths(3, 70_000).ShouldBeEmpty();
        Widths(0, 256).ShouldBe([256]);
        Widths(1, 256).ShouldBe([1]);
        Widths(2, 256).ShouldBeEmpty();
    }

    private static List<int> Widths(int level, long size)
    {
        var widths = new List<int>();
        while (TilePath.In(level, widths.Count, size) is { } path) widths.Add(path.Width);
        return widths;
    }

    private static JsonElement Load(string name)
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vectors", name)));
        return file.RootElement.Clone();
    }

    private static TreeHash Hex(JsonElement text) => new(Convert.FromHexString(text.GetString()!));

    private static NoteVerifier Key(string text) => NoteVerifier.TryParse(text, out var key) ? key : throw new InvalidOperationException(text);

    private static List<TreeHash> Hashes(JsonElement list) => [.. list.EnumerateArray().Select(text => TreeHash.TryParse(text.GetString(), out var hash) ? hash : throw new InvalidOperationException())];

    private static Dictionary<char, TreeHash> SevenLeaves()
    {
        var named = new Dictionary<char, TreeHash>();
        for (var i = 0; i < 6; i++) named[(char)('a' + i)] = Leaves[i];
        named['j'] = Leaves[6];
        named['g'] = MerkleTree.NodeHash(named['a'], named['b']);
        named['h'] = MerkleTree.NodeHash(named['c'], named['d']);
        named['i'] = MerkleTree.NodeHash(named['e'], named['f']);
        named['k'] = MerkleTree.NodeHash(named['g'], named['h']);
        named['l'] = MerkleTree.NodeHash(named['i'], named['j']);
        return named;
    }
}
