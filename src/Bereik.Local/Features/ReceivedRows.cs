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

    /// <summary>
    /// A household by its id, for what its list is for: outreach, or the help that was asked for by answering a letter. Every route that takes the id of a household asks here, so that the id of a row of
    /// another purpose is refused by that row's own text.
    /// </summary>
    /// <param name="id">Of a row of any list.</param>
    /// <param name="act">What is done with it.</param>
    /// <param name="logged">Who does what.</param>
    /// <param name="cancel">Stops.</param>
    /// <param name="only">The one purpose that the route is for; that of the household's list when absent.</param>
    /// <returns>The row, tracked by nobody, when it may be used; else the answer.</returns>
    public async Task<(Household? Row, IResult? Refused)> HouseholdAsync(Guid id, UseAct act, Logged logged, CancellationToken cancel, Purpose? only = null)
    {
        var key = id.ToString("D");
        var of = await database.Households.AsNoTracking().Where(row => row.Id == key).Join(database.Lists, row => row.ListId, list => list.Id, (_, list) => list).SingleOrDefaultAsync(cancel);
        var purpose = only ?? PurposeOf(of);
        if (await RefuseOtherAsync(key, act, purpose, logged, cancel) is { } other) return (null, Refusals.Page(other));
        if (await database.Households.AsNoTracking().SingleOrDefaultAsync(row => row.Id == key && row.ClosedAs == null, cancel) is not { } household) return (null, ErrorCatalogue.NotFound.Problem());
        var decision = await DecideAsync(household, act, purpose, logged, cancel);
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

    /// <summary>The refusal of a row of any list for passing it on: none of them begins a referral, also where it came for help that was asked for.</summary>
    /// <param name="id">Of a row of any list.</param>
    /// <param name="logged">Who does what.</param>
    /// <param name="cancel">Stops.</param>
    /// <returns>Null when there is no such row, or when its text passes it on.</returns>
    public async Task<Decision?> RefusePassingOnAsync(string id, Logged logged, CancellationToken cancel)
    {
        if (await RefuseOtherAsync(id, UseAct.PassOn, Purpose.RequestedHelp, logged, cancel) is { } other) return other;
        if (await database.Households.AsNoTracking().SingleOrDefaultAsync(one => one.Id == id, cancel) is not { } row) return null;
        return await DecideAsync(row, UseAct.PassOn, Purpose.RequestedHelp, logged, cancel) is { Outcome: not Outcome.Permit } refusal ? refusal : null;
    }

    /// <summary>The decision on one row, today; it is in the register whatever it is.</summary>
    public async Task<Decision> DecideAsync(IReceivedRow row, UseAct act, Purpose purpose, Logged logged, CancellationToken cancel)
    {
        var list = await database.Lists.AsNoTracking().SingleAsync(one => one.Id == row.ListId, cancel);
        var asked = await AskAsync(list, act, purpose, await attestations.ReachAsync(logged.Who.Subject, cancel), await DoneAsync(row, list, cancel), cancel);

        // INVARIANT: a row is used for the purpose it carries, whatever its text would grant.
        if (row.Purpose != purpose.WireName() && !asked.Decision.Reasons.Contains(Reasons.PurposeNotGranted)) asked = asked with { Decision = Decision.Refusal(Reasons.PurposeNotGranted) };
        return await LogAsync(asked, list, logged, cancel);
    }

    /// <summary>The decision on the rows of one list, today: permitted when it is for some of them. It is in the register whatever it is.</summary>
    public async Task<Decision> DecideAsync(OrderedList list, UseAct act, Purpose purpose, Logged logged, CancellationToken cancel)
    {
        var reach = await attestations.ReachAsync(logged.Who.Subject, cancel);
        Asked? asked = null;
        foreach (var done in await DoneAsync(list, cancel))
        {
            if (asked?.Decision.Outcome != Outcome.Permit) asked = await AskAsync(list, act, purpose, reach, done, cancel);
        }

        return await LogAsync(asked!, list, logged, cancel);
    }

    /// <summary>Whether this workplace may do this at all, under the protocol of its own lists, with a row that came today for the own team. A refusal is in the register.</summary>
    public async Task<Decision> DecideAsync(UseAct act, Purpose purpose, Logged logged, CancellationToken cancel)
    {
        var protocol = await protocols.PresentAsync(cancel);
        var asked = await AskAsync(protocol, act, purpose, new Situation(OwnTeam: true, IsWider: false, new Done(false, false, clock.Today())), (await attestations.ReachAsync(logged.Who.Subject, cancel)).Worker, cancel);
        if (asked.Decision.Outcome == Outcome.Permit) return asked.Decision;
        Log(asked, settings.Organisation, protocol.Id, protocol.Version, logged);
        await database.SaveChangesAsync(cancel);
        return asked.Decision;
    }

    /// <summary>Whether this workplace may open households at all: those of a list, or those that said yes to a letter. An organisation can have joined for one of them alone. A refusal is in the register.</summary>
    public async Task<Decision> DecideHouseholdsAsync(Logged logged, CancellationToken cancel)
    {
        // Who has no letters has the lists alone.
        if (settings.ListFlow != Flow.Unknown) return await DecideAsync(UseAct.Open, Purpose.Outreach, logged, cancel);
        var worker = (await attestations.ReachAsync(logged.Who.Subject, cancel)).Worker;
        var asked = await AskAsync(await protocols.PresentOfLettersAsync(cancel), UseAct.Open, Purpose.RequestedHelp, new Situation(OwnTeam: true, IsWider: false, new Done(false, false, clock.Today())), worker, cancel);
        return asked.Decision.Outcome == Outcome.Permit ? asked.Decision : await DecideAsync(UseAct.Open, Purpose.Outreach, logged, cancel);
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
        var asked = await AskAsync(list, act, purpose == Purpose.Outreach ? PurposeOf(list) : purpose, reach with { WiderLists = new HashSet<string> { list.Id } }, list.FlowKind == Flow.Messenger ? (await DoneAsync(list, cancel))[^1] : new Done(false, false, list.ReceivedOn), cancel);
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

    /// <summary>The households that may be used today for what their list is for, opened: no other list is opened for it.</summary>
    /// <param name="act">What is done with them.</param>
    /// <param name="byStreet">By street; else by the first day on which something is to be done.</param>
    /// <param name="logged">Who does what.</param>
    /// <param name="cancel">Stops.</param>
    /// <param name="only">Which of them; all when absent.</param>
    public async Task<IReadOnlyList<KnownHousehold>> OpenHouseholdsAsync(UseAct act, bool byStreet, Logged logged, CancellationToken cancel, Func<IQueryable<Household>, IQueryable<Household>>? only = null)
    {
        var permitted = await PermittedAsync(act, null, logged, cancel);
        var all = await index.RowsAsync(database, permitted.Lists, byStreet, cancel);
        var open = Usable(permitted);
        if (only is not null) return Ordered(all, byStreet, (await Days(only(open)).ToListAsync(cancel)).ToDictionary(one => one.Id, one => one.First, StringComparer.Ordinal), isAll: false);

        // Of most rows the index knows all that is needed: what is asked of the store are the others, and those that may not be seen.
        var closed = permitted.Refused.Count == 0 ? [] : (await Received(permitted.Lists).Select(row => row.Id).ToListAsync(cancel)).Except(await open.Select(row => row.Id).ToListAsync(cancel), StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
        var touched = byStreet ? [] : (await Days(open.Where(row => row.InformedOn != null || row.NextOn != null)).ToListAsync(cancel)).ToDictionary(one => one.Id, one => one.First, StringComparer.Ordinal);
        return Ordered(closed.Count == 0 ? all : [.. all.Where(row => !closed.Contains(row.Id))], byStreet, touched, isAll: true);
    }

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

    /// <summary>The households that may be used today for what their list is for, sealed: to be counted.</summary>
    /// <param name="act">What is done with them.</param>
    /// <param name="logged">Who does what.</param>
    /// <param name="cancel">Stops.</param>
    public async Task<IQueryable<Household>> HouseholdsAsync(UseAct act, Logged logged, CancellationToken cancel) => Usable(await PermittedAsync(act, null, logged, cancel));

    /// <summary>The residents who may be used for the automatic grant today.</summary>
    /// <param name="act">What is done with them.</param>
    /// <param name="logged">Who does what.</param>
    /// <param name="cancel">Stops.</param>
    public async Task<IQueryable<GrantRow>> GrantsAsync(UseAct act, Logged logged, CancellationToken cancel)
    {
        var lists = (await PermittedAsync(act, Purpose.AutomaticGrant, logged, cancel)).Lists;
        var purpose = Purpose.AutomaticGrant.WireName();
        return database.GrantRows.AsNoTracking().Where(row => lists.Contains(row.ListId) && row.Purpose == purpose);
    }

    // One decision holds for all rows of a list with whom as much was done: those of a list came on one day, those of a wave are also told apart by theirs. A list of another team was not asked for, and is not
    // decided on. Without a purpose each is asked for its own.
    private async Task<Permitted> PermittedAsync(UseAct act, Purpose? purpose, Logged logged, CancellationToken cancel)
    {
        var (permitted, refused) = (new List<string>(), new List<(string List, Done Done)>());
        var reach = await attestations.ReachAsync(logged.Who.Subject, cancel);
        foreach (var list in (await Received().ToListAsync(cancel)).Where(reach.Has))
        {
            foreach (var done in await DoneAsync(list, cancel))
            {
                var asked = await AskAsync(list, act, purpose ?? PurposeOf(list), reach, done, cancel);
                if (asked.Decision.Outcome != Outcome.Permit) refused.Add((list.Id, done));
                else if (permitted.Count == 0 || permitted[^1] != list.Id) permitted.Add(list.Id);
                if (!logged.IsCount) Log(asked, list.Id, list.ProtocolId, list.ProtocolVersion, logged);
            }
        }

        if (!logged.IsCount) await database.SaveChangesAsync(cancel);
        return new Permitted(permitted, [.. refused.Where(one => permitted.Contains(one.List))]);
    }

    // What was done with the rows of a list, each once; a list of residents, and one whose rows are gone, counts as one with which nothing was done.
    private async Task<IReadOnlyList<Done>> DoneAsync(OrderedList list, CancellationToken cancel)
    {
        var nothing = new Done(false, false, list.ReceivedOn);
        if (list.FlowKind == Flow.Messenger)
        {
            var answers = await Received([list.Id])
                .Select(row => new { Contacted = row.ContactedOn != null, Informed = row.InformedOn != null, row.ReceivedOn, Confirmed = database.Answers.Any(answer => answer.Id == row.Id && answer.ConfirmedOn != null) }).Distinct().ToListAsync(cancel);
            return answers.Count == 0
                ? [nothing with { Confirmed = false }]
                : [.. answers.Select(one => new Done(one.Contacted, one.Informed, one.ReceivedOn) { Confirmed = one.Confirmed }).OrderBy(done => done.Confirmed).ThenBy(done => done.Informed).ThenBy(done => done.Contacted).ThenBy(done => done.On)];
        }

        if (list.FlowKind != Flow.Unknown) return [nothing];
        var found = await Received([list.Id]).Select(row => new { Contacted = row.ContactedOn != null, Informed = row.InformedOn != null }).Distinct().ToListAsync(cancel);
        return found.Count == 0 ? [nothing] : [.. found.Select(one => nothing with { Contacted = one.Contacted, Informed = one.Informed }).OrderBy(done => done.Informed).ThenBy(done => done.Contacted)];
    }

    private async Task<Done> DoneAsync(IReceivedRow row, OrderedList list, CancellationToken cancel) => row is Household household
        ? new Done(household.ContactedOn is not null, household.InformedOn is not null, row.ReceivedOn)
        {
            // SECURITY: asked of the store each time: nobody's form says that a person confirmed.
            Confirmed = list.FlowKind == Flow.Messenger ? await database.Answers.AnyAsync(answer => answer.Id == row.Id && answer.ConfirmedOn != null, cancel) : null,
        }
        : new Done(false, false, row.ReceivedOn);

    // What the households of a list are for. Any other list is asked for outreach, and refuses by its own text.
    private static Purpose PurposeOf(OrderedList? list) => list?.FlowKind == Flow.Messenger ? Purpose.RequestedHelp : Purpose.Outreach;

    private IQueryable<Household> Received(IReadOnlyList<string> lists)
    {
        // Which of the two a row has follows from its list; the store sees to that.
        string[] purposes = [Purpose.Outreach.WireName(), Purpose.RequestedHelp.WireName()];
        return database.Households.AsNoTracking().Where(row => lists.Contains(row.ListId) && purposes.Contains(row.Purpose) && row.ClosedAs == null);
    }

    private IQueryable<Household> Usable(Permitted permitted)
    {
        var rows = Received(permitted.Lists);
        foreach (var (list, done) in permitted.Refused)
        {
            var (contacted, informed, on) = done;
            rows = done.Confirmed is not { } confirmed
                ? rows.Where(row => row.ListId != list || (row.ContactedOn != null) != contacted || (row.InformedOn != null) != informed)
                : rows.Where(row => row.ListId != list || (row.ContactedOn != null) != contacted || (row.InformedOn != null) != informed || row.ReceivedOn != on || database.Answers.Any(answer => answer.Id == row.Id && answer.ConfirmedOn != null) != confirmed);
        }

        return rows;
    }

    private static IQueryable<FirstDay> Days(IQueryable<Household> rows) => rows.Select(row => new FirstDay(row.Id, row.NextOn, row.InformedOn == null ? row.InformBy : row.DeleteBy));

    private static IReadOnlyList<KnownHousehold> Ordered(IReadOnlyList<KnownHousehold> rows, bool byStreet, Dictionary<string, DateOnly> days, bool isAll)
    {
        if (!isAll) rows = [.. rows.Where(row => days.ContainsKey(row.Id))];

        // A stable order: rows with the same day stay as they were.
        return byStreet || days.Count == 0 ? rows : [.. rows.OrderBy(row => days.TryGetValue(row.Id, out var day) ? day : row.InformBy)];
    }

    private IQueryable<OrderedList> Received() =>
        database.Lists.AsNoTracking().Where(list => (list.State == "received" || list.Flow == OrderedList.Letters) && list.ReceivedOn != null && list.ErasedAt == null);

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

    private async Task<Asked> AskAsync(OrderedList list, UseAct act, Purpose purpose, Reach reach, Done done, CancellationToken cancel) =>
        await AskAsync(await protocols.TextAsync(list.ProtocolHash, cancel), act, purpose, new Situation(reach.IsOwn(list), reach.IsWider(list), done), reach.Worker, cancel);

    private async Task<Asked> AskAsync(Protocol? protocol, UseAct act, Purpose purpose, Situation situation, WorkerFact? worker, CancellationToken cancel)
    {
        var request = new UseRequest { Act = act, Purpose = purpose };
        var facts = new UseFacts
        {
            Today = clock.Today(),
            SyntheticOnly = settings.AllowSyntheticNumbers,
            Register = await protocols.FactsAsync(protocol, cancel),
            ReceivedOn = situation.Done.On,
            Contacted = situation.Done.Contacted,
            Informed = situation.Done.Informed,

            // Whoever objects is erased in the same act: what is here did not object.
            Objected = false,
            Confirmed = situation.Done.Confirmed,
            Worker = worker,
            OwnTeam = situation.OwnTeam,
            WiderAccess = situation.IsWider,
        };
        return new Asked(protocol, Decide.Use(protocol, request, facts), request, facts);
    }

    private sealed record Situation(bool OwnTeam, bool IsWider, Done Done);

    // Lists of which something may be used, and what of those may not.
    private sealed record Permitted(IReadOnlyList<string> Lists, IReadOnlyList<(string List, Done Done)> Refused);

    // What of a row counts for its days, and the day on which it came.
    private sealed record Done(bool Contacted, bool Informed, DateOnly? On)
    {
        // Whether the person stood for the yes to a letter; null in a list, where nobody said yes.
        public bool? Confirmed { get; init; }
    }

    private sealed record FirstDay(string Id, DateOnly? Next, DateOnly Last)
    {
        // The first day on which something is to be done.
        public DateOnly First => Next is { } next && next < Last ? next : Last;
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
