using System.Security.Claims;
using System.Security.Cryptography;
using Bereik.Exchange.Signatures;
using Bereik.Node.Api;
using Bereik.Node.Configuration;
using Bereik.Node.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using BuiltIn = OpenIddict.Server.OpenIddictServerHandlers;

namespace Bereik.Node.Machines;

/// <summary>
/// POST /v1/token: a program proves itself with a key that this node knows (RFC 7523 <c>private_key_jwt</c>, ES256) and gets a token for this node alone, for
/// five minutes (RFC 6749 client credentials; the token as RFC 9068). There is no other grant, no secret, no refresh and no discovery.
/// </summary>
public static class TokenServer
{
    /// <summary>Where tokens are given out.</summary>
    public const string Path = "/v1/token";

    private const int MostBytes = 64 * 1024;

    // What is ours in the pipeline, in its order; OpenIddict does the rest, and keeps nothing of its own (degraded mode).
    private static readonly Action<OpenIddictServerBuilder>[] Handlers =
    [
        server => server.AddEventHandler<ValidateTokenContext>(step => step.UseScopedHandler<FindClient>().SetOrder(BuiltIn.Protection.ResolveTokenValidationParameters.Descriptor.Order + 500)),
        server => server.AddEventHandler<ProcessAuthenticationContext>(step => step.UseScopedHandler<CheckAssertion>().SetOrder(BuiltIn.ValidateClientAssertion.Descriptor.Order + 500)),
        server => server.AddEventHandler<ValidateTokenRequestContext>(step => step.UseSingletonHandler<CheckScopes>()),
        server => server.AddEventHandler<GenerateTokenContext>(step => step.UseSingletonHandler<SignWithPresentKey>().SetOrder(BuiltIn.Protection.AttachSecurityCredentials.Descriptor.Order + 500)),
        server => server.AddEventHandler<ApplyTokenResponseContext>(step => step.UseSingletonHandler<AnswerPlainly>().SetOrder(int.MinValue + 1)),
    ];

