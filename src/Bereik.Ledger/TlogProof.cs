using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Bereik.Ledger;

/// <summary>A proof that can be checked offline (C2SP tlog-proof): an entry's place and path, and the checkpoint of its tree with its signatures.</summary>
public sealed class TlogProof
{
    private const string FirstLine = "c2sp.org/tlog-proof@v1";
    private const int MostBytes = 512 * 1024;
    private const int MostHashes = 63;

    /// <summary>Data of the application, not authenticated by the proof; may be empty.</summary>
    public ReadOnlyMemory<byte> Extra { get; init; }

    /// <summary>The entry's place in the log, from 0.</summary>
    public required long Index { get; init; }

    /// <summary>The inclusion path, from the leaf's sibling up.</summary>
    public required IReadOnlyList<TreeHash> Path { get; init; }

    /// <summary>The signed checkpoint.</summary>
    public required SignedNote Checkpoint { get; init; }

    /// <summary>Reads a proof.</summary>
    /// <param name="bytes">Foreign bytes, UTF-8.</param>
    /// <param name="proof">What was read.</param>
    /// <param name="error"><c>proof.size</c>, <c>proof.shape</c>, <c>proof.extra</c>, <c>proof.index</c>, <c>proof.path</c>, or a code of <see cref="SignedNote.TryParse"/>.</param>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out TlogProof? proof, [NotNullWhen(false)] out string? error)
    {
        proof = null;
        if (bytes.Length is 0 or > MostBytes) return Wrong("proof.size", out error);
        var split = bytes.IndexOf("\n\n"u8);
        if (split < 0) return Wrong("proof.shape", out error);
        var head = bytes[..split];
        if (head.ContainsAnyExceptInRange((byte)' ', (byte)'~') && !IsLines(head)) return Wrong("proof.shape", out error);
        var lines = Encoding.ASCII.GetString(head).Split('\n');
        var at = 1;
        if (lines.Length < 2 || lines[0] != FirstLine) return Wrong("proof.shape", out error);
        byte[] extra = [];
        if (lines[at].StartsWith("extra ", StringComparison.Ordinal))
        {
            // No extra data has one form only: no line.
            if (!StrictBase64.TryDecode(lines[at].AsSpan(6), out var decoded) || decoded.Length == 0) return Wrong("proof.extra", out error);
            (extra, at) = (decoded, at + 1);
        }

        if (at == lines.Length || !lines[at].StartsWith("index ", StringComparison.Ordinal) || !Ledger.Checkpoint.TryReadSize(lines[at].AsSpan(6), out var index)) return Wrong("proof.index", out error);
        var path = new List<TreeHash>();
        foreach (var line in lines[(at + 1)..])
        {
            if (path.Count == MostHashes || !TreeHash.TryParse(line, out var hash)) return Wrong("proof.path", out error);
            path.Add(hash);
        }

        if (!SignedNote.TryParse(bytes[(split + 2)..], out var note, out error)) return false;
        proof = new TlogProof { Extra = extra, Index = index, Path = path, Checkpoint = note };
        return true;
    }

    /// <summary>Whether the proof holds for an entry.</summary>
    /// <param name="entry">The entry's bytes.</param>
    /// <param name="log">The log's key.</param>
    /// <param name="witness">A witness that must have cosigned; null when none must.</param>
    /// <param name="error"><c>proof.witness</c>, <c>proof.inclusion</c>, or a code of <see cref="Ledger.Checkpoint"/>.</param>
    public bool Holds(ReadOnlySpan<byte> entry, NoteVerifier log, NoteVerifier? witness, [NotNullWhen(false)] out string? error)
    {
        if (!Ledger.Checkpoint.TryOpen(Checkpoint.ToBytes(), log, out _, out var checkpoint, out error)) return false;
        if (witness is not null && witness.CosignedAt(Checkpoint) is null) return Wrong("proof.witness", out error);
        return MerkleTree.IsIncluded(MerkleTree.LeafHash(entry), Index, checkpoint.Size, Path, checkpoint.Root) || Wrong("proof.inclusion", out error);
    }

    /// <summary>The proof as it is written.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(FirstLine).Append('\n');
        if (!Extra.IsEmpty) text.Append("extra ").Append(Convert.ToBase64String(Extra.Span)).Append('\n');
        text.Append(FormattableString.Invariant($"index {Index}\n"));
        foreach (var hash in Path) text.Append(hash).Append('\n');
        return text.Append('\n').Append(Checkpoint).ToString();
    }

    private static bool IsLines(ReadOnlySpan<byte> head)
    {
        foreach (var c in head)
            if (c is not (>= (byte)' ' and <= (byte)'~') and not (byte)'\n') return false;
        return true;
    }

    private static bool Wrong(string code, out string error)
    {
        error = code;
        return false;
    }
}
