using Bereik.Local.Pages;
using Bereik.Local.Storage;
using Bereik.Node.Ui;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Letters;

// /brieven/meldingen: for the data protection officer, each yes that was not the person's own, and how often that is: by source, by wave, and by the worker who typed. Nobody is named but workers.
internal static class ShowDenials
{
    public const string Path = $"{OrderLetters.Path}/meldingen";
    private const int Most = 200;

    public static async Task<IResult> ShowAsync(LocalDatabase database, LocalSettings settings, CancellationToken cancel)
    {
        var answers = await database.Answers.AsNoTracking().Where(answer => answer.ReceivedOn != null && answer.Wave != null).ToListAsync(cancel);
        var waves = await database.Lists.AsNoTracking().Where(list => list.Flow == OrderedList.Letters).ToDictionaryAsync(list => list.Id, cancel);
        var names = (await database.Attestations.AsNoTracking().OrderBy(one => one.ProposedAt).ToListAsync(cancel)).GroupBy(one => one.Subject).ToDictionary(group => group.Key, group => group.Last().Name, StringComparer.Ordinal);
        string Source(Answer answer) => settings.Peer(waves[answer.Wave!].Source)?.Name ?? waves[answer.Wave!].Source;
        var denied = answers.Where(answer => answer.DeniedOn is not null).OrderByDescending(answer => answer.DeniedOn).ThenBy(answer => answer.Id, StringComparer.Ordinal).Take(Most);
        return UiSetup.Page<DenialsPage>(new
        {
            Model = new DenialsView(
                [.. denied.Select(answer => new DenialView(Guid.Parse(answer.Wave!), waves[answer.Wave!].ReferenceMonth.ToString(), answer.DeniedOn!.Value, answer.GivenOn, answer.Method, answer.HelpedBy is { } helper ? names.GetValueOrDefault(helper, "") : null))],
                Rates(answers.GroupBy(Source)),
                Rates(answers.GroupBy(answer => answer.Wave!), wave => $"{Formats.Month(waves[wave].ReferenceMonth.ToString())}, {Formats.Day(waves[wave].AskedAt)}"),
                Rates(answers.Where(answer => answer.HelpedBy is not null).GroupBy(answer => answer.HelpedBy!), helper => names.GetValueOrDefault(helper, helper))),
        });
    }

    private static List<DenialRate> Rates(IEnumerable<IGrouping<string, Answer>> groups, Func<string, string>? name = null) =>
        [.. groups.Select(group => new DenialRate(name?.Invoke(group.Key) ?? group.Key, group.Count(answer => answer.DeniedOn is not null), group.Count())).OrderByDescending(rate => rate.Share).ThenBy(rate => rate.Of, StringComparer.CurrentCulture)];
}
