namespace Bereik.Ledger;

/// <summary>Where an entry stands in the log.</summary>
/// <param name="Index">Place, from 0.</param>
/// <param name="Leaf">Its leaf hash.</param>
public readonly record struct LogPosition(long Index, TreeHash Leaf);

/// <summary>How a log's writer stands.</summary>
public enum LogState
{
    /// <summary>It takes entries.</summary>
    Open,

    /// <summary>It could not write, for a reason that may pass (a full disk): every append tries again.</summary>
    Waiting,

    /// <summary>It cannot be trusted any more until somebody looked: a file is damaged, or the disk did not keep what it said it kept.</summary>
    Broken,
}

/// <summary>How a log's writer stands, for people who operate it.</summary>
/// <param name="State">The state.</param>
/// <param name="Code">A stable code when it is not open, such as <c>log.diskFull</c>; else null.</param>
/// <param name="Place">The file that it is about; null when none.</param>
public sealed record LogCondition(LogState State, string? Code = null, string? Place = null);

/// <summary>An entry could not be made durable.</summary>
/// <param name="code">A stable code.</param>
/// <param name="isRetryable">Whether trying again later can help.</param>
public sealed class LogUnavailableException(string code, bool isRetryable) : Exception(code)
{
    /// <summary>A stable code.</summary>
    public string Code { get; } = code;

    /// <summary>Whether trying again later can help.</summary>
    public bool IsRetryable { get; } = isRetryable;
}

/// <summary>What a writer needs.</summary>
public sealed record LogWriterOptions
{
    /// <summary>The folder that is served: <c>checkpoint</c>, <c>tile</c>.</summary>
    public required string Folder { get; init; }

    /// <summary>The writer's own folder, beside it: the journal. Never served.</summary>
    public required string JournalFolder { get; init; }

    /// <summary>The log's key; its name is the origin.</summary>
    public required NoteSigner Key { get; init; }

    /// <summary>
    /// Asks witnesses for their signatures before a checkpoint is published; gets the checkpoint and a reader of its tree. It may take its time, and
    /// gives the note with whatever signatures it got; null when there is no witness.
    /// </summary>
    public Func<SignedNote, LogReader, CancellationToken, Task<SignedNote>>? Cosign { get; init; }
}

/// <summary>
/// The one writer of a log (nl: schrijver van het logboek). An append returns when entry, tree and checkpoint are durable; shortly after, the static
/// files show it.
/// </summary>
public sealed class LogWriter : IAsyncDisposable
{
    private LogWriter()
    {
    }

    /// <summary>How it stands.</summary>
    public LogCondition Condition => throw new NotImplementedException();

    /// <summary>The tree that is durable.</summary>
    public Checkpoint Durable => throw new NotImplementedException();

    /// <summary>The checkpoint that is published, with every signature it got.</summary>
    public SignedNote Published => throw new NotImplementedException();

    /// <summary>Makes a new, empty log.</summary>
    /// <param name="options">Where.</param>
    /// <exception cref="LogBrokenException"><c>log.exists</c>: there is one already.</exception>
    public static LogWriter Create(LogWriterOptions options) => throw new NotImplementedException();

    /// <summary>Opens a log that was made before, and continues it.</summary>
    /// <param name="options">Where.</param>
    /// <exception cref="LogBrokenException"><c>log.missing</c>, <c>log.otherKey</c>, or what is damaged.</exception>
    public static LogWriter Open(LogWriterOptions options) => throw new NotImplementedException();

    /// <summary>Adds an entry. The same bytes as a recent entry's give that entry's place again.</summary>
    /// <param name="entry">1 to 65,535 bytes.</param>
    /// <param name="cancel">Stops waiting; an entry that was handed in is written all the same.</param>
    /// <exception cref="LogUnavailableException">It is not in the log.</exception>
    public Task<LogPosition> AppendAsync(ReadOnlyMemory<byte> entry, CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>Waits until the published checkpoint covers an entry.</summary>
    /// <param name="index">The entry's place.</param>
    /// <param name="cancel">Stops waiting.</param>
    public Task PublishedAsync(long index, CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>Publishes the present tree again, so that witnesses sign it anew.</summary>
    public void Refresh() => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
