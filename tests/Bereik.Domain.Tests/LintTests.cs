using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Bereik.Exchange.Protocols;
using Shouldly;
using Xunit;

namespace Bereik.Domain.Tests;

// Two hundred files with one fault each, made from a good one: every one is told by its code and its line, at once.
public sealed partial class LintTests(ITestOutputHelper output)
{
    private const int OfEachKind = 20;
    private static readonly string[] Good = Read("groeipakket-onbekend.yaml");

    public static TheoryData<string> Kinds => ["missing", "misspelt", "duplicated", "wrongly typed", "contradictory dates", "empty purpose", "retention without end", "unknown key", "bomb", "ten megabytes"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void File_WithOneFault_IsToldByCodeAndLine(string kind)
    {
        var faults = Make(kind).ToList();
        faults.Count.ShouldBe(OfEachKind);
        faults.Select(fault => fault.Text).Distinct().Count().ShouldBe(OfEachKind);
        foreach (var (text, code, line) in faults)
        {
            var watch = Stopwatch.StartNew();
            var file = ProtocolFile.Read(Encoding.UTF8.GetBytes(text));
            watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(1));
            file.Protocol.ShouldBeNull();
            file.Errors.Select(error => (error.Code, error.Line)).ShouldContain((code, line), $"{kind}: {string.Join("; ", file.Errors.Take(5))}");
        }

        output.WriteLine($"{kind}: {faults.Count} files, codes {string.Join(", ", faults.Select(fault => fault.Code).Distinct())}.");
    }

    [Fact]
    public void File_AsItShips_HasNoError() => ProtocolFile.Read(Encoding.UTF8.GetBytes(Text(Good))).Errors.ShouldBeEmpty();

    [Fact]
    public void File_WithSeveralFaults_IsToldAllOfThem()
    {
        var lines = Good.ToArray();
        Replace(lines, "    standing: proposed", "    standing: propozed", 0);
        Replace(lines, "    days: 28", "    days: many", 0);
        ProtocolFile.Read(Encoding.UTF8.GetBytes(Text(lines))).Errors.Select(error => error.Code).ShouldBe(["value.unknown", "value.type"]);
    }

    // What holds between the parts: each with the code of its rule.
    [Theory]
    [InlineData("    contactDays: 180", "    contactDays: 89", "retention.contradiction")]
    [InlineData("    withinDays: 60", "    withinDays: 180", null)]
    [InlineData("    evaluateAfterMonths: 12\n    noticeMonths", "    evaluateAfterMonths: 25\n    noticeMonths", "duration.contradiction")]
    [InlineData("    until: 2028-12-31", "    until: 2029-06-30", "force.tooLong")]
    [InlineData("    most: 150", "    most: 9", "waves.contradiction")]
    [InlineData("    disjointOperators: true", "    disjointOperators: false", "roles.operatorsOverlap")]
    [InlineData("      - party: hub\n        role: processor\n", "", "roles.incomplete")]
    [InlineData("    purpose: outreach", "    purpose: entitlement", "purpose.differs")]
    [InlineData("uses: [control, ", "uses: [outreach, ", "forbidden.missing")]
    [InlineData("uses: [control, ", "uses: [control, outreach, ", "forbidden.ownPurpose")]
    [InlineData("automaticGrant, sale", "sale", "forbidden.missing")]
    [InlineData("never: [insz,", "never: [insz, familyName,", "fields.sharedAndNever")]
    [InlineData("      - id: street\n", "      - id: insz\n", "fields.insz")]
    [InlineData("reasons: [safeAddress, ", "reasons: [", "exclusions.missing")]
    [InlineData("    professionalSecrecy: true", "    professionalSecrecy: false", "recipients.notBound")]
    [InlineData("    articles: [14, 15,", "    articles: [15,", "rights.missing")]
    [InlineData("    articles: [14, 15,", "    articles: [11, 14, 15,", "rights.unknown")]
    [InlineData("    floor: 5", "    floor: 0", "known.unbounded")]
    [InlineData("    countsOnly: true", "    countsOnly: false", "statistics.rows")]
    [InlineData("    byAllParties: true", "    byAllParties: false", "publication.partial")]
    [InlineData("    kind: protocol\n    state: unverified", "    kind: protocol\n    state: verified", "ground.notVerifiedByBoth")]
    [InlineData("    kind: protocol\n", "    kind: protocol\n    number: '21/001'\n", "authorisation.number")]
    [InlineData("    reasons: [order.monthInFuture]", "    reasons: [order.neverHeardOf]", "case.reasonUnknown")]
    [InlineData("    expect: refuse\n    reasons: [order.monthInFuture]", "    expect: permit\n    reasons: [order.monthInFuture]", "case.contradiction")]
    [InlineData("  - id: bezwaar\n", "  - id: bezwaren\n", "clause.unknown")]
    [InlineData("  - id: dpo\n", "  - id: partijen\n", "key.missing")]
    public void Rule_Broken_IsToldByItsCode(string old, string replaced, string? code)
    {
        var text = Text(Good);
        text.ShouldContain(old);
        var at = text.IndexOf(old, StringComparison.Ordinal);
        var errors = ProtocolFile.Read(Encoding.UTF8.GetBytes(string.Concat(text.AsSpan(0, at), replaced, text.AsSpan(at + old.Length)))).Errors.Select(error => error.Code).Distinct().ToList();
        if (code is null) errors.ShouldBeEmpty();
        else errors.ShouldContain(code);
    }

