using System.Security.Cryptography;
using Bereik.Exchange.Invitations;
using Bereik.Hub.Letters;
using Shouldly;
using Xunit;

namespace Bereik.Hub.Tests;

// Who waits for whom before Argon2id. One at a time here, so that an order shows: the first of each test holds the turn until the others have come, and nobody's turn begins before the last one was served.
public sealed class DerivationTests : IDisposable
{
    private static readonly InvitationSalt Salt = InvitationSalt.Random();
    private readonly MovableClock clock = new(new DateTimeOffset(2026, 11, 20, 10, 0, 0, TimeSpan.Zero));
    private readonly SemaphoreSlim turn = new(0);
    private readonly List<string> served = [];
    private readonly List<Task> asked = [];
    private readonly Derivations queue;

    public DerivationTests() => queue = new Derivations(clock, atOnce: 1, before: () => turn.Wait(TimeSpan.FromSeconds(30)));

    public void Dispose() => turn.Dispose();

    [Fact]
    public async Task Letters_ThatWait_TakeTurns()
    {
        var (a, b, c) = (LetterNumber.Random(), LetterNumber.Random(), LetterNumber.Random());
        Ask(LetterNumber.Random(), "held");
        foreach (var name in new[] { "a1", "a2", "a3" }) Ask(a, name);
        Ask(b, "b1");
        Ask(c, "c1");
        await GoAsync();
        served.ShouldBe(["held", "a1", "b1", "c1", "a2", "a3"]);
        queue.Count.ShouldBe(0);
    }

    // Whoever tries and tries comes after who does not, and comes: one turn in four is for who waits longest.
    [Fact]
    public async Task Letter_WithWrongCodes_ComesAfterOthersAndComes()
    {
        var tried = LetterNumber.Random();
        for (var i = 0; i < 100; i++) queue.Failed(tried);
        Ask(LetterNumber.Random(), "held");
        Ask(tried, "tried");
        for (var i = 1; i <= 12; i++) Ask(LetterNumber.Random(), $"other{i}");
        await GoAsync();
        served.IndexOf("tried").ShouldBeInRange(2, 5, string.Join(' ', served));
        served.Count.ShouldBe(14);
    }

    // A thousand invented numbers win no more turns than one.
    [Fact]
    public async Task NumbersThatThereAreNot_ShareOnePlace()
    {
        Ask(LetterNumber.Random(), "held");
        for (var i = 0; i < Derivations.MostOfOne; i++) Ask(null, "none");
        (await DeriveAsync(null)).ShouldBeNull();
        Ask(LetterNumber.Random(), "letter1");
        Ask(LetterNumber.Random(), "letter2");
        await GoAsync();
        served.IndexOf("letter1").ShouldBeLessThanOrEqualTo(2);
        served.IndexOf("letter2").ShouldBeLessThanOrEqualTo(4);
    }

    [Fact]
    public async Task Letter_WithEightWaiting_IsBusyAndNeverLocked()
    {
        var letter = LetterNumber.Random();
        Ask(LetterNumber.Random(), "held");
        for (var i = 0; i < Derivations.MostOfOne; i++) Ask(letter, "waits");
        (await DeriveAsync(letter)).ShouldBeNull();
        Ask(LetterNumber.Random(), "another letter");
        for (var i = 0; i < 1000; i++) queue.Failed(letter);
        await GoAsync();
        using var key = await DeriveAsync(letter);
        key.ShouldNotBeNull("a thousand wrong codes lock nobody out");
    }

    [Fact]
    public async Task Queue_WithTwoThousandWaiting_IsBusyForAll()
    {
        using var gone = new CancellationTokenSource();
        Ask(LetterNumber.Random(), "held");
        var waiting = new List<Task<InvitationKey?>>();
        for (var letter = 0; letter < Derivations.MostInAll / Derivations.MostOfOne; letter++)
        {
            var number = LetterNumber.Random();
            for (var i = 0; i < Derivations.MostOfOne; i++) waiting.Add(DeriveAsync(number, gone.Token));
        }

        (await DeriveAsync(LetterNumber.Random())).ShouldBeNull();
        queue.Count.ShouldBe(Derivations.MostInAll);

        // Whoever goes away frees the place at once.
        await gone.CancelAsync();
        queue.Count.ShouldBe(0);
        foreach (var task in waiting) await Should.ThrowAsync<OperationCanceledException>(task);
        await GoAsync();
        using var key = await DeriveAsync(LetterNumber.Random());
        key.ShouldNotBeNull();
    }

    [Fact]
    public async Task Connection_ThatCloses_FreesItsPlace()
    {
        var letter = LetterNumber.Random();
        using var gone = new CancellationTokenSource();
        Ask(LetterNumber.Random(), "held");
        var leaving = DeriveAsync(letter, gone.Token);
        for (var i = 1; i < Derivations.MostOfOne; i++) Ask(letter, "waits");
        (await DeriveAsync(letter)).ShouldBeNull();
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(leaving);
        Ask(letter, "instead");
        await GoAsync();
        served[^1].ShouldBe("instead");
        queue.Count.ShouldBe(0);
    }

    // What is remembered of wrong codes is bounded, halves by the hour and ends.
    [Fact]
    public async Task WrongCodes_AreForgotten()
    {
        turn.Release(2);
        for (var i = 0; i < Derivations.MostRemembered + 1000; i++) queue.Failed(LetterNumber.Random());
        queue.Remembered.ShouldBeLessThanOrEqualTo(Derivations.MostRemembered);
        var tried = LetterNumber.Random();
        for (var i = 0; i < 5; i++) queue.Failed(tried);
        queue.Remembered.ShouldBeGreaterThan(0);
        clock.Move(TimeSpan.FromHours(1));
        (await DeriveAsync(tried))!.Dispose();
        queue.Remembered.ShouldBe(1, "only what was tried more than once is known after an hour");
        clock.Move(TimeSpan.FromHours(2));
        (await DeriveAsync(tried))!.Dispose();
        queue.Remembered.ShouldBe(0);
    }

    private void Ask(LetterNumber? number, string name) => asked.Add(ServeAsync(number, name));

    // All turns, one after another.
    private async Task GoAsync()
    {
        turn.Release();
        await Task.WhenAll(asked);
        asked.Clear();
    }

    private async Task ServeAsync(LetterNumber? number, string name)
    {
        using var key = await DeriveAsync(number);
        key.ShouldNotBeNull(name);
        served.Add(name);
        turn.Release();
    }

    private async Task<InvitationKey?> DeriveAsync(LetterNumber? number, CancellationToken cancel = default)
    {
        using var code = SecretCode.FromBits(RandomNumberGenerator.GetBytes(8));
        return await queue.DeriveAsync(number, code, Salt, cancel);
    }
}
