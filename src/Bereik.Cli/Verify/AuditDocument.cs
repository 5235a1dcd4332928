using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Bereik.Cli.Verify;

/// <summary>A signed document of the log, taken apart: compact JWS with the one header that there is.</summary>
internal sealed record AuditDocument
{
    /// <summary>The <c>typ</c> of its header.</summary>
    public required string Type { get; init; }

    /// <summary>The key that its header names.</summary>
    public required string Kid { get; init; }

    /// <summary>What was signed.</summary>
    public required JsonElement Payload { get; init; }

    /// <summary>SHA-256 of the payload's bytes, base64url.</summary>
    public required string PayloadHash { get; init; }

    /// <summary>Header "." payload: one and the same signing can have several signatures, and counts once.</summary>
    public required string SigningInput { get; init; }

    /// <summary>64 bytes.</summary>
    public required byte[] Signature { get; init; }

    /// <summary>When it was signed, by its own word; null for a text of a protocol, which says none.</summary>
    public DateTimeOffset? At => Payload.TryGetProperty(Type == "bereik-decision+jws" ? "decidedAt" : "at", out var at) && at.ValueKind == JsonValueKind.String ? Shape.InstantOf(at.GetString()!) : null;

    /// <summary>A word of the payload; empty when it is not there.</summary>
    public string Word(string name) => Payload.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    /// <summary>Reads a document of one of some types.</summary>
    /// <exception cref="BrokenRuleException"><c>document.jws</c> or <c>document.shape</c>.</exception>
    public static AuditDocument Read(string compact, params string[] types)
    {
        var parts = compact.Split('.');
        if (parts.Length != 3 || Shape.Bytes(parts[0]) is not { } header || Shape.Bytes(parts[1]) is not { } payload || Shape.Bytes(parts[2], 64) is not { } signature) throw new BrokenRuleException("document.jws");
        var head = JsonForm.Read(header) ?? throw new BrokenRuleException("document.jws");
        var (kid, type) = (WordOf(head, "kid"), WordOf(head, "typ"));

        // SECURITY: the header is compared whole, so that no other algorithm or member ever counts.
        if (!types.Contains(type) || Shape.Bytes(kid, 32) is null || Encoding.UTF8.GetString(header) != $$"""{"alg":"ES256","kid":"{{kid}}","typ":"{{type}}"}""") throw new BrokenRuleException("document.jws");
        var value = JsonForm.Read(payload) ?? throw new BrokenRuleException("document.shape");
        var isText = type is "bereik-protocol-draft+jws" or "bereik-protocol+jws";
        if (isText ? !JsonForm.IsSorted(payload, value) : !LogShapes.Documents[type].Holds(value) || !JsonForm.IsCompact(payload, value)) throw new BrokenRuleException("document.shape");
        return new AuditDocument
        {
            Type = type, Kid = kid, Payload = value, PayloadHash = System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(payload)), SigningInput = $"{parts[0]}.{parts[1]}", Signature = signature,
        };
    }

    private static string WordOf(JsonElement value, string name) => value.TryGetProperty(name, out var word) && word.ValueKind == JsonValueKind.String ? word.GetString()! : "";
}
