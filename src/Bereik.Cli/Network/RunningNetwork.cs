namespace Bereik.Cli.Network;

/// <summary>The nodes of a plan as processes (nl: draaiend netwerk). Disposing stops them all.</summary>
public sealed class RunningNetwork : IAsyncDisposable
{
    private readonly Dictionary<string, NodeProcess> processes;
    private readonly NodeProcess login;
    private readonly Dictionary<(string Node, string Role), PageVisitor> visitors = [];

    private RunningNetwork(NetworkPlan plan, TimeProvider clock)
    {
        Plan = plan;
        login = new NodeProcess(NetworkPlan.LoginId, NodeProgram.Login, plan.LoginUrl, plan.FolderOf(NetworkPlan.LoginId), clock);
        processes = plan.Nodes.ToDictionary(node => node.Id, node => new NodeProcess(node.Id, NodeProgram.NameOf(node.Kind), node.Url, plan.FolderOf(node.Id), clock));
    }

    /// <summary>Which nodes, and where.</summary>
    public NetworkPlan Plan { get; }

    /// <summary>Every process: the login, then the nodes in the order of the plan.</summary>
    public IEnumerable<NodeProcess> Processes => Plan.Nodes.Select(node => processes[node.Id]).Prepend(login);

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
                started?.Invoke(process.Id);
            }

            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>Somebody who signed in at a node; the same browser each time.</summary>
    /// <param name="node">Organisation id.</param>
    /// <param name="role">Word of the role; null for the one who does most of the work there.</param>
    public PageVisitor Visit(string node, string? role = null)
    {
        var planned = Plan[node];
        var chosen = role ?? TestPeople.DefaultRole(planned.Kind);
        if (!visitors.TryGetValue((node, chosen), out var visitor)) visitors[(node, chosen)] = visitor = new PageVisitor(new Uri(planned.PublicUrl), planned.People.Single(person => person.Roles.Contains(chosen)).Id);
        return visitor;
    }

    /// <summary>Stops every node, all at the same time.</summary>
    public Task StopAsync() => Task.WhenAll(Processes.Select(process => process.StopAsync()));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var process in Processes) await process.DisposeAsync();
        foreach (var visitor in visitors.Values) visitor.Dispose();
    }
}
