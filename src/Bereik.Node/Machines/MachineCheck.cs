using Bereik.Node.Access;
using Bereik.Node.Errors;
using Bereik.Node.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Bereik.Node.Machines;

// Which supplier's software calls, and whether it may do what the route does. A machine fills in no forms, so no form is checked.
internal sealed class MachineCheck(AccessTokens tokens)
{
    public async Task<IResult?> CheckAsync(HttpContext context, MachineScope scope)
    {
        var (token, refusal) = await tokens.ReadAsync(context);
        if (token is null) return refusal;

        // SECURITY: what was revoked since the token was issued counts at once: the client, the key that it was asked for with, a scope.
        var client = await context.RequestServices.GetRequiredService<ITokenClients>().FindAsync(token.Client, context.RequestAborted);
        if (client is null || !client.Keys.Any(key => key.Kid == token.Key)) return TokenRefusal.Of(ErrorCatalogue.InvalidAccessToken, "client.revoked");
        var scopes = token.Scopes.Intersect(client.Scopes, StringComparer.Ordinal).ToList();
        if (TokenRefusal.Without(scopes, scope.Word()) is { } missing) return missing;
        context.SetActor(new Actor.Machine(client.Id, scopes));
        return null;
    }
}
