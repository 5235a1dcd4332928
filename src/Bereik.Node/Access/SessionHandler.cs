using System.Security.Claims;
using System.Text.Encodings.Web;
using Bereik.Node.Configuration;
using Bereik.Node.Requests;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bereik.Node.Access;

// Finds the session of a request's cookie, for routes that people call. What a person may do there is the gate's.
internal sealed class SessionHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, NodeSettings settings)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "session";
    private static readonly object Found = new();

    // The session of a request that passed, or why there is none.
    public static FoundSession? Of(HttpContext context) => context.Items[Found] as FoundSession;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Context.GetEndpoint()?.Metadata.GetMetadata<RouteAccess>() is not RouteAccess.People) return AuthenticateResult.NoResult();
        if (Request.Cookies[SessionCookie.Name(settings)] is not { Length: > 0 and <= 64 } value) return AuthenticateResult.NoResult();
        var sessions = Context.RequestServices.GetRequiredService<Sessions>();
        var found = await sessions.FindAsync(value, Request.Headers.UserAgent.ToString(), Context.RequestAborted);
        Context.Items[Found] = found;
        if (found.Session is not { } session)
        {
            SessionCookie.Clear(Context, settings);
            return AuthenticateResult.NoResult();
        }

        if (found.Renewed is { } renewed) SessionCookie.Set(Context, settings, renewed);

        // Forms are bound to the person: a form that was opened by another is not taken.
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", session.Subject)], SchemeName)), SchemeName));
    }
}
