using System.Globalization;
using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Local.Contacts;
using Bereik.Local.Features;
using Bereik.Local.Households;
using Bereik.Local.Pages;
using Bereik.Local.Storage;
using Bereik.Local.Workers;
using Bereik.Node.Access;
using Bereik.Node.Decisions;
using Bereik.Node.Errors;
using Bereik.Node.Requests;
using Bereik.Node.Ui;
using Bereik.Node.Work;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Reason = Bereik.Domain.Reason;

namespace Bereik.Local.Referrals;

// Referring somebody (nl: doorverwijzen): choose a service, read the words aloud, tick what the person agrees to, see exactly what the receiver will see, send. A no leaves nothing behind.
internal sealed class MakeReferral(LocalDatabase database, LocalSettings settings, ReferralPartners partners, ReferralDesk desk, Attestations attestations, HouseholdKeys households, ReferralRounds rounds, SpokenWords words, WorkSignal signal, Texts texts, TimeProvider clock)
{
    public const string Path = "/doorverwijzen";
    public const string New = $"{Path}/nieuw";
    public const string Form = $"{New}/{{protocol}}/{{organisation}}/{{service}}";

    // In an address and in a form: the id of the referral that came in and from which this one is made.
    public const string From = "van";
    private const int VerbalDays = 10;

    public static async Task<IResult> ListAsync(LocalDatabase database, ReferralDesk desk, ReferralPartners partners, Attestations attestations, TimeProvider clock, Actor actor, HttpContext context, CancellationToken cancel)
    {
        var who = ((Actor.Person)actor).Who.Subject;
        if (await desk.AgainstWorkerAsync(who, cancel) is { Count: > 0 } against) return Refusals.Page(against);
        var team = await attestations.TeamAsync(who, cancel);
        var rows = await database.Referrals.AsNoTracking().Where(one => one.Direction == Referral.Out && one.Team == team).OrderByDescending(one => one.CreatedAt).Take(200).ToListAsync(cancel);
        return UiSetup.Page<ReferralsPage>(new { Rows = (IReadOnlyList<ReferralRow>)[.. rows.Select(row => ReferralRow.Of(row, clock.Today(), partners))], Refused = context.Request.Query["nee"] == "1" });
    }

    public static async Task<IResult> ChooseAsync(ReferralPartners partners, ReferralDesk desk, MakeReferral make, Actor actor, HttpContext context, CancellationToken cancel)
    {
        var who = ((Actor.Person)actor).Who;
        if (await desk.AgainstWorkerAsync(who.Subject, cancel) is { Count: > 0 } against) return Refusals.Page(against);
        var origin = await make.OriginAsync(context.Request.Query[From].ToString(), who, cancel);
        return origin.Refused ?? UiSetup.Page<ReferralServicesPage>(new { Services = await partners.ServicesAsync(cancel), From = origin.Id });
    }

    public static Task<IResult> FillAsync(string protocol, string organisation, string service, MakeReferral make, Actor actor, HttpContext context, CancellationToken cancel) =>
        make.FillAsync(new Chosen(protocol, organisation, service), context.Request.Query[From].ToString(), ((Actor.Person)actor).Who, cancel);

    public static async Task<IResult> PreviewAsync(string protocol, string organisation, string service, MakeReferral make, Actor actor, HttpContext context, CancellationToken cancel) =>
        await make.TakeAsync(new Chosen(protocol, organisation, service), await context.Request.ReadFormAsync(cancel), ((Actor.Person)actor).Who, send: false, cancel);

    // Back to the form with everything that was typed.
    public static async Task<IResult> ChangeAsync(string protocol, string organisation, string service, MakeReferral make, Actor actor, HttpContext context, CancellationToken cancel) =>
        await make.ChangeAsync(new Chosen(protocol, organisation, service), await context.Request.ReadFormAsync(cancel), ((Actor.Person)actor).Who, cancel);

    public static async Task<IResult> SendAsync(string protocol, string organisation, string service, MakeReferral make, Actor actor, HttpContext context, CancellationToken cancel) =>
        await make.TakeAsync(new Chosen(protocol, organisation, service), await context.Request.ReadFormAsync(cancel), ((Actor.Person)actor).Who, send: true, cancel);

