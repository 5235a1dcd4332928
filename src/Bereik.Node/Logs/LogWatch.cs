using System.Security.Cryptography;
using System.Text;
using Bereik.Domain;
using Bereik.Exchange.Log;
using Bereik.Ledger;
using Bereik.Node.Configuration;
using Bereik.Node.Registers;
using Bereik.Node.Requests;
using Bereik.Node.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Bereik.Node.Logs;

/// <summary>An entry of the log as this node verified it.</summary>
/// <param name="Index">Its place, from 0.</param>
/// <param name="Entry">What it says.</param>
public sealed record LoggedEntry(long Index, LogEntry Entry);

/// <summary>Says whether an entry in this node's own name is its own making. Each edge has one.</summary>
/// <remarks>An entry may be in the log before the answer to its request is here: what an organisation sends, it has stored before. Key statements are not asked about.</remarks>
public interface IOwnEntries
{
    /// <summary>Whether this node made it.</summary>
    /// <param name="entry">An entry whose <c>by</c> is this organisation.</param>
    /// <param name="cancel">Stops.</param>
    Task<bool> IsOwnAsync(LogEntry entry, CancellationToken cancel);
}

/// <summary>
/// How a node follows the public log (nl: meelezen met het logboek): it mirrors every entry, verifies checkpoints of log and witness, and keeps what is
/// about itself. Who asks here before acting acts on nothing that the log does not show to everybody.
/// </summary>
/// <remarks>
/// Safe to use from several threads at once, one process a data folder. It uses the store on connections of its own: never call it inside a transaction.
/// </remarks>
public sealed partial class LogWatch : IDisposable
{
    /// <summary>Folder of the mirror in the data folder, in the layout of the log.</summary>
    public const string MirrorFolder = "log-mirror";

    /// <summary>The operator's file in the data folder with keys of this node that it does not use yet: a line each, <c>signing JWK</c>. A key is written there before it is stated in the log.</summary>
    public const string OwnKeysFile = "own-keys";

    /// <summary>The code for a checkpoint of another that is larger than what the hub shows here now: ask again later.</summary>
    public const string CheckpointAhead = "checkpoint.ahead";

    // A checkpoint counts for this long after the witness said that it is the largest; a promise has as long to come true.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    // The hub logs a step before it stores it. Between those two, the register may be read without it.
    private static readonly TimeSpan BetweenLogAndRegister = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim gate = new(1);
    private readonly IServiceScopeFactory scopes;
    private readonly NodeSettings settings;
    private readonly NodeKeys keys;
    private readonly LogTrust trust;
    private readonly TimeProvider clock;
    private readonly ILogger<LogWatch> log;
    private readonly PatientLog source;
    private readonly string folder;
    private LogMirror? mirror;
    private HashSet<Guid>? orders;
    private HashSet<string> handles = [];

    // Organisations whose statements are to be judged; null for all.
    private HashSet<string>? unjudged;
    private volatile string? checkpoint;
    private volatile string? trouble;

    /// <summary>Opens the mirror of an earlier run, if there is one.</summary>
    /// <param name="scopes">Gives stores.</param>
    /// <param name="http">Calls the hub.</param>
    /// <param name="settings">Who this node is and where the hub is.</param>
    /// <param name="keys">Learns successors.</param>
    /// <param name="trust">The log's key and the witness's.</param>
    /// <param name="clock">The node's clock.</param>
    /// <param name="log">Tells the operator.</param>
    public LogWatch(IServiceScopeFactory scopes, HttpClient http, NodeSettings settings, NodeKeys keys, LogTrust trust, TimeProvider clock, ILogger<LogWatch> log)
    {
        ArgumentNullException.ThrowIfNull(settings);
        (this.scopes, this.settings, this.keys, this.trust, this.clock, this.log) = (scopes, settings, keys, trust, clock, log);
        source = new PatientLog(new HttpLog(http, new Uri(new Uri(settings.PeerOf(OrganisationKind.Hub).Url!), "/log/")));
        folder = Path.Combine(settings.DataFolder, MirrorFolder);
        try
        {
            mirror = LogMirror.Open(folder, trust.Log);
            checkpoint = mirror.Note?.ToString();
        }
        catch (LogBrokenException)
        {
            // The first reading deals with it.
        }
    }

