using System.Text.Json;
using Bereik.Domain;
using Bereik.Edge;
using Bereik.Exchange.Contracts;
using Bereik.Local.Workers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Bereik.Local.Storage;

// The local node's store: its own people, the lists it ordered, and what it received.
internal sealed class LocalDatabase(DbContextOptions<LocalDatabase> options) : EdgeDatabase(options)
{
    public DbSet<PersonFile> Files => Set<PersonFile>();

    public DbSet<FileError> FileErrors => Set<FileError>();

    public DbSet<KnownPerson> KnownPersons => Set<KnownPerson>();

    public DbSet<Resident> Residents => Set<Resident>();

    public DbSet<LinkedNumber> LinkedNumbers => Set<LinkedNumber>();

    public DbSet<OrderedList> Lists => Set<OrderedList>();

    public DbSet<ListReason> ListReasons => Set<ListReason>();

    public DbSet<ListEvent> ListEvents => Set<ListEvent>();

    public DbSet<Household> Households => Set<Household>();

    public DbSet<HouseholdAttempt> HouseholdAttempts => Set<HouseholdAttempt>();

    public DbSet<GrantRow> GrantRows => Set<GrantRow>();

    public DbSet<PersonRoot> PersonRoots => Set<PersonRoot>();

    public DbSet<CommittedPerson> CommittedPersons => Set<CommittedPerson>();

    public DbSet<EndedDisclosure> EndedDisclosures => Set<EndedDisclosure>();

    public DbSet<Round> Rounds => Set<Round>();

    public DbSet<RoundTree> RoundTrees => Set<RoundTree>();

    public DbSet<RoundLeaf> RoundLeaves => Set<RoundLeaf>();

    public DbSet<Attestation> Attestations => Set<Attestation>();

    public DbSet<AttestationEvent> AttestationEvents => Set<AttestationEvent>();

    public DbSet<WiderAccess> WiderAccesses => Set<WiderAccess>();

    public DbSet<Referral> Referrals => Set<Referral>();

    public DbSet<SaidStep> SaidSteps => Set<SaidStep>();

    public DbSet<ReferralAttempt> ReferralAttempts => Set<ReferralAttempt>();

    public DbSet<ConsentScan> ConsentScans => Set<ConsentScan>();
    public DbSet<Erasure> Erasures => Set<Erasure>();

    public DbSet<ErasureAttest> ErasureAttests => Set<ErasureAttest>();

    public DbSet<AccessionDraft> AccessionDrafts => Set<AccessionDraft>();

    public DbSet<OpenedWave> OpenedWaves => Set<OpenedWave>();

    public DbSet<Answer> Answers => Set<Answer>();

    public DbSet<AnswerStep> AnswerSteps => Set<AnswerStep>();

    /// <summary>Empties the write-ahead log, in which older forms of the pages stand; outside a transaction.</summary>
    /// <returns>False when a reader kept it from being emptied; to be tried again soon.</returns>
    public async Task<bool> EmptyLogAsync(CancellationToken cancel)
    {
        await Database.OpenConnectionAsync(cancel);
        await using var command = Database.GetDbConnection().CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        return await command.ExecuteScalarAsync(cancel) is 0L;
    }

    private static ValueConverter<T, string> Word<T>()
        where T : struct, Enum => new(word => JsonNamingPolicy.CamelCase.ConvertName(word.ToString()), text => Enum.Parse<T>(text, true));

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<PersonFile>();
        modelBuilder.Entity<Attestation>().Property(one => one.Function).HasConversion(Word<WorkerFunction>());
        modelBuilder.Entity<Attestation>().Property(one => one.Secrecy).HasConversion(Word<Secrecy>());
        modelBuilder.Entity<AttestationEvent>().HasKey(one => one.Sequence);
        modelBuilder.Entity<AccessionDraft>().HasKey(draft => draft.ProtocolHash);
        modelBuilder.Entity<SaidStep>().HasKey(step => step.Sequence);
        modelBuilder.Entity<ReferralAttempt>().HasKey(attempt => attempt.Sequence);
        modelBuilder.Entity<Household>().Property(row => row.ClosedAs).HasConversion(Word<ErasureCause>());
        modelBuilder.Entity<HouseholdAttempt>().HasKey(attempt => attempt.Sequence);
        modelBuilder.Entity<ConsentScan>().HasKey(scan => scan.ReferralId);
        modelBuilder.Entity<LinkedNumber>().HasKey(number => new { number.FileId, number.Insz, number.Linked });
        modelBuilder.Entity<OpenedWave>().HasKey(wave => wave.ListId);
        modelBuilder.Entity<Answer>().Property(one => one.Assurance).HasConversion(Word<ConsentAssurance>());
        modelBuilder.Entity<Answer>().Property(one => one.Method).HasConversion(Word<AnswerMethod>());
        modelBuilder.Entity<AnswerStep>().HasKey(step => step.Sequence);
        modelBuilder.Entity<PersonRoot>().HasKey(root => root.ListId);
        modelBuilder.Entity<CommittedPerson>().HasKey(person => new { person.RowId, person.Person });
        modelBuilder.Entity<EndedDisclosure>().HasKey(ended => ended.ListId);
        modelBuilder.Entity<Round>().HasKey(round => round.Day);
        modelBuilder.Entity<RoundTree>().HasKey(tree => new { tree.Day, tree.Kind });
        modelBuilder.Entity<RoundLeaf>().HasKey(leaf => new { leaf.Day, leaf.Kind, leaf.Subject });
        modelBuilder.Entity<Erasure>().Property(one => one.Kind).HasConversion(Word<ErasedKind>());
        modelBuilder.Entity<Erasure>().Property(one => one.Cause).HasConversion(Word<ErasureCause>());
        modelBuilder.Entity<ErasureAttest>().Property(one => one.Kind).HasConversion(Word<ErasedKind>());
        modelBuilder.Entity<ErasureAttest>().Property(one => one.Cause).HasConversion(Word<ErasureCause>());
        base.OnModelCreating(modelBuilder);
    }
}
