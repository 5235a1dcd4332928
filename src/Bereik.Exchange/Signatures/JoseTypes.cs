namespace Bereik.Exchange.Signatures;

/// <summary>The <c>typ</c> of every JOSE object; one for each purpose, so that none can stand in for another.</summary>
public static class JoseTypes
{
    /// <summary>A local node's order of a list.</summary>
    public const string Order = "bereik-order+jws";

    /// <summary>A source's decision on an order.</summary>
    public const string Decision = "bereik-decision+jws";

    /// <summary>The manifest of an envelope.</summary>
    public const string Manifest = "bereik-manifest+jws";

    /// <summary>A local node's receipt of a package.</summary>
    public const string Receipt = "bereik-receipt+jws";

    /// <summary>The text of a protocol, proposed for the register.</summary>
    public const string ProtocolDraft = "bereik-protocol-draft+jws";

    /// <summary>The text of a protocol, signed by a party.</summary>
    public const string Protocol = "bereik-protocol+jws";

    /// <summary>An officer's advice on a protocol.</summary>
    public const string ProtocolAdvice = "bereik-protocol-advice+jws";

    /// <summary>That a protocol was made public.</summary>
    public const string ProtocolPublication = "bereik-protocol-publication+jws";

    /// <summary>A local government's accession.</summary>
    public const string Accession = "bereik-accession+jws";

    /// <summary>A suspension, its lifting, or an end.</summary>
    public const string RegisterStop = "bereik-register-stop+jws";

    /// <summary>An organisation's word on a key of its own.</summary>
    public const string KeyStatement = "bereik-key-statement+jws";

    /// <summary>The padded root over the persons of a package.</summary>
    public const string PersonsRoot = "bereik-persons-root+jws";

    /// <summary>A withdrawal or an erasure of what was disclosed.</summary>
    public const string DisclosureEnd = "bereik-disclosure-end+jws";

    /// <summary>The roots of a day at a local node.</summary>
    public const string RoundRoots = "bereik-round+jws";

    /// <summary>A referral of one person to a service.</summary>
    public const string Referral = "bereik-referral+jws";

    /// <summary>What a service says of a referral.</summary>
    public const string ReferralStep = "bereik-referral-step+jws";

    /// <summary>What a source tells the recipient of one family, should it say yes.</summary>
    public const string Invitation = "bereik-invitation+jws";

    /// <summary>A source's word that a wave of letters is ready.</summary>
    public const string Wave = "bereik-wave+jws";

    /// <summary>What whoever says yes to a letter takes home.</summary>
    public const string ConsentReceipt = "bereik-consent-receipt+jws";

    /// <summary>What a recipient says of a yes.</summary>
    public const string ConsentStep = "bereik-consent-step+jws";

    /// <summary>A yes that was given with help of the recipient's own staff, as its node passes it on.</summary>
    public const string AssistedAnswer = "bereik-assisted-answer+jws";

    /// <summary>What a local node says that it erased.</summary>
    public const string ErasureCertificate = "bereik-erasure+jws";

    /// <summary>What a node tells its own organisation's software.</summary>
    public const string Event = "bereik-event+jws";

    /// <summary>A detached signature over a request body.</summary>
    public const string Request = "bereik-request+jws";

    /// <summary>A node's signature on one request to another node.</summary>
    public const string Call = "bereik-call+jwt";

    /// <summary>Proof at a token endpoint of who asks.</summary>
    public const string ClientAssertion = "client-authentication+jwt";

    /// <summary>A token that a node issued for itself (RFC 9068).</summary>
    public const string AccessToken = "at+jwt";

    /// <summary>A sealed record.</summary>
    public const string Record = "bereik-record+jwe";

    /// <summary>A content key sealed to the recipient.</summary>
    public const string ContentKey = "bereik-key+jwe";

    /// <summary>The inner seal of an invitation.</summary>
    public const string InvitationSeal = "bereik-invitation+jwe";
}
