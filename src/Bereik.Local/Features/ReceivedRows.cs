using Bereik.Domain;
using Bereik.Exchange.Protocols;
using Bereik.Local.Storage;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Features;

/// <summary>The only way to received rows: each is asked for with a purpose, and the decision comes before the row.</summary>
internal sealed class ReceivedRows(LocalDatabase database, TimeProvider clock)
{
    /// <summary>The protocol whose very text a row carries; null when this node has another.</summary>
    public static Protocol? ProtocolOf(string id, string version, string hash) => ShippedProtocols.Find(id, version) is { } protocol && protocol.Hash == hash ? protocol : null;

    /// <summary>The decision on one row, today.</summary>
    public Decision Decide(IReceivedRow row, Purpose purpose) => row.Purpose == purpose.WireName()
        ? Domain.Decide.Use(ProtocolOf(row.ProtocolId, row.ProtocolVersion, row.ProtocolHash), purpose, clock.Today(), row.DeleteBy)
        : new Decision(Outcome.Refuse, [Reasons.PurposeNotGranted]);

    /// <summary>The households that may be read for outreach today.</summary>
    public async Task<IQueryable<Household>> HouseholdsAsync(CancellationToken cancel)
    {
        var lists = await PermittedListsAsync(Purpose.Outreach, cancel);
        var (today, purpose) = (clock.Today(), Purpose.Outreach.WireName());
        return database.Households.AsNoTracking().Where(row => lists.Contains(row.ListId) && row.Purpose == purpose && row.DeleteBy >= today);
    }

    /// <summary>The residents who may be read for the automatic grant today.</summary>
    public async Task<IQueryable<GrantRow>> GrantsAsync(CancellationToken cancel)
    {
        var lists = await PermittedListsAsync(Purpose.AutomaticGrant, cancel);
        var (today, purpose) = (clock.Today(), Purpose.AutomaticGrant.WireName());
        return database.GrantRows.AsNoTracking().Where(row => lists.Contains(row.ListId) && row.Purpose == purpose && row.DeleteBy >= today);
    }

    private async Task<List<string>> PermittedListsAsync(Purpose purpose, CancellationToken cancel)
    {
        var received = await database.Lists.AsNoTracking().Where(list => list.State == "received").ToListAsync(cancel);
        return
        [
            .. received.Where(list => Domain.Decide.Use(ProtocolOf(list.ProtocolId, list.ProtocolVersion, list.ProtocolHash), purpose).Outcome == Outcome.Permit)
                .Select(list => list.Id),
        ];
    }
}
