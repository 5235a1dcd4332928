using Bereik.Node.Access;
using Microsoft.OpenApi;

namespace Bereik.Node.Api;

// How callers prove who they are, as the documents tell it.
internal static class ApiSecurity
{
    public const string Token = "clientToken";
    public const string Request = "signedRequest";
    public const string Session = "personSession";
    public const string Body = "signedBody";

    public static string Word(MachineScope scope) => scope switch
    {
        MachineScope.ReadLists => "lists.read",
        MachineScope.WriteFiles => "files.write",
        _ => "events.read",
    };

    public static Dictionary<string, IOpenApiSecurityScheme> Schemes(bool isHub, bool isPseudonymiser)
    {
        if (isPseudonymiser)
        {
            return new Dictionary<string, IOpenApiSecurityScheme>
            {
                [Body] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "Bereik-Signature", Description = "A detached JWS over the body by the organisation's pinned key, for a minute; a second use is refused.",
                },
            };
        }

        var token = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.OAuth2,
            Description = "OAuth 2 client credentials with `private_key_jwt` (RFC 7523, ES256). Tokens last minutes and open this node only.",
            Flows = new OpenApiOAuthFlows
            {
                ClientCredentials = new OpenApiOAuthFlow
                {
                    TokenUrl = new Uri("/v1/token", UriKind.Relative),
                    Scopes = isHub
                        ? new Dictionary<string, string> { ["orders:{protocol}"] = "The orders of one protocol.", ["referrals:{protocol}"] = "The referrals under one protocol." }
                        : new Dictionary<string, string> { ["lists.read"] = "How lists and files stand.", ["files.write"] = "Bringing the organisation's own file.", ["events.read"] = "The feed of signed events." },
                },
            },
        };
        return isHub
            ? new Dictionary<string, IOpenApiSecurityScheme>
            {
                [Token] = token,
                [Request] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "Bereik-Request",
                    Description = "A JWS by the organisation's pinned key, bound to method, path and body of this one request, for a minute; a second use is refused.",
                },
                [Session] = SessionScheme(),
            }
            : new Dictionary<string, IOpenApiSecurityScheme> { [Token] = token, [Session] = SessionScheme() };
    }

    private static OpenApiSecurityScheme SessionScheme() => new()
    {
        Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Cookie, Name = "bereik-{organisation}", Description = "A person who is signed in at this node. What changes something also needs the token of a form, in header `RequestVerificationToken`.",
    };
}
