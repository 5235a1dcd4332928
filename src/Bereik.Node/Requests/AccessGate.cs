using Bereik.Node.Access;
using Bereik.Node.Errors;
using Bereik.Node.Machines;
using Microsoft.AspNetCore.Http;

namespace Bereik.Node.Requests;

// Stands before every route: finds out who calls and whether the route allows it. A route that does not say who may call is closed.
internal sealed class AccessGate(RequestDelegate next, PersonCheck people, MachineCheck machines, NodeCheck nodes)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        if (endpoint is null)
        {
            await ErrorCatalogue.NotFound.Problem().ExecuteAsync(context);
            return;
        }

        BodyLimit.Apply(context);

        // Nothing is unpacked, so a body that says it is packed would be read for what it is not.
        if (context.Request.Headers.ContentEncoding.Count > 0)
        {
            await ErrorCatalogue.BadRequest.Problem("Content-Encoding", "request.encoding").ExecuteAsync(context);
            return;
        }

        var refusal = endpoint.Metadata.GetMetadata<RouteAccess>() switch
        {
            RouteAccess.Anyone or RouteAccess.OwnCheck => null,
            RouteAccess.People { Scope: { } scope } when context.Request.Headers.Authorization.Count > 0 => await machines.CheckAsync(context, scope),
            RouteAccess.People route => await people.CheckAsync(context, route),
            RouteAccess.Nodes route => await nodes.CheckAsync(context, route),
            _ => ErrorCatalogue.NotPermitted.Problem(cause: "route.closed"),
        };
        if (refusal is null) await next(context);
        else await refusal.ExecuteAsync(context);
    }
}
