using Microsoft.EntityFrameworkCore;

namespace Bereik.Source.Register;

// Which state of the register is in the store, and whether it is being read anew.
internal sealed record RegisterRevision(long Revision, bool Importing)
{
    public static async Task<RegisterRevision> ReadAsync(SourceDatabase database, CancellationToken cancel) =>
        (await database.Database.SqlQueryRaw<RegisterRevision>("SELECT revision AS Revision, importing AS Importing FROM register_state").ToListAsync(cancel)).Single();
}
