using System.Security.Cryptography;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Signatures;
using Bereik.Node.Configuration;
using Bereik.Node.Errors;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Bereik.Node.Requests;

// Stands before every route: finds out who calls and whether the route allows it. A route that does not say who may call is closed.
internal sealed class AccessGate(RequestDelegate next, NodeSettings settings, NodeKeys keys, IAntiforgery antiforgery, TimeProvider clock)
{
    private const long MostBodyBytes = 4L << 30;
    private const int BodyInMemory = 64 * 1024;

    public async Task InvokeAsync(HttpContext context, ReplayGuard replays)
    {
        var endpoint = context.GetEndpoint();
        if (endpoint is null)
        {
            await ErrorCatalogue.NotFound.Problem().ExecuteAsync(context);
            return;
        }

        var refusal = endpoint.Metadata.GetMetadata<RouteAccess>() switch
        {
            RouteAccess.Anyone or RouteAccess.OwnCheck => null,
            RouteAccess.People => await CheckPersonAsync(context),
            RouteAccess.Nodes nodes => await CheckNodeAsync(context, nodes, replays),
            _ => ErrorCatalogue.NotPermitted.Problem(cause: "route.closed"),
        };
        if (refusal is null) await next(context);
        else await refusal.ExecuteAsync(context);
    }

    // SECURITY: whoever is at this machine is taken to be the configured person; the host filter and the antiforgery token keep
    // other sites' pages out. Sign-in replaces this.
    private async Task<IResult?> CheckPersonAsync(HttpContext context)
    {
        // A node signs; a person does not. Whoever signs is no person, also when it comes from this machine.
        if (context.Request.Headers.Authorization.Count > 0) return ErrorCatalogue.NotPermitted.Problem(cause: "person.signed");
        if (settings.Person is not { } person) return ErrorCatalogue.NotPermitted.Problem(cause: "person.absent");
        context.SetActor(new Actor.Person(person.Name, person.Role));
        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)) return null;

        // Where a route binds a form, the form was checked before, and one that did not pass cannot be read again.
        var isValid = context.Features.Get<IAntiforgeryValidationFeature>()?.IsValid ?? await antiforgery.IsRequestValidAsync(context);
        return isValid ? null : ErrorCatalogue.NotPermitted.Problem(cause: "form.stale");
    }

    private async Task<IResult?> CheckNodeAsync(HttpContext context, RouteAccess.Nodes allowed, ReplayGuard replays)
    {
        const string scheme = "Bearer ";
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(scheme, StringComparison.Ordinal)) return ErrorCatalogue.NoSignature.Problem();
        if (!SignedDocument.Parse<RequestClaims>(header[scheme.Length..]).TryGet(out var token, out var wrong)) return Refuse(wrong);
        var claims = token.Document;
        if (settings.Peer(claims.Iss) is not { } peer || keys.ForRequest(claims.Iss, token.Kid) is not { } key || !token.IsSignedBy(key))
        {
            return Refuse(new ParseError("request.signer", "iss"));
        }

        var request = context.Request;
        var path = $"{request.PathBase}{request.Path}{request.QueryString}";
        var now = clock.GetUtcNow();
        if (claims.FindMismatch(settings.Organisation, request.Method, path, now) is { } mismatch) return Refuse(mismatch);
        if (!await replays.IsFirstAsync(claims.Iss, claims.Jti, DateTimeOffset.FromUnixTimeSeconds(claims.Exp), context.RequestAborted))
        {
            return Refuse(new ParseError("request.replayed", "jti"));
        }

        if (!allowed.Kinds.Contains(peer.Kind)) return ErrorCatalogue.NotPermitted.Problem();
        if (await HashBodyAsync(context) is not { } hash) return ErrorCatalogue.TooLarge.Problem();
        if (hash != claims.Bod) return Refuse(new ParseError("request.body", "bod"));
        context.SetActor(new Actor.Organisation(new OrganisationId(peer.Id), peer.Kind));
        return null;
    }

    // The whole body is read (to a file beyond 64 kB) before anything is done with it, since its hash is what was signed.
    private static async Task<Bytes32?> HashBodyAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = MostBodyBytes;
        context.Request.EnableBuffering(BodyInMemory, MostBodyBytes);
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
