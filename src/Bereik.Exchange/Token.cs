namespace Bereik.Exchange;

/// <summary>A pseudonym for one exchange (nl: pseudoniem per uitwisseling): 32 bytes that only the two edges can make again.</summary>
/// <remarks>Who can make tokens can test persons against them, so it is not printed: write <see cref="ToBase64Url"/> on purpose.</remarks>
/// <param name="Bytes">The 32 bytes.</param>
public readonly record struct Token(Bytes32 Bytes)
{
    /// <summary>A random token, which stands for nobody.</summary>
    public static Token Random() => new(Bytes32.Random());

    /// <summary>Reads 43 characters of canonical base64url; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Token token)
    {
        var isRead = Bytes32.TryParse(text, out var bytes);
        token = new Token(bytes);
        return isRead;
    }

    /// <summary>The 43 characters of base64url, as on the wire.</summary>
    public string ToBase64Url() => Bytes.ToString();

    /// <summary>The word "token", never the value.</summary>
    public override string ToString() => "token";
}
