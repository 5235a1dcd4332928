using System.Text;
using Bereik.Domain;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Protocols;
using Bereik.Exchange.Signatures;

namespace Bereik.Exchange.Register;

/// <summary>An organisation whose key is pinned.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Key">Its key.</param>
public sealed record RegisterSigner(OrganisationId Id, OrganisationKind Kind, SigningPublicKey Key);

/// <summary>Reads the signed documents of the register. What comes out was signed by whom it says, and has its shape; whether it counts is for the domain.</summary>
public static class RegisterDocuments
{
    /// <summary>More characters than this are no document of the register.</summary>
    public const int MostLength = 512 * 1024;

    private static readonly string[] Types = [JoseTypes.ProtocolDraft, JoseTypes.Protocol, JoseTypes.ProtocolAdvice, JoseTypes.ProtocolPublication, JoseTypes.Accession, JoseTypes.RegisterStop];

    /// <summary>Signs a text of a protocol.</summary>
    /// <param name="canonical">Its canonical JSON: the same bytes for every party.</param>
    /// <param name="key">The party's key.</param>
    public static string SignProtocol(ReadOnlySpan<byte> canonical, SigningKey key) => Jws.Sign(JoseTypes.Protocol, canonical, key);

    /// <summary>Proposes a text of a protocol.</summary>
    /// <param name="canonical">Its canonical JSON.</param>
    /// <param name="key">Whose proposal it is.</param>
    public static string DraftProtocol(ReadOnlySpan<byte> canonical, SigningKey key) => Jws.Sign(JoseTypes.ProtocolDraft, canonical, key);

    /// <summary>Reads a document and verifies its signature.</summary>
    /// <param name="compact">Compact JWS.</param>
    /// <param name="sequence">Its place in the register.</param>
    /// <param name="at">When the register took it.</param>
    /// <param name="signerOf">The organisation whose pinned key has an id; null for a key that is not known here.</param>
    /// <returns>The event, or <c>register.type</c>, <c>register.tooLarge</c>, <c>jws.kid</c> (a key that is not known here), <c>jws.signature</c>, or a code of the document.</returns>
    public static Parsed<RegisterEvent> Read(string compact, long sequence, DateTimeOffset at, Func<string, RegisterSigner?> signerOf)
    {
        ArgumentNullException.ThrowIfNull(compact);
        ArgumentNullException.ThrowIfNull(signerOf);
        if (compact.Length > MostLength) return new ParseError("register.tooLarge", "");
        foreach (var type in Types)
        {
            if (!Jws.Read(compact, type).TryGet(out var parts, out var wrong))
            {
                if (wrong.Code == "jws.header") continue;
                return wrong;
            }

            if (signerOf(parts.Kid) is not { } signer) return new ParseError("jws.kid", "");
            if (!parts.IsSignedBy(signer.Key)) return new ParseError("jws.signature", "");
            // Without the signature, of which one and the same signing can have two forms.
            var origin = new EventOrigin(sequence, at, signer.Id, signer.Kind, Bytes32.Sha256(Encoding.ASCII.GetBytes(parts.SigningInput)).ToString());
            return type switch
            {
                JoseTypes.ProtocolDraft or JoseTypes.Protocol => ReadText(parts, origin, type == JoseTypes.ProtocolDraft),
                JoseTypes.ProtocolAdvice => ReadAs<ProtocolAdvice>(compact, document => new RegisterEvent.Advised
                {
                    Origin = origin, ProtocolHash = document.Protocol.ToString(), Party = document.Party, Advice = document.Advice,
                }),
                JoseTypes.ProtocolPublication => ReadAs<ProtocolPublication>(compact, document => new RegisterEvent.Published
                {
                    Origin = origin, ProtocolHash = document.Protocol.ToString(), Places = document.Places,
                }),
                JoseTypes.Accession => ReadAs<AccessionAct>(compact, document => new RegisterEvent.Acceded
                {
                    Origin = origin, ProtocolHash = document.Accession.ProtocolHash, Accession = document.Accession,
                }),
                _ => ReadAs<RegisterStop>(compact, document => OfStop(document, origin)),
            };
        }

        return new ParseError("register.type", "");
    }

    /// <summary>The canonical JSON in a document that carries a text.</summary>
    /// <param name="compact">Compact JWS that <see cref="Read"/> accepted.</param>
    public static ReadOnlyMemory<byte> TextOf(string compact) =>
        Jws.Read(compact, JoseTypes.ProtocolDraft).TryGet(out var draft, out _) ? draft.Payload : Jws.Read(compact, JoseTypes.Protocol).TryGet(out var signed, out _) ? signed.Payload : default;

    // What a party signs is the text itself: any other bytes than its canonical form are refused, so one flipped bit is another hash or no text.
    private static Parsed<RegisterEvent> ReadText(JwsParts parts, EventOrigin origin, bool isDraft)
    {
        if (!ProtocolJson.Read(parts.Payload.Span).TryGet(out var protocol, out var wrong)) return wrong;
        return Parsed.Ok<RegisterEvent>(isDraft
            ? new RegisterEvent.Drafted { Origin = origin, ProtocolHash = protocol.Hash, Protocol = protocol }
            : new RegisterEvent.SignedText { Origin = origin, ProtocolHash = protocol.Hash });
    }

    private static Parsed<RegisterEvent> ReadAs<T>(string compact, Func<T, RegisterEvent> make)
        where T : class, ISignedDocument<T> => SignedDocument.Parse<T>(compact).TryGet(out var signed, out var wrong) ? Parsed.Ok(make(signed.Document)) : wrong;

    private static RegisterEvent OfStop(RegisterStop stop, EventOrigin origin)
    {
        OrganisationId? organisation = stop.Organisation is { } id ? new OrganisationId(id) : null;
        var hash = stop.Protocol.ToString();
        return stop.Kind switch
        {
            StopKind.Suspend => new RegisterEvent.Suspended { Origin = origin, ProtocolHash = hash, Organisation = organisation, Trigger = stop.Trigger!.Value, Because = stop.Because },
            StopKind.Resume => new RegisterEvent.Resumed { Origin = origin, ProtocolHash = hash, Organisation = organisation, Because = stop.Because },
            _ => new RegisterEvent.Ended { Origin = origin, ProtocolHash = hash, Organisation = organisation, On = stop.On!.Value, Because = stop.Because },
        };
    }
}
