using Bereik.Node.Api;
using Bereik.Node.Errors;

namespace Bereik.Pseudonymiser.Features;

// The two operations as the document of this node tells them.
internal static class Contracts
{
    public static readonly ApiOperation Evaluate = new("evaluatePoints", "Evaluate blinded points (RFC 9497, VOPRF)")
    {
        Description = "1 to 4,096 points of ristretto255; batches are padded to multiples of 256. Header `Bereik-Signature` is a detached JWS over the body by the organisation's pinned key; a second use is refused.",
        Takes = ApiBody.Json(new PointsSent([ApiExamples.Bytes32])),
        Answers = [ApiAnswer.Json(200, "The points in the order asked, with one proof over all of them.", new PointsEvaluated([ApiExamples.Bytes32], ApiExamples.Bytes32 + ApiExamples.Bytes32, ApiExamples.Bytes32, "2026Q4"))],
        Errors = [ErrorCatalogue.NoSignature, ErrorCatalogue.BadSignature, ErrorCatalogue.NotPermitted, ErrorCatalogue.TooLarge, ErrorCatalogue.EpochOver],
    };

    public static readonly ApiOperation Key = new("getKey", "The public key of this quarter, against which every proof is checked")
    {
        Answers = [ApiAnswer.Json(200, "The key.", new KeyTold("2026Q4", ApiExamples.Bytes32))],
        Errors = [ErrorCatalogue.EpochOver],
    };
}

/// <summary>Blinded points.</summary>
/// <param name="Blinded">Each 32 bytes, base64url.</param>
internal sealed record PointsSent(IReadOnlyList<string> Blinded);

/// <summary>Evaluated points.</summary>
/// <param name="Evaluated">Each 32 bytes, base64url, in the order asked.</param>
/// <param name="Proof">The proof over the whole batch, 64 bytes, base64url.</param>
/// <param name="PublicKey">The public key of the quarter, 32 bytes, base64url.</param>
/// <param name="Epoch">The quarter, such as <c>2026Q4</c>.</param>
internal sealed record PointsEvaluated(IReadOnlyList<string> Evaluated, string Proof, string PublicKey, string Epoch);

/// <summary>The key of a quarter.</summary>
/// <param name="Epoch">The quarter, such as <c>2026Q4</c>.</param>
/// <param name="PublicKey">32 bytes, base64url.</param>
internal sealed record KeyTold(string Epoch, string PublicKey);
