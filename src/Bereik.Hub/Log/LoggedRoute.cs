using Bereik.Hub.Storage;
using Bereik.Ledger;
using Bereik.Node.Errors;

namespace Bereik.Hub.Log;

// Stands around every route that leaves an entry in the log: says which entries an answer left, so that its caller can hold this hub to them, and
// refuses when the log cannot be written.
internal sealed class LoggedRoute(HubLog log) : IEndpointFilter
{
    // {index} {leaf hash, standard base64}, once for each entry.
    public const string Header = "Bereik-Log-Entry";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (log.IsBroken) return Unavailable();
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

        foreach (var position in context.HttpContext.RequestServices.GetRequiredService<HubDatabase>().Logged)
        {
            context.HttpContext.Response.Headers.Append(Header, FormattableString.Invariant($"{position.Index} {position.Leaf}"));
        }

        return result;
    }

    private static IResult Unavailable() => ErrorCatalogue.Unavailable.Problem(cause: "log.unavailable");
}
