using System.Text;

namespace Bereik.Exchange.Envelopes;

/// <summary>The one text of a row: fixed places, no white space, so that what parses serialises to the same bytes.</summary>
internal static class RowLine
{
    private static ReadOnlySpan<byte> Start => "{\"tokens\":[\""u8;
    private static ReadOnlySpan<byte> Between => "\",\""u8;
    private static ReadOnlySpan<byte> TokensEnd => "\"]"u8;
    private static ReadOnlySpan<byte> SealedStart => ",\"sealed\":\""u8;
    private static ReadOnlySpan<byte> SealedEnd => "\"}"u8;

    /// <summary>The line with its line feed.</summary>
    public static byte[] Write(IReadOnlyList<Token> tokens, string? sealedRecord)
    {
        var text = new StringBuilder(400 + (sealedRecord?.Length ?? 0)).Append("{\"tokens\":[\"");
        for (var i = 0; i < tokens.Count; i++)
        {
            if (i > 0) text.Append("\",\"");
            text.Append(tokens[i].ToBase64Url());
        }

        text.Append("\"]");
        if (sealedRecord is not null) text.Append(",\"sealed\":\"").Append(sealedRecord).Append('"');
        return Encoding.ASCII.GetBytes(text.Append("}\n").ToString());
    }

    /// <summary>Reads a line without its line feed; null for any other bytes.</summary>
    public static (Token[] Tokens, string? Sealed)? Read(ReadOnlySpan<byte> line)
    {
        if (!Take(ref line, Start)) return null;
        var tokens = new Token[EnvelopeFormat.TokensPerRow];
        Span<byte> bytes = stackalloc byte[Bytes32.Length];
        for (var i = 0; i < tokens.Length; i++)
        {
            if (i > 0 && !Take(ref line, Between)) return null;
            if (line.Length < Bytes32.TextLength || !StrictBase64Url.TryDecode(line[..Bytes32.TextLength], bytes)) return null;
            tokens[i] = new Token(new Bytes32(bytes));
            line = line[Bytes32.TextLength..];
        }

        if (!Take(ref line, TokensEnd)) return null;
        if (line.SequenceEqual("}"u8)) return (tokens, null);
        if (!Take(ref line, SealedStart) || !line.EndsWith(SealedEnd)) return null;
        line = line[..^SealedEnd.Length];
        return line.IsEmpty || line.ContainsAnyExcept(SealedAlphabet) ? null : (tokens, Encoding.ASCII.GetString(line));
    }

    private static readonly System.Buffers.SearchValues<byte> SealedAlphabet =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."u8);

    private static bool Take(ref ReadOnlySpan<byte> line, ReadOnlySpan<byte> literal)
    {
        if (!line.StartsWith(literal)) return false;
        line = line[literal.Length..];
        return true;
    }
}
