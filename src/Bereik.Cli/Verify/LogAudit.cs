using System.Text.Json;

namespace Bereik.Cli.Verify;

/// <summary>What an audit of a whole log found.</summary>
internal sealed record AuditReport
{
    /// <summary>What does not hold, in the order of the log.</summary>
    public required IReadOnlyList<Finding> Broken { get; init; }

    /// <summary>What somebody should look at.</summary>
    public required IReadOnlyList<Finding> Flags { get; init; }

    /// <summary>Whether the log says that all of it is a trial on synthetic persons.</summary>
    public required bool IsTrial { get; init; }

    /// <summary>The witness that the log names as mandatory; null when none.</summary>
    public required string? Witness { get; init; }

    /// <summary>How much there is of what, by the names of the <c>--json</c> answer.</summary>
    public required IReadOnlyDictionary<string, long> Counts { get; init; }
}

/// <summary>
/// The business audit of a log (nl: inhoudelijke controle): whether what organisations did follows from what they had agreed. It reads entries by itself,
/// verifies every signature with the keys that the log states, and shares no state and no code with the hub that wrote them.
/// </summary>
/// <param name="origin">The origin in the checkpoint.</param>
internal sealed class LogAudit(string origin) : IDisposable
{
    private const int MostFindings = 1000;
    private static readonly TimeSpan BackwardsAtMost = TimeSpan.FromMinutes(5);

