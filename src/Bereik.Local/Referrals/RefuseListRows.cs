using Bereik.Local.Features;
using Bereik.Node.Requests;

namespace Bereik.Local.Referrals;

// Before every route of referrals: a row that came with a list becomes no referral and begins none. It was received for another purpose, and the refusal names the clauses of its own text.
internal static class RefuseListRows
{
    private static readonly string[] Names = ["id", MakeReferral.From];

    public static async ValueTask<object?> FilterAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;

        // A node that orders no lists has no such rows.
        if (context.RequestServices.GetService<ReceivedRows>() is not { } rows || context.GetActor() is not Actor.Person person) return await next(invocation);
        var logged = Logged.By(person, "referral.ofListRow");
        foreach (var id in await IdsAsync(context))
        {
            if (await rows.RefusePassingOnAsync(id, logged, context.RequestAborted) is { } refusal) return Refusals.Page(refusal);
        }

        return await next(invocation);
    }

    private static async Task<IReadOnlyList<string>> IdsAsync(HttpContext context)
    {
        var request = context.Request;
        var form = request.HasFormContentType ? await request.ReadFormAsync(context.RequestAborted) : null;

        // One of a kind, as the routes read them: several together are no id.
        var told = Names.SelectMany(name => new[] { request.RouteValues[name]?.ToString(), request.Query[name].ToString(), form?[name].ToString() });
        return [.. told.Select(text => Guid.TryParse(text, out var id) ? id.ToString("D") : null).OfType<string>().Distinct(StringComparer.Ordinal)];
    }
}
