using System.Globalization;
using System.Text;
using Bereik.Magda;
using Bereik.Sealing.Persons;
using Sylvan.Data.Csv;

namespace Bereik.Source.Register;

// One row of the CSV register: a record under a name that stays the same when the row changes, or why it is none.
internal sealed record CsvRow(int Line, string Name, string Fields, RegisterRecord? Record, RecordError? Error)
{
    public override string ToString() => "[rij]";
}

// Reads the CSV register (docs/formats/register-csv.md), row by row. A row that is wrong gives an error and the rest goes on.
internal static class CsvRegister
{
    public static readonly IReadOnlyList<string> Columns =
    [
        "record", "insz", "given_names", "family_name", "birth_day", "deceased", "household", "address_kind", "safe_until", "nis", "street",
        "house_number", "box", "postcode", "place", "former", "child", "begin", "end",
    ];

    private const int MostCharactersInARow = 16 * 1024;

    public static IEnumerable<CsvRow> Read(string file, InszRules rules)
    {
        using var text = new StreamReader(file, new UTF8Encoding(false, throwOnInvalidBytes: true));
        var opened = Open(text);
        if (opened.Csv is not { } csv)
        {
            yield return Broken(1, opened.Error!);
            yield break;
        }

        using (csv)
        {
            if (FindHeaderError(csv) is { } header)
            {
                yield return Broken(1, header);
                yield break;
            }

            while (true)
            {
                CsvRow? failed = null;
                var more = false;
                try
                {
                    more = csv.Read();
                }
                catch (Exception broken) when (broken is CsvFormatException or CsvRecordTooLargeException or DecoderFallbackException or InvalidDataException)
                {
                    // Where one row ends and the next begins is lost.
                    failed = Broken(csv.RowNumber + 1, new RecordError(RegisterCodes.RowBroken, csv.RowNumber + 1, ""));
                }

                if (failed is not null) yield return failed;
                if (!more) yield break;
                yield return ReadRow(csv, rules);
            }
        }
    }

    private static (CsvDataReader? Csv, RecordError? Error) Open(StreamReader text)
    {
        try
        {
            return (CsvDataReader.Create(text, new CsvDataReaderOptions { Delimiter = ';', HasHeaders = true, Culture = CultureInfo.InvariantCulture, BufferSize = MostCharactersInARow, HeaderComparer = StringComparer.Ordinal }), null);
        }
        catch (Exception broken) when (broken is CsvMissingHeadersException or CsvFormatException or CsvRecordTooLargeException or DecoderFallbackException or InvalidOperationException)
        {
            return (null, new RecordError(RegisterCodes.HeaderMissing, 1, ""));
        }
    }

    private static RecordError? FindHeaderError(CsvDataReader csv)
    {
        var names = Enumerable.Range(0, csv.FieldCount).Select(csv.GetName).ToList();
        if (Columns.FirstOrDefault(column => !names.Contains(column)) is { } missing) return new RecordError(RegisterCodes.ColumnMissing, 1, missing);
        // The name of a foreign column is not repeated: who forgot the header has a person there.
        return names.Count != Columns.Count || names.Distinct().Count() != names.Count ? new RecordError(RegisterCodes.ColumnUnknown, 1, "") : null;
    }

    private static CsvRow Broken(int line, RecordError error) => new(line, "", "", null, error);

    private static CsvRow ReadRow(CsvDataReader csv, InszRules rules)
    {
        var row = new Row(csv, rules);
        // A separator that no field holds: what differs in any field differs here.
        var fields = string.Join('\u001f', Columns.Select(row.Text));
        var (name, record) = row.Text("record") switch
        {
            "person" => (row.Name("person", "insz"), Person(row)),
            "benefit" => (row.Name("benefit", "insz", "child", "begin"), Benefit(row)),
            "" => ("", row.Fail<RegisterRecord>(RegisterCodes.ValueMissing, "record")),
            _ => ("", row.Fail<RegisterRecord>(RegisterCodes.ValueShape, "record")),
        };
        return row.Error is { } wrong ? new CsvRow(row.Line, name, fields, null, wrong) : new CsvRow(row.Line, name, fields, record, null);
    }

