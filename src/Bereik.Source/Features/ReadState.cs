using System.Globalization;
using Bereik.Node.Api;
using Bereik.Node.Work;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Source.Features;

// What pages and JSON show of register and requests.
internal static class ReadState
{
    public static readonly ApiOperation RegisterApi = new("getRegister", "What the register holds, and the last times it was read")
    {
        Answers =
        [
            ApiAnswer.Json(200, "Counts, and at most twenty readings; never a person.", new RegisterState(
                2840, 1702, 2000, [new ImportSummary(ApiExamples.At, "done", 2840, 0, 0, 0, 1, [new ImportProblem("bron.csv", 17, "maand", "csv.month")])])),
        ],
    };

    public static readonly ApiOperation RequestsApi = new("listRequests", "The orders that came to this source")
    {
        Answers =
        [
            ApiAnswer.Json(200, "A page of requests, newest first.", new Page<RequestSummary>(
                [new RequestSummary(ApiExamples.Id.ToString("D"), "ocmw-voorbeeld", "unknown", "2026-10", "groeipakket-onbekend", "ready", false, 370, [new ReasonCount("exclusion.safeAddress", 8)], [], null)], "17")),
        ],
        Parameters = new Dictionary<string, string> { ["after"] = "Cursor: the `next` of the page before; absent for the newest." },
    };

    // GET /v1/requests.
    public static async Task<IResult> TellRequestsAsync(SourceDatabase database, WorkProgress progress, CancellationToken cancel, long? after = null, int? limit = null)
    {
        if (Paging.Read(limit, out var size) is { } refused) return refused;
        var page = await database.Requests.AsNoTracking().Where(request => after == null || request.Sequence < after).OrderByDescending(request => request.Sequence).Take(size + 1)
            .Select(request => new { request.Id, request.Sequence }).ToListAsync(cancel);
        var ids = page.Select(request => request.Id).ToList();
        var told = (await RequestsAsync(database, progress, cancel)).Where(request => ids.Contains(request.Id)).ToDictionary(request => request.Id);
        return Results.Json(Paging.Of(page, size, request => told[request.Id], request => request.Sequence.ToString(CultureInfo.InvariantCulture)));
    }

    public static async Task<RegisterState> RegisterAsync(SourceDatabase database, CancellationToken cancel)
    {
        var runs = await database.ImportRuns.AsNoTracking().OrderByDescending(run => run.Id).Take(20).ToListAsync(cancel);
        var ids = runs.Select(run => run.Id).ToList();
        var errors = await database.ImportErrors.AsNoTracking().Where(error => ids.Contains(error.Run)).OrderBy(error => error.Id).ToListAsync(cancel);
        return new RegisterState(
            await CountAsync(database, "SELECT count(DISTINCT number) AS Value FROM person", cancel),
            await CountAsync(database, "SELECT count(DISTINCT child) AS Value FROM benefit", cancel),
            // A family is counted by the lowest of the beneficiaries that each child has.
            await CountAsync(database, "SELECT count(DISTINCT first) AS Value FROM (SELECT min(beneficiary) AS first FROM benefit GROUP BY child)", cancel),
            [.. runs.Select(run => new ImportSummary(
                run.At, run.State.ToString().ToLowerInvariant(), run.Added, run.Changed, run.Unchanged, run.Removed, run.InError,
                [.. errors.Where(error => error.Run == run.Id).Select(error => new ImportProblem(error.File, error.Line, error.ColumnAt, error.Code))]))]);
    }

