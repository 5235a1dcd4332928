using System.Text;
using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Local.Pages;
using Bereik.Local.Storage;
using Bereik.Node.Errors;
using Bereik.Node.Ui;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Households;

// /wissen: what is erased on which day, what would be erased now, what was erased and too late, with the certificates. Counts alone: who it was, nobody reads here.
internal static class ShowErasures
{
    public const string Path = "/wissen";
    private const int Days = 60;
    private const int MostLate = 50;

    public static async Task<IResult> ShowAsync(HttpContext context, LocalDatabase database, TimeProvider clock, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var today = BelgianTime.DayOf(now);
        var months = await database.Lists.AsNoTracking().ToDictionaryAsync(list => list.Id, list => list.ReferenceMonth.ToString(), cancel);
        ErasedWhat What(ErasedKind kind, string? list) => new(kind, list is null ? null : Guid.Parse(list), list is null ? "" : months[list]);

        // The dry run asks what the real one asks; what that leaves for later comes on its own day.
        var due = await CountAsync(DueErasures.Households(database, today), DueErasures.Grants(database, today), DueErasures.Referrals(database, now), cancel);
        var all = await CountAsync(database.Households.AsNoTracking(), database.GrantRows.AsNoTracking(), DueErasures.Kept(database), cancel);
        var coming = all.Where(one => one.Last >= today && one.Last < today.AddDays(Days)).OrderBy(one => one.Last).ThenBy(one => one.Kind).ThenBy(one => one.List, StringComparer.Ordinal);
        var waiting = due.Select(one => (One: one, Late: ErasureCertificate.DaysLate(one.Last, today))).Where(one => one.Late > 0);
        var late = await database.ErasureAttests.AsNoTracking().Where(attest => attest.DaysLate > 0).OrderByDescending(attest => attest.ErasedAt).Take(MostLate).ToListAsync(cancel);
        var total = await database.ErasureAttests.CountAsync(cancel);
        var page = Math.Clamp(int.TryParse(context.Request.Query["pagina"], out var asked) ? asked : 1, 1, Math.Max(1, (total + Pagination.PageSize - 1) / Pagination.PageSize));
        var erased = await database.ErasureAttests.AsNoTracking().OrderByDescending(attest => attest.ErasedAt).ThenBy(attest => attest.Id).Skip((page - 1) * Pagination.PageSize).Take(Pagination.PageSize).ToListAsync(cancel);
        ErasedView View(ErasureAttest attest) => new(Guid.Parse(attest.Id), What(attest.Kind, attest.ListId), attest.Cause, attest.Things, attest.Due, attest.ErasedAt, attest.DaysLate);
        return UiSetup.Page<ErasuresPage>(new
        {
            Model = new ErasuresView(
                [.. waiting.Select(one => new ErasedView(null, What(one.One.Kind, one.One.List), ErasureCause.Deadline, one.One.Count, one.One.Last, null, one.Late)), .. late.Select(View)],
                [.. due.GroupBy(one => (one.Kind, one.List)).Select(one => new PlannedView(today, What(one.Key.Kind, one.Key.List), one.Sum(part => part.Count)))],
                [.. coming.Select(one => new PlannedView(one.Last.AddDays(1), What(one.Kind, one.List), one.Count))],
                [.. erased.Select(View)], page, total)
            {
                Unsaid = [.. (await UnsaidAsync(database, cancel)).Select(one => new UnsaidView(What(ErasedKind.Household, one.Wave), one.Count, one.By, one.By < today))],
            },
        });
    }

    // GET /wissen/{id}/attest: the signed statement itself, to be kept and verified elsewhere.
    public static async Task<IResult> AttestAsync(Guid id, LocalDatabase database, HttpContext context, CancellationToken cancel)
    {
        var key = id.ToString("D");
        if (await database.ErasureAttests.AsNoTracking().Where(attest => attest.Id == key).Select(attest => attest.Document).SingleOrDefaultAsync(cancel) is not { } document) return ErrorCatalogue.NotFound.Problem();
        context.Response.Headers.CacheControl = "no-store";
        return Results.Bytes(Encoding.ASCII.GetBytes(document), "application/jose", $"wissingsattest-{key}.jws");
    }

    // Of yeses to letters: erased here, and the hub did not take the certificate yet.
    private static async Task<List<Unsaid>> UnsaidAsync(LocalDatabase database, CancellationToken cancel)
    {
        var erase = ConsentAct.Erase.WireName();
        return [.. (await database.AnswerSteps.AsNoTracking().Where(step => step.Act == erase && step.SentAt == null).Join(database.Answers, step => step.AnswerId, answer => answer.Id, (_, answer) => new { answer.Wave, answer.EraseBy }).ToListAsync(cancel))
            .GroupBy(one => one).Select(group => new Unsaid(group.Key.Wave!, group.Key.EraseBy, group.Count())).OrderBy(one => one.By)];
    }

    private static async Task<List<Counted>> CountAsync(IQueryable<Household> households, IQueryable<GrantRow> grants, IQueryable<Referral> referrals, CancellationToken cancel)
    {
        var days = (await households.GroupBy(row => new { row.ListId, row.InformBy, IsInformed = row.InformedOn != null, row.DeleteBy }).Select(rows => new { rows.Key, Count = rows.Count() }).ToListAsync(cancel))
            .Select(one => new Counted(ErasedKind.Household, one.Key.ListId, one.Key.IsInformed ? one.Key.DeleteBy : DueErasures.LastDay(one.Key.InformBy, one.Key.DeleteBy), one.Count));
        var residents = (await grants.GroupBy(row => new { row.ListId, row.InformBy, row.DeleteBy }).Select(rows => new { rows.Key, Count = rows.Count() }).ToListAsync(cancel))
            .Select(one => new Counted(ErasedKind.Grant, one.Key.ListId, DueErasures.LastDay(one.Key.InformBy, one.Key.DeleteBy), one.Count));
        var others = (await referrals.ToListAsync(cancel)).GroupBy(DueErasures.LastDay).Select(one => new Counted(ErasedKind.Referral, null, one.Key, one.Count()));
        return [.. days, .. residents, .. others];
    }

    private sealed record Unsaid(string Wave, DateOnly? By, int Count);

    private sealed record Counted(ErasedKind Kind, string? List, DateOnly Last, int Count);
}
