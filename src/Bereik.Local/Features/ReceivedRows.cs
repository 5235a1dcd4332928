using Bereik.Domain;
using Bereik.Local.Households;
using Bereik.Local.Orders;
using Bereik.Local.Storage;
using Bereik.Local.Workers;
using Bereik.Node.Access;
using Bereik.Node.Decisions;
using Bereik.Node.Errors;
using Bereik.Node.Requests;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Features;

/// <summary>The only way to received rows: each is asked for with an act and a purpose, and the decision comes before the row.</summary>
internal sealed class ReceivedRows(LocalDatabase database, LocalSettings settings, OwnProtocols protocols, Attestations attestations, HouseholdIndex index, TimeProvider clock)
{
    /// <summary>The text by which the last decision of this request was made that is in the register; null before any. A refusal takes the sentence of its clause from it.</summary>
    public Protocol? DecidedBy { get; private set; }

    /// <summary>A household by its id, for outreach. Every route of outreach that takes an id asks here, so that the id of a row of another purpose is refused by that row's own text.</summary>
    /// <param name="id">Of a row of any list.</param>
    /// <param name="act">What is done with it.</param>
    /// <param name="logged">Who does what.</param>
    /// <param name="cancel">Stops.</param>
    /// <returns>The row, tracked, when it may be used; else the answer.</returns>
    public async Task<(Household? Row, IResult? Refused)> HouseholdAsync(Guid id, UseAct act, Logged logged, CancellationToken cancel)
    {
        var key = id.ToString("D");
        if (await RefuseOtherAsync(key, act, Purpose.Outreach, logged, cancel) is { } other) return (null, Refusals.Page(other));
        if (await database.Households.SingleOrDefaultAsync(row => row.Id == key, cancel) is not { } household) return (null, ErrorCatalogue.NotFound.Problem());
        var decision = await DecideAsync(household, act, Purpose.Outreach, logged, cancel);
        return decision.Outcome == Outcome.Permit ? (household, null) : (null, Refusals.Page(decision));
    }

    /// <summary>The refusal of a row that was received for another purpose than it is asked for, by the text that it carries.</summary>
    /// <param name="id">Of a row of any list.</param>
    /// <param name="act">What is done with it.</param>
    /// <param name="purpose">For what.</param>
    /// <param name="logged">Who does what.</param>
    /// <param name="cancel">Stops.</param>
    /// <returns>Null when there is no such row.</returns>
    public async Task<Decision?> RefuseOtherAsync(string id, UseAct act, Purpose purpose, Logged logged, CancellationToken cancel)
    {
        var asked = purpose.WireName();
        IReceivedRow? row = await database.GrantRows.AsNoTracking().SingleOrDefaultAsync(one => one.Id == id && one.Purpose != asked, cancel);
        row ??= await database.Households.AsNoTracking().SingleOrDefaultAsync(one => one.Id == id && one.Purpose != asked, cancel);
        return row is null ? null : await DecideAsync(row, act, purpose, logged, cancel);
    }

    /// <summary>The decision on one row, today; it is in the register whatever it is.</summary>
    public async Task<Decision> DecideAsync(IReceivedRow row, UseAct act, Purpose purpose, Logged logged, CancellationToken cancel)
    {
        var list = await database.Lists.AsNoTracking().SingleAsync(one => one.Id == row.ListId, cancel);
        var asked = await AskAsync(list, act, purpose, row.ReceivedOn, await attestations.ReachAsync(logged.Who.Subject, cancel), cancel);

        // INVARIANT: a row is used for the purpose it carries, whatever its text would grant.
        if (row.Purpose != purpose.WireName() && !asked.Decision.Reasons.Contains(Reasons.PurposeNotGranted)) asked = asked with { Decision = Decision.Refusal(Reasons.PurposeNotGranted) };
        return await LogAsync(asked, list, logged, cancel);
    }

    /// <summary>The decision on all rows of one list, today; it is in the register whatever it is.</summary>
    public async Task<Decision> DecideAsync(OrderedList list, UseAct act, Purpose purpose, Logged logged, CancellationToken cancel) =>
        await LogAsync(await AskAsync(list, act, purpose, list.ReceivedOn, await attestations.ReachAsync(logged.Who.Subject, cancel), cancel), list, logged, cancel);

    /// <summary>Whether this workplace may do this at all, under the protocol of its own lists, with a row that came today for the own team. A refusal is in the register.</summary>
    public async Task<Decision> DecideAsync(UseAct act, Purpose purpose, Logged logged, CancellationToken cancel)
    {
        var protocol = await protocols.PresentAsync(cancel);
        var asked = await AskAsync(protocol, act, purpose, new Situation(clock.Today(), OwnTeam: true, IsWider: false), (await attestations.ReachAsync(logged.Who.Subject, cancel)).Worker, cancel);
        if (asked.Decision.Outcome == Outcome.Permit) return asked.Decision;
        Log(asked, settings.Organisation, protocol.Id, protocol.Version, logged);
        await database.SaveChangesAsync(cancel);
        return asked.Decision;
    }

    /// <summary>Opens one list of another team to a worker until the end of today, when that worker could open it as an own list; both are saved together.</summary>
    /// <param name="list">A list that is not in reach.</param>
    /// <param name="act">What is done with it.</param>
    /// <param name="purpose">For what.</param>
    /// <param name="reason">Why, in the worker's words.</param>
    /// <param name="logged">Who.</param>
    /// <param name="cancel">Stops.</param>
    public async Task<Decision> WidenAsync(OrderedList list, UseAct act, Purpose purpose, string reason, Logged logged, CancellationToken cancel)
    {
        var reach = await attestations.ReachAsync(logged.Who.Subject, cancel);
        var asked = await AskAsync(list, act, purpose, list.ReceivedOn, reach with { WiderLists = new HashSet<string> { list.Id } }, cancel);
        if (asked.Decision.Outcome == Outcome.Permit)
        {
            database.WiderAccesses.Add(new WiderAccess
            {
                Id = Guid.NewGuid().ToString("D"), Subject = logged.Who.Subject, Name = logged.Who.Name, Team = reach.Team!, ListId = list.Id, ListTeam = list.Team, Reason = reason,
                Day = clock.Today(), At = clock.GetUtcNow(),
            });
        }

        return await LogAsync(asked, list, logged, cancel);
    }

