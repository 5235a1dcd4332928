using Bereik.Exchange;
using Bereik.Exchange.Keys;
using Bereik.Node.Configuration;

namespace Bereik.Node.Requests;

/// <summary>The node's own signing key and the pinned public keys of its peers, read and checked at start.</summary>
public sealed class NodeKeys : IDisposable
{
    private readonly Dictionary<string, SigningPublicKey> pinned = new(StringComparer.Ordinal);

    private NodeKeys(SigningKey signing) => Signing = signing;

    /// <summary>Signs requests, orders, manifests and receipts.</summary>
    public SigningKey Signing { get; }

    /// <summary>The key pinned for a peer.</summary>
    /// <param name="peer">Organisation id.</param>
    /// <returns>Null for a party that is not configured.</returns>
    public SigningPublicKey? Of(string peer) => pinned.GetValueOrDefault(peer);

    /// <summary>The peer whose key has this id.</summary>
    /// <param name="kid">Key id, the RFC 7638 thumbprint.</param>
    /// <returns>Null when no peer has it.</returns>
    public string? Owner(string kid) => pinned.FirstOrDefault(entry => entry.Value.Kid == kid).Key;

    /// <summary>Reads the keys that the settings name.</summary>
    /// <param name="settings">Checked settings.</param>
    /// <param name="problems">One sentence for each key that cannot be used.</param>
    /// <returns>Null when the signing key cannot be used.</returns>
    public static NodeKeys? Read(NodeSettings settings, List<string> problems)
    {
        var signing = ReadPrivate(settings, settings.Keys.Signing, "keys.signing", SigningKey.FromJwk, problems);
        if (signing is null) return null;
        var keys = new NodeKeys(signing);
        foreach (var (peer, index) in settings.Peers.Select((peer, index) => (peer, index)))
        {
            if (SigningPublicKey.FromJwk(peer.Signing!.Value.GetRawText()).TryGet(out var key, out _)) keys.pinned[peer.Id] = key;
            else problems.Add($"Setting 'peers[{index}].signing' is no public P-256 signing key.");
        }

        return keys;
    }

    /// <summary>Reads one private key file.</summary>
    /// <typeparam name="TKey">Kind of key.</typeparam>
    /// <param name="settings">Where relative paths start.</param>
    /// <param name="path">The path in the settings; null or empty is a problem.</param>
    /// <param name="setting">Name of the setting, for the sentence.</param>
    /// <param name="read">Reads the JWK.</param>
    /// <param name="problems">Gets a sentence when the key cannot be used.</param>
    /// <returns>Null when the key cannot be used.</returns>
    public static TKey? ReadPrivate<TKey>(NodeSettings settings, string? path, string setting, Func<string, Parsed<TKey>> read, List<string> problems)
        where TKey : class
    {
        if (string.IsNullOrWhiteSpace(path) || !File.Exists(settings.Resolve(path)))
        {
            problems.Add($"Setting '{setting}' is missing or names a file that does not exist.");
            return null;
        }

        var file = settings.Resolve(path);
        if (KeyFile.IsOpenToOthers(file))
        {
            problems.Add($"The file of setting '{setting}' can be read by others. Give it mode 600.");
            return null;
        }

        if (read(File.ReadAllText(file)).TryGet(out var key, out _)) return key;
        problems.Add($"The file of setting '{setting}' holds no such key.");
        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => Signing.Dispose();
}
