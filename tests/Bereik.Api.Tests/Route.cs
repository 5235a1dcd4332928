using System.Text.RegularExpressions;
using Bereik.Node.Requests;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Bereik.Api.Tests;

// A route as a node has it, and who may call it.
internal sealed partial record Route(string Method, string Path, RouteAccess Rule)
{
    // How the table of routes says it.
    public string Access => Rule switch
    {
        RouteAccess.Anyone => "anyone",
        RouteAccess.OwnCheck => "anyone; the route checks the signed document itself",
        RouteAccess.Nodes of => $"nodes: {string.Join(", ", of.Kinds.Select(kind => kind.ToString()).Order(StringComparer.Ordinal))}",
        RouteAccess.People people => $"right `{people.Right.Name}`{(people.Scope is { } scope ? $", or software with {scope}" : "")}",
        _ => "nobody",
    };

    // A path that the route takes: an id that nobody has.
    public string Filled => Hole().Replace(Path, hole => hole.Value.Contains("guid", StringComparison.Ordinal) ? Guid.NewGuid().ToString() : hole.Value.Contains("long", StringComparison.Ordinal) || hole.Value.Contains("int", StringComparison.Ordinal) ? "1" : "x");

    public static List<Route> Of(IServiceProvider node) =>
    [
        .. node.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method => new Route(method, "/" + endpoint.RoutePattern.RawText!.TrimStart('/'), endpoint.Metadata.GetMetadata<RouteAccess>()!)))
            .OrderBy(route => route.Path, StringComparer.Ordinal).ThenBy(route => route.Method, StringComparer.Ordinal),
    ];

    public override string ToString() => $"{Method} {Path}";

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Hole();
}
