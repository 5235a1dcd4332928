using Bereik.Domain;
using Bereik.Node.Access;
using Bereik.Node.Api;
using Bereik.Node.Errors;
using Bereik.Node.Registers;
using Bereik.Node.Requests;
using Bereik.Node.Storage;
using Bereik.Node.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Bereik.Node.Decisions;

/// <summary>The register of decisions of a node: a list, a page for each, and a file for the register of processing (art. 30 GDPR).</summary>
public static class DecisionPages
{
    private static readonly ApiOperation Listed = new("listDecisions", "Every decision that this node made")
    {
        Answers =
        [
            ApiAnswer.Json(200, "A page of decisions, oldest first.", new Page<DecisionTold>(
                [new DecisionTold(17, ApiExamples.Id, ApiExamples.At, "order", "order.take", ApiExamples.Id.ToString("D"), "groeipakket-onbekend", "1.0", "refuse", [Reasons.AlreadyDelivered.Code])], "17")),
        ],
    };

    private static readonly ApiOperation Told = new("getDecision", "One decision with all that explains it")
    {
        Answers =
        [
            ApiAnswer.Json(200, "The decision.", new DecisionExplained(
                ApiExamples.Id.ToString("D"), ApiExamples.At, "order", "order.take", ApiExamples.Id.ToString("D"), "ocmw-voorbeeld", "groeipakket-onbekend", "1.0",
                new Sentence { Nl = "Gezinnen die het OCMW nog niet kent", En = "Families that the OCMW does not know yet" }, "refuse",
                [new ReasonExplained(Reasons.AlreadyDelivered.Code, new Sentence { Nl = Reasons.AlreadyDelivered.Text, En = Reasons.AlreadyDelivered.TextEnglish }, Reasons.AlreadyDelivered.Clause, null, [])],
                null, [new FactLine("request.referenceMonth", "2026-10")])),
        ],
        Errors = [ErrorCatalogue.NotFound],
    };

    /// <summary>Maps <c>/beslissingen</c>, <c>/beslissingen/{id}</c>, <c>/beslissingen.csv</c> and the same as JSON under <c>/v1/decisions</c>.</summary>
    /// <param name="routes">The node's routes.</param>
    public static void MapDecisions(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/beslissingen", ShowAsync).ForPeople(Rights.SeeDecisions);
        routes.MapGet("/beslissingen/{id:guid}", ExplainAsync).ForPeople(Rights.SeeDecisions);
        routes.MapGet("/beslissingen.csv", ExportAsync).ForPeople(Rights.SeeDecisions);
        routes.MapGet("/v1/decisions", TellAsync).ForPeople(Rights.SeeDecisions).As(Listed);
        routes.MapGet("/v1/decisions/{id:guid}", TellOneAsync).ForPeople(Rights.SeeDecisions).As(Told);
    }

    private static async Task<IResult> ShowAsync(NodeDatabase database, HttpContext context, CancellationToken cancel)
    {
        var total = await database.Decisions.CountAsync(cancel);
        var pages = Math.Max(1, (total + Pagination.PageSize - 1) / Pagination.PageSize);
        var page = Math.Clamp(int.TryParse(context.Request.Query["pagina"], out var asked) ? asked : 1, 1, pages);
        var shown = await database.Decisions.AsNoTracking().OrderByDescending(one => one.Sequence).Skip((page - 1) * Pagination.PageSize).Take(Pagination.PageSize).ToListAsync(cancel);
        return UiSetup.Page<DecisionsPage>(new { Decisions = (IReadOnlyList<DecisionRecord>)shown, Page = page, Total = total });
    }

    private static async Task<IResult> ExplainAsync(Guid id, NodeDatabase database, ProtocolRegister register, CancellationToken cancel) =>
        await FindAsync(id, database, cancel) is { } record ? UiSetup.Page<DecisionPage>(new { Model = Explain(record, await register.ViewAsync(cancel)) }) : ErrorCatalogue.NotFound.Problem();

    private static async Task<IResult> TellAsync(NodeDatabase database, CancellationToken cancel, long after = 0, int? limit = null)
    {
        if (Paging.Read(limit, out var size) is { } refused) return refused;
        var found = await database.Decisions.AsNoTracking().Where(one => one.Sequence > after).OrderBy(one => one.Sequence).Take(size + 1).ToListAsync(cancel);
        return Results.Json(Paging.Of(
            found, size, one => new DecisionTold(one.Sequence, Guid.Parse(one.Id), one.At, one.Point, one.Act, one.Subject, one.Protocol, one.ProtocolVersion, one.Outcome, Codes(one)) { Households = one.Households },
            one => one.Sequence.ToString(CultureInfo.InvariantCulture)));
    }

    private static async Task<IResult> TellOneAsync(Guid id, NodeDatabase database, ProtocolRegister register, CancellationToken cancel) =>
        await FindAsync(id, database, cancel) is { } record ? Results.Json(Explain(record, await register.ViewAsync(cancel))) : ErrorCatalogue.NotFound.Problem();

    private static async Task<IResult> ExportAsync(NodeDatabase database, CancellationToken cancel)
    {
        var text = new StringBuilder("id;at;point;act;subject;who;protocol;version;outcome;reasons;clauses;households\n");
        await foreach (var one in database.Decisions.AsNoTracking().OrderBy(one => one.Sequence).AsAsyncEnumerable().WithCancellation(cancel))
        {
            var clauses = Codes(one).Select(code => Reasons.All.GetValueOrDefault(code)?.Clause).OfType<string>().Distinct();
            text.AppendJoin(';', new[]
            {
                one.Id, one.At.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), one.Point, one.Act, one.Subject, one.Who, one.Protocol, one.ProtocolVersion, one.Outcome, one.Reasons,
                string.Join(' ', clauses), one.Households?.ToString(CultureInfo.InvariantCulture) ?? "",
            }.Select(Cell)).Append('\n');
        }

