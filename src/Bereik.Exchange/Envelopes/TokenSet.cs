using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Bereik.Exchange.Envelopes;

/// <summary>Writes a local node's token set: NDJSON, first <c>{"agreement":"..."}</c>, then one token a line as a JSON string.</summary>
public static class TokenSet
{
    /// <summary>Writes a set: repeated tokens once, filled with random ones to the protocol's band, in random order.</summary>
    /// <param name="output">Where to; left open.</param>
    /// <param name="agreement">The agreement token.</param>
    /// <param name="tokens">The tokens, the chosen check tokens among them.</param>
    /// <param name="band">The protocol's band.</param>
    /// <param name="cancellation">Stops the writing.</param>
    public static async Task WriteAsync(Stream output, Token agreement, IEnumerable<Token> tokens, int band, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(output);
        var all = tokens.Distinct().ToList();
        var size = EnvelopeFormat.PadToBand(all.Count, band);
        while (all.Count < size) all.Add(Token.Random());
        RandomNumberGenerator.Shuffle(CollectionsMarshal.AsSpan(all));

        await output.WriteAsync(Encoding.ASCII.GetBytes($$"""{"agreement":"{{agreement.ToBase64Url()}}"}""" + "\n"), cancellation);
        const int lineBytes = Bytes32.TextLength + 3;
        var chunk = new byte[lineBytes * 512];
        for (var from = 0; from < all.Count; from += 512)
        {
            var count = Math.Min(512, all.Count - from);
            Fill(chunk, CollectionsMarshal.AsSpan(all).Slice(from, count));
            await output.WriteAsync(chunk.AsMemory(0, count * lineBytes), cancellation);
        }
    }

    private static void Fill(Span<byte> chunk, ReadOnlySpan<Token> tokens)
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Length];
        for (var i = 0; i < tokens.Length; i++)
        {
            var line = chunk.Slice(i * (Bytes32.TextLength + 3), Bytes32.TextLength + 3);
            tokens[i].Bytes.CopyTo(bytes);
            line[0] = line[^2] = (byte)'"';
            line[^1] = (byte)'\n';
            Base64Url.EncodeToUtf8(bytes, line[1..], out _, out _);
        }
    }
}

/// <summary>Reads a local node's token set: first <see cref="ReadAgreementAsync"/>, then <see cref="ReadTokenAsync"/> until it gives null.</summary>
/// <remarks>That no token comes twice is for the receiver's store to check.</remarks>
public sealed class TokenSetReader(Stream stream)
{
    private readonly NdjsonLines lines = new(stream);

    /// <summary>The number of tokens read.</summary>
    public int Count { get; private set; }

    /// <summary>Reads the first line: the agreement token, or <c>tokenSet.agreement</c>, <c>envelope.lineTooLong</c>, <c>envelope.truncated</c>.</summary>
    public async ValueTask<TokenLine> ReadAgreementAsync(CancellationToken cancellation)
    {
        var line = await lines.ReadAsync(256, cancellation);
        if (line.Error is { } error) return new TokenLine(default, error);
        return line.IsLine && ReadToken(line.Bytes.Span, "{\"agreement\":\""u8, "\"}"u8) is { } token
            ? new TokenLine(token, null)
            : new TokenLine(default, new ParseError("tokenSet.agreement", "1"));
    }

    /// <summary>Reads the next token; null at the end; or, with the line number as place, <c>tokenSet.token</c>, <c>tokenSet.tooMany</c>
    /// (more than <see cref="EnvelopeFormat.MaxTokens"/>), <c>envelope.lineTooLong</c>, <c>envelope.truncated</c>.</summary>
    public async ValueTask<TokenLine?> ReadTokenAsync(CancellationToken cancellation)
    {
        var line = await lines.ReadAsync(256, cancellation);
        if (line.Error is { } error) return new TokenLine(default, error);
        if (!line.IsLine) return null;
        if (ReadToken(line.Bytes.Span, "\""u8, "\""u8) is not { } token) return new TokenLine(default, ParseError.At("tokenSet.token", lines.Number));
        return ++Count > EnvelopeFormat.MaxTokens ? new TokenLine(default, ParseError.At("tokenSet.tooMany", lines.Number)) : new TokenLine(token, null);
    }

    private static Token? ReadToken(ReadOnlySpan<byte> line, ReadOnlySpan<byte> start, ReadOnlySpan<byte> end)
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Length];
        return line.Length == start.Length + Bytes32.TextLength + end.Length && line.StartsWith(start) && line.EndsWith(end)
            && StrictBase64Url.TryDecode(line[start.Length..^end.Length], bytes)
            ? new Token(new Bytes32(bytes))
            : null;
    }
}

/// <summary>A line of a token set: a token, or why there is none.</summary>
/// <param name="Token">The token; only when there is no error.</param>
/// <param name="Error">The reason, or null.</param>
public readonly record struct TokenLine(Token Token, ParseError? Error);
