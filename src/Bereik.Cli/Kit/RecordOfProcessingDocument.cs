using Bereik.Domain;

namespace Bereik.Cli.Kit;

/// <summary>The entry in the record of processing activities, art. 30 GDPR (nl: register van verwerkingen).</summary>
internal static class RecordOfProcessingDocument
{
    public static HtmlPage Write(KitFacts facts)
    {
        var (protocol, prose) = (facts.Protocol, FlowProse.Of(facts));
        var fields = facts.Need<Clause.FieldsClause>();
        var ground = facts.Need<Clause.RecipientGround>();
        var roles = facts.Need<Clause.Roles>().Parties;
        var page = facts.Page("Inschrijving in het register van verwerkingen");
        page.P("Neem deze inschrijving over in het register van verwerkingsactiviteiten (artikel 30 AVG).");
        page.Pairs(
        [
            ("Naam van de verwerking", $"{protocol.Title.Nl} (protocol {protocol.Id}, versie {protocol.Version})"),
            ("Verwerkingsverantwoordelijke", $"{KitWords.Capital(facts.Recipient)}, {Html.Blank("mailbox of telefoonnummer van de functie, niet van een persoon")}"),
            .. facts.HasJointControllers ? [((Html)"Gezamenlijke verwerkingsverantwoordelijken", (Html)$"{KitWords.Capital(facts.Source)} en {facts.Recipient}, volgens de onderlinge regeling{KitFacts.Mark(facts.Need<Clause.Roles>())}")] : Array.Empty<(Html, Html)>(),
            ("Functionaris voor gegevensbescherming", $"{Officer(facts)}, {Html.Blank("e-mailadres van de functionaris")}"),
            ("Doel", KitFacts.Say(facts.Need<Clause.PurposeClause>())),
            ("Verboden gebruik", KitFacts.Say(facts.Need<Clause.ForbiddenUses>())),
            ("Verwerkingsgrond", $"{KitWords.Of(ground.Basis)}{KitFacts.Mark(ground)}"),
            ("Rechtsgrond", Html.Of(ground.References.Select(reference => (Html)$"{reference.Act} ({KitFacts.State(reference.State, reference.VerifiedBy)})"), "; ")),
            ("Betrokkenen", prose.People),
            ("Gegevens", $"{Data(facts)}{KitFacts.Mark(fields)}"),
            .. ImpactAssessmentDocument.OwnNumbers(facts) is { } numbers ? [((Html)"Eigen gegevens", (Html)numbers)] : Array.Empty<(Html, Html)>(),
            ("Nooit ontvangen van de bron", $"{KitWords.And(fields.Never.Select(KitWords.Of))}{KitFacts.Mark(fields)}"),
            ("Herkomst", $"{KitWords.Capital(facts.Source)}, langs het knooppunt"),
            ("Wie de gegevens opent", KitFacts.Say(facts.Need<Clause.RecipientsClause>())),
            ("Verwerkers", $"{KitWords.Capital(KitWords.And([.. roles.Where(role => role.Role == ProcessingRole.Processor).Select(role => ImpactAssessmentDocument.PartyOf(facts, role.Party)).Select(Lower), "de leverancier van de software"]))}{KitFacts.Mark(facts.Need<Clause.Roles>())}"),
            ("Doorgifte aan anderen", KitFacts.Say(facts.Need<Clause.Onward>())),
            ("Doorgifte buiten de Europese Economische Ruimte", "Het protocol voorziet er geen."),
            .. ImpactAssessmentDocument.Terms(facts).Select(term => ((Html)$"Bewaring, {term.Name}", term.Value)),
            ("Beveiliging", $"De maatregelen van het vertrouwenskader, versie {facts.Framework.Version}{KitFacts.Mark(facts.Need<Clause.Security>())}"),
            ("Informatie aan betrokkenen", KitFacts.Say(facts.Need<Clause.InformBy>())),
            ("Effectbeoordeling", $"Goedgekeurd op {Html.Blank("datum van goedkeuring")}"),
            ("Ingeschreven door en op", Html.Blank("naam, functie en datum")),
        ]);
        return page;
    }

    private static string Officer(KitFacts facts) => facts.HasJointControllers ? $"Functionaris voor gegevensbescherming van {facts.Short}" : facts.Need<Clause.Officers>().Contacts.First(officer => officer.Party == Party.Recipient).Contact;

    private static string Data(KitFacts facts) => facts.Fields.Count == 0
        ? "dat de inwoner in de referentiemaand een sociale toeslag krijgt, en geen ander gegeven"
        : KitWords.And(facts.Fields) + (facts.TellsSupplement ? "; daaruit volgt dat het gezin een sociale toeslag krijgt" : "");

    private static string Lower(string party) => char.ToLowerInvariant(party[0]) + party[1..];
}