    // The words of a case are as closed as those of a clause.
    [Theory]
    [InlineData("    point: publish", "    point: publishing", "value.unknown")]
    [InlineData("    point: accede", "    point: join", "value.unknown")]
    [InlineData("accession: suspended }", "accession: paused }", "value.unknown")]
    [InlineData("accession: none }", "accession: ~ }", "yaml.ambiguous")]
    [InlineData("state: suspended }", "state: paused }", "value.unknown")]
    [InlineData("registerHours: 2 }", "registerHours: 2000 }", "value.range")]
    [InlineData("registerHours: 2 }", "registerHours: two }", "value.type")]
    [InlineData("stoppedDays: 31 }", "stoppedDays: -1 }", "value.range")]
    [InlineData("stoppedDays: 31 }", "stopDays: 31 }", "key.unknown")]
    [InlineData("measureFails: K17 }", "measureFails: K170 }", "value.shape")]
    [InlineData("body: mayorAndAldermen }", "body: mayor }", "value.unknown")]
    [InlineData("noticeFields: [familyName] }", "noticeFields: [surname] }", "value.unknown")]
    [InlineData("noticeFields: [familyName] }", "noticeFields: [familyName, familyName] }", "value.duplicate")]
    [InlineData("advised: false, ", "advised: no, ", "yaml.ambiguous")]
    [InlineData("signatures: false }", "signatures: 0 }", "value.type")]
    public void Case_WithAWordThatIsNone_IsToldByCodeAndLine(string old, string replaced, string code)
    {
        var at = Array.FindIndex(Good, line => line.Contains(old, StringComparison.Ordinal));
        at.ShouldBeGreaterThan(0);
        ProtocolFile.Read(Encoding.UTF8.GetBytes(Changed(at, Good[at].Replace(old, replaced, StringComparison.Ordinal)))).Errors.Select(error => (error.Code, error.Line)).ShouldContain((code, at + 1));
    }

    [Fact]
    public void Verified_WithBothOfficersByNameAndDay_IsAccepted()
    {
        var by = "\n    verifiedBy:\n      - party: source\n        by: DPO Opgroeien, A. Voorbeeld\n        on: 2026-11-02\n      - party: recipient\n        by: DPO OCMW, B. Voorbeeld\n        on: 2026-11-03";
        var text = Text(Good).Replace("    kind: protocol\n    state: unverified", "    kind: protocol\n    state: verified" + by, StringComparison.Ordinal);
        ProtocolFile.Read(Encoding.UTF8.GetBytes(text)).Errors.ShouldBeEmpty();
        ProtocolFile.Read(Encoding.UTF8.GetBytes(text.Replace("    state: verified\n", "    state: unverified\n", StringComparison.Ordinal))).Errors.Select(error => error.Code).ShouldContain("ground.stateDiffers");
        ProtocolFile.Read(Encoding.UTF8.GetBytes(text.Replace("on: 2026-11-03", "on: 2026-02-30", StringComparison.Ordinal))).Errors.Select(error => error.Code).ShouldContain("value.day");
    }

