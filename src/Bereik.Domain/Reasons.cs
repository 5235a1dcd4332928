namespace Bereik.Domain;

/// <summary>Every reason that a decision can give (nl: redenen), each with its stable code.</summary>
public static class Reasons
{
    /// <summary>The node has no protocol of that name and version.</summary>
    public static readonly Reason ProtocolUnknown = new("protocol.unknown", null, "Dit protocol is hier niet bekend.", "This protocol is not known here.");

    /// <summary>The order was made under another text.</summary>
    public static readonly Reason ProtocolDiffers = new("protocol.differs", null, "De aanvraag gebruikt een andere tekst van het protocol dan dit knooppunt.", "The order uses another text of the protocol than this node.");

    /// <summary>The protocol does not allow this kind of exchange.</summary>
    public static readonly Reason FlowNotInProtocol = new("flow.notInProtocol", "doel", "Het protocol laat deze soort uitwisseling niet toe.", "The protocol does not allow this kind of exchange.");

    /// <summary>The protocol is not with this source.</summary>
    public static readonly Reason SourceNotInProtocol = new("source.notInProtocol", "partijen", "Deze bron is geen partij bij het protocol.", "This source is no party to the protocol.");

    /// <summary>The asking organisation is of another kind, or not registered.</summary>
    public static readonly Reason RecipientNotInProtocol = new("recipient.notInProtocol", "partijen", "Uw organisatie is geen ontvanger in dit protocol.", "Your organisation is no recipient in this protocol.");

    /// <summary>The legal ground is not verified and the node works on real numbers.</summary>
    public static readonly Reason GroundUnverified = new("ground.unverified", "rechtsgrond-mededeling", "De rechtsgrond van de mededeling is nog niet nagekeken. Dit protocol werkt alleen op verzonnen gegevens.", "The legal ground of the communication has not been verified. This protocol runs on synthetic data only.");

    /// <summary>The municipality is not the asker's own.</summary>
    public static readonly Reason OutsideTerritory = new("order.outsideTerritory", "grondgebied", "U kunt alleen een lijst aanvragen voor uw eigen gemeente.", "You can only order a list for your own municipality.");

    /// <summary>The reference month has not begun.</summary>
    public static readonly Reason MonthInFuture = new("order.monthInFuture", "periodiciteit", "De referentiemaand is nog niet begonnen.", "The reference month has not begun.");

    /// <summary>The tokens' epoch is not the current one.</summary>
    public static readonly Reason EpochNotCurrent = new("order.epochNotCurrent", null, "De aanvraag is voor een ander kwartaal gemaakt. Maak ze opnieuw.", "The order was made for another quarter. Make it again.");

    /// <summary>The order would run into the next epoch.</summary>
    public static readonly Reason EpochCrossed = new("order.epochCrossed", null, "De aanvraag zou over het einde van het kwartaal lopen. Maak ze opnieuw in het nieuwe kwartaal.", "The order would run past the end of the quarter. Make it again in the new quarter.");

    /// <summary>The order's time is over.</summary>
    public static readonly Reason OrderExpired = new("order.expired", "termijn", "De termijn van deze aanvraag is voorbij.", "The time of this order is over.");

    /// <summary>The order asks for more time than the protocol gives.</summary>
    public static readonly Reason TermTooLong = new("order.termTooLong", "termijn", "De aanvraag loopt langer dan het protocol toelaat.", "The order runs longer than the protocol allows.");

    /// <summary>A context may be used once.</summary>
    public static readonly Reason ContextReused = new("order.contextReused", null, "Deze aanvraag is al eens gebruikt.", "This order has been used before.");

    /// <summary>One delivered list per protocol, recipient and month.</summary>
    public static readonly Reason AlreadyDelivered = new("periodicity.exceeded", "periodiciteit", "Deze lijst is al geleverd voor deze maand.", "This list has already been delivered for this month.");

    /// <summary>An earlier order for the same list is not finished.</summary>
    public static readonly Reason AnotherOpen = new("order.anotherOpen", "periodiciteit", "Er loopt al een aanvraag voor deze lijst en deze maand.", "An order for this list and month is already under way.");

    /// <summary>Repeating an order is limited, since each repeat tells a little more.</summary>
    public static readonly Reason TooManyAttempts = new("order.tooManyAttempts", "periodiciteit", "Deze lijst is voor deze maand al te vaak aangevraagd.", "This list has been ordered too often for this month.");

