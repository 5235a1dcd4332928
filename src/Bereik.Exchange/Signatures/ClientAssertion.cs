namespace Bereik.Exchange.Signatures;

/// <summary>With what a program proves at a token endpoint who it is (nl: bewijs van de toepassing): RFC 7523 <c>private_key_jwt</c>, good for one token.</summary>
public sealed record ClientAssertion : ISignedDocument<ClientAssertion>
{
    /// <summary>The longest life, in seconds.</summary>
    public const int MaxLifeSeconds = 60;

    /// <summary>Value of the form field <c>client_assertion_type</c>.</summary>
    public const string FormType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /// <inheritdoc/>
    public static string Typ => JoseTypes.ClientAssertion;

    /// <summary>Client id: of a node at the hub its organisation id.</summary>
    public required string Iss { get; init; }

    /// <summary>The same as <see cref="Iss"/>.</summary>
    public required string Sub { get; init; }

    /// <summary>Whose endpoint it is for: <see cref="IssuerOf"/>.</summary>
    public required string Aud { get; init; }

    /// <summary>When it was made, in seconds since 1970-01-01 UTC.</summary>
    public required long Iat { get; init; }

    /// <summary>After which it is void; at most <see cref="MaxLifeSeconds"/> after <see cref="Iat"/>.</summary>
    public required long Exp { get; init; }

    /// <summary>Unique: the receiver refuses one it has seen.</summary>
    public required string Jti { get; init; }

    /// <summary>The name under which an organisation's node issues tokens, and for which alone they hold: <c>urn:bereik:ORGANISATION</c>.</summary>
    /// <param name="organisation">Organisation id.</param>
    public static string IssuerOf(string organisation) => $"urn:bereik:{organisation}";

    /// <summary>An assertion for one token, valid for a minute from now.</summary>
    /// <param name="client">Client id.</param>
    /// <param name="organisation">The organisation whose node issues the token.</param>
    /// <param name="now">Now.</param>
    public static ClientAssertion For(string client, string organisation, DateTimeOffset now) => new()
    {
        Iss = client,
        Sub = client,
        Aud = IssuerOf(organisation),
        Iat = now.ToUnixTimeSeconds(),
        Exp = now.ToUnixTimeSeconds() + MaxLifeSeconds,
        Jti = Bytes32.Random().ToString(),
    };

    /// <summary>The fields of the form that asks for a token with an assertion (RFC 6749 4.4.2, RFC 7523 2.2).</summary>
    /// <param name="assertion">The signed assertion.</param>
    public static IReadOnlyDictionary<string, string> FormOf(SignedDocument<ClientAssertion> assertion)
    {
        ArgumentNullException.ThrowIfNull(assertion);
        return new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_assertion_type"] = FormType,
            ["client_assertion"] = assertion.Compact,
        };
    }

    /// <inheritdoc/>
    public ParseError? FindError()
    {
        if (!Words.Organisation().IsMatch(Iss)) return Field("iss");
        if (Sub != Iss) return Field("sub");
        if (Aud.Length is 0 or > 256) return Field("aud");
        if (Iat is < 0 or > 253_402_300_799) return Field("iat");
        if (Exp <= Iat || Exp - Iat > MaxLifeSeconds) return Field("exp");
        return Jti.Length is < 22 or > 43 || !StrictBase64Url.IsCanonical(Jti) ? Field("jti") : null;
    }

    private static ParseError Field(string name) => new("document.field", name);
}
