using System.Security.Cryptography;
using System.Text;
using Bereik.Exchange.Contracts;

namespace Bereik.Exchange.Invitations;

/// <summary>
/// The outer seal of an invitation (nl: buitenste zegel): AES-256-GCM under a key that only the code in the letter gives. What lies under it is sealed again, to the recipient: the hub takes this
/// one off when somebody says yes, and sees no person.
/// </summary>
public static class OuterSeal
{
    /// <summary>Puts the seal on.</summary>
    /// <param name="inner">The inner seal.</param>
    /// <param name="number">The letter's number.</param>
    /// <param name="binding">What the letter belongs to.</param>
    /// <param name="key">The key, of a salt that was drawn for this letter alone.</param>
    /// <exception cref="ArgumentException">The inner seal has another shape, or is for another recipient.</exception>
    public static SealedInvitation Seal(string inner, LetterNumber number, InvitationBinding binding, InvitationKey key)
    {
        ArgumentNullException.ThrowIfNull(binding);
        ArgumentNullException.ThrowIfNull(key);
        if (!InvitationFormat.IsInner(inner, binding.RecipientKid)) throw new ArgumentException("Not the inner seal of an invitation to this recipient.", nameof(inner));
        var bytes = new byte[InvitationFormat.SealedSize];
        var (nonce, ciphertext, tag) = Parts(bytes);
        // Random, though the key seals once: a wave that is made again after a stop, with its old salts, must not meet its old nonce.
        RandomNumberGenerator.Fill(nonce.Span);
        using var aes = new AesGcm(key.SealKey, InvitationFormat.TagSize);
        aes.Encrypt(nonce.Span, Encoding.ASCII.GetBytes(inner), ciphertext.Span, tag.Span, InvitationFormat.AdditionalData(number, binding));
        return new SealedInvitation { Number = number, Salt = key.Salt, Sealed = StrictBase64Url.Encode(bytes) };
    }

    /// <summary>Takes the seal off. SECURITY: null for whatever fails, without saying what: a wrong code looks like a changed byte.</summary>
    /// <param name="invitation">The invitation.</param>
    /// <param name="binding">What it belongs to.</param>
    /// <param name="key">The key of the code that was given and of the invitation's salt.</param>
    /// <returns>The inner seal, of exactly its shape and for this recipient; or null.</returns>
    public static string? Open(SealedInvitation invitation, InvitationBinding binding, InvitationKey key)
    {
        ArgumentNullException.ThrowIfNull(invitation);
        ArgumentNullException.ThrowIfNull(binding);
        ArgumentNullException.ThrowIfNull(key);
        var bytes = new byte[InvitationFormat.SealedSize];
        if (!StrictBase64Url.TryDecode(invitation.Sealed, bytes)) return null;
        var (nonce, ciphertext, tag) = Parts(bytes);
        var inner = new byte[InvitationFormat.InnerLength];
        try
        {
            using var aes = new AesGcm(key.SealKey, InvitationFormat.TagSize);
            aes.Decrypt(nonce.Span, ciphertext.Span, tag.Span, inner, InvitationFormat.AdditionalData(invitation.Number, binding));
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        // SECURITY: what is not sealed again could be a person in the clear, made so by mistake; it goes no further, and nobody is told what it was.
        var text = Encoding.Latin1.GetString(inner);
        CryptographicOperations.ZeroMemory(inner);
        return InvitationFormat.IsInner(text, binding.RecipientKid) ? text : null;
    }

    private static (Memory<byte> Nonce, Memory<byte> Ciphertext, Memory<byte> Tag) Parts(byte[] bytes) =>
        (bytes.AsMemory(0, InvitationFormat.NonceSize), bytes.AsMemory(InvitationFormat.NonceSize, InvitationFormat.InnerLength), bytes.AsMemory(InvitationFormat.SealedSize - InvitationFormat.TagSize));
}
