using System.Text.RegularExpressions;
using Bereik.Node.Logging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Bereik.Node.Requests;

/// <summary>
/// The id of one request and its answer (nl: volgnummer van een vraag; belgif REST guide, trc-header). This node chooses it: what a caller sends is told back to it and kept nowhere.
/// </summary>
public static partial class Trace
{
    /// <summary>Header with this node's own id of the request; in every answer.</summary>
    public const string Header = "BelGov-Trace-Id";

    /// <summary>Header with the caller's id, when it sent one.</summary>
    public const string RelatedHeader = "BelGov-Related-Trace-Id";

    private static readonly object Key = new();

    /// <summary>The id of this request: a random UUID, 36 characters.</summary>
    /// <param name="context">The request.</param>
    public static Guid TraceId(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Items.TryGetValue(Key, out var known)) return (Guid)known!;
        var made = NewId();
        context.Items[Key] = made;
        return made;
    }

    internal static IApplicationBuilder UseTrace(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        context.TraceId();
        context.Response.OnStarting(static state =>
        {
            var answered = (HttpContext)state;
            answered.Response.Headers[Header] = answered.TraceId().ToString("D");

            // SECURITY: what could be a national number is no id of a trace, and is not said back.
            if (answered.Request.Headers[Header].ToString() is { Length: > 0 } theirs && Foreign().IsMatch(theirs) && PersonalNumberFilter.Clean(theirs) == theirs) answered.Response.Headers[RelatedHeader] = theirs;
            return Task.CompletedTask;
        }, context);
        return next(context);
    });

    // One that the log would take for a national number could not be found back there.
    private static Guid NewId()
    {
        Guid id;
        do id = Guid.NewGuid();
        while (PersonalNumberFilter.Clean(id.ToString("D")) != id.ToString("D"));
        return id;
    }

    [GeneratedRegex(@"\A[0-9A-Za-z-]{1,36}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Foreign();
}