    /// <summary>Whom an earlier package is about is not in the public log, not even sealed.</summary>
    public static readonly Reason RootMissing = new("order.rootMissing", null, "Van een eerder pakket staat nog niet in het logboek over wie het gaat. Uw knooppunt moet dat eerst vastleggen.", "For an earlier package the log does not hold yet whom it is about. Your node must commit to that first.");

    /// <summary>The daily roots of an organisation that received something stay away.</summary>
    public static readonly Reason RoundMissing = new("order.roundMissing", null, "Uw knooppunt heeft al meer dan twee dagen geen dagwortels in het logboek gezet.", "Your node has not put its daily roots in the log for more than two days.");

    /// <summary>Hub, pseudonymiser and both edges must be run by four different operators.</summary>
    public static readonly Reason OperatorsOverlap = new("operators.overlap", "rollen", "Knooppunt, pseudonimiseringsdienst, bron en ontvanger moeten door vier verschillende uitbaters gedraaid worden.", "Hub, pseudonymiser, source and recipient must be run by four different operators.");

    /// <summary>An order of a list must state how many people the asker brings, and only such an order.</summary>
    public static readonly Reason KnownCountMissing = new("order.knownCountMissing", "eigen-gegevens", "Het aantal eigen personen ontbreekt of hoort niet bij deze aanvraag.", "The number of own people is missing or does not belong in this order.");

    /// <summary>A comparison of few people asks about one of them.</summary>
    public static readonly Reason SetBelowFloor = new("order.setBelowFloor", "eigen-gegevens", "Er worden zo weinig personen vergeleken dat het een vraag over één persoon kan zijn.", "So few people are compared that it may be a question about one person.");

    /// <summary>An empty known set would yield every family.</summary>
    public static readonly Reason KnownSetEmpty = new("order.knownSetEmpty", "eigen-gegevens", "De lijst van gekende personen is leeg: dan zou elk gezin geleverd worden.", "The list of known people is empty: every family would be delivered.");

    /// <summary>The known set is smaller than agreed.</summary>
    public static readonly Reason KnownSetBelowFloor = new("order.knownSetBelowFloor", "eigen-gegevens", "Er zijn minder gekende personen dan het protocol verwacht.", "There are fewer known people than the protocol expects.");

    /// <summary>The known set is much smaller than last time.</summary>
    public static readonly Reason KnownSetShrank = new("order.knownSetReview", "eigen-gegevens", "Er zijn veel minder gekende personen dan bij de vorige aanvraag.", "There are far fewer known people than in the last order.");

    /// <summary>A row may be used only for what its protocol was made for.</summary>
    public static readonly Reason PurposeNotGranted = new("purpose.notGranted", "doel", "Deze gegevens zijn voor een ander doel gekregen. Het protocol laat dit gebruik niet toe.", "This data was received for another purpose. The protocol does not allow this use.");

    /// <summary>The days for which a row may be kept are over.</summary>
    public static readonly Reason RetentionExpired = new("retention.expired", "bewaartermijn", "De bewaartermijn van deze gegevens is voorbij.", "The time for which this data may be kept is over.");

    /// <summary>The protocol does not say something that this decision needs.</summary>
    public static readonly Reason ProtocolIncomplete = new("protocol.incomplete", null, "Het protocol zegt niet alles wat hier nodig is. Dan mag het niet.", "The protocol does not say everything that is needed here. Then it is not allowed.");

    /// <summary>Something that the decision needs is not known.</summary>
    public static readonly Reason FactMissing = new("fact.missing", null, "Een gegeven om te beslissen ontbreekt. Dan mag het niet.", "A fact that is needed to decide is missing. Then it is not allowed.");

    /// <summary>Nobody has confirmed that the source may hold the data.</summary>
    public static readonly Reason CollectionUnverified = new("ground.collectionUnverified", "rechtsgrond-verzameling", "De rechtsgrond van de verzameling is nog niet nagekeken. Dit protocol werkt alleen op verzonnen gegevens.", "The legal ground of the collection has not been verified. This protocol runs on synthetic data only.");

