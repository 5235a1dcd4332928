using Bereik.Domain;
using Bereik.Node.Registers;
using Bereik.Node.Ui;
using Bereik.Source.Requests;

namespace Bereik.Source.Waves;

// What a steward's yes to letters needs beside a yes to a list: a letter that comes out, enough people, and a day of posting.
internal sealed class ApproveWave(SourceDatabase database, SourceSettings settings, ProtocolRegister register, TimeProvider clock)
{
    // Names of what is wrong, as the page knows them.
    public const string LetterFault = "brief";
    public const string CountFault = "aantal";
    public const string DayFault = "postdag";

    // Null when the wave is added to what the caller saves; else what is wrong.
    public async Task<string?> TryAsync(Request request, string? day, CancellationToken cancel)
    {
        var protocol = request.FindProtocol(await register.ViewAsync(cancel));
        if (settings.Letters is not { } letters || protocol is null) return LetterFault;
        var order = request.ReadOrder().Document.Letter!;
        var today = clock.Today();
        if (!DayText.TryParse(day, out var opensOn) || opensOn < today || opensOn > today.AddDays(WaveDesk.MostDaysAhead)) return DayFault;
        using (var text = WaveText.Of(letters, protocol, order, opensOn))
        {
            if (text.Problems.Count > 0) return LetterFault;
        }

        if (Math.Min(order.Letters, request.Selected ?? 0) < WaveDesk.Fewest(protocol)) return CountFault;
        database.Waves.Add(new Wave
        {
            Id = request.Id,
            State = WaveState.Making,
            OpensOn = opensOn,
            AnswerBy = opensOn.AddDays(order.AnswerDays),
            Reminder = order.Reminder,
            ReminderOn = WaveText.ReminderDay(opensOn, order),
        });
        return null;
    }
}