    [Theory]
    [InlineData("no", "yaml.ambiguous")]
    [InlineData("Yes", "yaml.ambiguous")]
    [InlineData("TRUE", "yaml.ambiguous")]
    [InlineData("~", "yaml.ambiguous")]
    [InlineData("null", "yaml.ambiguous")]
    [InlineData("0777", "yaml.ambiguous")]
    [InlineData("0o17", "yaml.ambiguous")]
    [InlineData("0x1F", "yaml.ambiguous")]
    [InlineData("1_000", "yaml.ambiguous")]
    [InlineData("1.0", "yaml.ambiguous")]
    [InlineData("1e3", "yaml.ambiguous")]
    [InlineData("+1", "yaml.ambiguous")]
    [InlineData("12:30", "yaml.ambiguous")]
    [InlineData(".inf", "yaml.ambiguous")]
    [InlineData("!!int '1'", "yaml.tag")]
    [InlineData("&a x", "yaml.anchor")]
    [InlineData("*a", "yaml.alias")]
    [InlineData("{ a: 1, a: 2 }", "yaml.duplicateKey")]
    [InlineData("{ ? [a] : 1 }", "yaml.key")]
    [InlineData("[", "yaml.syntax")]
    [InlineData("[\nx", "yaml.syntax")]
    [InlineData("x\n---\ny: 1", "yaml.severalDocuments")]
    [InlineData("'\u0007'", "yaml.control")]
    [InlineData("'\u202E'", "yaml.control")]
    public void Yaml_ThatMeansTwoThings_IsRefused(string value, string code) => Errors($"id: {value}\n").ShouldContain(code);

    [Theory]
    [InlineData("", "yaml.empty")]
    [InlineData("# nothing\n", "yaml.empty")]
    [InlineData("- a\n", "value.type")]
    [InlineData("word\n", "value.type")]
    public void File_ThatIsNoDocument_IsRefused(string text, string code) => Errors(text).ShouldContain(code);

    [Fact]
    public void File_ThatIsNotUtf8_IsRefused() => ProtocolFile.Read([0x69, 0x64, 0x3A, 0x20, 0xFF, 0xFE]).Errors.ShouldHaveSingleItem().Code.ShouldBe("yaml.notUtf8");

    private static List<string> Errors(string text) => [.. ProtocolFile.Read(Encoding.UTF8.GetBytes(text)).Errors.Select(error => error.Code)];

