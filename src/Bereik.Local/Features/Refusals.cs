using Bereik.Domain;
using Bereik.Local.Pages;
using Bereik.Node.Errors;
using Bereik.Node.Ui;

namespace Bereik.Local.Features;

// A refusal: for a person a page, with a kind sentence, a code and what the clause says for every reason; for software the same as a problem.
internal static class Refusals
{
    public static IResult Page(Decision decision) => Page(decision.Reasons);

    public static IResult Page(IReadOnlyList<Domain.Reason> reasons) => new Answer(reasons);

    // With the text that decided, the words of the clause stand beside the reason.
    public static ReasonView View(Domain.Reason reason, Protocol? text)
    {
        var clause = reason.Clause is { } id ? text?.Clause(id) : null;
        return View(reason) with { Clause = WhyRow.IsEnglish ? clause?.En : clause?.Nl };
    }

    public static ReasonView View(Domain.Reason reason) => new(reason.Clause is null ? reason.Code : $"{reason.Code}, {reason.Clause}", WhyRow.Text(reason));

    private sealed class Answer(IReadOnlyList<Domain.Reason> reasons) : IResult
    {
        public Task ExecuteAsync(HttpContext context)
        {
            if (IsForSoftware(context.Request)) return ErrorCatalogue.NotPermitted.Problem(reasons: reasons).ExecuteAsync(context);
            var text = context.RequestServices.GetService<ReceivedRows>()?.DecidedBy;
            return UiSetup.Page<RefusalPage>(new { Reasons = (IReadOnlyList<ReasonView>)[.. reasons.Select(reason => View(reason, text))] }, StatusCodes.Status403Forbidden).ExecuteAsync(context);
        }

        private static bool IsForSoftware(HttpRequest request)
        {
            var accepts = request.Headers.Accept.ToString();
            return request.Path.StartsWithSegments("/v1", StringComparison.Ordinal) || (accepts.Contains("json", StringComparison.OrdinalIgnoreCase) && !accepts.Contains("text/html", StringComparison.OrdinalIgnoreCase));
        }
    }
}
