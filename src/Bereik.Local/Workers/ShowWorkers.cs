using System.Globalization;
using Bereik.Local.Pages;
using Bereik.Local.Storage;
using Bereik.Node.Access;
using Bereik.Node.Api;
using Bereik.Node.Ui;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Workers;

// /attesten: everybody who signed in, how each stands, and all that happened; the history also as JSON.
internal static class ShowWorkers
{
    public static async Task<IResult> ListAsync(AttestWorkers workers, Colleagues colleagues, LocalDatabase database, HttpContext context, CancellationToken cancel)
    {
        var rows = new List<WorkerRow>();
        foreach (var colleague in await colleagues.AllAsync(cancel)) rows.Add(await workers.RowAsync(colleague, cancel));
        var total = await database.AttestationEvents.CountAsync(cancel);
        var page = Math.Clamp(int.TryParse(context.Request.Query["pagina"], out var asked) ? asked : 1, 1, Math.Max(1, (total + Pagination.PageSize - 1) / Pagination.PageSize));
        var events = await database.AttestationEvents.AsNoTracking().OrderByDescending(one => one.Sequence).Skip((page - 1) * Pagination.PageSize).Take(Pagination.PageSize).ToListAsync(cancel);
        return UiSetup.Page<WorkersPage>(new { Workers = (IReadOnlyList<WorkerRow>)rows, Events = (IReadOnlyList<WorkerEventView>)[.. events.Select(View)], Page = page, Total = total });
    }

    public static WorkerEventView View(AttestationEvent one) => new(one.At, one.Act, one.Name, one.DoneByName, one.Because);

    // GET /v1/attestations?after=n: the history in its order, at most a thousand lines.
    public static readonly ApiOperation Api = new("listAttestations", "The history of attestations, oldest first")
    {
        Description = "Every step, with what was attested. For the data protection officer and whoever attests.",
        Answers =
        [
            ApiAnswer.Json(200, "A page of steps.", new Page<AttestationStep>(
                [new AttestationStep(7, ApiExamples.At, "confirmed", "a1b2", "Noor Janssens", "c3d4", "Dirk Claes", null, new AttestedAs(ApiExamples.Id, "socialWorker", "Sociale dienst", "professionalSecrecy", new DateOnly(2020, 1, 1), null, "Personeelsdossier"))], "7")),
        ],
    };

    public static async Task<IResult> TellAsync(LocalDatabase database, CancellationToken cancel, long after = 0, int? limit = null)
    {
        if (Paging.Read(limit, out var size) is { } refused) return refused;
        var events = await database.AttestationEvents.AsNoTracking().Where(one => one.Sequence > after).OrderBy(one => one.Sequence).Take(size + 1).ToListAsync(cancel);
        var ids = events.Select(one => one.AttestationId).Distinct().ToList();
        var attestations = await database.Attestations.AsNoTracking().Where(one => ids.Contains(one.Id)).ToDictionaryAsync(one => one.Id, cancel);
        return Results.Json(Paging.Of(
            events, size,
            one => new AttestationStep(one.Sequence, one.At, one.Act, one.Subject, one.Name, one.DoneBy, one.DoneByName, one.Because, one.AttestationId is { } id && attestations.TryGetValue(id, out var found)
                ? new AttestedAs(Guid.Parse(found.Id), AttestWorkers.Word(found.Function), found.Team, AttestWorkers.Word(found.Secrecy), found.BoundSince, found.BoundUntil, found.Proof) : null),
            one => one.Sequence.ToString(CultureInfo.InvariantCulture)));
    }
}

/// <summary>A step of the register of attestations.</summary>
/// <param name="Sequence">Its number.</param>
/// <param name="At">When.</param>
/// <param name="Act"><c>proposed</c>, <c>confirmed</c>, <c>withdrawn</c>, <c>suspended</c> or <c>codeMade</c>.</param>
/// <param name="Subject">About whom: the id at the login.</param>
/// <param name="Name">Name.</param>
/// <param name="By">By whom: the id at the login.</param>
/// <param name="ByName">Name.</param>
/// <param name="Because">Why, where that is said.</param>
/// <param name="Attestation">What was attested.</param>
internal sealed record AttestationStep(long Sequence, DateTimeOffset At, string Act, string Subject, string Name, string By, string ByName, string? Because, AttestedAs? Attestation)
{
    public override string ToString() => Act;
}

/// <summary>What was attested.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Function">Function.</param>
/// <param name="Team">Team.</param>
/// <param name="Secrecy">Kind of secrecy.</param>
/// <param name="BoundSince">Since.</param>
/// <param name="BoundUntil">Until.</param>
/// <param name="Proof">Where the proof lies.</param>
internal sealed record AttestedAs(Guid Id, string Function, string Team, string Secrecy, DateOnly BoundSince, DateOnly? BoundUntil, string Proof);
