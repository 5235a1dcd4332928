namespace Bereik.Local.Storage;

// A file that the organisation loaded. Kind: known or residents. State: offered or current.
internal sealed class PersonFile
{
    public long Id { get; init; }

    public required string Kind { get; init; }

    public required string State { get; set; }

    public required int Accepted { get; set; }

    public required int Rejected { get; set; }

    public required DateTimeOffset At { get; init; }
}

// Place and code of something that could not be read; never the value.
internal sealed class FileError
{
    public long Id { get; init; }

    public required long FileId { get; init; }

    public required int RowNumber { get; init; }

    public required string ColumnName { get; init; }

    public required string Code { get; init; }
}

internal sealed class KnownPerson
{
    public long Id { get; init; }

    public required long FileId { get; init; }

    public required string Insz { get; init; }

    public required DateOnly Opened { get; init; }

    public DateOnly? Closed { get; init; }

    public override string ToString() => "[persoon]";
}

internal sealed class Resident
{
    public long Id { get; init; }

    public required long FileId { get; init; }

    public required string Insz { get; init; }

    public string? GivenName { get; init; }

    public string? FamilyName { get; init; }

    public override string ToString() => "[persoon]";
}

internal sealed class LinkedNumber
{
    public required long FileId { get; init; }

    public required string Insz { get; init; }

    public required string Linked { get; init; }

    public override string ToString() => "[nummer]";
}
