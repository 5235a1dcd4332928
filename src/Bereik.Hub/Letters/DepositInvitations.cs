using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Envelopes;
using Bereik.Hub.Features;
using Bereik.Hub.Storage;
using Bereik.Node.Api;
using Bereik.Node.Errors;
using Bereik.Node.Requests;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Letters;

// PUT /v1/orders/{id}/invitations/{part}: a part of the sealed invitations of a wave, by its source. It can be brought again, also changed, until the wave is opened.
internal static class DepositInvitations
{
    // Every line has one length.
    public const int LineLength = 7968;

    public const long MostBytes = WaveOpening.MostInPart * (LineLength + 1L);

    public static readonly ApiOperation Api = new("putInvitations", "Bring a part of the sealed invitations of a wave, as its source")
    {
        Description = "At most 1,000 lines (docs/formats/invitation.md), each ended by a line feed; every part but the last has 1,000. Replaces what that part was, until the wave is opened.",
        Parameters = new Dictionary<string, string> { ["part"] = "Number of the part, from 0." },
        Takes = ApiBody.Text(EnvelopeFormat.MediaType, "{\"number\":\"XCE5A469J\",\"salt\":\"6OinIhuZmoLfQ-MsnGbdQA\",\"sealed\":\"...\"}\n"),
        Answers = [ApiAnswer.Json(202, "The part is in.", new PartTaken(ApiExamples.Bytes32))],
        Errors = [ErrorCatalogue.NotFound, ErrorCatalogue.TooLarge, ErrorCatalogue.StateConflict, ErrorCatalogue.EnvelopeRefused, ErrorCatalogue.Unavailable],
    };

    public static async Task<IResult> HandleAsync(Guid id, int part, HttpRequest http, Actor actor, HubDatabase database, RunningOrders running, TimeProvider clock, CancellationToken cancel)
    {
        var source = ((Actor.Organisation)actor).Id.Value;
        var body = new MemoryStream((int)Math.Min(http.Body.Length, MostBytes));
        await http.Body.CopyToAsync(body, cancel);
        var bytes = body.GetBuffer().AsMemory(0, (int)body.Length);
        var digest = Bytes32.Sha256(bytes.Span).ToString();

        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        if (await database.OrderOfAsync(id, cancel) is not { RefusedAtOnce: false } order || order.Source != source) return ErrorCatalogue.NotFound.Problem();
        if (!order.IsWave) return ErrorCatalogue.StateConflict.Problem(cause: WaveFlow.NotLetters);

        // What is in already needs no second look.
        if (await database.Database.SqlQuery<string>($"SELECT digest AS Value FROM wave_part WHERE order_sequence = {order.Sequence} AND part = {part}").SingleOrDefaultAsync(cancel) == digest) return Taken(digest);
        if (await running.HasStoppedAsync(order, cancel))
        {
            await transaction.CommitAsync(CancellationToken.None);
            return ErrorCatalogue.StateConflict.Problem(cause: "order.refused");
        }

        var now = clock.GetUtcNow();
        if (order.State != OrderState.Approved || !order.IsOpen(now)) return ErrorCatalogue.StateConflict.Problem(cause: $"order.{OrderAnswer.SourceState(order)}");
        if (await StoreAsync(database, order, part, bytes, digest, cancel) is { } wrong)
        {
            await transaction.RollbackAsync(cancel);
            await database.RecordAloneAsync(order.Id, now, "invitations.notAccepted", wrong.Code, cancel);
            return ErrorCatalogue.EnvelopeRefused.Problem(wrong.Place, wrong.Code);
        }

        database.Record(order.Id, now, "invitations.deposited", hash: digest);
        await database.SaveChangesAsync(cancel);
        await transaction.CommitAsync(CancellationToken.None);
        return Taken(digest);

        static IResult Taken(string digest) => Results.Json(new PartTaken(digest), statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task<ParseError?> StoreAsync(HubDatabase database, Order order, int part, ReadOnlyMemory<byte> body, string digest, CancellationToken cancel)
    {
        if (part < 0 || part >= WaveFlow.PartsOf(WaveFlow.AskedOf(order).Letters)) return new ParseError("invitations.part", "part");
        await database.Database.ExecuteSqlAsync($"DELETE FROM invitation WHERE order_sequence = {order.Sequence} AND part = {part}", cancel);
        await database.Database.ExecuteSqlAsync($"DELETE FROM letter WHERE order_sequence = {order.Sequence} AND part = {part}", cancel);
        await using var letter = Insert(database, order, part, "INSERT INTO letter (number, order_sequence, part) VALUES ($number, $order, $part) ON CONFLICT DO NOTHING");
        await using var invitation = Insert(database, order, part, "INSERT INTO invitation (number, order_sequence, part, salt, sealed) VALUES ($number, $order, $part, $salt, $sealed)");
        var (salt, content) = (invitation.Parameters.Add("$salt", SqliteType.Text), invitation.Parameters.Add("$sealed", SqliteType.Blob));
        var row = 0;
        for (var rest = body; !rest.IsEmpty;)
        {
            row++;
            var end = rest.Span.IndexOf((byte)'\n');
            if (row > WaveOpening.MostInPart) return ParseError.At("invitations.tooMany", row);
            if (end < 0) return ParseError.At("invitations.truncated", row);
            if (!SealedInvitation.Parse(rest.Span[..end]).TryGet(out var read, out var wrong)) return ParseError.At(wrong.Code, row);
            rest = rest[(end + 1)..];

            // SECURITY: a number leads to one letter. It tells the source nothing that it does not know: numbers are random, and it drew them.
            letter.Parameters["$number"].Value = invitation.Parameters["$number"].Value = read.Number.Text;
            if (await letter.ExecuteNonQueryAsync(cancel) == 0) return ParseError.At("invitations.numberTaken", row);
            (salt.Value, content.Value) = (read.Salt.ToString(), StrictBase64Url.TryDecode(read.Sealed, out var raw) ? raw : throw new InvalidOperationException("It was parsed before."));
            await invitation.ExecuteNonQueryAsync(cancel);
        }

        if (row == 0) return new ParseError("invitations.none", "");
        await database.Database.ExecuteSqlAsync($"INSERT OR REPLACE INTO wave_part (order_sequence, part, digest, letters) VALUES ({order.Sequence}, {part}, {digest}, {row})", cancel);
        return null;
    }

    private static SqliteCommand Insert(HubDatabase database, Order order, int part, string sql)
    {
        var command = database.Prepare(sql);
        command.Parameters.AddWithValue("$order", order.Sequence);
        command.Parameters.AddWithValue("$part", part);
        command.Parameters.Add("$number", SqliteType.Text);
        return command;
    }
}

/// <summary>A part that is in.</summary>
/// <param name="Digest">SHA-256 of its bytes, base64url.</param>
internal sealed record PartTaken(string Digest);
