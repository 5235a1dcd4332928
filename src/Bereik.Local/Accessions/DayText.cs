using System.Globalization;

namespace Bereik.Local.Accessions;

// A day as people here write it, and as programs do.
internal static class DayText
{
    private static readonly string[] Shapes = ["d/M/yyyy", "d-M-yyyy", "d.M.yyyy", "yyyy-M-d"];

    public static bool TryParse(string text, out DateOnly day) => DateOnly.TryParseExact(text.Trim(), Shapes, CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    public static string Write(DateOnly day) => day.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture);
}
