using System.Text.RegularExpressions;

namespace Bereik.Cli.Verify;

/// <summary>
/// What may stand in the log: every type of entry and of signed document with its members. A second writing of docs/formats/ledger.md,
/// register.md and envelope.md, shared with no other code; a test holds it against the catalogue that the hub writes with.
/// </summary>
internal static partial class LogShapes
{
    private static readonly Shape Document = Shape.Text(1, ushort.MaxValue);
    private static readonly Shape Codes = Shape.List(Shape.Code, 0, 1000);
    private static readonly Shape Flow = Shape.OneOf("match", "unknown", "messenger");
    private static readonly Shape Recipient = Shape.OneOf("hub", "pseudonymiser", "source", "municipality", "publicCentreForWelfare", "welfareCentre", "mutualitySocialService", "referrer");

    private static readonly Shape Advice = Shape.Document(
        ("outcome", Shape.OneOf("favourable", "conditional", "unfavourable")), ("officer", Shape.Text(3, 200)), ("on", Shape.Day), ("summary", Shape.Text(3, 1000)), ("notFollowed?", Shape.Text(3, 1000)));

    private static readonly Shape Accession = Shape.Document(
        ("organisation", Shape.Organisation),
        ("kind", Recipient),
        ("protocol", Shape.Matching(ProtocolWord())),
        ("version", Shape.Matching(VersionWord())),
        ("protocolHash", Shape.Hash),
        ("frameworkHash", Shape.Hash),
        ("decision", Shape.Document(("body", Shape.OneOf("socialWelfareCouncil", "standingBureau", "municipalCouncil", "mayorAndAldermen", "board")), ("on", Shape.Day), ("number", Shape.Text(1, 80)))),
        ("advice", Advice),
        ("measures", Shape.List(
            Shape.Document(("id", Shape.Matching(MeasureWord())), ("state", Shape.OneOf("met", "planned", "notMet")), ("on", Shape.Day), ("evidence", Shape.Text(2, 300)), ("plan?", Shape.Text(3, 500)), ("planBy?", Shape.Day)), 0, 100)),
        ("contact", Shape.Text(3, 200)),
        ("service", Shape.Text(3, 200)),
        ("reviewBy", Shape.Day),
        ("regulation?", Shape.Text(3, 300)),
        ("territory", Shape.List(Shape.Document(("nis", Shape.Matching(NisWord())), ("from", Shape.Day), ("until?", Shape.Day)), 0, 1000)),
        ("services?", Shape.List(
            Shape.Document(("id", Shape.Matching(ProtocolWord())), ("name", Shape.Text(3, 120)), ("team", Shape.Text(2, 80)), ("about", Shape.Text(10, 400)), ("reach", Shape.Text(5, 300)), ("waitingDays", Shape.Whole(1, 60))), 0, 1000)),
        ("partnership?", Shape.Document(("id", Shape.Matching(ProtocolWord())), ("name", Shape.Text(3, 120)), ("arrangement", Shape.Hash), ("from", Shape.Day), ("until?", Shape.Day))));

    /// <summary>Types of entry, each with the members it has beside type, v, by and at.</summary>
    public static IReadOnlyDictionary<string, (string Name, Shape Shape)[]> Entries { get; } = new Dictionary<string, (string, Shape)[]>(StringComparer.Ordinal)
    {
        ["log.begun"] = [("origin", Shape.Text(1, 255)), ("synthetic", Shape.Bool), ("witness?", Shape.Text(1, 400))],
        ["key.stated"] = [("document", Document)],
        ["register.step"] = [("sequence", Shape.Whole(1, int.MaxValue)), ("document", Document)],
        ["order.placed"] =
        [
            ("order", Shape.Id), ("hash", Shape.Hash), ("flow", Flow), ("protocol", Shape.Text(2, 80)), ("protocolVersion", Shape.Text(1, 32)), ("protocolHash", Shape.Hash), ("source", Shape.Organisation),
            ("nis", Shape.Matching(NisWord())), ("referenceMonth", Shape.Matching(MonthWord())), ("epoch", Shape.Matching(EpochWord())), ("outcome", Shape.OneOf("permit", "hold", "refuse")), ("reasons", Codes),
        ],
        ["order.decided"] = [("order", Shape.Id), ("document", Document)],
        ["order.ended"] = [("order", Shape.Id), ("outcome", Shape.OneOf("expired", "stopped", "failed")), ("reasons", Codes)],
        ["tokens.deposited"] = [("order", Shape.Id), ("outcome", Shape.Outcome), ("reasons", Codes)],
        ["envelope.deposited"] = [("order", Shape.Id), ("manifest?", Shape.Hash), ("outcome", Shape.Outcome), ("reasons", Codes)],
        ["exchange.matched"] = [("order", Shape.Id), ("outcome", Shape.Outcome), ("reasons", Codes)],
        ["package.delivered"] = [("order", Shape.Id), ("handle", Shape.Hash), ("manifest", Shape.Hash)],
        ["receipt.taken"] = [("order", Shape.Id), ("document", Document)],
        ["package.destroyed"] = [("order", Shape.Id), ("handle", Shape.Hash)],
        ["persons.root"] = [("order", Shape.Id), ("handle", Shape.Hash), ("document", Document)],
        ["disclosure.ended"] = [("handle", Shape.Hash), ("document", Document)],
        ["round.published"] = [("document", Document)],
    };

