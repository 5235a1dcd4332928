using System.Globalization;
using Bereik.Exchange.Log;
using Bereik.Ledger;
using Bereik.Node.Requests;
using Bereik.Node.Storage;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Node.Logs;

// What a node keeps of the log in its store, beside the mirror's files.
internal sealed class LogStore(NodeDatabase database)
{
    public async Task<LogView?> ViewAsync(CancellationToken cancel)
    {
        var rows = await database.Database.SqlQueryRaw<ViewRow>("SELECT log AS Log, size AS Size, root AS Root, cosigned_at AS CosignedAt, told_at AS ToldAt FROM log_view").ToListAsync(cancel);
        return rows is [var row] && TreeHash.TryParse(row.Root, out var root) ? new LogView(row.Log, new TreeHead(row.Size, root), DateTimeOffset.FromUnixTimeMilliseconds(row.CosignedAt), DateTimeOffset.FromUnixTimeMilliseconds(row.ToldAt)) : null;
    }

    // INVARIANT: what was read and how far it was read are committed together, so that reading goes on where it was after any kill.
    public async Task ApplyAsync(LogView view, IReadOnlyList<LogFact> facts, DateTimeOffset now, CancellationToken cancel)
    {
        var at = now.ToUnixTimeMilliseconds();
        foreach (var fact in facts)
        {
            var (index, entry) = (fact.Logged.Index, fact.Logged.Entry);
            var order = (entry as IOrderEntry)?.Order.ToString("D");
            var handle = (entry as IDisclosureEntry)?.Handle.ToString();
            await database.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO log_fact (idx, type, organisation, order_id, handle, entry, read_at)
                VALUES ({index}, {LogEntryFormat.NameOf(entry)}, {entry.By}, {order}, {handle}, {fact.Bytes}, {at}) ON CONFLICT DO NOTHING
                """, cancel);
            if (entry is not LogEntry.RegisterStep step) continue;
            await database.Database.ExecuteSqlAsync($"INSERT INTO log_step (idx, sequence, document, read_at) VALUES ({index}, {step.Sequence}, {step.Document}, {at}) ON CONFLICT DO NOTHING", cancel);
        }

        await database.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO log_view (id, log, size, root, cosigned_at, told_at)
            VALUES (1, {view.Log}, {view.Tree.Size}, {view.Tree.Root.ToString()}, {view.CosignedAt.ToUnixTimeMilliseconds()}, {view.Told.ToUnixTimeMilliseconds()})
            ON CONFLICT (id) DO UPDATE SET size = excluded.size, root = excluded.root, cosigned_at = excluded.cosigned_at, told_at = excluded.told_at
            """, cancel);
    }

    public async Task<HashSet<Guid>> OrdersAsync(CancellationToken cancel) =>
        [.. (await database.Database.SqlQueryRaw<string>("SELECT DISTINCT order_id AS Value FROM log_fact WHERE type = 'order.placed'").ToListAsync(cancel)).Select(Guid.Parse)];

    public async Task<HashSet<string>> HandlesAsync(CancellationToken cancel) =>
        [.. await database.Database.SqlQueryRaw<string>("SELECT DISTINCT handle AS Value FROM log_fact WHERE type = 'package.delivered'").ToListAsync(cancel)];

    // The entries of an order, and those that name only the handle of what was disclosed under it.
    public async Task<IReadOnlyList<LoggedEntry>> FactsAsync(Guid order, CancellationToken cancel)
    {
        var id = order.ToString("D");
        return Read(await database.Database.SqlQuery<FactRow>(
            $"""
            SELECT idx AS Idx, entry AS Entry FROM log_fact WHERE order_id = {id}
                OR (order_id IS NULL AND handle IN (SELECT handle FROM log_fact WHERE order_id = {id} AND handle IS NOT NULL)) ORDER BY idx
            """).ToListAsync(cancel));
    }

    public async Task<ILookup<string, LoggedStatement>> StatementsAsync(CancellationToken cancel) =>
        Read(await database.Database.SqlQueryRaw<FactRow>("SELECT idx AS Idx, entry AS Entry FROM log_fact WHERE type = 'key.stated' ORDER BY idx").ToListAsync(cancel))
            .Select(logged => new LoggedStatement(logged.Index, (LogEntry.KeyStated)logged.Entry)).ToLookup(statement => statement.Entry.By, StringComparer.Ordinal);

