using Bereik.Domain;
using Bereik.Node.Access;
using Microsoft.AspNetCore.Builder;

namespace Bereik.Node.Requests;

/// <summary>Who may call a route. A route without one is refused.</summary>
public abstract record RouteAccess
{
    private RouteAccess()
    {
    }

    /// <summary>Nodes of these kinds, signed.</summary>
    /// <param name="Kinds">At least one.</param>
    public sealed record Nodes(IReadOnlyList<OrganisationKind> Kinds) : RouteAccess;

    /// <summary>A person of this organisation who has a right, or a supplier's software with a scope.</summary>
    /// <param name="Right">What the person must be allowed.</param>
    /// <param name="Scope">What the software must be allowed; null for a route that no software may call.</param>
    public sealed record People(Right Right, MachineScope? Scope) : RouteAccess;

    /// <summary>Anyone who can reach the node; nothing about anybody is told there.</summary>
    public sealed record Anyone : RouteAccess;

    /// <summary>The route itself checks a signature over the body, as the evaluation does.</summary>
    public sealed record OwnCheck : RouteAccess;
}

/// <summary>States at a route who may call it.</summary>
public static class RouteAccessConventions
{
    /// <summary>Signed requests of nodes of these kinds.</summary>
    public static TBuilder ForNodes<TBuilder>(this TBuilder route, params OrganisationKind[] kinds)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new RouteAccess.Nodes(kinds));

    /// <summary>A person of this organisation who has a right, or a supplier's software with a scope.</summary>
    public static TBuilder ForPeople<TBuilder>(this TBuilder route, Right right, MachineScope? scope = null)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new RouteAccess.People(right, scope));

    /// <summary>Anyone.</summary>
    public static TBuilder ForAnyone<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new RouteAccess.Anyone());

    /// <summary>The route checks its caller itself.</summary>
    public static TBuilder WithOwnCheck<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new RouteAccess.OwnCheck());
}
