using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Bereik.Exchange;
using Bereik.Exchange.Log;
using Bereik.Ledger;
using Shouldly;

namespace Bereik.Source.Tests;

// Reads a log as anybody may, and compares two of them but for what is random or a time.
internal static partial class LogComparer
{
    // Every entry, as its whole text: signed documents opened, and hashes, handles, roots, signatures and instants taken out. In the order in which they
    // stand when they are about an exchange, since that is told by the log too; the others behind them, sorted.
    public static async Task<IReadOnlyList<string>> LinesAsync(string folder, NoteVerifier key)
    {
        Checkpoint.TryOpen(await File.ReadAllBytesAsync(Path.Combine(folder, "checkpoint")), key, out _, out var checkpoint, out var error).ShouldBeTrue(error);
        var reader = new LogReader(new FolderLog(folder), checkpoint!);
        var (exchanges, others) = (new List<string>(), new List<string>());
        for (var index = 0L; index < checkpoint!.Size; index++)
        {
            var bytes = (await reader.EntryAsync(index, CancellationToken.None)).ToArray();
            var isOfAnExchange = LogEntryFormat.Read(bytes).Value is IOrderEntry or IDisclosureEntry;
            (isOfAnExchange ? exchanges : others).Add(Free(Encoding.UTF8.GetString(bytes)));
        }

        others.Sort(StringComparer.Ordinal);
        return [.. exchanges.Select((line, at) => $"{at} {line}"), .. others];
    }

    // Lines of one log only; empty when both say the same.
    public static IReadOnlyList<string> Differences(IReadOnlyList<string> one, IReadOnlyList<string> other) =>
        [.. Beyond(one, other).Select(line => "only before: " + line), .. Beyond(other, one).Select(line => "only now: " + line)];

    // The same line twice is not the same as once.
    private static IEnumerable<string> Beyond(IReadOnlyList<string> one, IReadOnlyList<string> other)
    {
        var counts = other.CountBy(line => line, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        foreach (var (line, count) in one.CountBy(line => line, StringComparer.Ordinal))
        {
            if (count > counts.GetValueOrDefault(line)) yield return $"{line} ({count - counts.GetValueOrDefault(line)})";
        }
    }

    private static string Free(string entry)
    {
        var members = JsonNode.Parse(entry)!.AsObject();
        if ((string?)members["document"] is { } document)
        {
            var parts = document.Split('.');
            StrictBase64Url.TryDecode(parts[1], out var payload).ShouldBeTrue();
            StrictBase64Url.TryDecode(parts[0], out var header).ShouldBeTrue();
            members["document"] = JsonNode.Parse(payload!);
            members["header"] = JsonNode.Parse(header!);
            members["signature"] = parts[2].Length;
        }

        return Instant().Replace(Random32().Replace(members.ToJsonString(), "#"), "*");
    }

    // By name, so that a new member is compared until somebody says why it may differ.
    [GeneratedRegex("""(?<="(?:hash|manifest|handle|root|order|manifestHash|accesses|consents|withdrawals|erasures)":")[\w-]{43}(?=")""")]
    private static partial Regex Random32();

    [GeneratedRegex("""(?<="(?:at|decidedAt)":")[^"]+(?=")""")]
    private static partial Regex Instant();
}
