using System.Text.Json;
using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Signatures;
using Bereik.Node.Registers;

namespace Bereik.Source.Requests;

// An order addressed to this source (nl: aanvraag).
internal sealed class Request
{
    public required string Id { get; init; }

    public required long Sequence { get; init; }

    public required string OrderJws { get; init; }

    public required string Context { get; init; }

    public required string Recipient { get; init; }

    public required string Flow { get; init; }

    public required string Protocol { get; init; }

    public required string ProtocolVersion { get; init; }

    public required string Nis { get; init; }

    public required string ReferenceMonth { get; init; }

    public required string Epoch { get; init; }

    public int? KnownCount { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public required RequestState State { get; set; }

    // JSON list of the reasons of this source and of the hub.
    public required string Reasons { get; set; }

    // Whether somebody must sign for the known set.
    public required bool Held { get; set; }

    // Households or children that would leave, by the last preview.
    public int? Selected { get; set; }

    // Revision of the register that the preview counted.
    public long? Revision { get; set; }

    // The day for which it counted, yyyy-MM-dd, Europe/Brussels.
    public string? CountedOn { get; set; }

    public string? DecisionJws { get; set; }

    public DateTimeOffset? DecidedAt { get; set; }

    public string? DecidedBy { get; set; }

    // Why it was refused, in the steward's words.
    public string? Refusal { get; set; }

    // The steward's own words, which stay here.
    public string? RefusalNote { get; set; }

    // SHA-256 of the manifest of its envelope, base64url, once there is one.
    public string? Manifest { get; set; }

    // Why it failed, or was stopped on its way.
    public string? Code { get; set; }

    // Taken up before, and stopped because protocol or accession no longer ran. What is refused when it comes in has no code of its own.
    public bool IsStopped => State == RequestState.Refused && Code is not null;

    public IReadOnlyList<RequestReason> ReadReasons() => JsonSerializer.Deserialize<List<RequestReason>>(Reasons) ?? [];

    // The very text that the order was signed under, and no other of the same name.
    public Protocol? FindProtocol(RegisterView register) => register.Text(ReadOrder().Document.ProtocolHash.ToString()) is { } text && text.Id == Protocol && text.Version == ProtocolVersion ? text : null;

    // The signature was verified before the order was stored.
    public SignedDocument<ListOrder> ReadOrder() => SignedDocument.Parse<ListOrder>(OrderJws).Value;

    public bool IsForLetters => Flow == "messenger";

    public Month ReadMonth() => Month.TryParse(ReferenceMonth, out var month) ? month : throw new InvalidDataException("A stored month does not have its shape.");

    public override string ToString() => $"request {Id}";
}

internal enum RequestState
{
    // Received, not counted yet.
    New,

    // Counted: the steward may decide.
    Ready,
    Approved,
    Refused,
    Deposited,
    Failed,
    Expired,
}

internal sealed record RequestReason(string Code, string? Clause, string Text, string TextEnglish)
{
    public static RequestReason Of(Reason reason) => new(reason.Code, reason.Clause, reason.Text, reason.TextEnglish);
}

// How many a preview held back or could not route, for one reason.
internal sealed class RequestCount
{
    public required string Request { get; init; }

    public required string Kind { get; init; }

    public required string Reason { get; init; }

    public required int Count { get; init; }
}

// An order that was not taken up: its signature does not hold, or its context was used before.
internal sealed class RejectedOrder
{
    public required long Sequence { get; init; }

    public required string OrderId { get; init; }

    public required string Code { get; init; }

    public required string Place { get; init; }

    public required DateTimeOffset At { get; init; }
}