    /// <summary>Nobody has confirmed that the recipient may use the data.</summary>
    public static readonly Reason RecipientUnverified = new("ground.recipientUnverified", "rechtsgrond-ontvanger", "De rechtsgrond van de ontvanger is nog niet nagekeken. Dit protocol werkt alleen op verzonnen gegevens.", "The legal ground of the recipient has not been verified. This protocol runs on synthetic data only.");

    /// <summary>Nobody has confirmed which authorisation is needed.</summary>
    public static readonly Reason AuthorisationUnverified = new("authorisation.unverified", "machtiging", "Het is nog niet nagekeken welke machtiging nodig is. Dit protocol werkt alleen op verzonnen gegevens.", "Which authorisation is needed has not been verified. This protocol runs on synthetic data only.");

    /// <summary>The protocol does not share this datum.</summary>
    public static readonly Reason FieldNotInProtocol = new("field.notInProtocol", "gegevens", "Dit gegeven staat niet in het protocol.", "This datum is not in the protocol.");

    /// <summary>An exclusion holds, or was not checked.</summary>
    public static readonly Reason Excluded = new("household.excluded", "uitsluitingen", "Dit gezin is uitgesloten, of dat is niet nagekeken.", "This household is excluded, or that was not checked.");

    /// <summary>People have not had the time to object.</summary>
    public static readonly Reason NoticeTooShort = new("notice.tooShort", "aankondiging", "De mensen zijn nog niet lang genoeg vooraf ingelicht.", "People have not been told long enough before.");

    /// <summary>There is no consent.</summary>
    public static readonly Reason ConsentMissing = new("consent.missing", "toestemming", "Er is geen toestemming.", "There is no consent.");

    /// <summary>The consent was taken back.</summary>
    public static readonly Reason ConsentWithdrawn = new("consent.withdrawn", "toestemming", "De toestemming is ingetrokken, of dat is niet nagekeken.", "The consent was withdrawn, or that was not checked.");

    /// <summary>The consent is too old, or lies in the future.</summary>
    public static readonly Reason ConsentExpired = new("consent.expired", "toestemming", "De toestemming geldt niet op deze dag.", "The consent does not hold on this day.");

    /// <summary>The person did not agree to this datum.</summary>
    public static readonly Reason ConsentNotForField = new("consent.notForField", "toestemming", "De persoon gaf voor dit gegeven geen toestemming.", "The person did not agree to this datum.");

    /// <summary>First condition of shared secrecy, or a worker who is not bound.</summary>
    public static readonly Reason RecipientNotBound = new("secrecy.recipientNotBound", "ontvangers", "Deze persoon is vandaag niet gebonden door het beroepsgeheim.", "This person is not bound by professional secrecy today.");

    /// <summary>Second condition.</summary>
    public static readonly Reason MissionDiffers = new("secrecy.missionDiffers", "beroepsgeheim", "Verstrekker en ontvanger werken niet aan dezelfde opdracht voor dezelfde cliënt.", "Sender and recipient do not work on the same mission for the same client.");

    /// <summary>Third condition.</summary>
    public static readonly Reason ClientNotInformed = new("secrecy.clientNotInformed", "beroepsgeheim", "De cliënt weet vooraf niet wat, aan wie en waarom gedeeld wordt.", "The client does not know beforehand what is shared, with whom and why.");

    /// <summary>Fourth condition.</summary>
    public static readonly Reason SecrecyConsentMissing = new("secrecy.consentMissing", "beroepsgeheim", "De cliënt stemt niet in met het delen.", "The client does not agree to the sharing.");

    /// <summary>Fifth condition.</summary>
    public static readonly Reason FieldNotNecessary = new("secrecy.fieldNotNecessary", "beroepsgeheim", "Niet elk gegeven is nodig voor de hulp en in het belang van de cliënt.", "Not every datum is necessary for the help and in the client's interest.");

    /// <summary>Another function than the protocol names.</summary>
    public static readonly Reason FunctionNotGranted = new("worker.functionNotGranted", "ontvangers", "Deze functie mag dit niet openen.", "This function may not open this.");

    /// <summary>Nobody attested this person.</summary>
    public static readonly Reason NotAttested = new("worker.notAttested", "ontvangers", "Er is geen attest van deze persoon. Twee collega's kunnen het maken.", "There is no attestation of this person. Two colleagues can make one.");

