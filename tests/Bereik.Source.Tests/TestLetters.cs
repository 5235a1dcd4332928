using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Bereik.Exchange.Invitations;
using Bereik.Exchange.Letters;
using Bereik.Sealing.Invitations;
using Bereik.Source.Letters;
using Xunit;

namespace Bereik.Source.Tests;

// Letters with invented people, and the programs that open them as a reader, a printer and a telephone do.
internal static partial class TestLetters
{
    // As the wave draws them.
    public static readonly string Code = CodeOf(0);

    public static readonly LetterRules Rules = new() { AnswerPage = new("https://antwoord.bereik.example/") };

    public static LetterTemplate Template => LetterFile.Shipped;

    public static IReadOnlyDictionary<string, string> Parts => LetterText.Examples(Template);

    public static Letter Letter { get; } = new() { Name = "Fatima El Idrissi", Address = ["Lange Nieuwstraat 124 bus 3", "9999 Voorbeeldstad"], Number = LetterNumber.Random().Printed, Code = Code };

    public static string CodeOf(int index)
    {
        using var wave = WaveCodes.Import(new byte[WaveCodes.KeyLength]);
        using var code = wave.Code(index);
        var printed = new char[SecretCode.PrintedLength];
        code.Print(printed);
        return new string(printed);
    }

    public static LetterWriter Writer(LetterVariant variant = LetterVariant.First, LetterTemplate? template = null, LetterRules? rules = null, params IEnumerable<(string Part, string Value)> parts)
    {
        var values = new Dictionary<string, string>(Parts);
        foreach (var (part, value) in parts) values[part] = value;
        return new(template ?? Template, variant, values, rules ?? Rules);
    }

    // The same text with other words in one block, or with a change to it.
    public static LetterTemplate With(string block, Func<LetterBlock, LetterBlock> change) => Template with { Blocks = [.. Template.Blocks.Select(known => known.Id == block ? change(known) : known)] };

    public static LetterTemplate With(string block, string words) => With(block, known => known with { Text = words });

    public static (string File, List<LetterOutcome> Outcomes) Write(string folder, LetterWriter writer, params IReadOnlyList<Letter> letters)
    {
        var outcomes = new List<LetterOutcome>();
        var file = Path.Combine(folder, "brieven.pdf");
        using (var stream = File.Create(file)) writer.Write(stream, letters, (_, outcome) => outcomes.Add(outcome));
        return (file, outcomes);
    }

    public static string Run(string program, params IReadOnlyList<string> arguments)
    {
        Process process;
        try
        {
            process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = System.Text.Encoding.UTF8 })!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"{program} is not on this machine: apt-get install poppler-utils zbar-tools");
            return "";
        }

        using (process)
        {
            var errors = process.StandardError.ReadToEndAsync();
            var said = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? said : throw new InvalidOperationException($"{program}: {errors.GetAwaiter().GetResult()}");
        }
    }

    // The words of a file as it says them itself, in the order in which they are read aloud; a page an entry.
    public static IReadOnlyList<string> Pages(string file) =>
        [.. Run("pdftotext", "-raw", "-enc", "UTF-8", file, "-").Split('\f', StringSplitOptions.RemoveEmptyEntries).Select(page => Space().Replace(page, " ").Trim())];

    // The words of a page with the box of each line of type, in millimetres.
    public static IReadOnlyList<(string Word, Box Box)> Words(string file, int page)
    {
        var at = page.ToString(CultureInfo.InvariantCulture);
        return [.. Word().Matches(Run("pdftotext", "-bbox", "-f", at, "-l", at, file, "-")).Select(match => (System.Net.WebUtility.HtmlDecode(match.Groups[5].Value), new Box(Millimetres(match, 1), Millimetres(match, 2), Millimetres(match, 3), Millimetres(match, 4))))];
    }

    // Where there is ink on a page as it is printed: grey values below half, as points in millimetres.
    public static IReadOnlyList<(float X, float Y)> Ink(string file, int page, Box within)
    {
        const int Resolution = 150;
        const float Dot = 25.4f / Resolution;
        var at = page.ToString(CultureInfo.InvariantCulture);
        var picture = Path.Combine(Path.GetDirectoryName(file)!, $"inkt-{at}");
        Run("pdftoppm", "-r", Resolution.ToString(CultureInfo.InvariantCulture), "-gray", "-singlefile", "-f", at, "-l", at, file, picture);
        var bytes = File.ReadAllBytes($"{picture}.pgm");
        var head = Head().Match(System.Text.Encoding.ASCII.GetString(bytes, 0, 40));
        var (width, start) = (int.Parse(head.Groups[1].Value, CultureInfo.InvariantCulture), head.Length);
        var ink = new List<(float, float)>();
        for (var index = start; index < bytes.Length; index++)
        {
            var (x, y) = ((index - start) % width * Dot, (index - start) / width * Dot);
            if (bytes[index] < 128 && x >= within.Left && x <= within.Right && y >= within.Top && y <= within.Bottom) ink.Add((x, y));
        }

        return ink;
    }

    private static float Millimetres(Match match, int group) => float.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture) * 25.4f / 72;

    [GeneratedRegex(@"[\s\u00A0]+")]
    private static partial Regex Space();

    [GeneratedRegex("<word xMin=\"([0-9.]+)\" yMin=\"([0-9.]+)\" xMax=\"([0-9.]+)\" yMax=\"([0-9.]+)\">(.*?)</word>")]
    private static partial Regex Word();

    [GeneratedRegex(@"\AP5\s+([0-9]+)\s+([0-9]+)\s+[0-9]+\s")]
    private static partial Regex Head();
}
