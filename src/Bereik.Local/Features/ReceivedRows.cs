using Bereik.Domain;
using Bereik.Exchange.Protocols;
using Bereik.Local.Storage;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Features;

/// <summary>The only way to received rows: each is asked for with an act and a purpose, and the decision comes before the row.</summary>
internal sealed class ReceivedRows(LocalDatabase database, LocalSettings settings, TimeProvider clock)
{
    /// <summary>The protocol whose very text a row carries; null when this node has another.</summary>
    public static Protocol? ProtocolOf(string id, string version, string hash) => ShippedProtocols.Find(id, version) is { } protocol && protocol.Hash == hash ? protocol : null;

    /// <summary>The decision on one row, today.</summary>
    public Decision Decide(IReceivedRow row, UseAct act, Purpose purpose) => row.Purpose == purpose.WireName()
        ? Decide(ProtocolOf(row.ProtocolId, row.ProtocolVersion, row.ProtocolHash), act, purpose, row.ReceivedOn)
        : new Decision(Outcome.Refuse, [Reasons.PurposeNotGranted]);

    /// <summary>Whether this workplace may do this at all, under the protocol of its own lists, with a row that came today.</summary>
    public Decision Decide(UseAct act, Purpose purpose) => Decide(settings.Protocol, act, purpose, clock.Today());

    /// <summary>The households that may be used for outreach today.</summary>
    public async Task<IQueryable<Household>> HouseholdsAsync(UseAct act, CancellationToken cancel)
    {
        var lists = await PermittedListsAsync(act, Purpose.Outreach, cancel);
        var purpose = Purpose.Outreach.WireName();
        return database.Households.AsNoTracking().Where(row => lists.Contains(row.ListId) && row.Purpose == purpose);
    }

    /// <summary>The residents who may be used for the automatic grant today.</summary>
    public async Task<IQueryable<GrantRow>> GrantsAsync(UseAct act, CancellationToken cancel)
    {
        var lists = await PermittedListsAsync(act, Purpose.AutomaticGrant, cancel);
        var purpose = Purpose.AutomaticGrant.WireName();
        return database.GrantRows.AsNoTracking().Where(row => lists.Contains(row.ListId) && row.Purpose == purpose);
    }

    // The rows of a list came on one day, so that one decision holds for all of them.
    private async Task<List<string>> PermittedListsAsync(UseAct act, Purpose purpose, CancellationToken cancel)
    {
        var received = await database.Lists.AsNoTracking().Where(list => list.State == "received" && list.ReceivedOn != null).ToListAsync(cancel);
        return [.. received.Where(list => Decide(ProtocolOf(list.ProtocolId, list.ProtocolVersion, list.ProtocolHash), act, purpose, list.ReceivedOn!.Value).Outcome == Outcome.Permit).Select(list => list.Id)];
    }

    private Decision Decide(Protocol? protocol, UseAct act, Purpose purpose, DateOnly receivedOn) => Domain.Decide.Use(
        protocol,
        new UseRequest { Act = act, Purpose = purpose },
        new UseFacts
        {
            Today = clock.Today(),
            SyntheticOnly = settings.AllowSyntheticNumbers,
            ReceivedOn = receivedOn,

            // This node records no contact, notice or objection yet, so that there is none of them: a row is used within the days of a row that
            // nobody was told about, and no longer.
            Contacted = false,
            Informed = false,
            Objected = false,
            Worker = settings.Person is { Function: { } function } person
                ? new WorkerFact { Function = function, BoundBySecrecy = person.ProfessionalSecrecy, AttestedOn = person.AttestedOn } : null,
        });
}
