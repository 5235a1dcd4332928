using System.Globalization;
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
    public static IResult Problem(this NodeError error, string? place = null, string? cause = null, IReadOnlyList<Bereik.Domain.Reason>? reasons = null)
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

        return new Answer(problem, reasons ?? []);
    }

    private sealed record ProblemReason(string Code, string? Clause, string Text);

    private sealed class Answer(ProblemDetails problem, IReadOnlyList<Bereik.Domain.Reason> reasons) : IResult
    {
        public async Task ExecuteAsync(HttpContext context)
        {
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
