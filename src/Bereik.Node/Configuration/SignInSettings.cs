using System.Text.Json.Serialization;

namespace Bereik.Node.Configuration;

/// <summary>
/// With which login people sign in (nl: aanmelding): any OpenID Connect provider; the defaults are the claims of ACM/IDM, the login of the Flemish government.
/// </summary>
public sealed class SignInSettings
{
    /// <summary>Address of the provider, below which its discovery document stands. <c>https</c>, or <c>http</c> on this machine with synthetic numbers.</summary>
    public string Authority { get; init; } = "";

    /// <summary>The name under which the provider knows this node.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>Private ES256 key, JWK, with which the node proves itself to the provider (<c>private_key_jwt</c>); or <see cref="ClientSecret"/>.</summary>
    public string? ClientKey { get; init; }

    /// <summary>File that holds a shared secret, mode 600, for a provider that takes no key. Never the secret itself.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>What is asked for.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = ["openid", "profile", "vo", "bereik"];

    /// <summary>The codes under which the login knows this organisation, OVO or KBO; at least one. Whoever comes for another is refused.</summary>
    public IReadOnlyList<string> OrganisationCodes { get; init; } = [];

    /// <summary>Target groups that may sign in (<c>vo_doelgroepcode</c>); empty for any.</summary>
    public IReadOnlyList<string> TargetGroups { get; init; } = [];

    /// <summary>In which claims the provider says what.</summary>
    public ClaimNames Claims { get; init; } = new();

    /// <summary>What the provider's own words for roles mean here, such as <c>"bereik-lezer": "dpo"</c>; words that are roles here already need none.</summary>
    public IReadOnlyDictionary<string, string> RoleWords { get; init; } = new Dictionary<string, string>();

    [JsonIgnore]
    internal IReadOnlyList<string> AllScopes => Scopes.Contains("openid") ? Scopes : ["openid", .. Scopes];
}

/// <summary>Names of claims (nl: namen van claims).</summary>
public sealed class ClaimNames
{
    /// <summary>A stable id of the person that is no national number.</summary>
    public string Subject { get; init; } = "vo_id";

    /// <summary>Given name.</summary>
    public string GivenName { get; init; } = "given_name";

    /// <summary>Family name.</summary>
    public string FamilyName { get; init; } = "family_name";

    /// <summary>Code of the organisation for which the person signs in.</summary>
    public string Organisation { get; init; } = "vo_orgcode";

    /// <summary>Target group.</summary>
    public string TargetGroup { get; init; } = "vo_doelgroepcode";

    /// <summary>Roles: <c>WORD:ORGANISATION</c> each.</summary>
    public string Roles { get; init; } = "bereik_rol_3D";
}
