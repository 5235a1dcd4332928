using Bereik.Exchange.Keys;
using Bereik.Exchange.Log;
using Bereik.Ledger;
using Bereik.Node.Registers;
using Bereik.Node.Requests;

namespace Bereik.Node.Logs;

// What follows from what was read: keys, promises, checkpoints of others, the register.
public sealed partial class LogWatch
{
    private async Task JudgeAsync(Reading reading, LogMirror own, CancellationToken cancel)
    {
        if (await reading.Store.ViewAsync(cancel) is not { } view || view.Tree.Size > own.Checkpoint.Size) return;
        await JudgeKeysAsync(reading, cancel);
        var reader = own.Read();
        var before = view.CosignedAt - Patience;
        foreach (var promise in await reading.Store.PromisesAsync(view.Tree.Size, before, cancel))
        {
            var isKept = promise.Idx < view.Tree.Size && (await LeafAsync(reader, promise.Idx, cancel)).ToString() == promise.Leaf;
            await reading.Store.InTransactionAsync(
                async () =>
                {
                    await reading.Store.EndPromiseAsync(promise, isBroken: !isKept, cancel);
                    if (!isKept) await reading.Alarms.RaiseAsync("log.entryDropped", $"{PlaceOf(promise.Idx)}, leaf {promise.Leaf}", own.Note?.ToString(), cancel);
                },
                cancel);
        }

        foreach (var ahead in await reading.Store.AheadAsync(view.Tree.Size, before, cancel))
        {
            var isSame = ahead.Size <= view.Tree.Size && (await RootAtAsync(reader, ahead.Size, cancel)).ToString() == ahead.Root;
            await reading.Store.InTransactionAsync(
                async () =>
                {
                    await reading.Store.EndAheadAsync(ahead, isBroken: !isSame, cancel);
                    if (!isSame) await RaiseSplitAsync(reading, ahead.Size, ahead.Root, $"{ahead.Note}\n{own.Note}", cancel);
                },
                cancel);
        }

        await JudgeRegisterAsync(reading, view, cancel);
    }

    private async Task JudgeKeysAsync(Reading reading, CancellationToken cancel)
    {
        if (unjudged is { Count: 0 }) return;
        var statements = await reading.Store.StatementsAsync(cancel);
        foreach (var organisation in statements.Select(group => group.Key).Where(stated => unjudged?.Contains(stated) is not false))
        {
            var isOwn = organisation == settings.Organisation;
            KeyChain chain;
            if (isOwn) chain = KeyChain.OfOwn(await HeldAsync(reading.Store, cancel), [.. statements[organisation]]);
            else if (PinnedKey(organisation) is { } pinned) chain = KeyChain.Of(pinned, [.. statements[organisation]]);
            else continue;

            await reading.Store.InTransactionAsync(
                async () =>
                {
                    await reading.Store.KeepKeysAsync(organisation, chain.Keys, cancel);
                    foreach (var index in chain.Broken) await reading.Alarms.RaiseAsync(isOwn ? "key.notMine" : "key.chainBroken", PlaceOf(index), null, cancel);
                },
                cancel);
            if (isOwn) continue;
            foreach (var key in chain.Keys.Where(key => key.Use == KeyUse.Signing))
            {
                keys.Learn(organisation, SigningPublicKey.FromJwk(key.Key).Value);
                if (key.IsRevoked) keys.Revoke(key.Kid);
            }
        }

        unjudged = [];
    }

    // The log and the register that the hub tells must be one. The register is read at once when the log is further, so that a stop is known here as soon as it is public.
    private async Task JudgeRegisterAsync(Reading reading, LogView view, CancellationToken cancel)
    {
        if (await reading.Store.IsRegisterBehindAsync(cancel))
        {
            try
            {
                await reading.Register.ReadAsync(cancel);
            }
            catch (Exception away) when (away is HttpRequestException or PeerRefusedException)
            {
                // The register has its own step, which tells of it.
            }
            catch (RegisterBrokenException broken)
            {
                await reading.Alarms.RaiseAsync("register.hidden", broken.Message, null, cancel);
            }
        }

        foreach (var step in await reading.Store.HiddenAsync(BetweenLogAndRegister, cancel))
        {
            await reading.Alarms.RaiseAsync("register.hidden", FormattableString.Invariant($"step {step.Sequence}, {PlaceOf(step.Idx)}"), null, cancel);
        }

        foreach (var sequence in await reading.Store.UnloggedAsync(clock.GetUtcNow(), view.CosignedAt - Patience, cancel))
        {
            await reading.Alarms.RaiseAsync("register.unlogged", FormattableString.Invariant($"step {sequence}"), null, cancel);
        }
    }

    private SigningPublicKey? PinnedKey(string organisation) =>
        settings.Peer(organisation)?.Signing is { } jwk && SigningPublicKey.FromJwk(jwk.GetRawText()).TryGet(out var key, out _) ? key : null;

    private async Task HoldOwnKeysAsync(LogStore store, CancellationToken cancel)
    {
        var known = await store.OwnKeysAsync(cancel);
        foreach (var key in keys.Own.Where(key => known.All(held => held.Kid != key.Kid))) await store.HoldAsync(key, clock.GetUtcNow(), cancel);

        // Documents that this node signed with an earlier key stay its own.
        foreach (var earlier in known.Where(key => key.Use == KeyUse.Signing)) keys.Learn(settings.Organisation, SigningPublicKey.FromJwk(earlier.Key).Value);
    }

    // What this node holds or held, and what its operator has made and announced for later.
    private async Task<IReadOnlyCollection<OwnKey>> HeldAsync(LogStore store, CancellationToken cancel)
    {
        var held = new List<OwnKey>(await store.OwnKeysAsync(cancel));
        var file = Path.Combine(settings.DataFolder, OwnKeysFile);
        if (!File.Exists(file)) return held;
        foreach (var line in await File.ReadAllLinesAsync(file, cancel))
        {
            if (line.Split(' ', 2) is not [var word, var key] || !Enum.TryParse<KeyUse>(word, ignoreCase: true, out var use) || KeyStatements.KidOf(use, key) is not { } kid) continue;
            held.Add(new OwnKey(use, kid, key));
        }

        return held;
    }
}
