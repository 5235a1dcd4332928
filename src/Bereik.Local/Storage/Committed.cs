namespace Bereik.Local.Storage;

// The padded tree over everybody in a package, and the document that puts its root in the log.
internal sealed class PersonRoot
{
    public required string ListId { get; init; }

    public required string Handle { get; init; }

    public required string Root { get; init; }

    public required int Slots { get; init; }

    // Null once the last row is gone: nobody's slot can be found any more.
    public byte[]? Leaves { get; set; }

    public required string Document { get; init; }

    // Null until the log shows it.
    public long? LogIndex { get; set; }

    public override string ToString() => $"root of list {ListId}";
}

// A resident of a match list, with the salt that only this node and the person hold. Those of a household lie under its key.
internal sealed class CommittedPerson
{
    public required string RowId { get; init; }

    // 0: a row is about one resident.
    public required int Person { get; init; }

    public required string ListId { get; init; }

    public required int Slot { get; init; }

    public required byte[] Salt { get; init; }

    public override string ToString() => "[persoon]";
}

// The end of a disclosure, as it is said in the log.
internal sealed class EndedDisclosure
{
    public required string ListId { get; init; }

    public required string Document { get; init; }

    public DateTimeOffset? SentAt { get; set; }

    public override string ToString() => $"end of list {ListId}";
}

// The roots of a day.
internal sealed class Round
{
    public required DateOnly Day { get; init; }

    public required string Document { get; init; }

    public DateTimeOffset? SentAt { get; set; }
}

// The leaf hashes under one root of a day.
internal sealed class RoundTree
{
    public required DateOnly Day { get; init; }

    public required string Kind { get; init; }

    public required byte[] Leaves { get; init; }
}

// One thing that a root of a day is over.
internal sealed class RoundLeaf
{
    public required DateOnly Day { get; init; }

    public required string Kind { get; init; }

    public required string Subject { get; init; }

    public required byte[] Salt { get; init; }

    public required int Slot { get; init; }

    public override string ToString() => $"{Kind} {Subject}";
}