    private static IEnumerable<(string Text, string Code, int Line)> Make(string kind)
    {
        switch (kind)
        {
            case "missing":
                foreach (var at in Spread(line => Single().IsMatch(Good[line]) && InClause(line) && !Good[line].StartsWith("    id:", StringComparison.Ordinal)))
                    yield return (Text([.. Good.Where((_, index) => index != at)]), "key.missing", ClauseOf(at) + 1);
                break;
            case "misspelt":
                foreach (var at in Spread(line => Good[line].StartsWith("    standing: ", StringComparison.Ordinal))) yield return (Changed(at, Good[at] + "x"), "value.unknown", at + 1);
                break;
            case "duplicated":
                foreach (var at in Spread(line => Single().IsMatch(Good[line]))) yield return (Text([.. Good[..(at + 1)], Good[at], .. Good[(at + 1)..]]), "yaml.duplicateKey", at + 2);
                break;
            case "wrongly typed":
                foreach (var at in Spread(line => Number().IsMatch(Good[line]))) yield return (Changed(at, Number().Replace(Good[at], "$1'$2'")), "value.type", at + 1);
                break;
            case "contradictory dates":
                var (from, until) = (Find("    from: "), Find("    until: "));
                for (var i = 0; i < OfEachKind; i++)
                {
                    var lines = Good.ToArray();
                    var first = new DateOnly(2027, 1, 1).AddDays(i * 17);
                    (lines[from], lines[until]) = ($"    from: {Day(first)}", $"    until: {Day(first.AddDays(-i))}");
                    yield return (Text(lines), "force.contradiction", until + 1);
                }

                break;
            case "empty purpose":
                var purpose = Find("    purpose: ");
                foreach (var (at, key) in new[] { (purpose, "    purpose:"), (purpose + 2, "      nl:"), (purpose + 3, "      en:"), (purpose + 5, "      nl:"), (purpose + 6, "      en:") })
                {
                    Good[at].ShouldStartWith(key);
                    var word = key == "    purpose:";
                    yield return (Changed(at, key), "yaml.empty", at + 1);
                    yield return (Changed(at, key + " ''"), word ? "value.unknown" : "value.length", at + 1);
                    yield return (Changed(at, key + " '   '"), word ? "value.unknown" : "value.shape", at + 1);
                    yield return (Changed(at, key + " []"), "value.type", at + 1);
                }

                break;
            case "retention without end":
                foreach (var key in new[] { "    days: 90", "    contactDays: 180", "    hubHours: 24", "    days: 28" })
                {
                    var at = Find(key);
                    var name = key[..key.IndexOf(':', StringComparison.Ordinal)];
                    yield return (Changed(at, name + ": 99999"), "value.range", at + 1);
                    yield return (Changed(at, name + ": 0"), "value.range", at + 1);
                    yield return (Changed(at, name + ": oneindig"), "value.type", at + 1);
                    yield return (Changed(at, name + ": .inf"), "yaml.ambiguous", at + 1);
                    yield return (Changed(at, name + ": ~"), "yaml.ambiguous", at + 1);
                }

                break;
            case "unknown key":
                foreach (var at in Spread(line => Single().IsMatch(Good[line])))
                    yield return (Text([.. Good[..at], Good[at][..(Good[at].Length - Good[at].TrimStart().Length)] + "maxAge: 3", .. Good[at..]]), "key.unknown", at + 1);
                break;
            case "bomb":
                foreach (var at in Spread(line => Number().IsMatch(Good[line])).Take(8))
                {
                    yield return (Changed(at, Number().Replace(Good[at], "$1&a $2")), "yaml.anchor", at + 1);
                    yield return (Changed(at, Number().Replace(Good[at], "$1*a")), "yaml.alias", at + 1);
                }

                yield return ("a: &a [x,x,x,x,x,x,x,x,x]\n" + string.Concat(Enumerable.Range(0, 12).Select(i => $"b{i}: &b{i} [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n")), "yaml.anchor", 1);
                yield return ("id: " + new string('[', 50_000), "yaml.tooDeep", 1);
                yield return ("id: " + string.Concat(Enumerable.Repeat("{a: ", 20_000)), "yaml.tooDeep", 1);
                yield return (string.Concat(Enumerable.Range(0, 300).Select(i => new string(' ', i) + "a:\n")), "yaml.tooDeep", 26);
                break;
            default:
                for (var i = 0; i < OfEachKind; i++)
                {
                    var filling = (i % 4) switch { 0 => "# comment\n", 1 => "\n", 2 => $"  - id: clause-{i}\n", _ => "x" };
                    var text = new StringBuilder(Text(Good)).Append(CultureInfo.InvariantCulture, $"# {i}\n");
                    while (text.Length < 10_000_000 + i) text.Append(filling, 0, filling.Length);
                    yield return (text.ToString(), "yaml.tooLarge", 1);
                }

                break;
        }
    }

    // Twenty of the lines that are meant, from the whole file.
    private static IEnumerable<int> Spread(Func<int, bool> isMeant)
    {
        var all = Enumerable.Range(0, Good.Length).Where(isMeant).ToList();
        all.Count.ShouldBeGreaterThanOrEqualTo(OfEachKind);
        return Enumerable.Range(0, OfEachKind).Select(i => all[i * all.Count / OfEachKind]);
    }

    private static bool InClause(int line) => line > Find("clauses:") && line < Find("cases:");

    private static int ClauseOf(int line) => Enumerable.Range(0, line + 1).Last(at => Good[at].StartsWith("  - id: ", StringComparison.Ordinal));

    private static int Find(string start) => Array.FindIndex(Good, line => line.StartsWith(start, StringComparison.Ordinal));

    private static string Changed(int at, string line) => Text([.. Good[..at], line, .. Good[(at + 1)..]]);

    private static void Replace(string[] lines, string old, string now, int skip) => lines[Enumerable.Range(0, lines.Length).Where(at => lines[at] == old).Skip(skip).First()] = now;

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Text(string[] lines) => string.Join('\n', lines) + "\n";

    private static string[] Read(string name)
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Bereik.slnx"))) folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar))!;
        return File.ReadAllLines(Path.Combine(folder, "protocols", name));
    }

    // A key and its value on one line, in a clause.
    [GeneratedRegex(@"^    [a-zA-Z]+: [^|>]")]
    private static partial Regex Single();

    [GeneratedRegex(@"^(\s+[a-zA-Z]+: )([0-9]+)$")]
    private static partial Regex Number();
}
