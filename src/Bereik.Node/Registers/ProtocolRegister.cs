using Bereik.Domain;
using Bereik.Exchange.Register;
using Bereik.Node.Configuration;
using Bereik.Node.Requests;
using Bereik.Node.Storage;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Node.Registers;

/// <summary>A node's own copy of the register of protocols (nl: protocollenregister): every signature verified here, by this node's pinned keys.</summary>
/// <param name="database">The node's store.</param>
/// <param name="settings">Who this node is.</param>
/// <param name="keys">This node's key and its peers'.</param>
/// <param name="cache">What was verified before, of the whole process.</param>
/// <param name="clock">The node's clock.</param>
public sealed class ProtocolRegister(NodeDatabase database, NodeSettings settings, NodeKeys keys, RegisterCache cache, TimeProvider clock)
{
    /// <summary>The register as it is stored now.</summary>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="RegisterBrokenException">An entry was changed, taken out, or put in by another hand.</exception>
    public async Task<RegisterView> ViewAsync(CancellationToken cancel)
    {
        var known = cache.Of(keys.Learnt);
        var after = known.Entries.Count > 0 ? known.Entries[^1].Sequence : 0;
        var news = await database.RegisterEntries.AsNoTracking().Where(entry => entry.Sequence > after).OrderBy(entry => entry.Sequence).ToListAsync(cancel);
        if (news.Count == 0 && known.View is { } view) return view;
        var next = known.With(news, entry => Verify(entry), settings.AllowSyntheticNumbers);

        // What a transaction has not committed yet is nobody else's to see.
        if (database.Database.CurrentTransaction is null) cache.Keep(next);
        return next.View!;
    }

    /// <summary>What the register says for a decision on an organisation under a text.</summary>
    /// <param name="protocol">The text; null when the node does not have it.</param>
    /// <param name="organisation">The organisation that received or asks.</param>
    /// <param name="cancel">Stops.</param>
    public async Task<RegisterFacts> FactsAsync(Protocol? protocol, OrganisationId organisation, CancellationToken cancel)
    {
        // INVARIANT: the clock is looked at last. What is read between the two would be read in the future, and that is refused as stale.
        var (view, readAt) = (await ViewAsync(cancel), await ReadAtAsync(cancel));
        return view.Facts(protocol, organisation, clock.GetUtcNow(), readAt);
    }

    /// <summary>When the register was last read. At the hub, which keeps it, that is now.</summary>
    /// <param name="cancel">Stops.</param>
    /// <returns>Null when it never was.</returns>
    public async Task<DateTimeOffset?> ReadAtAsync(CancellationToken cancel)
    {
        if (settings.Kinds.Contains(OrganisationKind.Hub)) return clock.GetUtcNow();
        var stored = await database.Database.SqlQueryRaw<long>("SELECT read_at AS Value FROM register_reading").ToListAsync(cancel);
        return stored is [var at] ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;
    }

    /// <summary>The organisation whose key has an id: this node itself, or a peer.</summary>
    /// <param name="kid">Key id.</param>
    /// <returns>Null for a key that is not pinned here.</returns>
    public RegisterSigner? SignerOf(string kid)
    {
        if (kid == keys.Signing.Kid && settings.Kinds is [var own, ..]) return new RegisterSigner(settings.Id, own, keys.Signing.PublicKey);

        // An earlier key too: what was signed with it stays signed.
        if (keys.Owner(kid) is not { } id || keys.ByKid(kid) is not { } key) return null;
        if (id == settings.Organisation) return settings.Kinds is [var kind, ..] ? new RegisterSigner(settings.Id, kind, key) : null;
        return settings.Peer(id) is { } peer ? new RegisterSigner(new OrganisationId(id), peer.Kind, key) : null;
    }

    // An entry by a key that is not pinned here counts for nothing, and is kept: it may be another local government's.
    private RegisterEvent? Verify(RegisterEntry entry)
    {
        if (RegisterDocuments.Read(entry.Event, entry.Sequence, entry.At, SignerOf).TryGet(out var one, out var wrong)) return one;
        return wrong.Code == "jws.kid" ? null : throw new RegisterBrokenException(entry.Sequence, wrong.Code);
    }
}

/// <summary>What a process has verified of its register (nl: nagekeken register), so that no signature is checked twice.</summary>
public sealed class RegisterCache
{
    private readonly Lock gate = new();
    private Verified present = new(0, [], [], null);

    // A key that was learnt since may have signed what counted for nothing: then everything is verified again.
    internal Verified Of(int learnt)
    {
        lock (gate) return present.Learnt == learnt ? present : new Verified(learnt, [], [], null);
    }

    // Two readers at once verified the same; the longer one stays.
    internal void Keep(Verified next)
    {
        lock (gate)
        {
            if (next.Learnt > present.Learnt || (next.Learnt == present.Learnt && next.Entries.Count >= present.Entries.Count)) present = next;
        }
    }

    internal sealed record Verified(int Learnt, IReadOnlyList<RegisterEntry> Entries, IReadOnlyList<RegisterEvent> Events, RegisterView? View)
    {
        public Verified With(IReadOnlyList<RegisterEntry> news, Func<RegisterEntry, RegisterEvent?> verify, bool syntheticOnly)
        {
            var events = new List<RegisterEvent>(Events);
            var before = Entries.Count > 0 ? Entries[^1] : null;
            foreach (var entry in news)
            {
                if (!entry.Follows(before)) throw new RegisterBrokenException(entry.Sequence, "register.chain");
                if (verify(entry) is { } one) events.Add(one);
                before = entry;
            }

            List<RegisterEntry> entries = [.. Entries, .. news];
            return new Verified(Learnt, entries, events, new RegisterView(entries, events, syntheticOnly));
        }
    }
}
