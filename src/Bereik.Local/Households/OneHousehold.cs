using System.Text.Json;
using System.Text.Json.Serialization;
using Bereik.Domain;
using Bereik.Local.Contacts;
using Bereik.Local.Features;
using Bereik.Local.Letters;
using Bereik.Local.Orders;
using Bereik.Local.Pages;
using Bereik.Local.Storage;
using Bereik.Local.Workers;
using Bereik.Node.Access;
using Bereik.Node.Errors;
using Bereik.Node.Registers;
using Bereik.Node.Requests;
using Bereik.Node.Ui;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Households;

// One household of a list (nl: gezin): why it is here, who goes there, what was tried and told, what is next, and how it ends. Each act is decided for this worker, today; what ends is erased.
internal sealed class OneHousehold(
    LocalDatabase database, ReceivedRows rows, LetterAnswers answers, HouseholdKeys keys, HouseholdErasure erasure, ProtocolRegister register, OutcomeCodes outcomes, SpokenWords words, Attestations attestations, LocalSettings settings, Texts texts, TimeProvider clock)
{
    public const string Path = "/werklijst";
    private const string Opened = "household.open";
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public Task<IResult> ShowAsync(Guid id, Actor actor, CancellationToken cancel) => ShowAsync(id, actor, [], new Dictionary<string, string>(), cancel);

    // POST /werklijst/{id}/toewijzen: a worker takes a household that nobody has. Who came first has it, and the second sees who that is.
    public Task<IResult> TakeAsync(Guid id, Actor actor, string back, CancellationToken cancel) => DoAsync(id, actor, "household.assign", UseAct.Assign, row =>
    {
        if (row.AssignedName is not null) return false;
        var who = ((Actor.Person)actor).Who;
        (row.AssignedTo, row.AssignedName) = (who.Subject, who.Name);
        return true;
    }, back, cancel);

    // POST /werklijst/{id}/geven: the lead gives it to a colleague, or to nobody. The decision is on both, who gives and who takes.
    public async Task<IResult> GiveAsync(Guid id, Actor actor, IFormCollection form, CancellationToken cancel)
    {
        var (row, refused) = await FindAsync(id, actor, "household.reassign", UseAct.Assign, cancel);
        if (row is null) return refused!;
        Attestation? worker = null;
        if (form["aan"].ToString() is { Length: > 0 } chosen)
        {
            worker = (await attestations.ColleaguesAsync(await TeamOfAsync(row.ListId, cancel), cancel)).FirstOrDefault(one => one.Id == chosen);
            if (worker is null) return await AgainAsync(id, actor, new WrongField("aan", "Inbox.Team.Error"), form, cancel);
            var taking = new Logged("household.reassign", new Person(worker.Subject, worker.Name, []));
            if (await rows.DecideAsync(row, UseAct.Open, LetterAnswers.IsOf(row) ? Purpose.RequestedHelp : Purpose.Outreach, taking, cancel) is { Outcome: not Outcome.Permit } decision) return Refusals.Page(decision);
        }

        return await ChangeAsync(id, now =>
        {
            (now.AssignedTo, now.AssignedName) = (worker?.Subject, worker?.Name);
            return true;
        }, $"{Path}/{id}", cancel);
    }

    // POST /werklijst/{id}/contact: an attempt, whether somebody was spoken with, whether they were told, and the next day.
    public async Task<IResult> ContactAsync(Guid id, Actor actor, IFormCollection form, CancellationToken cancel)
    {
        var (row, refused) = await FindAsync(id, actor, "household.contact", UseAct.Open, cancel);
        if (row is null) return refused!;
        if (ToldContact.Read(form, clock.Today(), out var wrong) is not { } told) return await AgainAsync(id, actor, wrong!, form, cancel);

        // Who is spoken with first says whether the yes to the letter is theirs: on the other two forms of the page.
        var answer = await answers.FindAsync(row, cancel);
        if (told.IsReached && answer is { ConfirmedOn: null }) return await AgainAsync(id, actor, new WrongField("bereikt", "Letter.Error.ConfirmFirst"), form, cancel);

        // The same form a second time, by a double click or the back button, is the same attempt.
        if (await database.HouseholdAttempts.AsNoTracking().AnyAsync(one => one.Id == told.Key, cancel)) return Results.LocalRedirect($"{Path}/{id}");
        var protocol = (await register.ViewAsync(cancel)).Text(row.ProtocolHash);
        if (!told.IsReached && await TooManyAsync(row, protocol, cancel)) return await AgainAsync(id, actor, new WrongField("bereikt", "Contact.Error.TooMany"), form, cancel);
        var today = clock.Today();
        return await ChangeAsync(id, now =>
        {
            if (database.HouseholdAttempts.Any(one => one.Id == told.Key)) return false;
            database.HouseholdAttempts.Add(new HouseholdAttempt
            {
                Id = told.Key, HouseholdId = now.Id, Day = today, Channel = told.Channel, Reached = told.IsReached, Notice = told.HasNotice, ByName = ((Actor.Person)actor).Who.Name, At = clock.GetUtcNow(),
            });
            now.NextOn = told.Next;

            // Whoever is spoken with hears what is known here and from whom (art. 14 GDPR): the page says so where it asks.
            if (told.IsReached || told.HasNotice) now.InformedOn ??= today;
            if (!told.IsReached) return true;
            now.ContactedOn ??= today;
            LetterAnswers.Prolong(now, protocol, answer?.Until);
            return true;
        }, $"{Path}/{id}", cancel);
    }

    // POST /werklijst/{id}/uitkomst: what the person did. Most outcomes end it, and then everything of it is erased; two ask for a next day.
    public async Task<IResult> EndAsync(Guid id, Actor actor, IFormCollection form, CancellationToken cancel)
    {
        var (row, refused) = await FindAsync(id, actor, "household.close", UseAct.Open, cancel);
        if (row is null) return refused!;
        if (outcomes.Find(form["uitkomst"].ToString()) is not { } outcome) return await AgainAsync(id, actor, new WrongField("uitkomst", "Referral.Error.Choose"), form, cancel);
        var next = ToldContact.NextDay(form, clock.Today(), "volgende-uitkomst", out var wrong);
        if (wrong is null && !outcome.Closes && next is null) wrong = new WrongField("volgende-uitkomst", "Contact.Error.NextNeeded");
        if (outcome.NeedsContact && row.ContactedOn is null) wrong = new WrongField("uitkomst", "Referral.Error.NoContact");
        if (outcome.Code == OutcomeCodes.NoAnswer && await IsTooFewAsync(row, cancel)) wrong = new WrongField("uitkomst", "Contact.Error.TooFew");
        if (wrong is not null) return await AgainAsync(id, actor, wrong, form, cancel);

        // Here in error, of somebody who was not asked yet: that is the answer to the question whose yes it was.
        var isDenied = outcome.Code == OutcomeCodes.InError && await answers.FindAsync(row, cancel) is { ConfirmedOn: null };
        if (isDenied) return await answers.DenyAsync(row, ((Actor.Person)actor).Who, $"{Path}/{id}", cancel);

        // Taken into an own file: first the sheet and the file, on the page that says what leaves; there the worker confirms.
        if (outcome.Code == OutcomeCodes.OwnFile && form["overgenomen"] != "ja") return Results.LocalRedirect($"{Path}/{id}/dossier");
        var answer = await ChangeAsync(id, now =>
        {
            (now.Outcome, now.NextOn) = (outcome.Code, outcome.Closes ? now.NextOn : next);
            if (outcome.Closes) now.ClosedAs = outcome.Cause;
            return true;
        }, $"{Path}/{id}", cancel);

        // First what the worker said, then the key: what a kill leaves in between, the next start finishes with the cause that stands in the row.
        if (outcome.Closes) await erasure.EraseAsync([row.Id], outcome.Cause, CancellationToken.None);
        return answer;
    }

    // GET /werklijst/{id}/dossier: what is taken into a file of the organisation's own, on its own ground, before everything is erased here.
    public async Task<IResult> FileAsync(Guid id, Actor actor, CancellationToken cancel)
    {
        var (taken, refused) = await TakenAsync(id, actor, "household.sheet", cancel);
        return refused ?? UiSetup.Page<HouseholdFilePage>(new { Model = taken });
    }

    // GET /werklijst/{id}/dossier.json: the same as a file for the organisation's own software. lowerCamelCase JSON, days as yyyy-MM-dd.
    public async Task<IResult> DownloadAsync(Guid id, Actor actor, CancellationToken cancel)
    {
        var (taken, refused) = await TakenAsync(id, actor, "household.export", cancel);
        if (taken is null) return refused!;
        var household = taken.Household;
        var told = new TakenFile(
            id, settings.Organisation, taken.Source, taken.Protocol, household.ReceivedOn, taken.InformedOn, taken.Record.Beneficiaries, taken.Record.Street, taken.Record.HouseNumber, taken.Record.Box, taken.Record.Postcode, taken.Record.Place,
            [.. taken.Attempts.Select(one => new TakenAttempt(one.Day, one.Channel, one.Reached))]);
        return Results.Bytes(JsonSerializer.SerializeToUtf8Bytes(told, Options), "application/json", $"gezin-{id:D}.json");
    }

    private async Task<(HouseholdFileView? Found, IResult? Refused)> TakenAsync(Guid id, Actor actor, string act, CancellationToken cancel)
    {
        var (row, refused) = await FindAsync(id, actor, act, UseAct.Export, cancel);
        if (row is null) return (null, refused);

        // A file begins with a conversation: before it there is nobody whom the organisation knows by itself.
        if (row.ContactedOn is null) return (null, Results.LocalRedirect($"{Path}/{id}"));
        if (Read(row) is not { } kept) return (null, ErrorCatalogue.NotFound.Problem());
        var list = await database.Lists.AsNoTracking().SingleAsync(one => one.Id == row.ListId, cancel);
        var texts = await register.ViewAsync(cancel);
        var view = HouseholdView.Of(row, kept, 0, WhyRow.Of(row, texts, new LoggedRoots(new Dictionary<string, long>(), null)));
        return (new HouseholdFileView(view, kept.Record, await AttemptsAsync(row, cancel), $"{row.ProtocolId} {row.ProtocolVersion}", list.Source, row.InformedOn), null);
    }

    private async Task<IResult> ShowAsync(Guid id, Actor actor, IReadOnlyList<FieldError> errors, IReadOnlyDictionary<string, string> values, CancellationToken cancel)
    {
        var (row, refused) = await FindAsync(id, actor, Opened, UseAct.Open, cancel);
        if (row is null) return refused!;
        if (Read(row) is not { } kept) return (await FindAsync(id, actor, Opened, UseAct.Open, cancel)).Refused ?? ErrorCatalogue.NotFound.Problem();
        var view = await register.ViewAsync(cancel);
        var protocol = view.Text(row.ProtocolHash);
        var roots = await WhyRow.RootsAsync([row], database, settings, cancel);
        var attempts = await AttemptsAsync(row, cancel);
        var isLead = ((Actor.Person)actor).Who.Has(Rights.LeadHouseholds);
        var model = new HouseholdPageView(
            HouseholdView.Of(row, kept, attempts.Count, WhyRow.Of(row, view, roots, kept.Names())), row.ContactedOn, row.InformedOn, outcomes.Find(row.Outcome), attempts, outcomes.All, values, errors)
        {
            Words = row.InformedOn is null ? await WordsAsync(row, kept, cancel) : null,
            AttemptsLeft = AttemptsLeft(attempts, protocol),
            AttemptsRule = Text(protocol, "contactpogingen"),
            OnwardRule = Text(protocol, "doorgifte"),
            Colleagues = isLead ? [.. (await attestations.ColleaguesAsync(await TeamOfAsync(row.ListId, cancel), cancel)).Select(one => new FieldOption(one.Id, one.Name))] : null,
            Answer = await answers.ViewAsync(row, kept.Choices, cancel),
            CanRefer = settings.HasReferrals && ((Actor.Person)actor).Who.Has(Rights.Refer),
        };
        return UiSetup.Page<HouseholdPage>(new { Model = model }, errors.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
    }

    // What they must hear at the first contact.
    private async Task<string> WordsAsync(Household row, KeptHousehold kept, CancellationToken cancel)
    {
        if (LetterAnswers.IsOf(row)) return await answers.WordsAsync(row, cancel);
        var list = await database.Lists.AsNoTracking().SingleAsync(one => one.Id == row.ListId, cancel);
        var protocol = (await register.ViewAsync(cancel)).Text(row.ProtocolHash);

        // From now on there is contact: what is promised is the last day at all.
        var last = protocol is null ? row.DeleteBy : row.ReceivedOn.AddDays(protocol.LongestKeptDays);
        return words.Say(SpokenWords.FirstContact, new Dictionary<string, string>
        {
            ["organisation"] = settings.Name, ["source"] = settings.Peer(list.Source)?.Name ?? list.Source, ["month"] = Formats.Month(kept.Record.ReferenceMonth), ["deleteBy"] = Formats.Day(last),
            ["contact"] = Officer(protocol, Domain.Party.Recipient) ?? settings.Name,
        });
    }

    private static string? Officer(Protocol? protocol, Domain.Party party) => protocol?.Find<Clause.Officers>()?.Contacts.FirstOrDefault(one => one.Party == party)?.Contact;

    private static string? Text(Protocol? protocol, string clause) => protocol?.Clause(clause) is { } text ? WhyRow.IsEnglish ? text.En : text.Nl : null;

    // The row after its decision; or what is told in its place: how it ended, to somebody of its team, or why not.
    internal async Task<(Household? Row, IResult? Refused)> FindAsync(Guid id, Actor actor, string act, UseAct use, CancellationToken cancel, Purpose? only = null)
    {
        var key = id.ToString("D");
        if (await ErasedAsync(key, cancel) is not { ListId: not null } erased)
        {
            // Who ends it between the two questions has ended it: it is asked again before "not there" is said.
            var (row, refused) = await rows.HouseholdAsync(id, use, Logged.By(actor, act), cancel, only);
            if (row is not null || await ErasedAsync(key, cancel) is not { ListId: not null } since) return (row, refused);
            erased = since;
        }

        var list = erased.ListId!;
        var reach = await attestations.ReachAsync(((Actor.Person)actor).Who.Subject, cancel);
        if (reach is not { Worker: { Suspended: false, BoundBySecrecy: true } } || !reach.IsOwn(await database.Lists.AsNoTracking().SingleAsync(one => one.Id == list, cancel))) return (null, ErrorCatalogue.NotFound.Problem());

        // A form that is sent again, or by a second worker: back to the page, which says how it ended.
        return act != Opened
            ? (null, Results.LocalRedirect($"{Path}/{id}"))
            : (null, UiSetup.Page<HouseholdEndedPage>(new { Id = id, On = BelgianTime.DayOf(erased.ErasedAt), erased.Cause, Outcome = outcomes.Find(erased.Outcome), SourceContact = await SourceContactAsync(list, cancel) }));
    }

    private Task<Erasure?> ErasedAsync(string key, CancellationToken cancel) => database.Erasures.AsNoTracking().SingleOrDefaultAsync(one => one.Id == key && one.Kind == Exchange.Contracts.ErasedKind.Household, cancel);

    // Where somebody objects at the source: what is told to the person who wants no contact again.
    private async Task<string?> SourceContactAsync(string list, CancellationToken cancel)
    {
        var hash = await database.Lists.AsNoTracking().Where(one => one.Id == list).Select(one => one.ProtocolHash).SingleAsync(cancel);
        return Officer((await register.ViewAsync(cancel)).Text(hash), Domain.Party.Source);
    }

    private async Task<IResult> DoAsync(Guid id, Actor actor, string act, UseAct use, Func<Household, bool> change, string back, CancellationToken cancel)
    {
        var (row, refused) = await FindAsync(id, actor, act, use, cancel);
        return row is null ? refused! : await ChangeAsync(id, change, back, cancel);
    }

    // Two workers at once: what the other did first counts, and nothing is done twice.
    private async Task<IResult> ChangeAsync(Guid id, Func<Household, bool> change, string back, CancellationToken cancel)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        database.ChangeTracker.Clear();
        var key = id.ToString("D");
        if (await database.Households.SingleOrDefaultAsync(one => one.Id == key && one.ClosedAs == null, cancel) is { } row && change(row))
        {
            await database.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }

        return Results.LocalRedirect(back);
    }

    internal Task<IResult> AgainAsync(Guid id, Actor actor, WrongField wrong, IFormCollection form, CancellationToken cancel) =>
        ShowAsync(id, actor, [new FieldError(wrong.Field, texts[wrong.Text])], form.Where(pair => !pair.Key.StartsWith('_')).ToDictionary(pair => pair.Key, pair => pair.Value.ToString()), cancel);

    private KeptHousehold? Read(Household row) => keys.Open(row.Id, row.Record) is { } json ? KeptHousehold.Parse(json) : null;

    private Task<string> TeamOfAsync(string list, CancellationToken cancel) => database.Lists.AsNoTracking().Where(one => one.Id == list).Select(one => one.Team).SingleAsync(cancel);

    private async Task<IReadOnlyList<AttemptView>> AttemptsAsync(Household row, CancellationToken cancel) =>
        [.. (await database.HouseholdAttempts.AsNoTracking().Where(one => one.HouseholdId == row.Id).OrderBy(one => one.Sequence).ToListAsync(cancel)).Select(one => new AttemptView(one.Day, one.Channel, one.Reached, one.ByName) { HasNotice = one.Notice })];

    // As the protocol says how often a household may be tried in vain; a protocol that does not say allows none.
    private async Task<bool> TooManyAsync(Household row, Protocol? protocol, CancellationToken cancel) => AttemptsLeft(await AttemptsAsync(row, cancel), protocol) == 0;

    private int AttemptsLeft(IReadOnlyList<AttemptView> attempts, Protocol? protocol)
    {
        if (protocol?.Find<Clause.Attempts>() is not { } rule) return 0;
        var since = clock.Today().AddDays(-rule.WithinDays);
        return Math.Max(0, rule.Most - attempts.Count(one => !one.Reached && one.Day > since));
    }

    // "No answer" is for who was tried as often, and by as many channels, as the protocol says.
    private async Task<bool> IsTooFewAsync(Household row, CancellationToken cancel)
    {
        var rule = (await register.ViewAsync(cancel)).Text(row.ProtocolHash)?.Find<Clause.Attempts>();
        var attempts = await AttemptsAsync(row, cancel);
        return rule is null || attempts.Count < rule.Most || attempts.Select(one => one.Channel).Distinct().Count() < rule.Channels;
    }

    private sealed record TakenFile(
        Guid Id, string Organisation, string Source, string Protocol, DateOnly ReceivedOn, DateOnly? InformedOn, IReadOnlyList<PersonName> Beneficiaries, string Street, string HouseNumber, string? Box, string Postcode, string Place,
        IReadOnlyList<TakenAttempt> Attempts)
    {
        public override string ToString() => "[dossier]";
    }

    private sealed record TakenAttempt(DateOnly Day, string Channel, bool Reached);
}
