using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Local.Accessions;
using Bereik.Local.Contacts;
using Bereik.Local.Features;
using Bereik.Local.Pages;
using Bereik.Local.Storage;
using Bereik.Local.Workers;
using Bereik.Node.Access;
using Bereik.Node.Errors;
using Bereik.Node.Registers;
using Bereik.Node.Requests;
using Bereik.Node.Ui;
using Bereik.Node.Work;
using Microsoft.EntityFrameworkCore;
using Reason = Bereik.Domain.Reason;

namespace Bereik.Local.Referrals;

// What came in for a service (nl: verwijzingen): the team takes it up or not, makes contact, closes. Each act is decided for this worker, today.
internal sealed class ReceivedReferrals(LocalDatabase database, ReferralDesk desk, ReferralPartners partners, ProtocolRegister register, OutcomeCodes outcomes, WorkSignal signal, Texts texts, TimeProvider clock)
{
    public const string Path = "/verwijzingen";

    // A list without names: a name is opened one by one.
    public static async Task<IResult> ListAsync(LocalDatabase database, ReferralDesk desk, ReferralPartners partners, Attestations attestations, TimeProvider clock, Actor actor, CancellationToken cancel)
    {
        var who = ((Actor.Person)actor).Who;
        if (await desk.AgainstWorkerAsync(who.Subject, cancel) is { Count: > 0 } against) return Refusals.Page(against);
        var team = await attestations.TeamAsync(who.Subject, cancel);
        var rows = await database.Referrals.AsNoTracking().Where(one => one.Direction == Referral.In && one.Team == team && one.ErasedAt == null).OrderBy(one => one.NextOn ?? one.ReceivedOn).ThenBy(one => one.Id).Take(500).ToListAsync(cancel);
        var hasElsewhere = await database.Referrals.AnyAsync(one => one.Direction == Referral.In && one.Team != team && one.ErasedAt == null, cancel);

        // What is late comes first, then what is due; the rest by its next day.
        var sorted = rows.Select(row => ReferralRow.Of(row, clock.Today(), partners)).OrderByDescending(row => row.Urgency).ToList();
        return UiSetup.Page<InboxPage>(new { Rows = (IReadOnlyList<ReferralRow>)sorted, HasElsewhere = hasElsewhere, IsLead = who.Has(Rights.LeadReferrals) });
    }

    public Task<IResult> ShowAsync(Guid id, Actor actor, CancellationToken cancel) => ShowAsync(id, Logged.By(actor, "referral.open"), [], new Dictionary<string, string>(), cancel);

    public Task<IResult> AcceptAsync(Guid id, Actor actor, CancellationToken cancel) => DoAsync(id, actor, "referral.accept", UseAct.Assign, (referral, _, who) =>
    {
        if (!desk.Say(referral, ReferralAct.Accept)) return false;
        (referral.AssignedTo, referral.AssignedName) = (who.Subject, who.Name);
        return true;
    }, null, cancel);

    public async Task<IResult> DeclineAsync(Guid id, Actor actor, IFormCollection form, CancellationToken cancel)
    {
        if (AccessionForm.Parse<DeclineCause>(form["reden"].ToString()) is not { } cause) return await AgainAsync(id, actor, "reden", "Referral.Error.Choose", form, cancel);
        return await DoWithoutOpeningAsync(id, actor, referral => Decline(referral, cause), cancel);
    }

    public async Task<IResult> AttemptAsync(Guid id, Actor actor, IFormCollection form, CancellationToken cancel)
    {
        if (ToldContact.Read(form, clock.Today(), out var wrong) is not { } told) return await AgainAsync(id, actor, wrong!.Field, wrong.Text, form, cancel);

        // The same form a second time, by a double click or the back button, is the same attempt.
        if (await database.ReferralAttempts.AsNoTracking().AnyAsync(one => one.Id == told.Key, cancel)) return Results.LocalRedirect($"{Path}/{id}");
        return await DoAsync(id, actor, "referral.contact", UseAct.Open, (referral, protocol, who) => Attempt(referral, protocol, who.Name, told), null, cancel);
    }

