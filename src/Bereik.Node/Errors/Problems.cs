using System.Globalization;
using Bereik.Domain;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Bereik.Node.Errors;

/// <summary>The one place where an error becomes <c>application/problem+json</c> (RFC 9457).</summary>
public static class Problems
{
    /// <summary>An error as a response.</summary>
    /// <param name="error">Which one.</param>
    /// <param name="place">Field, line or element that it is about; never a value that was read.</param>
    /// <param name="cause">A finer stable code, such as <c>jws.signature</c>.</param>
    /// <param name="reasons">Every reason of a refusal.</param>
    public static IResult Problem(this NodeError error, string? place = null, string? cause = null, IReadOnlyList<Reason>? reasons = null)
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

        return Results.Problem(problem);
    }

    private sealed record ProblemReason(string Code, string? Clause, string Text);
}
