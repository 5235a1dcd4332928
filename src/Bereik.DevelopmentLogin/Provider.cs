using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Bereik.Node.Requests;
using Bereik.Node.Ui;
using Microsoft.AspNetCore;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Bereik.DevelopmentLogin;

// OpenID Connect as ACM/IDM speaks it: authorization code with PKCE, its claims, signing out. Keys live as long as the process.
internal static class Provider
{
    public static void Add(IServiceCollection services, LoginSettings settings) => services.AddOpenIddict().AddServer(server =>
    {
        server.SetIssuer(settings.Url).SetAuthorizationEndpointUris("authorize").SetTokenEndpointUris("token").SetEndSessionEndpointUris("endsession");
        server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
        server.RegisterScopes("openid", "profile", "vo", "bereik");
        server.AddEphemeralEncryptionKey().AddEphemeralSigningKey(SecurityAlgorithms.EcdsaSha256);
        server.EnableDegradedMode();
        server.UseAspNetCore().EnableAuthorizationEndpointPassthrough().EnableEndSessionEndpointPassthrough().DisableTransportSecurityRequirement();

        server.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
        {
            if (Client(settings, context.ClientId) is not { } client) context.Reject(Errors.InvalidClient);
            else if (context.RedirectUri != client.Redirect) context.Reject(Errors.InvalidRequest, "Unknown redirect_uri.");
            return default;
        }));
        server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(context =>
        {
            if (Client(settings, context.ClientId) is not { } client || !IsSecret(client, context.ClientSecret)) context.Reject(Errors.InvalidClient);
            return default;
        }));
        server.AddEventHandler<ValidateEndSessionRequestContext>(handler => handler.UseInlineHandler(context =>
        {
            if (context.PostLogoutRedirectUri is { } back && !settings.Clients.Any(client => client.SignedOut == back)) context.Reject(Errors.InvalidRequest, "Unknown post_logout_redirect_uri.");
            return default;
        }));
    });

    public static void Map(WebApplication app)
    {
        app.MapGet("/health", () => Results.Json(new { status = "UP" })).ForAnyone();
        app.MapGet("/authorize", Authorize).ForAnyone();
        app.MapGet("/endsession", () => Results.SignOut(authenticationSchemes: [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme])).ForAnyone();
    }

    // Without a person it asks who one is; with one it believes it.
    private static IResult Authorize(HttpContext context, LoginSettings settings)
    {
        var request = context.GetOpenIddictServerRequest() ?? throw new InvalidOperationException("Not a request to sign in.");
        var client = Client(settings, request.ClientId)!;
        if (settings.People.FirstOrDefault(one => one.Id == context.Request.Query["person"]) is not { } person)
        {
            var own = settings.People.Where(one => one.OrganisationCode == client.OrganisationCode).ToList();
            var here = $"{context.Request.Path}{context.Request.QueryString}";
            return UiSetup.Page<ChoosePage>(new { client.OrganisationName, People = own, Others = settings.People.Except(own).ToList(), settings.Clients, Here = here });
        }

        var identity = new ClaimsIdentity(TokenValidationParameters.DefaultAuthenticationType, Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, person.Id).SetClaim("vo_id", person.Id).SetClaim(Claims.GivenName, person.GivenName).SetClaim(Claims.FamilyName, person.FamilyName)
            .SetClaim("vo_orgcode", person.OrganisationCode).SetClaim("vo_doelgroepcode", "LB").SetClaim("rrn", person.Rrn)
            .SetClaims("bereik_rol_3D", [.. person.Roles.Select(role => $"{role}:{person.OrganisationCode}")]);
        identity.SetDestinations(_ => [Destinations.IdentityToken]);
        var principal = new ClaimsPrincipal(identity);
        principal.SetScopes(request.GetScopes());
        return Results.SignIn(principal, authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    private static LoginClient? Client(LoginSettings settings, string? id) => settings.Clients.FirstOrDefault(client => client.Id == id);

    private static bool IsSecret(LoginClient client, string? said) =>
        said is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(said), Encoding.UTF8.GetBytes(client.Secret));
}
