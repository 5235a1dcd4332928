using Bereik.Domain;
using Bereik.Node.Decisions;
using Bereik.Node.Errors;
using Bereik.Node.Requests;
using Bereik.Node.Ui;
using Bereik.Source.Pages;
using Bereik.Source.Requests;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Source.Waves;

// The steward hands the files of an opened wave to the printer, and says when they were posted (nl: afgifte van brieven).
internal static class HandOut
{
    public static async Task<IResult> ShowAsync(Guid id, string? gedaan, SourceDatabase database, SourceSettings settings, CancellationToken cancel)
    {
        var key = id.ToString("D");
        if (await database.Waves.AsNoTracking().SingleOrDefaultAsync(wave => wave.Id == key, cancel) is not { } wave) return ErrorCatalogue.NotFound.Problem();
        var recipient = await database.Requests.AsNoTracking().Where(request => request.Id == key).Select(request => request.Recipient).SingleAsync(cancel);
        var objections = await database.Objections.AsNoTracking().Where(objection => objection.Wave == key).OrderBy(objection => objection.Number).ToListAsync(cancel);

        // Also who objected to a letter of another wave, be it under a former number: this one must not go out.
        var pulled = await database.WaveLetters.FromSql(
            $"""
            SELECT l.* FROM wave_letter l WHERE l.wave = {key} AND EXISTS (
                SELECT 1 FROM objection o
                WHERE coalesce((SELECT subject FROM number_subject WHERE number = o.person), o.person) = coalesce((SELECT subject FROM number_subject WHERE number = l.person), l.person))
            """).AsNoTracking().OrderBy(letter => letter.Place).ToListAsync(cancel);
        return UiSetup.Page<WavePage>(new
        {
            Model = new WaveView
            {
                Id = key,
                Recipient = settings.Peer(recipient)?.Name is { Length: > 0 } name ? name : recipient,
                Letters = wave.Letters,
                OpensOn = wave.OpensOn,
                AnswerBy = wave.AnswerBy,
                ReminderOn = wave.Reminder ? wave.ReminderOn : null,
                Files = wave.HasFiles ? WaveFiles.ForPrinter(WaveFiles.FolderOf(settings, key)) : [],
                FilesUntil = wave.HasFiles ? BelgianTime.DayOf(wave.FilesMadeAt!.Value + WaveFiles.Longest) : null,
                IsPosted = wave.PostedAt is not null,
                IsOpened = wave.State is WaveState.Opened or WaveState.Closed,
                IsClosed = wave.State == WaveState.Closed,
                Pulled = [.. pulled.Select(letter => new PulledLetter(Printed(letter.Number), WaveFiles.LettersName(letter.Place / Exchange.Contracts.WaveOpening.MostInPart), (letter.Place % Exchange.Contracts.WaveOpening.MostInPart) + 1))],
                Held = objections.Count(objection => objection.State == ObjectionState.Held),
                Done = gedaan is "gepost" or "opgenomen" or "opzij" ? gedaan : null,
            },
        });
    }

    public static async Task<IResult> FileAsync(Guid id, string naam, Actor actor, SourceDatabase database, SourceSettings settings, RunningRequests running, TimeProvider clock, CancellationToken cancel)
    {
        var key = id.ToString("D");
        if (await database.Waves.AsNoTracking().SingleOrDefaultAsync(wave => wave.Id == key, cancel) is not { HasFiles: true } || !WaveFiles.IsForPrinter(naam)) return ErrorCatalogue.NotFound.Problem();
        var file = Path.Combine(WaveFiles.FolderOf(settings, key), naam);
        if (!File.Exists(file)) return ErrorCatalogue.NotFound.Problem();
        var request = await database.Requests.AsNoTracking().SingleAsync(candidate => candidate.Id == key, cancel);

        // A letter whose protocol or accession was stopped could not be answered: it is not printed either.
        var (decision, facts, protocol) = await running.DecideAsync(request, cancel);
        database.LogDecision(
            decision, new DecisionContext(clock.GetUtcNow(), DecisionPoint.Use, "letters.handOut", key, Name(actor, settings), request.Protocol, request.ProtocolVersion, protocol?.Hash ?? ""), new { file = naam }, facts);
        await database.SaveChangesAsync(cancel);
        return decision.Outcome == Outcome.Permit ? Results.File(file, "application/pdf", naam) : ErrorCatalogue.StateConflict.Problem(cause: decision.Reasons[0].Code);
    }

    // Printed and posted: the files are of no use any more, and are gone before the page is there again.
    public static async Task<IResult> PostedAsync(Guid id, Actor actor, SourceDatabase database, SourceSettings settings, KeepWaves keep, TimeProvider clock, CancellationToken cancel)
    {
        var key = id.ToString("D");
        var now = clock.GetUtcNow();
        await using (var transaction = await database.Database.BeginTransactionAsync(cancel))
        {
            if (await database.Waves.SingleOrDefaultAsync(wave => wave.Id == key, cancel) is not { } stored) return ErrorCatalogue.NotFound.Problem();
            if (!stored.HasFiles) return ErrorCatalogue.StateConflict.Problem(cause: "wave.state");
            stored.PostedAt = now;
            var request = await database.Requests.AsNoTracking().SingleAsync(candidate => candidate.Id == key, cancel);
            database.LogAct("letters.posted", key, Name(actor, settings), new { stored.Letters }, now, request);
            await database.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            database.ChangeTracker.Clear();
        }

        await keep.DeleteFilesAsync(await database.Waves.AsNoTracking().SingleAsync(wave => wave.Id == key, cancel), now, cancel);
        return Results.LocalRedirect($"/golven/{key}?gedaan=gepost");
    }

    public static string Name(Actor actor, SourceSettings settings) => (actor as Actor.Person)?.Who.Name ?? settings.Organisation;

    private static string Printed(string number) => Exchange.Invitations.LetterNumber.TryParse(number, out var read) ? read.Printed : "";
}
