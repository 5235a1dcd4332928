using System.Globalization;
using System.Text;
using Bereik.Sealing.Persons;
using Sylvan.Data.Csv;

namespace Bereik.Local.Files;

// One row that could be read. Opened and closed for known clients only, names for residents only.
internal sealed record PersonRow(string Insz, IReadOnlyList<string> Linked, DateOnly Opened, DateOnly? Closed, string? GivenName, string? FamilyName)
{
    public override string ToString() => "[persoon]";
}

// Where something could not be read: the row as a spreadsheet counts it, the column's name, a stable code. Never the value.
internal sealed record RowError(int Row, string Column, string Code);

// How many rows were good and not; at most MostErrors are told one by one.
internal sealed record FileCount(int Accepted, int Rejected, IReadOnlyList<RowError> Errors)
{
    // Of a file that came out of a list: what its first line says of it.
    public ListOrigin? Origin { get; init; }
}

/// <summary>
/// Reads a file of people: <c>insz;opened;closed;linked</c> for known clients, <c>insz;given_name;family_name;linked</c> or one number a line
/// for residents. Separator ; or , as the first line shows; UTF-8; days yyyy-MM-dd. Good rows go on beside bad ones.
/// A file that says that it came out of a list is refused as a whole: its rows were received for another purpose.
/// </summary>
internal sealed class PersonFileReader(string kind, InszRules rules, DateOnly today)
{
    public const int MostErrors = 1000;

    /// <summary>The code of a file that came out of a list.</summary>
    public const string OtherPurpose = "file.otherPurpose";
    private const int MostFieldLength = 400;
    private const int MostFirstLine = 4096;

    // The library's table of fields grows by steps, so that a row of separators alone costs the square of its length.
    private const int MostCharactersInARow = 16 * 1024;

    private static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly List<RowError> errors = [];
    private readonly Dictionary<string, int> columns = new(StringComparer.OrdinalIgnoreCase);
    private int accepted;
    private int rejected;

    private bool IsKnown => kind == "known";

    // SECURITY: one of the columns is enough, in any order and case: fewer are left of a file from which somebody took some away.
    private bool IsOfAList => ListOrigin.Columns.Any(columns.ContainsKey);

    /// <summary>Reads a seekable stream; each good row goes to <paramref name="take"/>.</summary>
    public async Task<FileCount> ReadAsync(Stream file, Func<PersonRow, ValueTask> take, CancellationToken cancel)
    {
        try
        {
            var row = 0;
            var first = await FirstLineAsync(file, cancel);
            if (first.Length == 0) return Whole("file.empty");
            var delimiter = first.Count(c => c == ';') >= first.Count(c => c == ',') ? ';' : ',';
            if (ReadHeader(first, delimiter) is { } missing && !IsOfAList) return missing;
            using var text = new StreamReader(file, Utf8, detectEncodingFromByteOrderMarks: true, leaveOpen: true);
            using var csv = CsvDataReader.Create(text, new CsvDataReaderOptions { HasHeaders = false, Delimiter = delimiter, BufferSize = MostCharactersInARow });
            var hasHeader = columns.Count > 1 || IsHeaderCell(first) || IsOfAList;
            while (await csv.ReadAsync(cancel))
            {
                row++;
                if (row == 1 && hasHeader) continue;
                if (IsBlank(csv)) continue;
                if (IsOfAList || HasPurpose(csv)) return OfAList(Cell(csv, ListOrigin.ProtocolColumn), Cell(csv, ListOrigin.ClauseColumn));
                if (Read(csv, row) is { } person)
                {
                    accepted++;
                    await take(person);
                }
                else
                {
                    rejected++;
                }
            }
        }
        catch (DecoderFallbackException)
        {
            return Whole("file.encoding");
        }
        catch (Exception broken) when (broken is CsvFormatException or FormatException or InvalidDataException)
        {
            return Whole("file.quotes");
        }

        if (IsOfAList) return OfAList("", "");
        return accepted + rejected == 0 ? Whole("file.empty") : new FileCount(accepted, rejected, errors);
    }

