using Bereik.Domain;
using Microsoft.AspNetCore.Http;

namespace Bereik.Node.Requests;

/// <summary>
/// Who makes a request (nl: wie de vraag stelt). Every route takes its caller from here and from nowhere else, so that another way
/// of signing in changes one class.
/// </summary>
public abstract record Actor
{
    private Actor()
    {
    }

    /// <summary>Another node, proven by its signature with a pinned key.</summary>
    /// <param name="Id">The organisation.</param>
    /// <param name="Kind">What it is.</param>
    /// <param name="Scopes">What its access token allows, such as <c>orders:groeipakket-match</c>.</param>
    public sealed record Organisation(OrganisationId Id, OrganisationKind Kind, IReadOnlyList<string> Scopes) : Actor;

    /// <summary>A supplier's software, proven by an access token of this node. It never opens a row.</summary>
    /// <param name="Client">Client id.</param>
    /// <param name="Scopes">What it may do, such as <c>lists.read</c>.</param>
    public sealed record Machine(string Client, IReadOnlyList<string> Scopes) : Actor;

    /// <summary>A person of this node's organisation who signed in.</summary>
    /// <param name="Who">Id, name and roles.</param>
    public sealed record Person(Access.Person Who) : Actor
    {
        /// <summary>Never the name.</summary>
        public override string ToString() => "[persoon]";
    }

    /// <summary>Nobody that the node knows.</summary>
    public sealed record Nobody : Actor;

    /// <summary>The caller of the present request, for minimal API parameters.</summary>
    /// <param name="context">The request.</param>
    public static ValueTask<Actor?> BindAsync(HttpContext context) => ValueTask.FromResult<Actor?>(context.GetActor());
}

/// <summary>Reads the caller of a request.</summary>
public static class ActorOfRequest
{
    private static readonly object Key = new();

    /// <summary>The caller.</summary>
    /// <param name="context">The request.</param>
    public static Actor GetActor(this HttpContext context) => context.Items.TryGetValue(Key, out var actor) ? (Actor)actor! : new Actor.Nobody();

    /// <summary>The roles of the caller as a page shows them; null when it is no person.</summary>
    /// <param name="actor">The caller.</param>
    /// <param name="texts">The texts of the page.</param>
    public static string? Roles(this Actor actor, Ui.Texts texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return actor is Actor.Person person ? string.Join(", ", person.Who.Roles.Select(role => texts[$"Role.{role}"])) : null;
    }

    internal static void SetActor(this HttpContext context, Actor actor) => context.Items[Key] = actor;
}
