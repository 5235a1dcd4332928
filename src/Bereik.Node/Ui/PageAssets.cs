using System.Collections.Frozen;
using System.Security.Cryptography;
using Bereik.Node.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bereik.Node.Ui;

/// <summary>
/// The style sheet, script and fonts, embedded in this assembly and served at <c>/assets/{hash}/{name}</c>. The hash is of all files together,
/// so that the style sheet can name a font beside it, and a browser may keep what it has for ever.
/// </summary>
public static class PageAssets
{
    private const string Prefix = "assets/";
    private static readonly FrozenDictionary<string, byte[]> Files = Load();

    /// <summary>First 16 hexadecimal digits of SHA-256 over all names and contents.</summary>
    internal static string Hash { get; } = ComputeHash();

    /// <summary>Names of all files, sorted.</summary>
    internal static IEnumerable<string> Names => Files.Keys.Order(StringComparer.Ordinal);

    /// <summary>Path of a file, for a document that has another layout than the usual one.</summary>
    /// <param name="name">Its name, such as <c>bereik.css</c>.</param>
    /// <exception cref="ArgumentException">No such file is embedded.</exception>
    public static string Path(string name) =>
        Files.ContainsKey(name) ? $"/assets/{Hash}/{name}" : throw new ArgumentException($"No asset is called '{name}'.", nameof(name));

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/assets/{hash}/{name}", Serve).ForAnyone().WithoutLimit().ExcludeFromDescription();

    private static IResult Serve(string hash, string name, HttpContext context)
    {
        if (hash != Hash || !Files.TryGetValue(name, out var content)) return Results.NotFound();
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return Results.Bytes(content, ContentType(name));
    }

    private static string ContentType(string name) => System.IO.Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".woff2" => "font/woff2",
        ".svg" => "image/svg+xml",
        ".txt" => "text/plain; charset=utf-8",
        var other => throw new InvalidOperationException($"No content type is known for '{other}'."),
    };

    private static FrozenDictionary<string, byte[]> Load()
    {
        var assembly = typeof(PageAssets).Assembly;
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            files[resource[Prefix.Length..]] = content;
        }
        return files.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static string ComputeHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var name in Names)
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(name));
            hash.AppendData(SHA256.HashData(Files[name]));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
