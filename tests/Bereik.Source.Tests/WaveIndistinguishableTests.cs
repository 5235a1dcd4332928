using System.Text.RegularExpressions;
using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Invitations;
using Bereik.Exchange.Signatures;
using Bereik.Hub.Letters;
using Microsoft.Data.Sqlite;
using Shouldly;
using Xunit;

namespace Bereik.Source.Tests;

// INVARIANT under test: of a letter that was opened a source cannot tell whether it was answered, nor how. From its store, its files, its pages, its log, every answer of the real hub and the public log:
// yes, no, later and silence are the same to it.
public sealed partial class WaveIndistinguishableTests
{
    private const int Letters = 20;

    [Fact]
    public async Task Source_WhateverIsAnsweredAtTheRealHub_HoldsAndHearsTheSame()
    {
        var wave = new Run();
        var silence = await wave.PlayAsync("silence", (_, _) => Task.CompletedTask);
        silence.Answers.Where(answer => answer.StartsWith("GET /v1/messages?after=0", StringComparison.Ordinal)).Select(answer => answer[..Math.Min(answer.Length, 400)]).ShouldHaveSingleItem();
        silence.Public.Count(line => line.Contains("\"type\":\"round.published\"", StringComparison.Ordinal)).ShouldBe(3, "a round a day, also of nothing");
        foreach (var (name, answer) in new (string, Func<RealHub, IReadOnlyList<(LetterNumber Number, string Code)>, Task>)[]
        {
            // No and later are no act at the hub: the letter was looked at.
            ("no, by everybody", async (hub, letters) =>
            {
                foreach (var (number, _) in letters) (await hub.AtDeskAsync(desk => desk.FindAsync(number, CancellationToken.None)))!.Time.ShouldBe(LetterTime.Open);
            }),
            ("yes, by three", async (hub, letters) =>
            {
                foreach (var (number, code) in letters.Take(3)) (await SayYesAsync(hub, number, code)).ShouldBe(YesOutcome.Taken);
            }),
            ("a wrong code, and yes taken back", async (hub, letters) =>
            {
                (await SayYesAsync(hub, letters[0].Number, letters[1].Code)).ShouldBe(YesOutcome.WrongCode);
                (await SayYesAsync(hub, letters[2].Number, letters[2].Code)).ShouldBe(YesOutcome.Taken);
                SecretCode.TryRead(letters[2].Code, out var code).ShouldBeTrue();
                (await hub.AtDeskAsync(desk => desk.ActAsync(letters[2].Number, code!, ConsentAct.Withdraw, AnswerMethod.Web, CancellationToken.None))).Outcome.ShouldBe(HolderOutcome.Done);
            }),
        })
        {
            var run = await wave.PlayAsync(name, answer);
            LogComparer.Differences(silence.Public, run.Public).ShouldBeEmpty(name);
            StoreComparer.Differences(silence.Store, run.Store).ShouldBeEmpty(name);
            run.Answers.Except(silence.Answers).Select(heard => "only now: " + heard).Concat(silence.Answers.Except(run.Answers).Select(heard => "only before: " + heard)).ShouldBeEmpty(name);
            run.Files.ShouldBe(silence.Files, name);
            run.Log.ShouldBe(silence.Log, name);
            foreach (var (page, text) in run.Pages) (silence.Pages[page] == text).ShouldBeTrue($"{name}: {page}");
        }

        // An objection is said to be told to the source, and is: so the comparers do see what comes.
        var objection = await wave.PlayAsync("never again, by one", async (hub, letters) => (await hub.AtDeskAsync(desk => desk.NeverAsync(letters[0].Number, CancellationToken.None))).ShouldBeTrue(), toldOf: 1);
        StoreComparer.Differences(silence.Store, objection.Store).ShouldContain(difference => difference.StartsWith("objection", StringComparison.Ordinal));
        objection.Answers.Except(silence.Answers).ShouldNotBeEmpty();
        foreach (var (sql, difference) in new[]
        {
            ("UPDATE wave SET denied = denied + 1", "wave: denied"),
            ("DELETE FROM wave_letter WHERE place = 3", "wave_letter: another number of rows"),
            ("ALTER TABLE wave_letter ADD COLUMN answered INTEGER", "wave_letter: answered"),
            ("UPDATE message_cursor SET sequence = 1", "message_cursor: sequence"),
        }) Planted(silence.Store, sql).ShouldBe([difference]);
    }

    private static async Task<YesOutcome> SayYesAsync(RealHub hub, LetterNumber number, string typed)
    {
        SecretCode.TryRead(typed, out var code).ShouldBeTrue();
        using (code) return (await hub.AtDeskAsync(desk => desk.YesAsync(number, code!, new AnswerChoices { Contact = "visit" }, AnswerMethod.Web, null, CancellationToken.None))).Outcome;
    }

