using System.Security.Cryptography;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Signatures;
using Bereik.Node.Configuration;
using Bereik.Node.Errors;
using Bereik.Node.Machines;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Bereik.Node.Requests;

// Which node calls, and whether a node of its kind may do what the route does. The access token says what it may; the signature, that it asks for just this.
internal sealed class NodeCheck(NodeSettings settings, NodeKeys keys, AccessTokens tokens, TimeProvider clock)
{
    private const int BodyInMemory = 64 * 1024;

    public async Task<IResult?> CheckAsync(HttpContext context, RouteAccess.Nodes route)
    {
        var (token, refusal) = await tokens.ReadAsync(context);
        if (token is null) return refusal;
        if (context.Request.Headers[RequestClaims.Header] is not [{ } header]) return ErrorCatalogue.NoSignature.Problem();
        if (!SignedDocument.Parse<RequestClaims>(header).TryGet(out var signed, out var wrong)) return Refuse(wrong);
        var claims = signed.Document;

        // SECURITY: the key is looked up for each request, so that one that was revoked opens nothing more, whatever the token still says.
        if (claims.Iss != token.Client || settings.Peer(claims.Iss) is not { } peer || keys.ForRequest(claims.Iss, signed.Kid) is not { } key || !signed.IsSignedBy(key))
        {
            return Refuse(new ParseError("request.signer", "iss"));
        }

        var request = context.Request;
        var path = $"{request.PathBase}{request.Path}{request.QueryString}";
        var now = clock.GetUtcNow();
        if (claims.FindMismatch(settings.Organisation, request.Method, path, now) is { } mismatch) return Refuse(mismatch);
        var replays = context.RequestServices.GetRequiredService<ReplayGuard>();
        if (!await replays.IsFirstAsync(claims.Iss, claims.Jti, DateTimeOffset.FromUnixTimeSeconds(claims.Exp), context.RequestAborted))
        {
            return Refuse(new ParseError("request.replayed", "jti"));
        }

        if (!route.Kinds.Contains(peer.Kind)) return ErrorCatalogue.NotPermitted.Problem();
        if (await HashBodyAsync(context) is not { } hash) return ErrorCatalogue.TooLarge.Problem();
        if (hash != claims.Bod) return Refuse(new ParseError("request.body", "bod"));
        context.SetActor(new Actor.Organisation(new OrganisationId(peer.Id), peer.Kind, token.Scopes));
        return null;
    }

    // The whole body is read (to a file beyond 64 kB) before anything is done with it, since its hash is what was signed.
    private static async Task<Bytes32?> HashBodyAsync(HttpContext context)
    {
        context.Request.EnableBuffering(BodyInMemory, BodyLimit.Of(context));
        try
        {
            var hash = new Bytes32(await SHA256.HashDataAsync(context.Request.Body, context.RequestAborted));
            context.Request.Body.Position = 0;
            return hash;
        }
        catch (BadHttpRequestException tooLarge) when (tooLarge.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return null;
        }
    }

    private static IResult Refuse(ParseError error) => ErrorCatalogue.BadSignature.Problem(error.Place, error.Code);
}
