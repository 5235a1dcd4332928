using Bereik.Domain;
using Bereik.Local.Orders;
using Bereik.Local.Storage;
using Bereik.Local.Workers;
using Bereik.Node.Access;
using Bereik.Node.Decisions;
using Bereik.Node.Requests;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Features;

/// <summary>The only way to received rows: each is asked for with an act and a purpose, and the decision comes before the row.</summary>
internal sealed class ReceivedRows(LocalDatabase database, LocalSettings settings, OwnProtocols protocols, Attestations attestations, TimeProvider clock)
{
    /// <summary>The decision on one row, today; it is in the register whatever it is.</summary>
    public async Task<Decision> DecideAsync(IReceivedRow row, UseAct act, Purpose purpose, Logged logged, CancellationToken cancel)
    {
        var asked = await AskAsync(await protocols.TextAsync(row.ProtocolHash, cancel), act, purpose, row.ReceivedOn, logged.Who, cancel);
        var decision = row.Purpose == purpose.WireName() ? asked.Decision : Decision.Refusal(Reasons.PurposeNotGranted);
        Log(asked with { Decision = decision }, row.ListId, row.ProtocolId, row.ProtocolVersion, logged);
        await database.SaveChangesAsync(cancel);
        return decision;
    }

    /// <summary>Whether this workplace may do this at all, under the protocol of its own lists, with a row that came today. A refusal is in the register.</summary>
    public async Task<Decision> DecideAsync(UseAct act, Purpose purpose, Logged logged, CancellationToken cancel)
    {
        var protocol = await protocols.PresentAsync(cancel);
        var asked = await AskAsync(protocol, act, purpose, clock.Today(), logged.Who, cancel);
        if (asked.Decision.Outcome == Outcome.Permit) return asked.Decision;
        Log(asked, settings.Organisation, protocol.Id, protocol.Version, logged);
        await database.SaveChangesAsync(cancel);
        return asked.Decision;
    }

    /// <summary>The households that may be used for outreach today.</summary>
    /// <param name="act">What is done with them.</param>
    /// <param name="logged">Who does what.</param>
    /// <param name="cancel">Stops.</param>
    public async Task<IQueryable<Household>> HouseholdsAsync(UseAct act, Logged logged, CancellationToken cancel)
    {
        var lists = await PermittedListsAsync(act, Purpose.Outreach, logged, cancel);
        var purpose = Purpose.Outreach.WireName();
        return database.Households.AsNoTracking().Where(row => lists.Contains(row.ListId) && row.Purpose == purpose);
    }

    /// <summary>The residents who may be used for the automatic grant today.</summary>
    /// <param name="act">What is done with them.</param>
    /// <param name="logged">Who does what.</param>
    /// <param name="cancel">Stops.</param>
    public async Task<IQueryable<GrantRow>> GrantsAsync(UseAct act, Logged logged, CancellationToken cancel)
    {
        var lists = await PermittedListsAsync(act, Purpose.AutomaticGrant, logged, cancel);
        var purpose = Purpose.AutomaticGrant.WireName();
        return database.GrantRows.AsNoTracking().Where(row => lists.Contains(row.ListId) && row.Purpose == purpose);
    }

    // The rows of a list came on one day, so that one decision holds for all of them.
    private async Task<List<string>> PermittedListsAsync(UseAct act, Purpose purpose, Logged logged, CancellationToken cancel)
    {
        var permitted = new List<string>();
        foreach (var list in await database.Lists.AsNoTracking().Where(list => list.State == "received" && list.ReceivedOn != null && list.ErasedAt == null).ToListAsync(cancel))
        {
            var asked = await AskAsync(await protocols.TextAsync(list.ProtocolHash, cancel), act, purpose, list.ReceivedOn!.Value, logged.Who, cancel);
            if (asked.Decision.Outcome == Outcome.Permit) permitted.Add(list.Id);
            if (!logged.IsCount) Log(asked, list.Id, list.ProtocolId, list.ProtocolVersion, logged);
        }

        if (!logged.IsCount) await database.SaveChangesAsync(cancel);
        return permitted;
    }

    private void Log(Asked asked, string subject, string protocol, string version, Logged logged) => database.LogDecision(
        asked.Decision, new DecisionContext(clock.GetUtcNow(), DecisionPoint.Use, logged.Act, subject, logged.Who.Name, protocol, version, asked.Protocol?.Hash ?? ""), asked.Request, asked.Facts);

    private async Task<Asked> AskAsync(Protocol? protocol, UseAct act, Purpose purpose, DateOnly receivedOn, Person who, CancellationToken cancel)
    {
        var request = new UseRequest { Act = act, Purpose = purpose };
        var facts = new UseFacts
        {
            Today = clock.Today(),
            SyntheticOnly = settings.AllowSyntheticNumbers,
            Register = await protocols.FactsAsync(protocol, cancel),
            ReceivedOn = receivedOn,

            // This node records no contact, notice or objection yet, so that there is none of them: a row is used within the days of a row that
            // nobody was told about, and no longer.
            Contacted = false,
            Informed = false,
            Objected = false,
            Worker = await attestations.FactAsync(who.Subject, cancel),
        };
        return new Asked(protocol, Decide.Use(protocol, request, facts), request, facts);
    }

    private sealed record Asked(Protocol? Protocol, Decision Decision, UseRequest Request, UseFacts Facts);
}

/// <summary>Who does what, for the register of decisions.</summary>
/// <param name="Act">A stable word, such as <c>list.open</c>.</param>
/// <param name="Who">Who signed in.</param>
/// <param name="IsCount">Whether rows are only counted for this person, which leaves nothing in the register.</param>
internal sealed record Logged(string Act, Person Who, bool IsCount = false)
{
    /// <summary>For the person of a request.</summary>
    public static Logged By(Actor actor, string act) => new(act, ((Actor.Person)actor).Who);

    /// <summary>Never the name.</summary>
    public override string ToString() => Act;
}
