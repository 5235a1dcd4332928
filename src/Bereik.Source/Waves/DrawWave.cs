using System.Data;
using System.Globalization;
using System.Security.Cryptography;
using Bereik.Domain;
using Bereik.Edge;
using Bereik.Exchange.Invitations;
using Bereik.Node.Decisions;
using Bereik.Node.Storage;
using Bereik.Node.Work;
using Bereik.Sealing.Invitations;
using Bereik.Source.Features;
using Bereik.Source.Requests;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Bereik.Source.Waves;

// Draws an approved wave: who gets a letter, with which number, and the key of its codes. Drawn once, so that whatever happens after it is made of the same letters.
internal sealed class DrawWave(SourceDatabase database, SourceSettings settings, RunningRequests running, LoggedOrders logged, StoreKey storeKey, TimeProvider clock) : IWorkStep
{
    public const string StepKind = "wave.draw";

    public string Kind => StepKind;

    // What the wave key is bound to in the store.
    public static string KeyOf(string wave) => $"wave key {wave}";

    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        var request = await database.Requests.AsNoTracking().SingleAsync(candidate => candidate.Id == run.Subject, cancel);
        var wave = await database.Waves.AsNoTracking().SingleAsync(candidate => candidate.Id == run.Subject, cancel);
        if (request.ExpiresAt <= clock.GetUtcNow()) return WorkResult.Failed("request.expired");
        var asked = await running.ReadAndDecideAsync(request, cancel);
        if (asked.Decision.Outcome != Outcome.Permit || asked.Protocol is not { } protocol)
        {
            return WorkResult.Failed<SourceDatabase>(asked.Decision.Reasons[0].Code, async (target, stop) => running.Stop(target, await target.Requests.SingleAsync(candidate => candidate.Id == run.Subject, stop), asked.Decision, asked.Facts, asked.Protocol));
        }

        // INVARIANT: no entry, no exchange.
        if (await logged.ReadGapAsync(request, cancel) is not null) return WorkResult.Later(TimeSpan.FromSeconds(settings.PollSeconds));
        if (settings.Letters is not { } letters) return WorkResult.Failed(WaveReasons.NoLetters.Code);
        var order = request.ReadOrder().Document.Letter!;
        using var text = WaveText.Of(letters, protocol, order, wave.OpensOn);
        if (text.Problems.Count > 0) return WorkResult.Failed(WaveCode.TextChanged);

        // The same register and the same day as the steward saw; what changed since is who objected.
        var day = DateOnly.ParseExact(request.CountedOn!, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        var (terms, result) = (ReleaseTerms.Of(protocol, day, settings, asked.Facts), new SelectionResult());
        var selection = await Selection.OpenAsync(database, terms, cancel);
        var people = new List<string>();
        foreach (var addressee in selection.Letters(request.Nis, request.ReadMonth(), WaveDesk.Terms(letters, text.First, text.Reminder), result))
        {
            cancel.ThrowIfCancellationRequested();
            people.Add(addressee.Person);
        }

        var drawn = LetterDraw.Of(people, order.Letters);
        if (drawn.Count < WaveDesk.Fewest(protocol)) return WorkResult.Failed(WaveCode.TooSmall);
        var kept = await database.WaveLetters.Select(letter => letter.Number).Concat(database.Objections.Select(objection => objection.Number)).ToHashSetAsync(cancel);
        var numbers = LetterDraw.Numbers(drawn.Count, kept, LetterNumber.Random);
        var key = DrawKey(run.Subject);
        var notice = text.First.Text!.Notice.ToString();
        return WorkResult.Done<SourceDatabase>(async (target, stop) =>
        {
            var now = clock.GetUtcNow();
            var stored = await target.Waves.SingleAsync(candidate => candidate.Id == run.Subject, stop);
            (stored.Letters, stored.WaveKey, stored.Notice) = (drawn.Count, key, notice);
            await StoreAsync(target, request, drawn, numbers, stop);
            var context = new DecisionContext(now, DecisionPoint.Release, "letters.address", request.Id, request.Recipient, protocol.Id, protocol.Version, protocol.Hash);
            foreach (var (decision, count) in result.Decided) target.LogDecision(decision, context, terms.Request, new { terms.Today, terms.AnnouncedOn, terms.SyntheticOnly, terms.Register }, count);
            target.Enqueue(PrintPart.StepKind, PrintPart.Subject(run.Subject, 0), now);
        });
    }

    public Task FailedAsync(NodeDatabase store, string subject, string code, CancellationToken cancel) => Failure.StoreAsync((SourceDatabase)store, subject, code, clock.GetUtcNow(), cancel);

    private byte[] DrawKey(string wave)
    {
        using var codes = WaveCodes.Draw();
        var key = codes.Export();
        var sealedKey = storeKey.Seal(key, KeyOf(wave));
        CryptographicOperations.ZeroMemory(key);
        return sealedKey;
    }

    // By plain commands, in the transaction of the step: tens of thousands of rows.
    private static async Task StoreAsync(SourceDatabase target, Request request, List<string> drawn, List<LetterNumber> numbers, CancellationToken cancel)
    {
        var transaction = target.Database.CurrentTransaction?.GetDbTransaction() ?? throw new InvalidOperationException("A wave is stored in the transaction of its step.");
        await using var letter = transaction.Connection!.CreateCommand();
        letter.Transaction = transaction;
        letter.CommandText = "INSERT INTO wave_letter (wave, place, number, person) VALUES ($wave, $place, $number, $person)";
        await using var written = transaction.Connection!.CreateCommand();
        written.Transaction = transaction;
        written.CommandText = "INSERT INTO written_to (protocol, reference_month, person, wave) VALUES ($protocol, $month, $person, $wave)";
        for (var place = 0; place < drawn.Count; place++)
        {
            Fill(letter, ("$wave", request.Id), ("$place", place), ("$number", numbers[place].Text), ("$person", drawn[place]));
            await letter.ExecuteNonQueryAsync(cancel);
            Fill(written, ("$protocol", request.Protocol), ("$month", request.ReferenceMonth), ("$person", drawn[place]), ("$wave", request.Id));
            await written.ExecuteNonQueryAsync(cancel);
        }
    }

    private static void Fill(IDbCommand command, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        command.Parameters.Clear();
        foreach (var (name, value) in parameters) command.Parameters.Add(new Microsoft.Data.Sqlite.SqliteParameter(name, value));
    }
}
