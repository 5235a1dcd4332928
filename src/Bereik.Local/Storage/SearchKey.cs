using System.Globalization;
using System.Text;

namespace Bereik.Local.Storage;

// Lower case without accents, so that "de smèdt" finds "De Smedt"; house numbers so that 9 comes before 10.
internal static class SearchKey
{
    public static string Of(string text)
    {
        var key = new StringBuilder(text.Length);
        foreach (var c in text.Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark) continue;
            key.Append(char.IsLetterOrDigit(c) ? char.ToLowerInvariant(c) : ' ');
        }

        return string.Join(' ', key.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    public static string OfStreet(string street, string houseNumber, string? box)
    {
        var digits = new string([.. houseNumber.TakeWhile(char.IsAsciiDigit)]);
        return $"{Of(street)} {digits.PadLeft(6, '0')}{Of(houseNumber[digits.Length..])} {Of(box ?? "").PadLeft(6, '0')}";
    }
}
