using System.Security.Cryptography;
using System.Text;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Envelopes;
using Bereik.Exchange.Protocols;
using Bereik.Exchange.Signatures;

namespace Bereik.Hub.Tests;

// An envelope of the right shape around random bytes: what is in a seal does not matter to a hub, and it cannot tell.
internal sealed class TestEnvelope
{
    public const int PaddedSize = 256;

    public required SignedDocument<Manifest> Manifest { get; init; }

    public required IReadOnlyList<EnvelopeRow> Rows { get; init; }

    public static TestEnvelope Of(TestHub hub, SignedDocument<ListOrder> order, Token agreement, IReadOnlyList<Token[]> rows, Func<Manifest, Manifest>? change = null, Func<int, string?>? seal = null)
    {
        var document = order.Document;
        var isSealed = document.Flow == "unknown";
        var band = EnvelopeFormat.PadToBand(rows.Count, ShippedProtocols.Find(document.Protocol, document.ProtocolVersion)!.Band);
        var slots = Enumerable.Range(0, band).ToArray();
        RandomNumberGenerator.Shuffle<int>(slots);
        var placed = rows.Zip(slots.Take(rows.Count).Order())
            .Select(pair => new EnvelopeRow(pair.Second, pair.First, seal is not null ? seal(pair.Second) : isSealed ? Sealed(document.Id, pair.Second, PaddedSize) : null)).ToList();
        var digests = Enumerable.Range(0, band).Select(_ => Bytes32.Random()).ToArray();
        foreach (var row in placed) digests[row.Slot] = SlotWalk.Digest(row.Slot, row.Tokens, row.Sealed);
        var kid = hub.OfRecipient(order).Sealing.Kid;
        var manifest = new Manifest
        {
            Id = document.Id,
            Order = order.Hash,
            Context = order.Context,
            Flow = document.Flow,
            Protocol = document.Protocol,
            ProtocolVersion = document.ProtocolVersion,
            ProtocolHash = document.ProtocolHash,
            Source = document.Source,
            Recipient = document.Recipient,
            SourceKid = hub.Source.Signing.Kid,
            RecipientKid = kid,
            Epoch = document.Epoch,
            ReferenceMonth = document.ReferenceMonth,
            Agreement = agreement,
            ContentKey = isSealed ? ContentKey(kid) : null,
            PaddedSize = isSealed ? PaddedSize : null,
            Checkpoint = hub.Checkpoint(),
            IssuedAt = hub.Clock.Second(),
            ExpiresAt = document.ExpiresAt,
            Rows = digests,
        };
        return new TestEnvelope { Manifest = SignedDocument.Sign(change?.Invoke(manifest) ?? manifest, hub.Source.Signing), Rows = placed };
    }

    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        EnvelopeFormat.WriteManifestAsync(stream, Manifest, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        foreach (var row in Rows) EnvelopeFormat.WriteRowAsync(stream, row, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        return stream.ToArray();
    }

    public static Token[] Row(params Token[] linked) => [.. linked, .. Enumerable.Range(0, EnvelopeFormat.TokensPerRow - linked.Length).Select(_ => Token.Random())];

    public static List<Token[]> RandomRows(int count) => [.. Enumerable.Range(0, count).Select(_ => Row())];

    public static async Task<byte[]> TokensAsync(Token agreement, IEnumerable<Token> tokens, Flow flow = Flow.Unknown)
    {
        using var stream = new MemoryStream();
        await TokenSet.WriteAsync(stream, agreement, tokens, ShippedProtocols.Of(flow).Band, CancellationToken.None);
        return stream.ToArray();
    }

    public static string Sealed(Guid exchange, int slot, int size) =>
        $"{StrictBase64Url.Encode(Encoding.ASCII.GetBytes(SealedShape.Header(exchange, slot)))}..{Random(12)}.{Random(size)}.{Random(16)}";

    public static string ContentKey(string kid)
    {
        var header = $$$"""{"alg":"ECDH-ES+A256KW","enc":"A256GCM","typ":"bereik-key+jwe","kid":"{{{kid}}}","epk":{"kty":"EC","crv":"P-256","x":"{{{Random(32)}}}","y":"{{{Random(32)}}}"}}""";
        return $"{StrictBase64Url.Encode(Encoding.ASCII.GetBytes(header))}.{Random(40)}.{Random(12)}.{Random(32)}.{Random(16)}";
    }

    private static string Random(int length) => StrictBase64Url.Encode(RandomNumberGenerator.GetBytes(length));
}
