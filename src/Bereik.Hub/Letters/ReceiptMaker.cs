using System.Text.Json;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Invitations;
using Bereik.Exchange.Signatures;
using Bereik.Hub.Log;
using Bereik.Hub.Storage;
using Bereik.Node.Requests;

namespace Bereik.Hub.Letters;

// Makes what somebody takes home (nl: bewijs). The store gets the commitment; salt and receipt are in the answer to that one person and nowhere else.
internal sealed class ReceiptMaker(HubDatabase database, NodeKeys keys)
{
    public const string Given = "given";
    public const string Withdrawn = "withdrawn";

    // The receipt, a compact JWS; its commitment is kept with the caller's unit of work.
    public string Make(string happened, Answer answer, LetterNumber number, WaveOrder about, Protocol protocol, AnswerMethod method, DateTimeOffset now)
    {
        var (order, wave) = about;
        var receipt = new ConsentReceipt
        {
            Schema = ConsentReceipt.Profile,
            Id = Guid.Parse(answer.Id),
            Event = happened,
            Letter = number,
            Wave = Guid.Parse(order.Id),
            Protocol = order.Protocol,
            ProtocolVersion = order.ProtocolVersion,
            ProtocolHash = Read(wave.ProtocolHash),
            Notice = Read(wave.Notice),
            Purpose = protocol.Find<Clause.PurposeClause>()!.Purpose.WireName(),
            Role = JsonNamingPolicy.CamelCase.ConvertName(protocol.Find<Clause.Consent>()!.Role.ToString()),
            Fields = [.. protocol.Find<Clause.FieldsClause>()!.Shared.Select(field => field.Id.WireName())],
            Source = order.Source,
            Recipient = order.Recipient,
            Service = LetterLookup.PartsOf(order).GetValueOrDefault("service", order.Recipient),
            Method = method.WireName(),
            Assurance = answer.Assurance.WireName(),
            At = now.Second(),
            Until = answer.Until,
            Salt = Bytes32.Random(),
        };
        database.Commitments.Add(new ConsentCommitment
        {
            Commitment = receipt.Commitment().ToString(), Answer = answer.Id, Kind = happened == Given ? ConsentCommitment.Consent : ConsentCommitment.Withdrawal, At = now,
        });
        return SignedDocument.Sign(receipt, keys.Signing).Compact;
    }

    private static Bytes32 Read(string text) => Bytes32.TryParse(text, out var bytes) ? bytes : throw new InvalidDataException("A stored hash does not have its shape.");
}
