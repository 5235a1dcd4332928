using Bereik.Node.Storage;

namespace Bereik.Node.Work;

/// <summary>
/// A kind of durable work. <see cref="RunAsync"/> may be begun more than once (a kill, a lost lease), so what it does outside the
/// store must be repeatable; its effect in the store goes into the result and is committed together with the step's end, once.
/// </summary>
public interface IWorkStep
{
    /// <summary>Name of this kind, for example <c>envelope.build</c>.</summary>
    string Kind { get; }

    /// <summary>Does the step.</summary>
    /// <param name="run">What it is about, and how far it came.</param>
    /// <param name="cancel">Set when the node stops; the step runs again after the next start.</param>
    Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel);

    /// <summary>What to store when the step fails for good, in the same transaction.</summary>
    /// <param name="database">The node's store.</param>
    /// <param name="subject">What the step was about.</param>
    /// <param name="code">Why it failed.</param>
    /// <param name="cancel">Set when the node stops.</param>
    Task FailedAsync(NodeDatabase database, string subject, string code, CancellationToken cancel) => Task.CompletedTask;
}

/// <summary>How a run of a step ended.</summary>
public abstract record WorkResult
{
    private WorkResult()
    {
    }

    /// <summary>Done; the effect is committed with it.</summary>
    /// <param name="Effect">Writes to the node's store, inside the transaction that ends the step.</param>
    public sealed record Finished(Func<NodeDatabase, CancellationToken, Task>? Effect) : WorkResult;

    /// <summary>Not yet; look again later. Not an error: attempts start anew.</summary>
    /// <param name="Delay">How long to wait.</param>
    public sealed record Waits(TimeSpan Delay) : WorkResult;

    /// <summary>It broke; try again, and count the attempt.</summary>
    /// <param name="Delay">How long to wait.</param>
    internal sealed record Retries(TimeSpan Delay) : WorkResult;

    /// <summary>Never.</summary>
    /// <param name="Code">Why.</param>
    /// <param name="Effect">Writes to the node's store, inside the transaction that ends the step.</param>
    public sealed record Refused(string Code, Func<NodeDatabase, CancellationToken, Task>? Effect) : WorkResult;

    /// <summary>Done, with an effect in the store.</summary>
    /// <typeparam name="TDatabase">The node's store.</typeparam>
    /// <param name="effect">The writes.</param>
    public static WorkResult Done<TDatabase>(Func<TDatabase, CancellationToken, Task> effect)
        where TDatabase : NodeDatabase => new Finished((database, cancel) => effect((TDatabase)database, cancel));

    /// <summary>Done, without an effect of its own.</summary>
    public static WorkResult Done() => new Finished(null);

    /// <summary>Look again later.</summary>
    /// <param name="delay">How long to wait.</param>
    public static WorkResult Later(TimeSpan delay) => new Waits(delay);

    /// <summary>Never, with an effect in the store.</summary>
    /// <typeparam name="TDatabase">The node's store.</typeparam>
    /// <param name="code">Why.</param>
    /// <param name="effect">The writes.</param>
    public static WorkResult Failed<TDatabase>(string code, Func<TDatabase, CancellationToken, Task> effect)
        where TDatabase : NodeDatabase => new Refused(code, (database, cancel) => effect((TDatabase)database, cancel));

    /// <summary>Never; <see cref="IWorkStep.FailedAsync"/> writes what follows.</summary>
    /// <param name="code">Why.</param>
    public static WorkResult Failed(string code) => new Refused(code, null);
}

/// <summary>One run of a step.</summary>
/// <param name="subject">What it is about.</param>
/// <param name="attempt">1 the first time.</param>
/// <param name="report">Where progress goes.</param>
public sealed class WorkRun(string subject, int attempt, Action<long, long> report)
{
    /// <summary>What it is about.</summary>
    public string Subject { get; } = subject;

    /// <summary>1 the first time, more after an error or a kill.</summary>
    public int Attempt { get; } = attempt;

    /// <summary>Tells how far the step is.</summary>
    /// <param name="done">How much is done.</param>
    /// <param name="total">How much there is.</param>
    public void Report(long done, long total) => report(done, total);
}