    /// <summary>The worker's attestation is too old.</summary>
    public static readonly Reason AttestationExpired = new("worker.attestationExpired", "ontvangers", "Het attest van deze persoon is te oud. Het moet elk jaar vernieuwd worden.", "This person's attestation is too old. It must be renewed every year.");

    /// <summary>The worker's attestation was suspended.</summary>
    public static readonly Reason WorkerSuspended = new("worker.suspended", "ontvangers", "Het attest van deze persoon is geschorst.", "This person's attestation is suspended.");

    /// <summary>The row came for another team.</summary>
    public static readonly Reason OtherTeam = new("worker.otherTeam", "ontvangers", "Deze lijst is voor een ander team. Ruimere inzage vraagt een reden en wordt nagekeken.", "This list is for another team. Wider access needs a reason and is reviewed.");

    /// <summary>The household was not informed in time.</summary>
    public static readonly Reason NotInformed = new("notice.overdue", "informeren", "Dit gezin is niet op tijd geïnformeerd. De rij moet gewist worden.", "This household was not informed in time. The row must be erased.");

    /// <summary>The household objected.</summary>
    public static readonly Reason Objected = new("household.objected", "bezwaar", "Dit gezin maakte bezwaar, of dat is niet nagekeken. Alle gebruik stopt.", "This household objected, or that was not checked. All use stops.");

    /// <summary>Nobody may get it from here.</summary>
    public static readonly Reason OnwardNotGranted = new("onward.notGranted", "doorgifte", "Aan deze organisatie mag niet doorgegeven worden.", "It may not be passed on to this organisation.");

    /// <summary>People were not told about this datum.</summary>
    public static readonly Reason NoticeNotForField = new("notice.notForField", "aankondiging", "De mensen zijn niet ingelicht over dit gegeven.", "People were not told about this datum.");

    /// <summary>The consent was given under an earlier text, which allowed less.</summary>
    public static readonly Reason ConsentOtherText = new("consent.otherText", "toestemming", "De toestemming is gegeven onder een vroegere tekst, die minder toeliet. Er is een nieuwe toestemming nodig.", "The consent was given under an earlier text, which allowed less. A new consent is needed.");

    /// <summary>The node has not read the register lately.</summary>
    public static readonly Reason RegisterStale = new("register.stale", null, "Het register van de protocollen is te lang niet gelezen. Probeer het opnieuw als het knooppunt bereikbaar is.", "The register of protocols has not been read for too long. Try again when the hub can be reached.");

    /// <summary>The text is not in the register.</summary>
    public static readonly Reason ProtocolUnregistered = new("protocol.unregistered", "bekendmaking", "Deze tekst van het protocol staat niet in het register.", "This text of the protocol is not in the register.");

    /// <summary>The protocol is not in force, and the node works on real numbers.</summary>
    public static readonly Reason ProtocolNotInForce = new("protocol.notInForce", "inwerkingtreding", "Dit protocol is nog niet in werking. Het werkt alleen op verzonnen gegevens.", "This protocol is not in force yet. It runs on synthetic data only.");

    /// <summary>The last day of the protocol is over.</summary>
    public static readonly Reason ProtocolExpired = new("protocol.expired", "inwerkingtreding", "De laatste dag van dit protocol is voorbij.", "The last day of this protocol is over.");

    /// <summary>The protocol as a whole is suspended.</summary>
    public static readonly Reason ProtocolSuspended = new("protocol.suspended", "sancties", "Dit protocol is geschorst.", "This protocol is suspended.");

    /// <summary>The protocol was ended.</summary>
    public static readonly Reason ProtocolEnded = new("protocol.ended", "duur", "Dit protocol is beëindigd.", "This protocol has been ended.");

    /// <summary>An officer has not advised, or an unfavourable advice has no reason why it is not followed.</summary>
    public static readonly Reason ProtocolNotAdvised = new("protocol.notAdvised", "dpo", "Het advies van een functionaris voor gegevensbescherming ontbreekt, of er staat niet bij waarom het niet gevolgd wordt.", "The advice of a data protection officer is missing, or it is not said why it is not followed.");

    /// <summary>A party has not signed this text.</summary>
    public static readonly Reason ProtocolNotSigned = new("protocol.notSigned", "rollen", "Niet elke partij heeft deze tekst ondertekend.", "Not every party has signed this text.");

