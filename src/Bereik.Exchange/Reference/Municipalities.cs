using System.Globalization;

namespace Bereik.Exchange.Reference;

/// <summary>
/// The Flemish municipalities (nl: gemeenten) by NIS code: 300 up to 2024 and 285 since 1 January 2025. The facts are in
/// <c>municipalities.csv</c> beside this file and travel inside the assembly.
/// </summary>
public static class Municipalities
{
    private static readonly Lazy<Dictionary<string, Municipality>> ByCode = new(Load);

    /// <summary>Every municipality, those of before a merger included, by NIS code.</summary>
    public static IReadOnlyCollection<Municipality> All => ByCode.Value.Values;

    /// <summary>The municipality with a NIS code, whenever it was valid; null when there is none.</summary>
    /// <param name="nisCode">Five digits.</param>
    public static Municipality? Find(string nisCode) => ByCode.Value.GetValueOrDefault(nisCode);

    /// <summary>What a NIS code stands for on a day. A code of before a merger leads to the municipality of after it.</summary>
    /// <param name="nisCode">The code as it stands in a register; null or any other text is unknown.</param>
    /// <param name="day">The day, Europe/Brussels.</param>
    public static MunicipalityLookup Resolve(string? nisCode, DateOnly day)
    {
        if (nisCode is null || Find(nisCode) is not { } former)
            return new MunicipalityLookup.Unknown();

        var current = former;
        while (!current.IsValidOn(day))
        {
            // A code that is not valid yet is not mapped back: which of the merged municipalities it meant cannot be told.
            if (current.ValidTo is not { } last || day <= last || current.MergedInto is not { } next || Find(next) is not { } successor)
                return new MunicipalityLookup.Unknown();
            current = successor;
        }

        return ReferenceEquals(current, former) ? new MunicipalityLookup.Current(current) : new MunicipalityLookup.Merged(current, former);
    }

    private static Dictionary<string, Municipality> Load()
    {
        const string Header = "nis,name,province,inhabitants,ovo,valid_from,valid_to,merged_into";
        using var stream = typeof(Municipalities).Assembly.GetManifestResourceStream("Bereik.Exchange.Reference.municipalities.csv")
            ?? throw new InvalidOperationException("municipalities.csv is not in the assembly.");
        using var reader = new StreamReader(stream);
        if (reader.ReadLine() != Header)
            throw new InvalidOperationException("municipalities.csv has other columns.");

        Dictionary<string, Municipality> all = new(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            var field = line.Split(',');
            all.Add(field[0], new Municipality
            {
                NisCode = field[0],
                Name = field[1],
                Province = field[2],
                Inhabitants = int.Parse(field[3], CultureInfo.InvariantCulture),
                OvoCode = field[4],
                ValidFrom = Day(field[5]),
                ValidTo = Day(field[6]),
                MergedInto = field[7].Length == 0 ? null : field[7],
            });
        }

        return all;
    }

    private static DateOnly? Day(string text) => text.Length == 0 ? null : DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