    public static async Task<IResult> ShowAsync(Guid id, MakeReferral make, ReferralDesk desk, Actor actor, CancellationToken cancel)
    {
        if (await make.FindAsync(id, cancel) is not { } referral) return ErrorCatalogue.NotFound.Problem();
        var opened = await desk.OpenAsync(referral, UseAct.Open, Logged.By(actor, "referral.show"), cancel);

        // How far it is, the team always sees; whom it is about only while that is kept here.
        // It may have ended while it was being opened.
        if (opened.Record is null && await make.FindAsync(id, cancel) is { } now) referral = now;
        if (opened.Record is null && !referral.Standing.IsOver && referral.Record is not null) return Refusals.Page(opened.Reasons);
        return opened.Reasons.Intersect(ReferralDesk.OfTheWorker).ToList() is { Count: > 0 } against ? Refusals.Page(against) : await make.ShowAsync(referral, opened, [], cancel);
    }

    /// <summary>The page of a referral that was opened, with what is wrong with a form on it.</summary>
    public async Task<IResult> ShowAsync(Referral referral, OpenedReferral opened, IReadOnlyList<FieldError> errors, CancellationToken cancel)
    {
        var steps = (await desk.StepsAsync(referral.Id, cancel)).Select(step => new StepView(step.Act, step.At)).ToList();
        var service = await partners.DeclaredAsync(referral, cancel);
        var model = new SentView(ReferralRow.Of(referral, clock.Today()), opened.Record, steps, partners.NameOf(referral.Partner), service?.Name ?? referral.Service, service?.Reach)
        {
            ScannedAt = opened.Record is null ? null : await database.ConsentScans.AsNoTracking().Where(one => one.ReferralId == referral.Id).Select(one => (DateTimeOffset?)one.KeptAt).SingleOrDefaultAsync(cancel), Errors = errors,
        };
        return UiSetup.Page<ReferralPage>(new { Model = model }, errors.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
    }

    public static async Task<IResult> RevokeAsync(Guid id, LocalDatabase database, ReferralDesk desk, WorkSignal signal, Actor actor, CancellationToken cancel)
    {
        // Taking back needs no condition but to be a worker of the team: nothing else may stand in its way.
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        if (await database.Referrals.SingleOrDefaultAsync(one => one.Id == id.ToString("D") && one.Direction == Referral.Out, cancel) is not { } referral) return ErrorCatalogue.NotFound.Problem();
        if (await desk.AgainstAsync(referral, UseAct.Open, ((Actor.Person)actor).Who.Subject, cancel) is { Count: > 0 } against) return Refusals.Page(against);
        if (desk.Say(referral, ReferralAct.Revoke)) desk.Erase(referral, ErasureCause.Withdrawn);
        await database.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        await desk.FinishAsync(CancellationToken.None);
        signal.Wake();
        return Results.LocalRedirect($"{Path}/{referral.Id}");
    }

    public static async Task<IResult> ConfirmAsync(Guid id, LocalDatabase database, ReferralDesk desk, Actor actor, CancellationToken cancel)
    {
        if (await database.Referrals.SingleOrDefaultAsync(one => one.Id == id.ToString("D") && one.Direction == Referral.Out, cancel) is not { } referral) return ErrorCatalogue.NotFound.Problem();
        if (await desk.AgainstAsync(referral, UseAct.Open, ((Actor.Person)actor).Who.Subject, cancel) is { Count: > 0 } against) return Refusals.Page(against);
        referral.ConfirmBy = null;
        await database.SaveChangesAsync(cancel);
        return Results.LocalRedirect($"{Path}/{referral.Id}");
    }

    public Task<Referral?> FindAsync(Guid id, CancellationToken cancel) => database.Referrals.AsNoTracking().SingleOrDefaultAsync(one => one.Id == id.ToString("D") && one.Direction == Referral.Out, cancel);

    // The referral that came in here and from which somebody refers on. A new consent is asked: what came in is offered to be copied, and nothing of it is ticked.
    private async Task<Origin> OriginAsync(string id, Person who, CancellationToken cancel)
    {
        if (id.Length == 0) return new Origin(null, null, null);
        if (!Guid.TryParseExact(id, "D", out var parsed) || await database.Referrals.AsNoTracking().SingleOrDefaultAsync(one => one.Id == parsed.ToString("D") && one.Direction == Referral.In, cancel) is not { } referral) return new Origin(null, null, ErrorCatalogue.NotFound.Problem());
        var opened = await desk.OpenAsync(referral, UseAct.Open, new Logged("referral.onward", who), cancel);
        if (opened.Record is not { } record) return new Origin(null, null, Refusals.Page(opened.Reasons));
        return referral.Standing.State is ReferralState.Accepted or ReferralState.Contacted ? new Origin(referral.Id, record, null) : new Origin(null, null, Results.LocalRedirect($"{ReceivedReferrals.Path}/{referral.Id}"));
    }

    private async Task<OpenService?> FindAsync(Chosen chosen, CancellationToken cancel) =>
        (await partners.ServicesAsync(cancel)).FirstOrDefault(one => one.Protocol.Id == chosen.Protocol && one.Organisation.Value == chosen.Organisation && one.Service.Id == chosen.Service);

    private string ScriptOf(OpenService service) => words.Say(SpokenWords.Referral, new Dictionary<string, string>
    {
        ["service"] = service.Service.Name, ["organisation"] = service.Name, ["about"] = service.Service.About, ["reach"] = service.Service.Reach,
        ["waitingDays"] = service.Service.WaitingDays.ToString(CultureInfo.CurrentCulture), ["validDays"] = (service.Protocol.Find<Clause.Consent>()?.ValidDays ?? 0).ToString(CultureInfo.CurrentCulture),
    });

    private async Task<IResult> FillAsync(Chosen chosen, string from, Person who, CancellationToken cancel)
    {
        if (await FindAsync(chosen, cancel) is not { } service) return ErrorCatalogue.NotFound.Problem();
        if (await desk.AgainstReferringAsync(service.Protocol, service.Organisation, who.Subject, cancel) is { Count: > 0 } against) return Refusals.Page(against);
        var origin = await OriginAsync(from, who, cancel);
        var values = new Dictionary<string, string> { ["id"] = Guid.NewGuid().ToString("D"), ["taal"] = texts["Referral.Language.Dutch"] };
        if (origin.Id is { } id) values[From] = id;
        return origin.Refused ?? FormPage(service, values, [], origin, who, isFresh: true);
    }

    private async Task<IResult> ChangeAsync(Chosen chosen, IFormCollection typed, Person who, CancellationToken cancel)
    {
        if (await FindAsync(chosen, cancel) is not { } service) return ErrorCatalogue.NotFound.Problem();
        if (await desk.AgainstReferringAsync(service.Protocol, service.Organisation, who.Subject, cancel) is { Count: > 0 } against) return Refusals.Page(against);
        var origin = await OriginAsync(typed[From].ToString(), who, cancel);
        return origin.Refused ?? FormPage(service, new ReferralForm(typed, service, texts, clock.Today()).Values, [], origin, who);
    }

    private RazorComponentResult<ReferralFormPage> FormPage(OpenService service, IReadOnlyDictionary<string, string> values, IReadOnlyList<FieldError> errors, Origin origin, Person who, bool isFresh = false)
    {
        var offered = (origin.Record?.Fields ?? []).ToDictionary(field => field.Field, field => field.Value);
        var model = new ReferralFormView(service, ScriptOf(service), values, errors) { Offered = offered, Owner = new KnownColleague(who, default).Key, IsFresh = isFresh };
        return UiSetup.Page<ReferralFormPage>(new { Model = model }, errors.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
    }

    private async Task<IResult> TakeAsync(Chosen chosen, IFormCollection typed, Person who, bool send, CancellationToken cancel)
    {
        if (await FindAsync(chosen, cancel) is not { } service) return ErrorCatalogue.NotFound.Problem();
        var form = new ReferralForm(typed, service, texts, clock.Today());

        // A no is written down nowhere: not in the store, not in the register of decisions.
        if (form.IsRefused) return Results.LocalRedirect($"{Path}?nee=1");
        if (await desk.AgainstReferringAsync(service.Protocol, service.Organisation, who.Subject, cancel) is { Count: > 0 } refused) return Refusals.Page(refused);
        if ((await attestations.TeamAsync(who.Subject, cancel)) is not { Length: > 0 } team) return Refusals.Page([Reasons.NotAttested]);
        var origin = await OriginAsync(typed[From].ToString(), who, cancel);
        if (origin.Refused is not null) return origin.Refused;
        var script = ScriptOf(service);
        var record = form.Read(who.Name, team, settings.Name, script);
        if (record is null || !Guid.TryParseExact(typed["id"].ToString(), "D", out var id)) return FormPage(service, form.Values, form.Errors, origin, who);

        var key = id.ToString("D");
        var request = partners.RequestOf(service.Protocol, service.Organisation, service.Service.Id);
        var (referring, _, facts) = await partners.DecideAsync(service.Protocol, request, alreadySent: false, cancel);
        var bound = service.Protocol.Find<Clause.RecipientsClause>()?.ProfessionalSecrecy == true;
        var known = await desk.KnownAsync(service.Protocol, settings.Id, service.Organisation, service.Service.Id, withdrawn: false, recipientBound: bound, cancel);
        var released = ReferralGate.Facts(record, clock.Today(), known);
        var release = Decide.Release(service.Protocol, ReferralGate.Request(record), released);
        List<Reason> against = [.. referring.Reasons.Concat(release.Reasons).Distinct()];
        var (scan, wrong) = send ? await ConsentScans.ReadAsync(typed, cancel) : (null, null);
        if (against.Count > 0 || referring.Outcome != Outcome.Permit || release.Outcome != Outcome.Permit || !send || wrong is not null)
        {
            var preview = new ReferralPreview(service, record, form.Values, [.. against.Select(Refusals.View)]) { Errors = wrong is null ? [] : [new FieldError(ConsentScans.Field, texts[wrong])] };
            return UiSetup.Page<ReferralPreviewPage>(new { Model = preview }, against.Count > 0 || wrong is not null ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
        }

        var now = clock.GetUtcNow();
        var protocol = service.Protocol;
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);

        // The same form a second time, by a double click or the back button, is the same referral.
        if (households.IsDestroyed(key)) return Results.LocalRedirect($"{Path}/{key}");
        if (await database.Referrals.AsNoTracking().AnyAsync(one => one.Id == key, cancel)) return Results.LocalRedirect($"{Path}/{key}/bewijs");
        var context = new DecisionContext(now, DecisionPoint.Refer, "referral.make", key, who.Name, protocol.Id, protocol.Version, protocol.Hash);
        database.LogDecision(referring, context, request, facts);
        database.LogDecision(release, context with { Point = DecisionPoint.Release }, ReferralGate.Request(record), released);
        database.Referrals.Add(new Referral
        {
            Id = key, Direction = Referral.Out, ProtocolId = protocol.Id, ProtocolVersion = protocol.Version, ProtocolHash = protocol.Hash, Partner = service.Organisation.Value, Service = service.Service.Id, Team = team,
            FromId = origin.Id, State = Referral.Waiting, Record = households.Seal(key, record.ToJson()), MadeBy = who.Subject, ReceivedOn = clock.Today(), ContactBy = FirstContact.By(protocol, clock.Today()), InformBy = clock.Today().AddDays(protocol.InformByDays), DeleteBy = clock.Today().AddDays(protocol.DeleteByDays),
            ConfirmBy = record.Consent.Method == ConsentMethod.Verbal ? BelgianTime.AddWorkingDays(clock.Today(), VerbalDays) : null, CreatedAt = now, ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(request.ExpiresAt.ToUnixTimeSeconds()),
        });
        if (scan is not null) database.ConsentScans.Add(ConsentScans.Seal(key, scan, households, now));
        database.Enqueue(SendReferral.Name, key, now, rounds.Next(now));
        await database.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        signal.Wake();

        // The person gets it in hand at once.
        return Results.LocalRedirect($"{Path}/{key}/bewijs");
    }

    private sealed record Origin(string? Id, ReferralRecord? Record, IResult? Refused)
    {
        public override string ToString() => nameof(Origin);
    }

    private sealed record Chosen(string Protocol, string Organisation, string Service);
}
