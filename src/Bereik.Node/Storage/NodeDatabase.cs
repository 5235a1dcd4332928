using System.Text;
using Bereik.Domain;
using Bereik.Node.Machines;
using Bereik.Node.Requests;
using Bereik.Node.Work;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Bereik.Node.Storage;

/// <summary>
/// A node's own store. Tables and columns are snake_case of the class and property names; instants are milliseconds since 1970 UTC.
/// Tables are made by the SQL files under <c>Migrations</c>, not by the model.
/// </summary>
/// <param name="options">Connection and provider.</param>
public abstract class NodeDatabase(DbContextOptions options) : DbContext(options)
{
    /// <summary>Steps of work, waiting, done and failed.</summary>
    public DbSet<WorkItem> Work => Set<WorkItem>();

    /// <summary>Every decision that this node made.</summary>
    public DbSet<Decisions.DecisionRecord> Decisions => Set<Decisions.DecisionRecord>();

    /// <summary>The register of protocols, as this node has it.</summary>
    public DbSet<Registers.RegisterEntry> RegisterEntries => Set<Registers.RegisterEntry>();

    /// <summary>What this node told its own organisation's software.</summary>
    public DbSet<Events.NodeEvent> Events => Set<Events.NodeEvent>();

    internal List<Events.Telling> Tellings { get; } = [];

    /// <summary>Signed requests seen within their minute.</summary>
    internal DbSet<SeenRequest> SeenRequests => Set<SeenRequest>();

    internal DbSet<Access.Session> Sessions => Set<Access.Session>();

    internal DbSet<Access.Colleague> Colleagues => Set<Access.Colleague>();

    internal DbSet<Access.Passkey> Passkeys => Set<Access.Passkey>();

    internal DbSet<Access.EnrolmentCode> EnrolmentCodes => Set<Access.EnrolmentCode>();
    /// <summary>Software of suppliers that may call this node.</summary>
    internal DbSet<MachineClient> MachineClients => Set<MachineClient>();

    /// <summary>The keys of that software.</summary>
    internal DbSet<MachineClientKey> MachineClientKeys => Set<MachineClientKey>();

    /// <summary>Adds a step of work; it runs once the transaction has committed. The same kind and subject a second time is a bug.</summary>
    /// <param name="kind">Kind of a registered step.</param>
    /// <param name="subject">What it is about: an order id, never a person.</param>
    /// <param name="now">The node's clock.</param>
    /// <param name="after">When it may first run; now when absent.</param>
    public WorkItem Enqueue(string kind, string subject, DateTimeOffset now, DateTimeOffset? after = null)
    {
        var item = new WorkItem { Kind = kind, Subject = subject, State = WorkState.Waiting, CreatedAt = now, RunAfter = after ?? now };
        Work.Add(item);
        return item;
    }

    /// <summary>
    /// Tells the organisation's software that something happened; numbered, signed and stored when the changes are saved. INVARIANT: in the transaction of what happened, so
    /// that none is lost and none is told of what was not.
    /// </summary>
    /// <param name="type">One of <see cref="Exchange.Contracts.EventTypes"/>.</param>
    /// <param name="exchange">An order's id, or the name of an accession; never a person.</param>
    /// <param name="organisation">The local government that it is about; null for this node itself.</param>
    /// <param name="now">The node's clock.</param>
    public void Tell(string type, string exchange, string? organisation, DateTimeOffset now) => Tellings.Add(new Events.Telling(type, exchange, organisation, now));

    /// <summary>Adds a recurring step unless the store has it, lets one that ended go on, and saves.</summary>
    /// <param name="kind">Kind of a registered step that returns <see cref="WorkResult.Later"/>.</param>
    /// <param name="now">The node's clock.</param>
    public async Task BeginRecurringAsync(string kind, DateTimeOffset now)
    {
        var step = await Work.SingleOrDefaultAsync(item => item.Kind == kind && item.Subject == WorkItem.Recurring);
        if (step is null) Enqueue(kind, WorkItem.Recurring, now);
        else if (step.State != WorkState.Waiting) (step.State, step.RunAfter, step.Attempts, step.FinishedAt) = (WorkState.Waiting, now, 0, null);
        await SaveChangesAsync();
    }

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<InstantConverter>();
        configurationBuilder.Properties<OrganisationId>().HaveConversion<OrganisationIdConverter>();
        configurationBuilder.Properties<Month>().HaveConversion<MonthConverter>();
    }

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<WorkItem>().ToTable("work").Property(item => item.State).HasConversion(
            state => state.ToString().ToLowerInvariant(), text => Enum.Parse<WorkState>(text, ignoreCase: true));
        modelBuilder.Entity<Decisions.DecisionRecord>().HasKey(decision => decision.Sequence);
        modelBuilder.Entity<Registers.RegisterEntry>().HasKey(entry => entry.Sequence);
        modelBuilder.Entity<Registers.RegisterEntry>().Property(entry => entry.Sequence).ValueGeneratedNever();
        modelBuilder.Entity<Events.NodeEvent>().HasKey(one => one.Sequence);
        modelBuilder.Entity<Events.NodeEvent>().Property(one => one.Sequence).ValueGeneratedNever();
        modelBuilder.Entity<SeenRequest>().HasKey(request => new { request.Issuer, request.RequestId });
        modelBuilder.Entity<Access.Colleague>().HasKey(person => person.Subject);
        modelBuilder.Entity<Access.EnrolmentCode>().HasKey(code => code.Code);
        modelBuilder.Entity<MachineClient>();
        modelBuilder.Entity<MachineClientKey>().HasKey(key => key.Kid);
        foreach (var entity in modelBuilder.Model.GetEntityTypes())
        {
            if (entity.ClrType != typeof(WorkItem)) entity.SetTableName(SnakeCase(entity.ClrType.Name));
            foreach (var property in entity.GetProperties()) property.SetColumnName(SnakeCase(property.Name));
        }
    }

    private static string SnakeCase(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        foreach (var c in name)
        {
            if (char.IsUpper(c) && text.Length > 0) text.Append('_');
            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }

    private sealed class InstantConverter() : ValueConverter<DateTimeOffset, long>(
        instant => instant.ToUnixTimeMilliseconds(), value => DateTimeOffset.FromUnixTimeMilliseconds(value));

    private sealed class OrganisationIdConverter() : ValueConverter<OrganisationId, string>(
        id => id.Value, text => new OrganisationId(text));

    private sealed class MonthConverter() : ValueConverter<Month, string>(
        month => month.ToString(), text => ParseMonth(text));

    private static Month ParseMonth(string text) =>
        Month.TryParse(text, out var month) ? month : throw new InvalidDataException("A stored month does not have its shape.");
}
