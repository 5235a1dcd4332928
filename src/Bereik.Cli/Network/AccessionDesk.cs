using System.Globalization;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Protocols;

namespace Bereik.Cli.Network;

/// <summary>What a council officer does on the pages of <em>Toetreding</em> (nl: toetreden), by the same four forms, with synthetic answers.</summary>
public static class AccessionDesk
{
    private const int MostAttempts = 60;
    private const string Evidence = "Verzonnen bewijs, om te oefenen";
    private static readonly string Arrangement = Bytes32.Sha256("Verzonnen onderlinge regeling van GBO Voorbeeld"u8).ToString();

    /// <summary>The protocol under which a kind of local government orders its lists.</summary>
    /// <param name="kind">Gemeente or OCMW.</param>
    public static Protocol ProtocolOf(OrganisationKind kind) => ShippedProtocols.Of(kind == OrganisationKind.Municipality ? Flow.Match : Flow.Unknown);

    /// <summary>The protocol under which a team that refers sends people to an OCMW.</summary>
    public static Protocol ReferralProtocol { get; } = ShippedProtocols.All.Single(protocol => protocol.Id == "lokale-actor-doorverwijzing");

    /// <summary>The protocol under which a source writes to families for an OCMW.</summary>
    public static Protocol LetterProtocol { get; } = ShippedProtocols.Of(Flow.Messenger);

    /// <summary>The protocol under which the partners of a partnership refer to each other.</summary>
    public static Protocol PartnerProtocol { get; } = ShippedProtocols.All.Single(protocol => protocol.Id == "gbo-gedeeld-beroepsgeheim");

    /// <summary>The service that gets what is received, which is also the team of its workers.</summary>
    /// <param name="kind">What the organisation is.</param>
    public static string ServiceOf(OrganisationKind kind) => kind switch
    {
        OrganisationKind.Municipality => "Dienst premies",
        OrganisationKind.WelfareCentre => "Onthaalteam CAW",
        OrganisationKind.MutualitySocialService => "Maatschappelijk werk",
        OrganisationKind.Referrer => "Gezinsondersteuning",
        _ => "Sociale dienst",
    };

    /// <summary>Joins the protocol of the lists of a gemeente or OCMW.</summary>
    /// <param name="local">A visitor of the local node.</param>
    /// <param name="node">The local node.</param>
    /// <param name="today">Today, Europe/Brussels.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="PageException">A form was refused, or the accession does not stand there after it.</exception>
    public static Task AccedeAsync(PageVisitor local, PlannedNode node, DateOnly today, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(node);
        return AccedeAsync(local, node, ProtocolOf(node.Kind), today, cancel);
    }

    /// <summary>Fills in the four forms, signs, and looks whether the node says that it acceded.</summary>
    /// <param name="local">A visitor of the local node.</param>
    /// <param name="node">The local node.</param>
    /// <param name="protocol">The protocol.</param>
    /// <param name="today">Today, Europe/Brussels.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="PageException">A form was refused, or the accession does not stand there after it.</exception>
    public static async Task AccedeAsync(PageVisitor local, PlannedNode node, Protocol protocol, DateOnly today, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(local);
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(protocol);
        var page = $"/toetreding/{protocol.Id}";
        foreach (var (step, fields) in StepsOf(protocol, node, today)) await SubmitAsync(local, $"{page}/{step}", fields, cancel);
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

    // A node that has just started first states its keys: until the log shows them the hub takes nothing in its name, and the page says to try again.
    private static async Task SubmitAsync(PageVisitor local, string page, Dictionary<string, string> fields, CancellationToken cancel)
    {
        for (var left = MostAttempts; ; left--)
        {
            try
            {
                await local.SubmitAsync(page, page, fields, cancel);
                return;
            }
            catch (PageException notNow) when (left > 1 && notNow.Meaning == "hub.unreachable")
            {
                await Task.Delay(TimeSpan.FromSeconds(1), cancel);
            }
        }
    }

    private static IEnumerable<(string Step, Dictionary<string, string> Fields)> StepsOf(Protocol protocol, PlannedNode node, DateOnly today)
    {
        yield return ("beslissing", new()
        {
            ["orgaan"] = node.Kind switch { OrganisationKind.Municipality => "municipalCouncil", OrganisationKind.PublicCentreForWelfare => "socialWelfareCouncil", _ => "board" },
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
            ["contact"] = $"Verzonnen postvak van {node.Name}",
            ["herziening"] = Day(today.AddDays(360)),
        };
        foreach (var nis in node.Nis) (service[$"gebied-{nis}"], service[$"vanaf-{nis}"]) = ("ja", Day(today));
        if (protocol.Flow == Flow.Referral) AddService(service, node);
        else service["dienst"] = ServiceOf(node.Kind);
        if (protocol.Find<Clause.SharedSecrecy>() is not null) AddPartnership(service, today);
        if (protocol.Find<Clause.Benefit>()?.NeedsLocalRegulation == true) service["reglement"] = "Verzonnen premiereglement";
        yield return ("dienst", service);
        yield return ("ondertekenen", new() { ["akkoord"] = "ja" });
    }

    private static void AddService(Dictionary<string, string> fields, PlannedNode node)
    {
        var (name, about) = node.Kind switch
        {
            OrganisationKind.WelfareCentre => ("Onthaal", "Helpt met vragen over wonen, relaties en geweld."),
            OrganisationKind.MutualitySocialService => ("Dienst maatschappelijk werk", "Helpt met vragen over ziekte, zorg en rechten."),
            _ => ("Sociaal Huis", "Helpt met vragen over geld, energie en rechten."),
        };
        (fields["dienst1-naam"], fields["dienst1-team"], fields["dienst1-over"]) = (name, ServiceOf(node.Kind), about);
        (fields["dienst1-bereik"], fields["dienst1-wachttijd"]) = ("Verzonnen adres, elke werkdag van 9 tot 12 uur", "5");
    }

    // Each partner names the same arrangement, also before it has read that another did.
    private static void AddPartnership(Dictionary<string, string> fields, DateOnly today) =>
        (fields["verband-naam"], fields["verband-code"], fields["verband-regeling"], fields["verband-vanaf"]) = ("GBO Voorbeeld", "gbo-voorbeeld", Arrangement, Day(today));

    private static string Day(DateOnly day) => day.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture);

    private sealed record AccessionAnswer(string Protocol, string Version, string State);
}
