namespace Bereik.Source.Pages;

// What the pages of letters and objections show.

/// <summary>What the steward's page of a wave shows.</summary>
public sealed record WaveView
{
    /// <summary>Id of the wave and of its order.</summary>
    public required string Id { get; init; }

    /// <summary>Name of the OCMW for which it is sent.</summary>
    public required string Recipient { get; init; }

    /// <summary>How many letters.</summary>
    public required int Letters { get; init; }

    /// <summary>The day of posting.</summary>
    public required DateOnly OpensOn { get; init; }

    /// <summary>The last day to answer.</summary>
    public required DateOnly AnswerBy { get; init; }

    /// <summary>The day on the reminders; null when there are none.</summary>
    public required DateOnly? ReminderOn { get; init; }

    /// <summary>Names of the files for the printer.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>The day on which the files are deleted at the latest; null when there are none.</summary>
    public required DateOnly? FilesUntil { get; init; }

    /// <summary>Whether somebody said that they were posted.</summary>
    public required bool IsPosted { get; init; }

    /// <summary>Whether the hub has all of it.</summary>
    public required bool IsOpened { get; init; }

    /// <summary>Whether it is forgotten which letter went to whom.</summary>
    public required bool IsClosed { get; init; }

    /// <summary>Letters that must not go out, or whose reminder must not.</summary>
    public required IReadOnlyList<PulledLetter> Pulled { get; init; }

    /// <summary>How many objections wait for the steward.</summary>
    public required int Held { get; init; }

    /// <summary>What was done just now, last part of the key <c>Wave.Done.*</c>; null for nothing.</summary>
    public required string? Done { get; init; }
}

/// <summary>A letter to be pulled out.</summary>
/// <param name="Number">Its number, as printed.</param>
/// <param name="File">The file in which it stands.</param>
/// <param name="Page">Its page there, from 1; the same in the file of reminders.</param>
public sealed record PulledLetter(string Number, string File, int Page)
{
    /// <summary>Never the number: with it anybody can object.</summary>
    public override string ToString() => "[brief]";
}

/// <summary>What the page of objections shows.</summary>
public sealed record ObjectionsView
{
    /// <summary>How many hold.</summary>
    public required int Taken { get; init; }

    /// <summary>Of these, how many were not confirmed by letter.</summary>
    public required int Unconfirmed { get; init; }

    /// <summary>Waves of which an unusual number waits.</summary>
    public required IReadOnlyList<HeldObjections> Held { get; init; }

    /// <summary>Files with confirmations.</summary>
    public required IReadOnlyList<ConfirmationFile> Files { get; init; }

    /// <summary>What was done just now, last part of the key <c>Objections.Done.*</c>; null for nothing.</summary>
    public required string? Done { get; init; }

    /// <summary>What was wrong with what was typed, last part of the key <c>Objections.Error.*</c>; null for nothing.</summary>
    public required string? Fault { get; init; }
}

/// <summary>Objections of a wave that wait for the steward.</summary>
/// <param name="Wave">Its id.</param>
/// <param name="Count">How many.</param>
public sealed record HeldObjections(string Wave, int Count);

/// <summary>A file with confirmations of objections.</summary>
/// <param name="Batch">Its id.</param>
/// <param name="Letters">How many letters.</param>
/// <param name="MadeAt">When it was made.</param>
/// <param name="Until">The day on which it is deleted at the latest.</param>
public sealed record ConfirmationFile(string Batch, int Letters, DateTimeOffset MadeAt, DateOnly Until);
