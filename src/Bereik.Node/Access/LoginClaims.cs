using System.Security.Claims;
using Bereik.Node.Configuration;
using Bereik.Node.Logging;

namespace Bereik.Node.Access;

/// <summary>
/// What the login says of somebody, read as ACM/IDM gives it. A national number (<c>rrn</c>) is not read and nothing of the login's own documents is kept.
/// </summary>
public static class LoginClaims
{
    private const int LongestSubject = 128;

    /// <summary>Reads the claims.</summary>
    /// <param name="claims">As the provider signed them.</param>
    /// <param name="settings">Which claim says what, and whose organisation this is.</param>
    /// <returns>The person, or one code: <c>login.subject</c>, <c>login.otherOrganisation</c>, <c>login.targetGroup</c>, <c>login.noRole</c>.</returns>
    public static LoginResult Read(ClaimsPrincipal claims, SignInSettings settings)
    {
        ArgumentNullException.ThrowIfNull(claims);
        ArgumentNullException.ThrowIfNull(settings);
        var names = settings.Claims;

        // No id of its own: a machine, which does not sign in at pages. SECURITY: an id that could be a national number is no id that may be kept.
        if (claims.FindFirstValue(names.Subject) is not { Length: > 0 and <= LongestSubject } subject || PersonalNumberFilter.Clean(subject) != subject) return new(null, "login.subject");
        if (!claims.FindAll(names.Organisation).Any(claim => settings.OrganisationCodes.Contains(claim.Value))) return new(null, "login.otherOrganisation");
        if (settings.TargetGroups.Count > 0 && !claims.FindAll(names.TargetGroup).Any(claim => settings.TargetGroups.Contains(claim.Value))) return new(null, "login.targetGroup");
        var roles = claims.FindAll(names.Roles).Select(claim => RoleOf(claim.Value, settings)).OfType<Role>().Distinct().Order().ToList();
        if (roles.Count == 0) return new(null, "login.noRole");
        var name = $"{claims.FindFirstValue(names.GivenName)} {claims.FindFirstValue(names.FamilyName)}".Trim();
        return new(new Person(subject, PersonalNumberFilter.Clean(name.Length > 0 ? name[..Math.Min(name.Length, 120)] : subject), roles), null);
    }

    // WORD:ORGANISATION, and the organisation is this one.
    private static Role? RoleOf(string value, SignInSettings settings)
    {
        var colon = value.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || !settings.OrganisationCodes.Contains(value[(colon + 1)..])) return null;
        var word = value[..colon];
        return RoleWords.RoleOf(settings.RoleWords.TryGetValue(word, out var ours) ? ours : word);
    }
}

/// <summary>A person, or why nobody signed in.</summary>
/// <param name="Person">Null exactly when there is a code.</param>
/// <param name="Code">A stable code.</param>
public sealed record LoginResult(Person? Person, string? Code);
