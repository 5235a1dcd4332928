using Microsoft.AspNetCore.Components;

namespace Bereik.Node.Ui;

/// <summary>One column of a <see cref="DataTable{TItem}"/>.</summary>
/// <typeparam name="TItem">A row.</typeparam>
public sealed class Column<TItem> : ComponentBase
{
    [CascadingParameter] private DataTable<TItem> Table { get; set; } = null!;

    /// <summary>Heading, and label on a phone.</summary>
    [Parameter, EditorRequired] public string Title { get; set; } = "";

    /// <summary>True to align right, with figures of one width.</summary>
    [Parameter] public bool Numeric { get; set; }

    /// <summary>Key to sort by, or null when the column cannot sort.</summary>
    [Parameter] public string? SortKey { get; set; }

    /// <summary>The cell.</summary>
    [Parameter, EditorRequired] public RenderFragment<TItem>? ChildContent { get; set; }

    /// <summary>Registers the column with its table.</summary>
    protected override void OnInitialized() => Table.Add(this);
}
