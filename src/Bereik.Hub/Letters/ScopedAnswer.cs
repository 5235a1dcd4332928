using Bereik.Hub.Storage;
using Bereik.Node.Machines;
using Bereik.Node.Requests;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Letters;

// Stands before every route of one yes: the caller's token must cover its protocol. Of a yes that is not the caller's nothing is said here.
internal sealed class ScopedAnswer(HubDatabase database) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var caller = (Actor.Organisation)http.GetActor();
        if (!Guid.TryParse((string?)http.GetRouteValue("id"), out var id)) return await next(context);
        var (name, text) = (caller.Id.Value, id.ToString("D"));
        var protocol = await database.Answers.Where(answer => answer.Id == text && answer.Recipient == name).Select(answer => answer.Protocol).SingleOrDefaultAsync(http.RequestAborted);
        if (protocol is not null && TokenRefusal.Without(caller.Scopes, MachineScopes.Orders(protocol)) is { } missing) return missing;
        return await next(context);
    }
}
