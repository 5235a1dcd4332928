using System.Globalization;
using Bereik.Domain;
using Bereik.Exchange.Protocols;

namespace Bereik.Cli.Network;

/// <summary>What a council officer does on the pages of <em>Toetreding</em> (nl: toetreden), by the same four forms, with synthetic answers.</summary>
public static class AccessionDesk
{
    private const string Evidence = "Verzonnen bewijs, om te oefenen";

    /// <summary>The protocol under which a kind of local government orders its lists.</summary>
    /// <param name="kind">Gemeente or OCMW.</param>
    public static Protocol ProtocolOf(OrganisationKind kind) => ShippedProtocols.Of(kind == OrganisationKind.Municipality ? Flow.Match : Flow.Unknown);

    /// <summary>The service that gets what is received, which is also the team of its workers.</summary>
    /// <param name="kind">Gemeente or OCMW.</param>
    public static string ServiceOf(OrganisationKind kind) => kind == OrganisationKind.Municipality ? "Dienst premies" : "Sociale dienst";

    /// <summary>Fills in the four forms, signs, and looks whether the node says that it acceded.</summary>
    /// <param name="local">A visitor of the local node.</param>
    /// <param name="node">The local node.</param>
    /// <param name="today">Today, Europe/Brussels.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="PageException">A form was refused, or the accession does not stand there after it.</exception>
    public static async Task AccedeAsync(PageVisitor local, PlannedNode node, DateOnly today, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(local);
        ArgumentNullException.ThrowIfNull(node);
        var protocol = ProtocolOf(node.Kind);
        var page = $"/toetreding/{protocol.Id}";
        foreach (var (step, fields) in StepsOf(protocol, node, today)) await local.SubmitAsync($"{page}/{step}", $"{page}/{step}", fields, cancel);
        if (!await HasAccededAsync(local, protocol, cancel)) throw new PageException(page, System.Net.HttpStatusCode.OK, "not acceded");
    }

    /// <summary>Whether the accession of a node runs.</summary>
    /// <param name="local">A visitor of the local node.</param>
    /// <param name="protocol">The protocol.</param>
    /// <param name="cancel">Stops.</param>
    public static async Task<bool> HasAccededAsync(PageVisitor local, Protocol protocol, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(local);
        ArgumentNullException.ThrowIfNull(protocol);
        return (await local.GetItemsAsync<AccessionAnswer>("/v1/accessions", cancel)).Any(one => one.Protocol == protocol.Id && one.Version == protocol.Version && one.State == "active");
    }

    private static IEnumerable<(string Step, Dictionary<string, string> Fields)> StepsOf(Protocol protocol, PlannedNode node, DateOnly today)
    {
        var isMunicipality = node.Kind == OrganisationKind.Municipality;
        yield return ("beslissing", new()
        {
            ["orgaan"] = isMunicipality ? "municipalCouncil" : "socialWelfareCouncil",
            ["besluitdag"] = Day(today.AddDays(-14)),
            ["besluitnummer"] = "proef-1",
            ["advies"] = "conditional",
            ["dpo"] = $"Functionaris voor gegevensbescherming van {node.Name}",
            ["adviesdag"] = Day(today.AddDays(-21)),
            ["samenvatting"] = "Verzonnen advies, om te oefenen. Alleen op verzonnen gegevens.",
        });
        var measures = new Dictionary<string, string> { ["datum"] = Day(today.AddDays(-7)) };
        foreach (var measure in FrameworkFile.Shipped.Measures) (measures[measure.Id], measures[$"{measure.Id}-bewijs"]) = ("met", Evidence);
        yield return ("maatregelen", measures);
        var service = new Dictionary<string, string>
        {
            ["dienst"] = ServiceOf(node.Kind),
            ["contact"] = $"Verzonnen postvak van {node.Name}",
            ["herziening"] = Day(today.AddDays(360)),
            [$"gebied-{node.Nis}"] = "ja",
            [$"vanaf-{node.Nis}"] = Day(today),
        };
        if (protocol.Find<Clause.Benefit>()?.NeedsLocalRegulation == true) service["reglement"] = "Verzonnen premiereglement";
        yield return ("dienst", service);
        yield return ("ondertekenen", new() { ["akkoord"] = "ja" });
    }

    private static string Day(DateOnly day) => day.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture);

    private sealed record AccessionAnswer(string Protocol, string Version, string State);
}
