using Bereik.Exchange;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Log;
using Bereik.Exchange.Signatures;
using Bereik.Node.Configuration;

namespace Bereik.Node.Requests;

/// <summary>
/// The node's own signing key and the signing keys of its peers: the pinned one, and the successors that the log showed to be signed by their
/// predecessor. Safe to use from several threads at once.
/// </summary>
public sealed class NodeKeys : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, List<SigningPublicKey>> chains = new(StringComparer.Ordinal);
    private readonly HashSet<string> revoked = new(StringComparer.Ordinal);
    private readonly List<OwnKey> own = [];
    private readonly string organisation;

    private NodeKeys(SigningKey signing, string organisation)
    {
        (Signing, this.organisation) = (signing, organisation);
        Hold(KeyUse.Signing, signing.PublicKey.ToJwk());
    }

    /// <summary>Signs requests, orders, manifests and receipts.</summary>
    public SigningKey Signing { get; }

    /// <summary>The public halves of every key that this node holds and states in the log; the signing key first.</summary>
    public IReadOnlyList<OwnKey> Own
    {
        get
        {
            lock (gate) return [.. own];
        }
    }

    /// <summary>How many keys were learnt since the start; what was verified with fewer may come out differently now.</summary>
    public int Learnt { get; private set; }

    /// <summary>The present signing key of a peer.</summary>
    /// <param name="peer">Organisation id.</param>
    /// <returns>Null for a party that is not configured, or whose last key was revoked.</returns>
    public SigningPublicKey? Of(string peer)
    {
        lock (gate) return peer != organisation && chains.TryGetValue(peer, out var chain) && !revoked.Contains(chain[^1].Kid) ? chain[^1] : null;
    }

    /// <summary>The key of a peer with which a request may be signed: the present one, or an earlier one that was not revoked.</summary>
    /// <param name="peer">Organisation id.</param>
    /// <param name="kid">Key id.</param>
    /// <remarks>Earlier keys count on, so that a peer whose successor is not everywhere known yet, or that goes back to its last copy, is not shut out.</remarks>
    public SigningPublicKey? ForRequest(string peer, string kid)
    {
        lock (gate) return peer != organisation && !revoked.Contains(kid) && chains.TryGetValue(peer, out var chain) ? chain.Find(key => key.Kid == kid) : null;
    }

    /// <summary>Every key of a peer with which a request may be signed.</summary>
    /// <param name="peer">Organisation id.</param>
    public IReadOnlyList<SigningPublicKey> ForRequests(string peer)
    {
        lock (gate) return peer != organisation && chains.TryGetValue(peer, out var chain) ? [.. chain.Where(key => !revoked.Contains(key.Kid))] : [];
    }

    /// <summary>Reads a document that a peer signed, with its present key or an earlier one that was not revoked: what was on its way when a key was succeeded counts.</summary>
    /// <typeparam name="T">The document.</typeparam>
    /// <param name="peer">Organisation id.</param>
    /// <param name="compact">The signed text.</param>
    /// <returns>The document, or a code of <see cref="SignedDocument.Open{T}"/>.</returns>
    public Parsed<SignedDocument<T>> Open<T>(string peer, string compact)
        where T : class, ISignedDocument<T>
    {
        var parsed = SignedDocument.Parse<T>(compact);
        if (!parsed.TryGet(out var document, out _)) return parsed;
        if (ForRequest(peer, document.Kid) is not { } key) return new ParseError("jws.kid", "kid");
        return document.IsSignedBy(key) ? parsed : new ParseError("jws.signature", "");
    }

    /// <summary>The key with an id, of a peer or of this node's past: present, earlier, or revoked. For documents that were signed before; never for a request.</summary>
    /// <param name="kid">Key id.</param>
    public SigningPublicKey? ByKid(string kid)
    {
        lock (gate) return chains.Values.Select(chain => chain.Find(key => key.Kid == kid)).FirstOrDefault(key => key is not null);
    }

    /// <summary>The organisation whose key has this id, also an earlier or revoked one.</summary>
    /// <param name="kid">Key id, the RFC 7638 thumbprint.</param>
    /// <returns>Null when nobody has it.</returns>
    public string? Owner(string kid)
    {
        lock (gate) return chains.FirstOrDefault(entry => entry.Value.Exists(key => key.Kid == kid)).Key;
    }

    /// <summary>Takes a successor of an organisation's key, whose statement was verified; or an earlier key of this node itself. Again is no error.</summary>
    /// <param name="of">Organisation id: a peer, or this node.</param>
    /// <param name="successor">The key.</param>
    public void Learn(string of, SigningPublicKey successor)
    {
        ArgumentNullException.ThrowIfNull(of);
        ArgumentNullException.ThrowIfNull(successor);
        lock (gate)
        {
            if (successor.Kid == Signing.Kid || chains.Values.Any(known => known.Exists(key => key.Kid == successor.Kid))) return;
            if (chains.TryGetValue(of, out var chain)) chain.Add(successor);
            else if (of == organisation) chains[of] = [successor];
            else return;
            Learnt++;
        }
    }

    /// <summary>Lets a key count for requests no more.</summary>
    /// <param name="kid">Key id.</param>
    public void Revoke(string kid)
    {
        lock (gate) revoked.Add(kid);
    }

    /// <summary>Names a key that this node holds besides its signing key, so that it is stated in the log.</summary>
    /// <param name="use">What it is for.</param>
    /// <param name="key">Its public half: a JWK, or an OPRF key in base64url.</param>
    public void Hold(KeyUse use, string key)
    {
        var kid = KeyStatements.KidOf(use, key) ?? throw new ArgumentException("No such key.", nameof(key));
        lock (gate)
        {
            if (!own.Exists(held => held.Kid == kid)) own.Add(new OwnKey(use, kid, key));
        }
    }

    /// <summary>Reads the keys that the settings name.</summary>
    /// <param name="settings">Checked settings.</param>
    /// <param name="problems">One sentence for each key that cannot be used.</param>
    /// <returns>Null when the signing key cannot be used.</returns>
    public static NodeKeys? Read(NodeSettings settings, List<string> problems)
    {
        var signing = ReadPrivate(settings, settings.Keys.Signing, "keys.signing", SigningKey.FromJwk, problems);
        if (signing is null) return null;
        var keys = new NodeKeys(signing, settings.Organisation);
        foreach (var (peer, index) in settings.Peers.Select((peer, index) => (peer, index)))
        {
            if (SigningPublicKey.FromJwk(peer.Signing!.Value.GetRawText()).TryGet(out var key, out _)) keys.chains[peer.Id] = [key];
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

        try
        {
            if (read(File.ReadAllText(file)).TryGet(out var key, out _)) return key;
            problems.Add($"The file of setting '{setting}' holds no such key.");
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
        {
            problems.Add($"The file of setting '{setting}' cannot be opened by this node.");
        }

        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => Signing.Dispose();
}

/// <summary>A key that this node holds, as it is stated in the log.</summary>
/// <param name="Use">What it is for.</param>
/// <param name="Kid">Its id.</param>
/// <param name="Key">Its public half.</param>
public sealed record OwnKey(KeyUse Use, string Kid, string Key);
