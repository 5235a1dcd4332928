namespace Bereik.Source.Register;

// One reading of the register, with its summary.
internal sealed class ImportRun
{
    public long Id { get; init; }

    public required DateTimeOffset At { get; init; }

    public DateTimeOffset? EndedAt { get; set; }

    public required ImportState State { get; set; }

    public int Added { get; set; }

    public int Changed { get; set; }

    public int Unchanged { get; set; }

    // What was there and is not any more, or cannot be read any more.
    public int Removed { get; set; }

    public int InError { get; set; }
}

internal enum ImportState
{
    Waiting,
    Busy,
    Done,
    Failed,
}

// What could not be read, and where. The file's name may be a national number.
internal sealed class ImportError
{
    public long Id { get; init; }

    public required long Run { get; init; }

    public required string File { get; init; }

    public required int Line { get; init; }

    // Column number in a message, column name in a CSV file.
    public required string ColumnAt { get; init; }

    public required string Code { get; init; }

    public override string ToString() => "[fout]";
}
