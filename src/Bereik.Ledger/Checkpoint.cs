using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Bereik.Ledger;

/// <summary>The head of a log's tree (C2SP tlog-checkpoint): origin, size and root, and no extension lines.</summary>
/// <param name="Origin">The log's name: not empty, one line.</param>
/// <param name="Size">Number of entries.</param>
/// <param name="Root">Root of the tree of that size.</param>
public sealed record Checkpoint(string Origin, long Size, TreeHash Root)
{
    /// <summary>Reads the text of a note.</summary>
    /// <param name="text">Three lines, each ending in a line feed. Extension lines are refused: no monitor could check them.</param>
    /// <param name="checkpoint">What was read.</param>
    /// <param name="error"><c>checkpoint.lines</c>, <c>checkpoint.origin</c>, <c>checkpoint.size</c> or <c>checkpoint.root</c>.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out Checkpoint? checkpoint, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        checkpoint = null;
        var lines = text.Split('\n');
        if (lines.Length != 4 || lines[3].Length != 0) return Wrong("checkpoint.lines", out error);
        if (lines[0].Length == 0) return Wrong("checkpoint.origin", out error);
        if (!TryReadSize(lines[1], out var size)) return Wrong("checkpoint.size", out error);
        if (!TreeHash.TryParse(lines[2], out var root) || (size == 0 && root != TreeHash.OfEmptyTree)) return Wrong("checkpoint.root", out error);
        error = null;
        checkpoint = new Checkpoint(lines[0], size, root);
        return true;
    }

    /// <summary>Reads a signed checkpoint and verifies that its log signed it.</summary>
    /// <param name="bytes">Foreign bytes.</param>
    /// <param name="log">The log's key; its name is the origin.</param>
    /// <param name="note">The note, also with signatures of others.</param>
    /// <param name="checkpoint">What it says.</param>
    /// <param name="error">A code of <see cref="SignedNote.TryParse"/> or of this type, <c>checkpoint.otherLog</c>, or <c>checkpoint.signature</c>.</param>
    public static bool TryOpen(ReadOnlySpan<byte> bytes, NoteVerifier log, [NotNullWhen(true)] out SignedNote? note, [NotNullWhen(true)] out Checkpoint? checkpoint, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(log);
        checkpoint = null;
        if (!SignedNote.TryParse(bytes, out note, out error) || !TryParse(note.Text, out var read, out error)) return false;
        error = read.Origin != log.Name ? "checkpoint.otherLog" : !note.IsSignedBy(log) ? "checkpoint.signature" : null;
        if (error is not null) return false;
        checkpoint = read;
        return true;
    }

    /// <summary>The checkpoint signed by its log.</summary>
    /// <param name="key">The log's key.</param>
    public SignedNote Sign(NoteSigner key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.Verifier.Name != Origin) throw new ArgumentException("A log signs its own checkpoints only.", nameof(key));
        return new SignedNote(ToString(), [key.Sign(ToString())]);
    }

    /// <summary>The text of the note.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Root}\n");

    internal static bool TryReadSize(ReadOnlySpan<char> text, out long size)
    {
        size = -1;
        if (text.Length is 0 or > 18 || text.ContainsAnyExceptInRange('0', '9') || (text.Length > 1 && text[0] == '0')) return false;
        size = long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
        return true;
    }

    private static bool Wrong(string code, out string error)
    {
        error = code;
        return false;
    }
}
