using System.Globalization;

namespace Bereik.Node.Ui;

/// <summary>A day as people here type it, and as programs do (nl: dag in een formulier).</summary>
public static class DayText
{
    private static readonly string[] Shapes = ["d/M/yyyy", "d-M-yyyy", "d.M.yyyy", "yyyy-M-d"];

    /// <summary>Reads a day: <c>23/11/2026</c>, with dashes or dots, or <c>2026-11-23</c>.</summary>
    /// <param name="text">What was typed; may be null.</param>
    /// <param name="day">The day, when the result is true.</param>
    /// <returns>False for anything else, and for a day that does not exist.</returns>
    public static bool TryParse(string? text, out DateOnly day) => DateOnly.TryParseExact(text?.Trim(), Shapes, CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    /// <summary>As a form shows it: <c>23/11/2026</c>.</summary>
    /// <param name="day">The day.</param>
    public static string Write(DateOnly day) => day.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture);
}
