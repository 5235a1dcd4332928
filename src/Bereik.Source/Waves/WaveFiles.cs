using System.Globalization;
using System.Text.RegularExpressions;

namespace Bereik.Source.Waves;

// The files of waves in the data folder: those for the printer, and for a moment those for the hub (nl: bestanden van een golf).
internal static partial class WaveFiles
{
    // Fourteen days from when they were made; an hour less, so that a look that comes late is not too late.
    public static readonly TimeSpan Longest = TimeSpan.FromDays(14) - TimeSpan.FromHours(1);

    public static string FolderOf(SourceSettings settings, string wave) => Path.Combine(settings.DataFolder, "waves", wave);

    public static string ObjectionFolder(SourceSettings settings) => Path.Combine(settings.DataFolder, "bezwaren");

    public static string LettersName(int part) => Name("brieven", part, "pdf");

    public static string RemindersName(int part) => Name("herinnering", part, "pdf");

    public static string TextName(int part) => Name("brieven", part, "ndjson");

    public static string SealedName(int part) => Name("verzegeld", part, "ndjson");

    public static string ObjectionName(string batch) => $"bevestiging-{batch}.pdf";

    // Names of files that a page may hand out: what is for a printer, and nothing else that lies there.
    public static bool IsForPrinter(string name) => Printed().IsMatch(name);

    // Those for the printer, whole, in the order in which they are printed.
    public static IReadOnlyList<string> ForPrinter(string folder) =>
        Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)).Where(IsForPrinter).Order(StringComparer.Ordinal)] : [];

    // SECURITY: names, addresses and codes: its owner's alone.
    public static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    // INVARIANT: a file is whole under its name or not there: written beside it, on the disk, and only then renamed. What says false leaves nothing.
    public static void Write(string folder, string name, Func<Stream, bool> write)
    {
        var (file, beside) = (Path.Combine(folder, name), Path.Combine(folder, name + ".part"));
        bool isWhole;
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 1 << 16 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var output = new FileStream(beside, options))
        {
            isWhole = write(output);
            output.Flush(flushToDisk: true);
        }

        if (isWhole) File.Move(beside, file, overwrite: true);
        else File.Delete(beside);
    }

    // How many files were deleted.
    public static int Delete(string folder)
    {
        var count = 0;
        foreach (var file in Directory.Exists(folder) ? Directory.GetFiles(folder) : [])
        {
            File.Delete(file);
            count++;
        }

        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        return count;
    }

    private static string Name(string word, int part, string kind) => string.Create(CultureInfo.InvariantCulture, $"{word}-{part + 1:D3}.{kind}");

    [GeneratedRegex(@"\A(?:brieven|herinnering)-[0-9]{3,4}\.pdf\z", RegexOptions.CultureInvariant)]
    private static partial Regex Printed();
}
