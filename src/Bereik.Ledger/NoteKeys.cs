using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;

namespace Bereik.Ledger;

/// <summary>What a note key is for: the type byte of C2SP signed-note.</summary>
public enum NoteKeyKind
{
    /// <summary>An Ed25519 signature over the note's text.</summary>
    Ed25519 = 1,

    /// <summary>A witness's timestamped cosignature (C2SP tlog-cosignature, <c>cosignature/v1</c>).</summary>
    Cosignature = 4,
}

/// <summary>A public key of notes (C2SP signed-note, verifier key): <c>name+8 hex digits+base64(type || 32 bytes)</c>.</summary>
public sealed class NoteVerifier
{
    private readonly PublicKey key;

    private NoteVerifier(string name, NoteKeyKind kind, PublicKey key)
    {
        (Name, Kind, this.key) = (name, kind, key);
        KeyId = IdOf(name, kind, key.Export(KeyBlobFormat.RawPublicKey));
    }

    /// <summary>Key name, for a log its origin.</summary>
    public string Name { get; }

    /// <summary>What it signs.</summary>
    public NoteKeyKind Kind { get; }

    /// <summary>The first four bytes of SHA-256(name, line feed, type, public key), big-endian.</summary>
    public uint KeyId { get; }

    /// <summary>Reads a verifier key; false when it does not have its shape, its id is of another key, or its type is none of ours.</summary>
    /// <param name="text">The text.</param>
    /// <param name="verifier">What was read.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out NoteVerifier? verifier)
    {
        ArgumentNullException.ThrowIfNull(text);
        verifier = null;
        var parts = text.Split('+', 3);
        if (parts.Length != 3 || !IsName(parts[0]) || parts[1].Length != 8 || !StrictBase64.TryDecode(parts[2], out var bytes) || bytes.Length != 33) return false;
        if (!Enum.IsDefined((NoteKeyKind)bytes[0]) || !PublicKey.TryImport(SignatureAlgorithm.Ed25519, bytes.AsSpan(1), KeyBlobFormat.RawPublicKey, out var key) || key is null) return false;
        var read = new NoteVerifier(parts[0], (NoteKeyKind)bytes[0], key);
        if (read.ToString() != text) return false;
        verifier = read;
        return true;
    }

    /// <summary>Whether a signature over a note's text holds. The name and id are the caller's to compare.</summary>
    /// <param name="text">The note's text.</param>
    /// <param name="signature">Its signature.</param>
    public bool Holds(string text, NoteSignature signature)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(signature);
        if (Kind == NoteKeyKind.Ed25519) return signature.Bytes.Length == 64 && SignatureAlgorithm.Ed25519.Verify(key, Encoding.UTF8.GetBytes(text), signature.Bytes.Span);
        return TimeOf(signature) is { } time && SignatureAlgorithm.Ed25519.Verify(key, CosignedMessage(time, text), signature.Bytes.Span[8..]);
    }

    /// <summary>When this witness cosigned a note.</summary>
    /// <param name="note">The note.</param>
    /// <returns>Seconds since 1970 UTC; null when it did not, or the signature does not hold.</returns>
    public DateTimeOffset? CosignedAt(SignedNote note)
    {
        ArgumentNullException.ThrowIfNull(note);
        if (Kind != NoteKeyKind.Cosignature || !note.IsSignedBy(this)) return null;
        return DateTimeOffset.FromUnixTimeSeconds(note.Signatures.Where(one => one.Name == Name && one.KeyId == KeyId).Max(one => TimeOf(one)!.Value));
    }

    /// <summary>The verifier key as text.</summary>
    public override string ToString() => Text("", Name, KeyId, Kind, key.Export(KeyBlobFormat.RawPublicKey));

    internal static NoteVerifier Of(string name, NoteKeyKind kind, PublicKey key) => new(name, kind, key);

    internal static bool IsName(string name) => name.Length is > 0 and <= 255 && !name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c == '+');

    internal static byte[] CosignedMessage(long time, string text) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"cosignature/v1\ntime {time}\n{text}"));

    internal static string Text(string prefix, string name, uint id, NoteKeyKind kind, ReadOnlySpan<byte> key) =>
        $"{prefix}{name}+{id.ToString("x8", CultureInfo.InvariantCulture)}+{Convert.ToBase64String([(byte)kind, .. key])}";

    private static long? TimeOf(NoteSignature signature)
    {
        if (signature.Bytes.Length != 72) return null;
        var time = BinaryPrimitives.ReadUInt64BigEndian(signature.Bytes.Span);

        // What lies beyond the year 9999 is no time.
        return time <= 253_402_300_799 ? (long)time : null;
    }

    private static uint IdOf(string name, NoteKeyKind kind, ReadOnlySpan<byte> key) =>
        BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData([.. Encoding.UTF8.GetBytes(name), (byte)'\n', (byte)kind, .. key]));
}

