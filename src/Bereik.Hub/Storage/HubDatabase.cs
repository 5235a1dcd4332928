using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Log;
using Bereik.Hub.Log;
using Bereik.Ledger;
using Bereik.Node.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Bereik.Hub.Storage;

// The hub's store. Tokens and rows are not in the model: they are only ever handled in bulk, by SQL.
internal sealed class HubDatabase(DbContextOptions<HubDatabase> options, HubLog log) : NodeDatabase(options)
{
    private readonly List<LogPosition> logged = [];

    public DbSet<Order> Orders => Set<Order>();

    public DbSet<OrderEvent> OrderEvents => Set<OrderEvent>();

    public DbSet<Referral> Referrals => Set<Referral>();

    public DbSet<ReferralWord> ReferralWords => Set<ReferralWord>();

    public DbSet<Wave> Waves => Set<Wave>();

    public DbSet<Answer> Answers => Set<Answer>();

    public DbSet<ConsentEvent> ConsentEvents => Set<ConsentEvent>();

    public DbSet<ConsentCommitment> Commitments => Set<ConsentCommitment>();

    public DbSet<HubRound> Rounds => Set<HubRound>();

    public DbSet<HubRoundTree> RoundTrees => Set<HubRoundTree>();

    public DbSet<SourceMessage> Messages => Set<SourceMessage>();

    public DbSet<LogDocument> LogDocuments => Set<LogDocument>();

    public DbSet<StatedKey> StatedKeys => Set<StatedKey>();

    // The public log, whose entries this store's transactions commit after.
    public HubLog Log => log;

    // The entries that this unit of work left, in order.
    public IReadOnlyList<LogPosition> Logged => logged;

    // Saves, and puts entries in the public log, inside the caller's transaction, which the caller commits next.
    // INVARIANT: no entry, no exchange. The entries are durable before anything commits; when they cannot be, the exception rolls everything back.
    public async Task<IReadOnlyList<LogPosition>> LogAsync(params IReadOnlyList<LogEntry> entries)
    {
        if (Database.CurrentTransaction is null) throw new InvalidOperationException("An entry belongs to a transaction.");
        await SaveChangesAsync();
        if (entries.Count == 0) return [];
        var positions = await log.AppendAsync(entries);
        var highest = positions.Max(position => position.Index);
        await Database.ExecuteSqlAsync($"UPDATE hub_log SET highest = max(ifnull(highest, -1), {highest})");
        logged.AddRange(positions);
        return positions;
    }

    // Whether the log shows whose key this is, and that it was not revoked. What is signed with another would convince nobody who has only the log.
    public Task<bool> IsStatedAsync(string kid, CancellationToken cancel) => StatedKeys.AnyAsync(key => key.Use == KeyUse.Signing && key.Kid == kid && key.RevokedAt == null, cancel);

    // Adds a step to an order's history; it is committed with whatever it tells about.
    public void Record(string orderId, DateTimeOffset at, string kind, IEnumerable<string>? codes = null, string? hash = null) =>
        OrderEvents.Add(new OrderEvent { OrderId = orderId, At = at, Kind = kind, Reasons = string.Join(' ', codes ?? []), Hash = hash });

    // Records a refusal of something that left no other trace.
    public async Task RecordAloneAsync(string orderId, DateTimeOffset at, string kind, string code, CancellationToken cancel)
    {
        ChangeTracker.Clear();
        Record(orderId, at, kind, [code]);
        await SaveChangesAsync(cancel);
    }

    // The same in a transaction of its own, with its entry.
    public async Task RecordAloneAsync(string orderId, DateTimeOffset at, string kind, string code, LogEntry entry, CancellationToken cancel)
    {
        await using var transaction = await Database.BeginTransactionAsync(cancel);
        await RecordAloneAsync(orderId, at, kind, code, cancel);
        await LogAsync(entry);
        await transaction.CommitAsync(CancellationToken.None);
    }

    // An order by its id.
    public Task<Order?> OrderOfAsync(Guid id, CancellationToken cancel)
    {
        var text = id.ToString("D");
        return Orders.SingleOrDefaultAsync(order => order.Id == text, cancel);
    }

    // A referral by its id.
    public Task<Referral?> ReferralOfAsync(Guid id, CancellationToken cancel)
    {
        var text = id.ToString("D");
        return Referrals.SingleOrDefaultAsync(referral => referral.Id == text, cancel);
    }

    // The number of the next change of a referral, inside the caller's transaction.
    public Task<long> NextChangeAsync(CancellationToken cancel) => Database.SqlQueryRaw<long>("SELECT ifnull(max(changed), 0) + 1 AS Value FROM referral").SingleAsync(cancel);

    // Deletes what is sealed of a referral, inside the caller's transaction.
    public Task PurgeReferralAsync(long sequence, CancellationToken cancel) => Database.ExecuteSqlAsync($"UPDATE referral SET sealed = NULL WHERE sequence = {sequence}", cancel);

    // A yes by its id.
    public Task<Answer?> AnswerOfAsync(Guid id, CancellationToken cancel)
    {
        var text = id.ToString("D");
        return Answers.SingleOrDefaultAsync(answer => answer.Id == text, cancel);
    }

    // Deletes what is sealed of a yes and what was chosen, inside the caller's transaction.
    public Task PurgeAnswerAsync(long sequence, CancellationToken cancel) => Database.ExecuteSqlAsync($"UPDATE answer SET sealed = NULL, choices = NULL WHERE sequence = {sequence}", cancel);

