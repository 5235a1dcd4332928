using System.Security.Cryptography;
using Bereik.Exchange;
using Bereik.Exchange.Envelopes;
using Bereik.Hub.Letters;
using Bereik.Hub.Log;
using Bereik.Hub.Storage;
using Bereik.Node.Api;
using Bereik.Node.Errors;
using Bereik.Node.Registers;
using Bereik.Node.Requests;
using Bereik.Node.Work;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Features;

// PUT /v1/orders/{id}/tokens: the local node's token set, streamed into the store in one transaction.
internal static class DepositTokens
{
    public static readonly ApiOperation Api = new("depositTokens", "Bring the token set of the local node")
    {
        Description = "Lines of 43 characters in quotes: the agreement token, then the tokens, padded to the protocol's band (docs/formats/pseudonyms.md).",
        Takes = ApiBody.Text(EnvelopeFormat.MediaType, $"\"{ApiExamples.Bytes32}\"\n\"{ApiExamples.Bytes32}\"\n"),
        Answers = [ApiAnswer.Json(202, "The set is in; it is compared when the envelope is in too.", new OrderAnswer(ApiExamples.Id, "approved", []) { Decision = ApiExamples.Jws })],
        Errors = [ErrorCatalogue.NotFound, ErrorCatalogue.TooLarge, ErrorCatalogue.StateConflict, ErrorCatalogue.EnvelopeRefused, ErrorCatalogue.Unavailable],
    };

    public static async Task<IResult> HandleAsync(
        Guid id, HttpRequest http, Actor actor, HubDatabase database, RunningOrders running, ProtocolRegister register, WorkSignal signal, TimeProvider clock, CancellationToken cancel)
    {
        var recipient = ((Actor.Organisation)actor).Id.Value;
        var digest = new Bytes32(await SHA256.HashDataAsync(http.Body, cancel)).ToString();
        http.Body.Position = 0;

        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        if (await database.OrderOfAsync(id, cancel) is not { } order || order.Recipient != recipient) return ErrorCatalogue.NotFound.Problem();
        if (order.IsWave) return ErrorCatalogue.StateConflict.Problem(cause: WaveFlow.Letters);
        if (order.TokensDigest == digest) return Results.Json(OrderAnswer.ForRecipient(order), statusCode: StatusCodes.Status202Accepted);
        if (await running.HasStoppedAsync(order, cancel))
        {
            await transaction.CommitAsync(CancellationToken.None);
            return ErrorCatalogue.StateConflict.Problem(cause: "order.refused");
        }

        var now = clock.GetUtcNow();
        if (order.State != OrderState.Approved || !order.IsOpen(now)) return ErrorCatalogue.StateConflict.Problem(cause: $"order.{order.State.WireName()}");
        if (order.TokensAt is not null) return ErrorCatalogue.StateConflict.Problem(cause: "tokenSet.another");

        var band = (await register.ViewAsync(cancel)).Find(order.Protocol, order.ProtocolVersion)!.Band;
        if (await StoreAsync(database, order, band, http.Body, cancel) is { } wrong)
        {
            await transaction.RollbackAsync(cancel);
            await database.RecordAloneAsync(order.Id, now, "tokens.notAccepted", wrong.Code, OrderEntries.Tokens(order, now, wrong.Code), cancel);
            return ErrorCatalogue.EnvelopeRefused.Problem(wrong.Place, wrong.Code);
        }

        order.TokensAt = now;
        order.TokensDigest = digest;
        database.Record(order.Id, now, "tokens.deposited");
        if (order.EnvelopeAt is not null) database.Enqueue(MatchExchange.StepKind, order.Id, now);
        await database.LogAsync(OrderEntries.Tokens(order, now));
        await transaction.CommitAsync(CancellationToken.None);
        signal.Wake();
        return Results.Json(OrderAnswer.ForRecipient(order), statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task<ParseError?> StoreAsync(HubDatabase database, Order order, int band, Stream body, CancellationToken cancel)
    {
        var reader = new TokenSetReader(body);
        var agreement = await reader.ReadAgreementAsync(cancel);
        if (agreement.Error is not null) return agreement.Error;
        await database.Database.ExecuteSqlAsync($"INSERT INTO known_set (order_sequence, agreement) VALUES ({order.Sequence}, {agreement.Token.Bytes.ToArray()})", cancel);

        await using var insert = database.Prepare("INSERT INTO known_token (order_sequence, token) VALUES ($order, $token) ON CONFLICT DO NOTHING");
        insert.Parameters.AddWithValue("$order", order.Sequence);
        var bytes = new byte[Bytes32.Length];
        var parameter = insert.Parameters.Add("$token", SqliteType.Blob);
        parameter.Value = bytes;
        while (await reader.ReadTokenAsync(cancel) is { } line)
        {
            if (line.Error is not null) return line.Error;
            line.Token.Bytes.CopyTo(bytes);
            if (insert.ExecuteNonQuery() == 0) return ParseError.At("tokenSet.duplicate", reader.Count + 1);
        }

        if (reader.Count == 0 || reader.Count % band != 0) return new ParseError("tokenSet.band", "");

        // SECURITY: fewer tokens than the people that the signed order counts would deliver people who are known.
        return reader.Count < order.KnownCount ? new ParseError("tokenSet.fewerThanOrdered", "") : null;
    }
}