/// <summary>A private key of notes, in the encoding that Go's note package uses: <c>PRIVATE+KEY+name+8 hex digits+base64(type || 32 bytes of seed)</c>. Disposing zeroes it.</summary>
public sealed class NoteSigner : IDisposable
{
    private const string Prefix = "PRIVATE+KEY+";
    private readonly Key key;

    private NoteSigner(string name, NoteKeyKind kind, Key key)
    {
        this.key = key;
        Verifier = NoteVerifier.Of(name, kind, key.PublicKey);
    }

    /// <summary>The public half.</summary>
    public NoteVerifier Verifier { get; }

    /// <summary>Makes a new random key.</summary>
    /// <param name="name">Key name; for a log, its origin.</param>
    /// <param name="kind">What it signs.</param>
    public static NoteSigner Generate(string name, NoteKeyKind kind)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!NoteVerifier.IsName(name)) throw new ArgumentException("A key name has no white space and no plus.", nameof(name));
        return new NoteSigner(name, kind, Key.Create(SignatureAlgorithm.Ed25519, new KeyCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextExport }));
    }

    /// <summary>Reads a private key; false for anything else.</summary>
    /// <param name="text">A secret.</param>
    /// <param name="signer">What was read.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out NoteSigner? signer)
    {
        ArgumentNullException.ThrowIfNull(text);
        signer = null;
        if (!text.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        var parts = text[Prefix.Length..].Split('+', 3);
        if (parts.Length != 3 || !NoteVerifier.IsName(parts[0]) || !StrictBase64.TryDecode(parts[2], out var bytes)) return false;
        try
        {
            if (bytes.Length != 33 || !Enum.IsDefined((NoteKeyKind)bytes[0])) return false;
            if (!Key.TryImport(SignatureAlgorithm.Ed25519, bytes.AsSpan(1), KeyBlobFormat.RawPrivateKey, out var key, new KeyCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextExport }) || key is null) return false;
            var read = new NoteSigner(parts[0], (NoteKeyKind)bytes[0], key);
            if (read.Verifier.KeyId.ToString("x8", CultureInfo.InvariantCulture) != parts[1])
            {
                read.Dispose();
                return false;
            }

            signer = read;
            return true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>Signs a note's text.</summary>
    /// <param name="text">The text, ending in a line feed.</param>
    /// <param name="at">When; told by a cosignature only.</param>
    public NoteSignature Sign(string text, DateTimeOffset at = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Verifier.Kind == NoteKeyKind.Ed25519) return new NoteSignature(Verifier.Name, Verifier.KeyId, SignatureAlgorithm.Ed25519.Sign(key, Encoding.UTF8.GetBytes(text)));
        var time = at.ToUnixTimeSeconds();
        var bytes = new byte[72];
        BinaryPrimitives.WriteInt64BigEndian(bytes, time);
        SignatureAlgorithm.Ed25519.Sign(key, NoteVerifier.CosignedMessage(time, text), bytes.AsSpan(8));
        return new NoteSignature(Verifier.Name, Verifier.KeyId, bytes);
    }

    /// <summary>The private key as text, a secret.</summary>
    public string Export() => NoteVerifier.Text(Prefix, Verifier.Name, Verifier.KeyId, Verifier.Kind, key.Export(KeyBlobFormat.RawPrivateKey));

    /// <inheritdoc/>
    public void Dispose() => key.Dispose();

    /// <summary>The key's name, never the key.</summary>
    public override string ToString() => Verifier.Name;
}
