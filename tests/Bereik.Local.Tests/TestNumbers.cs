using System.Globalization;
using Bereik.Sealing.Persons;

namespace Bereik.Local.Tests;

// Synthetic numbers (month + 60), all valid, one for each index.
internal static class TestNumbers
{
    public static readonly InszRules Rules = InszRules.WithSynthetic;

    public static string Of(int index)
    {
        var nine = 850_000_000L + 6_100_000L + (1 + index / 900 % 28) * 1_000L + 1 + index % 900;
        return nine.ToString("D9", CultureInfo.InvariantCulture) + (97 - nine % 97).ToString("D2", CultureInfo.InvariantCulture);
    }
}
