using System.Text;
using Bereik.Domain;
using Bereik.Exchange.Log;
using Bereik.Local.Orders;
using Bereik.Local.Storage;
using Bereik.Node.Api;
using Bereik.Node.Errors;
using Bereik.Node.Logs;
using Bereik.Node.Requests;

namespace Bereik.Local.Features;

// A person's proof: made of a row for the person to keep, and found back from what a person brings.
internal static class PersonProofs
{
    public static readonly ApiOperation MadeApi = new("makeProof", "A person's own proof that a row is in the public log")
    {
        Description = "Decided and registered as opening the row is.",
        Answers = [new ApiAnswer(200, "The file (C2SP tlog-proof).", ApiBody.Text("text/plain", "c2sp.org/tlog-proof@v1\n..."))],
        Errors = [ErrorCatalogue.NotFound, ErrorCatalogue.StateConflict],
        Parameters = new Dictionary<string, string> { ["person"] = "Which person of the row, from 0; 0 when absent." },
    };

    public static readonly ApiOperation FoundApi = new("findProof", "Whether what a proof tells is still here")
    {
        Description = "The proof is the body, since it is a person's. What was erased or changed is found nowhere.",
        Takes = ApiBody.Text("text/plain", "c2sp.org/tlog-proof@v1\n..."),
        Answers = [ApiAnswer.Json(200, "It is here, unchanged.", new ProofFound(ApiExamples.Id, ApiExamples.Id))],
        Errors = [ErrorCatalogue.NotFound, ErrorCatalogue.TooLarge],
    };

    private const int MostBytes = 512 * 1024;

    // GET /v1/rows/{id}/proof?person=n: decided and registered like opening the row.
    public static async Task<IResult> MakeAsync(Guid id, int? person, Actor actor, HttpContext context, ReceivedRows rows, PersonStatements statements, LogWatch log, CancellationToken cancel)
    {
        if (await statements.RowAsync(id.ToString("D"), cancel) is not { } row) return ErrorCatalogue.NotFound.Problem();
        var decision = await rows.DecideAsync(row, UseAct.Open, PurposeOf(row), Logged.By(actor, "proof.make"), cancel);
        if (decision.Outcome != Outcome.Permit) return Refusals.Page(decision);
        if (await statements.FindAsync(row, person ?? 0, cancel) is not { } committed) return ErrorCatalogue.NotFound.Problem();
        if (committed.Root.LogIndex is not { } index || await log.ProveAsync(index, default, cancel) is not { } entry) return ErrorCatalogue.StateConflict.Problem(cause: "proof.notLogged");
        var extra = PersonProof.ExtraOf(entry.Entry.Span, committed.Statement, committed.Salt, PaddedRoot.Of(committed.Root.Leaves), committed.Slot);
        if (await log.ProveAsync(index, extra, cancel) is not { } proved) return ErrorCatalogue.StateConflict.Problem(cause: "proof.notLogged");
        context.Response.Headers.CacheControl = "no-store";
        return Results.Bytes(Encoding.UTF8.GetBytes(proved.Proof.ToString()), "text/plain; charset=utf-8", $"bewijs-{index}.tlog-proof");
    }

    // POST /v1/proofs/find: whether what a proof tells is still here. What was erased is found nowhere, and neither is what was changed.
    public static async Task<IResult> FindAsync(Actor actor, HttpRequest request, ReceivedRows rows, PersonStatements statements, CancellationToken cancel)
    {
        if (await ReadAsync(request.Body, cancel) is not { } bytes) return ErrorCatalogue.TooLarge.Problem();
        if (!PersonProof.Read(bytes).TryGet(out var proof, out var wrong)) return ErrorCatalogue.BadRequest.Problem(wrong.Place, wrong.Code);
        if (await statements.OwnerAsync(proof.Statement.Order, proof.Salt, cancel) is not var (id, person) || await statements.RowAsync(id, cancel) is not { } row) return ErrorCatalogue.NotFound.Problem();
        if (await statements.FindAsync(row, person, cancel) is not { } committed) return ErrorCatalogue.NotFound.Problem();
        var isSame = committed.Root.Document == proof.Entry.Document && committed.Slot == proof.Slot
            && PersonCommitment.Of(committed.Statement, committed.Salt) == PersonCommitment.Of(proof.Statement, proof.Salt);
        if (!isSame) return ErrorCatalogue.NotFound.Problem();
        var decision = await rows.DecideAsync(row, UseAct.Open, PurposeOf(row), Logged.By(actor, "proof.find"), cancel);
        return decision.Outcome == Outcome.Permit ? Results.Json(new ProofFound(Guid.Parse(row.Id), Guid.Parse(row.ListId))) : Refusals.Page(decision);
    }

    private static Purpose PurposeOf(IReceivedRow row) => row is GrantRow ? Purpose.AutomaticGrant : row.Purpose == Purpose.RequestedHelp.WireName() ? Purpose.RequestedHelp : Purpose.Outreach;

    private static async Task<byte[]?> ReadAsync(Stream body, CancellationToken cancel)
    {
        var bytes = new byte[MostBytes + 1];
        var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancel);
        return length > MostBytes ? null : bytes[..length];
    }
}

/// <summary>A row that a proof is about.</summary>
/// <param name="Row">Its id.</param>
/// <param name="List">Id of its list.</param>
internal sealed record ProofFound(Guid Row, Guid List);
