using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Invitations;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Letters;
using Bereik.Exchange.Protocols;
using Bereik.Sealing.Invitations;
using Bereik.Source.Requests;
using Bereik.Source.Waves;

namespace Bereik.Bench;

/// <summary>A wave of letters printed and sealed, part by part, through the code of the source's own step. The process that makes it is killed half way, and another goes on: no code may stand twice.</summary>
internal static class LettersBench
{
    private const int Default = 50_000;

    // Invented people: the same of an index in each process.
    private static readonly string[] Streets = ["Molenstraat", "Kerkstraat", "Stationsstraat", "Nieuwstraat", "Burgemeester Karel Lodewijk van Boeckelstraat", "Kasteeldreef"];

    public static async Task<int> RunAsync(string[] args)
    {
        var count = Figures.Option(args, "--letters", Default);
        var folder = Directory.CreateTempSubdirectory("bereik-letters-");
        try
        {
            Prepare(folder.FullName, count);
            var parts = Parts(count);
            Console.WriteLine(FormattableString.Invariant($"{count} letters in {parts} parts, {Environment.ProcessorCount} processors"));
            var watch = Stopwatch.StartNew();
            var isKilled = await MakeAsync(folder.FullName, killAfter: parts / 2);
            Console.WriteLine(FormattableString.Invariant($"killed in part {Done(folder.FullName) + 1} after {watch.Elapsed.TotalSeconds:N0} s, exit {isKilled}"));
            var ended = await MakeAsync(folder.FullName, killAfter: null);
            Console.WriteLine(FormattableString.Invariant($"all made after {watch.Elapsed.TotalSeconds:N0} s, with the part that was made twice"));
            return isKilled == 137 && ended == 0 && Verify(folder.FullName, count) ? 0 : 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The process that is killed and begun again: makes the parts that are not told as done, as the step does that is committed by part.</summary>
    public static async Task<int> MakeAsync(string folder)
    {
        var setup = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "setup.json")))!;
        var count = (int)setup["letters"]!;
        var numbers = await File.ReadAllLinesAsync(Path.Combine(folder, "numbers"));
        using var codes = WaveCodes.Import(await File.ReadAllBytesAsync(Path.Combine(folder, "wave-key")));
        using var source = SigningKey.FromJwk((string)setup["source"]!).Value;
        var recipient = SealingPublicKey.FromJwk((string)setup["recipient"]!).Value;
        var protocol = ShippedProtocols.Of(Domain.Flow.Messenger);
        var order = new LetterOrder
        {
            Text = LetterFile.Shipped.Id, TextHash = Bytes32.Random(), Letters = count, Capacity = count, Reminder = true, AnswerDays = 42, Panel = new TestPanel { Organisation = "Panel", On = new DateOnly(2026, 11, 1), Readers = 9 },
            Parts = LetterFile.Shipped.Parts.Where(part => part.FilledBy == LetterFiller.Recipient).ToDictionary(part => part.Id, part => part.Example),
        };
        var settings = new LetterSettings { AnswerPage = "https://antwoord.bereik.example/", Phone = "02 000 00 02", Officer = "dpo@groeipakket.example", Signer = "An Voorbeeld", ReplyNumber = "DA 000-000-0, Knooppunt Bereik, 1000 Brussel" };
        using var text = WaveText.Of(settings, protocol, order, new DateOnly(2027, 1, 11));
        var binding = new InvitationBinding(Guid.Parse((string)setup["wave"]!), Bytes32.TryParse(protocol.Hash, out var hash) ? hash : throw new InvalidOperationException("A text has a hash."), recipient.Kid);
        var maker = new PartMaker(text, codes, new PartTerms(binding, text.First.Text!.Notice, source, recipient), Path.Combine(folder, "files"), alsoAsText: true);
        for (var part = Done(folder); part < Parts(count); part++)
        {
            var letters = Enumerable.Range(part * WaveOpening.MostInPart, Math.Min(WaveOpening.MostInPart, count - (part * WaveOpening.MostInPart))).Select(place => Letter(place, numbers[place])).ToList();
            await File.WriteAllTextAsync(Path.Combine(folder, "under-way"), part.ToString(CultureInfo.InvariantCulture));
            if (await maker.MakeAsync(part, letters, _ => { }, CancellationToken.None) is not { } made) return 3;
            using var self = Process.GetCurrentProcess();
            Console.WriteLine(FormattableString.Invariant($"part {part + 1}: printed in {made.Printing.TotalMilliseconds:N0} ms, sealed in {made.Sealing.TotalMilliseconds:N0} ms, peak memory {self.PeakWorkingSet64 >> 20} MiB"));
            await File.AppendAllLinesAsync(Path.Combine(folder, "done"), [FormattableString.Invariant($"{made.Printing.TotalMilliseconds} {made.Sealing.TotalMilliseconds} {self.PeakWorkingSet64 >> 20}")]);
        }