    /// <summary>The last checkpoint that was verified, with its signatures, for orders and manifests; null before the first reading.</summary>
    public string? Checkpoint => checkpoint;

    /// <summary>Why the last reading brought nothing, when it is no alarm: <c>log.unwitnessed</c>, <c>log.unreadable</c>, or what is missing at the hub; else null.</summary>
    public string? Trouble => trouble;

    /// <summary>Reads what is new.</summary>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="HttpRequestException">The hub cannot be reached now.</exception>
    public async Task ReadAsync(CancellationToken cancel)
    {
        await gate.WaitAsync(cancel);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var reading = new Reading(scope.ServiceProvider);
            await reading.Alarms.TakeSettledAsync(cancel);
            await HoldOwnKeysAsync(reading.Store, cancel);
            if (await OpenMirrorAsync(reading, cancel) is not { } own) return;

            // What was learnt in an earlier run is known again also while the hub cannot be reached.
            await JudgeKeysAsync(reading, cancel);
            await FetchAsync(reading, own, cancel);
            try
            {
                await ApplyAsync(reading, own, cancel);
                await JudgeAsync(reading, own, cancel);
            }
            catch (LogBrokenException damaged)
            {
                SetAside(damaged);
            }
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Whether the log may be relied on now.</summary>
    /// <param name="cancel">Stops.</param>
    /// <returns>Null, or <c>log.alarm</c> (something did not hold; somebody must look), <c>log.stale</c> (no fresh checkpoint) or <c>log.unread</c>.</returns>
    public async Task<string?> FindStopAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var reading = new Reading(scope.ServiceProvider);
        if ((await reading.Alarms.OpenAsync(cancel)).Count > 0) return "log.alarm";
        if (await reading.Store.ViewAsync(cancel) is not { } view) return "log.unread";
        return clock.GetUtcNow() - view.CosignedAt > Patience ? "log.stale" : null;
    }

    /// <summary>Holds another organisation's checkpoint against the own mirror, and reads on first when it is larger.</summary>
    /// <param name="note">A signed note, as an order, a manifest or an answer carried it; null when it carried none.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>
    /// Null when both are one log; else <c>checkpoint.missing</c>, <c>checkpoint.refused</c>, <c>checkpoint.ahead</c> (larger than what the hub shows here now: ask
    /// again later; the log must reach it within the quarter of an hour) or <c>log.splitView</c>, which also raises the alarm.
    /// </returns>
    /// <exception cref="HttpRequestException">It is larger, and the hub cannot be reached now.</exception>
    public async Task<string?> CompareAsync(string? note, CancellationToken cancel)
    {
        if (note is null) return "checkpoint.missing";
        if (!Ledger.Checkpoint.TryOpen(Encoding.UTF8.GetBytes(note), trust.Log, out var signed, out var other, out _)) return "checkpoint.refused";
        if (await CompareAsync(signed, other, cancel) is { } first) return first.Code;
        await ReadAsync(cancel);
        if (await CompareAsync(signed, other, cancel) is { } second) return second.Code;
        await using var scope = scopes.CreateAsyncScope();
        await new Reading(scope.ServiceProvider).Store.KeepAheadAsync(other, signed.ToString(), clock.GetUtcNow(), cancel);
        return CheckpointAhead;
    }

    /// <summary>The same for a checkpoint that the witness itself sends: it must carry the witness's signature.</summary>
    /// <param name="note">A signed note; null when there was none.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>As <see cref="CompareAsync(string?, CancellationToken)"/>.</returns>
    /// <exception cref="HttpRequestException">As there.</exception>
    public Task<string?> CompareWitnessedAsync(string? note, CancellationToken cancel)
    {
        var isRefused = note is not null && (!SignedNote.TryParse(Encoding.UTF8.GetBytes(note), out var signed, out _) || !signed.IsSignedBy(trust.Witness));
        return isRefused ? Task.FromResult<string?>("checkpoint.refused") : CompareAsync(note, cancel);
    }

    /// <summary>The entries about an order, in order, of what was read so far.</summary>
    /// <param name="order">The order's id.</param>
    /// <param name="cancel">Stops.</param>
    public async Task<IReadOnlyList<LoggedEntry>> FindAsync(Guid order, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await new Reading(scope.ServiceProvider).Store.FactsAsync(order, cancel);
    }

