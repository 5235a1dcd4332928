using System.Reflection;
using System.Text;
using System.Text.Json;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Log;
using Bereik.Hub.Register;
using Bereik.Hub.Storage;
using Bereik.Ledger;
using Bereik.Node.Errors;
using Bereik.Node.Ui;

namespace Bereik.Hub.Log;

// GET /logboek and /logboek/{index}: the public log for people, with what they need to check it themselves.
internal static class ShowLog
{
    private const int DaysShown = 14;
    private const int LongestShown = 20_000;

    public static async Task<IResult> ListAsync(int? pagina, HubDatabase database, HubSettings settings, TimeProvider clock, CancellationToken cancel)
    {
        var log = database.Log;
        var condition = log.Condition;
        var view = new LogbookView
        {
            Lines = [], Page = 1, Total = 0, Days = [], Key = log.Verifier.ToString(), Address = Address(settings), Problem = condition.State == LogState.Open ? null : condition.Code ?? "log.unavailable",
        };
        try
        {
            if (await log.ReadAsync(cancel) is not { } published) return UiSetup.Page<LogbookPage>(new { Model = view });
            var total = published.Reader.Checkpoint.Size;
            var pages = Math.Max(1, (total + Pagination.PageSize - 1) / Pagination.PageSize);
            var page = (int)Math.Clamp(pagina ?? 1, 1, Math.Min(pages, int.MaxValue));
            view = view with { Page = page, Total = total, Lines = await LinesAsync(published.Reader, settings, page, cancel), Days = await DaysAsync(database, published.Reader, clock.Today(), cancel) };
        }
        catch (LogBrokenException broken)
        {
            log.Break(broken.Code, broken.Place);
            view = view with { Problem = broken.Code };
        }

        return UiSetup.Page<LogbookPage>(new { Model = view });
    }

    public static Task<IResult> EntryAsync(long index, HubLog log, HubSettings settings, CancellationToken cancel) => ReadAsync(log, index, async (reader, _) =>
    {
        var bytes = await reader.EntryAsync(index, cancel);
        var line = LineOf(index, bytes, settings);
        return UiSetup.Page<LogEntryPage>(new
        {
            Model = new LogEntryView
            {
                Line = line,
                Members = line.Entry is { } entry ? MembersOf(entry) : [],
                Json = Encoding.UTF8.GetString(bytes.Span),
                Leaf = MerkleTree.LeafHash(bytes.Span).ToString(),
                Document = line.Entry is ISignedEntry signed ? SignedOf(signed.Document) : null,
                Key = log.Verifier.ToString(),
            },
        });
    }, cancel);

    // The proof that the entry is in the log, to be checked offline (C2SP tlog-proof).
    public static Task<IResult> ProofAsync(long index, HubLog log, CancellationToken cancel) => ReadAsync(log, index, async (reader, note) =>
    {
        var proof = new TlogProof { Index = index, Path = await reader.InclusionAsync(index, cancel), Checkpoint = note };
        return Results.Bytes(Encoding.UTF8.GetBytes(proof.ToString()), "text/plain; charset=utf-8", FormattableString.Invariant($"regel-{index}.tlog-proof"));
    }, cancel);

    // The entry's bytes and no others: their hash is the leaf of the proof.
    public static Task<IResult> BytesAsync(long index, HubLog log, CancellationToken cancel) => ReadAsync(
        log, index, async (reader, _) => Results.Bytes((await reader.EntryAsync(index, cancel)).ToArray(), "application/json", FormattableString.Invariant($"regel-{index}.tlog-proof.entry")), cancel);

    private static async Task<IResult> ReadAsync(HubLog log, long index, Func<LogReader, SignedNote, Task<IResult>> read, CancellationToken cancel)
    {
        try
        {
            if (await log.ReadAsync(cancel) is not { } published) return ErrorCatalogue.Unavailable.Problem(cause: "log.unavailable");
            return index >= 0 && index < published.Reader.Checkpoint.Size ? await read(published.Reader, published.Note) : ErrorCatalogue.NotFound.Problem();
        }
        catch (LogBrokenException broken)
        {
            log.Break(broken.Code, broken.Place);
            return ErrorCatalogue.Unavailable.Problem(cause: broken.Code);
        }
    }

    private static string Address(HubSettings settings) => new Uri(new Uri(settings.Url), "/log/").ToString();

