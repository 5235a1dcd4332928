using Bereik.Domain;
using Bereik.Exchange.Contracts;
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
using Microsoft.EntityFrameworkCore;
using Reason = Bereik.Domain.Reason;

namespace Bereik.Local.Referrals;

// Referring somebody (nl: doorverwijzen): choose a service, read the words aloud, tick what the person agrees to, see exactly what the receiver will see, send. A no leaves nothing behind.
internal sealed class MakeReferral(LocalDatabase database, LocalSettings settings, ReferralPartners partners, ReferralDesk desk, Attestations attestations, HouseholdKeys households, ReferralRounds rounds, WorkSignal signal, Texts texts, TimeProvider clock)
{
    public const string Path = "/doorverwijzen";
    public const string New = $"{Path}/nieuw";
    public const string Form = $"{New}/{{protocol}}/{{organisation}}/{{service}}";
    private const int VerbalDays = 10;

    public static async Task<IResult> ListAsync(LocalDatabase database, Attestations attestations, Actor actor, HttpContext context, CancellationToken cancel)
    {
        var team = await attestations.TeamAsync(((Actor.Person)actor).Who.Subject, cancel);
        var rows = await database.Referrals.AsNoTracking().Where(one => one.Direction == Referral.Out && one.Team == team).OrderByDescending(one => one.CreatedAt).Take(200).ToListAsync(cancel);
        return UiSetup.Page<ReferralsPage>(new { Rows = (IReadOnlyList<ReferralRow>)[.. rows.Select(ReferralRow.Of)], Refused = context.Request.Query["nee"] == "1" });
    }

    public static async Task<IResult> ChooseAsync(ReferralPartners partners, CancellationToken cancel) =>
        UiSetup.Page<ReferralServicesPage>(new { Services = await partners.ServicesAsync(cancel) });

    public static Task<IResult> FillAsync(string protocol, string organisation, string service, MakeReferral make, CancellationToken cancel) => make.FillAsync(new Chosen(protocol, organisation, service), cancel);

    public static async Task<IResult> PreviewAsync(string protocol, string organisation, string service, MakeReferral make, Actor actor, HttpContext context, CancellationToken cancel) =>
        await make.TakeAsync(new Chosen(protocol, organisation, service), await context.Request.ReadFormAsync(cancel), ((Actor.Person)actor).Who, send: false, cancel);

    // Back to the form with everything that was typed.
    public static async Task<IResult> ChangeAsync(string protocol, string organisation, string service, MakeReferral make, HttpContext context, CancellationToken cancel) =>
        await make.ChangeAsync(new Chosen(protocol, organisation, service), await context.Request.ReadFormAsync(cancel), cancel);

    public static async Task<IResult> SendAsync(string protocol, string organisation, string service, MakeReferral make, Actor actor, HttpContext context, CancellationToken cancel) =>
        await make.TakeAsync(new Chosen(protocol, organisation, service), await context.Request.ReadFormAsync(cancel), ((Actor.Person)actor).Who, send: true, cancel);

    public static async Task<IResult> ShowAsync(Guid id, LocalDatabase database, ReferralDesk desk, Actor actor, CancellationToken cancel)
    {
        if (await FindAsync(id, database, cancel) is not { } referral) return ErrorCatalogue.NotFound.Problem();
        var opened = await desk.OpenAsync(referral, UseAct.Open, Logged.By(actor, "referral.show"), cancel);

        // How far it is, the team always sees; whom it is about only while that is kept here.
        if (opened.Record is null && !referral.Standing.IsOver && referral.Record is not null) return Refusals.Page(opened.Reasons);
        if (opened.Record is null && opened.Reasons.Contains(Reasons.OtherTeam)) return Refusals.Page([Reasons.OtherTeam]);
        return UiSetup.Page<ReferralPage>(new { Row = ReferralRow.Of(referral), opened.Record, Steps = (IReadOnlyList<StepView>)[.. (await desk.StepsAsync(referral.Id, cancel)).Select(step => new StepView(step.Act, step.At))] });
    }

    public static async Task<IResult> RevokeAsync(Guid id, LocalDatabase database, ReferralDesk desk, Attestations attestations, WorkSignal signal, Actor actor, CancellationToken cancel)
    {
        // Taking back needs no condition but to be of the team: nothing may stand in its way.
        var team = await attestations.TeamAsync(((Actor.Person)actor).Who.Subject, cancel);
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        if (await database.Referrals.SingleOrDefaultAsync(one => one.Id == id.ToString("D") && one.Direction == Referral.Out, cancel) is not { } referral) return ErrorCatalogue.NotFound.Problem();
        if (team is null || team != referral.Team) return Refusals.Page([Reasons.OtherTeam]);
        if (desk.Say(referral, ReferralAct.Revoke)) desk.Erase(referral, ErasureCause.Withdrawn);
        await database.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        signal.Wake();
        return Results.LocalRedirect($"{Path}/{referral.Id}");
    }

    public static async Task<IResult> ConfirmAsync(Guid id, LocalDatabase database, Attestations attestations, Actor actor, CancellationToken cancel)
    {
        var team = await attestations.TeamAsync(((Actor.Person)actor).Who.Subject, cancel);
        if (await database.Referrals.SingleOrDefaultAsync(one => one.Id == id.ToString("D") && one.Direction == Referral.Out, cancel) is not { } referral) return ErrorCatalogue.NotFound.Problem();
        if (team is null || team != referral.Team) return Refusals.Page([Reasons.OtherTeam]);
        referral.ConfirmBy = null;
        await database.SaveChangesAsync(cancel);
        return Results.LocalRedirect($"{Path}/{referral.Id}");
    }

