using Bereik.Ledger;
using Bereik.Node.Errors;
using Bereik.Pseudonymiser.Storage;

namespace Bereik.Pseudonymiser.Features;

// POST /add-checkpoint (C2SP tlog-witness): cosigns a checkpoint of the public log. The log's signature is all that it takes to ask.
internal static class AddCheckpoint
{
    public const string SizeType = "text/x.tlog.size";

    // The longest note, 63 hashes and a number.
    private const int MostBytes = SignedNote.MostBytes + 4096;

    public static async Task<IResult> HandleAsync(HttpRequest http, Witness witness, PseudonymiserDatabase database, CancellationToken cancel)
    {
        var buffer = new byte[MostBytes + 1];
        var length = await http.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel);
        if (length > MostBytes) return ErrorCatalogue.TooLarge.Problem();
        if (!WitnessRequest.TryParse(buffer.AsSpan(0, length), out var request, out var wrong)) return ErrorCatalogue.BadRequest.Problem(cause: wrong);
        return await witness.CosignAsync(database, request) switch
        {
            WitnessAnswer.Cosigned cosigned => Results.Text(cosigned.Signature + "\n", "text/plain; charset=utf-8"),
            WitnessAnswer.Malformed malformed => ErrorCatalogue.BadRequest.Problem(cause: malformed.Code),
            WitnessAnswer.UnknownLog => ErrorCatalogue.NotFound.Problem(cause: "witness.log"),
            WitnessAnswer.NotSigned => ErrorCatalogue.NotPermitted.Problem(cause: "checkpoint.signature"),
            WitnessAnswer.OtherSize other => Results.Text(FormattableString.Invariant($"{other.Size}\n"), SizeType, statusCode: StatusCodes.Status409Conflict),
            WitnessAnswer.OtherRoot => ErrorCatalogue.StateConflict.Problem(cause: "log.forked"),
            _ => ErrorCatalogue.DocumentRefused.Problem(cause: "log.inconsistent"),
        };
    }
}
