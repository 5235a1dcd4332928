using Bereik.Edge;
using Bereik.Source.Register;
using Bereik.Source.Requests;
using Bereik.Source.Waves;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Source;

// The source's store. Register and selection go by SQL, since they are large; requests and import runs by their classes.
internal sealed class SourceDatabase(DbContextOptions<SourceDatabase> options) : EdgeDatabase(options)
{
    public DbSet<Request> Requests => Set<Request>();

    public DbSet<RequestCount> RequestCounts => Set<RequestCount>();

    public DbSet<RejectedOrder> RejectedOrders => Set<RejectedOrder>();

    public DbSet<OwnDecision> OwnDecisions => Set<OwnDecision>();

    public DbSet<Wave> Waves => Set<Wave>();

    public DbSet<WavePart> WaveParts => Set<WavePart>();

    public DbSet<WaveLetter> WaveLetters => Set<WaveLetter>();

    public DbSet<Objection> Objections => Set<Objection>();

    public DbSet<ObjectionFile> ObjectionFiles => Set<ObjectionFile>();

    public DbSet<ImportRun> ImportRuns => Set<ImportRun>();

    public DbSet<ImportError> ImportErrors => Set<ImportError>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Request>().Property(request => request.State).HasConversion(
            state => state.ToString().ToLowerInvariant(), text => Enum.Parse<RequestState>(text, ignoreCase: true));
        modelBuilder.Entity<ImportRun>().Property(run => run.State).HasConversion(
            state => state.ToString().ToLowerInvariant(), text => Enum.Parse<ImportState>(text, ignoreCase: true));
        modelBuilder.Entity<RequestCount>().HasKey(count => new { count.Request, count.Kind, count.Reason });
        modelBuilder.Entity<RejectedOrder>().HasKey(order => order.Sequence);
        modelBuilder.Entity<Wave>().Property(wave => wave.State).HasConversion(
            state => state.ToString().ToLowerInvariant(), text => Enum.Parse<WaveState>(text, ignoreCase: true));
        modelBuilder.Entity<WavePart>().HasKey(part => new { part.Wave, part.Part });
        modelBuilder.Entity<WaveLetter>().HasKey(letter => new { letter.Wave, letter.Place });
        modelBuilder.Entity<Objection>().HasKey(objection => objection.Number);
        modelBuilder.Entity<Objection>().Property(objection => objection.State).HasConversion(
            state => state.ToString().ToLowerInvariant(), text => Enum.Parse<ObjectionState>(text, ignoreCase: true));
        modelBuilder.Entity<ObjectionFile>().HasKey(file => file.Batch);
        modelBuilder.Entity<OwnDecision>().HasKey(decision => decision.Jws);
        base.OnModelCreating(modelBuilder);
    }
}
