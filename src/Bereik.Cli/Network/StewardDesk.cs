namespace Bereik.Cli.Network;

/// <summary>What the source's data steward does on the page <em>Aanvragen</em> (nl: datasteward), by the same routes.</summary>
public static class StewardDesk
{
    private const string KnownSetBox = "gekendeLijst";

    /// <summary>Reads an order's page and approves it; where the order was held for its known set, ticks that it was reviewed.</summary>
    /// <param name="source">A visitor of the source.</param>
    /// <param name="order">The order's id.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="PageException">The page has no such form: the order cannot be decided on (any more).</exception>
    public static async Task ApproveAsync(PageVisitor source, string order, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        var page = $"/aanvragen/{order}";
        var box = PageVisitor.TickValue(await source.GetPageAsync(page, cancel), KnownSetBox);
        await source.SubmitAsync(page, page + "/goedkeuren", box is null ? null : new Dictionary<string, string> { [KnownSetBox] = box }, cancel);
    }

    /// <summary>Refuses an order.</summary>
    /// <param name="source">A visitor of the source.</param>
    /// <param name="order">The order's id.</param>
    /// <param name="reason">Code of the reason that is chosen, such as <c>source.knownSetDoubtful</c>.</param>
    /// <param name="cancel">Stops.</param>
    public static Task RefuseAsync(PageVisitor source, string order, string reason, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source.SubmitAsync($"/aanvragen/{order}", $"/aanvragen/{order}/weigeren", new Dictionary<string, string> { ["reden"] = reason }, cancel);
    }
}
