using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Bereik.Node.Requests;

/// <summary>The largest body that a route takes; a route that says nothing takes <see cref="Ordinary"/>.</summary>
/// <param name="Bytes">In bytes, at least 1.</param>
public sealed record BodyLimit(long Bytes)
{
    /// <summary>One mebibyte: a form, a signed document, a batch of points.</summary>
    public const long Ordinary = 1 << 20;

    /// <summary>The limit of the route that a request goes to.</summary>
    /// <param name="context">The request.</param>
    public static long Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.GetEndpoint()?.Metadata.GetMetadata<BodyLimit>()?.Bytes ?? Ordinary;
    }

    // SECURITY: before anybody reads the body, so that nothing more than this is ever taken in, of whoever calls.
    internal static void Apply(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = Of(context);
    }
}

/// <summary>States at a route how large a body it takes.</summary>
public static class BodyLimitConventions
{
    /// <summary>Bodies of at most so many bytes.</summary>
    /// <param name="route">The route.</param>
    /// <param name="bytes">At least 1.</param>
    public static TBuilder WithBodyOf<TBuilder>(this TBuilder route, long bytes)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new BodyLimit(bytes));
}