    /// <summary>Whether an organisation stated a key in the log and did not revoke it.</summary>
    /// <param name="organisation">Organisation id: a peer, or this node.</param>
    /// <param name="use">What it is for.</param>
    /// <param name="kid">Its id.</param>
    /// <param name="cancel">Stops.</param>
    public async Task<bool> HasKeyAsync(string organisation, KeyUse use, string kid, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await new Reading(scope.ServiceProvider).Store.HasKeyAsync(organisation, use, kid, cancel);
    }

    /// <summary>A proof of an entry that can be checked offline, from the own mirror.</summary>
    /// <param name="index">The entry's place.</param>
    /// <param name="extra">Data of the application.</param>
    /// <param name="cancel">Stops.</param>
    /// <returns>The entry and its proof; null when the mirror does not have it.</returns>
    public async Task<(ReadOnlyMemory<byte> Entry, TlogProof Proof)?> ProveAsync(long index, ReadOnlyMemory<byte> extra, CancellationToken cancel)
    {
        await gate.WaitAsync(cancel);
        try
        {
            if (mirror is not { Note: { } note } own || index < 0 || index >= own.Checkpoint.Size) return null;
            var reader = own.Read();
            return (await reader.EntryAsync(index, cancel), new TlogProof { Extra = extra, Index = index, Path = await reader.InclusionAsync(index, cancel), Checkpoint = note });
        }
        catch (LogBrokenException damaged)
        {
            SetAside(damaged);
            return null;
        }
        finally
        {
            gate.Release();
        }
    }