    private static RegisterRecord Person(Row row)
    {
        var number = row.Number("insz");
        var kind = row.Word("address_kind", [("main", AddressKind.Main), ("reference", AddressKind.Reference), ("collective", AddressKind.Collective), ("safe", AddressKind.Safe), ("none", AddressKind.None)]);
        var nis = row.Optional("nis");
        if (nis is not null && (nis.Length != 5 || !nis.All(char.IsAsciiDigit))) row.Fail<string>(RegisterCodes.ValueShape, "nis");
        if (nis is null && kind is AddressKind.Main or AddressKind.Reference or AddressKind.Collective) row.Fail<string>(RegisterCodes.ValueMissing, "nis");
        return new RegisterRecord
        {
            Persons =
            [
                new PersonFact
                {
                    Number = number,
                    IsSubject = true,
                    Household = row.Optional("household") is { } household ? $"csv {household}" : null,
                    GivenNames = row.Required("given_names"),
                    FamilyName = row.Required("family_name"),
                    BirthDay = row.BirthDay("birth_day"),
                    IsDeceased = row.Word("deceased", [("", false), ("no", false), ("yes", true)]),
                    AddressKind = kind,
                    SafeUntil = row.Day("safe_until"),
                    Nis = nis,
                    Street = row.Optional("street"),
                    HouseNumber = row.Optional("house_number"),
                    Box = row.Optional("box"),
                    Postcode = row.Optional("postcode"),
                    Place = row.Optional("place"),
                },
            ],
            Links = row.Optional("former") is null ? [] : [(row.Number("former"), number)],
        };
    }

    private static RegisterRecord Benefit(Row row)
    {
        var (begin, end) = (row.Month("begin"), row.Optional("end") is null ? null : row.Month("end"));
        if (string.CompareOrdinal(end, begin) < 0 && end is not null) row.Fail<string>(RegisterCodes.PeriodReversed, "end");
        return new RegisterRecord { Benefits = [new BenefitFact(row.Number("child"), row.Number("insz"), true, begin, end)] };
    }

    // Reads the fields of one row and remembers the first that is wrong.
    private sealed class Row(CsvDataReader csv, InszRules rules)
    {
        public int Line { get; } = csv.RowNumber + 1;

        public RecordError? Error { get; private set; }

        public T Fail<T>(string code, string column)
        {
            Error ??= new RecordError(code, Line, column);
            return default!;
        }

        public string Text(string column)
        {
            var at = csv.GetOrdinal(column);
            return at < csv.RowFieldCount ? csv.GetString(at) : "";
        }

        // What the row is about, the same however its numbers are written; empty when that cannot be told.
        public string Name(string kind, params ReadOnlySpan<string> columns)
        {
            var name = kind;
            foreach (var column in columns)
            {
                var text = Text(column).Trim();
                if (column != "begin")
                {
                    if (Insz.Parse(text, rules, out var insz) != InszError.None) return "";
                    text = insz.Reveal();
                }

                name += $" {text}";
            }

            return name;
        }

        public string? Optional(string column) => Register.Text.Clean(Text(column));

        public string Required(string column) => Optional(column) ?? Fail<string>(RegisterCodes.ValueMissing, column);

        public string Number(string column) => Insz.Parse(Text(column), rules, out var insz) switch
        {
            InszError.None => insz.Reveal(),
            var wrong => Fail<string>(RegisterCodes.Of(wrong), column),
        };

        public string Month(string column) => Required(column) is var text && (text is null || PaymentMonth.TryParse(text, out _)) ? text! : Fail<string>(RegisterCodes.ValueShape, column);

        public string? Day(string column) => Optional(column) is not { } text || DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            ? Optional(column)
            : Fail<string>(RegisterCodes.ValueShape, column);

        // As a day, but month and day may be 00.
        public string? BirthDay(string column)
        {
            if (Optional(column) is not { } text) return null;
            var hasShape = text.Length == 10 && text[4] == '-' && text[7] == '-' && text.Where((_, at) => at is not (4 or 7)).All(char.IsAsciiDigit);
            return hasShape && int.Parse(text.AsSpan(5, 2), CultureInfo.InvariantCulture) <= 12 && int.Parse(text.AsSpan(8, 2), CultureInfo.InvariantCulture) <= 31
                ? text
                : Fail<string>(RegisterCodes.ValueShape, column);
        }

        public T Word<T>(string column, IReadOnlyList<(string Text, T Value)> words)
        {
            var text = Text(column).Trim();
            foreach (var (word, value) in words)
            {
                if (word == text) return value;
            }

            return Fail<T>(text.Length == 0 ? RegisterCodes.ValueMissing : RegisterCodes.ValueShape, column);
        }
    }
}
