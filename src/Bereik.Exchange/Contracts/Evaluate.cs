using Bereik.Exchange.Oprf;

namespace Bereik.Exchange.Contracts;

/// <summary>The body of <c>POST /v1/evaluate</c>: <c>{"blinded":["...",...]}</c>, each 32 bytes in base64url.</summary>
/// <param name="Blinded">The blinded elements one after another, 32 bytes each; 1 to <see cref="MaxBatch"/> of them.</param>
public sealed record EvaluateRequest(byte[] Blinded)
{
    /// <summary>The most elements a request may hold. Any number from 1 up to it is answered.</summary>
    public const int MaxBatch = 4096;

    /// <summary>How many elements there are.</summary>
    public int Count => Blinded.Length / OprfClient.ElementBytes;

    /// <summary>Writes the body.</summary>
    public byte[] ToJson() => StrictJson.Write(new Body { Blinded = Elements.Write(Blinded) });

    /// <summary>Reads a body. Codes: <c>evaluate.json</c>, <c>evaluate.batch</c> (none or too many), <c>evaluate.point</c> (place: the
    /// index; not 32 bytes of canonical base64url, not a canonical element, or the identity).</summary>
    public static Parsed<EvaluateRequest> Parse(ReadOnlySpan<byte> json)
    {
        if (StrictJson.Read<Body>(json) is not { } body) return new ParseError("evaluate.json", "");
        if (body.Blinded.Length is 0 or > MaxBatch) return new ParseError("evaluate.batch", "");
        if (!Elements.Read(body.Blinded).TryGet(out var blinded, out var error)) return error;
        return new EvaluateRequest(blinded);
    }

    private sealed record Body
    {
        public required string[] Blinded { get; init; }
    }
}

/// <summary>The answer of <c>POST /v1/evaluate</c>: <c>{"evaluated":[...],"proof":"...","publicKey":"...","epoch":"..."}</c>.</summary>
/// <param name="Evaluated">The evaluated elements one after another, 32 bytes each, in the order asked.</param>
/// <param name="Proof">The proof over the whole batch, 64 bytes.</param>
/// <param name="PublicKey">The public key of the epoch, 32 bytes.</param>
/// <param name="Epoch">The quarter, such as <c>2026Q4</c>.</param>
public sealed record EvaluateResponse(byte[] Evaluated, byte[] Proof, byte[] PublicKey, string Epoch)
{
    /// <summary>Writes the body.</summary>
    public byte[] ToJson() => StrictJson.Write(new Body
    {
        Evaluated = Elements.Write(Evaluated),
        Proof = StrictBase64Url.Encode(Proof),
        PublicKey = StrictBase64Url.Encode(PublicKey),
        Epoch = Epoch,
    });

    /// <summary>Reads an answer. Codes: <c>evaluate.json</c>, <c>evaluate.batch</c>, <c>evaluate.point</c>, <c>evaluate.proof</c>, <c>evaluate.publicKey</c>, <c>evaluate.epoch</c>.</summary>
    public static Parsed<EvaluateResponse> Parse(ReadOnlySpan<byte> json)
    {
        if (StrictJson.Read<Body>(json) is not { } body) return new ParseError("evaluate.json", "");
        if (body.Evaluated.Length is 0 or > EvaluateRequest.MaxBatch) return new ParseError("evaluate.batch", "");
        if (!Elements.Read(body.Evaluated).TryGet(out var evaluated, out var error)) return error;
        var proof = new byte[OprfClient.ProofBytes];
        var publicKey = new byte[OprfClient.ElementBytes];
        if (!StrictBase64Url.TryDecode(body.Proof, proof)) return new ParseError("evaluate.proof", "proof");
        if (!StrictBase64Url.TryDecode(body.PublicKey, publicKey) || !OprfClient.IsElement(publicKey)) return new ParseError("evaluate.publicKey", "publicKey");
        if (!Words.Epoch().IsMatch(body.Epoch)) return new ParseError("evaluate.epoch", "epoch");
        return new EvaluateResponse(evaluated, proof, publicKey, body.Epoch);
    }

    private sealed record Body
    {
        public required string[] Evaluated { get; init; }
        public required string Proof { get; init; }
        public required string PublicKey { get; init; }
        public required string Epoch { get; init; }
    }
}

/// <summary>Lists of group elements as JSON strings.</summary>
internal static class Elements
{
    public static string[] Write(ReadOnlySpan<byte> elements)
    {
        var texts = new string[elements.Length / OprfClient.ElementBytes];
        for (var i = 0; i < texts.Length; i++)
            texts[i] = StrictBase64Url.Encode(elements.Slice(i * OprfClient.ElementBytes, OprfClient.ElementBytes));
        return texts;
    }

    public static Parsed<byte[]> Read(string[] texts)
    {
        var elements = new byte[texts.Length * OprfClient.ElementBytes];
        for (var i = 0; i < texts.Length; i++)
        {
            var element = elements.AsSpan(i * OprfClient.ElementBytes, OprfClient.ElementBytes);
            if (!StrictBase64Url.TryDecode(texts[i], element) || !OprfClient.IsElement(element)) return ParseError.At("evaluate.point", i);
        }

        return elements;
    }
}
