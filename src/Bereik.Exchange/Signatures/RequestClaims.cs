namespace Bereik.Exchange.Signatures;

/// <summary>What a node signs of each request to another, in the header <c>Bereik-Request</c>: one request, one minute (RFC 7519; htm and htu as in RFC 9449).</summary>
public sealed record RequestClaims : ISignedDocument<RequestClaims>
{
    /// <summary>The longest life, in seconds.</summary>
    public const int MaxLifeSeconds = 60;

    /// <summary>The header that carries it.</summary>
    public const string Header = "Bereik-Request";

    /// <inheritdoc/>
    public static string Typ => JoseTypes.Call;

    /// <summary>The calling organisation's id.</summary>
    public required string Iss { get; init; }

    /// <summary>The receiving organisation's id.</summary>
    public required string Aud { get; init; }

    /// <summary>When it was made, in seconds since 1970-01-01 UTC.</summary>
    public required long Iat { get; init; }

    /// <summary>After which it is void; at most <see cref="MaxLifeSeconds"/> after <see cref="Iat"/>.</summary>
    public required long Exp { get; init; }

    /// <summary>Unique: 22 to 43 of base64url; the receiver refuses one it has seen.</summary>
    public required string Jti { get; init; }

    /// <summary>The HTTP method in capitals.</summary>
    public required string Htm { get; init; }

    /// <summary>The path, with the query when there is one; it starts with a slash.</summary>
    public required string Htu { get; init; }

    /// <summary>SHA-256 of the body's bytes; of no bytes when there is no body.</summary>
    public required Bytes32 Bod { get; init; }

    /// <summary>Claims for one request, valid for a minute from now.</summary>
    public static RequestClaims For(string caller, string receiver, DateTimeOffset now, string method, string path, ReadOnlySpan<byte> body) =>
        For(caller, receiver, now, method, path, Bytes32.Sha256(body));

    /// <summary>Claims for one request whose body was hashed while it streamed.</summary>
    public static RequestClaims For(string caller, string receiver, DateTimeOffset now, string method, string path, Bytes32 bodyHash) => new()
    {
        Iss = caller,
        Aud = receiver,
        Iat = now.ToUnixTimeSeconds(),
        Exp = now.ToUnixTimeSeconds() + MaxLifeSeconds,
        Jti = Bytes32.Random().ToString(),
        Htm = method,
        Htu = path,
        Bod = bodyHash,
    };

    /// <summary>Compares the claims with the request that carries them; the body and whether <see cref="Jti"/> was seen are the caller's to check.</summary>
    /// <returns>Null, or <c>request.audience</c>, <c>request.method</c>, <c>request.path</c>, <c>request.early</c> or <c>request.expired</c>
    /// (a clock may differ by five seconds).</returns>
    public ParseError? FindMismatch(string receiver, string method, string path, DateTimeOffset now)
    {
        const int skew = 5;
        if (Aud != receiver) return new ParseError("request.audience", "aud");
        if (Htm != method) return new ParseError("request.method", "htm");
        if (Htu != path) return new ParseError("request.path", "htu");
        var seconds = now.ToUnixTimeSeconds();
        if (Iat > seconds + skew) return new ParseError("request.early", "iat");
        return Exp < seconds - skew ? new ParseError("request.expired", "exp") : null;
    }

    /// <inheritdoc/>
    public ParseError? FindError()
    {
        if (!Words.Organisation().IsMatch(Iss)) return Field("iss");
        if (!Words.Organisation().IsMatch(Aud)) return Field("aud");
        if (Iat is < 0 or > 253_402_300_799) return Field("iat");
        if (Exp <= Iat || Exp - Iat > MaxLifeSeconds) return Field("exp");
        if (Jti.Length is < 22 or > 43 || !StrictBase64Url.IsCanonical(Jti)) return Field("jti");
        if (Htm.Length is 0 or > 16 || !Htm.All(char.IsAsciiLetterUpper)) return Field("htm");
        return Htu.Length is 0 or > 512 || Htu[0] != '/' || !Htu.All(c => c is > ' ' and < '\x7f' and not ('"' or '\\')) ? Field("htu") : null;
    }

    private static ParseError Field(string name) => new("document.field", name);
}
