using Bereik.Node.Access;
using Microsoft.AspNetCore.Http;

namespace Bereik.Node.Ui;

/// <summary>What stands around every page of a node: whose node it is, who is at work, and where they can go.</summary>
public sealed record PageFrame
{
    /// <summary>Name of the node's organisation as people know it; stands first in the header. Never empty.</summary>
    public required string Organisation { get; init; }

    /// <summary>Display name of the person at work, or null when nobody is.</summary>
    public string? Person { get; init; }

    /// <summary>Role in which the person works, in the page's language, or null.</summary>
    public string? Role { get; init; }

    /// <summary>The row of navigation, in order; may be empty.</summary>
    public IReadOnlyList<NavigationItem> Navigation { get; init; } = [];

    /// <summary>True for pages to citizens: 19 px text and no workspace width.</summary>
    public bool ForCitizens { get; init; }

    /// <summary>A fixed word: the frame names a person.</summary>
    public override string ToString() => nameof(PageFrame);
}

/// <summary>One entry of the row of navigation.</summary>
/// <param name="Text">Label in the page's language.</param>
/// <param name="Href">Local path without query, such as <c>/werklijst</c>; the entry is current on that path and below it.</param>
/// <param name="Count">Number of open items beside the label, or null for none.</param>
/// <param name="Right">Shown only to whom has it; null for everybody.</param>
public sealed record NavigationItem(string Text, string Href, int? Count = null, Right? Right = null);

/// <summary>One step of the path above the page title.</summary>
/// <param name="Text">Label in the page's language; never personal data.</param>
/// <param name="Href">Local path.</param>
public sealed record Breadcrumb(string Text, string Href);

/// <summary>Fills the frame for a request; registered once by the node with <see cref="UiSetup.AddBereikUi"/>.</summary>
/// <param name="context">The request that asked for the page.</param>
/// <param name="cancellationToken">Ends with the request.</param>
public delegate ValueTask<PageFrame> PageFrameSource(HttpContext context, CancellationToken cancellationToken);
