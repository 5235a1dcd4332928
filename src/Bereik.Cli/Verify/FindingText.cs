namespace Bereik.Cli.Verify;

/// <summary>Every code that verifying can give, and what it means.</summary>
internal static class FindingText
{
    /// <summary>What is broken: exit code 1.</summary>
    public static IReadOnlyDictionary<string, string> Broken { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        // The log as a whole.
        ["log.unreachable"] = "Het logboek antwoordt niet, of niet nu.",
        ["log.unreadable"] = "Het logboek kan niet gelezen worden.",
        ["log.none"] = "Hier is geen logboek: er is geen checkpoint.",
        ["checkpoint.otherLog"] = "Het checkpoint is van een ander logboek dan dat van deze sleutel.",
        ["checkpoint.signature"] = "Het checkpoint is niet ondertekend met de sleutel van het logboek.",
        ["checkpoint.witness"] = "De getuige heeft dit checkpoint niet mee ondertekend.",
        ["log.rollback"] = "Het logboek is korter dan wat deze computer er al van zag: er zijn regels verdwenen.",
        ["log.fork"] = "Het logboek vervolgt niet wat deze computer er al van zag: er bestaan twee verhalen.",
        ["seen.damaged"] = "Het bestand met wat deze computer het laatst zag, is beschadigd of van een ander logboek. Zoek eerst uit waarom.",
        ["seen.unwritable"] = "Wat nu gezien is, kon niet bewaard worden. Een volgende keer is er dan niets om mee te vergelijken.",
        ["log.fileMissing"] = "Een bestand van het logboek ontbreekt.",
        ["log.tile"] = "Een tegel van het logboek heeft niet de juiste vorm of inhoud.",
        ["log.bundle"] = "Een bundel van regels heeft niet de juiste vorm of inhoud.",
        ["log.entry"] = "Een regel hoort niet bij het checkpoint.",
        ["log.root"] = "De regels samen geven niet de wortel van het checkpoint.",

        // One entry by itself.
        ["entry.json"] = "Een regel is geen JSON zoals het hoort.",
        ["entry.type"] = "Een regel heeft een type of versie die niet bestaat.",
        ["entry.shape"] = "Een regel heeft niet precies de velden van zijn type.",
        ["entry.notCanonical"] = "Een regel is anders geschreven dan de ene vorm die telt.",
        ["entry.actor"] = "Deze stap is niet aan deze organisatie.",
        ["document.jws"] = "Het ondertekende document is er geen van deze soort.",
        ["document.shape"] = "Het ondertekende document heeft niet precies de velden die het hoort te hebben.",
        ["document.entry"] = "De regel zegt iets anders dan het document dat erin staat.",
        ["document.key"] = "Het document is ondertekend met een sleutel die niet van deze organisatie is.",
        ["document.keyRevoked"] = "Het document is ondertekend met een sleutel die ingetrokken is.",
        ["document.signature"] = "De handtekening onder het document klopt niet.",

        // A certificate of erasure.
        ["erasure.unreadable"] = "Het wissingsattest kan niet gelezen worden.",
        ["erasure.document"] = "Dit is geen wissingsattest, of het is anders geschreven dan de ene vorm die telt.",
        ["erasure.otherKey"] = "Het wissingsattest is ondertekend met een andere sleutel.",
        ["erasure.signature"] = "De handtekening onder het wissingsattest klopt niet.",

        // A receipt of a yes.
        ["receipt.unreadable"] = "Het bewijs van het ja kan niet gelezen worden.",
        ["receipt.document"] = "Dit is geen bewijs van een ja, of het is anders geschreven dan de ene vorm die telt.",
        ["receipt.otherKey"] = "Het bewijs van het ja is ondertekend met een andere sleutel.",
        ["receipt.signature"] = "De handtekening onder het bewijs van het ja klopt niet.",
        ["consentProof.shape"] = "Het bewijs uit het logboek heeft niet de juiste vorm.",
        ["consentProof.entry"] = "Het bewijs is van een regel die geen dagwortels bevat.",
        ["consentProof.document"] = "De dagwortels in het bewijs zijn niet die van de organisatie van de regel.",
        ["consentProof.signature"] = "De dagwortels in het bewijs zijn niet ondertekend door het knooppunt.",
        ["consentProof.kind"] = "Het bewijs gaat over iets anders dan het ja of de intrekking zegt.",
        ["consentProof.path"] = "Het ja of de intrekking staat niet in de dagwortels van het bewijs.",

        // Beginning and keys.
        ["begun.missing"] = "Het logboek begint niet met de regel die zegt welk logboek het is.",
        ["begun.origin"] = "De eerste regel noemt een ander logboek dan het checkpoint.",
        ["begun.again"] = "Het logboek begint een tweede keer.",
        ["key.none"] = "Een organisatie die geen sleutel bekendmaakte, komt toch voor.",
        ["key.chain"] = "Een sleutel is niet bekendgemaakt door wie dat moet: de eerste door zichzelf, elke volgende door de vorige.",
        ["key.revoked"] = "Een sleutel die ingetrokken is, komt terug.",
        ["key.unknown"] = "Een sleutel wordt ingetrokken die nooit bekendgemaakt is.",
        ["key.shared"] = "Een sleutel is al van een andere organisatie.",

        // The register of protocols.
        ["register.sequence"] = "Er ontbreekt een stap van het protocollenregister, of er staan er twee op een plaats.",
        ["register.text"] = "Een stap van het register gaat over een tekst die het register niet heeft.",
        ["register.versionTaken"] = "Een versie van een protocol heeft twee verschillende teksten.",

        // Orders and what follows.
        ["order.idTaken"] = "Het kenmerk van deze aanvraag is al dat van een andere, of de aanvraag veranderde.",
        ["order.unknown"] = "Deze stap gaat over een aanvraag die er niet is.",
        ["order.textUnknown"] = "De aanvraag is toegelaten onder een protocol dat het register niet heeft.",
        ["order.textDiffers"] = "De aanvraag is toegelaten voor iets anders dan waar de tekst van het protocol over gaat: naam, versie, soort of bron.",
        ["order.notInForce"] = "De aanvraag is toegelaten onder een protocol dat op die dag niet in werking was.",
        ["order.notAcceded"] = "De aanvraag is toegelaten van een bestuur dat niet toegetreden was, of waarvan de toetreding stilstond.",
        ["order.notRecipient"] = "De aanvraag is toegelaten van een soort bestuur dat deze lijst niet mag krijgen.",
        ["order.territory"] = "De aanvraag is toegelaten voor een gemeente die niet in de toetreding staat.",
        ["order.rootMissing"] = "De aanvraag is toegelaten van een bestuur dat van een eerder pakket niet vastlegde over wie het gaat.",
        ["decision.notPermitted"] = "De bron beslist over een aanvraag die niet toegelaten is.",
        ["decision.otherOrder"] = "De beslissing van de bron is er een over een andere aanvraag.",
        ["decision.knownSet"] = "De aanvraag was aangehouden en de bron tekende niet voor de lijst van gekende personen.",
        ["decision.another"] = "De bron beslist twee keer, en niet hetzelfde.",
        ["deposit.notPermitted"] = "Er is iets gebracht zonder toegelaten aanvraag of zonder beslissing van de bron.",
        ["deposit.another"] = "De bron bracht na het aangenomen pakket een ander.",
        ["match.notPermitted"] = "Er is vergeleken zonder toegelaten aanvraag of zonder beslissing van de bron.",
        ["match.noDeposit"] = "Er is vergeleken zonder dat beide kanten iets brachten.",
        ["delivery.notPermitted"] = "Er is doorgegeven zonder toegelaten aanvraag of zonder beslissing van de bron.",
        ["delivery.noDeposit"] = "Er is doorgegeven zonder dat beide kanten iets brachten.",
        ["delivery.noMatch"] = "Er is doorgegeven zonder dat er vergeleken is.",
        ["delivery.manifest"] = "Er is een ander pakket doorgegeven dan de bron bracht.",
        ["delivery.handleUsed"] = "Het kenmerk van deze doorgifte is al dat van een andere.",
        ["delivery.afterEnd"] = "Er is doorgegeven nadat de aanvraag geëindigd was.",
        ["delivery.withdrawn"] = "Er is doorgegeven nadat de doorgifte ingetrokken of gewist was.",
        ["delivery.stopped"] = "Er is doorgegeven terwijl het protocol of de toetreding stilstond.",
        ["receipt.noDelivery"] = "Er is een ontvangst zonder doorgifte.",
        ["receipt.manifest"] = "De ontvangst gaat over een ander pakket dan doorgegeven is.",
        ["receipt.another"] = "Er zijn twee ontvangsten van een pakket, en niet dezelfde.",
        ["destroy.noDelivery"] = "Er is een kopie gewist van een pakket dat niet doorgegeven is.",
        ["destroy.early"] = "De kopie is gewist voor de ontvangst.",

        // Persons, ends and rounds.
        ["root.noDelivery"] = "Er is een wortel over personen zonder doorgifte.",
        ["root.manifest"] = "De wortel gaat over een ander pakket dan doorgegeven is.",
        ["root.slots"] = "De wortel is niet aangevuld tot een veelvoud van de band van het protocol.",
        ["root.another"] = "Er zijn twee wortels over een pakket, en niet dezelfde.",
        ["end.unknown"] = "Een intrekking of wissing gaat over een doorgifte die er niet is.",
        ["round.twice"] = "Een bestuur legde twee keer dagwortels van dezelfde dag vast, en niet dezelfde.",
        ["time.backwards"] = "De tijd loopt meer dan vijf minuten terug.",

        // Proofs.
        ["proof.unreadable"] = "Het bewijs kan niet gelezen worden.",
        ["proof.entryMissing"] = "Dit bewijs hoort bij een regel die er niet bij zit. Geef de regel met --entry.",
        ["proof.inclusion"] = "Het bewijs leidt niet van de regel naar het checkpoint.",
        ["proof.witness"] = "De getuige heeft het checkpoint van dit bewijs niet mee ondertekend.",
    };

