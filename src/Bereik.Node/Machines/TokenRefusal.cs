using Bereik.Node.Errors;
using Microsoft.AspNetCore.Http;

namespace Bereik.Node.Machines;

/// <summary>A refusal that says in its header what would open the route (RFC 6750, 3).</summary>
public static class TokenRefusal
{
    /// <summary>The refusal of a request for its access token.</summary>
    /// <param name="error">Which one.</param>
    /// <param name="cause">A finer stable code.</param>
    /// <param name="scope">The scope that is missing.</param>
    public static IResult Of(NodeError error, string? cause = null, string? scope = null) => new Challenge(error.Problem(cause: cause), HeaderOf(error, scope));

    /// <summary>The refusal of a token without a scope; null when it has it.</summary>
    /// <param name="scopes">What the token allows.</param>
    /// <param name="needed">The scope that is needed.</param>
    public static IResult? Without(IReadOnlyList<string> scopes, string needed)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        return scopes.Contains(needed, StringComparer.Ordinal) ? null : Of(ErrorCatalogue.MissingScope, scope: needed);
    }

    private static string HeaderOf(NodeError error, string? scope)
    {
        if (error == ErrorCatalogue.NoAccessToken) return "Bearer";
        return scope is null ? "Bearer error=\"invalid_token\"" : $"Bearer error=\"insufficient_scope\", scope=\"{scope}\"";
    }

    private sealed class Challenge(IResult problem, string header) : IResult
    {
        public Task ExecuteAsync(HttpContext context)
        {
            context.Response.Headers.WWWAuthenticate = header;
            return problem.ExecuteAsync(context);
        }
    }
}