    public async Task KeepKeysAsync(string organisation, IReadOnlyList<Stated> keys, CancellationToken cancel)
    {
        foreach (var key in keys)
        {
            await database.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO log_key (organisation, use, kid, key, revoked) VALUES ({organisation}, {NameOf(key.Use)}, {key.Kid}, {key.Key}, {(key.IsRevoked ? 1 : 0)})
                ON CONFLICT (organisation, use, kid) DO UPDATE SET revoked = max(revoked, excluded.revoked)
                """, cancel);
        }
    }

    public async Task<bool> HasKeyAsync(string organisation, KeyUse use, string kid, CancellationToken cancel) =>
        (await database.Database.SqlQuery<int>($"SELECT 1 AS Value FROM log_key WHERE organisation = {organisation} AND use = {NameOf(use)} AND kid = {kid} AND revoked = 0").ToListAsync(cancel)).Count > 0;

    public async Task<IReadOnlyList<OwnKey>> OwnKeysAsync(CancellationToken cancel)
    {
        var rows = await database.Database.SqlQueryRaw<KeyRow>("SELECT use AS Use, kid AS Kid, key AS Key FROM own_key ORDER BY since, kid").ToListAsync(cancel);
        return [.. rows.Select(row => new OwnKey(Enum.Parse<KeyUse>(row.Use, ignoreCase: true), row.Kid, row.Key))];
    }

    public Task HoldAsync(OwnKey key, DateTimeOffset now, CancellationToken cancel) => database.Database.ExecuteSqlAsync(
        $"INSERT INTO own_key (kid, use, key, since) VALUES ({key.Kid}, {NameOf(key.Use)}, {key.Key}, {now.ToUnixTimeMilliseconds()}) ON CONFLICT DO NOTHING", cancel);

    public async Task<string?> StatementAsync(string kid, CancellationToken cancel) =>
        (await database.Database.SqlQuery<string>($"SELECT document AS Value FROM own_statement WHERE kid = {kid}").ToListAsync(cancel)).FirstOrDefault();

    public Task KeepStatementAsync(string kid, string document, CancellationToken cancel) =>
        database.Database.ExecuteSqlAsync($"INSERT INTO own_statement (kid, document) VALUES ({kid}, {document}) ON CONFLICT DO NOTHING", cancel);

    // Promises that can be judged: covered by the tree, or too old not to be.
    public async Task<IReadOnlyList<PromiseRow>> PromisesAsync(long size, DateTimeOffset madeBefore, CancellationToken cancel) => await database.Database.SqlQuery<PromiseRow>(
        $"SELECT idx AS Idx, leaf AS Leaf FROM log_promise WHERE is_broken = 0 AND (idx < {size} OR at < {madeBefore.ToUnixTimeMilliseconds()})").ToListAsync(cancel);

    public Task KeepPromiseAsync(long index, TreeHash leaf, DateTimeOffset now, CancellationToken cancel) => database.Database.ExecuteSqlAsync(
        $"INSERT INTO log_promise (idx, leaf, at) VALUES ({index}, {leaf.ToString()}, {now.ToUnixTimeMilliseconds()}) ON CONFLICT DO NOTHING", cancel);

    public Task EndPromiseAsync(PromiseRow promise, bool isBroken, CancellationToken cancel) => isBroken
        ? database.Database.ExecuteSqlAsync($"UPDATE log_promise SET is_broken = 1 WHERE idx = {promise.Idx} AND leaf = {promise.Leaf}", cancel)
        : database.Database.ExecuteSqlAsync($"DELETE FROM log_promise WHERE idx = {promise.Idx} AND leaf = {promise.Leaf}", cancel);

    public async Task<IReadOnlyList<AheadRow>> AheadAsync(long size, DateTimeOffset seenBefore, CancellationToken cancel) => await database.Database.SqlQuery<AheadRow>(
        $"SELECT size AS Size, root AS Root, note AS Note FROM log_ahead WHERE is_broken = 0 AND (size <= {size} OR at < {seenBefore.ToUnixTimeMilliseconds()})").ToListAsync(cancel);

    public Task KeepAheadAsync(Checkpoint checkpoint, string note, DateTimeOffset now, CancellationToken cancel) => database.Database.ExecuteSqlAsync(
        $"INSERT INTO log_ahead (size, root, note, at) VALUES ({checkpoint.Size}, {checkpoint.Root.ToString()}, {note}, {now.ToUnixTimeMilliseconds()}) ON CONFLICT DO NOTHING", cancel);

    public Task EndAheadAsync(AheadRow ahead, bool isBroken, CancellationToken cancel) => isBroken
        ? database.Database.ExecuteSqlAsync($"UPDATE log_ahead SET is_broken = 1 WHERE size = {ahead.Size} AND root = {ahead.Root}", cancel)
        : database.Database.ExecuteSqlAsync($"DELETE FROM log_ahead WHERE size = {ahead.Size} AND root = {ahead.Root}", cancel);

    // Whether the log shows a step that the register as it was read does not have.
    public async Task<bool> IsRegisterBehindAsync(CancellationToken cancel) =>
        (await database.Database.SqlQueryRaw<int>("SELECT 1 AS Value FROM log_step s WHERE NOT EXISTS (SELECT 1 FROM register_entry r WHERE r.sequence = s.sequence) LIMIT 1").ToListAsync(cancel)).Count > 0;

    // Steps of the log that the register tells otherwise, or does not tell though it was read long enough after the log showed them.
    public async Task<IReadOnlyList<StepRow>> HiddenAsync(TimeSpan moment, CancellationToken cancel)
    {
        var wait = (long)moment.TotalMilliseconds;
        return await database.Database.SqlQuery<StepRow>(
            $"""
            SELECT s.idx AS Idx, s.sequence AS Sequence FROM log_step s LEFT JOIN register_entry r ON r.sequence = s.sequence
            WHERE (r.sequence IS NOT NULL AND r.event <> s.document)
               OR (r.sequence IS NULL AND s.read_at + {wait} <= (SELECT read_at FROM register_reading))
            """).ToListAsync(cancel);
    }

    // Steps that the register told before an instant, and that the log still does not show.
    public async Task<IReadOnlyList<long>> UnloggedAsync(DateTimeOffset now, DateTimeOffset toldBefore, CancellationToken cancel)
    {
        await database.Database.ExecuteSqlRawAsync(
            "DELETE FROM log_unlogged WHERE EXISTS (SELECT 1 FROM log_step s JOIN register_entry r ON r.sequence = s.sequence AND r.event = s.document WHERE s.sequence = log_unlogged.sequence)", cancel);
        await database.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO log_unlogged (sequence, at) SELECT r.sequence, {now.ToUnixTimeMilliseconds()} FROM register_entry r
            WHERE NOT EXISTS (SELECT 1 FROM log_step s WHERE s.sequence = r.sequence AND s.document = r.event) ON CONFLICT DO NOTHING
            """, cancel);
        return await database.Database.SqlQuery<long>($"SELECT sequence AS Value FROM log_unlogged WHERE at < {toldBefore.ToUnixTimeMilliseconds()}").ToListAsync(cancel);
    }

