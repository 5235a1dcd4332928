using Bereik.Exchange.Keys;
using Bereik.Exchange.Log;
using Bereik.Exchange.Signatures;
using Bereik.Node.Requests;

namespace Bereik.Node.Logs;

// What an organisation's statements on its keys amount to. A pure function of what the log shows and of the key that was pinned.
internal sealed class KeyChain
{
    private readonly List<Stated> keys = [];
    private readonly List<long> broken = [];

    private KeyChain()
    {
    }

    // Signing keys oldest first, among the others; each once.
    public IReadOnlyList<Stated> Keys => keys;

    // Places of the statements that do not hold.
    public IReadOnlyList<long> Broken => broken;

    // INVARIANT: the first signing key that counts is the pinned one; each further one was signed by the one before it, every other key by a
    // signing key that counts. What was stated before the pinned key is not vouched for by it: a key does not choose its predecessor.
    public static KeyChain Of(SigningPublicKey pinned, IReadOnlyList<LoggedStatement> statements)
    {
        var chain = new KeyChain();
        var read = statements.Select(statement => (statement.Index, Document: Read(statement))).ToList();
        var first = read.FindIndex(one => one.Document is { Document: { Use: KeyUse.Signing, Key: not null } stated } && stated.Kid == pinned.Kid
            && read.Where(earlier => earlier.Index <= one.Index).Any(earlier => SigningKeyIn(earlier.Document) is { } signer && one.Document.IsSignedBy(signer)));
        if (first < 0)
        {
            chain.broken.AddRange(read.Select(one => one.Index));
            return chain;
        }

        chain.keys.Add(new Stated(KeyUse.Signing, pinned.Kid, pinned.ToJwk(), IsRevoked: false));
        var present = pinned.Kid;
        foreach (var (index, document) in read.Skip(first + 1))
        {
            if (document is null || !chain.Take(document, ref present)) chain.broken.Add(index);
        }

        return chain;
    }

    // Statements in this node's own name that it did not make: not by a key of its own, or on a key that it never held.
    public static KeyChain OfOwn(IReadOnlyCollection<OwnKey> held, IReadOnlyList<LoggedStatement> statements)
    {
        var chain = new KeyChain();
        var signers = held.Where(key => key.Use == KeyUse.Signing).Select(key => SigningPublicKey.FromJwk(key.Key)).Where(key => key.IsOk).Select(key => key.Value).ToList();
        foreach (var statement in statements)
        {
            var document = Read(statement);
            var key = document is null ? null : held.FirstOrDefault(one => one.Use == document.Document.Use && one.Kid == document.Document.Kid);
            if (document is null || key is null || !signers.Exists(document.IsSignedBy)) chain.broken.Add(statement.Index);
            else if (document.Document.Key is null) chain.Revoke(key.Use, key.Kid);
            else if (!chain.Has(key.Use, key.Kid)) chain.keys.Add(new Stated(key.Use, key.Kid, key.Key, IsRevoked: false));
        }

        return chain;
    }

    private bool Take(SignedDocument<KeyStatement> document, ref string? present)
    {
        var stated = document.Document;
        var signer = keys.Find(key => key.Use == KeyUse.Signing && key.Kid == document.Kid && !key.IsRevoked);
        if (signer is null || !SigningPublicKey.FromJwk(signer.Key).TryGet(out var signing, out _) || !document.IsSignedBy(signing)) return false;
        if (stated.Key is null)
        {
            if (!Has(stated.Use, stated.Kid)) return false;
            Revoke(stated.Use, stated.Kid);
            if (stated.Kid == present) present = null;
            return true;
        }

        if (Has(stated.Use, stated.Kid)) return true;
        if (stated.Use == KeyUse.Signing)
        {
            if (signer.Kid != present) return false;
            present = stated.Kid;
        }

        keys.Add(new Stated(stated.Use, stated.Kid, stated.Key, IsRevoked: false));
        return true;
    }

    private bool Has(KeyUse use, string kid) => keys.Exists(key => key.Use == use && key.Kid == kid);

    private void Revoke(KeyUse use, string kid)
    {
        var at = keys.FindIndex(key => key.Use == use && key.Kid == kid);
        if (at >= 0) keys[at] = keys[at] with { IsRevoked = true };
    }

    private static SigningPublicKey? SigningKeyIn(SignedDocument<KeyStatement>? statement) =>
        statement?.Document is { Use: KeyUse.Signing, Key: { } jwk } && SigningPublicKey.FromJwk(jwk).TryGet(out var key, out _) ? key : null;

    // The entry around it must say the same.
    private static SignedDocument<KeyStatement>? Read(LoggedStatement statement) =>
        SignedDocument.Parse<KeyStatement>(statement.Entry.Document).TryGet(out var document, out _)
        && document.Document.Organisation == statement.Entry.By && document.Document.At == statement.Entry.At ? document : null;
}

internal sealed record LoggedStatement(long Index, LogEntry.KeyStated Entry);

internal sealed record Stated(KeyUse Use, string Kid, string Key, bool IsRevoked);
