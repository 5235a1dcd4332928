using System.Text.Json;
using Bereik.Domain;
using Bereik.Local.Accessions;
using Bereik.Local.Orders;
using Bereik.Local.Pages;
using Bereik.Local.Storage;
using Bereik.Node.Access;
using Bereik.Node.Errors;
using Bereik.Node.Logging;
using Bereik.Node.Requests;
using Bereik.Node.Ui;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Workers;

// /attesten/{key}: one colleague. Proposing, confirming by a second person, suspending, and the code for a key, which is shown to the one who hands it over and never again.
internal sealed class AttestWorkers(AttestationRegister register, Attestations attestations, LocalDatabase database, Colleagues colleagues, OwnProtocols protocols, OwnAccessions accessions, Texts texts, TimeProvider clock)
{
    // What an attestation lasts where the protocol does not say.
    private const int Months = 12;
    private const int LongestWords = 280;
    private static readonly string[] Fields = ["functie", "team", "anderteam", "geheim", "sinds", "tot", "bewijs"];

    public static Task<IResult> ShowAsync(string key, AttestWorkers workers, Actor actor, CancellationToken cancel) =>
        workers.WithAsync(key, actor, (colleague, by) => workers.PageAsync(colleague, by, workers.FirstValues, [], cancel), cancel);

    public static Task<IResult> ProposeAsync(string key, AttestWorkers workers, Actor actor, HttpContext context, CancellationToken cancel) =>
        workers.WithAsync(key, actor, async (colleague, by) => await workers.ProposeAsync(colleague, by, await context.Request.ReadFormAsync(cancel), cancel), cancel);

    public static Task<IResult> AskConfirmAsync(string key, AttestWorkers workers, Actor actor, CancellationToken cancel) =>
        workers.WithAsync(key, actor, (colleague, by) => workers.AskConfirmAsync(colleague, by, cancel), cancel);

    public static Task<IResult> ConfirmAsync(string key, AttestWorkers workers, Actor actor, HttpContext context, CancellationToken cancel) =>
        workers.WithAsync(key, actor, async (colleague, by) => await workers.ConfirmAsync(colleague, by, (await context.Request.ReadFormAsync(cancel))["attest"].ToString(), cancel), cancel);

    public static Task<IResult> AskCodeAsync(string key, AttestWorkers workers, Actor actor, CancellationToken cancel) =>
        workers.WithAsync(key, actor, (colleague, by) => workers.AskCodeAsync(colleague, by, cancel), cancel);

    public static Task<IResult> MakeCodeAsync(string key, AttestWorkers workers, Actor actor, HttpContext context, CancellationToken cancel) =>
        workers.WithAsync(key, actor, async (colleague, by) => await workers.MakeCodeAsync(colleague, by, (await context.Request.ReadFormAsync(cancel))["kwijt"] == "ja", cancel), cancel);

    public static Task<IResult> SuspendAsync(string key, AttestWorkers workers, Actor actor, HttpContext context, CancellationToken cancel) =>
        workers.WithAsync(key, actor, async (colleague, by) => await workers.SuspendAsync(colleague, by, await context.Request.ReadFormAsync(cancel), cancel), cancel);

    public static string Word(Enum word) => JsonNamingPolicy.CamelCase.ConvertName(word.ToString());

    // How a colleague stands, by the attestation that decides.
    public async Task<WorkerRow> RowAsync(KnownColleague colleague, CancellationToken cancel)
    {
        var (person, today) = (colleague.Person, clock.Today());
        var present = await attestations.FindAsync(person.Subject, cancel);
        var open = await register.FindOpenAsync(person.Subject, cancel);
        var isProposed = open is not null && open.ProposedAt + AttestationRegister.LongestProposal >= clock.GetUtcNow();
        var months = await protocols.AttestationMonthsAsync(cancel) ?? Months;
        var until = present is { EndedAt: null, ConfirmedAt: { } at } ? BelgianTime.DayOf(at).AddMonths(months) : (DateOnly?)null;
        var state = present switch
        {
            null => WorkerState.NotAttested,
            { EndedAt: not null } => WorkerState.Suspended,
            _ when until < today => WorkerState.Expired,
            _ when !Attestations.IsBound(present, today) => WorkerState.NotBound,
            _ => WorkerState.Attested,
        };
        return new WorkerRow(colleague.Key, person.Name, string.Join(", ", person.Roles.Select(role => texts["Role." + role])), state, until, isProposed);
    }

