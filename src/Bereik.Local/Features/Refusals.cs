using Bereik.Domain;
using Bereik.Local.Pages;
using Bereik.Node.Ui;

namespace Bereik.Local.Features;

// A refusal as a page: one kind sentence and its code for every reason.
internal static class Refusals
{
    public static IResult Page(Decision decision) => Page(decision.Reasons);

    public static IResult Page(IReadOnlyList<Domain.Reason> reasons) => UiSetup.Page<RefusalPage>(new { Reasons = (IReadOnlyList<ReasonView>)[.. reasons.Select(View)] }, StatusCodes.Status403Forbidden);

    public static ReasonView View(Domain.Reason reason) => new(reason.Clause is null ? reason.Code : $"{reason.Code}, {reason.Clause}", WhyRow.Text(reason));
}
