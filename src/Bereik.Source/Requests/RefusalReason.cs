namespace Bereik.Source.Requests;

/// <summary>
/// Why a steward refuses (nl: weigeringsgrond). A closed list: what the steward writes in own words could name a person, and a decision
/// passes the hub and is kept by others.
/// </summary>
/// <param name="Code">Stable code, as it stands in the signed decision.</param>
/// <param name="Text">One sentence for the recipient, in Dutch.</param>
/// <param name="TextEnglish">The same in English.</param>
internal sealed record RefusalReason(string Code, string Text, string TextEnglish)
{
    /// <summary>Every reason, in the order in which the page shows them.</summary>
    public static readonly IReadOnlyList<RefusalReason> All =
    [
        new("source.knownSetDoubtful", "De lijst van gekende personen lijkt niet te kloppen.", "The list of known people does not look right."),
        new("source.registerNotReady", "Het register van de bron is nog niet volledig voor deze maand.", "The source's register is not complete for this month yet."),
        new("source.frameworkOpen", "Een maatregel van het kader is bij de ontvanger niet in orde.", "A measure of the framework is not met at the recipient."),
        new("source.protocolDoubtful", "De bron vindt dat de aanvraag niet past bij het doel van het protocol.", "The source finds that the order does not fit the protocol's purpose."),
        new("source.otherReason", "De bron heeft een andere reden. Neem contact op met de datasteward.", "The source has another reason. Contact its data steward."),
    ];

    /// <summary>The reason with a code; null when there is none.</summary>
    public static RefusalReason? Find(string? code) => All.FirstOrDefault(reason => reason.Code == code);
}
