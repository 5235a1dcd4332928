using Bereik.Exchange;
using Bereik.Exchange.Keys;
using Bereik.Node.Requests;
using Bereik.Sealing.Pseudonyms;

namespace Bereik.Edge;

/// <summary>What an edge holds besides its signing key: its peers' sealing keys, and where it makes tokens its token key of the epoch, its peers' token keys and the pinned key of the pseudonymiser.</summary>
public sealed class EdgeKeys : IDisposable
{
    private readonly TokenKey? token;
    private readonly byte[]? oprf;
    private readonly Dictionary<string, TokenPublicKey> peers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SealingPublicKey> sealing = new(StringComparer.Ordinal);

    private EdgeKeys(TokenKey? token, byte[]? oprf)
    {
        this.token = token;
        this.oprf = oprf;
    }

    /// <summary>The pinned public key of the pseudonymiser, 32 bytes.</summary>
    /// <exception cref="InvalidOperationException">This node makes no tokens.</exception>
    public byte[] Oprf => oprf ?? throw new InvalidOperationException("A node that makes no tokens asks nothing of the pseudonymiser.");

    /// <summary>The public half of its token key, a JWK; null where the node makes no tokens.</summary>
    public string? TokenJwk => token?.PublicKey.ToJwk();

    /// <summary>Reads the keys that the settings name.</summary>
    /// <param name="settings">Checked settings.</param>
    /// <param name="problems">One sentence for each key that cannot be used.</param>
    /// <returns>Null when the node cannot work without what is wrong.</returns>
    public static EdgeKeys? Read(EdgeSettings settings, List<string> problems)
    {
        TokenKey? token = null;
        byte[]? oprf = null;
        if (settings.MakesTokens)
        {
            token = NodeKeys.ReadPrivate(settings, settings.Keys.Token, "keys.token", TokenKey.FromJwk, problems);
            oprf = new byte[32];
            var pinned = settings.PeerOf(Domain.OrganisationKind.Pseudonymiser).Oprf;
            if (pinned is null || !StrictBase64Url.TryDecode(pinned, oprf)) problems.Add("Setting 'peers[pseudonymiser].oprf' is no public key: 32 bytes in base64url.");
            if (token is null) return null;
        }

        if (problems.Count > 0) return null;
        var keys = new EdgeKeys(token, oprf);
        foreach (var (peer, index) in settings.Peers.Select((peer, index) => (peer, index)))
        {
            if (peer.Token is { } jwk)
            {
                if (TokenPublicKey.FromJwk(jwk.GetRawText()).TryGet(out var key, out _)) keys.peers[peer.Id] = key;
                else problems.Add($"Setting 'peers[{index}].token' is no public token key.");
            }

            if (peer.Sealing is { } sealingJwk)
            {
                if (SealingPublicKey.FromJwk(sealingJwk.GetRawText()).TryGet(out var key, out _)) keys.sealing[peer.Id] = key;
                else problems.Add($"Setting 'peers[{index}].sealing' is no public sealing key.");
            }
        }

        return problems.Count == 0 ? keys : null;
    }

    /// <summary>The secret that this edge shares with another.</summary>
    /// <param name="peer">Organisation id.</param>
    /// <returns>Null when no token key of the peer is pinned, or this node has none. The caller disposes it.</returns>
    public Pair? PairWith(string peer) => token is not null && peers.TryGetValue(peer, out var key) ? Pair.Derive(token, key) : null;

    /// <summary>The key to which packages for a peer are sealed.</summary>
    /// <param name="peer">Organisation id.</param>
    /// <returns>Null when none is pinned.</returns>
    public SealingPublicKey? SealingKeyOf(string peer) => sealing.GetValueOrDefault(peer);

    /// <inheritdoc/>
    public void Dispose() => token?.Dispose();
}
