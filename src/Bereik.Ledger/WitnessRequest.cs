using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Bereik.Ledger;

/// <summary>The body of <c>add-checkpoint</c> (C2SP tlog-witness): the size that the witness had, the proof from it, and the new checkpoint.</summary>
/// <param name="OldSize">The size that the witness last cosigned.</param>
/// <param name="Proof">Consistency proof from there, at most 63 hashes.</param>
/// <param name="Checkpoint">The signed checkpoint.</param>
public sealed record WitnessRequest(long OldSize, IReadOnlyList<TreeHash> Proof, SignedNote Checkpoint)
{
    /// <summary>Reads a body.</summary>
    /// <param name="bytes">Foreign bytes.</param>
    /// <param name="request">What was read.</param>
    /// <param name="error"><c>witness.shape</c>, <c>witness.old</c>, <c>witness.proof</c>, or a code of <see cref="SignedNote.TryParse"/>.</param>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out WitnessRequest? request, [NotNullWhen(false)] out string? error)
    {
        request = null;
        var split = bytes.IndexOf("\n\n"u8);
        if (split < 0 || split > 64 * (TreeHash.TextLength + 1)) return Wrong("witness.shape", out error);
        var lines = Encoding.ASCII.GetString(bytes[..split]).Split('\n');
        if (!lines[0].StartsWith("old ", StringComparison.Ordinal) || !Ledger.Checkpoint.TryReadSize(lines[0].AsSpan(4), out var old)) return Wrong("witness.old", out error);
        var proof = new List<TreeHash>();
        foreach (var line in lines[1..])
        {
            if (proof.Count == 63 || !TreeHash.TryParse(line, out var hash)) return Wrong("witness.proof", out error);
            proof.Add(hash);
        }

        if (!SignedNote.TryParse(bytes[(split + 2)..], out var note, out error)) return false;
        request = new WitnessRequest(old, proof, note);
        return true;
    }

    /// <summary>The body as it is written.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(FormattableString.Invariant($"old {OldSize}\n"));
        foreach (var hash in Proof) text.Append(hash).Append('\n');
        return text.Append('\n').Append(Checkpoint).ToString();
    }

    private static bool Wrong(string code, out string error)
    {
        error = code;
        return false;
    }
}
