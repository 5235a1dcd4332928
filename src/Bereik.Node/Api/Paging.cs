using Bereik.Node.Errors;
using Microsoft.AspNetCore.Http;

namespace Bereik.Node.Api;

/// <summary>Pages of a collection by cursor (nl: bladeren; belgif REST guide, col-paging): <c>after</c> and <c>limit</c> in, <c>items</c> and <c>next</c> out.</summary>
public static class Paging
{
    /// <summary>Items of a page when nothing is said.</summary>
    public const int Usual = 50;

    /// <summary>The most items of a page.</summary>
    public const int Most = 100;

    /// <summary>Reads the size of a page.</summary>
    /// <param name="limit">As asked; null when nothing was said.</param>
    /// <param name="size">How many items.</param>
    /// <returns>Null, or why it is refused.</returns>
    public static IResult? Read(int? limit, out int size)
    {
        size = limit ?? Usual;
        return size is < 1 or > Most ? ErrorCatalogue.BadRequest.Problem("limit", issues: [InputIssue.Shape("query", "limit")]) : null;
    }

    /// <summary>A page of what was found; one more than its size was asked for, to see whether there is a next.</summary>
    /// <typeparam name="TRow">What was found.</typeparam>
    /// <typeparam name="TItem">What is told.</typeparam>
    /// <param name="rows">At most one more than <paramref name="size"/>.</param>
    /// <param name="size">How many items.</param>
    /// <param name="tell">What is told of each.</param>
    /// <param name="cursor">The cursor that comes after each.</param>
    public static Page<TItem> Of<TRow, TItem>(IReadOnlyList<TRow> rows, int size, Func<TRow, TItem> tell, Func<TRow, string> cursor)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(tell);
        ArgumentNullException.ThrowIfNull(cursor);
        return new Page<TItem>([.. rows.Take(size).Select(tell)], rows.Count > size ? cursor(rows[size - 1]) : null);
    }
}

/// <summary>A page of a collection (nl: bladzijde).</summary>
/// <typeparam name="T">What the collection holds.</typeparam>
/// <param name="Items">The items of this page.</param>
/// <param name="Next">What to give as <c>after</c> for the next page; absent on the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next = null);
