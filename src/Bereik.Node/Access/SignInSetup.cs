using Bereik.Exchange;
using Bereik.Node.Configuration;
using Bereik.Node.Errors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Bereik.Node.Access;

// Signing in with OpenID Connect: authorization code with PKCE. Of what the login says a session keeps an id, a name and roles, and nothing else.
internal static class SignInSetup
{
    public const string Login = "login";
    public const string Callback = "/aanmelden/antwoord";
    public const string SignedOutCallback = "/afgemeld/terug";

    public static void Add(IServiceCollection services, NodeSettings settings)
    {
        services.AddScoped<Sessions>();
        services.AddScoped<Passkeys>();
        services.AddScoped<Colleagues>();
        var schemes = services.AddAuthentication(SessionHandler.SchemeName).AddScheme<AuthenticationSchemeOptions, SessionHandler>(SessionHandler.SchemeName, null);
        if (settings.SignIn is { } signIn) schemes.AddOpenIdConnect(Login, options => Configure(options, settings, signIn));
    }

    private static void Configure(OpenIdConnectOptions options, NodeSettings settings, SignInSettings signIn)
    {
        options.Authority = signIn.Authority;
        options.ClientId = signIn.ClientId;
        if (signIn.ClientSecret is { } secret) options.ClientSecret = File.ReadAllText(settings.Resolve(secret)).Trim();

        // The check of the settings lets plain http pass on this machine only, with synthetic numbers.
        options.RequireHttpsMetadata = signIn.Authority.StartsWith("https://", StringComparison.Ordinal);
        options.ResponseType = OpenIdConnectResponseType.Code;
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        options.UsePkce = true;
        options.PushedAuthorizationBehavior = PushedAuthorizationBehavior.Disable;
        options.SaveTokens = false;
        options.MapInboundClaims = false;
        options.DisableTelemetry = true;
        options.CallbackPath = Callback;
        options.SignedOutCallbackPath = SignedOutCallback;
        options.SignedOutRedirectUri = "/afgemeld";
        options.SignInScheme = SessionHandler.SchemeName;
        options.BackchannelTimeout = TimeSpan.FromSeconds(10);
        options.BackchannelHttpHandler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false };
        options.RemoteAuthenticationTimeout = TimeSpan.FromMinutes(15);
        options.Scope.Clear();
        foreach (var scope in signIn.AllScopes) options.Scope.Add(scope);
        options.GetClaimsFromUserInfoEndpoint = true;
        options.ClaimActions.Clear();
        foreach (var name in new[] { signIn.Claims.Subject, signIn.Claims.GivenName, signIn.Claims.FamilyName, signIn.Claims.Organisation, signIn.Claims.TargetGroup, signIn.Claims.Roles }) options.ClaimActions.MapJsonKey(name, name);
        foreach (var cookie in new[] { options.CorrelationCookie, options.NonceCookie })
        {
            cookie.SameSite = SameSiteMode.Lax;
            cookie.SecurePolicy = settings.PublicAddress.Scheme == "https" ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
            cookie.HttpOnly = true;
        }

        options.CorrelationCookie.Name = $"bereik-{settings.Organisation}-aanmelding-";
        options.NonceCookie.Name = $"bereik-{settings.Organisation}-eenmalig-";
        options.Events = new OpenIdConnectEvents
        {
            OnRedirectToIdentityProvider = context =>
            {
                context.ProtocolMessage.RedirectUri = new Uri(settings.PublicAddress, Callback).ToString();
                return Task.CompletedTask;
            },
            OnRedirectToIdentityProviderForSignOut = context =>
            {
                context.ProtocolMessage.ClientId = signIn.ClientId;
                context.ProtocolMessage.PostLogoutRedirectUri = new Uri(settings.PublicAddress, SignedOutCallback).ToString();
                return Task.CompletedTask;
            },
            OnAuthorizationCodeReceived = context =>
            {
                if (signIn.ClientKey is not { } key) return Task.CompletedTask;
                context.TokenEndpointRequest!.ClientAssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
                context.TokenEndpointRequest.ClientAssertion = Assertion(settings, signIn, key, context.Options.TimeProvider!.GetUtcNow());
                return Task.CompletedTask;
            },
            OnTicketReceived = context => BeginAsync(context, settings, signIn),
            OnRemoteFailure = context =>
            {
                context.HandleResponse();
                context.Response.Redirect($"/aanmelden/mislukt?code={(context.Failure is AuthenticationFailureException { Data: var data } && data["error"] is "access_denied" ? "login.refused" : "login.failed")}");
                return Task.CompletedTask;
            },
        };
    }

    private static async Task BeginAsync(TicketReceivedContext context, NodeSettings settings, SignInSettings signIn)
    {
        context.HandleResponse();
        var login = LoginClaims.Read(context.Principal!, signIn);
        if (login.Person is not { } person)
        {
            context.Response.Redirect($"/aanmelden/mislukt?code={login.Code}");
            return;
        }

        // SECURITY: whoever signs in gets a new key, whatever the browser brought along.
        var sessions = context.HttpContext.RequestServices.GetRequiredService<Sessions>();
        SessionCookie.Set(context.HttpContext, settings, await sessions.BeginAsync(person, context.Request.Headers.UserAgent.ToString(), context.HttpContext.RequestAborted));
        context.Response.Redirect(Local(context.ReturnUri));
    }

    // SECURITY: only a path of this node.
    public static string Local(string? path) => path is { Length: > 0 and <= 1024 } && path[0] == '/' && Microsoft.AspNetCore.Http.HttpResults.RedirectHttpResult.IsLocalUrl(path) ? path : "/";

    // RFC 7523: signed by the node's own key for the login, a minute long, once.
    private static string Assertion(NodeSettings settings, SignInSettings signIn, string key, DateTimeOffset now)
    {
        var jwk = new JsonWebKey(File.ReadAllText(settings.Resolve(key)));
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = signIn.ClientId,
            Audience = signIn.Authority,
            Claims = new Dictionary<string, object> { ["sub"] = signIn.ClientId, ["jti"] = Bytes32.Random().ToString() },
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = now.AddMinutes(1).UtcDateTime,
            SigningCredentials = new SigningCredentials(jwk, SecurityAlgorithms.EcdsaSha256),
        });
    }

    // Sends the browser to the login; a login that does not answer is told as what it is.
    public sealed class Challenge(string back) : IResult
    {
        public async Task ExecuteAsync(HttpContext context)
        {
            try
            {
                await context.ChallengeAsync(Login, new AuthenticationProperties { RedirectUri = Local(back) });
            }
            catch (Exception silent) when (silent is InvalidOperationException or HttpRequestException or IOException or TaskCanceledException && !context.RequestAborted.IsCancellationRequested)
            {
                await ErrorCatalogue.Unavailable.Problem(cause: "login.unreachable").ExecuteAsync(context);
            }
        }
    }
}
