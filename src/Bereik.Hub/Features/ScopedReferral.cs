using Bereik.Hub.Storage;
using Bereik.Node.Machines;
using Bereik.Node.Requests;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Features;

// Stands before every route of one referral: the caller's token must cover its protocol. Of a referral that is not the caller's nothing is said here.
internal sealed class ScopedReferral(HubDatabase database) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var caller = (Actor.Organisation)http.GetActor();
        if (!Guid.TryParse((string?)http.GetRouteValue("id"), out var id)) return await next(context);
        var (name, text) = (caller.Id.Value, id.ToString("D"));
        var protocol = await database.Referrals.Where(referral => referral.Id == text && (referral.Sender == name || referral.Recipient == name)).Select(referral => referral.Protocol).SingleOrDefaultAsync(http.RequestAborted);
        if (protocol is not null && TokenRefusal.Without(caller.Scopes, MachineScopes.Referrals(protocol)) is { } missing) return missing;
        return await next(context);
    }
}