    /// <summary>It is not said where the text is made public.</summary>
    public static readonly Reason ProtocolNotPublished = new("protocol.notPublished", "bekendmaking", "Er staat niet bij waar de tekst bekendgemaakt is.", "It is not said where the text is made public.");

    /// <summary>The organisation has not joined this text.</summary>
    public static readonly Reason AccessionMissing = new("accession.missing", "partijen", "Uw organisatie is niet toegetreden tot deze tekst van het protocol.", "Your organisation has not acceded to this text of the protocol.");

    /// <summary>The accession is suspended.</summary>
    public static readonly Reason AccessionSuspended = new("accession.suspended", "sancties", "De toetreding van deze organisatie is geschorst.", "The accession of this organisation is suspended.");

    /// <summary>The accession was ended.</summary>
    public static readonly Reason AccessionEnded = new("accession.ended", "duur", "De toetreding van deze organisatie is beëindigd.", "The accession of this organisation has been ended.");

    /// <summary>A blocking measure of the framework is not met, or no longer.</summary>
    public static readonly Reason MeasureLapsed = new("accession.measureLapsed", "beveiliging", "Een verplichte maatregel van het vertrouwenskader is niet of niet meer voldaan.", "A mandatory measure of the framework is not met, or no longer.");

    /// <summary>The day on which the accession was to be looked at again is over.</summary>
    public static readonly Reason ReviewOverdue = new("accession.reviewOverdue", "beveiliging", "De toetreding moest al opnieuw bekeken zijn.", "The accession should have been reviewed by now.");

    /// <summary>The days of use after a stop are over.</summary>
    public static readonly Reason GraceOver = new("accession.graceOver", "beveiliging", "Het protocol of de toetreding is gestopt, en de dagen om af te ronden zijn voorbij.", "The protocol or the accession has stopped, and the days to finish are over.");

    /// <summary>Signed by another than who joins.</summary>
    public static readonly Reason AccessionOtherSigner = new("accession.otherSigner", "partijen", "De toetreding is niet ondertekend door de organisatie die toetreedt.", "The accession was not signed by the organisation that accedes.");

    /// <summary>The measures answer another framework than the protocol asks for.</summary>
    public static readonly Reason OtherFramework = new("accession.otherFramework", "beveiliging", "De maatregelen horen bij een andere versie van het vertrouwenskader dan het protocol vraagt.", "The measures belong to another version of the framework than the protocol asks for.");

    /// <summary>The decision is not by a body that may take it, or lies in the future.</summary>
    public static readonly Reason DecisionInvalid = new("accession.decisionInvalid", "partijen", "De beslissing is niet van een orgaan dat dit mag beslissen, of ligt in de toekomst.", "The decision is not by a body that may take it, or lies in the future.");

    /// <summary>The organisation's own officer has not advised, or it is not said why the advice is not followed.</summary>
    public static readonly Reason AccessionNotAdvised = new("accession.notAdvised", "dpo", "Het advies van uw functionaris voor gegevensbescherming ontbreekt, ligt in de toekomst, of er staat niet bij waarom het niet gevolgd wordt.", "The advice of your data protection officer is missing, lies in the future, or it is not said why it is not followed.");

    /// <summary>A measure has no answer, two answers, or a plan without a day.</summary>
    public static readonly Reason MeasureUnanswered = new("accession.measureUnanswered", "beveiliging", "Niet elke maatregel van het vertrouwenskader heeft een antwoord, of een plan heeft geen dag.", "Not every measure of the framework has an answer, or a plan has no day.");

    /// <summary>The review is too far off, or over.</summary>
    public static readonly Reason ReviewTooFar = new("accession.reviewTooFar", "beveiliging", "De dag van de herziening is voorbij of ligt meer dan een jaar verder.", "The day of review is over or more than a year away.");

    /// <summary>The benefit has no local regulation.</summary>
    public static readonly Reason RegulationMissing = new("accession.regulationMissing", "voordeel", "Het lokale reglement dat het voordeel toekent, ontbreekt.", "The local regulation that grants the benefit is missing.");

    /// <summary>No municipality is named, or one that does not exist on those days.</summary>
    public static readonly Reason TerritoryInvalid = new("accession.territoryInvalid", "grondgebied", "Het grondgebied is leeg, of noemt een gemeente die op die dagen niet bestaat.", "The territory is empty, or names a municipality that does not exist on those days.");

