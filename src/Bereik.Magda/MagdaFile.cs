namespace Bereik.Magda;

/// <summary>One file of a folder: an answer, or why it is none. Exactly one of the two is set.</summary>
public sealed record MagdaFile
{
    /// <summary>
    /// The path relative to the folder that was read, with <c>/</c>; the file's name when a file was read. File names often are national
    /// numbers, so a path is personal data.
    /// </summary>
    public required string Path { get; init; }

    /// <summary>The answer; null when the file is unreadable.</summary>
    public MagdaAnswer? Answer { get; init; }

    /// <summary>Why the file is unreadable; null when it is not.</summary>
    public MagdaError? Error { get; init; }

    /// <summary>A fixed word, never the path.</summary>
    public override string ToString() => Error is null ? "MAGDA file" : $"MAGDA file ({Error.Code})";
}