    public async Task<IResult> CloseAsync(Guid id, Actor actor, IFormCollection form, CancellationToken cancel)
    {
        if (outcomes.Find(form["uitkomst"].ToString()) is not { } outcome) return await AgainAsync(id, actor, "uitkomst", "Referral.Error.Choose", form, cancel);
        var shown = await FindAsync(id, cancel);
        if (outcome.NeedsContact && shown is { ContactedOn: null }) return await AgainAsync(id, actor, "uitkomst", "Referral.Error.NoContact", form, cancel);
        var next = ToldContact.NextDay(form, clock.Today(), "volgende-uitkomst", out var wrong);
        if (wrong is null && !outcome.Closes && next is null) wrong = new WrongField("volgende-uitkomst", "Contact.Error.NextNeeded");
        if (wrong is not null) return await AgainAsync(id, actor, wrong.Field, wrong.Text, form, cancel);

        // Taken into an own file: first the sheet and the file, on the page that says what leaves; there the worker confirms.
        if (outcome.Code == OutcomeCodes.OwnFile && form["overgenomen"] != "ja" && shown is { ErasedAt: null }) return Results.LocalRedirect($"{Path}/{id}/dossier");
        return await DoAsync(id, actor, "referral.close", UseAct.Open, (referral, _, _) => Close(referral, outcome, next), null, cancel);
    }

    // The person takes it back at the receiving service: nothing may stand in its way but that it is the team's.
    public Task<IResult> RevokeAsync(Guid id, Actor actor, CancellationToken cancel) => DoWithoutOpeningAsync(id, actor, referral =>
    {
        if (!desk.Say(referral, ReferralAct.Revoke)) return false;
        desk.Erase(referral, ErasureCause.Withdrawn);
        return true;
    }, cancel);

    private bool Decline(Referral referral, DeclineCause cause)
    {
        if (!desk.Say(referral, ReferralAct.Decline, cause)) return false;
        referral.Code = cause.WireName();
        desk.Erase(referral, ErasureCause.Outcome);
        return true;
    }

    private bool Attempt(Referral referral, Protocol? protocol, string name, ToldContact told)
    {
        if (referral.Standing.State is not (ReferralState.Accepted or ReferralState.Contacted) || database.ReferralAttempts.Any(one => one.Id == told.Key)) return false;
        database.ReferralAttempts.Add(new ReferralAttempt { Id = told.Key, ReferralId = referral.Id, Day = clock.Today(), Channel = told.Channel, Reached = told.IsReached, ByName = name, At = clock.GetUtcNow() });
        referral.NextOn = told.Next;
        if (!told.IsReached) return true;
        if (referral.Standing.State == ReferralState.Accepted) desk.Say(referral, ReferralAct.Contact);
        referral.ContactedOn ??= clock.Today();

        // At the first contact the worker says what is known here and from whom (art. 14 GDPR): the button says so.
        referral.InformedOn ??= clock.Today();
        if (protocol?.Find<Clause.Retention>() is { } retention && referral.ReceivedOn.AddDays(retention.ContactDays) > referral.DeleteBy) referral.DeleteBy = referral.ReceivedOn.AddDays(retention.ContactDays);
        return true;
    }

    private bool Close(Referral referral, OutcomeCode outcome, DateOnly? next)
    {
        if (!outcome.Closes)
        {
            if (referral.Standing.State != ReferralState.Contacted) return false;
            (referral.Outcome, referral.NextOn) = (outcome.Code, next);
            return true;
        }

        if (!desk.Say(referral, ReferralAct.Close)) return false;
        referral.Outcome = outcome.Code;
        desk.Erase(referral, outcome.Cause);
        return true;
    }

    internal async Task<IResult> DoAsync(Guid id, Actor actor, string act, UseAct use, Func<Referral, Protocol?, Person, bool> change, string? back, CancellationToken cancel)
    {
        if (await FindAsync(id, cancel) is not { } shown) return ErrorCatalogue.NotFound.Problem();
        var opened = await desk.OpenAsync(shown, use, Logged.By(actor, act), cancel);

        // A colleague may have ended it while it was being opened.
        if (opened.Record is null) return IsEnded(await FindAsync(id, cancel) ?? shown, opened) ? Results.LocalRedirect($"{Path}/{id}") : Refusals.Page(opened.Reasons);
        var protocol = (await register.ViewAsync(cancel)).Text(shown.ProtocolHash);
        return await ChangeAsync(id, referral => change(referral, protocol, ((Actor.Person)actor).Who), back, cancel);
    }

