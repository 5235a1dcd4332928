using System.Globalization;

namespace Bereik.Domain;

/// <summary>
/// The quarter in which pseudonym keys live (nl: periode van de pseudoniemsleutels). Tokens of two epochs never meet.
/// Shape on the wire: <c>2026Q4</c>. Quarters are counted in Europe/Brussels.
/// </summary>
/// <param name="Year">Year, four digits.</param>
/// <param name="Quarter">1 to 4.</param>
public readonly record struct Epoch(int Year, int Quarter)
{
    /// <summary>The epoch that an instant lies in.</summary>
    /// <param name="instant">Any instant.</param>
    public static Epoch At(DateTimeOffset instant)
    {
        var day = BelgianTime.DayOf(instant);
        return new Epoch(day.Year, (day.Month - 1) / 3 + 1);
    }

    /// <summary>The first instant after this epoch, UTC.</summary>
    public DateTimeOffset End
    {
        get
        {
            var next = Quarter == 4 ? new DateOnly(Year + 1, 1, 1) : new DateOnly(Year, Quarter * 3 + 1, 1);
            return BelgianTime.StartOf(next);
        }
    }

    /// <summary>Reads <c>yyyyQn</c>.</summary>
    /// <param name="text">The text; may be null.</param>
    /// <param name="epoch">The epoch, when the result is true.</param>
    /// <returns>False when it has another shape.</returns>
    public static bool TryParse(string? text, out Epoch epoch)
    {
        epoch = default;
        if (text is not { Length: 6 } || text[4] != 'Q' || text[5] is < '1' or > '4') return false;
        if (!int.TryParse(text.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var year)) return false;
        if (year is < 2000 or > 2999) return false;
        epoch = new Epoch(year, text[5] - '0');
        return true;
    }

    /// <summary>As <c>yyyyQn</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Year:0000}Q{Quarter}");
}
