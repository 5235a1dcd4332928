namespace Bereik.Exchange.Invitations;

/// <summary>What an invitation belongs to, the same for all letters of a wave (nl: golf). A seal opens under this one alone.</summary>
/// <param name="Wave">The id of the wave.</param>
/// <param name="ProtocolHash">SHA-256 of the protocol's canonical form.</param>
/// <param name="RecipientKid">The key id of the recipient's sealing key.</param>
public sealed record InvitationBinding(Guid Wave, Bytes32 ProtocolHash, string RecipientKid);
