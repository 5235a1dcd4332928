using Bereik.Exchange.Signatures;
using Bereik.Node.Configuration;
using Bereik.Node.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Bereik.Node.Machines;

// A token that this node issued and that holds now.
internal sealed record AccessToken(string Client, string Key, IReadOnlyList<string> Scopes);

// Reads the token of a request: issued by this node, for this node, by a key that it still accepts, and not ended (RFC 9068).
internal sealed class AccessTokens(NodeSettings settings, TokenKeys keys, TimeProvider clock)
{
    // The client's key with which the token was asked for.
    public const string KeyClaim = "client_kid";

    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false };

    public async Task<(AccessToken? Token, IResult? Refusal)> ReadAsync(HttpContext context)
    {
        const string scheme = "Bearer ";
        if (context.Request.Headers.Authorization is not [{ } header] || !header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) return (null, TokenRefusal.Of(ErrorCatalogue.NoAccessToken));

        // SECURITY: one issuer, one audience, one algorithm, one type, and the node's own keys; nothing of it is taken from the token.
        var name = ClientAssertion.IssuerOf(settings.Organisation);
        var read = await Handler.ValidateTokenAsync(header[scheme.Length..], new TokenValidationParameters
        {
            ValidIssuer = name,
            ValidAudience = name,
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            ValidTypes = [JoseTypes.AccessToken],
            IssuerSigningKeys = keys.Accepted,
            TryAllIssuerSigningKeys = false,
            ValidateLifetime = false,
        });
        if (!read.IsValid || read.SecurityToken is not JsonWebToken token) return (null, TokenRefusal.Of(ErrorCatalogue.InvalidAccessToken));
        if (!token.TryGetPayloadValue("client_id", out string client) || !token.TryGetPayloadValue(KeyClaim, out string key)
            || !token.TryGetPayloadValue("exp", out long until)) return (null, TokenRefusal.Of(ErrorCatalogue.InvalidAccessToken));
        if (until <= clock.GetUtcNow().ToUnixTimeSeconds()) return (null, TokenRefusal.Of(ErrorCatalogue.ExpiredAccessToken));
        return (new AccessToken(client, key, token.TryGetPayloadValue("scope", out string scope) ? scope.Split(' ', StringSplitOptions.RemoveEmptyEntries) : []), null);
    }
}
