using Bereik.Node;

namespace Bereik.Hub.Answers;

// In which languages letters can be answered here. Without Dutch the page is closed; all else of the hub goes on.
internal sealed class AnswerHealth(AnswerTexts texts) : IHealthPart
{
    public string Name => "answers";

    public ValueTask<HealthReport> LookAsync(CancellationToken cancel) =>
        ValueTask.FromResult(new HealthReport(IsUp: true, new { texts.IsOpen, Languages = texts.Offered.Select(words => words.Language.Code), Code = texts.IsOpen ? null : "answers.unreviewed" }, IsDegraded: !texts.IsOpen));
}