    /// <summary>Adds the token endpoint's services.</summary>
    /// <typeparam name="TClients">Which programs this node knows.</typeparam>
    /// <param name="services">The node's services.</param>
    /// <param name="settings">Who the node is.</param>
    public static IServiceCollection AddTokenServer<TClients>(this IServiceCollection services, NodeSettings settings)
        where TClients : class, ITokenClients
    {
        ArgumentNullException.ThrowIfNull(settings);
        services.AddScoped<ITokenClients, TClients>();
        services.AddOpenIddict().AddServer(server =>
        {
            server.EnableDegradedMode()
                .SetIssuer(new Uri(ClientAssertion.IssuerOf(settings.Organisation)))
                .SetTokenEndpointUris(Path)
                .AllowClientCredentialsFlow()
                .SetAccessTokenLifetime(TokenKeys.TokenLife)
                .DisableAccessTokenEncryption()
                .DisableScopeValidation()
                .AddEncryptionKey(new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32)))
                .UseAspNetCore().EnableTokenEndpointPassthrough().DisableTransportSecurityRequirement();
            server.Configure(options =>
            {
                options.ClientAuthenticationMethods.Clear();
                options.ClientAuthenticationMethods.Add(ClientAuthenticationMethods.PrivateKeyJwt);
            });
            foreach (var add in Handlers) add(server);
        });
        services.AddOptions<OpenIddictServerOptions>().Configure<TokenKeys, TimeProvider>((options, keys, clock) =>
        {
            options.TimeProvider = clock;
            options.SigningCredentials.Add(keys.Current);
        });
        return services;
    }

    /// <summary>Maps the token endpoint.</summary>
    /// <param name="routes">The node's routes.</param>
    public static void MapTokenServer(this IEndpointRouteBuilder routes) => routes.MapPost(Path, Issue).WithOwnCheck().WithSignInLimit().As(Api).WithMetadata(new RequestSizeLimitAttribute(MostBytes));

    // What it takes and answers; errors are those of RFC 6749, 5.2.
    private static readonly ApiOperation Api = new("issueToken", "Get an access token")
    {
        Description = "OAuth 2 client credentials (RFC 6749, 4.4) with `private_key_jwt` (RFC 7523). Errors are those of RFC 6749, section 5.2.",
        Takes = ApiBody.Text("application/x-www-form-urlencoded", "grant_type=client_credentials&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=eyJ...&scope=lists.read"),
        Answers = [ApiAnswer.Json(200, "A token of five minutes.", new TokenIssued("eyJ...", "Bearer", 300, "lists.read"))],
    };

    // OpenIddict has let the request through: the assertion held, and the scopes are the client's.
    private static IResult Issue(HttpContext context, NodeSettings settings)
    {
        var admitted = Admitted.In(context.Features.Get<OpenIddictServerAspNetCoreFeature>()!.Transaction!);
        var identity = new ClaimsIdentity(ClientAuthenticationMethods.PrivateKeyJwt, Claims.Subject, Claims.Role);
        identity.SetClaim(Claims.Subject, admitted.Client.Id).SetClaim(AccessTokens.KeyClaim, admitted.Key).SetScopes(admitted.Scopes).SetResources(ClientAssertion.IssuerOf(settings.Organisation));
        identity.SetDestinations(_ => [Destinations.AccessToken]);
        return Results.SignIn(new ClaimsPrincipal(identity), authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    // Who asks, from the first step on.
    private sealed record Admitted(TokenClient Client, string Key)
    {
        public IReadOnlyList<string> Scopes { get; init; } = [];

        public static Admitted In(OpenIddictServerTransaction transaction) => Find(transaction) ?? throw new InvalidOperationException("Nobody was admitted.");

        public static Admitted? Find(OpenIddictServerTransaction transaction) => transaction.GetProperty<Admitted>(nameof(Admitted));

        public void KeepIn(OpenIddictServerTransaction transaction) => transaction.SetProperty(nameof(Admitted), this);
    }

    // The key that the assertion names, of the client that it names. Nothing of it is proven yet.
    private sealed class FindClient(ITokenClients clients) : IOpenIddictServerHandler<ValidateTokenContext>
    {
        public async ValueTask HandleAsync(ValidateTokenContext context)
        {
            var parameters = context.TokenValidationParameters;
            parameters.ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256];
            parameters.TypeValidator = (type, _, _) => type is null or "" or "JWT" or JoseTypes.ClientAssertion ? JoseTypes.ClientAssertion : throw new SecurityTokenInvalidTypeException();
            parameters.IssuerSigningKeyResolver = (_, _, _, _) => [];
            if (!TryRead(context.Token, out var assertion) || await clients.FindAsync(assertion.Issuer, context.CancellationToken) is not { } client) return;
            if (client.Keys.FirstOrDefault(key => key.Kid == assertion.Kid) is not { } key) return;
            parameters.IssuerSigningKeyResolver = (_, _, _, _) => [new JsonWebKey(key.ToJwk())];
            new Admitted(client, key.Kid).KeepIn(context.Transaction);
        }

        private static bool TryRead(string token, out JsonWebToken assertion)
        {
            assertion = null!;
            try
            {
                assertion = new JsonWebToken(token);
                return true;
            }
            catch (Exception unreadable) when (unreadable is ArgumentException or SecurityTokenException)
            {
                return false;
            }
        }
    }

    // The signature held. SECURITY: the audience is this node's name, and no address: an assertion made for somebody else's endpoint is none for this one.
    private sealed class CheckAssertion(NodeSettings settings, ReplayGuard replays, TimeProvider clock) : IOpenIddictServerHandler<ProcessAuthenticationContext>
    {
        private const int SkewSeconds = 5;

        public async ValueTask HandleAsync(ProcessAuthenticationContext context)
        {
            if (context.EndpointType != OpenIddictServerEndpointType.Token) return;
            if (context.ClientAssertionPrincipal is null || Admitted.Find(context.Transaction) is not { } admitted) Reject("client_assertion");
            else if (await FindWrongAsync(new JsonWebToken(context.ClientAssertion), admitted.Client.Id, context) is { } claim) Reject(claim);

            void Reject(string what) => context.Reject(OpenIddictConstants.Errors.InvalidClient, $"The client assertion is not accepted: {what}.");
        }

        private async Task<string?> FindWrongAsync(JsonWebToken assertion, string client, ProcessAuthenticationContext context)
        {
            if (assertion.Issuer != client || assertion.Subject != client || (context.ClientId ?? client) != client) return Claims.Subject;
            if (assertion.Audiences.ToList() is not [var audience] || audience != ClientAssertion.IssuerOf(settings.Organisation)) return Claims.Audience;
            var now = clock.GetUtcNow().ToUnixTimeSeconds();
            if (!assertion.TryGetPayloadValue(Claims.ExpiresAt, out long until) || until < now - SkewSeconds || until > now + ClientAssertion.MaxLifeSeconds + SkewSeconds) return Claims.ExpiresAt;
            if (assertion.Id is not { Length: >= 16 and <= 128 } id) return Claims.JwtId;
            return await replays.IsFirstAsync($"client/{client}", id, DateTimeOffset.FromUnixTimeSeconds(until), context.CancellationToken) ? null : Claims.JwtId;
        }
    }

    // What is asked for must be the client's; who asks for nothing gets all of it.
    private sealed class CheckScopes : IOpenIddictServerHandler<ValidateTokenRequestContext>
    {
        public ValueTask HandleAsync(ValidateTokenRequestContext context)
        {
            var admitted = Admitted.In(context.Transaction);
            var asked = context.Request.GetScopes();
            var scopes = asked.Length == 0 ? admitted.Client.Scopes : asked;
            if (scopes.Except(admitted.Client.Scopes, StringComparer.Ordinal).Any()) context.Reject(OpenIddictConstants.Errors.InvalidScope, "A scope is not this client's.");
            else (admitted with { Scopes = scopes }).KeepIn(context.Transaction);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class SignWithPresentKey(TokenKeys keys) : IOpenIddictServerHandler<GenerateTokenContext>
    {
        public ValueTask HandleAsync(GenerateTokenContext context)
        {
            context.SigningCredentials = keys.Current;
            return ValueTask.CompletedTask;
        }
    }

    // The only token that comes here is the assertion: where it does not hold, it is the client that is refused. An error leads to no page of another site.
    private sealed class AnswerPlainly : IOpenIddictServerHandler<ApplyTokenResponseContext>
    {
        public ValueTask HandleAsync(ApplyTokenResponseContext context)
        {
            if (context.Response.Error is OpenIddictConstants.Errors.InvalidToken or OpenIddictConstants.Errors.InvalidGrant) context.Response.Error = OpenIddictConstants.Errors.InvalidClient;
            context.Response.ErrorUri = null;
            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>An access token (RFC 6749, 5.1).</summary>
/// <param name="AccessToken">The token, <c>at+jwt</c>.</param>
/// <param name="TokenType"><c>Bearer</c>.</param>
/// <param name="ExpiresIn">Seconds.</param>
/// <param name="Scope">What it allows, with spaces between.</param>
internal sealed record TokenIssued(
    [property: System.Text.Json.Serialization.JsonPropertyName("access_token")] string AccessToken, [property: System.Text.Json.Serialization.JsonPropertyName("token_type")] string TokenType,
    [property: System.Text.Json.Serialization.JsonPropertyName("expires_in")] int ExpiresIn, string Scope);