    // A command for many rows, in the present transaction.
    public SqliteCommand Prepare(string sql)
    {
        var command = ((SqliteConnection)Database.GetDbConnection()).CreateCommand();
        command.Transaction = (SqliteTransaction?)Database.CurrentTransaction?.GetDbTransaction();
        command.CommandText = sql;
        return command;
    }

    // Deletes everything that was deposited for an order, inside the caller's transaction.
    public async Task PurgeAsync(long sequence, CancellationToken cancel)
    {
        await PurgeTokensAsync(sequence, cancel);
        await Database.ExecuteSqlAsync($"DELETE FROM row_token WHERE order_sequence = {sequence}", cancel);
        await Database.ExecuteSqlAsync($"DELETE FROM manifest_line WHERE order_sequence = {sequence}", cancel);
        await Database.ExecuteSqlAsync($"DELETE FROM envelope_row WHERE order_sequence = {sequence}", cancel);
        await PurgeInvitationsAsync(sequence, cancel);
    }

    // Deletes the sealed invitations of a wave, inside the caller's transaction. Numbers of letters that went out stay: whoever has one still objects, and takes a yes back.
    public async Task PurgeInvitationsAsync(long sequence, CancellationToken cancel)
    {
        await Database.ExecuteSqlAsync($"DELETE FROM invitation WHERE order_sequence = {sequence}", cancel);
        await Database.ExecuteSqlAsync($"DELETE FROM wave_part WHERE order_sequence = {sequence}", cancel);
        await Database.ExecuteSqlAsync($"DELETE FROM letter WHERE order_sequence = {sequence} AND NOT EXISTS (SELECT 1 FROM wave WHERE order_sequence = {sequence})", cancel);
    }

    // Deletes a local node's token set, inside the caller's transaction.
    public async Task PurgeTokensAsync(long sequence, CancellationToken cancel)
    {
        await Database.ExecuteSqlAsync($"DELETE FROM known_set WHERE order_sequence = {sequence}", cancel);
        await Database.ExecuteSqlAsync($"DELETE FROM known_token WHERE order_sequence = {sequence}", cancel);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Order>().HasKey(order => order.Sequence);
        modelBuilder.Entity<Order>().Property(order => order.State).HasConversion(
            state => OrderStates.WireName(state), text => OrderStates.Parse(text));
        modelBuilder.Entity<OrderEvent>().HasKey(step => step.Sequence);
        modelBuilder.Entity<Referral>().HasKey(referral => referral.Sequence);
        modelBuilder.Entity<Referral>().Property(referral => referral.State).HasConversion(
            state => ReferralNames.WireName(state), text => ParseState(text));
        modelBuilder.Entity<ReferralWord>().HasKey(word => word.Sequence);
        modelBuilder.Entity<ReferralWord>().Property(word => word.Act).HasConversion(
            act => ReferralNames.WireName(act), text => ParseAct(text));
        modelBuilder.Entity<Wave>().HasKey(wave => wave.OrderSequence);
        modelBuilder.Entity<Wave>().Property(wave => wave.OrderSequence).ValueGeneratedNever();
        modelBuilder.Entity<Answer>().HasKey(answer => answer.Sequence);
        modelBuilder.Entity<Answer>().Property(answer => answer.State).HasConversion(state => ConsentNames.WireName(state), text => Parse<ConsentState>(text));
        modelBuilder.Entity<Answer>().Property(answer => answer.Assurance).HasConversion(assurance => ConsentNames.WireName(assurance), text => Parse<ConsentAssurance>(text));
        modelBuilder.Entity<Answer>().Property(answer => answer.Method).HasConversion(method => ConsentNames.WireName(method), text => Parse<AnswerMethod>(text));
        modelBuilder.Entity<ConsentEvent>().HasKey(happened => happened.Sequence);
        modelBuilder.Entity<ConsentCommitment>().HasKey(one => one.Commitment);
        modelBuilder.Entity<HubRound>().HasKey(round => round.Day);
        modelBuilder.Entity<HubRoundTree>().HasKey(tree => new { tree.Day, tree.Kind });
        modelBuilder.Entity<SourceMessage>().HasKey(message => message.Id);
        modelBuilder.Entity<LogDocument>().HasKey(document => document.Hash);
        modelBuilder.Entity<StatedKey>().HasKey(key => key.Sequence);
        modelBuilder.Entity<StatedKey>().Property(key => key.Use).HasConversion(
            use => StatedKey.WireName(use), text => Enum.Parse<KeyUse>(text, ignoreCase: true));
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<Order>().ToTable("list_order");
        modelBuilder.Entity<ReferralWord>().ToTable("referral_step");
    }

    private static T Parse<T>(string text)
        where T : struct, Enum => ConsentNames.TryParse(text, out T found) ? found : throw new InvalidDataException("A stored word is none of a consent.");

    private static ReferralState ParseState(string text) =>
        ReferralNames.TryParse(text, out ReferralState state) ? state : throw new InvalidDataException("A stored state is none of a referral.");

    private static ReferralAct ParseAct(string text) =>
        ReferralNames.TryParse(text, out ReferralAct act) ? act : throw new InvalidDataException("A stored step is none of a referral.");
}

// The names of states in the store and on the wire.
internal static class OrderStates
{
    public static string WireName(this OrderState state) => state.ToString().ToLowerInvariant();

    public static OrderState Parse(string text) => Enum.Parse<OrderState>(text, ignoreCase: true);
}
