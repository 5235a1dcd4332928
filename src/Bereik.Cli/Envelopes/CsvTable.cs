using System.Text;
using Sylvan.Data.Csv;

namespace Bereik.Cli.Envelopes;

/// <summary>What is wrong in a CSV file.</summary>
/// <param name="Row">As a spreadsheet counts it: the names of the columns are row 1.</param>
/// <param name="Column">From 1; 0 when the whole row is meant.</param>
/// <param name="Code">Stable code.</param>
/// <param name="Sentence">In Dutch; never a value that was read.</param>
internal sealed record CsvError(int Row, int Column, string Code, string Sentence);

/// <summary>A CSV file: UTF-8, separator <c>;</c>, names of the columns first. What is read and written again has the same cells.</summary>
internal sealed record CsvTable(IReadOnlyList<string> Columns, IReadOnlyList<CsvRow> Rows)
{
    private const int MostCharactersInARow = 1 << 20;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the whole file, and collects what is wrong in every row.</summary>
    public static CsvTable Read(byte[] file, List<CsvError> errors)
    {
        var rows = new List<CsvRow>();
        var columns = new List<string>();
        if (FindEncodingError(file) is { } encoding)
        {
            errors.Add(encoding);
            return new CsvTable(columns, rows);
        }

        var row = 0;
        try
        {
            using var text = new StreamReader(new MemoryStream(file), Utf8, detectEncodingFromByteOrderMarks: true);
            using var csv = CsvDataReader.Create(text, new CsvDataReaderOptions { HasHeaders = false, Delimiter = ';', BufferSize = MostCharactersInARow });
            while (csv.Read())
            {
                row++;
                var cells = Enumerable.Range(0, csv.RowFieldCount).Select(csv.GetString).ToArray();
                if (row == 1) columns.AddRange(ReadNames(cells, errors));
                else if (cells is [""]) continue;
                else if (cells.Length != columns.Count) errors.Add(new CsvError(row, 0, "row.columns", FormattableString.Invariant($"De rij heeft {cells.Length} kolommen, en er zijn er {columns.Count}.")));
                else if (Array.FindIndex(cells, HasControl) is var wrong and >= 0) errors.Add(new CsvError(row, wrong + 1, "cell.control", "De cel bevat een stuurteken."));
                else rows.Add(new CsvRow(row, cells));
            }
        }
        catch (Exception broken) when (broken is CsvFormatException or FormatException or InvalidDataException)
        {
            errors.Add(new CsvError(row + 1, 0, "row.quotes", "De aanhalingstekens kloppen niet, of de rij is te lang. Wat erna komt, is niet gelezen."));
        }

        if (errors.Count == 0 && rows.Count == 0) errors.Add(new CsvError(Math.Max(row, 1), 0, "file.empty", "Het bestand heeft geen rijen."));
        return new CsvTable(columns, rows);
    }

    /// <summary>Writes it: a cell is in quotes only where it has to be, each row ends with one line feed.</summary>
    public void Write(TextWriter output)
    {
        WriteRow(output, Columns);
        foreach (var row in Rows) WriteRow(output, row.Cells);
    }

    private static void WriteRow(TextWriter output, IEnumerable<string> cells) => output.Write(string.Join(';', cells.Select(Cell)) + "\n");

    private static string Cell(string cell) => cell.AsSpan().ContainsAny(";\"\n\r") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;

    private static string[] ReadNames(string[] names, List<CsvError> errors)
    {
        for (var i = 0; i < names.Length; i++)
        {
            if (names[i].Length == 0 || HasControl(names[i]) || names[i] == HandPackage.RowMember) errors.Add(new CsvError(1, i + 1, "column.name", $"De kolom heeft geen bruikbare naam; {HandPackage.RowMember} is voorbehouden."));
            else if (Array.IndexOf(names, names[i]) < i) errors.Add(new CsvError(1, i + 1, "column.twice", "De naam van de kolom staat er twee keer."));
        }

        return names;
    }

    private static bool HasControl(string cell) => cell.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t'));

    private static CsvError? FindEncodingError(byte[] file)
    {
        if (System.Text.Unicode.Utf8.IsValid(file)) return null;
        System.Text.Unicode.Utf8.ToUtf16(file, new char[file.Length], out var read, out _, replaceInvalidSequences: false);
        return new CsvError(file.AsSpan(0, read).Count((byte)'\n') + 1, 0, "file.encoding", "Het bestand is geen UTF-8.");
    }
}

/// <summary>One row of cells.</summary>
/// <param name="Number">As a spreadsheet counts it.</param>
/// <param name="Cells">As many as there are columns.</param>
internal sealed record CsvRow(int Number, IReadOnlyList<string> Cells)
{
    /// <summary>The number, never a cell.</summary>
    public override string ToString() => FormattableString.Invariant($"row {Number}");
}
