using Bereik.Ledger;

namespace Bereik.Cli.Verify;

/// <summary>What to verify a log with.</summary>
internal sealed record VerifyOptions
{
    /// <summary>The log's key.</summary>
    public required NoteVerifier Log { get; init; }

    /// <summary>A witness that must have cosigned; null when it is not looked at.</summary>
    public NoteVerifier? Witness { get; init; }

    /// <summary>Whether every entry is read and audited too.</summary>
    public bool IsFull { get; init; }

    /// <summary>Where the last checkpoint is kept.</summary>
    public required string Seen { get; init; }
}

/// <summary>What verifying a log gave.</summary>
internal sealed record Verified
{
    public SignedNote? Note { get; init; }

    public Checkpoint? Checkpoint { get; init; }

    /// <summary>When the witness cosigned.</summary>
    public DateTimeOffset? CosignedAt { get; init; }

    /// <summary>What this computer saw before; null for the first time.</summary>
    public Checkpoint? Before { get; init; }

    /// <summary>What the audit found; null without <c>--full</c>.</summary>
    public AuditReport? Audit { get; init; }

    public required IReadOnlyList<Finding> Broken { get; init; }

    public IReadOnlyList<Finding> Flags { get; init; } = [];

    public bool Holds => Broken.Count == 0;
}

/// <summary>Verifies a log: signature, witness, continuation of what was seen before, and with <c>--full</c> every file and every entry.</summary>
internal static class LogVerification
{
    private static readonly TimeSpan Fresh = TimeSpan.FromDays(1);

    /// <summary>Verifies; what was seen is kept only when everything held.</summary>
    /// <param name="source">The log's files.</param>
    /// <param name="options">With what.</param>
    /// <param name="now">The clock.</param>
    /// <param name="cancel">Stops.</param>
    public static async Task<Verified> RunAsync(ILogSource source, VerifyOptions options, DateTimeOffset now, CancellationToken cancel)
    {
        var result = new Verified { Broken = [] };
        try
        {
            var (note, checkpoint, cosignedAt) = await OpenAsync(source, options.Log, options.Witness, cancel);
            result = result with { Note = note, Checkpoint = checkpoint, CosignedAt = cosignedAt };
            var before = SeenFile.Read(options.Seen, options.Log);
            result = result with { Before = before };
            if (before is not null) await ContinueAsync(source, before, checkpoint, cancel);
            if (options.IsFull) result = await AuditAsync(result, source, options, now, cancel);
            if (cosignedAt < now - Fresh) result = result with { Flags = [new Finding("witness.old", "checkpoint", IsFlag: true), .. result.Flags] };

            // INVARIANT: what did not hold in every respect never becomes what the next run compares with.
            if (result.Holds) SeenFile.Write(options.Seen, note);
            return result;
        }
        catch (LogBrokenException wrong)
        {
            return result with { Broken = [new Finding(wrong.Code, wrong.Place), .. result.Broken] };
        }
        catch (Exception unreadable) when (IsUnreadable(unreadable, cancel))
        {
            return result with { Broken = [new Finding(unreadable is HttpRequestException or TaskCanceledException ? "log.unreachable" : "log.unreadable", "--log"), .. result.Broken] };
        }
    }

    /// <summary>The checkpoint that a log shows, with its signatures verified.</summary>
    /// <exception cref="LogBrokenException">It does not hold.</exception>
    public static async Task<(SignedNote Note, Checkpoint Checkpoint, DateTimeOffset? CosignedAt)> OpenAsync(ILogSource source, NoteVerifier log, NoteVerifier? witness, CancellationToken cancel)
    {
        var bytes = await source.ReadAsync("checkpoint", cancel) ?? throw new LogBrokenException("log.none", "checkpoint");
        if (!Checkpoint.TryOpen(bytes, log, out var note, out var checkpoint, out var error)) throw new LogBrokenException(error, "checkpoint");
        var cosignedAt = witness?.CosignedAt(note);
        return witness is not null && cosignedAt is null ? throw new LogBrokenException("checkpoint.witness", "checkpoint") : (note, checkpoint, cosignedAt);
    }

    /// <summary>Whether an exception says that a log cannot be read, and is no mistake of this program.</summary>
    public static bool IsUnreadable(Exception exception, CancellationToken cancel) =>
        exception is IOException or UnauthorizedAccessException or HttpRequestException || (exception is TaskCanceledException && !cancel.IsCancellationRequested);

    private static async Task ContinueAsync(ILogSource source, Checkpoint before, Checkpoint checkpoint, CancellationToken cancel)
    {
        if (checkpoint.Size < before.Size) throw new LogBrokenException("log.rollback", FormattableString.Invariant($"size {before.Size} to {checkpoint.Size}"));
        var proof = await new LogReader(source, checkpoint).ConsistencyAsync(before.Size, cancel);
        if (!MerkleTree.IsConsistent(before.Size, before.Root, checkpoint.Size, checkpoint.Root, proof)) throw new LogBrokenException("log.fork", FormattableString.Invariant($"size {before.Size} to {checkpoint.Size}"));
    }

    private static async Task<Verified> AuditAsync(Verified result, ILogSource source, VerifyOptions options, DateTimeOffset now, CancellationToken cancel)
    {
        using var audit = new LogAudit(options.Log.Name);
        await LogCheck.CheckAsync(source, result.Checkpoint!, audit.Add, cancel);
        var report = audit.Finish(now);
        List<Finding> flags = [.. report.Flags];
        if (report.Witness is { } named && options.Witness is null) flags.Insert(0, new Finding("witness.notChecked", "entry 0", IsFlag: true));
        else if (report.Witness is { } other && other != options.Witness?.ToString()) flags.Insert(0, new Finding("witness.other", "entry 0", IsFlag: true));
        return result with { Audit = report, Broken = report.Broken, Flags = flags };
    }
}