    /// <summary>The municipality has no OCMW.</summary>
    public static readonly Reason NoWelfareCentre = new("accession.noWelfareCentre", "grondgebied", "Deze gemeente heeft geen OCMW.", "This municipality has no OCMW.");

    /// <summary>No service is named to which somebody can be referred.</summary>
    public static readonly Reason ServiceMissing = new("accession.serviceMissing", "partijen", "De toetreding noemt geen dienst naar wie verwezen kan worden, of noemt er een twee keer.", "The accession names no service to which somebody can be referred, or names one twice.");

    /// <summary>No partnership is named.</summary>
    public static readonly Reason PartnershipMissing = new("accession.partnershipMissing", "rollen", "De toetreding noemt geen samenwerkingsverband met een onderlinge regeling.", "The accession names no partnership with an arrangement.");

    /// <summary>The sender may not refer under this protocol.</summary>
    public static readonly Reason SenderNotInProtocol = new("referral.senderNotInProtocol", "partijen", "Deze organisatie mag onder dit protocol niemand doorverwijzen.", "This organisation may refer nobody under this protocol.");

    /// <summary>Sender and recipient are not partners today.</summary>
    public static readonly Reason PartnershipNotShared = new("referral.partnershipNotShared", "rollen", "De twee diensten werken vandaag niet in hetzelfde samenwerkingsverband, onder dezelfde regeling.", "The two services do not work in the same partnership today, under the same arrangement.");

    /// <summary>The recipient has no such service.</summary>
    public static readonly Reason ServiceUnknown = new("referral.serviceUnknown", "partijen", "De ontvanger heeft geen dienst met die naam.", "The recipient has no service of that name.");

    /// <summary>The same referral came before.</summary>
    public static readonly Reason ReferralAlreadySent = new("referral.alreadySent", "periodiciteit", "Deze doorverwijzing is al verstuurd.", "This referral was sent already.");

    /// <summary>Fewer letters than a wave must have.</summary>
    public static readonly Reason WaveTooSmall = new("wave.tooSmall", "golven", "Een golf telt te weinig brieven: dan valt op wie antwoordt.", "A wave has too few letters: whoever answers would stand out.");

    /// <summary>More letters than the protocol allows, or than the team can visit.</summary>
    public static readonly Reason WaveTooLarge = new("wave.tooLarge", "golven", "Een golf telt meer brieven dan het protocol toelaat, of meer dan het team kan bezoeken.", "A wave has more letters than the protocol allows, or more than the team can visit.");

    /// <summary>No panel read the text.</summary>
    public static readonly Reason LetterNotTested = new("letter.notTested", "aankondiging", "De tekst is niet nagelezen door een testpanel van minstens acht mensen.", "The text was not read by a test panel of at least eight people.");

    /// <summary>The yes was not confirmed at a first contact.</summary>
    public static readonly Reason ConsentNotConfirmed = new("consent.notConfirmed", "toestemming", "De persoon heeft het ja nog niet bevestigd bij een eerste contact. Tot dan mag alleen dat ene contact.", "The person has not confirmed the yes at a first contact. Until then that one contact alone is allowed.");

    /// <summary>The public log, or what it says of this node, did not hold.</summary>
    public static readonly Reason LogAlarm = new("log.alarm", null, "Het openbare logboek klopt niet. Tot iemand dit heeft nagekeken, gaat er niets door.", "The public log does not hold. Until somebody has looked into it, nothing goes on.");

    /// <summary>There is no fresh checkpoint of the public log.</summary>
    public static readonly Reason LogStale = new("log.stale", null, "Het openbare logboek is te lang niet bijgewerkt. Probeer het later opnieuw.", "The public log has not been renewed for too long. Try again later.");

    /// <summary>This node has read nothing of the public log.</summary>
    public static readonly Reason LogUnread = new("log.unread", null, "Het openbare logboek is hier nog niet gelezen. Probeer het zo dadelijk opnieuw.", "The public log has not been read here yet. Try again in a moment.");

    /// <summary>All of them, by code.</summary>
    public static IReadOnlyDictionary<string, Reason> All { get; } = typeof(Reasons).GetFields(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Static)
        .Select(field => field.GetValue(null)).OfType<Reason>().ToDictionary(reason => reason.Code, StringComparer.Ordinal);
}
