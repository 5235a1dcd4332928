using Bereik.Exchange.Log;

namespace Bereik.Hub.Log;

/// <summary>A line of the log's page.</summary>
/// <param name="Index">Place in the log, from 0.</param>
/// <param name="Entry">What it says; null for an entry that this version cannot read.</param>
/// <param name="By">Name of the organisation.</param>
public sealed record LogLine(long Index, LogEntry? Entry, string By);

/// <summary>A day of the log.</summary>
/// <param name="Day">Europe/Brussels.</param>
/// <param name="Counts">Entries of it by the name of their type, each more than none.</param>
public sealed record LogDay(DateOnly Day, IReadOnlyList<(string Type, long Count)> Counts);

/// <summary>The log's page.</summary>
public sealed record LogbookView
{
    /// <summary>The entries of this page, newest first.</summary>
    public required IReadOnlyList<LogLine> Lines { get; init; }

    /// <summary>This page, from 1.</summary>
    public required int Page { get; init; }

    /// <summary>Entries in the log.</summary>
    public required long Total { get; init; }

    /// <summary>The last fourteen days, the newest first, without those on which nothing happened.</summary>
    public required IReadOnlyList<LogDay> Days { get; init; }

    /// <summary>The log's verifier key.</summary>
    public required string Key { get; init; }

    /// <summary>The address of the log.</summary>
    public required string Address { get; init; }

    /// <summary>Why the log cannot be read or written; null when it can.</summary>
    public string? Problem { get; init; }
}

/// <summary>One entry with all that there is of it.</summary>
public sealed record LogEntryView
{
    /// <summary>The line.</summary>
    public required LogLine Line { get; init; }

    /// <summary>Its members: meaning, name and value.</summary>
    public required IReadOnlyList<LogMember> Members { get; init; }

    /// <summary>The entry's text, as it is in the log.</summary>
    public required string Json { get; init; }

    /// <summary>Its leaf hash.</summary>
    public required string Leaf { get; init; }

    /// <summary>The signed document in it; null when there is none.</summary>
    public SignedPart? Document { get; init; }

    /// <summary>The log's verifier key.</summary>
    public required string Key { get; init; }
}

/// <summary>A member of an entry.</summary>
/// <param name="Meaning">What it says to people, in the page's language.</param>
/// <param name="Value">Its value; null for the signed document, which is shown apart.</param>
public sealed record LogMember(string Meaning, string? Value);

/// <summary>A signed document in an entry, decoded.</summary>
/// <param name="Type">Its JOSE type.</param>
/// <param name="Kid">Id of the key that signed it.</param>
/// <param name="Parts">Path and value of each of its members.</param>
public sealed record SignedPart(string Type, string Kid, IReadOnlyList<(string Path, string Value)> Parts);
