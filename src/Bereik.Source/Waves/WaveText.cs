using System.Globalization;
using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Letters;
using Bereik.Source.Letters;

namespace Bereik.Source.Waves;

// The text of the letters of one wave: what the order fills in, and what the source does (nl: ingevulde brief van een golf). Not for several threads.
internal sealed class WaveText : IDisposable
{
    private WaveText(LetterWriter first, LetterWriter? reminder, IReadOnlyList<LetterProblem> foreign)
    {
        (First, Reminder) = (first, reminder);
        Problems = [.. foreign.Concat(first.Problems).Concat(reminder?.Problems ?? []).Distinct()];
    }

    public LetterWriter First { get; }

    // Null when no reminder was ordered.
    public LetterWriter? Reminder { get; }

    // Every reason why none of these letters may go out.
    public IReadOnlyList<LetterProblem> Problems { get; }

    public static WaveText Of(LetterSettings settings, Protocol protocol, LetterOrder order, DateOnly opensOn)
    {
        var template = LetterFile.Shipped;
        var rules = new LetterRules { AnswerPage = new Uri(settings.AnswerPage) };
        var answerBy = opensOn.AddDays(order.AnswerDays);

        // SECURITY: a local government fills in its own parts and no other: not who signs, nor where the slip goes.
        var isOwn = template.Parts.Where(part => part.FilledBy == LetterFiller.Source).Select(part => part.Id).ToHashSet(StringComparer.Ordinal);
        var foreign = order.Parts.Keys.Where(isOwn.Contains).Order(StringComparer.Ordinal).Select(part => new LetterProblem("letter.part.unknown", part)).ToList();
        var parts = order.Parts.Where(part => !isOwn.Contains(part.Key)).ToDictionary(StringComparer.Ordinal);
        foreach (var (part, _, value) in settings.Own) parts[part] = value;
        parts["lastDay"] = Day(answerBy);

        // A yes can be given from the first day to the last, and holds as long as the protocol says: between these the OCMW uses nothing.
        parts["from"] = Day(opensOn);
        parts["until"] = Day(answerBy.AddDays(protocol.Find<Clause.Consent>()?.ValidDays ?? 0));
        return new WaveText(Writer(LetterVariant.First, opensOn), order.Reminder ? Writer(LetterVariant.Reminder, ReminderDay(opensOn, order)) : null, foreign);

        LetterWriter Writer(LetterVariant variant, DateOnly date) => new(template, variant, new Dictionary<string, string>(parts) { ["date"] = Day(date) }, rules);
    }

    // Half way, on a working day: early enough to answer, late enough to have forgotten.
    public static DateOnly ReminderDay(DateOnly opensOn, LetterOrder order) => BelgianTime.AddWorkingDays(opensOn.AddDays((order.AnswerDays / 2) - 1), 1);

    // The day that is proposed: three working days on.
    public static DateOnly Proposed(DateOnly today) => BelgianTime.AddWorkingDays(today, 3);

    public void Dispose()
    {
        First.Dispose();
        Reminder?.Dispose();
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
