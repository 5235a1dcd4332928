using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Invitations;
using Bereik.Exchange.Signatures;
using Bereik.Sealing.Invitations;
using Shouldly;
using Xunit;

namespace Bereik.Source.Tests;

// The source as a process of its own, killed the way a power cut would while it makes a wave: INVARIANT under test, no letter is there twice, none is missing, and each has one number and one code.
public sealed class WaveKillTests
{
    private const int Letters = 24;

    [Fact]
    public Task Wave_KilledWhileAPartIsMade_HasEachLetterOnce() => KilledAsync("wave.part*", 4);

    // Six steps, each killed before it does anything, after it did, before it is stored and after that.
    [Fact]
    public Task Wave_KilledAtEveryMoment_HasEachLetterOnce()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("BEREIK_LONG_TESTS") == "1", "A long test: ./test.sh --long runs it.");
        return KilledAsync("wave.*", 24);
    }

    private static async Task KilledAsync(string crashAt, int kills)
    {
        // The process has the clock of the machine, so the parties of this test have it too.
        var clock = new MovableClock(TimeProvider.System.GetUtcNow());
        var parties = new Parties { Begins = clock.GetUtcNow().AddMinutes(-1) };
        await using var source = await WaveTown.StartAsync(parties: parties, clock: clock, change: settings => settings["stopWhenInputCloses"] = false);
        var order = WaveTown.NewOrder(source, Letters, reminder: true, month: Month.Of(BelgianTime.DayOf(clock.GetUtcNow())).ToString());
        var end = Epoch.At(clock.GetUtcNow()).End;
        Assert.SkipWhen(clock.GetUtcNow() + TimeSpan.FromHours(1) > end, "An order this near to the end of a quarter is refused.");
        order = order with { ExpiresAt = order.ExpiresAt < end ? order.ExpiresAt : end };

        // Approved, and nothing of the wave is done: the decision is not in the log yet. Then the process takes over.
        source.Hub.LogsDecisions = false;
        source.Place(order);
        await source.ApproveAsync(order.Id).ShouldRedirectAsync(TestSource.Page(order.Id));
        await TestSource.EventuallyAsync(() => source.Hub.Decisions.ContainsKey(order.Id.ToString()) ? "sent" : null);
        await TestSource.EventuallyAsync(() => source.Read("SELECT kind FROM work WHERE kind = 'wave.draw' AND state = 'waiting'").SingleOrDefault());
        await source.EndAsync();
        source.Hub.LogsDecisions = true;
        await source.Hub.Log.DecidedAsync(source.Hub.Decisions[order.Id.ToString()]);
        var settings = JsonNode.Parse(await File.ReadAllTextAsync(source.SettingsFile))!.AsObject();
        (settings["crashAt"], settings["stopWhenInputCloses"]) = (crashAt, true);
        await File.WriteAllTextAsync(source.SettingsFile, settings.ToJsonString());

        var killed = 0;
        while (true)
        {
            using var node = Start(source.SettingsFile);
            var isKilled = false;
            for (var i = 0; i < 4800 && !(isKilled = node.HasExited) && !IsDone(); i++) await Task.Delay(50);
            if (isKilled)
            {
                node.ExitCode.ShouldBe(137, "the process did not end by its own kill");
                killed++;
                continue;
            }

            IsDone().ShouldBeTrue("the wave was not made in four minutes");
            node.StandardInput.Close();
            await node.WaitForExitAsync();

            // The last moment of all comes when the wave is made already.
            if (node.ExitCode == 137) killed++;
            break;
        }

        killed.ShouldBe(kills);
        Verify(source, order);

        bool IsDone() => source.Read("SELECT act FROM decision_record WHERE act = 'wave.keyDestroyed'").Count == 1 && File.ReadLines(Path.Combine(source.Data, "crashed")).Count() == kills;
    }

    private static void Verify(TestSource source, ListOrder order)
    {
        var folder = source.Folder(order.Id);
        Directory.GetFiles(folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal).ShouldBe(["brieven-001.ndjson", "brieven-001.pdf", "herinnering-001.pdf"]);
        var (texts, pages, reminders) = (WaveTown.Texts(folder), WaveTown.PagesOf(folder, "brieven"), WaveTown.PagesOf(folder, "herinnering"));
        (texts.Count, pages.Count, reminders.Count).ShouldBe((Letters, Letters, Letters));
        foreach (var member in new[] { "number", "code", "name" }) texts.Select(text => (string)text[member]!).Distinct().Count().ShouldBe(Letters, member);
        foreach (var text in texts)
        {
            foreach (var sheets in new[] { pages, reminders })
            {
                var own = sheets.Where(sheet => sheet.Contains((string)text["code"]!, StringComparison.Ordinal)).ShouldHaveSingleItem();
                (own.Contains((string)text["number"]!, StringComparison.Ordinal) && own.Contains((string)text["name"]!, StringComparison.Ordinal)).ShouldBeTrue();
            }
        }

        // What lies at the hub, of the last time that the part was made, opens with the codes that were printed, and is what was signed once.
        var part = source.Hub.Invitations[(order.Id.ToString(), 0)];
        source.Hub.Invitations.Count.ShouldBe(1);
        var opening = SignedDocument.Parse<WaveOpening>(source.Hub.Openings[order.Id.ToString()]).Value.Document;
        opening.Parts.ShouldBe([Bereik.Exchange.Bytes32.Sha256(part)]);
        var invitations = Encoding.UTF8.GetString(part).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => SealedInvitation.Parse(Encoding.UTF8.GetBytes(line)).Value).ToDictionary(invitation => invitation.Number.Printed);
        invitations.Keys.Order(StringComparer.Ordinal).ShouldBe(texts.Select(text => (string)text["number"]!).Order(StringComparer.Ordinal));
        var binding = new InvitationBinding(order.Id, order.ProtocolHash, source.Parties.Welfare.Sealing.PublicKey.Kid);
        foreach (var text in texts)
        {
            var invitation = invitations[(string)text["number"]!];
            SecretCode.TryRead((string)text["code"]!, out var secret).ShouldBeTrue();
            using var key = InvitationKey.Derive(secret!, invitation.Salt);
            var said = InvitationSeal.Open(OuterSeal.Open(invitation, binding, key)!, invitation.Number, binding, source.Parties.Source.Signing.PublicKey, source.Parties.Welfare.Sealing)!.Document;
            $"{said.Person.GivenNames} {said.Person.FamilyName}".ShouldBe((string)text["name"]!);
        }
    }

    private static Process Start(string settings)
    {
        // Each node runs from its own folder, as it does outside the tests.
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(here.Parent!.Parent!.FullName, "Bereik.Source", here.Name, "Bereik.Source.dll");
        var start = new ProcessStartInfo("dotnet", [program, "--config", settings]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        var node = Process.Start(start)!;
        node.OutputDataReceived += (_, _) => { };
        node.ErrorDataReceived += (_, _) => { };
        node.BeginOutputReadLine();
        node.BeginErrorReadLine();
        return node;
    }
}