    public static async Task<IReadOnlyList<RequestSummary>> RequestsAsync(SourceDatabase database, WorkProgress progress, CancellationToken cancel)
    {
        var requests = await database.Requests.AsNoTracking().OrderByDescending(request => request.Sequence).ToListAsync(cancel);
        var counts = (await database.RequestCounts.AsNoTracking().ToListAsync(cancel)).ToLookup(count => count.Request);
        var busy = await database.Work.AsNoTracking().Where(item => item.State == WorkState.Waiting).ToListAsync(cancel);
        return [.. requests.Select(request =>
        {
            var step = busy.FirstOrDefault(item => item.Subject == request.Id || item.Subject.StartsWith(request.Id + "@", StringComparison.Ordinal));
            IReadOnlyList<ReasonCount> Of(string kind) => [.. counts[request.Id].Where(count => count.Kind == kind).Select(count => new ReasonCount(count.Reason, count.Count))];
            return new RequestSummary(
                request.Id, request.Recipient, request.Flow, request.ReferenceMonth, request.Protocol, request.State.ToString().ToLowerInvariant(), request.Held, request.Selected,
                Of("withheld"), Of("reported"), step is null ? null : new RequestProgress(progress.Of(step).Done, progress.Of(step).Total, step.Kind)) { Stopped = request.IsStopped };
        })];
    }

    private static async Task<long> CountAsync(SourceDatabase database, string sql, CancellationToken cancel) =>
        (await database.Database.SqlQueryRaw<long>(sql).ToListAsync(cancel)).Single();
}

/// <summary>What the register holds, and the last times it was read.</summary>
/// <param name="Persons">How many persons.</param>
/// <param name="Children">How many children with a benefit.</param>
/// <param name="Families">How many families with a benefit.</param>
/// <param name="Imports">The last twenty readings, newest first.</param>
public sealed record RegisterState(long Persons, long Children, long Families, IReadOnlyList<ImportSummary> Imports);

/// <summary>One reading of the register, with its counts.</summary>
/// <param name="At">When it was asked for, UTC.</param>
/// <param name="State">How far it is, such as <c>done</c>.</param>
/// <param name="New">Persons that were not there before.</param>
/// <param name="Changed">Persons of whom something changed.</param>
/// <param name="Unchanged">Persons that stayed as they were.</param>
/// <param name="Removed">Persons that are not there any more.</param>
/// <param name="InError">What could not be read.</param>
/// <param name="Errors">Each of these, and where.</param>
public sealed record ImportSummary(DateTimeOffset At, string State, int New, int Changed, int Unchanged, int Removed, int InError, IReadOnlyList<ImportProblem> Errors);

/// <summary>What could not be read, and where.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">Its line.</param>
/// <param name="Column">The column or element.</param>
/// <param name="Code">Stable code; never what was read.</param>
public sealed record ImportProblem(string File, int Line, string Column, string Code)
{
    /// <summary>Never the file's name, which may be a national number.</summary>
    public override string ToString() => "[fout]";
}

/// <summary>One order as the steward sees it; never more than handed over.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Recipient">The organisation that asks.</param>
/// <param name="Flow"><c>match</c> or <c>unknown</c>.</param>
/// <param name="ReferenceMonth">The month that it is about, <c>yyyy-MM</c>.</param>
/// <param name="Protocol">Id of the protocol.</param>
/// <param name="State"><c>new</c>, <c>ready</c>, <c>approved</c>, <c>refused</c>, <c>deposited</c>, <c>failed</c> or <c>expired</c>.</param>
/// <param name="Held">Whether the steward must sign for what the recipient brings.</param>
/// <param name="Selected">How many households would leave; absent while it is counted.</param>
/// <param name="Withheld">How many were held back, by reason.</param>
/// <param name="Reported">How many were only reported, by reason.</param>
/// <param name="Progress">The step under way; absent for none.</param>
public sealed record RequestSummary(
    string Id, string Recipient, string Flow, string ReferenceMonth, string Protocol, string State, bool Held, int? Selected,
    IReadOnlyList<ReasonCount> Withheld, IReadOnlyList<ReasonCount> Reported, RequestProgress? Progress)
{
    /// <summary>Whether it was stopped on its way, because protocol or accession no longer ran.</summary>
    public bool Stopped { get; init; }
}

/// <summary>How many were held back for a reason.</summary>
/// <param name="Reason">Stable code.</param>
/// <param name="Count">How many.</param>
public sealed record ReasonCount(string Reason, int Count);

/// <summary>How far the step under way is.</summary>
/// <param name="Done">What is done.</param>
/// <param name="Total">What there is; 0 when it is not known.</param>
/// <param name="Step">The step.</param>
public sealed record RequestProgress(long Done, long Total, string Step);
