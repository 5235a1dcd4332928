using Bereik.Domain;
using Bereik.Node.Work;
using Bereik.Source.Requests;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Source.Waves;

// Ends in time what is left of letters: the files for the printer, a wave that never opened, and thirty days after the last day to answer which letter went to whom. What stays is that these people were
// written to for that month, so that nobody is twice, and the objections with their numbers.
internal sealed class KeepWaves(SourceDatabase database, SourceSettings settings, TimeProvider clock) : IWorkStep
{
    public const string StepKind = "waves.keep";

    // After the last day to answer: a letter that came late, an objection by telephone.
    public const int DaysAfterAnswers = 30;

    // What can be told once a wave is not for printing any more.
    private static readonly RequestState[] Running = [RequestState.Approved, RequestState.Deposited];

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    public string Kind => StepKind;

    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        var (now, today) = (clock.GetUtcNow(), clock.Today());
        foreach (var wave in await database.Waves.AsNoTracking().Where(wave => wave.State != WaveState.Closed && wave.State != WaveState.Stopped).ToListAsync(cancel))
        {
            var request = await database.Requests.AsNoTracking().SingleAsync(candidate => candidate.Id == wave.Id, cancel);
            if (wave.State == WaveState.Making && !Running.Contains(request.State) && !await IsAtWorkAsync(wave.Id, cancel)) await StopAsync(wave, request, now, cancel);
            else if (wave.State == WaveState.Opened && wave.AnswerBy.AddDays(DaysAfterAnswers) < today) await CloseAsync(wave, request, now, cancel);
        }

        var due = now - WaveFiles.Longest;
        foreach (var wave in await database.Waves.AsNoTracking().Where(wave => wave.FilesMadeAt != null && wave.FilesGoneAt == null && wave.State != WaveState.Making).ToListAsync(cancel))
        {
            if (wave.PostedAt is not null || wave.FilesMadeAt <= due || wave.State is WaveState.Stopped or WaveState.Closed) await DeleteFilesAsync(wave, now, cancel);
        }

        foreach (var file in await database.ObjectionFiles.AsNoTracking().Where(file => file.GoneAt == null).ToListAsync(cancel))
        {
            if (file.MadeAt <= due) await DeleteFileAsync(file.Batch, settings.Organisation, now, cancel);
        }

        return WorkResult.Later(TimeSpan.FromSeconds(Math.Min(settings.PollSeconds, Longest.TotalSeconds)));
    }

    // The file first: should the rest not be committed, it is looked for once more and is not there.
    public async Task DeleteFileAsync(string batch, string who, DateTimeOffset now, CancellationToken cancel)
    {
        File.Delete(Path.Combine(WaveFiles.ObjectionFolder(settings), WaveFiles.ObjectionName(batch)));
        await InTransactionAsync(async () =>
        {
            if (await database.ObjectionFiles.SingleOrDefaultAsync(file => file.Batch == batch && file.GoneAt == null, cancel) is not { } file) return;
            file.GoneAt = now;
            database.LogAct("objections.filesDeleted", batch, who, new { file.Letters }, now);
        }, cancel);
    }

    // A step that is still at it could leave a file behind: it ends by itself, since the request does not go on.
    private Task<bool> IsAtWorkAsync(string wave, CancellationToken cancel) =>
        database.Work.AnyAsync(item => item.State == WorkState.Waiting && item.Kind.StartsWith("wave.") && (item.Subject == wave || item.Subject.StartsWith(wave + "@")), cancel);

    // The files of a wave, at once.
    public async Task DeleteFilesAsync(Wave wave, DateTimeOffset now, CancellationToken cancel)
    {
        var count = WaveFiles.Delete(WaveFiles.FolderOf(settings, wave.Id));
        await InTransactionAsync(async () =>
        {
            var (stored, request) = await FindAsync(wave.Id, cancel);
            if (stored.FilesGoneAt is not null) return;
            stored.FilesGoneAt = now;
            database.LogAct("letters.filesDeleted", wave.Id, settings.Organisation, new { files = count, posted = stored.PostedAt is not null }, now, request);
        }, cancel);
    }

    // Refused, failed or too late on its way: no letter of it left this house, so these people were not written to.
    private async Task StopAsync(Wave wave, Request request, DateTimeOffset now, CancellationToken cancel)
    {
        var count = WaveFiles.Delete(WaveFiles.FolderOf(settings, wave.Id));
        await InTransactionAsync(async () =>
        {
            var (stored, _) = await FindAsync(wave.Id, cancel);
            if (stored.State != WaveState.Making) return;
            (stored.State, stored.FilesGoneAt) = (WaveState.Stopped, now);
            await WaveKey.DestroyAsync(database, wave.Id, now, cancel);
            await database.WaveLetters.Where(letter => letter.Wave == wave.Id).ExecuteDeleteAsync(cancel);
            await database.Database.ExecuteSqlAsync($"DELETE FROM written_to WHERE wave = {wave.Id}", cancel);
            database.LogAct("letters.filesDeleted", wave.Id, settings.Organisation, new { files = count, posted = false }, now, request);
        }, cancel);
    }

    private Task CloseAsync(Wave wave, Request request, DateTimeOffset now, CancellationToken cancel) => InTransactionAsync(async () =>
    {
        var (stored, _) = await FindAsync(wave.Id, cancel);
        stored.State = WaveState.Closed;
        await database.WaveLetters.Where(letter => letter.Wave == wave.Id).ExecuteDeleteAsync(cancel);
        database.LogAct("letters.forgotten", wave.Id, settings.Organisation, new { stored.Letters }, now, request);
    }, cancel);

    private async Task<(Wave Wave, Request Request)> FindAsync(string id, CancellationToken cancel) =>
        (await database.Waves.SingleAsync(candidate => candidate.Id == id, cancel), await database.Requests.SingleAsync(candidate => candidate.Id == id, cancel));

    private async Task InTransactionAsync(Func<Task> act, CancellationToken cancel)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        await act();
        await database.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        database.ChangeTracker.Clear();
    }
}
