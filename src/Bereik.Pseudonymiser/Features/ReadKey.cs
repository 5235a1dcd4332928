using Bereik.Exchange;
using Bereik.Node.Errors;

namespace Bereik.Pseudonymiser.Features;

// GET /v1/key: the public key of the epoch, against which every proof is checked.
internal static class ReadKey
{
    public static IResult Handle(EpochKey key, TimeProvider clock) => key.IsUsable(clock.GetUtcNow())
        ? Results.Json(new KeyTold(key.Epoch.ToString(), StrictBase64Url.Encode(key.PublicKey)))
        : ErrorCatalogue.EpochOver.Problem();
}
