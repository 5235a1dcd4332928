using System.Text;
using Bereik.Exchange.Keys;

namespace Bereik.Exchange.Signatures;

/// <summary>A document that is signed as a whole: an order, a decision, a manifest, a receipt, the claims of a request.</summary>
/// <typeparam name="TSelf">The document itself.</typeparam>
public interface ISignedDocument<TSelf>
    where TSelf : class, ISignedDocument<TSelf>
{
    /// <summary>The one JOSE <c>typ</c> of the document, from <see cref="JoseTypes"/>.</summary>
    static abstract string Typ { get; }

    /// <summary>The first member whose shape is wrong, as <c>document.field</c> with the member's name as place; null when all are right.</summary>
    ParseError? FindError();
}

/// <summary>A signed document with the exact text that was signed.</summary>
/// <remarks>Parsing proves nothing: call <see cref="IsSignedBy"/>, or read with <see cref="SignedDocument.Open{T}"/>, which does.</remarks>
/// <typeparam name="T">The document.</typeparam>
public sealed class SignedDocument<T>
    where T : class, ISignedDocument<T>
{
    private readonly JwsParts parts;

    internal SignedDocument(string compact, JwsParts parts, T document)
    {
        this.parts = parts;
        Compact = compact;
        Document = document;
        Hash = Bytes32.Sha256(Encoding.ASCII.GetBytes(compact));
        Context = Bytes32.Sha256(Encoding.ASCII.GetBytes(parts.SigningInput));
    }

    /// <summary>The compact JWS, as sent and kept.</summary>
    public string Compact { get; }

    /// <summary>What was signed.</summary>
    public T Document { get; }

    /// <summary>The signer's key id, as the header names it.</summary>
    public string Kid => parts.Kid;

    /// <summary>SHA-256 of the compact JWS in ASCII: how another document names this one.</summary>
    public Bytes32 Hash { get; }

    /// <summary>SHA-256 of the signing input (protected "." payload) in ASCII. Of an order this is the context of its tokens.</summary>
    public Bytes32 Context { get; }

    /// <summary>True when the header names this key and the signature is by it.</summary>
    public bool IsSignedBy(SigningPublicKey key) => parts.IsSignedBy(key);

    /// <summary>The document's type and the signer's key id.</summary>
    public override string ToString() => $"{T.Typ} by {Kid}";
}

/// <summary>Signs and reads signed documents.</summary>
public static class SignedDocument
{
    /// <summary>Signs a document.</summary>
    /// <exception cref="ArgumentException">A member's shape is wrong; the message names it.</exception>
    public static SignedDocument<T> Sign<T>(T document, SigningKey key)
        where T : class, ISignedDocument<T>
    {
        ArgumentNullException.ThrowIfNull(document);
        if (document.FindError() is { } error) throw new ArgumentException($"The document cannot be signed: {error.Place}.", nameof(document));
        var compact = Jws.Sign(T.Typ, StrictJson.Write(document), key);
        return Parse<T>(compact).Value;
    }

    /// <summary>Reads a document without verifying who signed it.</summary>
    /// <returns>The document, or a code of <see cref="Jws.Read"/>, or <c>document.json</c> (no such document), <c>document.notCanonical</c>
    /// (what was read would be written otherwise) or <c>document.field</c> with the member's name as place.</returns>
    public static Parsed<SignedDocument<T>> Parse<T>(string compact)
        where T : class, ISignedDocument<T>
    {
        if (!Jws.Read(compact, T.Typ).TryGet(out var parts, out var error)) return error;
        if (StrictJson.Read<T>(parts.Payload.Span) is not { } document) return new ParseError("document.json", "");
        if (document.FindError() is { } wrong) return wrong;

        // INVARIANT: what parses serialises to the same bytes, so that two readers can never see two documents in one text.
        if (!parts.Payload.Span.SequenceEqual(StrictJson.Write(document))) return new ParseError("document.notCanonical", "");
        return new SignedDocument<T>(compact, parts, document);
    }

    /// <summary>Reads a document and verifies that the key signed it.</summary>
    /// <returns>The document, or a code of <see cref="Parse{T}"/>, or <c>jws.kid</c> (another key is named) or <c>jws.signature</c>.</returns>
    public static Parsed<SignedDocument<T>> Open<T>(string compact, SigningPublicKey key)
        where T : class, ISignedDocument<T>
    {
        ArgumentNullException.ThrowIfNull(key);
        var parsed = Parse<T>(compact);
        if (!parsed.TryGet(out var signed, out _)) return parsed;
        if (signed.Kid != key.Kid) return new ParseError("jws.kid", "kid");
        return signed.IsSignedBy(key) ? signed : new ParseError("jws.signature", "");
    }
}
