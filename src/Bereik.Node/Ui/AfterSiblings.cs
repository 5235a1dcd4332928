using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Bereik.Node.Ui;

/// <summary>Renders its content after the components before it have been initialised, so that columns are known.</summary>
public sealed class AfterSiblings : ComponentBase
{
    /// <summary>The content.</summary>
    [Parameter] public RenderFragment? ChildContent { get; set; }

    /// <summary>Renders the content.</summary>
    protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, ChildContent);
}