    /// <summary>What somebody should look at, and breaks nothing.</summary>
    public static IReadOnlyDictionary<string, string> Flags { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["witness.notChecked"] = "Het logboek noemt een verplichte getuige, en zijn handtekening is niet nagekeken. Geef zijn sleutel met --witness.",
        ["witness.other"] = "Het logboek noemt bij zijn begin een andere getuige dan deze.",
        ["witness.old"] = "De getuige tekende dit checkpoint meer dan een dag geleden.",
        ["key.byPredecessor"] = "Een sleutel is bekendgemaakt of ingetrokken met een sleutel die al opgevolgd was.",
        ["order.again"] = "Een andere aanvraag met hetzelfde kenmerk is geweigerd.",
        ["order.changed"] = "Dezelfde aanvraag is eerst geweigerd en daarna toegelaten.",
        ["match.changed"] = "Dezelfde vergelijking is eerst geweigerd en daarna gedaan.",
        ["delivery.again"] = "Hetzelfde pakket is een tweede keer doorgegeven onder een ander kenmerk.",
        ["destroy.missing"] = "Het knooppunt zegt nog niet dat zijn kopie gewist is.",
        ["root.pending"] = "Een ontvangen pakket heeft nog geen wortel over de personen. Tot dan kan dit bestuur niets nieuws krijgen.",
        ["erasure.late"] = "Er is later gewist dan mocht.",
        ["erasure.overdue"] = "De laatste dag is voorbij en er is nog niet gewist.",
        ["round.gap"] = "Een bestuur legde niet elke dag dagwortels vast.",
    };

    /// <summary>What a code means, in Dutch.</summary>
    /// <param name="code">A code.</param>
    public static string Of(string code) => Broken.TryGetValue(code, out var text) || Flags.TryGetValue(code, out text) ? text : FallbackOf(code);

    // Codes of the formats underneath: what kind of thing it is says enough.
    private static string FallbackOf(string code) => code[..Math.Max(0, code.IndexOf('.', StringComparison.Ordinal))] switch
    {
        "note" or "checkpoint" => "Het checkpoint heeft niet de vorm die het hoort te hebben.",
        "proof" => "Het bewijs heeft niet de vorm die het hoort te hebben.",
        "personProof" => "Het bewijs voor een persoon klopt niet.",
        "log" => "Een bestand van het logboek klopt niet.",
        _ => "Iets klopt niet.",
    };
}