    private static async Task<IReadOnlyList<LogLine>> LinesAsync(LogReader reader, HubSettings settings, int page, CancellationToken cancel)
    {
        var end = reader.Checkpoint.Size - ((page - 1L) * Pagination.PageSize);
        var start = Math.Max(0, end - Pagination.PageSize);
        var lines = new List<LogLine>();
        for (var index = start; index < end;)
        {
            var bundle = index / TilePath.FullWidth;
            var entries = await reader.BundleAsync(bundle, cancel);
            for (; index < end && index / TilePath.FullWidth == bundle; index++) lines.Add(LineOf(index, entries[(int)(index % TilePath.FullWidth)], settings));
        }

        lines.Reverse();
        return lines;
    }

    private static async Task<IReadOnlyList<LogDay>> DaysAsync(HubDatabase database, LogReader reader, DateOnly today, CancellationToken cancel)
    {
        var counts = await CountLog.ReadAsync(database, reader, today.AddDays(1 - DaysShown), cancel);
        return [.. counts.GroupBy(one => one.Key.Day).OrderByDescending(day => day.Key)
            .Select(day => new LogDay(day.Key, [.. day.OrderByDescending(one => one.Value).ThenBy(one => one.Key.Type, StringComparer.Ordinal).Select(one => (one.Key.Type, one.Value))]))];
    }

    private static LogLine LineOf(long index, ReadOnlyMemory<byte> bytes, HubSettings settings) =>
        LogEntryFormat.Read(bytes.Span).TryGet(out var entry, out _) ? new LogLine(index, entry, settings.NameOf(entry.By)) : new LogLine(index, null, "");

    private static List<LogMember> MembersOf(LogEntry entry)
    {
        var members = new List<LogMember>();
        foreach (var property in entry.GetType().GetProperties().OrderBy(property => property.MetadataToken))
        {
            if (property.GetCustomAttribute<LogMeaningAttribute>() is not { } meaning || property.Name is nameof(LogEntry.By) or nameof(LogEntry.At) || property.GetValue(entry) is not { } value) continue;
            var label = Words.IsEnglish ? meaning.TextEnglish : meaning.Text;
            members.Add(new LogMember(char.ToUpperInvariant(label[0]) + label[1..], property.Name == nameof(ISignedEntry.Document) ? null : ValueOf(value)));
        }

        return members;
    }

    private static string ValueOf(object value) => value switch
    {
        IReadOnlyList<string> codes => codes.Count == 0 ? "–" : string.Join("; ", codes.Select(code => Reasons.All.TryGetValue(code, out var reason) ? $"{code}: {reason.In()}" : code)),
        bool yes => (yes, Words.IsEnglish) switch { (true, true) => "yes", (false, true) => "no", (true, false) => "ja", _ => "nee" },
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    // Decoded, not verified: whoever wants that has the keys in the log.
    private static SignedPart? SignedOf(string compact)
    {
        var parts = compact.Split('.');
        if (parts.Length != 3 || !StrictBase64Url.TryDecode(parts[0], out var header) || !StrictBase64Url.TryDecode(parts[1], out var payload)) return null;
        try
        {
            using var head = JsonDocument.Parse(header);
            using var body = JsonDocument.Parse(payload);
            var lines = new List<(string, string)>();
            var length = 0;
            Add(body.RootElement, "");
            return new SignedPart(head.RootElement.GetProperty("typ").GetString() ?? "", head.RootElement.GetProperty("kid").GetString() ?? "", lines);

            void Add(JsonElement element, string path)
            {
                if (length > LongestShown) return;
                if (element.ValueKind == JsonValueKind.Object)
                {
                    foreach (var member in element.EnumerateObject()) Add(member.Value, path.Length == 0 ? member.Name : $"{path}.{member.Name}");
                    return;
                }

                if (element.ValueKind == JsonValueKind.Array && element.EnumerateArray().Any(item => item.ValueKind is JsonValueKind.Object or JsonValueKind.Array))
                {
                    foreach (var (item, place) in element.EnumerateArray().Select((item, place) => (item, place))) Add(item, FormattableString.Invariant($"{path}[{place}]"));
                    return;
                }

                var value = element.ValueKind switch
                {
                    JsonValueKind.Array => string.Join(", ", element.EnumerateArray().Select(item => item.ToString())),
                    JsonValueKind.True => "true",
                    JsonValueKind.False => "false",
                    _ => element.ToString(),
                };
                length += path.Length + value.Length;
                lines.Add(length > LongestShown ? ("…", "…") : (path, value));
            }
        }
        catch (Exception foreign) when (foreign is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
