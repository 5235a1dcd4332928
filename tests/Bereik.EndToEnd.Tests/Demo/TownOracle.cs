using System.Globalization;
using System.Text.Json;
using Bereik.EndToEnd.Tests.Scanning;

namespace Bereik.EndToEnd.Tests.Demo;

/// <summary>
/// What each organisation must receive, computed from the plain truth of the town with ordinary sets. It shares no code with the selection,
/// the tokens or the hub.
/// </summary>
internal sealed class TownOracle
{
    private readonly JsonElement root;
    private readonly DateOnly today;
    private readonly string month;

    public TownOracle(string file)
    {
        root = JsonDocument.Parse(File.ReadAllText(file)).RootElement;
        today = DateOnly.Parse(Text(root, "today")!, CultureInfo.InvariantCulture);
        month = Text(root, "referenceMonth")!;
    }

    public IEnumerable<(string Nis, string Gemeente, string Ocmw)> Municipalities =>
        root.GetProperty("municipalities").EnumerateArray().Select(one => (Text(one, "nis")!, Text(one, "gemeente")!, Text(one, "ocmw")!));

    /// <summary>Everything about persons in the town that is long enough not to stand somewhere by chance: names, addresses and numbers.</summary>
    public IEnumerable<string> Words() => AllWords().Where(word => System.Text.Encoding.UTF8.GetByteCount(word) >= PersonScanner.Shortest);

    private IEnumerable<string> AllWords()
    {
        foreach (var family in Families())
        {
            foreach (var person in People(family))
            {
                yield return Text(person, "insz")!;
                foreach (var linked in Strings(person, "linked")) yield return linked;
                yield return $"{Text(person, "givenName")} {Text(person, "familyName")}";
            }

            foreach (var home in family.GetProperty("homes").EnumerateArray().Where(home => Text(home, "street") is not null))
            {
                yield return $"{Text(home, "street")} {Text(home, "number")}";
                if (Text(home, "street")!.Length >= 10) yield return Text(home, "street")!;
            }
        }
    }

    /// <summary>One line a household: names in order, then the address.</summary>
    public IReadOnlyList<string> Unknown(string nis, string ocmw)
    {
        var known = KnownTo(ocmw);
        var households = new List<string>();
        foreach (var family in Families())
        {
            var addressees = family.GetProperty("children").EnumerateArray().SelectMany(Payees).ToHashSet();
            foreach (var home in family.GetProperty("homes").EnumerateArray())
            {
                if (Text(home, "kind") == "safe" || Text(home, "registerNis") is null || Text(home, "nis") != nis) continue;
                var id = Text(home, "id");
                var here = People(family).Where(person => Text(person, "home") == id).ToList();
                var named = here.Where(person => addressees.Contains(Text(person, "insz")!) && !person.GetProperty("deceased").GetBoolean() && IsAdult(person)).ToList();
                if (named.Count == 0) continue;
                if (here.Where(IsAdult).Any(person => Numbers(person).Any(known.Contains))) continue;
                var names = string.Join(" + ", named.Select(person => $"{Text(person, "givenName")} {Text(person, "familyName")}").Order(StringComparer.Ordinal));
                households.Add($"{names} | {Text(home, "street")} {Text(home, "number")} {Text(home, "box")} {Text(home, "postcode")}");
            }
        }

        return households;
    }

    /// <summary>The residents of a gemeente with the social supplement, by the number in its own file.</summary>
    public IReadOnlySet<string> Match(string gemeente, string nis)
    {
        var found = new HashSet<string>();
        foreach (var family in Families())
        {
            var homes = family.GetProperty("homes").EnumerateArray().ToDictionary(home => Text(home, "id")!);
            foreach (var child in family.GetProperty("children").EnumerateArray().Where(child => Text(child, "residentOf") == gemeente && Payees(child).Any()))
            {
                var home = homes[Text(child, "home")!];
                if (Text(home, "registerNis") is null || Text(home, "nis") == nis) found.Add(Strings(child, "linked").LastOrDefault() ?? Text(child, "insz")!);
            }
        }

        return found;
    }

    private HashSet<string> KnownTo(string ocmw)
    {
        var known = new HashSet<string>();
        foreach (var person in Families().SelectMany(People))
        {
            if (person.GetProperty("known").EnumerateArray().Any(file => Text(file, "ocmw") == ocmw && IsLive(file))) known.UnionWith(Numbers(person));
        }

        return known;
    }

    private bool IsLive(JsonElement file) =>
        Text(file, "closed") is not { } closed || DateOnly.Parse(closed, CultureInfo.InvariantCulture) > today.AddMonths(-24);

    private bool IsAdult(JsonElement person) => DateOnly.Parse(Text(person, "birthDate")!, CultureInfo.InvariantCulture).AddYears(18) <= today;

    // Months in the form yyyy-MM compare as text.
    private IEnumerable<string> Payees(JsonElement child) => child.GetProperty("periods").EnumerateArray()
        .Where(period => Text(period, "category") == "SOCIAAL" && string.CompareOrdinal(Text(period, "begin"), month) <= 0 && (Text(period, "end") is not { } end || string.CompareOrdinal(month, end) <= 0))
        .SelectMany(period => Strings(period, "beneficiaries"));

    private JsonElement.ArrayEnumerator Families() => root.GetProperty("families").EnumerateArray();

    private static IEnumerable<JsonElement> People(JsonElement family) => family.GetProperty("adults").EnumerateArray().Concat(family.GetProperty("children").EnumerateArray());

    private static IEnumerable<string> Numbers(JsonElement person) => Strings(person, "linked").Prepend(Text(person, "insz")!);

    private static IEnumerable<string> Strings(JsonElement element, string name) => element.GetProperty(name).EnumerateArray().Select(text => text.GetString()!);

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
