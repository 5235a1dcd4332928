using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Oprf;

namespace Bereik.Pseudonymiser;

// The key of one epoch (nl: sleutel van het kwartaal), read from its file {"epoch":"2026Q4","key":"<base64url, 32 bytes>"}.
// After its epoch it is destroyed, in memory and on disk, and nothing can be evaluated under it again.
internal sealed class EpochKey : IDisposable
{
    private static readonly JsonSerializerOptions Strict = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
    };

    private readonly ReaderWriterLockSlim gate = new();
    private OprfServer? server;

    private EpochKey(Epoch epoch, OprfServer server)
    {
        Epoch = epoch;
        this.server = server;
        PublicKey = server.PublicKey.ToArray();
    }

    public Epoch Epoch { get; }

    // 32 bytes, a canonical ristretto255 element.
    public byte[] PublicKey { get; }

    // Text of a new key file, a secret.
    public static string Generate(Epoch epoch)
    {
        using var made = OprfServer.Generate();
        var key = made.ExportPrivateKey();
        try
        {
            return JsonSerializer.Serialize(new Document { Epoch = epoch.ToString(), Key = StrictBase64Url.Encode(key) }, Strict);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    // Codes: epochKey.json, epochKey.epoch, epochKey.key.
    public static Parsed<EpochKey> Read(string json)
    {
        Document? document;
        try
        {
            document = JsonSerializer.Deserialize<Document>(json, Strict);
        }
        // The second is a text whose escapes are no valid UTF-16.
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return new ParseError("epochKey.json", "");
        }

        if (document is null || !Epoch.TryParse(document.Epoch, out var epoch)) return new ParseError("epochKey.epoch", "epoch");
        Span<byte> key = stackalloc byte[32];
        try
        {
            if (!StrictBase64Url.TryDecode(document.Key.AsSpan(), key)) return new ParseError("epochKey.key", "key");
            return OprfServer.Import(key).TryGet(out var server, out _) ? new EpochKey(epoch, server) : new ParseError("epochKey.key", "key");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    // False when now lies outside the key's epoch, or the key is destroyed.
    public bool TryEvaluate(ReadOnlySpan<byte> blinded, DateTimeOffset now, [NotNullWhen(true)] out Parsed<OprfEvaluation>? evaluation)
    {
        evaluation = null;
        gate.EnterReadLock();
        try
        {
            // SECURITY: the clock decides, not the file: a key of another epoch answers nothing.
            if (server is null || Epoch.At(now) != Epoch) return false;
            evaluation = server.Evaluate(blinded);
            return true;
        }
        finally
        {
            gate.ExitReadLock();
        }
    }

    public bool IsUsable(DateTimeOffset now) => Volatile.Read(ref server) is not null && Epoch.At(now) == Epoch;

    // Zeroes the key in memory, overwrites its file and deletes it. Again is no error.
    public void Destroy(string file)
    {
        Dispose();
        if (!File.Exists(file)) return;
        using (var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.None))
        {
            stream.Write(RandomNumberGenerator.GetBytes((int)stream.Length));
            stream.Flush(flushToDisk: true);
        }

        File.Delete(file);
    }

    public void Dispose()
    {
        gate.EnterWriteLock();
        try
        {
            server?.Dispose();
            server = null;
        }
        finally
        {
            gate.ExitWriteLock();
        }
    }

    public override string ToString() => $"key of {Epoch}";

    private sealed record Document
    {
        public required string Epoch { get; init; }

        public required string Key { get; init; }

        public override string ToString() => "[key]";
    }
}
