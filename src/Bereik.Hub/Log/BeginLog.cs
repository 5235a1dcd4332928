using Bereik.Exchange.Log;
using Bereik.Exchange.Signatures;
using Bereik.Hub.Features;
using Bereik.Hub.Storage;
using Bereik.Ledger;
using Bereik.Node;
using Bereik.Node.Registers;
using Bereik.Node.Requests;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Log;

// What the hub does with its log before it listens: opens it, remembers who stated which key, and tells what must be in it.
internal static class BeginLog
{
    public static async Task RunAsync(IServiceProvider services, CancellationToken cancel)
    {
        var database = services.GetRequiredService<HubDatabase>();
        var settings = services.GetRequiredService<HubSettings>();
        var keys = services.GetRequiredService<NodeKeys>();
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        await database.Log.OpenAsync(database, now);
        await RememberKeysAsync(database, settings, keys, cancel);

        // Pages and health are served without a log that can be trusted, so that people can see what is the matter.
        if (database.Log.IsBroken) return;
        try
        {
            await StateOwnKeyAsync(services.GetRequiredService<TakeLogDocument.Desk>(), database, settings, keys, now, cancel);
            await RegisterEvents.ProposeShippedAsync(database, keys, services.GetRequiredService<ProtocolRegister>(), now, cancel);
        }
        catch (LogUnavailableException) when (!database.Log.IsBroken)
        {
            throw new NodeStartException("The public log in this node's data folder cannot be written now. Look whether its disk is full or closed to this node. Nothing is served.");
        }
        catch (LogUnavailableException)
        {
            // It broke just now, which was said; what is left to tell is told at a next start.
        }
    }

    // Successors that were taken before this start.
    private static async Task RememberKeysAsync(HubDatabase database, HubSettings settings, NodeKeys keys, CancellationToken cancel)
    {
        var stated = await database.StatedKeys.AsNoTracking().Where(key => key.Use == KeyUse.Signing).OrderBy(key => key.Sequence).ToListAsync(cancel);
        foreach (var of in stated.GroupBy(key => key.Organisation))
        {
            // What was stated before the key that is pinned now was its predecessor's affair.
            var pinned = of.Key == settings.Organisation ? keys.Signing.Kid : keys.Of(of.Key)?.Kid;
            if (of.Key != settings.Organisation && of.All(key => key.Kid != pinned)) continue;
            foreach (var key in of.SkipWhile(key => of.Key != settings.Organisation && key.Kid != pinned))
            {
                TakeLogDocument.Tell(keys, of.Key, key.Kid, key.Key);
                if (key.RevokedAt is not null) TakeLogDocument.Tell(keys, of.Key, key.Kid, null);
            }
        }

        var own = stated.Where(key => key.Organisation == settings.Organisation && key.RevokedAt is null).ToList();
        if (own.Count > 0 && own[^1].Kid != keys.Signing.Kid)
        {
            throw new NodeStartException("The key of setting 'keys.signing' is not the hub's present signing key in the public log. A successor is stated first, signed by its predecessor. Nothing is served.");
        }
    }

    private static async Task StateOwnKeyAsync(TakeLogDocument.Desk desk, HubDatabase database, HubSettings settings, NodeKeys keys, DateTimeOffset now, CancellationToken cancel)
    {
        if (await database.StatedKeys.AnyAsync(key => key.Organisation == settings.Organisation && key.Kid == keys.Signing.Kid, cancel)) return;
        var statement = new KeyStatement { Organisation = settings.Organisation, Use = KeyUse.Signing, Kid = keys.Signing.Kid, Key = keys.Signing.PublicKey.ToJwk(), At = now.Second() };
        var (_, wrong) = await desk.TakeAsync(SignedDocument.Sign(statement, keys.Signing).Compact, cancel);
        if (wrong is not null) throw new InvalidOperationException($"The hub's own key was not taken: {wrong.Code}.");
    }
}
