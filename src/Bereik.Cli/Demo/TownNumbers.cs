using System.Globalization;

namespace Bereik.Cli.Demo;

/// <summary>
/// Hands out synthetic national numbers: month + 60, so that none can be a real person's, check digits of the century of birth, each
/// number once.
/// </summary>
internal sealed class TownNumbers
{
    private readonly Dictionary<int, (int Odd, int Even)> _used = [];

    /// <summary>A new number.</summary>
    /// <param name="born">The day of birth.</param>
    /// <param name="female">Whether the serial number is even.</param>
    public string Next(DateOnly born, bool female)
    {
        // Keyed by the six digits, not the day: 1925 and 2025 share them, and so share the serial numbers.
        int day;
        (int Odd, int Even) used;
        while (true)
        {
            day = ((born.Year % 100) * 10_000) + ((born.Month + 60) * 100) + born.Day;
            used = _used.GetValueOrDefault(day);
            if ((female ? used.Even : used.Odd) < 498)
                break;
            born = born.AddDays(-1);
        }

        var serial = female ? (used.Even + 1) * 2 : (used.Odd * 2) + 1;
        _used[day] = female ? (used.Odd, used.Even + 1) : (used.Odd + 1, used.Even);
        var nine = (day * 1000L) + serial;
        var check = 97 - ((born.Year >= 2000 ? nine + 2_000_000_000 : nine) % 97);
        return string.Create(CultureInfo.InvariantCulture, $"{nine:000000000}{check:00}");
    }
}
