using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Bereik.Cli.Network;
using Bereik.Domain;

namespace Bereik.Cli.Demo;

/// <summary>
/// One person's way through the partners (nl: warme doorverwijzing), by the pages that workers use: a team asks and refers to an OCMW, a worker there takes it up, makes
/// contact and refers on to the CAW under the five conditions, both close, and nothing is kept.
/// </summary>
internal sealed partial class DemoReferrals(RunningNetwork network, TimeProvider clock)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);
    private const string Role = "maatschappelijkwerker";

    /// <summary>Plays it.</summary>
    /// <param name="codes">Codes with which workers enrol a passkey; those that are used are replaced.</param>
    /// <param name="say">Told what happens, in order.</param>
    /// <param name="cancel">Stops.</param>
    /// <returns>How referrals stand at each node, as the node tells it.</returns>
    public async Task<(IReadOnlyList<DemoReferral> Counts, IReadOnlyList<DemoCode> Codes)> PlayAsync(IReadOnlyList<DemoCode> codes, Action<int> say, CancellationToken cancel)
    {
        var (team, centre, caw) = (network.Plan[NetworkPlan.ReferrerId], network.Plan.Centres.First(), network.Plan[NetworkPlan.WelfareCentreId]);
        var left = codes.ToList();
        foreach (var node in new[] { team, centre, caw })
        {
            var code = left.Single(one => one.Node.Id == node.Id && one.Role == Role);
            await network.Visit(node.Id, Role).EnrolPasskeyAsync(code.Code, cancel);
            left[left.IndexOf(code)] = code with { Code = await AttestationDesk.AnotherCodeAsync(network, node, Role, cancel) };
        }

        say(1);
        var first = await ReferAsync(team, centre, AccessionDesk.ReferralProtocol, cancel);
        await TakeUpAsync(centre, first, cancel);
        say(2);
        var onward = await ReferAsync(centre, caw, AccessionDesk.PartnerProtocol, cancel);
        await TakeUpAsync(caw, onward, cancel);
        say(3);
        await CloseAsync(caw, onward, "U08", cancel);
        await UntilAsync(centre, onward, "Afgesloten", cancel);
        await CloseAsync(centre, first, "U11", cancel);
        await UntilAsync(team, first, "Gewist", cancel);
        await UntilAsync(centre, onward, "Gewist", cancel);
        var counts = new List<DemoReferral>();
        foreach (var node in network.Plan.Nodes.Where(node => node.Kind is OrganisationKind.Referrer or OrganisationKind.PublicCentreForWelfare or OrganisationKind.WelfareCentre or OrganisationKind.MutualitySocialService))
        {
            var told = await network.Visit(node.Id).GetJsonAsync<ReferralAnswer>("/v1/referrals", cancel);
            counts.Add(new DemoReferral(node, told.Made, told.Received, told.Erased));
        }

        return (counts, left);
    }

    /// <summary>The form under which somebody refers to a service of an organisation.</summary>
    /// <param name="page">The page <c>/doorverwijzen/nieuw</c>.</param>
    /// <param name="protocol">The protocol.</param>
    /// <param name="to">The organisation.</param>
    /// <returns>Its path; null while the page has none.</returns>
    public static string? FormOn(string page, Protocol protocol, string to) =>
        ServiceLink().Matches(page).Select(link => link.Groups["path"].Value).FirstOrDefault(path => path.StartsWith($"/doorverwijzen/nieuw/{protocol.Id}/{to}/", StringComparison.Ordinal));

    /// <summary>What a worker fills in on that form, with a family name as the one field, and a yes to each condition.</summary>
    /// <param name="protocol">The protocol.</param>
    /// <param name="id">Id of the referral.</param>
    /// <param name="familyName">The name.</param>
    public static Dictionary<string, string> FieldsOf(Protocol protocol, Guid id, string familyName)
    {
        var fields = new Dictionary<string, string>
        {
            ["id"] = id.ToString("D"), ["gelezen"] = "ja", ["taal"] = "Nederlands", ["akkoord"] = "ja", ["wijze"] = "paper", ["hoedanigheid"] = "self", ["veld"] = "familyName",
            ["waarde-familyName"] = familyName, ["reden-familyName"] = "contact", ["veilig"] = "nee", ["bezwaar"] = "nee", ["bereik"] = "Team, elke werkdag",
        };
        foreach (var condition in protocol.Find<Clause.SharedSecrecy>()?.Conditions ?? [])
        {
            var word = char.ToLowerInvariant(condition.ToString()[0]) + condition.ToString()[1..];
            (fields[$"vw-{word}"], fields[$"bw-{word}"]) = ("yes", "Besproken in het gesprek van vandaag");
        }

        return fields;
    }

    private async Task<Guid> ReferAsync(PlannedNode from, PlannedNode to, Protocol protocol, CancellationToken cancel)
    {
        var worker = network.Visit(from.Id, Role);
        string? form = null;
        await WaitAsync(async () =>
        {
            var page = await worker.GetPageAsync("/doorverwijzen/nieuw", cancel);
            form = FormOn(page, protocol, to.Id);
            return form is not null;
        }, cancel);
        var id = Guid.NewGuid();
        var preview = await worker.SubmitAsync(form!, form!, FieldsOf(protocol, id, "Verzonnen"), cancel);
        await worker.ContinueAsync(preview, form!, $"{form}/versturen", cancel: cancel);
        return id;
    }

    private async Task TakeUpAsync(PlannedNode at, Guid id, CancellationToken cancel)
    {
        var worker = network.Visit(at.Id, Role);
        var page = $"/verwijzingen/{id:D}";
        await WaitAsync(async () => (await worker.GetPageAsync("/verwijzingen", cancel)).Contains(page, StringComparison.Ordinal), cancel);
        await worker.SubmitAsync(page, $"{page}/aanvaarden", cancel: cancel);
        await worker.SubmitAsync(page, $"{page}/contact", new Dictionary<string, string> { ["kanaal"] = "phone", ["bereikt"] = "ja", ["volgende"] = clock.Today().AddDays(7).ToString("dd/MM/yyyy", CultureInfo.InvariantCulture) }, cancel);
    }

    private async Task CloseAsync(PlannedNode at, Guid id, string outcome, CancellationToken cancel) =>
        await network.Visit(at.Id, Role).SubmitAsync($"/verwijzingen/{id:D}", $"/verwijzingen/{id:D}/afsluiten", new Dictionary<string, string> { ["uitkomst"] = outcome }, cancel);

    // What the referrer sees: how far it is.
    private Task UntilAsync(PlannedNode referrer, Guid id, string word, CancellationToken cancel) => WaitAsync(
        async () => WebUtility.HtmlDecode(await network.Visit(referrer.Id, Role).GetPageAsync($"/doorverwijzen/{id:D}", cancel)).Contains(word, StringComparison.Ordinal), cancel);

    private async Task WaitAsync(Func<Task<bool>> isSo, CancellationToken cancel)
    {
        var begun = clock.GetTimestamp();
        while (!await isSo())
        {
            if (clock.GetElapsedTime(begun) > Longest) throw new DemoException("A referral does not get on. The logs are in the folders of the nodes.");
            await Task.Delay(Look, clock, cancel);
        }
    }

    [GeneratedRegex("href=\"(?<path>/doorverwijzen/nieuw/[^\"]+)\"")]
    private static partial Regex ServiceLink();
}

/// <summary>How referrals stand at a node.</summary>
/// <param name="Node">The node.</param>
/// <param name="Made">From there, by state.</param>
/// <param name="Received">To there, by state.</param>
/// <param name="Erased">Of how many nothing is left there.</param>
internal sealed record DemoReferral(PlannedNode Node, IReadOnlyDictionary<string, int> Made, IReadOnlyDictionary<string, int> Received, int Erased);
