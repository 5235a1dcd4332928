using System.Text;
using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Signatures;
using Bereik.Node.Errors;
using Bereik.Node.Requests;
using Bereik.Pseudonymiser.Storage;

namespace Bereik.Pseudonymiser.Features;

// POST /v1/evaluate: evaluates blinded points (RFC 9497, VOPRF) for an edge that signs its request, and keeps who, when and how many.
internal static class Evaluate
{
    public const string SignatureHeader = "Bereik-Signature";
    public const string CheckpointHeader = "Bereik-Checkpoint";

    // The largest batch, each point 43 characters in quotes with a comma, and some room for white space.
    private const int MostBytes = EvaluateRequest.MaxBatch * 48 + 4096;
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);

    public static async Task<IResult> HandleAsync(
        HttpRequest http, PseudonymiserSettings settings, NodeKeys keys, EpochKey key, ReplayGuard replays, PseudonymiserDatabase database, TimeProvider clock, CancellationToken cancel)
    {
        if (await ReadAsync(http, cancel) is not { } body) return ErrorCatalogue.TooLarge.Problem();
        var now = clock.GetUtcNow();
        var (organisation, refusal) = await FindCallerAsync(http, body, settings, keys, replays, now, cancel);
        if (refusal is not null) return refusal;
        if (!EvaluateRequest.Parse(body).TryGet(out var request, out var wrong)) return ErrorCatalogue.BadRequest.Problem(wrong.Place, wrong.Code);
        if (!key.TryEvaluate(request.Blinded, now, out var evaluated)) return ErrorCatalogue.EpochOver.Problem();
        if (!evaluated.Value.TryGet(out var result, out var refused)) return ErrorCatalogue.BadRequest.Problem(refused.Place, refused.Code);
        await database.AddEvaluationAsync(organisation!, now, request.Count, cancel);

        // What the witness saw last goes along, so that an edge that is shown another log finds out.
        if (await database.LastCosignedAsync() is { } cosigned) http.HttpContext.Response.Headers[CheckpointHeader] = Convert.ToBase64String(Encoding.UTF8.GetBytes(cosigned.Note));
        return Results.Bytes(new EvaluateResponse(result.Evaluated, result.Proof, key.PublicKey, key.Epoch.ToString()).ToJson(), "application/json");
    }

    private static async Task<(string? Organisation, IResult? Refusal)> FindCallerAsync(
        HttpRequest http, byte[] body, PseudonymiserSettings settings, NodeKeys keys, ReplayGuard replays, DateTimeOffset now, CancellationToken cancel)
    {
        var header = http.Headers[SignatureHeader].ToString();
        if (header.Length == 0) return (null, ErrorCatalogue.NoSignature.Problem());
        if (!DetachedSignature.Parse(header).TryGet(out var signature, out var wrong)) return Refuse(wrong.Code, wrong.Place);
        if (keys.Owner(signature.Kid) is not { } organisation || keys.ForRequest(organisation, signature.Kid) is not { } pinned) return Refuse("request.signer", "kid");
        if (!signature.IsSignedBy(pinned, body)) return Refuse("jws.signature", "");
        if (signature.Audience != settings.Organisation) return Refuse("request.audience", "aud");
        if (signature.IssuedAt > now + Skew) return Refuse("request.early", "iat");
        if (signature.IssuedAt + Life < now) return Refuse("request.expired", "iat");
        if (settings.Peer(organisation)?.Kind is not (OrganisationKind.Source or OrganisationKind.Municipality or OrganisationKind.PublicCentreForWelfare)) return (null, ErrorCatalogue.NotPermitted.Problem());
        return await replays.IsFirstAsync(organisation, signature.Nonce.ToString(), signature.IssuedAt + Life, cancel) ? (organisation, null) : Refuse("request.replayed", "nonce");

        static (string?, IResult?) Refuse(string code, string place) => (null, ErrorCatalogue.BadSignature.Problem(place, code));
    }

    private static async Task<byte[]?> ReadAsync(HttpRequest http, CancellationToken cancel)
    {
        var buffer = new byte[MostBytes + 1];
        var length = await http.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel);
        return length > MostBytes ? null : buffer[..length];
    }
}
