using System.Text;
using Bereik.Domain;
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
        Description = "Where the organisation allows it, for the purpose of the list only. What leaves is out of reach of erasure.",
        Answers = [new ApiAnswer(200, "CSV, semicolons, UTF-8, with a line of names.", ApiBody.Text("text/csv", "insz;reference_month;inform_by;delete_by\n85661200143;2026-10;2026-12-18;2026-12-18\n"))],
        Errors = [ErrorCatalogue.NotFound],
    };

    public static async Task<IResult> HandleAsync(Guid id, LocalDatabase database, LocalSettings settings, ReceivedRows rows, Actor actor, CancellationToken cancel)
    {
        if (!settings.AllowExport) return ErrorCatalogue.NotPermitted.Problem(cause: "export.off");
        var key = id.ToString("D");
        if (await database.Lists.AsNoTracking().SingleOrDefaultAsync(list => list.Id == key, cancel) is not { } list) return ErrorCatalogue.NotFound.Problem();
        var logged = Logged.By(actor, "list.export");
        var purpose = list.FlowKind == Flow.Match ? Purpose.AutomaticGrant : Purpose.Outreach;
        var decision = await rows.DecideAsync(list, UseAct.Export, purpose, logged, cancel);
        if (decision.Outcome != Outcome.Permit) return Refusals.Page(decision);

        // That stands in the register now; the other lists that come by here are not taken out.
        logged = logged with { IsCount = true };
        var text = new StringBuilder();
        if (list.FlowKind == Flow.Match)
        {
            text.Append("insz;reference_month;inform_by;delete_by\n");
            foreach (var row in await (await rows.GrantsAsync(UseAct.Export, logged, cancel)).Where(row => row.ListId == key).OrderBy(row => row.Id).ToListAsync(cancel))
            {
                Line(text, row.Insz, row.ReferenceMonth.ToString(), Day(row.InformBy), Day(row.DeleteBy));
            }
        }
        else
        {
            text.Append("names;street;house_number;box;postcode;place;reference_month;inform_by;delete_by\n");
            var opened = await rows.RowsAsync(await rows.OpenHouseholdsAsync(UseAct.Export, byStreet: false, logged, cancel), cancel);
            foreach (var (row, known) in opened.Where(one => one.Row.ListId == key).OrderBy(one => one.Row.Id, StringComparer.Ordinal))
            {
                var record = known.Kept.Record;
                Line(text, string.Join(" | ", known.Names), record.Street, record.HouseNumber, record.Box ?? "", record.Postcode, record.Place, record.ReferenceMonth, Day(row.InformBy), Day(row.DeleteBy));
            }
        }

        return Results.Bytes(Encoding.UTF8.GetBytes(text.ToString()), "text/csv; charset=utf-8", $"{settings.Organisation}-{list.Flow}.csv");
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, params string[] cells) => text.AppendJoin(';', cells.Select(Cell)).Append('\n');

    // SECURITY: a cell that a spreadsheet would run as a formula gets an apostrophe before it.
    private static string Cell(string cell)
    {
        var safe = cell.Length > 0 && "=+-@".Contains(cell[0], StringComparison.Ordinal) ? $"'{cell}" : cell;
        return safe.AsSpan().ContainsAny(";\"\n\r") ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }
}