        return 0;
    }

    private static int Parts(int count) => (count + WaveOpening.MostInPart - 1) / WaveOpening.MostInPart;

    private static int Done(string folder) => File.Exists(Path.Combine(folder, "done")) ? File.ReadLines(Path.Combine(folder, "done")).Count() : 0;

    private static void Prepare(string folder, int count)
    {
        using var source = SigningKey.Generate();
        using var recipient = SealingKey.Generate();
        using var codes = WaveCodes.Draw();
        File.WriteAllText(Path.Combine(folder, "setup.json"), new JsonObject { ["letters"] = count, ["source"] = source.ExportJwk(), ["recipient"] = recipient.PublicKey.ToJwk(), ["wave"] = Guid.NewGuid().ToString() }.ToJsonString());
        File.WriteAllBytes(Path.Combine(folder, "wave-key"), codes.Export());
        File.WriteAllLines(Path.Combine(folder, "numbers"), LetterDraw.Numbers(count, new HashSet<string>(), LetterNumber.Random).Select(number => number.Text));
    }

    private static PartLetter Letter(int place, string number) => new(
        place, LetterNumber.TryParse(number, out var read) ? read : throw new InvalidDataException("A number was written otherwise."),
        new Addressee
        {
            Person = "", Kind = "main", GivenNames = string.Create(CultureInfo.InvariantCulture, $"Voornaam {place}"), FamilyName = "Vandenbroucke-Peeters", Street = Streets[place % Streets.Length],
            HouseNumber = string.Create(CultureInfo.InvariantCulture, $"{(place / Streets.Length) + 1}"), Box = place % 7 == 0 ? "3" : null, Postcode = "9300", Place = "Aalst",
        },
        [string.Create(CultureInfo.InvariantCulture, $"Kind Van {place}")]);

    // Exit code of the process; killed with signal 9 some time into the part after that many.
    private static async Task<int> MakeAsync(string folder, int? killAfter)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Bereik.Bench.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, "letters-make", folder]))!;
        if (killAfter is { } after)
        {
            while (!process.HasExited && !(Done(folder) >= after && File.Exists(Path.Combine(folder, "under-way")) && int.TryParse(await File.ReadAllTextAsync(Path.Combine(folder, "under-way")), CultureInfo.InvariantCulture, out var part) && part >= after)) await Task.Delay(20);

            // Where in the part is up to chance: while it prints, or while it seals.
            await Task.Delay(Random.Shared.Next(50, 8000));
            process.Kill();
        }

        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private static bool Verify(string folder, int count)
    {
        var (codes, numbers, sealedTwice) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal), 0);
        var files = Path.Combine(folder, "files");
        foreach (var line in Directory.GetFiles(files, "brieven-*.ndjson").SelectMany(File.ReadLines))
        {
            var letter = JsonNode.Parse(line)!;
            if (!codes.Add((string)letter["code"]!) || !numbers.Add((string)letter["number"]!)) sealedTwice++;
        }

        var printed = PagesOf(files, "brieven");
        var reminders = PagesOf(files, "herinnering");
        var figures = File.ReadLines(Path.Combine(folder, "done")).Select(line => line.Split(' ').Select(figure => double.Parse(figure, CultureInfo.InvariantCulture)).ToArray()).ToList();
        var (printing, sealing) = (figures.Sum(figure => figure[0]), figures.Sum(figure => figure[1]));
        Console.WriteLine(FormattableString.Invariant($"printing (letter and reminder) {printing / 1000:N1} s, {printing / count:N2} ms a letter; sealing {sealing / 1000:N1} s, {sealing / count:N1} ms a letter; {100 * sealing / (printing + sealing):N0} % of the time seals"));
        Console.WriteLine(FormattableString.Invariant($"peak memory {figures.Max(figure => figure[2]):N0} MiB, in the first part {figures[0][2]:N0} MiB; files {new DirectoryInfo(files).EnumerateFiles("*.pdf").Sum(file => file.Length) >> 20} MiB of PDF"));
        Console.WriteLine(FormattableString.Invariant($"{codes.Count} codes and {numbers.Count} numbers, {sealedTwice} twice; {printed ?? count} pages of letters, {reminders ?? count} of reminders{(printed is null ? " (not counted: pdfinfo is not on this machine)" : "")}"));
        return sealedTwice == 0 && codes.Count == count && (printed ?? count) == count && (reminders ?? count) == count;
    }

    // As a reader of PDF counts them; null without one.
    private static int? PagesOf(string folder, string word)
    {
        try
        {
            return Directory.GetFiles(folder, $"{word}-*.pdf").Sum(file => Figures.Start("pdfinfo", folder, file).Output.Split('\n').Where(line => line.StartsWith("Pages:", StringComparison.Ordinal)).Select(line => int.Parse(line[6..], CultureInfo.InvariantCulture)).Single());
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
