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
public sealed record RegisterState(long Persons, long Children, long Families, IReadOnlyList<ImportSummary> Imports);

/// <summary>One reading of the register, with its counts.</summary>
public sealed record ImportSummary(DateTimeOffset At, string State, int New, int Changed, int Unchanged, int Removed, int InError, IReadOnlyList<ImportProblem> Errors);

/// <summary>What could not be read, and where.</summary>
public sealed record ImportProblem(string File, int Line, string Column, string Code)
{
    /// <summary>Never the file's name, which may be a national number.</summary>
    public override string ToString() => "[fout]";
}

/// <summary>One order as the steward sees it; never more than handed over.</summary>
public sealed record RequestSummary(
    string Id, string Recipient, string Flow, string ReferenceMonth, string Protocol, string State, bool Held, int? Selected,
    IReadOnlyList<ReasonCount> Withheld, IReadOnlyList<ReasonCount> Reported, RequestProgress? Progress)
{
    /// <summary>Whether it was stopped on its way, because protocol or accession no longer ran.</summary>
    public bool Stopped { get; init; }
}

/// <summary>How many were held back for a reason.</summary>
public sealed record ReasonCount(string Reason, int Count);

/// <summary>How far the step under way is.</summary>
public sealed record RequestProgress(long Done, long Total, string Step);
