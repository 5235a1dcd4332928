using System.Numerics;
using Bereik.Exchange.Invitations;

namespace Bereik.Hub.Letters;

// The queue before Argon2id, which is slow and large on purpose: as many at once as there are processors, and nobody is ever locked out.
// INVARIANT: it protects the processor and knows letters, never people: no address of who asks is looked at or kept.
internal sealed class Derivations(TimeProvider clock, int atOnce, Action? before = null)
{
    public const int MostOfOne = 8;
    public const int MostInAll = 2000;

    // Of this many letters it is remembered how often a code was wrong.
    public const int MostRemembered = 4096;

    // One turn in so many goes to who waits longest: a letter that others try and try is served later, and is served.
    private const int TurnOfAge = 3;
    private static readonly TimeSpan Halving = TimeSpan.FromHours(1);

    // Before it says that too many wait. Whoever comes back at once, over and over, would take the processor from those who wait.
    private static readonly TimeSpan BeforeBusy = TimeSpan.FromMilliseconds(250);

    private readonly Lock gate = new();
    private readonly Dictionary<Place, Waiting> waiting = [];
    private readonly Dictionary<Place, int> failures = [];
    private DateTimeOffset halved = clock.GetUtcNow();
    private int running;
    private int count;
    private int turn;
    private long stamp;

    public Derivations(TimeProvider clock)
        : this(clock, Environment.ProcessorCount)
    {
    }

    // How many wait.
    public int Count
    {
        get
        {
            lock (gate) return count;
        }
    }

    // How many letters it remembers something of.
    public int Remembered
    {
        get
        {
            lock (gate) return failures.Count;
        }
    }

    // Derives the key when its turn has come; the caller disposes it, and the code only after. Null when too many wait: it can be tried again at once.
    // number: null for every number that there is not; all of them share one place, so that inventing numbers wins no turns.
    public async Task<InvitationKey?> DeriveAsync(LetterNumber? number, SecretCode code, InvitationSalt salt, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var place = Place.Of(number);
        var job = new Job(code, salt);
        if (!TryWait(place, job))
        {
            await Task.Delay(BeforeBusy, clock, cancel);
            return null;
        }

        // Who goes away frees the place, unless its turn has come.
        await using var leaving = cancel.Register(() => Leave(place, job));
        Begin();
        return await job.Done.Task;
    }

    // A code was wrong: the next of this letter come after those of letters of which fewer were.
    public void Failed(LetterNumber? number)
    {
        lock (gate)
        {
            var place = Place.Of(number);
            while (failures.Count >= MostRemembered && !failures.ContainsKey(place)) Halve();
            failures[place] = Math.Min(failures.GetValueOrDefault(place) + 1, int.MaxValue / 2);
        }
    }

    private bool TryWait(Place place, Job job)
    {
        lock (gate)
        {
            if (count >= MostInAll) return false;
            if (!waiting.TryGetValue(place, out var own)) waiting.Add(place, own = new Waiting { Since = ++stamp });
            if (own.Jobs.Count >= MostOfOne) return false;
            own.Jobs.AddLast(job);
            count++;
            return true;
        }
    }

    private void Begin()
    {
        while (true)
        {
            Job job;
            lock (gate)
            {
                if (running >= atOnce || Next() is not { } next) return;
                (job, running) = (next, running + 1);
            }

            _ = Task.Run(() => Run(job));
        }
    }

    private void Run(Job job)
    {
        try
        {
            // A test may hold the turn here.
            before?.Invoke();
            job.Done.SetResult(InvitationKey.Derive(job.Code, job.Salt));
        }
        catch (Exception broken)
        {
            job.Done.SetException(broken);
        }
        finally
        {
            lock (gate) running--;
            Begin();
        }
    }

    private Job? Next()
    {
        if (waiting.Count == 0) return null;
        for (var now = clock.GetUtcNow(); now - halved >= Halving; halved += Halving) Halve();
        turn = (turn + 1) % TurnOfAge;
        var place = waiting.MinBy(one => (turn == 0 ? 0 : Rank(one.Key), one.Value.Since)).Key;
        var own = waiting[place];
        var job = own.Jobs.First!.Value;
        own.Jobs.RemoveFirst();
        own.Since = ++stamp;
        if (own.Jobs.Count == 0) waiting.Remove(place);
        count--;
        return job;
    }

    // How often a code was wrong, by its power of four: whoever mistypes twice comes after nobody, and letters that are tried alike take turns.
    private int Rank(Place place) => BitOperations.Log2((uint)failures.GetValueOrDefault(place) + 1) / 2;

    private void Leave(Place place, Job job)
    {
        lock (gate)
        {
            if (!waiting.TryGetValue(place, out var own) || !own.Jobs.Remove(job)) return;
            if (own.Jobs.Count == 0) waiting.Remove(place);
            count--;
        }

        job.Done.TrySetCanceled(CancellationToken.None);
    }

    private void Halve()
    {
        foreach (var (place, failed) in failures.ToList())
        {
            if (failed > 1) failures[place] = failed / 2;
            else failures.Remove(place);
        }
    }

    // A letter, or all numbers that are none.
    private readonly record struct Place(bool IsLetter, LetterNumber Number)
    {
        public static Place Of(LetterNumber? number) => number is { } letter ? new Place(true, letter) : default;
    }

    private sealed class Waiting
    {
        public LinkedList<Job> Jobs { get; } = [];

        // Since when: its first came, or one of it was served and the others went to the back.
        public required long Since { get; set; }
    }

    private sealed record Job(SecretCode Code, InvitationSalt Salt)
    {
        public TaskCompletionSource<InvitationKey> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override string ToString() => "derivation";
    }
}
