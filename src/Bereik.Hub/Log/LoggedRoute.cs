using Bereik.Hub.Storage;
using Bereik.Ledger;
using Bereik.Node.Errors;
using Bereik.Node.Requests;

namespace Bereik.Hub.Log;

// Stands around every route that leaves an entry in the log: says which entries an answer left, so that its caller can hold this hub to them, and
// refuses when the log cannot be written, or does not show the caller's key yet.
internal sealed class LoggedRoute(HubLog log, NodeKeys keys) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (log.IsBroken) return Unavailable();

        // Not now, and no refusal: a node states its keys when it starts, and what it does before that waits for it.
        var database = http.RequestServices.GetRequiredService<HubDatabase>();
        if (http.GetActor() is Actor.Organisation caller && (keys.Of(caller.Id.Value) is not { } key || !await database.IsStatedAsync(key.Kid, http.RequestAborted))) return NotStated();
        object? result;
        try
        {
            result = await next(context);
        }
        catch (LogUnavailableException)
        {
            // Nothing was committed: the transaction ended with the exception.
            return Unavailable();
        }

        foreach (var position in database.Logged) http.Response.Headers.Append(ILogPromises.Header, FormattableString.Invariant($"{position.Index} {position.Leaf}"));

        return result;
    }

    public static IResult NotStated() => ErrorCatalogue.Unavailable.Problem(cause: "key.notStated");

    private static IResult Unavailable() => ErrorCatalogue.Unavailable.Problem(cause: "log.unavailable");
}
