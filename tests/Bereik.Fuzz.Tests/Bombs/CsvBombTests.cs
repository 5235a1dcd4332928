using Bereik.Fuzz.Tests.Parsing;
using Bereik.Source.Register;
using Xunit;

namespace Bereik.Fuzz.Tests.Bombs;

// Lists of people: a line, a field and the number of columns have an end.
public sealed class CsvBombTests
{
    // A file is read through a buffer: what it costs does not grow with its lines. A row of separators alone is the dearest.
    private const long Most = 64L << 20;

    public static TheoryData<string, string, string> Bombs => new()
    {
        { "persons-known", "columns", "file.header" },
        { "persons-known", "one line", "file.header" },
        { "persons-known", "a field", "file.quotes" },
        { "persons-known", "fields", "file.quotes" },
        { "persons-known", "a quote without end", "file.quotes" },
        { "persons-residents", "columns", "file.header" },
        { "persons-residents", "one line", "file.quotes" },
        { "persons-residents", "a field", "file.quotes" },
        { "register-csv", "columns", RegisterCodes.HeaderMissing },
        { "register-csv", "one line", RegisterCodes.HeaderMissing },
        { "register-csv", "a field", RegisterCodes.RowBroken },
        { "register-csv", "fields", RegisterCodes.RowBroken },
        { "register-csv", "a quote without end", RegisterCodes.RowBroken },
    };

    [Theory]
    [MemberData(nameof(Bombs))]
    public void File_ThatIsABomb_IsRefusedInTimeAndMemory(string parser, string kind, string code)
    {
        var header = System.Text.Encoding.UTF8.GetString(Corpus.Of(parser)[0]);
        var bomb = Bomb.Of(kind switch
        {
            "columns" => new string(';', 8 << 20),
            "one line" => new string('9', 8 << 20),
            "a field" => $"{header}{new string('9', 8 << 20)};",
            "fields" => header + new string(';', 8 << 20),
            _ => $"{header}\"{Bomb.Many("x;\n", 2 << 20)}",
        });
        Bomb.ShouldEnd(bomb, input => Parsers.Of(parser).Read(input).Code, code, Most);
    }
}