    // How many entries were read, and when the witness last vouched for them.
    internal async Task<(long Size, DateTimeOffset? CosignedAt)> HowFarAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var view = await new Reading(scope.ServiceProvider).Store.ViewAsync(cancel);
        return (view?.Tree.Size ?? 0, view?.CosignedAt);
    }

    /// <inheritdoc/>
    public void Dispose() => gate.Dispose();

    // Opens the mirror, holds it against what the store says was seen, and begins it anew when the disk did not keep it.
    private async Task<LogMirror?> OpenMirrorAsync(Reading reading, CancellationToken cancel)
    {
        var view = await reading.Store.ViewAsync(cancel);
        if (view is not null && view.Log != trust.Log.ToString())
        {
            await reading.Alarms.RaiseAsync("log.foreignKey", $"pinned {trust.Log}", null, cancel);
            return null;
        }

        if (mirror is not null) return mirror;
        try
        {
            var opened = LogMirror.Open(folder, trust.Log);
            if (view is not null && view.Tree.Size <= opened.Checkpoint.Size && await RootAtAsync(opened.Read(), view.Tree.Size, cancel) != view.Tree.Root) throw new LogBrokenException("mirror.other", MirrorFolder);
            return mirror = opened;
        }
        catch (LogBrokenException damaged)
        {
            SetAside(damaged);
            return mirror = LogMirror.Open(folder, trust.Log);
        }
    }

    // The copy is this node's own matter; what was seen is in the store, and what is fetched anew must continue it.
    private void SetAside(LogBrokenException damaged)
    {
        Directory.Move(folder, FormattableString.Invariant($"{folder}.damaged-{clock.GetUtcNow().ToUnixTimeMilliseconds()}"));
        LogMirrorDamaged(damaged.Code);
        (mirror, checkpoint) = (null, null);
    }

    // INVARIANT: what is held against another party comes from the root that was verified, not from files that the disk may have spoilt.
    private static async Task<TreeHash> RootAtAsync(LogReader own, long size, CancellationToken cancel)
    {
        var root = await own.RootAtAsync(size, cancel);
        return MerkleTree.IsConsistent(size, root, own.Checkpoint.Size, own.Checkpoint.Root, await own.ConsistencyAsync(size, cancel)) ? root : throw new LogBrokenException("mirror.tile", MirrorFolder);
    }

    private static async Task<TreeHash> LeafAsync(LogReader own, long index, CancellationToken cancel)
    {
        var leaf = await own.LeafAsync(index, cancel);
        return MerkleTree.IsIncluded(leaf, index, own.Checkpoint.Size, await own.InclusionAsync(index, cancel), own.Checkpoint.Root) ? leaf : throw new LogBrokenException("mirror.tile", MirrorFolder);
    }

    private async Task FetchAsync(Reading reading, LogMirror own, CancellationToken cancel)
    {
        try
        {
            // What is published may change between two files; what does not fit twice does not fit.
            if (await TryFetchAsync(reading, own, isLast: false, cancel)) return;
            await TryFetchAsync(reading, own, isLast: true, cancel);
        }
        catch (LogBrokenException incomplete)
        {
            trouble = incomplete.Code;
        }
    }

    // False when what is served does not continue what is here, and it is not the last try.
    private async Task<bool> TryFetchAsync(Reading reading, LogMirror own, bool isLast, CancellationToken cancel)
    {
        var bytes = await source.ReadAsync("checkpoint", cancel) ?? throw new HttpRequestException("The hub shows no checkpoint.");
        if (!Ledger.Checkpoint.TryOpen(bytes, trust.Log, out var note, out var next, out var error))
        {
            trouble = "log.unreadable";
            if (error is "checkpoint.otherLog" or "checkpoint.signature") await reading.Alarms.RaiseAsync("log.foreignKey", $"checkpoint {Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}", Encoding.UTF8.GetString(bytes), cancel);
            return true;
        }

        var seen = (await reading.Store.ViewAsync(cancel))?.Tree;
        var largest = Math.Max(own.Checkpoint.Size, seen?.Size ?? 0);
        if (next.Size < largest)
        {
            await RaiseAsync("log.rolledBack", FormattableString.Invariant($"checkpoint of {next.Size}, after {largest}"));
            return true;
        }

        var growth = await own.FollowAsync(source, next, seen, cancel);
        if (growth is null)
        {
            if (isLast) await RaiseAsync("log.forked", FormattableString.Invariant($"checkpoint of {next.Size}, root {next.Root}"));
            return isLast;
        }

        // SECURITY: the log's own signature is no news to anybody else. Only what the witness cosigned is the same for all.
        var cosignedAt = trust.Witness.CosignedAt(note);
        trouble = cosignedAt is null ? "log.unwitnessed" : null;
        if (cosignedAt is null) return true;
        if (own.Checkpoint.Size == next.Size && own.Note is { } before && trust.Witness.CosignedAt(before) >= cosignedAt) return true;
        own.Keep(note, growth);
        checkpoint = note.ToString();
        return true;

        Task RaiseAsync(string code, string place) => reading.Alarms.RaiseAsync(code, place, own.Note is { } mine ? $"{note}\n{mine}" : note.ToString(), cancel);
    }

    // Takes what the mirror has beyond the store, a bundle at a time.
    private async Task ApplyAsync(Reading reading, LogMirror own, CancellationToken cancel)
    {
        if (own.Note is not { } note || trust.Witness.CosignedAt(note) is not { } told) return;
        var now = clock.GetUtcNow();

        // A witness whose clock is ahead makes nothing fresh for longer.
        var cosignedAt = told < now ? told : now;
        var view = await reading.Store.ViewAsync(cancel);
        var (size, reader) = (view?.Tree.Size ?? 0, own.Read());
        if (size == own.Checkpoint.Size && view is not null && view.Told == told) return;
        if (size > own.Checkpoint.Size) return;
        try
        {
            do
            {
                var end = Math.Min(own.Checkpoint.Size, (size / TilePath.FullWidth * TilePath.FullWidth) + TilePath.FullWidth);
                var facts = size < end ? await SelectAsync(reading, await reader.BundleAsync(size / TilePath.FullWidth, cancel), size, cancel) : [];
                var foreign = await FindForeignAsync(reading, facts, cancel);
                var next = new LogView(trust.Log.ToString(), new TreeHead(end, await RootAtAsync(reader, end, cancel)), cosignedAt, told);
                await reading.Store.InTransactionAsync(
                    async () =>
                    {
                        await reading.Store.ApplyAsync(next, facts, now, cancel);
                        foreach (var index in foreign) await reading.Alarms.RaiseAsync("log.notMine", PlaceOf(index), null, cancel);
                    },
                    cancel);
                unjudged?.UnionWith(facts.Select(fact => fact.Logged.Entry).OfType<LogEntry.KeyStated>().Select(stated => stated.By));
                size = end;
            }
            while (size < own.Checkpoint.Size);
        }
        catch
        {
            // What was not committed was not seen.
            orders = null;
            throw;
        }
    }

    // The entries that this node keeps: in its own name, about its orders and what was disclosed under them, of every key and of the register.
    private async Task<IReadOnlyList<LogFact>> SelectAsync(Reading reading, IReadOnlyList<ReadOnlyMemory<byte>> bundle, long from, CancellationToken cancel)
    {
        if (orders is null) (orders, handles) = (await reading.Store.OrdersAsync(cancel), await reading.Store.HandlesAsync(cancel));
        var facts = new List<LogFact>();
        for (var i = (int)(from % TilePath.FullWidth); i < bundle.Count; i++)
        {
            // What nobody can read says nothing about anybody. The audit tells it apart.
            if (!LogEntryFormat.Read(bundle[i].Span).TryGet(out var entry, out _)) continue;
            var isOwn = entry.By == settings.Organisation;
            if (entry is LogEntry.OrderPlaced placed && (isOwn || placed.Source == settings.Organisation)) orders.Add(placed.Order);
            var isKnown = (entry is IOrderEntry about && orders.Contains(about.Order)) || (entry is IDisclosureEntry disclosure && handles.Contains(disclosure.Handle.ToString()));
            if (isKnown && entry is LogEntry.PackageDelivered delivered) handles.Add(delivered.Handle.ToString());
            if (isOwn || isKnown || entry is LogEntry.KeyStated or LogEntry.RegisterStep or LogEntry.Begun)
            {
                facts.Add(new LogFact(new LoggedEntry((from / TilePath.FullWidth * TilePath.FullWidth) + i, entry), bundle[i].ToArray()));
            }
        }

        return facts;
    }

    private async Task<IReadOnlyList<long>> FindForeignAsync(Reading reading, IReadOnlyList<LogFact> facts, CancellationToken cancel)
    {
        var foreign = new List<long>();
        foreach (var logged in facts.Select(fact => fact.Logged).Where(logged => logged.Entry.By == settings.Organisation && logged.Entry is not LogEntry.KeyStated))
        {
            if (!await reading.OwnEntries.IsOwnAsync(logged.Entry, cancel)) foreign.Add(logged.Index);
        }

        return foreign;
    }

    // Null when the other checkpoint is larger than what is here.
    private async Task<Comparison?> CompareAsync(SignedNote note, Checkpoint other, CancellationToken cancel)
    {
        await gate.WaitAsync(cancel);
        try
        {
            if (mirror is not { } own || other.Size > own.Checkpoint.Size) return null;
            if (await RootAtAsync(own.Read(), other.Size, cancel) == other.Root) return new Comparison(null);
            await using var scope = scopes.CreateAsyncScope();
            await RaiseSplitAsync(new Reading(scope.ServiceProvider), other.Size, other.Root.ToString(), $"{note}\n{own.Note}", cancel);
            return new Comparison("log.splitView");
        }
        catch (LogBrokenException damaged)
        {
            SetAside(damaged);
            return null;
        }
        finally
        {
            gate.Release();
        }
    }

    private static Task RaiseSplitAsync(Reading reading, long size, string root, string evidence, CancellationToken cancel) =>
        reading.Alarms.RaiseAsync("log.splitView", FormattableString.Invariant($"checkpoint of {size}, root {root}"), evidence, cancel);

    private static string PlaceOf(long index) => FormattableString.Invariant($"entry {index}");

    [LoggerMessage(LogLevel.Error, "The mirror of the log was damaged ({Code}) and is read anew.")]
    private partial void LogMirrorDamaged(string code);

    private sealed record Comparison(string? Code);

    // A hub that takes a file's answer and never ends it holds nobody up for long.
    private sealed class PatientLog(ILogSource log) : ILogSource
    {
        private static readonly TimeSpan OfAFile = TimeSpan.FromSeconds(30);

        public async Task<byte[]?> ReadAsync(string path, CancellationToken cancel)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            patience.CancelAfter(OfAFile);
            try
            {
                return await log.ReadAsync(path, patience.Token);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                throw new HttpRequestException("The hub did not serve a file of its log in time.");
            }
        }
    }

    // What one look at the log works with.
    private sealed class Reading(IServiceProvider services)
    {
        public LogStore Store { get; } = new(services.GetRequiredService<NodeDatabase>());

        public LogAlarms Alarms { get; } = services.GetRequiredService<LogAlarms>();

        public IOwnEntries OwnEntries => services.GetRequiredService<IOwnEntries>();

        public RegisterReader Register => services.GetRequiredService<RegisterReader>();
    }
}
