namespace Bereik.Fuzz.Tests.Parsing;

// Every parser of foreign bytes. What is not here: spreadsheets (XLSX), which nothing reads, and compressed bodies, which nothing unpacks.
internal static class Parsers
{
    public static IReadOnlyList<ForeignParser> All { get; } = [.. FileParsers.All, .. DocumentParsers.All, .. EnvelopeParsers.All, .. LogParsers.All, .. KeyParsers.All];

    public static ForeignParser Of(string name) => All.Single(parser => parser.Name == name);
}