    public async Task InTransactionAsync(Func<Task> act, CancellationToken cancel)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        await act();
        await transaction.CommitAsync(cancel);
    }

    private static string NameOf(KeyUse use) => use.ToString().ToLower(CultureInfo.InvariantCulture);

    // What was stored was read before, so it reads again; what does not was changed in the store by another hand, and shows nothing.
    private static List<LoggedEntry> Read(IReadOnlyList<FactRow> rows) =>
        [.. rows.Select(row => (row.Idx, Entry: LogEntryFormat.Read(row.Entry))).Where(row => row.Entry.IsOk).Select(row => new LoggedEntry(row.Idx, row.Entry.Value))];

    private sealed record ViewRow(string Log, long Size, string Root, long CosignedAt, long ToldAt);

    private sealed record FactRow(long Idx, byte[] Entry);

    private sealed record KeyRow(string Use, string Kid, string Key);
}

// How far the log was read, and when the witness last said that it is one: by this node's clock at the latest, and by its own word.
internal sealed record LogView(string Log, TreeHead Tree, DateTimeOffset CosignedAt, DateTimeOffset Told);

// An entry that this node keeps, with its bytes.
internal sealed record LogFact(LoggedEntry Logged, byte[] Bytes);

internal sealed record PromiseRow(long Idx, string Leaf);

internal sealed record AheadRow(long Size, string Root, string Note);

internal sealed record StepRow(long Idx, long Sequence);
