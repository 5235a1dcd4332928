using Bereik.Local.Pages;
using Bereik.Local.Storage;
using Bereik.Node.Access;
using Bereik.Node.Ui;
using Microsoft.EntityFrameworkCore;
using System.Globalization;

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
    public static async Task<IResult> TellAsync(LocalDatabase database, HttpContext context, CancellationToken cancel)
    {
        var after = long.TryParse(context.Request.Query["after"], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) ? sequence : 0;
        var events = await database.AttestationEvents.AsNoTracking().Where(one => one.Sequence > after).OrderBy(one => one.Sequence).Take(1000).ToListAsync(cancel);
        var ids = events.Select(one => one.AttestationId).Distinct().ToList();
        var attestations = await database.Attestations.AsNoTracking().Where(one => ids.Contains(one.Id)).ToDictionaryAsync(one => one.Id, cancel);
        return Results.Json(events.Select(one => new
        {
            one.Sequence, one.At, one.Act, one.Subject, one.Name, by = one.DoneBy, byName = one.DoneByName, one.Because,
            attestation = one.AttestationId is { } id && attestations.TryGetValue(id, out var found)
                ? new { found.Id, function = AttestWorkers.Word(found.Function), found.Team, secrecy = AttestWorkers.Word(found.Secrecy), found.BoundSince, found.BoundUntil, found.Proof }
                : null,
        }));
    }
}
