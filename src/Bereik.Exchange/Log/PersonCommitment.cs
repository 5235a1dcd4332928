using System.Security.Cryptography;

namespace Bereik.Exchange.Log;

/// <summary>
/// A salted commitment (nl: verbintenis): who has salt and content finds it again, and to anybody else it is 32 random bytes. A salt that is gone makes
/// it one for good.
/// </summary>
public static class PersonCommitment
{
    private static ReadOnlySpan<byte> PersonLabel => "bereik person v1\n"u8;

    private static ReadOnlySpan<byte> RoundLabel => "bereik round v1\n"u8;

    /// <summary>The commitment to what was received about one person: SHA-256(<c>bereik person v1</c>, line feed, salt, SHA-256(statement)).</summary>
    /// <param name="statement">What was received.</param>
    /// <param name="salt">32 random bytes, of this person and disclosure alone.</param>
    public static Bytes32 Of(PersonStatement statement, Bytes32 salt)
    {
        ArgumentNullException.ThrowIfNull(statement);
        return Of(PersonLabel, salt, statement.ToBytes());
    }

    /// <summary>The commitment to one happening of a day: the same under the label <c>bereik round v1</c>.</summary>
    /// <param name="happening">Its canonical JSON.</param>
    /// <param name="salt">32 random bytes, of this happening alone.</param>
    public static Bytes32 OfRound(ReadOnlySpan<byte> happening, Bytes32 salt) => Of(RoundLabel, salt, happening);

    private static Bytes32 Of(ReadOnlySpan<byte> label, Bytes32 salt, ReadOnlySpan<byte> content)
    {
        Span<byte> input = stackalloc byte[label.Length + Bytes32.Length + SHA256.HashSizeInBytes];
        label.CopyTo(input);
        salt.CopyTo(input[label.Length..]);
        SHA256.HashData(content, input[(label.Length + Bytes32.Length)..]);
        return Bytes32.Sha256(input);
    }
}
