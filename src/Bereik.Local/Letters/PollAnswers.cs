using System.Text.Json;
using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Local.Storage;
using Bereik.Node.Requests;
using Bereik.Node.Work;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Letters;

// Step answers.poll, recurring: what was said here of yeses to letters goes to the hub, and what changed there is read: yeses that were released, and those that were taken back or lapsed.
internal sealed partial class PollAnswers(LocalDatabase database, LocalSettings settings, AnswerWords words, ReceiveAnswer receive, EndAnswers ends, NodeClient client, TimeProvider clock, ILogger<PollAnswers> logger) : IWorkStep
{
    public const string Name = "answers.poll";
    private const int PageSize = 50;
    private static readonly TimeSpan WhenRefused = TimeSpan.FromMinutes(1);

    public string Kind => Name;

    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        // Who never asked for letters has no answers.
        if (!await database.Lists.AnyAsync(list => list.Flow == OrderedList.Letters && list.State != "asked", cancel)) return WorkResult.Later(TimeSpan.FromSeconds(settings.PollSeconds));
        try
        {
            // What was erased here is put into words first: that takes no hub.
            await ends.SayAsync(cancel);
            await words.SendAsync(cancel);
            await ReadAsync(cancel);
            await ends.SayAsync(cancel);
            await words.SendAsync(cancel);
            await ends.EndWavesAsync(cancel);
        }
        catch (PeerRefusedException refused)
        {
            // Not the end of this step: what the hub refuses today, it may tell when this organisation has joined again.
            LogRefused(refused.Code);
            return WorkResult.Later(WhenRefused);
        }
        catch (JsonException)
        {
            // Nor when it tells what nobody can read: withdrawals come by this step.
            LogRefused("answer.json");
            return WorkResult.Later(WhenRefused);
        }

        return WorkResult.Later(TimeSpan.FromSeconds(settings.PollSeconds));
    }

    private async Task ReadAsync(CancellationToken cancel)
    {
        HubAnswerPage page;
        var after = (await database.Database.SqlQueryRaw<long>("SELECT changed AS Value FROM answer_reading").ToListAsync(cancel)).SingleOrDefault();
        var isHeld = false;
        do
        {
            page = await client.GetAsync<HubAnswerPage>(settings.PeerOf(OrganisationKind.Hub).Id, FormattableString.Invariant($"/v1/answers?after={after}&limit={PageSize}"), cancel);
            foreach (var told in page.Items)
            {
                // INVARIANT: what must wait is read again, with all that came after it, and holds nothing up: a withdrawal behind it is heard now.
                isHeld |= !await TakeAsync(told, cancel);
                after = told.Changed;
                if (isHeld) continue;
                await database.Database.ExecuteSqlAsync($"INSERT INTO answer_reading (id, changed) VALUES (1, {told.Changed}) ON CONFLICT (id) DO UPDATE SET changed = max(changed, excluded.changed)", cancel);
            }
        }
        while (page.Next is not null && page.Items.Count > 0);
    }

    private async Task<bool> TakeAsync(HubAnswer told, CancellationToken cancel)
    {
        var (id, wave) = (told.Id.ToString("D"), told.Wave.ToString("D"));
        if (!ConsentNames.TryParse(told.State, out ConsentState state) || !ConsentNames.TryParse(told.Method, out AnswerMethod method))
        {
            LogNotTaken("answer.shape");
            return true;
        }

        if (await database.Lists.AsNoTracking().SingleOrDefaultAsync(list => list.Id == wave && list.Flow == OrderedList.Letters, cancel) is not { } list)
        {
            LogNotTaken("answer.otherWave");
            return true;
        }

        if (await NoteAsync(told, id, list, state, method, cancel) is not { } answer) return true;
        if (answer.Standing.IsOver) await ends.EraseAsync(answer, cancel);
        else if (state == ConsentState.Released && answer is { ReceivedOn: null, Code: null }) return await receive.TakeAsync(told, list, cancel);
        return true;
    }

    // How it stands, as far as it is for the hub to say. SECURITY: that the person confirmed, and who helped, it cannot say.
    private async Task<Answer?> NoteAsync(HubAnswer told, string id, OrderedList list, ConsentState state, AnswerMethod method, CancellationToken cancel)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        var standing = new ConsentStanding(state, told.IsHandedOut, told.IsErased);
        var answer = await database.Answers.SingleOrDefaultAsync(one => one.Id == id, cancel);
        if (answer is null)
        {
            // SECURITY: the hub chose this id, and what is kept of a yes lies under a key of that name: it may not be the name of anything else here.
            if (await ForeignIds.IsTakenAsync(database, id, cancel))
            {
                LogNotTaken("answer.idTaken");
                return null;
            }

            var assurance = method == AnswerMethod.Counter ? ConsentAssurance.Assisted : ConsentAssurance.Bearer;
            answer = new Answer { Id = id, Wave = list.Id, State = told.State, Assurance = assurance, Method = method, GivenOn = told.GivenOn };
            database.Answers.Add(answer);
        }
        else if (answer.Wave is { } known && known != list.Id)
        {
            LogNotTaken("answer.otherWave");
            return null;
        }

        // What was said here and is still on its way counts until the hub has it; what ended there has ended.
        var isUnsent = await database.AnswerSteps.AnyAsync(step => step.AnswerId == id && step.SentAt == null, cancel);
        (answer.Wave, answer.Changed, answer.GivenOn, answer.Until, answer.EraseBy) = (list.Id, told.Changed, told.GivenOn, told.Until, told.EraseBy);
        if (standing.IsOver || !isUnsent) answer.Take(standing with { IsHandedOut = told.IsHandedOut || answer.IsHandedOut, IsErased = told.IsErased });

        // Received, and not here: the store was put back from a copy of before.
        if (state is ConsentState.Received or ConsentState.Confirmed && answer is { ReceivedOn: null, Code: null }) answer.Code = "answer.lost";
        if (told.IsErased)
        {
            foreach (var step in await database.AnswerSteps.Where(one => one.AnswerId == id && one.SentAt == null).ToListAsync(cancel)) step.SentAt = clock.GetUtcNow();
        }

        await database.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        database.ChangeTracker.Clear();
        return answer;
    }

    [LoggerMessage(LogLevel.Warning, "The hub does not tell of answers to letters ({Code}).")]
    private partial void LogRefused(string code);

    [LoggerMessage(LogLevel.Warning, "An answer to a letter, or a change of one, is not taken ({Code}).")]
    private partial void LogNotTaken(string code);
}
