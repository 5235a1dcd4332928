using System.Text;
using Bereik.Exchange;
using Bereik.Exchange.Keys;
using Bereik.Fuzz.Tests.Mutating;

namespace Bereik.Fuzz.Tests.Parsing;

// What is encoded within an input, so that it can be changed and encoded again.
internal static class Parts
{
    public static Part JwsHeader { get; } = JwsPiece(0, Shape.Json, null);

    public static Part JwsPayload { get; } = JwsPiece(1, Shape.Json, null);

    // Signed again after the change, as its own maker would who wants to do harm.
    public static Part SignedPayload(SigningKey key) => JwsPiece(1, Shape.Json, key);

    // A line that begins with a word, the rest of which is standard base64.
    public static Part Base64Line(string word, Shape shape) => new(
        shape,
        input => Line(input, word) is var (from, to) && Decode(Encoding.Latin1.GetString(input[from..to])) is { } inner ? inner : null,
        (input, inner) => Line(input, word) is var (from, to) ? [.. input[..from], .. Encoding.ASCII.GetBytes(Convert.ToBase64String(inner)), .. input[to..]] : input);

    // The payload of a JWS that stands between two texts.
    public static Part JwsWithin(string before, string after, SigningKey? key) => new(
        Shape.Json,
        input => Between(input, before, after) is var (from, to) ? JwsPayload.Take(input[from..to]) : null,
        (input, inner) => Between(input, before, after) is var (from, to) ? [.. input[..from], .. JwsPiece(1, Shape.Json, key).Put(input[from..to], inner), .. input[to..]] : input);

    private static Part JwsPiece(int index, Shape shape, SigningKey? key) => new(
        shape,
        input => Encoding.Latin1.GetString(input).Split('.') is { Length: >= 2 } pieces && pieces.Length > index && StrictBase64Url.TryDecode(pieces[index], out var inner) ? inner : null,
        (input, inner) =>
        {
            var pieces = Encoding.Latin1.GetString(input).Split('.');
            pieces[index] = StrictBase64Url.Encode(inner);
            if (key is not null && pieces.Length == 3) pieces[2] = StrictBase64Url.Encode(key.Sign(Encoding.Latin1.GetBytes($"{pieces[0]}.{pieces[1]}")));
            return Encoding.Latin1.GetBytes(string.Join('.', pieces));
        });

    // One piece of a JWE, as bytes or as JSON.
    public static Part JwePiece(int index, Shape shape) => JwsPiece(index, shape, null);

    private static (int From, int To)? Line(byte[] input, string word)
    {
        var at = input.AsSpan().IndexOf(Encoding.ASCII.GetBytes(word));
        if (at < 0) return null;
        var from = at + word.Length;
        var length = input.AsSpan(from).IndexOf((byte)'\n');
        return (from, length < 0 ? input.Length : from + length);
    }

    private static (int From, int To)? Between(byte[] input, string before, string after)
    {
        var at = input.AsSpan().IndexOf(Encoding.ASCII.GetBytes(before));
        if (at < 0) return null;
        var from = at + before.Length;
        var length = input.AsSpan(from).IndexOf(Encoding.ASCII.GetBytes(after));
        return length < 0 ? null : (from, from + length);
    }

    private static byte[]? Decode(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var written) ? bytes[..written] : null;
    }
}