        return Results.Bytes(Encoding.UTF8.GetBytes(text.ToString()), "text/csv; charset=utf-8", "beslissingen.csv");
    }

    private static Task<DecisionRecord?> FindAsync(Guid id, NodeDatabase database, CancellationToken cancel)
    {
        var key = id.ToString("D");
        return database.Decisions.AsNoTracking().SingleOrDefaultAsync(one => one.Id == key, cancel);
    }

    // The clause as it stood in the very text that decided; where the node has another text now, the reason stands without it.
    internal static DecisionExplained Explain(DecisionRecord record, RegisterView register)
    {
        var protocol = register.Text(record.ProtocolHash);
        return new DecisionExplained(
            record.Id, record.At, record.Point, record.Act, record.Subject, record.Who, record.Protocol, record.ProtocolVersion, protocol?.Title, record.Outcome,
            [.. Codes(record).Select(code => ReasonOf(code, protocol))], record.Households, Facts(record.Facts));
    }

    private static ReasonExplained ReasonOf(string code, Protocol? protocol)
    {
        var reason = Reasons.All.GetValueOrDefault(code);
        var clause = reason?.Clause is { } id ? protocol?.Clause(id) : null;
        var ground = clause as Clause.Ground;
        return new ReasonExplained(
            code, reason is null ? null : new Sentence { Nl = reason.Text, En = reason.TextEnglish }, reason?.Clause, clause is null ? null : new Sentence { Nl = clause.Nl, En = clause.En },
            [.. (ground?.References ?? []).Select(reference => $"{reference.Act} ({JsonNamingPolicy.CamelCase.ConvertName(reference.State.ToString())})")]);
    }

    // Request and facts as lines, each with the path of its name.
    private static List<FactLine> Facts(string json)
    {
        using var document = JsonDocument.Parse(json);
        var lines = new List<FactLine>();
        Add(document.RootElement, "");
        return lines;

        void Add(JsonElement element, string path)
        {
            if (element.ValueKind == JsonValueKind.Object)
            {
                foreach (var member in element.EnumerateObject()) Add(member.Value, path.Length == 0 ? member.Name : $"{path}.{member.Name}");
            }
            else lines.Add(new FactLine(path, element.ValueKind == JsonValueKind.Array ? string.Join(", ", element.EnumerateArray().Select(item => item.ToString())) : element.ValueKind switch { JsonValueKind.Null => "–", JsonValueKind.True => "true", JsonValueKind.False => "false", _ => element.ToString() }));
        }
    }

    private static string[] Codes(DecisionRecord record) => record.Reasons.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    // SECURITY: a cell that a spreadsheet would run as a formula gets an apostrophe before it.
    private static string Cell(string cell)
    {
        var safe = cell.Length > 0 && "=+-@".Contains(cell[0], StringComparison.Ordinal) ? $"'{cell}" : cell;
        return safe.AsSpan().ContainsAny(";\"\n\r") ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }
}

/// <summary>A decision as it is told in the list.</summary>
/// <param name="Sequence">Its number at this node.</param>
/// <param name="Id">The id by which it is explained.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Point">What was decided on, such as <c>order</c>, <c>release</c> or <c>use</c>.</param>
/// <param name="Act">What was asked.</param>
/// <param name="Subject">The order or list that it is about, never a person.</param>
/// <param name="Protocol">Id of the protocol.</param>
/// <param name="Version">Its version.</param>
/// <param name="Outcome"><c>permit</c>, <c>hold</c> or <c>refuse</c>.</param>
/// <param name="Reasons">Codes of all reasons.</param>
internal sealed record DecisionTold(long Sequence, Guid Id, DateTimeOffset At, string Point, string Act, string Subject, string Protocol, string Version, string Outcome, IReadOnlyList<string> Reasons)
{
    /// <summary>For a release, how many households it came out the same for.</summary>
    public int? Households { get; init; }
}

/// <summary>A decision with all that explains it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="At">When.</param>
/// <param name="Point">The point.</param>
/// <param name="Act">What was asked.</param>
/// <param name="Subject">Order or list.</param>
/// <param name="Who">Who asked.</param>
/// <param name="Protocol">Id of the protocol.</param>
/// <param name="Version">Its version.</param>
/// <param name="Title">Its title; null when this node does not have the very text that decided.</param>
/// <param name="Outcome">What was decided.</param>
/// <param name="Reasons">Every reason.</param>
/// <param name="Households">For a release, how many households.</param>
/// <param name="Facts">Request and facts.</param>
public sealed record DecisionExplained(
    string Id, DateTimeOffset At, string Point, string Act, string Subject, string Who, string Protocol, string Version, Sentence? Title, string Outcome,
    IReadOnlyList<ReasonExplained> Reasons, int? Households, IReadOnlyList<FactLine> Facts);

/// <summary>A reason with its clause.</summary>
/// <param name="Code">Stable code.</param>
/// <param name="Text">The sentence; null for a code that this version does not know.</param>
/// <param name="Clause">Id of the clause, if one decided.</param>
/// <param name="ClauseText">The clause in the text that decided.</param>
/// <param name="References">Acts and decrees of the clause, each with its state.</param>
public sealed record ReasonExplained(string Code, Sentence? Text, string? Clause, Sentence? ClauseText, IReadOnlyList<string> References);

/// <summary>One fact or part of a request.</summary>
/// <param name="Name">Its path.</param>
/// <param name="Value">Its value.</param>
public sealed record FactLine(string Name, string Value);
