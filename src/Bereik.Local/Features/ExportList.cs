using System.Text;
using Bereik.Domain;
using Bereik.Local.Files;
using Bereik.Local.Storage;
using Bereik.Node.Api;
using Bereik.Node.Errors;
using Bereik.Node.Requests;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Features;

// GET /v1/lists/{id}/export: the rows of one list for its own purpose, where the setting allows it. What leaves is out of reach of erasure.
internal static class ExportList
{
    public static readonly ApiOperation Api = new("exportList", "Take the rows of a list out as a file")
    {
        Description = "Where the organisation allows it, for the purpose of the list only; for another it is refused, and the refusal names the clause. Each line says for which purpose it was received, under which protocol and by which clause. What leaves is out of reach of erasure.",
        Answers = [new ApiAnswer(200, "CSV, semicolons, UTF-8, with a line of names.", ApiBody.Text("text/csv", "insz;reference_month;inform_by;delete_by;purpose;protocol;clause\n85661200143;2026-10;2026-12-18;2026-12-18;automaticGrant;groeipakket-match 0.3;doel\n"))],
        Errors = [ErrorCatalogue.NotFound],
        Parameters = new Dictionary<string, string> { ["purpose"] = "For what: `automaticGrant`, `outreach`, `requestedHelp` or `entitlement`; the list's own when absent." },
    };

    public static async Task<IResult> HandleAsync(Guid id, string? purpose, LocalDatabase database, LocalSettings settings, ReceivedRows rows, Actor actor, CancellationToken cancel)
    {
        var asked = Enum.GetValues<Purpose>().Cast<Purpose?>().FirstOrDefault(one => one!.Value.WireName() == purpose);
        if (purpose is not null && asked is null) return ErrorCatalogue.BadRequest.Problem(nameof(purpose));
        if (!settings.AllowExport) return ErrorCatalogue.NotPermitted.Problem(cause: "export.off");
        var key = id.ToString("D");
        if (await database.Lists.AsNoTracking().SingleOrDefaultAsync(list => list.Id == key, cancel) is not { } list) return ErrorCatalogue.NotFound.Problem();
        var logged = Logged.By(actor, "list.export");
        var decision = await rows.DecideAsync(list, UseAct.Export, asked ?? list.FlowKind.Purpose(), logged, cancel);
        if (decision.Outcome != Outcome.Permit) return Refusals.Page(decision);

        // That stands in the register now; the other lists that come by here are not taken out.
        logged = logged with { IsCount = true };
        var text = new StringBuilder();
        if (list.FlowKind == Flow.Match)
        {
            Line(text, ["insz", "reference_month", "inform_by", "delete_by", .. ListOrigin.Columns]);
            foreach (var row in await (await rows.GrantsAsync(UseAct.Export, logged, cancel)).Where(row => row.ListId == key).OrderBy(row => row.Id).ToListAsync(cancel))
            {
                Line(text, [row.Insz, row.ReferenceMonth.ToString(), Day(row.InformBy), Day(row.DeleteBy), .. ListOrigin.Cells(row)]);
            }
        }
        else
        {
            Line(text, ["names", "street", "house_number", "box", "postcode", "place", "reference_month", "inform_by", "delete_by", .. ListOrigin.Columns]);
            var opened = await rows.RowsAsync(await rows.OpenHouseholdsAsync(UseAct.Export, byStreet: false, logged, cancel), cancel);
            foreach (var (row, known) in opened.Where(one => one.Row.ListId == key).OrderBy(one => one.Row.Id, StringComparer.Ordinal))
            {
                var record = known.Kept.Record;
                Line(text, [string.Join(" | ", known.Names), record.Street, record.HouseNumber, record.Box ?? "", record.Postcode, record.Place, record.ReferenceMonth, Day(row.InformBy), Day(row.DeleteBy), .. ListOrigin.Cells(row)]);
            }
        }

        return Results.Bytes(Encoding.UTF8.GetBytes(text.ToString()), "text/csv; charset=utf-8", $"{settings.Organisation}-{list.Flow}.csv");
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, IEnumerable<string> cells) => text.AppendJoin(';', cells.Select(Cell)).Append('\n');

    // SECURITY: a cell that a spreadsheet would run as a formula gets an apostrophe before it.
    private static string Cell(string cell)
    {
        var safe = cell.Length > 0 && "=+-@".Contains(cell[0], StringComparison.Ordinal) ? $"'{cell}" : cell;
        return safe.AsSpan().ContainsAny(";\"\n\r") ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }
}
