using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Signatures;
using Bereik.Local.Pages;
using Bereik.Local.Storage;
using Bereik.Node.Errors;
using Bereik.Node.Ui;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Letters;

// /brieven and /brieven/{id}: how waves of letters stand, in counts alone.
internal static class ShowWaves
{
    private const int Most = 50;

    public static async Task<IResult> ListAsync(LocalDatabase database, CancellationToken cancel)
    {
        var lists = await database.Lists.AsNoTracking().Where(list => list.Flow == OrderedList.Letters).OrderByDescending(list => list.AskedAt).Take(Most).ToListAsync(cancel);
        var waves = new List<WaveView>();
        foreach (var list in lists) waves.Add(await ViewAsync(database, list, cancel));
        return UiSetup.Page<WavesPage>(new { Waves = (IReadOnlyList<WaveView>)waves });
    }

    public static async Task<IResult> ShowAsync(Guid id, LocalDatabase database, CancellationToken cancel)
    {
        var key = id.ToString("D");
        if (await database.Lists.AsNoTracking().SingleOrDefaultAsync(list => list.Id == key && list.Flow == OrderedList.Letters, cancel) is not { } list) return ErrorCatalogue.NotFound.Problem();
        var reasons = await database.ListReasons.AsNoTracking().Where(reason => reason.ListId == key).OrderBy(reason => reason.Id).ToListAsync(cancel);
        var events = await database.ListEvents.AsNoTracking().Where(one => one.ListId == key).OrderBy(one => one.At).ThenBy(one => one.Id).ToListAsync(cancel);
        var untaken = await database.Answers.AsNoTracking().Where(answer => answer.Wave == key && answer.Code != null).GroupBy(answer => answer.Code!).Select(group => new { group.Key, Count = group.Count() }).OrderBy(one => one.Key).ToListAsync(cancel);
        return UiSetup.Page<WavePage>(new
        {
            Model = new WavePageView(
                await ViewAsync(database, list, cancel), [.. events.Select(one => new WaveEventView(one.State, one.At))], list.Code, [.. reasons.Select(reason => new ReasonView(reason.Code, reason.Text))], [.. untaken.Select(one => new UntakenView(one.Key, one.Count))]),
        });
    }

    private static async Task<WaveView> ViewAsync(LocalDatabase database, OrderedList list, CancellationToken cancel)
    {
        var opened = await database.OpenedWaves.AsNoTracking().SingleOrDefaultAsync(wave => wave.ListId == list.Id, cancel);
        var answers = database.Answers.AsNoTracking().Where(answer => answer.Wave == list.Id);
        var withdrawn = new[] { ConsentState.Withdrawn.WireName(), ConsentState.Objected.WireName() };
        var asked = SignedDocument.Parse<ListOrder>(list.OrderJws).TryGet(out var order, out _) ? order.Document.Letter?.Letters ?? 0 : 0;
        return new WaveView(Guid.Parse(list.Id), list.ReferenceMonth.ToString(), list.State, list.AskedAt, opened?.Letters ?? asked, opened?.OpensOn, opened?.AnswerBy)
        {
            Received = await answers.CountAsync(answer => answer.ReceivedOn != null, cancel),
            ToConfirm = await database.Households.CountAsync(row => row.ListId == list.Id && row.ClosedAs == null && !database.Answers.Any(answer => answer.Id == row.Id && answer.ConfirmedOn != null), cancel),
            Confirmed = await answers.CountAsync(answer => answer.ConfirmedOn != null, cancel),
            Denied = await answers.CountAsync(answer => answer.DeniedOn != null, cancel),
            Withdrawn = await answers.CountAsync(answer => answer.ReceivedOn != null && withdrawn.Contains(answer.State), cancel),
            Untaken = await answers.CountAsync(answer => answer.Code != null, cancel),
        };
    }
}
