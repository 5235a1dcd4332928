using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Invitations;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Signatures;
using Jose;

namespace Bereik.Sealing.Invitations;

/// <summary>
/// The two seals of an invitation (nl: dubbel zegel). Inner: signed by the source, padded to one size, sealed to the recipient's key. Outer: under the code in the letter. Until the code is used, the
/// hub with all it has and the recipient with its private key cannot open it, not even together.
/// </summary>
public static class InvitationSeal
{
    private const int LengthSize = sizeof(uint);

    // Only these two algorithms are known here, so there is nothing to be talked into.
    private static readonly JwtSettings Settings = new();

    /// <summary>Signs and seals one invitation, under a salt that is drawn for it alone.</summary>
    /// <param name="invitation">What the recipient is to read after a yes.</param>
    /// <param name="code">The code in the letter.</param>
    /// <param name="source">The source's signing key.</param>
    /// <param name="recipient">The recipient's pinned sealing key.</param>
    /// <exception cref="ArgumentException">A member has another shape, names another recipient, or all of them together do not fit; the message names nobody.</exception>
    public static SealedInvitation Make(Invitation invitation, SecretCode code, SigningKey source, SealingPublicKey recipient)
    {
        ArgumentNullException.ThrowIfNull(invitation);
        ArgumentNullException.ThrowIfNull(recipient);
        if (invitation.RecipientKid != recipient.Kid) throw new ArgumentException("The invitation is for another key.", nameof(recipient));
        var inner = SealInner(SignedDocument.Sign(invitation, source).Compact, recipient);
        using var key = InvitationKey.Derive(code, InvitationSalt.Random());
        return OuterSeal.Seal(inner, invitation.Number, new InvitationBinding(invitation.Wave, invitation.ProtocolHash, recipient.Kid), key);
    }

    /// <summary>Opens the inner seal, at the recipient. SECURITY: null for whatever fails, without saying what.</summary>
    /// <param name="inner">What <see cref="OuterSeal.Open"/> gave.</param>
    /// <param name="number">The number that it was handed over under.</param>
    /// <param name="binding">What that letter belongs to.</param>
    /// <param name="source">The source's pinned signing key.</param>
    /// <param name="recipient">The recipient's sealing key.</param>
    public static SignedDocument<Invitation>? Open(string inner, LetterNumber number, InvitationBinding binding, SigningPublicKey source, SealingKey recipient)
    {
        ArgumentNullException.ThrowIfNull(binding);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(recipient);
        if (binding.RecipientKid != recipient.Kid || !InvitationFormat.IsInner(inner, recipient.Kid) || OpenInner(inner, recipient) is not { } compact) return null;
        if (!SignedDocument.Open<Invitation>(compact, source).TryGet(out var signed, out _)) return null;
        var said = signed.Document;
        return said.Number == number && said.Wave == binding.Wave && said.ProtocolHash == binding.ProtocolHash && said.RecipientKid == binding.RecipientKid ? signed : null;
    }

    private static string SealInner(string compact, SealingPublicKey recipient)
    {
        if (compact.Length > InvitationFormat.PaddedSize - LengthSize) throw new ArgumentException("A person's name and address are larger than an invitation may hold.");
        var plaintext = new byte[InvitationFormat.PaddedSize];
        BinaryPrimitives.WriteUInt32BigEndian(plaintext, (uint)compact.Length);
        Encoding.ASCII.GetBytes(compact, plaintext.AsSpan(LengthSize));
        using var ecdh = recipient.ToEcdh();
        var headers = new Dictionary<string, object> { ["typ"] = JoseTypes.InvitationSeal, ["kid"] = recipient.Kid };
        var inner = JWT.EncodeBytes(plaintext, ecdh, JweAlgorithm.ECDH_ES_A256KW, JweEncryption.A256GCM, null, headers, Settings);
        CryptographicOperations.ZeroMemory(plaintext);
        return inner;
    }

    private static string? OpenInner(string inner, SealingKey recipient)
    {
        byte[] plaintext = [];
        using var ecdh = recipient.ToEcdh();
        try
        {
            plaintext = JWT.DecodeBytes(inner, ecdh, JweAlgorithm.ECDH_ES_A256KW, JweEncryption.A256GCM, Settings);
            var length = plaintext.Length == InvitationFormat.PaddedSize ? BinaryPrimitives.ReadUInt32BigEndian(plaintext) : uint.MaxValue;
            if (length > InvitationFormat.PaddedSize - LengthSize || plaintext.AsSpan(LengthSize + (int)length).ContainsAnyExcept((byte)0)) return null;
            return Encoding.Latin1.GetString(plaintext, LengthSize, (int)length);
        }
        // Foreign bytes may make the library throw anything, also what is a bug of its own; for the caller it is one.
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plaintext);
        }
    }
}
