using System.Globalization;
using Bereik.Exchange.Keys;
using Bereik.Node.Configuration;
using Microsoft.IdentityModel.Tokens;

namespace Bereik.Node.Machines;

/// <summary>
/// The keys with which this node signs its own access tokens (nl: sleutels van de toegangsbewijzen). Nobody else needs them: the node that issues a token is
/// the one that reads it. A key is made when there is none or the last one is a month old; the one before is accepted until its tokens have ended.
/// </summary>
/// <param name="settings">Names the data folder, which keeps them: <c>token-keys/MADE-KID.jwk</c>, mode 600.</param>
/// <param name="clock">The node's clock.</param>
public sealed class TokenKeys(NodeSettings settings, TimeProvider clock)
{
    /// <summary>How long a token holds.</summary>
    public static readonly TimeSpan TokenLife = TimeSpan.FromMinutes(5);

    /// <summary>How long a key signs.</summary>
    public static readonly TimeSpan KeyLife = TimeSpan.FromDays(30);

    private readonly Lock gate = new();

    // The newest first.
    private List<TokenKey>? keys;

    /// <summary>With what a token is signed now.</summary>
    public SigningCredentials Current
    {
        get
        {
            lock (gate) return new SigningCredentials(Present()[0].Key, SecurityAlgorithms.EcdsaSha256);
        }
    }

    /// <summary>With what a token that still runs may have been signed.</summary>
    public IReadOnlyList<SecurityKey> Accepted
    {
        get
        {
            lock (gate) return [.. Present().Select(key => key.Key)];
        }
    }

    private List<TokenKey> Present()
    {
        var now = clock.GetUtcNow();
        keys ??= Load();
        if (keys.Count == 0 || keys[0].Made + KeyLife <= now) keys.Insert(0, Make(now));

        // What a key signed ends that long after the next one took its place.
        while (keys.Count > 1 && keys[^2].Made + TokenLife < now)
        {
            File.Delete(keys[^1].File);
            keys.RemoveAt(keys.Count - 1);
        }

        return keys;
    }

    private string Folder => Path.Combine(settings.DataFolder, "token-keys");

    private List<TokenKey> Load()
    {
        if (!Directory.Exists(Folder)) return [];
        return [.. Directory.EnumerateFiles(Folder, "*.jwk").Select(Read).OrderByDescending(key => key.Made)];
    }

    // SECURITY: a key that others could read or that does not have its shape signs nothing; the node stops at it rather than go on with another.
    private static TokenKey Read(string file)
    {
        if (KeyFile.IsOpenToOthers(file)) throw new InvalidDataException("A key of the access tokens can be read by others.");
        var text = File.ReadAllText(file);
        if (!SigningKey.FromJwk(text).TryGet(out var key, out _)) throw new InvalidDataException("A key of the access tokens does not have its shape.");
        key.Dispose();
        var made = long.Parse(Path.GetFileName(file).Split('-')[0], CultureInfo.InvariantCulture);
        return new TokenKey(DateTimeOffset.FromUnixTimeSeconds(made), KeyOf(text), file);
    }

    private TokenKey Make(DateTimeOffset now)
    {
        Directory.CreateDirectory(Folder);
        using var key = SigningKey.Generate();
        var file = Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"{now.ToUnixTimeSeconds()}-{key.Kid}.jwk"));
        KeyFile.WriteNew(file, key.ExportJwk());
        return new TokenKey(now, KeyOf(key.ExportJwk()), file);
    }

    private static SecurityKey KeyOf(string jwk) => JsonWebKeyConverter.TryConvertToSecurityKey(new JsonWebKey(jwk), out var key) ? key : throw new InvalidDataException("A key of the access tokens does not have its shape.");

    private sealed record TokenKey(DateTimeOffset Made, SecurityKey Key, string File);
}
