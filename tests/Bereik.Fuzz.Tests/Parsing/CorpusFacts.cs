using System.Security.Cryptography;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Invitations;
using Bereik.Sealing.Pseudonyms;

namespace Bereik.Fuzz.Tests.Parsing;

// What the corpus was made with besides its keys: the time, the choice of check rows, the bases that stand for people.
internal static class CorpusFacts
{
    public const string Choice = "AAAAAP____8";
    public const int Band = 1;
    public const int PaddedSize = 16;
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    // The letter that the invitations of the corpus are of.
    public static LetterNumber Number { get; } = LetterNumber.TryParse("04HMASW95", out var number) ? number : throw new InvalidDataException("No letter number.");

    public static InvitationBinding Letter(string recipientKid) => new(Guid.Parse("6f0e6a52-3b0c-4c7e-9a55-2d1f0a7b8c9d"), Bytes32.Sha256("protocol"u8), recipientKid);

    // The receipt that the proofs of the corpus are of.
    public static ConsentReceipt Receipt { get; } = new()
    {
        Schema = ConsentReceipt.Profile, Id = Guid.Parse("0198c5d2-0000-7000-8000-000000000001"), Event = "given", Letter = Number, Wave = Guid.Parse("6f0e6a52-3b0c-4c7e-9a55-2d1f0a7b8c9d"),
        Protocol = "groeipakket-brief", ProtocolVersion = "0.3", ProtocolHash = Bytes32.Sha256("protocol"u8), Notice = Bytes32.Sha256("notice"u8), Purpose = "requestedHelp", Role = "safeguard", Fields = ["givenNames", "familyName"],
        Source = "opgroeien", Recipient = "ocmw-aalst", Service = "Sociaal Huis, \"het huis\" — René", Method = "web", Assurance = "bearer", At = Now, Until = new DateOnly(2027, 5, 22), Salt = Bytes32.Sha256("salt"u8),
    };

    public static PseudonymBase Base(int person) => PseudonymBase.Import([.. Enumerable.Range(0, 64).Select(i => (byte)((i * 7) + person))]);

    public static AesGcm RecordKey() => new(SHA256.HashData("content key"u8), 16);
}
