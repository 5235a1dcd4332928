using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Storage;

// Ids that another node chose, of a referral or of a yes. What is kept of each lies under a key of that name, so one that names something here already is refused: sealing under it would destroy that key, or share it.
internal static class ForeignIds
{
    public static async Task<bool> IsTakenAsync(LocalDatabase database, string id, CancellationToken cancel) =>
        await database.Lists.AnyAsync(list => list.Id == id, cancel) || await database.Households.AnyAsync(row => row.Id == id, cancel) || await database.GrantRows.AnyAsync(row => row.Id == id, cancel)
        || await database.Referrals.AnyAsync(referral => referral.Id == id, cancel) || await database.Answers.AnyAsync(answer => answer.Id == id, cancel) || await database.Erasures.AnyAsync(erased => erased.Id == id, cancel);
}
