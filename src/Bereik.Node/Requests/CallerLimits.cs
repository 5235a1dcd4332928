using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Threading.RateLimiting;
using Bereik.Node.Configuration;
using Bereik.Node.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Bereik.Node.Requests;

/// <summary>
/// How much each caller may ask in one window (nl: grenzen per vrager): an organisation or person by name, anybody else by network address. What is left stands in
/// <c>RateLimit</c> and <c>RateLimit-Policy</c> (draft-ietf-httpapi-ratelimit-headers), when to come back in <c>Retry-After</c>. Counted in memory, in each process for itself.
/// </summary>
internal sealed class CallerLimits(NodeSettings settings, TimeProvider clock) : IDisposable
{
    private readonly PartitionedRateLimiter<Caller> limiter = PartitionedRateLimiter.Create<Caller, Caller>(caller => RateLimitPartition.GetFixedWindowLimiter(
        caller, _ => new FixedWindowRateLimiterOptions { PermitLimit = caller.Quota, Window = TimeSpan.FromSeconds(settings.Limits.WindowSeconds), QueueLimit = 0 }));

    private readonly Lock gate = new();
    private byte[] addressKey = [];
    private DateOnly keyOf;

    /// <summary>Counts a request. Null when it may go on.</summary>
    /// <param name="context">The request, whose caller is known by now if it ever will be.</param>
    /// <param name="isRefused">Whether it is refused anyway.</param>
    public IResult? Count(HttpContext context, bool isRefused)
    {
        var rule = context.GetEndpoint()?.Metadata.GetMetadata<CallerLimitConventions.Held>()?.Limit;
        if (rule == CallerLimit.None) return null;
        var caller = CallerOf(context, isRefused, rule);
        using var lease = limiter.AttemptAcquire(caller);
        var left = lease.IsAcquired ? limiter.GetStatistics(caller)?.CurrentAvailablePermits ?? 0 : 0;
        var headers = context.Response.Headers;
        headers["RateLimit-Policy"] = string.Create(CultureInfo.InvariantCulture, $"\"{caller.Policy}\";q={caller.Quota};w={settings.Limits.WindowSeconds}");
        headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"{caller.Policy}\";r={left}");
        if (lease.IsAcquired) return null;
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after.TotalSeconds : settings.Limits.WindowSeconds;
        headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait)).ToString(CultureInfo.InvariantCulture);
        return (isRefused ? ErrorCatalogue.TooManyFailedRequests : ErrorCatalogue.TooManyRequests).Problem();
    }

    public void Dispose() => limiter.Dispose();

    private Caller CallerOf(HttpContext context, bool isRefused, CallerLimit? rule)
    {
        var limits = settings.Limits;
        if (rule == CallerLimit.SignIn) return new Caller("signIn", HashOf(context.Connection.RemoteIpAddress), limits.SignIn);
        if (isRefused) return new Caller("refused", HashOf(context.Connection.RemoteIpAddress), limits.Refused);
        return context.GetActor() switch
        {
            Actor.Person person => new Caller("person", person.Who.Subject, limits.Person),
            Actor.Organisation node => new Caller("organisation", node.Id.Value, limits.Organisation),
            Actor.Nobody => new Caller("anyone", HashOf(context.Connection.RemoteIpAddress), limits.Anyone),
            var other => new Caller("organisation", other.ToString(), limits.Organisation),
        };
    }

    // SECURITY: no address is kept, not even here: a key of this process that is forgotten each day stands between. Of an IPv6 address the network counts.
    private string HashOf(IPAddress? address)
    {
        var bytes = (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.GetAddressBytes() ?? [];
        if (bytes.Length == 16) bytes = bytes[..8];
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        lock (gate)
        {
            if (keyOf != today) (addressKey, keyOf) = (RandomNumberGenerator.GetBytes(32), today);
            return Convert.ToBase64String(HMACSHA256.HashData(addressKey, bytes));
        }
    }

    private readonly record struct Caller(string Policy, string Who, int Quota)
    {
        public override string ToString() => Policy;
    }
}

/// <summary>A limit that is not the usual one.</summary>
internal enum CallerLimit
{
    /// <summary>Costs nothing and is needed when everything else is too much: the health, assets, files of the public log.</summary>
    None,

    /// <summary>Where secrets are tried.</summary>
    SignIn,
}

/// <summary>States at a route which limit it has.</summary>
public static class CallerLimitConventions
{
    /// <summary>Not counted: static, or needed when everything else is too much.</summary>
    /// <typeparam name="TBuilder">The route.</typeparam>
    /// <param name="route">The route.</param>
    public static TBuilder WithoutLimit<TBuilder>(this TBuilder route) where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new Held(CallerLimit.None));

    /// <summary>The strict limit, by network address: signing in, asking for a token.</summary>
    /// <typeparam name="TBuilder">The route.</typeparam>
    /// <param name="route">The route.</param>
    public static TBuilder WithSignInLimit<TBuilder>(this TBuilder route) where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new Held(CallerLimit.SignIn));

    // Metadata is found by its class.
    internal sealed record Held(CallerLimit Limit);
}
