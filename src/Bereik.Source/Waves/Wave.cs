namespace Bereik.Source.Waves;

// One wave of letters (nl: golf), from the steward's approval until nothing is left of it but that these people were written to. Its id is its order's.
internal sealed class Wave
{
    public required string Id { get; init; }

    public required WaveState State { get; set; }

    // The day of posting, Europe/Brussels: the day on the letters, and the first on which they can be answered.
    public required DateOnly OpensOn { get; init; }

    // The last day to answer.
    public required DateOnly AnswerBy { get; init; }

    public required bool Reminder { get; init; }

    // The day on the reminders.
    public required DateOnly ReminderOn { get; init; }

    // How many were drawn; 0 before that.
    public int Letters { get; set; }

    // How many parts were printed and left at the hub.
    public int Parts { get; set; }

    // SECURITY: every code of the wave. Encrypted under the store key, and destroyed with the opening.
    public byte[]? WaveKey { get; set; }

    // SHA-256 of the words of the letter, base64url; null before the draw.
    public string? Notice { get; set; }

    public string? OpeningJws { get; set; }

    // When the first print file was made. Fourteen days later at the latest they are all gone.
    public DateTimeOffset? FilesMadeAt { get; set; }

    public DateTimeOffset? FilesGoneAt { get; set; }

    // When the steward said that they were printed and posted.
    public DateTimeOffset? PostedAt { get; set; }

    // How often somebody said at a first contact not to be the one.
    public int Denied { get; set; }

    // Objections by a letter that was forgotten already, so that nobody can say whose they are.
    public int Unresolved { get; set; }

    public int PartCount => (Letters + Exchange.Contracts.WaveOpening.MostInPart - 1) / Exchange.Contracts.WaveOpening.MostInPart;

    // SECURITY: before the opening a letter cannot be answered, so none is handed out.
    public bool HasFiles => State == WaveState.Opened && FilesMadeAt is not null && FilesGoneAt is null && PostedAt is null;

    public override string ToString() => $"wave {Id}";
}

internal enum WaveState
{
    // Approved: drawn, printed and left at the hub part by part.
    Making,

    // It can be answered from its day.
    Opened,

    // It never opened: everything of it is gone, and nobody of it was written to.
    Stopped,

    // Long after the last day to answer: which letter went to whom is forgotten.
    Closed,
}

// A part that was left at the hub.
internal sealed class WavePart
{
    public required string Wave { get; init; }

    public required int Part { get; init; }

    public required string Digest { get; init; }
}

// Which letter is whose. Its place in the wave says which code it has.
internal sealed class WaveLetter
{
    public required string Wave { get; init; }

    public required int Place { get; init; }

    // The canonical text of its number.
    public required string Number { get; init; }

    // The number that stands for the person in the register.
    public required string Person { get; init; }

    public override string ToString() => "[brief]";
}

// "Never write to me again" (nl: bezwaar). Whoever it is about gets no letter of any wave and stands on no list of families to reach, also while the steward has not decided on an unusual number.
internal sealed class Objection
{
    // Of the letter by which it was said. Whoever undoes it knows that number, so it stays, also when the letter is forgotten.
    public required string Number { get; init; }

    public required string Person { get; init; }

    public required string Wave { get; init; }

    public required ObjectionState State { get; set; }

    public required DateTimeOffset At { get; init; }

    // The run in which it is confirmed by letter; null while held.
    public string? Batch { get; set; }

    // When that letter was printed; stays null when there is no address to send it to.
    public DateTimeOffset? ConfirmedAt { get; set; }

    public override string ToString() => "[bezwaar]";
}

internal enum ObjectionState
{
    // A wave brought unusually many: the steward decides on all of them.
    Held,
    Taken,
}

// A file with letters that confirm objections.
internal sealed class ObjectionFile
{
    public required string Batch { get; init; }

    public required int Letters { get; init; }

    public required DateTimeOffset MadeAt { get; init; }

    public DateTimeOffset? GoneAt { get; set; }
}