    // A first line that is longer than any header is cut: it names no column, so nothing more of the file is read.
    private static async Task<string> FirstLineAsync(Stream file, CancellationToken cancel)
    {
        using var text = new StreamReader(file, Utf8, detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        var start = new char[MostFirstLine];
        var length = await text.ReadBlockAsync(start, cancel);
        file.Position = 0;
        var line = start.AsSpan(0, length);
        if (line.IndexOfAny('\r', '\n') is >= 0 and var end) line = line[..end];
        return line.Trim().ToString();
    }

    // Null when the columns are known; a file of residents may also be one number a line, without a header.
    private FileCount? ReadHeader(string line, char delimiter)
    {
        var cells = line.Split(delimiter).Select(cell => cell.Trim().Trim('"').Trim()).ToList();
        for (var i = 0; i < cells.Count; i++) columns.TryAdd(cells[i], i);
        if (columns.ContainsKey("insz") && (!IsKnown || columns.ContainsKey("opened"))) return null;
        if (IsKnown || cells.Count > 1 || !cells[0].Any(char.IsAsciiDigit)) return Whole("file.header");
        columns.Clear();
        columns["insz"] = 0;
        return null;
    }

    private static bool IsHeaderCell(string line) => line.Trim('"', ' ').Equals("insz", StringComparison.OrdinalIgnoreCase);

    private static bool IsBlank(CsvDataReader csv)
    {
        for (var i = 0; i < csv.RowFieldCount; i++)
        {
            if (!csv.GetFieldSpan(i).IsWhiteSpace()) return false;
        }

        return true;
    }

    // Where the titles are gone, or others.
    private static bool HasPurpose(CsvDataReader csv)
    {
        for (var i = 0; i < csv.RowFieldCount; i++)
        {
            if (ListOrigin.IsPurpose(csv.GetFieldSpan(i))) return true;
        }

        return false;
    }

    private PersonRow? Read(CsvDataReader csv, int row)
    {
        if (csv.RowFieldCount < (IsKnown ? 2 : 1) || csv.RowFieldCount > Math.Max(columns.Values.Max() + 1, 1))
        {
            return Fail(row, "", "row.columns");
        }

        var code = Insz.Parse(Cell(csv, "insz"), rules, out var insz);
        if (code != InszError.None) Note(row, "insz", Code(code));
        var linked = ReadLinked(csv, row);
        if (!IsKnown) return code == InszError.None ? new PersonRow(insz.Reveal(), linked, default, null, Name(csv, "given_name"), Name(csv, "family_name")) : null;

        var opened = ReadDay(csv, row, "opened", required: true);
        var closed = ReadDay(csv, row, "closed", required: false);
        if (code != InszError.None || opened.IsWrong || closed.IsWrong) return null;
        if (closed.Day < opened.Day) return Fail(row, "closed", "date.order");
        return new PersonRow(insz.Reveal(), linked, opened.Day!.Value, closed.Day, null, null);
    }

    // A wrong linked number is told; the row itself stays, since its own number is right.
    private List<string> ReadLinked(CsvDataReader csv, int row)
    {
        var numbers = new List<string>();
        foreach (var part in Cell(csv, "linked").Split([' ', '|'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var code = Insz.Parse(part, rules, out var insz);
            if (code == InszError.None) numbers.Add(insz.Reveal());
            else Note(row, "linked", Code(code));
        }

        return numbers;
    }

    private (DateOnly? Day, bool IsWrong) ReadDay(CsvDataReader csv, int row, string column, bool required)
    {
        var text = Cell(csv, column).Trim();
        if (text.Length == 0)
        {
            if (required) Note(row, column, "date.missing");
            return (null, required);
        }

        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            var isSerial = text.Length is 4 or 5 && text.All(char.IsAsciiDigit);
            Note(row, column, isSerial ? "date.serial" : "date.shape");
            return (null, true);
        }

        if (day <= today) return (day, false);
        Note(row, column, "date.future");
        return (null, true);
    }

    private string Cell(CsvDataReader csv, string column) =>
        columns.TryGetValue(column, out var index) && index < csv.RowFieldCount ? csv.GetString(index) : "";

    private string? Name(CsvDataReader csv, string column)
    {
        var text = Cell(csv, column).Trim();
        return text.Length == 0 ? null : text[..Math.Min(text.Length, MostFieldLength)];
    }

    private static string Code(InszError error)
    {
        var name = error.ToString();
        return $"insz.{char.ToLowerInvariant(name[0])}{name[1..]}";
    }

    private PersonRow? Fail(int row, string column, string code)
    {
        Note(row, column, code);
        return null;
    }

    private void Note(int row, string column, string code)
    {
        if (errors.Count < MostErrors) errors.Add(new RowError(row, column, code));
    }

    // Nothing of the file is used: a half-read file would look whole.
    private static FileCount Whole(string code) => new(0, 0, [new RowError(1, "", code)]);

    private static FileCount OfAList(string protocol, string clause) => Whole(OtherPurpose) with { Origin = new ListOrigin(protocol.Trim(), clause.Trim()) };
}