    private static Task<Referral?> FindAsync(Guid id, LocalDatabase database, CancellationToken cancel) =>
        database.Referrals.AsNoTracking().SingleOrDefaultAsync(one => one.Id == id.ToString("D") && one.Direction == Referral.Out, cancel);

    private async Task<OpenService?> FindAsync(Chosen chosen, CancellationToken cancel) =>
        (await partners.ServicesAsync(cancel)).FirstOrDefault(one => one.Protocol.Id == chosen.Protocol && one.Organisation.Value == chosen.Organisation && one.Service.Id == chosen.Service);

    private string ScriptOf(OpenService service) => texts["Referral.Script", service.Service.Name, service.Name, service.Service.About, service.Service.Reach, service.Service.WaitingDays, service.Protocol.Find<Clause.Consent>()?.ValidDays ?? 0];

    private async Task<IResult> FillAsync(Chosen chosen, CancellationToken cancel) => await FindAsync(chosen, cancel) is { } service
        ? UiSetup.Page<ReferralFormPage>(new { Model = new ReferralFormView(service, ScriptOf(service), new Dictionary<string, string> { ["id"] = Guid.NewGuid().ToString("D"), ["taal"] = texts["Referral.Language.Dutch"] }, []) })
        : ErrorCatalogue.NotFound.Problem();

    private async Task<IResult> ChangeAsync(Chosen chosen, IFormCollection typed, CancellationToken cancel) => await FindAsync(chosen, cancel) is { } service
        ? UiSetup.Page<ReferralFormPage>(new { Model = new ReferralFormView(service, ScriptOf(service), new ReferralForm(typed, service, texts, clock.Today()).Values, []) })
        : ErrorCatalogue.NotFound.Problem();

    private async Task<IResult> TakeAsync(Chosen chosen, IFormCollection typed, Person who, bool send, CancellationToken cancel)
    {
        if (await FindAsync(chosen, cancel) is not { } service) return ErrorCatalogue.NotFound.Problem();
        var form = new ReferralForm(typed, service, texts, clock.Today());

        // A no is written down nowhere: not in the store, not in the register of decisions.
        if (form.IsRefused) return Results.LocalRedirect($"{Path}?nee=1");
        var reach = await attestations.ReachAsync(who.Subject, cancel);
        if (reach.Worker is not { Suspended: false } || reach.Team is not { Length: > 0 } team) return Refusals.Page([Reasons.NotAttested]);
        var script = ScriptOf(service);
        var record = form.Read(who.Name, team, settings.Name, script);
        if (record is null || !Guid.TryParseExact(typed["id"].ToString(), "D", out var id))
        {
            return UiSetup.Page<ReferralFormPage>(new { Model = new ReferralFormView(service, script, form.Values, form.Errors) }, StatusCodes.Status422UnprocessableEntity);
        }

        var key = id.ToString("D");
        var request = partners.RequestOf(service.Protocol, service.Organisation, service.Service.Id);
        var (referring, _, facts) = await partners.DecideAsync(service.Protocol, request, alreadySent: false, cancel);
        var bound = service.Protocol.Find<Clause.RecipientsClause>()?.ProfessionalSecrecy == true;
        var known = await desk.KnownAsync(service.Protocol, settings.Id, service.Organisation, service.Service.Id, withdrawn: false, recipientBound: bound, cancel);
        var released = ReferralGate.Facts(record, clock.Today(), known);
        var release = Decide.Release(service.Protocol, ReferralGate.Request(record), released);
        List<Reason> against = [.. referring.Reasons.Concat(release.Reasons).Distinct()];
        if (against.Count > 0 || referring.Outcome != Outcome.Permit || release.Outcome != Outcome.Permit || !send)
        {
            return UiSetup.Page<ReferralPreviewPage>(
                new { Model = new ReferralPreview(service, record, form.Values, [.. against.Select(Refusals.View)]) }, against.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
        }

        var now = clock.GetUtcNow();
        var protocol = service.Protocol;
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);

        // The same form a second time, by a double click or the back button, is the same referral.
        if (households.IsDestroyed(key) || await database.Referrals.AsNoTracking().AnyAsync(one => one.Id == key, cancel)) return Results.LocalRedirect($"{Path}/{key}");
        var context = new DecisionContext(now, DecisionPoint.Refer, "referral.make", key, who.Name, protocol.Id, protocol.Version, protocol.Hash);
        database.LogDecision(referring, context, request, facts);
        database.LogDecision(release, context with { Point = DecisionPoint.Release }, ReferralGate.Request(record), released);
        database.Referrals.Add(new Referral
        {
            Id = key, Direction = Referral.Out, ProtocolId = protocol.Id, ProtocolVersion = protocol.Version, ProtocolHash = protocol.Hash, Partner = service.Organisation.Value, Service = service.Service.Id, Team = team,
            State = Referral.Waiting, Record = households.Seal(key, record.ToJson()), MadeBy = who.Subject, ReceivedOn = clock.Today(), InformBy = clock.Today().AddDays(protocol.InformByDays), DeleteBy = clock.Today().AddDays(protocol.DeleteByDays),
            ConfirmBy = record.Consent.Method == ConsentMethod.Verbal ? BelgianTime.AddWorkingDays(clock.Today(), VerbalDays) : null, CreatedAt = now, ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(request.ExpiresAt.ToUnixTimeSeconds()),
        });
        database.Enqueue(SendReferral.Name, key, now, rounds.Next(now));
        await database.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        signal.Wake();
        return Results.LocalRedirect($"{Path}/{key}");
    }

    private sealed record Chosen(string Protocol, string Organisation, string Service);
}
