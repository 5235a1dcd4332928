using Bereik.Exchange.Contracts;
using Bereik.Exchange.Invitations;

namespace Bereik.Hub.Letters;

// SECURITY: the only file of the hub that takes an outer seal off (a House test says so). What comes out is sealed again, to the recipient: it is stored and handed on, and the hub has no key to it.
internal static class OpenInvitation
{
    // The inner seal; null when the code is not this letter's, without saying more.
    public static string? TakeOff(SealedInvitation invitation, InvitationBinding binding, InvitationKey key) => OuterSeal.Open(invitation, binding, key);
}
