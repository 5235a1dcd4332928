using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Signatures;
using Bereik.Hub.Features;
using Bereik.Hub.Log;
using Bereik.Hub.Storage;
using Bereik.Node.Api;
using Bereik.Node.Errors;
using Bereik.Node.Registers;
using Bereik.Node.Requests;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Letters;

// POST /v1/orders/{id}/opening: the source says that its letters are ready, and from when they can be answered. From then on its invitations stay as they are.
internal static class OpenWave
{
    // How far ahead the day of posting may lie: a wave is ordered to be sent, not to be kept.
    public const int MostDaysAhead = 60;

    public static readonly ApiOperation Api = new("openWave", "Say that a wave of letters is ready, as its source")
    {
        Description = "Signed, over the digests of all parts. From the day of posting on the letters can be answered. The answer is the same whatever anybody answers.",
        Takes = ApiBody.Json(new OpeningSent(ApiExamples.Jws)),
        Answers = [ApiAnswer.Json(200, "It is open; the same opening again is no error.", new OrderAnswer(ApiExamples.Id, "deposited", []) { Decision = ApiExamples.Jws })],
        Errors = [ErrorCatalogue.NotFound, ErrorCatalogue.TooLarge, ErrorCatalogue.StateConflict, ErrorCatalogue.DocumentRefused, ErrorCatalogue.Unavailable],
    };

    public static async Task<IResult> HandleAsync(
        Guid id, HttpRequest http, Actor actor, HubDatabase database, HubSettings settings, RunningOrders running, ProtocolRegister register, NodeKeys keys, TimeProvider clock, CancellationToken cancel)
    {
        var source = ((Actor.Organisation)actor).Id.Value;
        var (compact, wrongBody) = await DocumentBody.ReadAsync(http, "opening", cancel);
        if (compact is null) return wrongBody!;

        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        if (await database.OrderOfAsync(id, cancel) is not { RefusedAtOnce: false } order || order.Source != source) return ErrorCatalogue.NotFound.Problem();
        if (!order.IsWave) return ErrorCatalogue.StateConflict.Problem(cause: WaveFlow.NotLetters);
        if (!keys.Open<WaveOpening>(source, compact).TryGet(out var opening, out var unread)) return await RefuseAsync(unread);
        if (order.ManifestHash is not null) return order.ManifestHash == opening.Hash.ToString() ? Results.Json(OrderAnswer.ForSource(order)) : ErrorCatalogue.StateConflict.Problem(cause: "opening.another");
        if (await running.HasStoppedAsync(order, cancel))
        {
            await transaction.CommitAsync(CancellationToken.None);
            return ErrorCatalogue.StateConflict.Problem(cause: "order.refused");
        }

        var now = clock.GetUtcNow();
        if (order.State != OrderState.Approved || !order.IsOpen(now)) return ErrorCatalogue.StateConflict.Problem(cause: $"order.{OrderAnswer.SourceState(order)}");
        var protocol = (await register.ViewAsync(cancel)).Find(order.Protocol, order.ProtocolVersion)!;
        if (FindMismatch(opening, order, protocol, settings, now) is { } mismatch) return await RefuseAsync(mismatch);
        if (await FindMissingAsync(database, order, opening.Document, cancel) is { } missing) return await RefuseAsync(missing);

        database.Waves.Add(new Wave
        {
            OrderSequence = order.Sequence,
            Opening = compact,
            Notice = opening.Document.Notice.ToString(),
            ProtocolHash = opening.Document.ProtocolHash.ToString(),
            RecipientKid = opening.Document.RecipientKid,
            Letters = opening.Document.Letters,
            OpensOn = opening.Document.OpensOn,
            AnswerBy = opening.Document.AnswerBy,
            LastUntil = opening.Document.AnswerBy.AddDays(protocol.Find<Clause.Consent>()?.ValidDays ?? 0),
            OpenedAt = now,
        });
        order.State = OrderState.Open;
        order.EnvelopeAt = now;
        order.ManifestHash = opening.Hash.ToString();
        order.SetReasons([]);
        database.Record(order.Id, now, "wave.opened", hash: order.ManifestHash);
        await database.LogAsync(OrderEntries.Envelope(order, opening.Hash, now));
        await transaction.CommitAsync(CancellationToken.None);
        return Results.Json(OrderAnswer.ForSource(order));

        async Task<IResult> RefuseAsync(ParseError cause)
        {
            await transaction.RollbackAsync(cancel);
            var at = clock.GetUtcNow();
            await database.RecordAloneAsync(order.Id, at, "opening.notAccepted", cause.Code, OrderEntries.Envelope(order, null, at, cause.Code), cancel);
            return ErrorCatalogue.DocumentRefused.Problem(cause.Place, cause.Code);
        }
    }

    // Whether it answers the order, by everything that the hub itself can see.
    private static ParseError? FindMismatch(SignedDocument<WaveOpening> signed, Order order, Protocol protocol, HubSettings settings, DateTimeOffset now)
    {
        var opening = signed.Document;
        var asked = SignedDocument.Parse<ListOrder>(order.Jws).Value.Document;
        var letter = asked.Letter!;
        var today = BelgianTime.DayOf(now);
        if (opening.Id != asked.Id) return Wrong("id");
        if (opening.Order.ToString() != order.Hash) return Wrong("order");
        if (opening.ProtocolHash != asked.ProtocolHash || opening.ProtocolHash.ToString() != protocol.Hash) return Wrong("protocolHash");
        if (settings.Peer(order.Recipient) is not { } recipient || HubSettings.SealingKid(recipient) != opening.RecipientKid) return Wrong("recipientKid");
        if (opening.SourceKid != signed.Kid) return Wrong("sourceKid");

        // SECURITY: in a wave that came out smaller than this, whoever answers would stand out.
        if (opening.Letters > letter.Letters || opening.Letters < Math.Max(Decide.FewestLetters, protocol.Find<Clause.Waves>()?.Least ?? int.MaxValue)) return Wrong("letters");
        if (opening.OpensOn < today || opening.OpensOn > today.AddDays(MostDaysAhead)) return Wrong("opensOn");
        if (opening.AnswerBy != opening.OpensOn.AddDays(letter.AnswerDays)) return Wrong("answerBy");
        return opening.At > now + PlaceReferral.MostAhead ? Wrong("at") : null;
    }

    // Whether exactly what it says is here.
    private static async Task<ParseError?> FindMissingAsync(HubDatabase database, Order order, WaveOpening opening, CancellationToken cancel)
    {
        var parts = await database.Database.SqlQuery<KeptPart>($"SELECT part AS Part, digest AS Digest, letters AS Letters FROM wave_part WHERE order_sequence = {order.Sequence} ORDER BY part").ToListAsync(cancel);
        if (parts.Count != opening.Parts.Count || parts.Where((one, at) => one.Part != at || one.Digest != opening.Parts[at].ToString()).Any()) return Wrong("parts");
        return parts.SkipLast(1).Any(one => one.Letters != WaveOpening.MostInPart) || parts.Sum(one => one.Letters) != opening.Letters ? Wrong("letters") : null;
    }

    private static ParseError Wrong(string member) => new($"opening.{member}", member);

    private sealed record KeptPart(int Part, string Digest, int Letters);
}

/// <summary>A source's signed opening of a wave.</summary>
/// <param name="Opening">Compact JWS, by the source of the order.</param>
internal sealed record OpeningSent(string Opening);
