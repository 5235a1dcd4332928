using Bereik.Exchange.Invitations;
using Bereik.Node.Errors;
using Bereik.Node.Requests;
using Bereik.Node.Ui;
using Bereik.Node.Work;
using Bereik.Source.Pages;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Source.Waves;

// The steward decides on an unusual number of objections, has the confirmations printed, and undoes one for who asks (nl: bezwaren).
internal static class JudgeObjections
{
    private const string TakeUp = "opnemen";
    private const string SetAside = "opzij";

    public static async Task<IResult> ShowAsync(string? gedaan, string? fout, SourceDatabase database, CancellationToken cancel)
    {
        var files = await database.ObjectionFiles.AsNoTracking().Where(file => file.GoneAt == null).OrderByDescending(file => file.MadeAt).ToListAsync(cancel);
        var held = await database.Objections.AsNoTracking().Where(objection => objection.State == ObjectionState.Held).GroupBy(objection => objection.Wave).Select(wave => new { wave.Key, Count = wave.Count() }).ToListAsync(cancel);
        return UiSetup.Page<ObjectionsPage>(new
        {
            Model = new ObjectionsView
            {
                Taken = await database.Objections.CountAsync(objection => objection.State == ObjectionState.Taken, cancel),
                Unconfirmed = await database.Objections.CountAsync(objection => objection.State == ObjectionState.Taken && objection.ConfirmedAt == null, cancel),
                Held = [.. held.Select(wave => new HeldObjections(wave.Key, wave.Count))],
                Files = [.. files.Select(file => new ConfirmationFile(file.Batch, file.Letters, file.MadeAt, Domain.BelgianTime.DayOf(file.MadeAt + WaveFiles.Longest)))],
                Done = gedaan is "opgeheven" or "gepost" ? gedaan : null,
                Fault = fout is "nummer" or "onbekend" ? fout : null,
            },
        });
    }

    // All of a wave that are held, one way or the other.
    public static async Task<IResult> HeldAsync(Guid id, [FromForm] string? besluit, Actor actor, SourceDatabase database, SourceSettings settings, WorkSignal signal, TimeProvider clock, CancellationToken cancel)
    {
        if (besluit is not (TakeUp or SetAside)) return ErrorCatalogue.BadRequest.Problem();
        var (key, now) = (id.ToString("D"), clock.GetUtcNow());
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        if (await database.Requests.AsNoTracking().SingleOrDefaultAsync(candidate => candidate.Id == key, cancel) is not { } request) return ErrorCatalogue.NotFound.Problem();
        var held = await database.Objections.Where(objection => objection.Wave == key && objection.State == ObjectionState.Held).ToListAsync(cancel);
        if (held.Count == 0) return ErrorCatalogue.StateConflict.Problem(cause: "objection.state");
        if (besluit == TakeUp)
        {
            var batch = Guid.NewGuid().ToString("D");
            foreach (var objection in held) (objection.State, objection.Batch) = (ObjectionState.Taken, batch);
            database.Enqueue(ConfirmObjections.StepKind, batch, now);
        }
        else database.Objections.RemoveRange(held);

        database.LogAct(besluit == TakeUp ? "objections.taken" : "objections.setAside", key, HandOut.Name(actor, settings), new { objections = held.Count }, now, request);
        await database.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        signal.Wake();
        return Results.LocalRedirect($"/golven/{key}?gedaan={(besluit == TakeUp ? "opgenomen" : "opzij")}");
    }

    public static async Task<IResult> FileAsync(Guid reeks, Actor actor, SourceDatabase database, SourceSettings settings, TimeProvider clock, CancellationToken cancel)
    {
        var batch = reeks.ToString("D");
        var name = WaveFiles.ObjectionName(batch);
        var path = Path.Combine(WaveFiles.ObjectionFolder(settings), name);
        if (await database.ObjectionFiles.AsNoTracking().SingleOrDefaultAsync(one => one.Batch == batch && one.GoneAt == null, cancel) is not { } file || !File.Exists(path)) return ErrorCatalogue.NotFound.Problem();
        database.LogAct("objections.handOut", batch, HandOut.Name(actor, settings), new { file.Letters }, clock.GetUtcNow());
        await database.SaveChangesAsync(cancel);
        return Results.File(path, "application/pdf", name);
    }

    public static async Task<IResult> PostedAsync(Guid reeks, Actor actor, SourceDatabase database, SourceSettings settings, KeepWaves keep, TimeProvider clock, CancellationToken cancel)
    {
        var batch = reeks.ToString("D");
        if (!await database.ObjectionFiles.AnyAsync(file => file.Batch == batch && file.GoneAt == null, cancel)) return ErrorCatalogue.NotFound.Problem();
        await keep.DeleteFileAsync(batch, HandOut.Name(actor, settings), clock.GetUtcNow(), cancel);
        return Results.LocalRedirect("/bezwaren?gedaan=gepost");
    }

    // By the number of the letter, as the person says it on the telephone. The number is in no address and no log.
    public static async Task<IResult> LiftAsync([FromForm] string? nummer, Actor actor, SourceDatabase database, SourceSettings settings, TimeProvider clock, CancellationToken cancel)
    {
        if (!LetterNumber.TryRead(nummer, out var number)) return Results.LocalRedirect("/bezwaren?fout=nummer");
        var text = number.Text;
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        if (await database.Objections.SingleOrDefaultAsync(candidate => candidate.Number == text, cancel) is not { } objection) return Results.LocalRedirect("/bezwaren?fout=onbekend");
        var request = await database.Requests.AsNoTracking().SingleOrDefaultAsync(candidate => candidate.Id == objection.Wave, cancel);

        // All that this person said, of whichever letter: who may be written to again may be.
        database.Objections.RemoveRange(await database.Objections.Where(candidate => candidate.Person == objection.Person).ToListAsync(cancel));
        database.LogAct("objection.lifted", objection.Wave, HandOut.Name(actor, settings), new { }, clock.GetUtcNow(), request);
        await database.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return Results.LocalRedirect("/bezwaren?gedaan=opgeheven");
    }
}