    /// <summary>Payloads of signed documents by the <c>typ</c> of their header. A text of a protocol has a form of its own and is not here.</summary>
    public static IReadOnlyDictionary<string, Shape> Documents { get; } = new Dictionary<string, Shape>(StringComparer.Ordinal)
    {
        ["bereik-key-statement+jws"] = Shape.Document(("organisation", Shape.Organisation), ("use", Shape.OneOf("signing", "sealing", "token", "oprf")), ("kid", Shape.Hash), ("key?", Shape.Text(1, 2000)), ("at", Shape.Instant)),
        ["bereik-persons-root+jws"] = Shape.Document(
            ("order", Shape.Id), ("handle", Shape.Hash), ("manifest", Shape.Hash), ("root", Shape.Hash), ("slots", Shape.Whole(1, 1 << 22)), ("eraseBy", Shape.Day), ("at", Shape.Instant)),
        ["bereik-disclosure-end+jws"] = Shape.Document(
            ("handle", Shape.Hash), ("kind", Shape.OneOf("withdrawn", "erased")), ("cause", Shape.OneOf("deadline", "withdrawal", "objection", "handOver", "rejected")), ("at", Shape.Instant)),
        ["bereik-round+jws"] = Shape.Document(
            ("organisation", Shape.Organisation), ("day", Shape.Day), ("accesses", Shape.Hash), ("consents", Shape.Hash), ("withdrawals", Shape.Hash), ("erasures", Shape.Hash), ("at", Shape.Instant)),
        ["bereik-decision+jws"] = Shape.Document(
            ("order", Shape.Hash), ("id", Shape.Id), ("outcome", Shape.Outcome), ("reasons", Shape.List(Shape.Document(("code", Shape.Code), ("text", Shape.Text(1, 2000))), 0, 100)), ("acceptsKnownSet", Shape.Bool),
            ("decidedAt", Shape.Instant)),
        ["bereik-receipt+jws"] = Shape.Document(("id", Shape.Id), ("manifestHash", Shape.Hash), ("outcome", Shape.OneOf("received", "rejected")), ("code?", Shape.Code), ("at", Shape.Instant)),
        ["bereik-protocol-advice+jws"] = Shape.Document(("protocol", Shape.Hash), ("party", Shape.OneOf("source", "recipient")), ("advice", Advice), ("at", Shape.Instant)),
        ["bereik-protocol-publication+jws"] = Shape.Document(("protocol", Shape.Hash), ("places", Shape.List(Shape.Text(9, 300), 1, 20)), ("at", Shape.Instant)),
        ["bereik-accession+jws"] = Shape.Document(("accession", Accession), ("at", Shape.Instant)),
        ["bereik-register-stop+jws"] = Shape.Document(
            ("protocol", Shape.Hash), ("organisation?", Shape.Organisation), ("kind", Shape.OneOf("suspend", "resume", "end")), ("trigger?", Shape.OneOf("measureLapsed", "auditFailed", "lateErasures", "unlawfulUse")),
            ("because", Shape.Text(3, 500)), ("on?", Shape.Day), ("at", Shape.Instant)),
    };

    /// <summary>The shape of an entry; null for a type that does not exist.</summary>
    public static Shape? Of(string type) =>
        Entries.TryGetValue(type, out var members) ? Shape.Object(inOrder: false, [("type", Shape.OneOf(type)), ("v", Shape.Whole(1, 1)), ("by", Shape.Organisation), ("at", Shape.Instant), .. members]) : null;

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+){0,8}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex ProtocolWord();

    [GeneratedRegex("^[0-9]{1,3}\\.[0-9]{1,3}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex VersionWord();

    [GeneratedRegex("^K[0-9]{2}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex MeasureWord();

    [GeneratedRegex("^[0-9]{5}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex NisWord();

    [GeneratedRegex("^[0-9]{4}-(0[1-9]|1[0-2])\\z", RegexOptions.CultureInvariant)]
    private static partial Regex MonthWord();

    [GeneratedRegex("^[0-9]{4}Q[1-4]\\z", RegexOptions.CultureInvariant)]
    private static partial Regex EpochWord();
}