    private readonly AuditKeys keys = new();
    private readonly List<Finding> broken = [];
    private readonly List<Finding> flags = [];
    private readonly Dictionary<string, AuditOrder> orders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AuditOrder> handles = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<AuditOrder>> received = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Organisation, DateOnly Day), string> rounds = [];
    private readonly Dictionary<string, long> types = new(StringComparer.Ordinal);
    private AuditRegister? register;
    private string hub = "";
    private bool isTrial;
    private string? witness;
    private long next;
    private DateTimeOffset latest = DateTimeOffset.MinValue;

    private AuditRegister Register => register ??= new AuditRegister(organisation => organisation == hub, keys.IsPseudonymiser);

    /// <summary>Audits the next entry.</summary>
    /// <param name="index">Its place, from 0.</param>
    /// <param name="bytes">Its bytes.</param>
    public void Add(long index, ReadOnlyMemory<byte> bytes)
    {
        if (index != next++) throw new ArgumentOutOfRangeException(nameof(index), "Entries come in order.");
        var place = FormattableString.Invariant($"entry {index}");
        try
        {
            Take(AuditEntry.Read(place, bytes), index);
        }
        catch (BrokenRuleException rule)
        {
            if (broken.Count < MostFindings) broken.Add(new Finding(rule.Code, place));
        }
    }

    /// <summary>What was found, with what should have happened by now.</summary>
    /// <param name="now">The clock of whoever verifies.</param>
    public AuditReport Finish(DateTimeOffset now)
    {
        if (next == 0) broken.Add(new Finding("begun.missing", "entry 0"));
        var today = AuditRegister.DayOf(now);
        foreach (var order in orders.Values)
        {
            if (order.Receipt is not null && !order.IsDestroyed) Flag("destroy.missing", order.Receipt.Value.Place);
            if (order.IsReceived && order.Root is null) Flag("root.pending", order.Receipt!.Value.Place);
            if (order.EraseBy < today && order.ErasedOn is null) Flag("erasure.overdue", order.Root!.Value.Place);
        }

        foreach (var own in rounds.Keys.GroupBy(round => round.Organisation))
        {
            var (first, last) = (own.Min(round => round.Day), own.Max(round => round.Day));
            if (last.DayNumber - first.DayNumber + 1 > own.Count()) Flag("round.gap", own.Key);
        }

        return new AuditReport
        {
            Broken = broken,
            Flags = flags,
            IsTrial = isTrial,
            Witness = witness,
            Counts = new Dictionary<string, long>(StringComparer.Ordinal)
            {
                ["entries"] = next,
                ["organisations"] = keys.Count,
                ["protocols"] = Register.Texts,
                ["accessions"] = Register.Accessions,
                ["orders"] = orders.Count,
                ["permitted"] = orders.Values.Count(order => order.IsPermitted),
                ["deliveries"] = handles.Count,
                ["received"] = orders.Values.Count(order => order.IsReceived),
                ["erased"] = orders.Values.Count(order => order.ErasedOn is not null),
                ["rounds"] = rounds.Count,
            },
        };
    }

    public void Dispose() => keys.Dispose();

    private void Take(AuditEntry entry, long index)
    {
        types[entry.Type] = types.GetValueOrDefault(entry.Type) + 1;
        if (index == 0)
        {
            Demand(entry.Type == "log.begun", "begun.missing");
            (hub, isTrial, witness) = (entry.By, entry.Value.GetProperty("synthetic").GetBoolean(), entry.Word("witness") is { Length: > 0 } named ? named : null);
            latest = entry.At;
            Demand(entry.Word("origin") == origin, "begun.origin");
            return;
        }

        Demand(entry.Type != "log.begun", "begun.again");
        Demand(entry.Type == "key.stated" || keys.Has(entry.By), "key.none");
        if (entry.IsMadeByHub)
        {
            Demand(latest - entry.At <= BackwardsAtMost, "time.backwards");
            if (entry.At > latest) latest = entry.At;
        }

        switch (entry.Type)
        {
            case "key.stated":
                StateKey(entry);
                break;
            case "register.step":
                var step = AuditDocument.Read(entry.Word("document"), AuditRegister.DocumentTypes);
                keys.Verify(step, entry.By);
                Register.Add(entry.Value.GetProperty("sequence").GetInt64(), entry.By, entry.At, step);
                break;
            case "order.placed":
                Place(entry);
                break;
            case "disclosure.ended":
                EndDisclosure(entry);
                break;
            case "round.published":
                PublishRound(entry);
                break;
            default:
                Continue(entry, orders.GetValueOrDefault(entry.Word("order")) ?? throw new BrokenRuleException("order.unknown"));
                break;
        }
    }

    private void StateKey(AuditEntry entry)
    {
        var statement = AuditDocument.Read(entry.Word("document"), "bereik-key-statement+jws");
        Demand(statement.Word("organisation") == entry.By && statement.At == entry.At, "document.entry");
        if (!keys.State(statement)) Flag("key.byPredecessor", entry.Place);
    }

    // A document of its organisation, of the one type that belongs to the entry, and of the instant that the entry says.
    private AuditDocument Open(AuditEntry entry, string type)
    {
        var document = AuditDocument.Read(entry.Word("document"), type);
        keys.Verify(document, entry.By);
        Demand(document.At == entry.At, "document.entry");
        return document;
    }

    private void Place(AuditEntry entry)
    {
        var (id, outcome) = (entry.Word("order"), entry.Word("outcome"));
        var order = orders.GetValueOrDefault(id);

        // A crash between log and store lets the hub write the same step again: what is ordered may not differ, what was decided on it may be narrower.
        // What is refused changes nothing, whatever it calls itself.
        if (order is not null && !order.IsSame(entry))
        {
            Demand(outcome == "refuse", "order.idTaken");
            Flag("order.again", entry.Place);
            return;
        }

        Demand(entry.Word("source") != entry.By, "entry.actor");
        if (outcome != "refuse" && (order is null || order.Outcome != outcome)) CheckPermit(entry, order);
        if (order is { Outcome: "refuse" } && outcome != "refuse") Flag("order.changed", entry.Place);
        if (order is null) orders.Add(id, order = new AuditOrder(entry));
        order.Outcome = outcome;
    }

    private void CheckPermit(AuditEntry entry, AuditOrder? order)
    {
        var text = Register.Text(entry.Word("protocolHash")) ?? throw new BrokenRuleException("order.textUnknown");
        Demand(text.Id == entry.Word("protocol") && text.Version == entry.Word("protocolVersion") && text.Flow == entry.Word("flow") && text.Source == entry.Word("source"), "order.textDiffers");
        var day = AuditRegister.DayOf(entry.At);
        Demand(Register.Runs(text, day, isTrial), "order.notInForce");
        var accession = Register.Accession(text, entry.By, day) ?? throw new BrokenRuleException("order.notAcceded");
        Demand(text.Recipients.Contains(accession.GetProperty("kind").GetString()!), "order.notRecipient");
        Demand(accession.GetProperty("territory").EnumerateArray().Any(period => period.GetProperty("nis").GetString() == entry.Word("nis") && Shape.DayOf(period.GetProperty("from").GetString()!) <= day
            && (!period.TryGetProperty("until", out var until) || day <= Shape.DayOf(until.GetString()!))), "order.territory");
        Demand(received.GetValueOrDefault(entry.By, []).All(earlier => earlier == order || earlier.Root is not null), "order.rootMissing");
    }

    private void Continue(AuditEntry entry, AuditOrder order)
    {
        var actor = entry.Type switch
        {
            "order.decided" or "envelope.deposited" => order.Source,
            "tokens.deposited" or "receipt.taken" or "persons.root" => order.Recipient,
            _ => hub,
        };
        Demand(entry.By == actor, "entry.actor");
        var isPermit = entry.Word("outcome") == "permit";
        switch (entry.Type)
        {
            case "order.decided":
                Decide(entry, order);
                break;
            case "order.ended":
                order.IsEnded = true;
                break;
            case "tokens.deposited" when isPermit:
                Demand(order.IsReleased, "deposit.notPermitted");
                order.HasTokens = true;
                break;
            case "envelope.deposited" when isPermit:
                Demand(order.IsReleased, "deposit.notPermitted");
                Demand(entry.Word("manifest").Length > 0, "entry.shape");
                Demand(order.Manifest is null || order.Manifest == entry.Word("manifest"), "deposit.another");
                order.Manifest = entry.Word("manifest");
                break;
            case "exchange.matched":
                if (isPermit)
                {
                    Demand(order.IsReleased, "match.notPermitted");
                    Demand(order.HasTokens && order.Manifest is not null, "match.noDeposit");
                    if (order.IsMatched == false) Flag("match.changed", entry.Place);
                }

                order.IsMatched = isPermit;
                break;
            case "package.delivered":
                Deliver(entry, order);
                break;
            case "receipt.taken":
                Receive(entry, order);
                break;
            case "package.destroyed":
                Demand(handles.GetValueOrDefault(entry.Word("handle")) == order, "destroy.noDelivery");
                Demand(order.Receipt is not null || order.IsEnded, "destroy.early");
                order.IsDestroyed = true;
                break;
            case "persons.root":
                Root(entry, order);
                break;
        }
    }

    private void Decide(AuditEntry entry, AuditOrder order)
    {
        var decision = Open(entry, "bereik-decision+jws");
        Demand(decision.Word("id") == order.Id && decision.Word("order") == order.Hash, "decision.otherOrder");
        if (order.Decision is { } earlier)
        {
            Demand(earlier.SigningInput == decision.SigningInput, "decision.another");
            return;
        }

        var isPermit = decision.Word("outcome") == "permit";
        Demand(order.IsPermitted, "decision.notPermitted");
        Demand(!isPermit || order.Outcome != "hold" || decision.Payload.GetProperty("acceptsKnownSet").GetBoolean(), "decision.knownSet");
        order.Decision = decision;
    }

    private void Deliver(AuditEntry entry, AuditOrder order)
    {
        var handle = entry.Word("handle");
        var known = handles.GetValueOrDefault(handle);
        Demand(known is null || known == order, "delivery.handleUsed");
        Demand(!order.IsEnded, "delivery.afterEnd");
        Demand(!order.EndedHandles.Contains(handle), "delivery.withdrawn");
        Demand(order.IsReleased, "delivery.notPermitted");
        Demand(order.HasTokens && order.Manifest is not null, "delivery.noDeposit");
        Demand(order.IsMatched == true, "delivery.noMatch");
        Demand(entry.Word("manifest") == order.Manifest, "delivery.manifest");
        if (known is not null) return;
        var day = AuditRegister.DayOf(entry.At);
        Demand(Register.Text(order.ProtocolHash) is { } text && Register.Runs(text, day, isTrial) && Register.Accession(text, order.Recipient, day) is not null, "delivery.stopped");
        if (order.IsDelivered) Flag("delivery.again", entry.Place);
        order.IsDelivered = true;
        handles.Add(handle, order);
    }

    private void Receive(AuditEntry entry, AuditOrder order)
    {
        var receipt = Open(entry, "bereik-receipt+jws");
        Demand(order.IsDelivered, "receipt.noDelivery");
        Demand(receipt.Word("id") == order.Id && receipt.Word("manifestHash") == order.Manifest, "receipt.manifest");
        if (order.Receipt is { } earlier)
        {
            Demand(earlier.Document.SigningInput == receipt.SigningInput, "receipt.another");
            return;
        }

        order.Receipt = (entry.Place, receipt);
        if (!order.IsReceived) return;
        if (!received.TryGetValue(order.Recipient, out var own)) received.Add(order.Recipient, own = []);
        own.Add(order);
    }

    private void Root(AuditEntry entry, AuditOrder order)
    {
        var root = Open(entry, "bereik-persons-root+jws");
        var handle = entry.Word("handle");
        Demand(root.Word("order") == order.Id && root.Word("handle") == handle, "document.entry");
        Demand(handles.GetValueOrDefault(handle) == order, "root.noDelivery");
        Demand(root.Word("manifest") == order.Manifest, "root.manifest");
        Demand(Register.Text(order.ProtocolHash) is { Band: > 0 } text && root.Payload.GetProperty("slots").GetInt64() % text.Band == 0, "root.slots");
        if (order.Root is { } earlier)
        {
            Demand(earlier.Document.SigningInput == root.SigningInput, "root.another");
            return;
        }

        order.Root = (entry.Place, root);
    }

    private void EndDisclosure(AuditEntry entry)
    {
        var order = handles.GetValueOrDefault(entry.Word("handle")) ?? throw new BrokenRuleException("end.unknown");
        Demand(entry.By == order.Recipient, "entry.actor");
        var end = Open(entry, "bereik-disclosure-end+jws");
        Demand(end.Word("handle") == entry.Word("handle"), "document.entry");
        order.EndedHandles.Add(end.Word("handle"));
        if (end.Word("kind") != "erased" || order.ErasedOn is not null) return;
        order.ErasedOn = AuditRegister.DayOf(entry.At);
        if (order.EraseBy < order.ErasedOn) Flag("erasure.late", entry.Place);
    }

    private void PublishRound(AuditEntry entry)
    {
        var round = Open(entry, "bereik-round+jws");
        Demand(round.Word("organisation") == entry.By, "document.entry");
        var key = (entry.By, Shape.DayOf(round.Word("day"))!.Value);
        Demand(rounds.GetValueOrDefault(key, round.SigningInput) == round.SigningInput, "round.twice");
        rounds[key] = round.SigningInput;
    }

    private void Flag(string code, string place)
    {
        if (flags.Count < MostFindings) flags.Add(new Finding(code, place, IsFlag: true));
    }

    private static void Demand(bool holds, string code)
    {
        if (!holds) throw new BrokenRuleException(code);
    }
}

