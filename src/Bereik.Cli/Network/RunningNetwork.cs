namespace Bereik.Cli.Network;

/// <summary>The nodes of a plan as processes (nl: draaiend netwerk). Disposing stops them all.</summary>
public sealed class RunningNetwork : IAsyncDisposable
{
    private readonly Dictionary<string, NodeProcess> processes;
    private readonly Dictionary<string, PageVisitor> visitors = new(StringComparer.Ordinal);

    private RunningNetwork(NetworkPlan plan, TimeProvider clock)
    {
        Plan = plan;
        processes = plan.Nodes.ToDictionary(node => node.Id, node => new NodeProcess(node, plan.FolderOf(node.Id), clock));
    }

    /// <summary>Which nodes, and where.</summary>
    public NetworkPlan Plan { get; }

    /// <summary>Every node's process, in the order of the plan.</summary>
    public IEnumerable<NodeProcess> Processes => Plan.Nodes.Select(node => processes[node.Id]);

    /// <summary>The process of a node.</summary>
    /// <param name="node">Organisation id.</param>
    public NodeProcess this[string node] => processes[node];

    /// <summary>The processes of a plan, none of which runs yet.</summary>
    /// <param name="plan">Which nodes, and where.</param>
    /// <param name="clock">The clock; the system's when null.</param>
    public static RunningNetwork Prepare(NetworkPlan plan, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new RunningNetwork(plan, clock ?? TimeProvider.System);
    }

    /// <summary>Starts every node and waits until all answer. Keys and settings must have been written.</summary>
    /// <param name="plan">Which nodes, and where.</param>
    /// <param name="clock">The clock; the system's when null.</param>
    /// <param name="started">Told the id of each node that answers; may be null.</param>
    /// <param name="cancel">Stops starting; the nodes that were started are stopped.</param>
    /// <exception cref="NodeStartException">A node did not start; the others were stopped.</exception>
    public static async Task<RunningNetwork> StartAsync(NetworkPlan plan, TimeProvider? clock = null, Action<string>? started = null, CancellationToken cancel = default)
    {
        var network = Prepare(plan, clock);
        try
        {
            foreach (var process in network.Processes) process.Start();
            foreach (var process in network.Processes)
            {
                await process.WaitUntilHealthyAsync(cancel);
                started?.Invoke(process.Node.Id);
            }

            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>A person at a node's workplace; the same visitor each time.</summary>
    /// <param name="node">Organisation id.</param>
    public PageVisitor Visit(string node)
    {
        if (!visitors.TryGetValue(node, out var visitor)) visitors[node] = visitor = new PageVisitor(new Uri(Plan[node].Url));
        return visitor;
    }

    /// <summary>Stops every node, all at the same time.</summary>
    public Task StopAsync() => Task.WhenAll(processes.Values.Select(process => process.StopAsync()));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var process in processes.Values) await process.DisposeAsync();
        foreach (var visitor in visitors.Values) visitor.Dispose();
    }
}
