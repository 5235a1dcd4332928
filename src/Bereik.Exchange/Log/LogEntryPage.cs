using System.Reflection;
using System.Text;

namespace Bereik.Exchange.Log;

/// <summary>The page with every type of entry of the public log, made from the types themselves.</summary>
public static class LogEntryPage
{
    private const string Jws = "eyJhbGciOiJFUzI1NiIsLi4ufQ.eyIuLi4iOiIuLi4ifQ.c2lnbmF0dXJl";
    private static readonly DateTimeOffset At = new(2026, 11, 23, 8, 15, 0, TimeSpan.Zero);
    private static readonly Guid Order = new("0b1b2b3b-4b5b-4c5c-8d6d-7e7e7e7e7e7e");
    private static readonly Bytes32 Handle = Bytes32.Sha256("handle"u8);
    private static readonly Bytes32 Hash = Bytes32.Sha256("order"u8);
    private static readonly Bytes32 Manifest = Bytes32.Sha256("manifest"u8);

    // One of each, in the order of a normal run.
    private static readonly IReadOnlyList<LogEntry> Examples =
    [
        new LogEntry.Begun { By = "hub", At = At, Origin = "hub.example/log", Synthetic = true, Witness = "pseudonymiser.example/witness+00000000+BA==" },
        new LogEntry.KeyStated { By = "opgroeien", At = At, Document = Jws },
        new LogEntry.RegisterStep { By = "hub", At = At, Sequence = 1, Document = Jws },
        new LogEntry.OrderPlaced
        {
            By = "ocmw-aalst", At = At, Order = Order, Hash = Hash, Flow = "unknown", Protocol = "groeipakket-onbekend", ProtocolVersion = "0.3", ProtocolHash = Bytes32.Sha256("text"u8), Source = "opgroeien",
            Nis = "41002", ReferenceMonth = "2026-10", Epoch = "2026Q4", Outcome = "permit", Reasons = [],
        },
        new LogEntry.OrderDecided { By = "opgroeien", At = At, Order = Order, Document = Jws },
        new LogEntry.TokensDeposited { By = "ocmw-aalst", At = At, Order = Order, Outcome = "permit", Reasons = [] },
        new LogEntry.EnvelopeDeposited { By = "opgroeien", At = At, Order = Order, Manifest = Manifest, Outcome = "permit", Reasons = [] },
        new LogEntry.ExchangeMatched { By = "hub", At = At, Order = Order, Outcome = "permit", Reasons = [] },
        new LogEntry.PackageDelivered { By = "hub", At = At, Order = Order, Handle = Handle, Manifest = Manifest },
        new LogEntry.PersonsRooted { By = "ocmw-aalst", At = At, Order = Order, Handle = Handle, Document = Jws },
        new LogEntry.ReceiptTaken { By = "ocmw-aalst", At = At, Order = Order, Document = Jws },
        new LogEntry.PackageDestroyed { By = "hub", At = At, Order = Order, Handle = Handle },
        new LogEntry.OrderEnded { By = "hub", At = At, Order = Order, Outcome = "expired", Reasons = ["order.expired"] },
        new LogEntry.DisclosureEnded { By = "ocmw-aalst", At = At, Handle = Handle, Document = Jws },
        new LogEntry.RoundPublished { By = "ocmw-aalst", At = At, Document = Jws },
    ];

    /// <summary>Writes the page as Markdown.</summary>
    public static string Write()
    {
        var page = new StringBuilder(
            """
            # What the public log says

            Every type of entry, in the order of a normal run. Made from the types in `src/Bereik.Exchange/Log/LogEntry.cs`; a test keeps it up to date.

            The bytes of an entry are canonical JSON (RFC 8785), UTF-8, at most 65,535 of them. An instant is UTC in whole seconds, a hash or handle 32 bytes in base64url, an id a UUID in lower case. Absent
            members are left out. Nothing in an entry names, counts or describes a person; where an entry carries a signed document, the document is a compact JWS (ES256) by a key that the log states.
            A step may stand twice after a crash of the hub; the first counts, and a second that agrees with it changes nothing.

            """);
        page.Append("\nMembers of every entry:\n\n| member | nl | en |\n|---|---|---|\n| `type` | soort regel | the type |\n| `v` | versie van de vorm, 1 | version of the shape, 1 |\n");
        AppendMembers(page, typeof(LogEntry), isOwn: false);
        foreach (var entry in Examples)
        {
            var described = LogEntryFormat.Described(entry);
            page.Append("\n## ").Append(described.Name).Append("\n\n- nl: ").Append(described.Text).Append("\n- en: ").Append(described.TextEnglish).Append("\n\n| member | nl | en |\n|---|---|---|\n");
            AppendMembers(page, entry.GetType(), isOwn: true);
            page.Append("\n```json\n").Append(Encoding.UTF8.GetString(LogEntryFormat.Write(entry))).Append("\n```\n");
        }

        return page.ToString();
    }

    private static void AppendMembers(StringBuilder page, Type type, bool isOwn)
    {
        foreach (var member in type.GetProperties().Where(member => !isOwn || member.DeclaringType == type).OrderBy(member => member.MetadataToken))
        {
            if (member.GetCustomAttribute<LogMeaningAttribute>() is { } meaning) page.Append("| `").Append(char.ToLowerInvariant(member.Name[0])).Append(member.Name.AsSpan(1)).Append("` | ").Append(meaning.Text).Append(" | ").Append(meaning.TextEnglish).Append(" |\n");
        }
    }
}
