using Bereik.Edge;
using Bereik.Source.Register;
using Bereik.Source.Requests;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Source;

// The source's store. Register and selection go by SQL, since they are large; requests and import runs by their classes.
internal sealed class SourceDatabase(DbContextOptions<SourceDatabase> options) : EdgeDatabase(options)
{
    public DbSet<Request> Requests => Set<Request>();

    public DbSet<RequestCount> RequestCounts => Set<RequestCount>();

    public DbSet<RejectedOrder> RejectedOrders => Set<RejectedOrder>();

    public DbSet<OwnDecision> OwnDecisions => Set<OwnDecision>();

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
        modelBuilder.Entity<OwnDecision>().HasKey(decision => decision.Jws);
        base.OnModelCreating(modelBuilder);
    }
}
