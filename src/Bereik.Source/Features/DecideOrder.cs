using Bereik.Exchange.Contracts;
using Bereik.Exchange.Signatures;
using Bereik.Node.Errors;
using Bereik.Node.Requests;
using Bereik.Node.Work;
using Bereik.Source.Register;
using Bereik.Source.Requests;
using Bereik.Source.Waves;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Source.Features;

// The steward approves or refuses. Nothing leaves before this, and what was counted is what leaves.
internal static class DecideOrder
{
    private const int LongestNote = 1000;

    public static async Task<IResult> ApproveAsync(
        Guid id, [FromForm] string? gekendeLijst, [FromForm] string? postdag, Actor actor, SourceDatabase database, ApproveWave waves, NodeKeys keys, WorkSignal signal, TimeProvider clock, CancellationToken cancel)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        if (await database.Requests.SingleOrDefaultAsync(request => request.Id == id.ToString(), cancel) is not { } request) return ErrorCatalogue.NotFound.Problem();
        var now = clock.GetUtcNow();
        var register = await RegisterRevision.ReadAsync(database, cancel);
        if (request.State != RequestState.Ready || request.ExpiresAt <= now) return ErrorCatalogue.StateConflict.Problem(cause: "request.state");
        if (register.Importing || register.Revision != request.Revision) return ErrorCatalogue.StateConflict.Problem(cause: "register.changed");
        if (request.Held && string.IsNullOrEmpty(gekendeLijst)) return Results.LocalRedirect($"/aanvragen/{request.Id}?fout=gekendeLijst");
        if (request.IsForLetters && await waves.TryAsync(request, postdag, cancel) is { } fault) return Results.LocalRedirect($"/aanvragen/{request.Id}?fout={fault}");
        Sign(database, request, keys, [], permit: true, now, acceptsKnownSet: request.Held);
        request.DecidedBy = (actor as Actor.Person)?.Who.Name;
        database.Enqueue(SendDecision.StepKind, request.Id, now);
        return await EndAsync(database, transaction, request, signal, cancel);
    }

    public static async Task<IResult> RefuseAsync(
        Guid id, [FromForm] string? reden, [FromForm] string? toelichting, Actor actor, SourceDatabase database, NodeKeys keys, WorkSignal signal, TimeProvider clock, CancellationToken cancel)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        if (await database.Requests.SingleOrDefaultAsync(request => request.Id == id.ToString(), cancel) is not { } request) return ErrorCatalogue.NotFound.Problem();
        var now = clock.GetUtcNow();
        if (request.State is not (RequestState.New or RequestState.Ready) || request.ExpiresAt <= now) return ErrorCatalogue.StateConflict.Problem(cause: "request.state");
        if (RefusalReason.Find(reden) is not { } reason) return Results.LocalRedirect($"/aanvragen/{request.Id}?fout=reden");
        var note = toelichting?.Trim() ?? "";
        if (note.Length > LongestNote) return Results.LocalRedirect($"/aanvragen/{request.Id}?fout=toelichting");
        Sign(database, request, keys, [new DecisionReason { Code = reason.Code, Text = reason.Text }], permit: false, now);
        (request.Refusal, request.RefusalNote, request.DecidedBy) = (reason.Code, note.Length > 0 ? note : null, (actor as Actor.Person)?.Who.Name);
        database.Enqueue(SendDecision.StepKind, request.Id, now);
        return await EndAsync(database, transaction, request, signal, cancel);
    }

    // Signed once and kept, so that sending it again sends the same bytes, and so that what the public log says in this source's name can be held against it.
    public static void Sign(SourceDatabase database, Request request, NodeKeys keys, IReadOnlyList<DecisionReason> reasons, bool permit, DateTimeOffset now, bool acceptsKnownSet = false)
    {
        var order = request.ReadOrder();
        request.DecisionJws = SignedDocument.Sign(
            new SourceDecision
            {
                Order = order.Hash,
                Id = order.Document.Id,
                Outcome = permit ? "permit" : "refuse",
                Reasons = reasons,
                AcceptsKnownSet = acceptsKnownSet,
                DecidedAt = now,
            },
            keys.Signing).Compact;
        if (request.State != RequestState.Approved) database.Tell(EventTypes.OrderDecided, request.Id, request.Recipient, now);
        if (!permit) database.Tell(EventTypes.ListEnded, request.Id, request.Recipient, now);
        database.OwnDecisions.Add(new OwnDecision { Jws = request.DecisionJws, Request = request.Id });
        request.State = permit ? RequestState.Approved : RequestState.Refused;
        request.DecidedAt = now;
    }

    private static async Task<IResult> EndAsync(
        SourceDatabase database, Microsoft.EntityFrameworkCore.Storage.IDbContextTransaction transaction, Request request, WorkSignal signal, CancellationToken cancel)
    {
        await database.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        signal.Wake();
        return Results.LocalRedirect($"/aanvragen/{request.Id}");
    }
}
