using System.Text;
using Bereik.Exchange.Log;
using Bereik.Hub.Storage;
using Bereik.Ledger;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Letters;

// What a holder can show of a yes once its round is in the log.
internal sealed class ConsentProofs(HubDatabase database)
{
    // Bytes of a proof by the event of its receipt; without what is in no published round yet.
    public async Task<IReadOnlyDictionary<string, byte[]>> FindAsync(string answer, CancellationToken cancel)
    {
        var proofs = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var rounded = await database.Commitments.AsNoTracking().Where(one => one.Answer == answer && one.Day != null).ToListAsync(cancel);
        if (rounded.Count == 0 || database.Log.IsBroken || await database.Log.ReadAsync(cancel) is not var (reader, note)) return proofs;
        foreach (var one in rounded)
        {
            if (await database.Rounds.AsNoTracking().SingleAsync(round => round.Day == one.Day, cancel) is not { Position: { } position } || position >= reader.Checkpoint.Size) continue;
            var tree = await database.RoundTrees.AsNoTracking().SingleAsync(tree => tree.Day == one.Day && tree.Kind == one.Kind, cancel);
            try
            {
                var entry = await reader.EntryAsync(position, cancel);
                var isWithdrawal = one.Kind == ConsentCommitment.Withdrawal;
                var proof = new TlogProof
                {
                    Extra = ConsentProof.ExtraOf(entry.Span, isWithdrawal, PaddedRoot.Of(tree.Leaves), one.Slot!.Value), Index = position, Path = await reader.InclusionAsync(position, cancel), Checkpoint = note,
                };
                proofs.Add(isWithdrawal ? ReceiptMaker.Withdrawn : ReceiptMaker.Given, Encoding.UTF8.GetBytes(proof.ToString()));
            }
            catch (LogBrokenException broken)
            {
                database.Log.Break(broken.Code, broken.Place);
                break;
            }
        }

        return proofs;
    }
}
