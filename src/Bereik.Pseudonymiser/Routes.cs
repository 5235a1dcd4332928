using Bereik.Node.Api;
using Bereik.Node.Requests;
using Bereik.Pseudonymiser.Features;

namespace Bereik.Pseudonymiser;

// Every route of the pseudonymiser, and who may call it.
internal static class Routes
{
    public static void Map(WebApplication app)
    {
        app.MapPost("/v1/evaluate", Evaluate.HandleAsync).WithOwnCheck().As(Contracts.Evaluate);
        app.MapPost("/add-checkpoint", AddCheckpoint.HandleAsync).WithOwnCheck();
        app.MapGet("/v1/key", ReadKey.Handle).ForAnyone().As(Contracts.Key);
        app.MapGet("/", (PseudonymiserSettings settings, EpochKey key, Witness witness) =>
            Results.Json(new { organisation = settings.Organisation, name = settings.Name, epoch = key.Epoch.ToString(), witness = witness.Verifier.ToString() })).ForAnyone();
    }
}
