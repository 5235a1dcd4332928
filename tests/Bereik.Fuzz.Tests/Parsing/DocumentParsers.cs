using System.Net;
using System.Text;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Log;
using Bereik.Exchange.Register;
using Bereik.Exchange.Signatures;
using Bereik.Fuzz.Tests.Mutating;
using Bereik.Hub.Features;
using Bereik.Node.Requests;
using Bereik.Sealing.Invitations;
using Microsoft.AspNetCore.Http;

namespace Bereik.Fuzz.Tests.Parsing;

// Signed documents, and the bodies of requests and answers that carry them.
internal static class DocumentParsers
{
    private static readonly string[] FirstOfDocument = ["jws.parts", "jws.encoding", "jws.header", "document.json"];

    public static IReadOnlyList<ForeignParser> All { get; } =
    [
        Document<ListOrder>("order"),
        Document<Manifest>("manifest"),
        Document<SourceDecision>("decision"),
        Document<Receipt>("receipt"),
        Document<RequestClaims>("request-claims"),
        Document<KeyStatement>("key-statement"),
        Document<PersonsRoot>("persons-root"),
        Document<DisclosureEnd>("disclosure-end"),
        Document<RoundRoots>("round-roots"),
        Document<ReferralOffer>("referral-offer"),
        Document<ReferralStep>("referral-step"),
        Document<ErasureCertificate>("erasure-certificate"),
        Document<ListOrder>("letter-order"),
        Document<WaveOpening>("wave-opening"),
        Document<ConsentReceipt>("consent-receipt"),
        Document<ConsentStep>("consent-step"),
        Document<AssistedAnswer>("assisted-answer"),
        Document<Invitation>("invitation-document"),
        new() { Name = "detached-signature", Shape = Shape.Text, Read = Detached, FirstChecks = ["jws.parts", "jws.encoding"], Parts = [Parts.JwsHeader] },
        new()
        {
            Name = "register-document", Shape = Shape.Text, Read = RegisterDocument, FirstChecks = ["jws.*", "register.type", "register.tooLarge", "document.json", "protocol.json"],
            Parts = [Parts.SignedPayload(Corpus.Signing), Parts.SignedPayload(Corpus.Signing), Parts.JwsHeader], MostBytesBesides = 2 << 20, MostBytesPerByte = 1000,
        },
        new() { Name = "register-signatures", Shape = Shape.Json, Read = Signatures, FirstChecks = ["signatures.shape"], MostBytesPerByte = 200 },
        new() { Name = "document-body", Shape = Shape.Json, Read = Body, FirstChecks = ["body"] },
        new() { Name = "problem", Shape = Shape.Json, Read = Problem, FirstChecks = ["peer.refused"] },
    ];

    private static ForeignParser Document<T>(string name)
        where T : class, ISignedDocument<T> => new() { Name = name, Shape = Shape.Text, Read = Read<T>, FirstChecks = FirstOfDocument, Parts = [Parts.JwsPayload, Parts.JwsPayload, Parts.JwsPayload, Parts.JwsHeader] };

    private static Verdict Read<T>(byte[] input)
        where T : class, ISignedDocument<T>
    {
        var compact = Encoding.Latin1.GetString(input);
        if (!SignedDocument.Parse<T>(compact).TryGet(out var signed, out var wrong)) return new Verdict(wrong.Code);
        _ = signed.IsSignedBy(Corpus.Signing.PublicKey);
        var header = $$"""{"alg":"ES256","kid":"{{signed.Kid}}","typ":"{{T.Typ}}"}""";
        return new Verdict(Verdict.Accepted, Encoding.ASCII.GetBytes($"{StrictBase64Url.Encode(Encoding.ASCII.GetBytes(header))}.{StrictBase64Url.Encode(StrictJson.Write(signed.Document))}.{compact[(compact.LastIndexOf('.') + 1)..]}"));
    }

    private static Verdict Detached(byte[] input)
    {
        if (!DetachedSignature.Parse(Encoding.Latin1.GetString(input)).TryGet(out var signature, out var wrong)) return new Verdict(wrong.Code);
        _ = signature.IsSignedBy(Corpus.Signing.PublicKey, "body"u8);
        return new Verdict(Verdict.Accepted, Encoding.ASCII.GetBytes(signature.ToString()));
    }

    private static Verdict RegisterDocument(byte[] input)
    {
        var signer = new RegisterSigner(new OrganisationId("opgroeien"), OrganisationKind.Source, Corpus.Signing.PublicKey);
        return RegisterDocuments.Read(Encoding.Latin1.GetString(input), 1, CorpusFacts.Now, kid => kid == Corpus.Signing.Kid ? signer : null).TryGet(out _, out var wrong) ? new Verdict(Verdict.Accepted) : new Verdict(wrong.Code);
    }

    private static Verdict Signatures(byte[] input)
    {
        if (!ProtocolSignatures.Split(Encoding.UTF8.GetString(input)).TryGet(out var compact, out var wrong)) return new Verdict(wrong.Code);
        foreach (var one in compact) _ = Jws.Read(one, JoseTypes.Protocol);
        return new Verdict(Verdict.Accepted);
    }

    private static Verdict Body(byte[] input)
    {
        var request = new DefaultHttpContext().Request;
        request.ContentType = "application/json";
        request.Body = new MemoryStream(input);
        return new Verdict(DocumentBody.ReadAsync(request, "order", CancellationToken.None).GetAwaiter().GetResult().Document is null ? "body" : Verdict.Accepted);
    }

    // What a peer answers when it refuses; a code of its own invention goes no further.
    private static Verdict Problem(byte[] input)
    {
        using var answer = new HttpResponseMessage(HttpStatusCode.Conflict) { Content = new ByteArrayContent(input) };
        try
        {
            NodeClient.ThrowAsync(answer, CancellationToken.None).GetAwaiter().GetResult();
            throw new InvalidDataException("A refusal was no refusal.");
        }
        catch (PeerRefusedException refused)
        {
            return new Verdict(refused.Code == "peer.refused" ? refused.Code : Verdict.Accepted);
        }
    }
}