    private static IReadOnlyList<string> Planted(string store, string sql)
    {
        var copy = StoreComparer.Copy(store);
        using (var connection = new SqliteConnection($"Data Source={copy};Pooling=False"))
        {
            connection.Open();
            using var plant = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are the constants of this file.
            plant.CommandText = sql;
#pragma warning restore CA2100
            plant.ExecuteNonQuery();
        }

        return StoreComparer.Differences(store, copy);
    }

    // How long a part took to make, before anything could be answered.
    [GeneratedRegex("[0-9]+ ms")]
    private static partial Regex Millis();

    private sealed record Outcome(string Store, IReadOnlyList<string> Answers, IReadOnlyList<string> Files, IReadOnlyList<string> Log, IReadOnlyDictionary<string, string> Pages, IReadOnlyList<string> Public);

    // The same keys, register and order in each run; the same families get a letter, since all of them do.
    private sealed class Run
    {
        private readonly Parties parties = new();
        private readonly string register = WaveTown.Csv(Letters);
        private ListOrder? order;

        public async Task<Outcome> PlayAsync(string name, Func<RealHub, IReadOnlyList<(LetterNumber Number, string Code)>, Task> answer, int toldOf = 0)
        {
            await using var hub = await RealHub.StartAsync(parties);
            await using var source = await WaveTown.StartAsync(parties: parties, realHubsClock: hub.Clock, change: settings => settings["register"]!["csv"] = register);
            order ??= WaveTown.NewOrder(source, Letters) with { IssuedAt = MovableClock.Beginning };
            var signed = SignedDocument.Sign(order with { Checkpoint = parties.Checkpoint() }, parties.Welfare.Signing);
            var id = order.Id;

            // Every run hears the hub in each of these places once at least; on a busy machine one would be passed over otherwise.
            await HeardAsync(hub, "GET /v1/orders?after=0&");
            (await hub.PostAsync(parties.Welfare, "/v1/orders", "order", signed.Compact)).EnsureSuccessStatusCode();
            var today = BelgianTime.DayOf(hub.Clock.GetUtcNow());
            await source.ApproveAsync(id, Node.Ui.DayText.Write(today)).ShouldRedirectAsync(TestSource.Page(id));
            await source.StateAsync(id, "deposited");
            await source.LoggedAsync("wave.keyDestroyed");
            await HeardAsync(hub, "GET /v1/orders?after=1&");
            await HeardAsync(hub, "GET /v1/messages?after=0");
            var letters = WaveTown.Texts(source.Folder(id)).Select(text => (LetterNumber.TryRead((string)text["number"]!, out var number) ? number : default, (string)text["code"]!)).ToList();
            letters.Count.ShouldBe(Letters, name);
            await answer(hub, letters);

            // Over the next release and three rounds: what was answered goes on at the hub, and the source asks it again.
            hub.Clock.Move(TimeSpan.FromDays(3));
            await RoundsAsync(hub, 3);
            if (toldOf > 0) await TestSource.EventuallyAsync(() => source.Read("SELECT number FROM objection").Count == toldOf ? "told" : null);
            var said = await LogComparer.LinesAsync(hub.LogFolder, parties.LogKey.Verifier);
            await TestSource.EventuallyAsync(() => source.LogRead() == said.Count ? "read" : null);
            await Task.Delay(1000);
            var pages = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var page in new[] { "/", "/beslissingen", "/beslissingen.csv", "/v1/decisions", "/aanvragen", TestSource.Page(id), $"/golven/{id}", "/bezwaren", "/register", "/v1/requests", "/v1/register" }) pages[page] = IndistinguishableTests.Timeless(await source.GetAsync(page));
            var store = await source.StopAsync();

            // When the clock of the test jumps, an access token ends: which step hears it first follows the clock.
            return new Outcome(
                StoreComparer.Copy(store), [.. hub.Answers.Where(heard => !heard.Contains(" 401 [", StringComparison.Ordinal))], IndistinguishableTests.FilesOf(source),
                [.. source.Log.Lines.Select(line => Millis().Replace(line, "* ms"))], pages, said);
        }

        private static Task<string> HeardAsync(RealHub hub, string asked) => TestSource.EventuallyAsync(() => hub.Answers.FirstOrDefault(heard => heard.StartsWith(asked, StringComparison.Ordinal)));

        private async Task RoundsAsync(RealHub hub, int rounds)
        {
            for (var i = 0; i < 1200; i++)
            {
                if ((await LogComparer.LinesAsync(hub.LogFolder, parties.LogKey.Verifier)).Count(line => line.Contains("\"type\":\"round.published\"", StringComparison.Ordinal)) >= rounds) return;
                await Task.Delay(50);
            }

            throw new TimeoutException("The hub published no rounds.");
        }
    }
}
