namespace Bereik.Cli.Kit;

/// <summary>One document of a kit.</summary>
/// <param name="File">Its name in the folder.</param>
/// <param name="Title">What it is called in the index.</param>
/// <param name="FilledBy">Who fills in what is left.</param>
/// <param name="When">At which moment.</param>
/// <param name="Content">The document itself.</param>
internal sealed record KitDocument(string File, string Title, string FilledBy, string When, HtmlPage Content);

/// <summary>Everything that a council needs to accede to a protocol (nl: toetredingspakket).</summary>
internal static class AccessionKit
{
    /// <summary>The documents in their order, the index last: a folder without an index is not a whole kit.</summary>
    public static IReadOnlyList<KitDocument> Documents(KitFacts facts)
    {
        List<KitDocument> documents =
        [
            new("01-modelbesluit.html", $"Modelbesluit van de {facts.Council}", "algemeen directeur", "vóór de zitting", CouncilDecisionDocument.Write(facts)),
            new("02-effectbeoordeling.html", "Gegevensbeschermingseffectbeoordeling", "dienst, met advies van de functionaris", "vóór de zitting", ImpactAssessmentDocument.Write(facts)),
            new("03-verwerkingsregister.html", "Inschrijving in het register van verwerkingen", "functionaris voor gegevensbescherming", "vóór de zitting", RecordOfProcessingDocument.Write(facts)),
            new("04-privacyverklaring.html", "Privacyverklaring voor burgers", "dienst en functionaris", "publiceren na het besluit, vóór de eerste uitwisseling", PrivacyNoticeDocument.Write(facts)),
            new("05-verwerkersovereenkomst.html", "Bijlage bij de verwerkersovereenkomsten", "algemeen directeur en verwerkers", "vóór de zitting", ProcessorAnnexDocument.Write(facts)),
            new("06-attestformulier.html", "Attestformulier van het vertrouwenskader", "wie bij elke maatregel genoemd is", "na het besluit, daarna zo vaak als er bij de maatregel staat", MeasureFormDocument.Write(facts)),
            new("07-attest-medewerker.html", "Attest van een medewerker", "teamverantwoordelijke en een tweede persoon", "voor elke medewerker, vóór die iets opent", WorkerFormDocument.Write(facts)),
            new("08-werkinstructie.html", "Werkinstructie op één blad", "teamverantwoordelijke", "samen met het attest van de medewerker", WorkInstructionDocument.Write(facts)),
            new("09-protocol.html", "Tekst van het protocol", "niemand: dit is de bijlage bij het besluit", "vóór de zitting", ProtocolTextDocument.Write(facts)),
        ];
        if (facts.HasJointControllers) documents.Add(new("10-onderlinge-regeling.html", "Onderlinge regeling tussen de partners", "algemeen directeur en partners", "vóór de zitting", JointArrangementDocument.Write(facts)));
        return [.. documents, new("index.html", "Lees dit eerst", "niemand", "nu", IndexDocument.Write(facts, documents))];
    }

    /// <summary>Writes them into a folder that is new or empty. What was written is taken away again when one fails.</summary>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public static IReadOnlyList<string> Write(IReadOnlyList<KitDocument> documents, string folder)
    {
        var isNew = !Directory.Exists(folder);
        List<string> written = [];
        try
        {
            Directory.CreateDirectory(folder);
            foreach (var document in documents)
            {
                var path = Path.Combine(folder, document.File);
                using var stream = new FileStream(path, FileMode.CreateNew);
                written.Add(path);
                stream.Write(System.Text.Encoding.UTF8.GetBytes(document.Content.ToString()));
            }

            return written;
        }
        catch
        {
            foreach (var path in written) File.Delete(path);
            if (isNew && Directory.Exists(folder)) Directory.Delete(folder);
            throw;
        }
    }
}