    private async Task<IResult> WithAsync(string key, Actor actor, Func<KnownColleague, Person, Task<IResult>> handle, CancellationToken cancel) =>
        await colleagues.FindAsync(key, cancel) is { } colleague ? await handle(colleague, ((Actor.Person)actor).Who) : ErrorCatalogue.NotFound.Problem();

    private async Task<IResult> ProposeAsync(KnownColleague colleague, Person by, IFormCollection form, CancellationToken cancel)
    {
        if (AttestationRegister.FindObjection(by, colleague.Person.Subject) is { } objection) return ErrorCatalogue.NotPermitted.Problem(cause: objection);
        var values = Fields.ToDictionary(field => field, field => AccessionForm.Clean(form[field].ToString()).Replace('\n', ' '));
        var errors = new List<FieldError>();
        if (Read(values, colleague.Person, by, errors) is not { } proposal) return await PageAsync(colleague, by, values, errors, cancel);
        return await register.ProposeAsync(proposal, by, cancel) is { } refused ? ErrorCatalogue.NotPermitted.Problem(cause: refused) : Back(colleague);
    }

    private async Task<IResult> AskConfirmAsync(KnownColleague colleague, Person by, CancellationToken cancel)
    {
        if (await register.FindOpenAsync(colleague.Person.Subject, cancel) is not { } open) return ErrorCatalogue.StateConflict.Problem(cause: "attestation.notOpen");
        if (register.FindObjection(by, open) is { } objection) return ErrorCatalogue.NotPermitted.Problem(cause: objection);
        return UiSetup.Page<WorkerConfirmPage>(new { colleague.Key, colleague.Person.Name, Proposal = View(open) });
    }

    private async Task<IResult> ConfirmAsync(KnownColleague colleague, Person by, string id, CancellationToken cancel)
    {
        // What is confirmed is the proposal that was read, and it is of this colleague.
        if (await register.FindOpenAsync(colleague.Person.Subject, cancel) is not { } open || open.Id != id) return ErrorCatalogue.StateConflict.Problem(cause: "attestation.notOpen");
        var (code, objection) = await register.ConfirmAsync(id, by, cancel);
        if (objection is not null) return ErrorCatalogue.NotPermitted.Problem(cause: objection);
        return code is null ? Back(colleague) : UiSetup.Page<WorkerCodePage>(new { colleague.Key, colleague.Person.Name, Code = code });
    }

    private async Task<IResult> AskCodeAsync(KnownColleague colleague, Person by, CancellationToken cancel) =>
        await register.FindObjectionToCodeAsync(by, colleague.Person, cancel) is { } objection
            ? ErrorCatalogue.NotPermitted.Problem(cause: objection)
            : UiSetup.Page<WorkerAskCodePage>(new { colleague.Key, colleague.Person.Name });

    private async Task<IResult> MakeCodeAsync(KnownColleague colleague, Person by, bool isLost, CancellationToken cancel)
    {
        var (code, objection) = await register.MakeCodeAsync(colleague.Person, by, isLost, cancel);
        return code is null ? ErrorCatalogue.NotPermitted.Problem(cause: objection) : UiSetup.Page<WorkerCodePage>(new { colleague.Key, colleague.Person.Name, Code = code });
    }

    private async Task<IResult> SuspendAsync(KnownColleague colleague, Person by, IFormCollection form, CancellationToken cancel)
    {
        var because = AccessionForm.Clean(form["reden"].ToString()).Replace('\n', ' ');
        if (because.Length is < 3 or > LongestWords || PersonalNumberFilter.Clean(because) != because)
        {
            var values = new Dictionary<string, string>(FirstValues) { ["reden"] = because };
            return await PageAsync(colleague, by, values, [new FieldError("reden", texts["Workers.Suspend.Error"])], cancel);
        }

        return await register.SuspendAsync(colleague.Person.Subject, by, because, cancel) is { } refused ? ErrorCatalogue.StateConflict.Problem(cause: refused) : Back(colleague);
    }

