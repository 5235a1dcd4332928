using System.Globalization;
using Bereik.Node.Api;
using Bereik.Node.Requests;
using Bereik.Node.Ui;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace Bereik.Node.Errors;

/// <summary>The one place where an error becomes <c>application/problem+json</c> (RFC 9457), or the same as a page for a person's browser.</summary>
public static class Problems
{
    /// <summary>An error as a response.</summary>
    /// <param name="error">Which one.</param>
    /// <param name="place">Field, line or element that it is about; never a value that was read.</param>
    /// <param name="cause">A finer stable code, such as <c>jws.signature</c>.</param>
    /// <param name="reasons">Every reason of a refusal.</param>
    /// <param name="issues">What is wrong with the input; a request that is malformed without any has one of the body.</param>
    public static IResult Problem(this NodeError error, string? place = null, string? cause = null, IReadOnlyList<Bereik.Domain.Reason>? reasons = null, IReadOnlyList<InputIssue>? issues = null)
    {
        var english = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "en";
        var problem = new ProblemDetails
        {
            Type = error.Type,
            Title = error.Code,
            Status = error.Status,
            Detail = english ? error.TextEnglish : error.Text,
        };
        problem.Extensions["code"] = error.Code;
        if (!string.IsNullOrEmpty(place)) problem.Extensions["place"] = place;
        if (!string.IsNullOrEmpty(cause)) problem.Extensions["cause"] = cause;
        if (reasons is { Count: > 0 })
        {
            problem.Extensions["reasons"] = reasons.Select(reason => new ProblemReason(reason.Code, reason.Clause, english ? reason.TextEnglish : reason.Text)).ToList();
        }

        if (error == ErrorCatalogue.BadRequest) problem.Extensions["issues"] = issues ?? [InputIssue.Shape("body", place)];
        return new Answer(problem, reasons ?? []);
    }

    private sealed class Answer(ProblemDetails problem, IReadOnlyList<Bereik.Domain.Reason> reasons) : IResult
    {
        public async Task ExecuteAsync(HttpContext context)
        {
            problem.Instance = $"urn:uuid:{context.TraceId():D}";
            if (IsForAPerson(context))
            {
                try
                {
                    await UiSetup.Page<ProblemPage>(new { Problem = problem, Reasons = reasons }, problem.Status!.Value).ExecuteAsync(context);
                    return;
                }
                catch (Exception broken) when (broken is not OutOfMemoryException && !context.Response.HasStarted)
                {
                    // What stands around a page may be what is broken; the answer is then given without it.
                    context.Response.Clear();
                }
            }

            await Results.Problem(problem).ExecuteAsync(context);
        }

        private static bool IsForAPerson(HttpContext context) =>
            context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
            && !context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal)
            && context.RequestServices.GetService<PageFrameSource>() is not null;
    }
}

/// <summary>A problem as it is told (nl: probleem; RFC 9457).</summary>
/// <param name="Type">What kind of problem it is, a URN.</param>
/// <param name="Title">The stable code.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Detail">What happened and what one can do, in the language of the caller.</param>
/// <param name="Instance">The id of the request, <c>urn:uuid:</c> and what header <c>BelGov-Trace-Id</c> has.</param>
/// <param name="Code">The stable code.</param>
/// <param name="Place">Field, line or element that it is about; never a value that was read.</param>
/// <param name="Cause">A finer stable code.</param>
/// <param name="Reasons">Every reason of a refusal.</param>
/// <param name="Issues">What is wrong with the input.</param>
public sealed record ProblemTold(
    string Type, string Title, int Status, string Detail, string Instance, string Code, string? Place = null, string? Cause = null, IReadOnlyList<ProblemReason>? Reasons = null, IReadOnlyList<InputIssue>? Issues = null);

/// <summary>Why a decision refuses, as it is told (nl: reden).</summary>
/// <param name="Code">Stable code, one of docs/errors.md.</param>
/// <param name="Clause">The clause that decided.</param>
/// <param name="Text">One sentence in the language of the caller.</param>
public sealed record ProblemReason(string Code, string? Clause, string Text);
