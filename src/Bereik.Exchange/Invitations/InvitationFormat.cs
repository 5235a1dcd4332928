using System.Text;
using Bereik.Exchange.Envelopes;
using Bereik.Exchange.Signatures;

namespace Bereik.Exchange.Invitations;

/// <summary>Sizes of an invitation, the same for each, so that a length says nothing; and the shape of what lies under the outer seal. Format in <c>docs/formats/invitation.md</c>.</summary>
public static class InvitationFormat
{
    /// <summary>Bytes of what is sealed to the recipient, padding included.</summary>
    public const int PaddedSize = 4096;

    /// <summary>Length in characters of the inner seal, a compact JWE.</summary>
    public const int InnerLength = 5898;

    /// <summary>Bytes of the outer seal: nonce, ciphertext, tag.</summary>
    public const int SealedSize = NonceSize + InnerLength + TagSize;

    /// <summary>Length in characters of the outer seal in base64url.</summary>
    public const int SealedTextLength = ((SealedSize * 4) + 2) / 3;

    internal const int NonceSize = 12;
    internal const int TagSize = 16;

    /// <summary>Whether a text has the shape of an inner seal to this recipient. Shape only: whether it is ciphertext shows at the recipient alone.</summary>
    /// <param name="inner">The text.</param>
    /// <param name="recipientKid">The key id of the recipient's sealing key.</param>
    public static bool IsInner(string inner, string recipientKid)
    {
        ArgumentNullException.ThrowIfNull(inner);
        return inner.Length == InnerLength && SealedToKeyShape.IsOne(inner, JoseTypes.InvitationSeal, recipientKid, PaddedSize);
    }

    // INVARIANT: every part has one length and no part has a line feed, so no two bindings have one text.
    internal static byte[] AdditionalData(LetterNumber number, InvitationBinding binding) =>
        Encoding.ASCII.GetBytes($"bereik invitation v1\n{number.Text}\n{binding.Wave:D}\n{binding.ProtocolHash}\n{binding.RecipientKid}\n");
}
