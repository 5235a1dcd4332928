namespace Bereik.Node.Access;

/// <summary>
/// What a person comes to do (nl: rol), as the login gives it in <c>bereik_rol_3D</c>: <c>WORD:ORGANISATION</c>. A role opens pages; whether a row may be opened
/// is decided on the attestation, never on a role.
/// </summary>
public enum Role
{
    /// <summary>Social worker (nl: maatschappelijk werker): <c>maatschappelijkwerker</c>.</summary>
    SocialWorker,

    /// <summary>Head of a team (nl: teamverantwoordelijke): <c>teamverantwoordelijke</c>.</summary>
    TeamLead,

    /// <summary>Clerk who grants benefits (nl: dossierbehandelaar): <c>dossierbehandelaar</c>.</summary>
    Clerk,

    /// <summary>Data steward (nl: datasteward): <c>datasteward</c>.</summary>
    DataSteward,

    /// <summary>Protocol author (nl: protocolauteur): <c>protocolauteur</c>. Signs for the organisation.</summary>
    ProtocolAuthor,

    /// <summary>Data protection officer or auditor (nl: functionaris voor gegevensbescherming): <c>dpo</c>.</summary>
    DataProtectionOfficer,

    /// <summary>Operator of the node (nl: beheerder): <c>beheerder</c>. Never sees a row, never attests anybody.</summary>
    Operator,

    /// <summary>Takes answers to letters by post and telephone, at the hub (nl: antwoorddienst): <c>antwoorddienst</c>. Sees nothing but what whoever has letter number and code is told.</summary>
    AnswerDesk,
}

/// <summary>The words of roles in the claim.</summary>
public static class RoleWords
{
    private static readonly Dictionary<Role, string> Words = new()
    {
        [Role.SocialWorker] = "maatschappelijkwerker",
        [Role.TeamLead] = "teamverantwoordelijke",
        [Role.Clerk] = "dossierbehandelaar",
        [Role.DataSteward] = "datasteward",
        [Role.ProtocolAuthor] = "protocolauteur",
        [Role.DataProtectionOfficer] = "dpo",
        [Role.Operator] = "beheerder",
        [Role.AnswerDesk] = "antwoorddienst",
    };

    /// <summary>The word of a role in the claim.</summary>
    /// <param name="role">The role.</param>
    public static string Word(this Role role) => Words[role];

    // Roles as a store keeps them: words with spaces between.
    internal static IReadOnlyList<Role> RolesOf(string words) => [.. words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(RoleOf).OfType<Role>()];

    /// <summary>The role of a word; exact.</summary>
    /// <param name="word">As in the claim, before the colon.</param>
    /// <returns>Null for a word that is no role here.</returns>
    public static Role? RoleOf(string word)
    {
        foreach (var (role, known) in Words)
        {
            if (known == word) return role;
        }

        return null;
    }
}