    // The worker may always decline, and the person may always take it back: also where the gate opens nothing.
    private async Task<IResult> DoWithoutOpeningAsync(Guid id, Actor actor, Func<Referral, bool> change, CancellationToken cancel)
    {
        if (await FindAsync(id, cancel) is not { } shown) return ErrorCatalogue.NotFound.Problem();
        var opened = await desk.OpenAsync(shown, UseAct.Open, Logged.By(actor, "referral.end"), cancel);
        IReadOnlyList<Reason> closed = [.. opened.Reasons.Intersect(ReferralDesk.OfTheWorker)];
        return closed.Count > 0 ? Refusals.Page(closed) : await ChangeAsync(id, change, null, cancel);
    }

    // Ended and erased, for a worker of the team: whoever comes back to it, or sends a form a second time, sees how it ended.
    private static bool IsEnded(Referral referral, OpenedReferral opened) => referral.ErasedAt is not null && !opened.Reasons.Intersect(ReferralDesk.OfTheWorker).Any();

    // Two workers at once: what the other did first counts, and nothing is done twice.
    private async Task<IResult> ChangeAsync(Guid id, Func<Referral, bool> change, string? back, CancellationToken cancel)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        database.ChangeTracker.Clear();
        var referral = await database.Referrals.SingleAsync(one => one.Id == id.ToString("D"), cancel);
        if (change(referral))
        {
            await database.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            await desk.FinishAsync(CancellationToken.None);
            signal.Wake();
        }

        return Results.LocalRedirect(back ?? $"{Path}/{referral.Id}");
    }

    private Task<Referral?> FindAsync(Guid id, CancellationToken cancel) => database.Referrals.AsNoTracking().SingleOrDefaultAsync(one => one.Id == id.ToString("D") && one.Direction == Referral.In, cancel);

    private Task<IResult> AgainAsync(Guid id, Actor actor, string field, string text, IFormCollection form, CancellationToken cancel) =>
        ShowAsync(id, Logged.By(actor, "referral.open"), [new FieldError(field, texts[text])], form.Where(pair => !pair.Key.StartsWith('_')).ToDictionary(pair => pair.Key, pair => pair.Value.ToString()), cancel);

    private async Task<IResult> ShowAsync(Guid id, Logged logged, IReadOnlyList<FieldError> errors, IReadOnlyDictionary<string, string> values, CancellationToken cancel)
    {
        if (await FindAsync(id, cancel) is not { } referral) return ErrorCatalogue.NotFound.Problem();
        var opened = await desk.OpenAsync(referral, UseAct.Open, logged, cancel);
        if (opened.Record is null && await FindAsync(id, cancel) is { } now) referral = now;
        if (opened.Record is not { } record) return IsEnded(referral, opened) ? UiSetup.Page<InboxEndedPage>(new { Row = ReferralRow.Of(referral, clock.Today()), Outcome = outcomes.Find(referral.Outcome ?? "") }) : Refusals.Page(opened.Reasons);
        var onward = await database.Referrals.AsNoTracking().Where(one => one.FromId == referral.Id && one.Direction == Referral.Out).OrderBy(one => one.CreatedAt).ToListAsync(cancel);
        var attempts = await database.ReferralAttempts.AsNoTracking().Where(one => one.ReferralId == referral.Id).OrderBy(one => one.Sequence).ToListAsync(cancel);
        var protocol = (await register.ViewAsync(cancel)).Text(referral.ProtocolHash);
        var clause = protocol?.Clause("toestemming");
        var why = protocol is null || clause is null ? null : new Node.Ui.Reason($"{protocol.Title.In(WhyRow.IsEnglish)} {protocol.Version}", texts["Inbox.Why.Clause"], WhyRow.IsEnglish ? clause.En : clause.Nl)
        {
            Consent = texts["Inbox.Why.Consent", Formats.Day(record.Consent.On)], Until = referral.DeleteBy,
        };
        return UiSetup.Page<InboxItemPage>(
            new { Model = new InboxView(ReferralRow.Of(referral, clock.Today()), partners.NameOf(referral.Partner), record, [.. attempts.Select(one => new AttemptView(one.Day, one.Channel, one.Reached, one.ByName))], outcomes.All, values, errors) { Why = why, Onward = [.. onward.Select(one => ReferralRow.Of(one, clock.Today(), partners))] } },
            errors.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
    }
}
