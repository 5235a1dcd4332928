using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Bereik.Ledger;

/// <summary>A signed note (C2SP signed-note): a text and signature lines. What its text says counts for nothing until a signature was verified.</summary>
public sealed class SignedNote
{
    /// <summary>The longest note that is read, in bytes.</summary>
    public const int MostBytes = 64 * 1024;

    private const int MostSignatures = 100;
    private const string LineStart = "\u2014 ";
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A note of a text and signatures.</summary>
    /// <param name="text">The text, ending in a line feed.</param>
    /// <param name="signatures">At least one.</param>
    public SignedNote(string text, IReadOnlyList<NoteSignature> signatures)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(signatures);
        if (!text.EndsWith('\n')) throw new ArgumentException("A note's text ends in a line feed.", nameof(text));
        if (signatures.Count == 0) throw new ArgumentException("A note has a signature.", nameof(signatures));
        (Text, Signatures) = (text, signatures);
    }

    /// <summary>The signed text, with its last line feed.</summary>
    public string Text { get; }

    /// <summary>Every signature line, known or not, in order.</summary>
    public IReadOnlyList<NoteSignature> Signatures { get; }

    /// <summary>Reads a note.</summary>
    /// <param name="bytes">Foreign bytes, UTF-8.</param>
    /// <param name="note">What was read.</param>
    /// <param name="error"><c>note.size</c>, <c>note.encoding</c>, <c>note.control</c>, <c>note.shape</c> (no blank line before the signatures), or <c>note.signature</c>.</param>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SignedNote? note, [NotNullWhen(false)] out string? error)
    {
        note = null;
        if (bytes.Length is 0 or > MostBytes) return Wrong("note.size", out error);
        string whole;
        try
        {
            whole = Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Wrong("note.encoding", out error);
        }

        if (whole.Any(c => c < ' ' && c != '\n')) return Wrong("note.control", out error);
        var split = whole.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (split < 0 || !whole.EndsWith('\n') || split + 2 == whole.Length) return Wrong("note.shape", out error);
        var signatures = new List<NoteSignature>();
        foreach (var line in whole[(split + 2)..^1].Split('\n'))
        {
            if (signatures.Count == MostSignatures || !TryReadLine(line, out var signature)) return Wrong("note.signature", out error);
            signatures.Add(signature);
        }

        error = null;
        note = new SignedNote(whole[..(split + 1)], signatures);
        return true;
    }

    /// <summary>Reads signature lines alone, as a witness answers with.</summary>
    /// <param name="text">Lines, each ending in a line feed.</param>
    /// <param name="signatures">What was read.</param>
    public static bool TryParseLines(string text, [NotNullWhen(true)] out IReadOnlyList<NoteSignature>? signatures)
    {
        ArgumentNullException.ThrowIfNull(text);
        signatures = null;
        if (!text.EndsWith('\n')) return false;
        var read = new List<NoteSignature>();
        foreach (var line in text[..^1].Split('\n'))
        {
            if (read.Count == MostSignatures || !TryReadLine(line, out var signature)) return false;
            read.Add(signature);
        }

        signatures = read;
        return true;
    }

    /// <summary>The same note with more signatures.</summary>
    /// <param name="more">Added at the end.</param>
    public SignedNote With(params IEnumerable<NoteSignature> more) => new(Text, [.. Signatures, .. more]);

    /// <summary>Whether a key signed it. A signature of another key, even of the same name or id, counts for nothing.</summary>
    /// <param name="verifier">The key.</param>
    /// <returns>False when there is no signature of the key, or one that does not hold.</returns>
    public bool IsSignedBy(NoteVerifier verifier)
    {
        ArgumentNullException.ThrowIfNull(verifier);
        var own = Signatures.Where(signature => signature.Name == verifier.Name && signature.KeyId == verifier.KeyId).ToList();
        return own.Count > 0 && own.All(signature => verifier.Holds(Text, signature));
    }

    /// <summary>The note as UTF-8.</summary>
    public byte[] ToBytes() => Strict.GetBytes(ToString());

    /// <summary>The note as it is written.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Text).Append('\n');
        foreach (var signature in Signatures) text.Append(signature).Append('\n');
        return text.ToString();
    }

    private static bool TryReadLine(string line, [NotNullWhen(true)] out NoteSignature? signature)
    {
        signature = null;
        if (!line.StartsWith(LineStart, StringComparison.Ordinal)) return false;
        var parts = line[LineStart.Length..].Split(' ');
        if (parts.Length != 2 || !NoteVerifier.IsName(parts[0]) || !StrictBase64.TryDecode(parts[1], out var bytes) || bytes.Length < 5) return false;
        signature = new NoteSignature(parts[0], System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes), bytes.AsMemory(4));
        return true;
    }

    private static bool Wrong(string code, out string error)
    {
        error = code;
        return false;
    }
}

/// <summary>One signature line of a note.</summary>
/// <param name="Name">Key name: not empty, no white space, no plus.</param>
/// <param name="KeyId">The key's id, its first four bytes of a hash.</param>
/// <param name="Bytes">The signature: 64 bytes of Ed25519, or 8 bytes of time and 64 bytes of a cosignature; other lengths are of unknown kinds.</param>
public sealed record NoteSignature(string Name, uint KeyId, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The line, without a line feed.</summary>
    public override string ToString()
    {
        var bytes = new byte[4 + Bytes.Length];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes, KeyId);
        Bytes.Span.CopyTo(bytes.AsSpan(4));
        return $"\u2014 {Name} {Convert.ToBase64String(bytes)}";
    }
}
