using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Bereik.Cli.Network;

/// <summary>What two colleagues do on the pages of <em>Attesten</em> for a third (nl: attesteren), by the same forms, with synthetic answers.</summary>
public static partial class AttestationDesk
{
    /// <summary>Lets the data steward propose and the data protection officer confirm what somebody is bound by.</summary>
    /// <param name="network">The network.</param>
    /// <param name="node">A local node.</param>
    /// <param name="role">Word of the colleague's role.</param>
    /// <param name="today">Today, Europe/Brussels.</param>
    /// <param name="cancel">Stops.</param>
    /// <returns>The code with which the colleague may enrol a passkey.</returns>
    /// <exception cref="PageException">A form was refused, or the colleague or the code does not stand there.</exception>
    public static async Task<string> AttestAsync(RunningNetwork network, PlannedNode node, string role, DateOnly today, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(node);
        var (steward, officer) = (network.Visit(node.Id, "datasteward"), network.Visit(node.Id, "dpo"));

        // Whoever signed in once can be attested.
        await network.Visit(node.Id, role).GetPageAsync("/account", cancel);
        var page = await PageOfAsync(steward, node, role, cancel);
        var isClerk = role == "dossierbehandelaar";
        await steward.SubmitAsync(page, $"{page}/voorstellen", new Dictionary<string, string>
        {
            ["functie"] = role switch { "maatschappelijkwerker" => "socialWorker", "teamverantwoordelijke" => "teamLead", _ => "benefitClerk" },
            ["anderteam"] = AccessionDesk.ServiceOf(node.Kind),
            ["geheim"] = isClerk ? "officialSecrecy" : "professionalSecrecy",
            ["sinds"] = today.AddYears(-1).ToString("dd/MM/yyyy", CultureInfo.InvariantCulture),
            ["bewijs"] = "Verzonnen personeelsdossier, om te oefenen",
        }, cancel);
        var confirmed = await officer.SubmitAsync($"{page}/bevestigen", $"{page}/bevestigen", cancel: cancel);
        return CodeOn(confirmed, $"{page}/bevestigen");
    }

    /// <summary>Lets the data protection officer make another code for a colleague, whose keys stay.</summary>
    /// <param name="network">The network.</param>
    /// <param name="node">A local node.</param>
    /// <param name="role">Word of the colleague's role.</param>
    /// <param name="cancel">Stops.</param>
    /// <returns>The code.</returns>
    /// <exception cref="PageException">The form was refused, or the colleague or the code does not stand there.</exception>
    public static async Task<string> AnotherCodeAsync(RunningNetwork network, PlannedNode node, string role, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(node);
        var officer = network.Visit(node.Id, "dpo");
        var page = await PageOfAsync(officer, node, role, cancel);
        return CodeOn(await officer.SubmitAsync($"{page}/code", $"{page}/code", cancel: cancel), page);
    }

    private static async Task<string> PageOfAsync(PageVisitor visitor, PlannedNode node, string role, CancellationToken cancel)
    {
        var name = node.People.Single(person => person.Roles.Contains(role)) is { } person ? $"{person.GivenName} {person.FamilyName}" : "";
        return ColleagueLink().Matches(await visitor.GetPageAsync("/attesten", cancel)).FirstOrDefault(link => WebUtility.HtmlDecode(link.Groups["text"].Value).Contains(name, StringComparison.Ordinal))?.Groups["path"].Value
            ?? throw new PageException("/attesten", HttpStatusCode.OK, "colleague not listed");
    }

    private static string CodeOn(string html, string page) => Code().Match(html) is { Success: true } code ? code.Value : throw new PageException(page, HttpStatusCode.OK, "no code");

    [GeneratedRegex("""<a [^>]*href="(?<path>/attesten/[^"/]+)"[^>]*>(?<text>.*?)</a>""", RegexOptions.Singleline)]
    private static partial Regex ColleagueLink();

    [GeneratedRegex("\\b[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}\\b")]
    private static partial Regex Code();
}
