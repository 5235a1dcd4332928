namespace Bereik.Domain;

/// <summary>What an organisation is in the exchange (nl: soort organisatie).</summary>
public enum OrganisationKind
{
    /// <summary>The neutral exchange that cannot read records (nl: knooppunt).</summary>
    Hub,

    /// <summary>The trustee that evaluates blinded numbers (nl: pseudonimiseringsdienst).</summary>
    Pseudonymiser,

    /// <summary>The agency that holds a register (nl: bron, verstrekkende instantie).</summary>
    Source,

    /// <summary>The legal person that grants local benefits (nl: gemeente).</summary>
    Municipality,

    /// <summary>The legal person for social assistance (nl: OCMW).</summary>
    PublicCentreForWelfare,

    /// <summary>Centre for general welfare work (nl: CAW).</summary>
    WelfareCentre,

    /// <summary>Social service of a health fund (nl: DMW, dienst maatschappelijk werk).</summary>
    MutualitySocialService,

    /// <summary>An organisation whose professionals hand people over with their consent, such as a Kind en Gezin team (nl: verwijzer).</summary>
    Referrer,
}