/// <summary>One entry, read strictly.</summary>
internal sealed record AuditEntry
{
    private static readonly string[] MadeByHub = ["log.begun", "order.placed", "order.ended", "tokens.deposited", "envelope.deposited", "exchange.matched", "package.delivered", "package.destroyed"];

    public required string Place { get; init; }

    public required string Type { get; init; }

    public required string By { get; init; }

    public required DateTimeOffset At { get; init; }

    public required JsonElement Value { get; init; }

    /// <summary>Whether its instant is of the hub's clock, and not of a document's.</summary>
    public bool IsMadeByHub => MadeByHub.Contains(Type);

    /// <summary>A word of the entry; empty when it is not there.</summary>
    public string Word(string name) => Value.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    /// <summary>Reads an entry.</summary>
    /// <exception cref="BrokenRuleException"><c>entry.json</c>, <c>entry.notCanonical</c>, <c>entry.type</c> or <c>entry.shape</c>.</exception>
    public static AuditEntry Read(string place, ReadOnlyMemory<byte> bytes)
    {
        var value = JsonForm.Read(bytes) ?? throw new BrokenRuleException("entry.json");
        if (!JsonForm.IsSorted(bytes.Span, value)) throw new BrokenRuleException("entry.notCanonical");
        string Word(string name) => value.TryGetProperty(name, out var word) && word.ValueKind == JsonValueKind.String ? word.GetString()! : "";
        if (LogShapes.Of(Word("type")) is not { } shape || !value.TryGetProperty("v", out var version) || version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out var number) || number != 1) throw new BrokenRuleException("entry.type");
        if (!shape.Holds(value)) throw new BrokenRuleException("entry.shape");
        return new AuditEntry { Place = place, Type = Word("type"), By = Word("by"), At = Shape.InstantOf(Word("at"))!.Value, Value = value };
    }
}

