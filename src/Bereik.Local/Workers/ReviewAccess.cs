using Bereik.Local.Accessions;
using Bereik.Local.Pages;
using Bereik.Local.Storage;
using Bereik.Node.Errors;
using Bereik.Node.Logging;
using Bereik.Node.Requests;
using Bereik.Node.Ui;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Workers;

// /ruimere-inzage: the data protection officer reads who looked beyond the own team and why, and says of each what came of it.
internal static class ReviewAccess
{
    private const int LongestRemark = 500;

    public static Task<IResult> ShowAsync(LocalDatabase database, HttpContext context, CancellationToken cancel) => PageAsync(database, context, null, cancel);

    public static async Task<IResult> ReviewAsync(Guid id, LocalDatabase database, HttpContext context, Actor actor, Texts texts, TimeProvider clock, CancellationToken cancel)
    {
        var (key, who) = (id.ToString("D"), ((Actor.Person)actor).Who);
        var form = await context.Request.ReadFormAsync(cancel);
        var remark = AccessionForm.Clean(form["opmerking"].ToString()).Replace('\n', ' ');
        if (await database.WiderAccesses.SingleOrDefaultAsync(access => access.Id == key, cancel) is not { } access) return ErrorCatalogue.NotFound.Problem();
        if (access.ReviewedAt is not null) return ErrorCatalogue.StateConflict.Problem(cause: "access.reviewed");
        if (access.Subject == who.Subject) return ErrorCatalogue.NotPermitted.Problem(cause: "access.self");
        if (remark.Length is < 3 or > LongestRemark || PersonalNumberFilter.Clean(remark) != remark) return await PageAsync(database, context, new FieldError(FieldOf(key), texts["Review.NoRemark"]), cancel);
        (access.ReviewedBy, access.ReviewedByName, access.ReviewedAt, access.Remark) = (who.Subject, who.Name, clock.GetUtcNow(), remark);
        await database.SaveChangesAsync(cancel);
        return Results.LocalRedirect("/ruimere-inzage");
    }

    public static string FieldOf(string id) => $"opmerking-{id}";

    // What is still to be read comes first.
    private static async Task<IResult> PageAsync(LocalDatabase database, HttpContext context, FieldError? error, CancellationToken cancel)
    {
        var total = await database.WiderAccesses.CountAsync(cancel);
        var page = Math.Clamp(int.TryParse(context.Request.Query["pagina"], out var asked) ? asked : 1, 1, Math.Max(1, (total + Pagination.PageSize - 1) / Pagination.PageSize));
        var shown = await database.WiderAccesses.AsNoTracking().OrderBy(access => access.ReviewedAt != null).ThenByDescending(access => access.At)
            .Skip((page - 1) * Pagination.PageSize).Take(Pagination.PageSize).ToListAsync(cancel);
        return UiSetup.Page<ReviewAccessPage>(
            new
            {
                Accesses = (IReadOnlyList<WiderAccessView>)[.. shown.Select(access => new WiderAccessView(access.Id, access.Name, access.Team, access.ListTeam, access.Reason, access.At, access.ReviewedByName, access.ReviewedAt, access.Remark))],
                Page = page, Total = total, Errors = (IReadOnlyList<FieldError>)(error is null ? [] : [error]),
            },
            error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }
}