    /// <summary>The lists with rows that came for other teams, and that this person does not see now.</summary>
    /// <param name="who">Who signed in.</param>
    /// <param name="cancel">Stops.</param>
    public async Task<IReadOnlyList<OrderedList>> OtherListsAsync(Person who, CancellationToken cancel)
    {
        var reach = await attestations.ReachAsync(who.Subject, cancel);
        return [.. (await Received().OrderBy(list => list.AskedAt).ToListAsync(cancel)).Where(list => !reach.Has(list))];
    }

    /// <summary>The households that may be used for outreach today, opened: no other list is opened for it.</summary>
    /// <param name="act">What is done with them.</param>
    /// <param name="byStreet">By street; else by the last day to inform them.</param>
    /// <param name="logged">Who does what.</param>
    /// <param name="cancel">Stops.</param>
    public async Task<IReadOnlyList<KnownHousehold>> OpenHouseholdsAsync(UseAct act, bool byStreet, Logged logged, CancellationToken cancel) =>
        await index.RowsAsync(database, await PermittedListsAsync(act, Purpose.Outreach, logged, cancel), byStreet, cancel);

    /// <summary>The rows of opened households, as the store has them now, in the same order; those that are gone meanwhile are left out.</summary>
    public async Task<IReadOnlyList<(Household Row, KnownHousehold Known)>> RowsAsync(IReadOnlyList<KnownHousehold> known, CancellationToken cancel)
    {
        var rows = new Dictionary<string, Household>(known.Count, StringComparer.Ordinal);
        foreach (var chunk in known.Select(one => one.Id).Chunk(500))
        {
            foreach (var row in await database.Households.AsNoTracking().Where(row => chunk.Contains(row.Id)).ToListAsync(cancel)) rows[row.Id] = row;
        }

        return [.. known.Where(one => rows.ContainsKey(one.Id)).Select(one => (rows[one.Id], one))];
    }

    /// <summary>The households that may be used for outreach today, sealed: to be counted.</summary>
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

    // The rows of a list came on one day, so that one decision holds for all of them. A list of another team was not asked for, and is not decided on.
    private async Task<List<string>> PermittedListsAsync(UseAct act, Purpose purpose, Logged logged, CancellationToken cancel)
    {
        var permitted = new List<string>();
        var reach = await attestations.ReachAsync(logged.Who.Subject, cancel);
        foreach (var list in (await Received().ToListAsync(cancel)).Where(reach.Has))
        {
            var asked = await AskAsync(list, act, purpose, list.ReceivedOn, reach, cancel);
            if (asked.Decision.Outcome == Outcome.Permit) permitted.Add(list.Id);
            if (!logged.IsCount) Log(asked, list.Id, list.ProtocolId, list.ProtocolVersion, logged);
        }

        if (!logged.IsCount) await database.SaveChangesAsync(cancel);
        return permitted;
    }

    private IQueryable<OrderedList> Received() => database.Lists.AsNoTracking().Where(list => list.State == "received" && list.ReceivedOn != null && list.ErasedAt == null);

    private async Task<Decision> LogAsync(Asked asked, OrderedList list, Logged logged, CancellationToken cancel)
    {
        Log(asked, list.Id, list.ProtocolId, list.ProtocolVersion, logged);
        await database.SaveChangesAsync(cancel);
        return asked.Decision;
    }

    private void Log(Asked asked, string subject, string protocol, string version, Logged logged)
    {
        DecidedBy = asked.Protocol;
        database.LogDecision(
            asked.Decision, new DecisionContext(clock.GetUtcNow(), DecisionPoint.Use, logged.Act, subject, logged.Who.Name, protocol, version, asked.Protocol?.Hash ?? ""), asked.Request, asked.Facts);
    }

    private async Task<Asked> AskAsync(OrderedList list, UseAct act, Purpose purpose, DateOnly? receivedOn, Reach reach, CancellationToken cancel) =>
        await AskAsync(await protocols.TextAsync(list.ProtocolHash, cancel), act, purpose, new Situation(receivedOn, reach.IsOwn(list), reach.IsWider(list)), reach.Worker, cancel);

    private async Task<Asked> AskAsync(Protocol? protocol, UseAct act, Purpose purpose, Situation situation, WorkerFact? worker, CancellationToken cancel)
    {
        var request = new UseRequest { Act = act, Purpose = purpose };
        var facts = new UseFacts
        {
            Today = clock.Today(),
            SyntheticOnly = settings.AllowSyntheticNumbers,
            Register = await protocols.FactsAsync(protocol, cancel),
            ReceivedOn = situation.ReceivedOn,

            // This node records no contact, notice or objection yet, so that there is none of them: a row is used within the days of a row that
            // nobody was told about, and no longer.
            Contacted = false,
            Informed = false,
            Objected = false,
            Worker = worker,
            OwnTeam = situation.OwnTeam,
            WiderAccess = situation.IsWider,
        };
        return new Asked(protocol, Decide.Use(protocol, request, facts), request, facts);
    }

    private sealed record Situation(DateOnly? ReceivedOn, bool OwnTeam, bool IsWider);

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