/// <summary>One order and what became of it, as far as the audit has read.</summary>
/// <param name="placed">Its entry.</param>
internal sealed class AuditOrder(AuditEntry placed)
{
    private static readonly string[] Fixed = ["order", "by", "hash", "flow", "protocol", "protocolVersion", "protocolHash", "source", "nis", "referenceMonth", "epoch"];

    public string Id => placed.Word("order");

    public string Hash => placed.Word("hash");

    public string Recipient => placed.By;

    public string Source => placed.Word("source");

    public string ProtocolHash => placed.Word("protocolHash");

    public string Outcome { get; set; } = placed.Word("outcome");

    public bool IsPermitted => Outcome != "refuse";

    public AuditDocument? Decision { get; set; }

    /// <summary>Whether hub and source permitted it, and it has not ended.</summary>
    public bool IsReleased => IsPermitted && !IsEnded && Decision?.Word("outcome") == "permit";

    public bool IsEnded { get; set; }

    public bool HasTokens { get; set; }

    public string? Manifest { get; set; }

    public bool? IsMatched { get; set; }

    public bool IsDelivered { get; set; }

    public HashSet<string> EndedHandles { get; } = new(StringComparer.Ordinal);

    public (string Place, AuditDocument Document)? Receipt { get; set; }

    public bool IsReceived => Receipt?.Document.Word("outcome") == "received";

    public bool IsDestroyed { get; set; }

    public (string Place, AuditDocument Document)? Root { get; set; }

    public DateOnly? EraseBy => Root is { } root ? Shape.DayOf(root.Document.Word("eraseBy")) : null;

    public DateOnly? ErasedOn { get; set; }

    /// <summary>Whether another entry is about the very same order.</summary>
    public bool IsSame(AuditEntry other) => Fixed.All(name => other.Word(name) == placed.Word(name));
}
