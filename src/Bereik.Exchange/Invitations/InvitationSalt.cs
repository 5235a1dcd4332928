using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Bereik.Exchange.Invitations;

/// <summary>The salt of one invitation (nl: zout): 16 random bytes, no secret. With it a guess is a guess at one letter, never at all of them.</summary>
public readonly record struct InvitationSalt
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 16;

    private readonly UInt128 value;

    private InvitationSalt(ReadOnlySpan<byte> bytes) => value = BinaryPrimitives.ReadUInt128BigEndian(bytes);

    /// <summary>Sixteen random bytes.</summary>
    public static InvitationSalt Random()
    {
        Span<byte> bytes = stackalloc byte[Length];
        RandomNumberGenerator.Fill(bytes);
        return new InvitationSalt(bytes);
    }

    /// <summary>Reads 22 characters of canonical base64url; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out InvitationSalt salt)
    {
        Span<byte> bytes = stackalloc byte[Length];
        var isRead = StrictBase64Url.TryDecode(text, bytes);
        salt = isRead ? new InvitationSalt(bytes) : default;
        return isRead;
    }

    /// <summary>22 characters of base64url.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        return StrictBase64Url.Encode(bytes);
    }

    internal void CopyTo(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, value);
}