    private static IResult Back(KnownColleague colleague) => Results.LocalRedirect($"/attesten/{colleague.Key}");

    private Dictionary<string, string> FirstValues => new() { ["sinds"] = DayText.Write(clock.Today()) };

    private async Task<IResult> PageAsync(KnownColleague colleague, Person by, Dictionary<string, string> values, List<FieldError> errors, CancellationToken cancel)
    {
        var subject = colleague.Person.Subject;
        var (row, present, open) = (await RowAsync(colleague, cancel), await attestations.FindAsync(subject, cancel), await register.FindOpenAsync(subject, cancel));
        var events = await database.AttestationEvents.AsNoTracking().Where(one => one.Subject == subject).OrderByDescending(one => one.Sequence).Take(50).ToListAsync(cancel);
        return UiSetup.Page<WorkerPage>(
            new
            {
                Model = new WorkerView(row, present is null ? null : View(present), open is null ? null : View(open), [.. events.Select(ShowWorkers.View)], await TeamsAsync(cancel), values, errors)
                {
                    Objection = AttestationRegister.FindObjection(by, subject),
                    ObjectionToConfirm = open is null ? null : register.FindObjection(by, open),
                    MayMakeCode = await register.FindObjectionToCodeAsync(by, colleague.Person, cancel) is null,
                    MaySuspend = present is { EndedAt: null } || open is not null,
                },
            },
            errors.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
    }

    // The services that acceded, and the teams that are in use.
    private async Task<IReadOnlyList<string>> TeamsAsync(CancellationToken cancel)
    {
        var services = (await accessions.AllAsync(cancel)).Select(one => one.Standing?.Act.Accession).OfType<Accession>()
            .SelectMany(accession => accession.Services?.Select(service => service.Team) ?? [accession.Service]);
        var used = await database.Attestations.Select(one => one.Team).Distinct().ToListAsync(cancel);
        return [.. services.Concat(used).Where(team => team.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.CurrentCulture)];
    }

    private Attestation? Read(Dictionary<string, string> values, Person person, Person by, List<FieldError> errors)
    {
        var (function, secrecy) = (AccessionForm.Parse<WorkerFunction>(values["functie"]), AccessionForm.Parse<Secrecy>(values["geheim"]));
        var team = values["anderteam"].Length > 0 ? values["anderteam"] : values["team"];
        var isSince = DayText.TryParse(values["sinds"], out var since);
        DateOnly? until = DayText.TryParse(values["tot"], out var last) ? last : null;
        if (function is null) Wrong("functie");
        if (team.Length is < 2 or > 120) Wrong("team");
        if (secrecy is null) Wrong("geheim");
        if (!isSince) Wrong("sinds");
        if ((values["tot"].Length > 0 && until is null) || until < since) Wrong("tot");
        if (values["bewijs"].Length is < 3 or > LongestWords) Wrong("bewijs");
        foreach (var field in new[] { "anderteam", "bewijs" })
        {
            if (PersonalNumberFilter.Clean(values[field]) != values[field]) errors.Add(new FieldError(field, texts["Workers.NoNumber"]));
        }

        return errors.Count > 0 ? null : new Attestation
        {
            Id = Guid.NewGuid().ToString("D"), Subject = person.Subject, Name = person.Name, Function = function!.Value, Team = team, Secrecy = secrecy!.Value, BoundSince = since, BoundUntil = until,
            Proof = values["bewijs"], ProposedBy = by.Subject, ProposedByName = by.Name, ProposedAt = clock.GetUtcNow(),
        };

        void Wrong(string field) => errors.Add(new FieldError(field, texts[$"Workers.Error.{field}"]));
    }

    private static AttestationView View(Attestation one) => new(
        one.Id, one.Function.ToString(), one.Team, one.Secrecy.ToString(), one.BoundSince, one.BoundUntil, one.Proof, one.ProposedByName, one.ProposedAt, one.ConfirmedByName, one.ConfirmedAt);
}
