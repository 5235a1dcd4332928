using Bereik.Node.Access;
using Bereik.Node.Errors;
using Bereik.Node.Machines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bereik.Node.Requests;

// Stands before every route: finds out who calls, whether the route allows it, and whether it is not too much. A route that does not say who may call is closed.
internal sealed class AccessGate(RequestDelegate next, PersonCheck people, MachineCheck machines, NodeCheck nodes, CallerLimits limits)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var refusal = await CheckAsync(context);
        refusal = limits.Count(context, refusal is not null) ?? refusal;
        if (refusal is null) await next(context);
        else await refusal.ExecuteAsync(context);
    }

    private async Task<IResult?> CheckAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        if (endpoint is null) return ErrorCatalogue.NotFound.Problem();
        if (endpoint is not RouteEndpoint) return await RefuseMethodAsync(context, endpoint);
        BodyLimit.Apply(context);

        // Nothing is unpacked, so a body that says it is packed would be read for what it is not.
        if (context.Request.Headers.ContentEncoding.Count > 0) return ErrorCatalogue.BadRequest.Problem("Content-Encoding", "request.encoding");
        return endpoint.Metadata.GetMetadata<RouteAccess>() switch
        {
            RouteAccess.Anyone or RouteAccess.OwnCheck => null,
            RouteAccess.People { Scope: { } scope } when context.Request.Headers.Authorization.Count > 0 => await machines.CheckAsync(context, scope),
            RouteAccess.People route => await people.CheckAsync(context, route),
            RouteAccess.Nodes route => await nodes.CheckAsync(context, route),
            _ => ErrorCatalogue.NotPermitted.Problem(cause: "route.closed"),
        };
    }

    // The path is known, and routing has an endpoint of its own that answers with the methods it takes.
    private static async Task<IResult> RefuseMethodAsync(HttpContext context, Endpoint endpoint)
    {
        if (endpoint.RequestDelegate is { } answer) await answer(context);
        return context.Response.StatusCode == StatusCodes.Status405MethodNotAllowed ? ErrorCatalogue.MethodNotAllowed.Problem() : ErrorCatalogue.NotFound.Problem();
    }
}
