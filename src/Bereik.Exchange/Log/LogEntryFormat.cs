using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bereik.Exchange.Protocols;

namespace Bereik.Exchange.Log;

/// <summary>Writes and reads the bytes of an entry. One entry has one form.</summary>
public static class LogEntryFormat
{
    /// <summary>The longest entry, in bytes: what an entry bundle holds.</summary>
    public const int LongestEntry = ushort.MaxValue;

    /// <summary>The present version of every type.</summary>
    public const int Version = 1;

    /// <summary>Every type of entry by its name.</summary>
    public static IReadOnlyDictionary<string, Type> Types { get; } = typeof(LogEntry).GetNestedTypes()
        .ToDictionary(type => type.GetCustomAttribute<LogEntryTypeAttribute>()!.Name, StringComparer.Ordinal);

    /// <summary>The name of an entry's type.</summary>
    /// <param name="entry">The entry.</param>
    public static string NameOf(LogEntry entry) => Described(entry).Name;

    /// <summary>Name and meaning of an entry's type.</summary>
    /// <param name="entry">The entry.</param>
    public static LogEntryTypeAttribute Described(LogEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry.GetType().GetCustomAttribute<LogEntryTypeAttribute>()!;
    }

    /// <summary>Writes an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <returns>Canonical JSON, UTF-8.</returns>
    /// <exception cref="ArgumentException">It is longer than <see cref="LongestEntry"/>.</exception>
    public static byte[] Write(LogEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var members = StrictJson.ToNode(entry, entry.GetType());
        members["type"] = NameOf(entry);
        members["v"] = Version;
        var bytes = CanonicalJson.Write(members);
        return bytes.Length <= LongestEntry ? bytes : throw new ArgumentException("The entry is longer than an entry may be.", nameof(entry));
    }

    /// <summary>Reads an entry.</summary>
    /// <param name="bytes">Foreign bytes.</param>
    /// <returns>The entry, or <c>entry.tooLong</c>, <c>entry.json</c>, <c>entry.type</c> (unknown, or another version), <c>entry.shape</c> or <c>entry.notCanonical</c>.</returns>
    public static Parsed<LogEntry> Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > LongestEntry) return new ParseError("entry.tooLong", "");
        JsonObject? members;
        try
        {
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = 4 });
            members = JsonNode.Parse(ref reader) as JsonObject;
            if (members is null || reader.BytesConsumed != bytes.Length) return new ParseError("entry.json", "");
            if (!bytes.SequenceEqual(CanonicalJson.Write(members))) return new ParseError("entry.notCanonical", "");
        }
        catch (Exception foreign) when (foreign is JsonException or ArgumentException or InvalidOperationException or FormatException or OverflowException)
        {
            return new ParseError("entry.json", "");
        }

        if (members["type"] is not JsonValue type || !type.TryGetValue(out string? name) || !Types.TryGetValue(name, out var kind)) return new ParseError("entry.type", "type");
        if (members["v"] is not JsonValue version || !version.TryGetValue(out int number) || number != Version) return new ParseError("entry.type", "v");
        members.Remove("type");
        members.Remove("v");
        if (StrictJson.FromNode(members, kind) is not LogEntry entry || !Words.Organisation().IsMatch(entry.By)) return new ParseError("entry.shape", name);

        // INVARIANT: what parses serialises to the same bytes, so that two readers never see two entries in one.
        return bytes.SequenceEqual(Write(entry)) ? entry : new ParseError("entry.notCanonical", name);
    }
}
