using Bereik.Domain;
using Bereik.Exchange.Invitations;
using Bereik.Node.Requests;
using Bereik.Node.Work;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Source.Waves;

// The only thing that comes here after a wave opened: that somebody objects by the number of a letter, and that somebody was not the one at a first contact. Never whether anybody answered.
internal sealed class ReadMessages(SourceDatabase database, SourceSettings settings, NodeClient client, TimeProvider clock) : IWorkStep
{
    public const string StepKind = "messages.read";

    public const string Objected = "objection";

    public const string Denied = "denied";

    private static readonly TimeSpan PauseWhenRefused = TimeSpan.FromMinutes(1);

    public string Kind => StepKind;

    // More objections than this in one wave are unusual: somebody may have had the numbers of many letters.
    public static int Usual(int letters) => Math.Max(5, letters / 20);

    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        var again = WorkResult.Later(TimeSpan.FromSeconds(settings.PollSeconds));

        // A source that opened no wave asks nothing.
        if (!await database.Waves.AnyAsync(wave => wave.State == WaveState.Opened || wave.State == WaveState.Closed, cancel)) return again;
        try
        {
            await ReadAsync(cancel);
            return again;
        }
        catch (PeerRefusedException)
        {
            // SECURITY: an objection is never given up on because the hub refused once.
            return WorkResult.Later(PauseWhenRefused);
        }
    }

    private async Task ReadAsync(CancellationToken cancel)
    {
        var hub = settings.PeerOf(OrganisationKind.Hub).Id;
        var cursor = await CursorAsync(cancel);
        var all = new List<HubMessage>();
        var after = cursor.Sequence;
        MessagePage page;
        do
        {
            page = await client.GetAsync<MessagePage>(hub, FormattableString.Invariant($"/v1/messages?after={after}"), cancel);
            all.AddRange(page.Items.Where(message => message.Sequence > after));
            if (page.Items.Count > 0) after = page.Items.Max(message => message.Sequence);
        }
        while (page.Next is not null && page.Items.Count > 0);

        // A whole round at once, so that what is unusual shows.
        if (all.Count > 0) await TakeAsync(all, after, cancel);
        cursor = await CursorAsync(cancel);
        if (cursor.Taken >= cursor.Sequence) return;
        await client.PostAsync(hub, "/v1/messages/taken", new { upTo = cursor.Sequence }, cancel);
        await database.Database.ExecuteSqlAsync($"UPDATE message_cursor SET taken = max(taken, {cursor.Sequence})", cancel);
    }

    private async Task<MessageCursor> CursorAsync(CancellationToken cancel) =>
        (await database.Database.SqlQueryRaw<MessageCursor>("SELECT sequence AS Sequence, taken AS Taken FROM message_cursor").ToListAsync(cancel)).Single();

    // The messages and the cursor in one transaction, so that a kill neither loses nor doubles one.
    private async Task TakeAsync(List<HubMessage> messages, long upTo, CancellationToken cancel)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);

        // A run whose lease ran out may still be at it.
        if ((await CursorAsync(cancel)).Sequence >= upTo) return;
        var now = clock.GetUtcNow();
        foreach (var ofWave in messages.GroupBy(message => message.Wave, StringComparer.Ordinal))
        {
            // Of a wave that this source never had, there is nothing to do.
            if (await database.Waves.SingleOrDefaultAsync(wave => wave.Id == ofWave.Key, cancel) is not { } wave) continue;
            wave.Denied += ofWave.Count(message => message.Kind == Denied);
            await ObjectAsync(wave, [.. ofWave.Where(message => message.Kind == Objected).Select(message => message.Number).OfType<string>().Distinct(StringComparer.Ordinal)], now, cancel);
        }

        await database.SaveChangesAsync(cancel);
        await database.Database.ExecuteSqlAsync($"UPDATE message_cursor SET sequence = max(sequence, {upTo})", cancel);
        await transaction.CommitAsync(cancel);
        database.ChangeTracker.Clear();
    }

    private async Task ObjectAsync(Wave wave, List<string> numbers, DateTimeOffset now, CancellationToken cancel)
    {
        var known = await database.Objections.Where(objection => objection.Wave == wave.Id).Select(objection => objection.Number).ToHashSetAsync(cancel);
        var fresh = new List<WaveLetter>();
        foreach (var text in numbers)
        {
            // The same again is no second one.
            if (!LetterNumber.TryParse(text, out var number) || known.Contains(number.Text)) continue;
            if (await database.WaveLetters.AsNoTracking().SingleOrDefaultAsync(letter => letter.Wave == wave.Id && letter.Number == number.Text, cancel) is { } letter) fresh.Add(letter);
            else wave.Unresolved++;
        }

        if (fresh.Count == 0) return;
        var isHeld = known.Count + fresh.Count > Usual(wave.Letters);
        var batch = isHeld ? null : Guid.NewGuid().ToString("D");
        foreach (var letter in fresh)
        {
            database.Objections.Add(new Objection { Number = letter.Number, Person = letter.Person, Wave = wave.Id, State = isHeld ? ObjectionState.Held : ObjectionState.Taken, At = now, Batch = batch });
        }

        if (batch is not null) database.Enqueue(ConfirmObjections.StepKind, batch, now);
    }
}

internal sealed record MessageCursor(long Sequence, long Taken);

// A page of the hub's messages.
internal sealed record MessagePage(IReadOnlyList<HubMessage> Items, long? Next);

internal sealed record HubMessage(long Sequence, string Wave, string Kind, string? Number)
{
    // SECURITY: a number can object, so it is not printed.
    public override string ToString() => $"message {Sequence}";
}
