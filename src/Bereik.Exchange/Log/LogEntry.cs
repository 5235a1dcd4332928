namespace Bereik.Exchange.Log;

/// <summary>
/// One entry of the public log (nl: regel in het logboek): what happened between organisations, and nothing about a person. The bytes are
/// canonical JSON (RFC 8785) with members <c>type</c>, <c>v</c>, <c>by</c>, <c>at</c> and those of the type.
/// </summary>
public abstract record LogEntry
{
    private LogEntry()
    {
    }

    /// <summary>The organisation whose act it is: 2 to 40 of <c>a-z 0-9 -</c>.</summary>
    [LogMeaning("de organisatie die dit deed", "the organisation whose act it is")]
    public required string By { get; init; }

    /// <summary>When; UTC, whole seconds. Of a signed document, the instant in it.</summary>
    [LogMeaning("wanneer, UTC, hele seconden", "when, UTC, whole seconds")]
    public required DateTimeOffset At { get; init; }

    /// <summary>The first entry: which log this is.</summary>
    [LogEntryType("log.begun", "Het logboek begint", "The log begins")]
    public sealed record Begun : LogEntry
    {
        /// <summary>The log's origin, as in its checkpoints.</summary>
        [LogMeaning("naam van het logboek, zoals in elk checkpoint", "the log's origin, as in its checkpoints")]
        public required string Origin { get; init; }

        /// <summary>Whether everything in it is about synthetic persons: then protocols run on trial.</summary>
        [LogMeaning("of alles op proef is, met verzonnen personen", "whether all of it is a trial on synthetic persons")]
        public required bool Synthetic { get; init; }

        /// <summary>Verifier key of the witness that must cosign; absent when there is none.</summary>
        [LogMeaning("sleutel van de verplichte getuige", "verifier key of the mandatory witness")]
        public string? Witness { get; init; }
    }

    /// <summary>An organisation states or revokes a key of its own.</summary>
    [LogEntryType("key.stated", "Een organisatie maakt een sleutel bekend of trekt hem in", "An organisation states or revokes a key of its own")]
    public sealed record KeyStated : LogEntry, ISignedEntry
    {
        /// <inheritdoc/>
        [LogMeaning("ondertekende verklaring (KeyStatement)", "the signed statement (KeyStatement)")]
        public required string Document { get; init; }
    }

    /// <summary>A step in the life of a protocol or an accession.</summary>
    [LogEntryType("register.step", "Een stap in het protocollenregister: tekst, advies, handtekening, bekendmaking, toetreding, schorsing of einde", "A step of the register of protocols: text, advice, signature, publication, accession, suspension or end")]
    public sealed record RegisterStep : LogEntry, ISignedEntry
    {
        /// <summary>Place in the register, from 1.</summary>
        [LogMeaning("plaats in het register, vanaf 1", "place in the register, from 1")]
        public required int Sequence { get; init; }

        /// <inheritdoc/>
        [LogMeaning("ondertekende stap, zoals in het register", "the signed step, as in the register")]
        public required string Document { get; init; }
    }

    /// <summary>An order came in and the hub decided on it.</summary>
    [LogEntryType("order.placed", "Een lokaal bestuur vraagt een lijst of een golf brieven aan, en het knooppunt beslist", "A local government orders a list or a wave of letters, and the hub decides")]
    public sealed record OrderPlaced : LogEntry, IOrderEntry
    {
        /// <inheritdoc/>
        [LogMeaning("kenmerk van de aanvraag", "the order's id")]
        public required Guid Order { get; init; }

        /// <summary>SHA-256 of the order's compact JWS; the order itself is not public.</summary>
        [LogMeaning("SHA-256 van de ondertekende aanvraag", "SHA-256 of the signed order")]
        public required Bytes32 Hash { get; init; }

        /// <summary><c>match</c>, <c>unknown</c> or <c>messenger</c>.</summary>
        [LogMeaning("soort uitwisseling", "the flow")]
        public required string Flow { get; init; }

        /// <summary>The protocol's id.</summary>
        [LogMeaning("protocol", "the protocol")]
        public required string Protocol { get; init; }

        /// <summary>Its version.</summary>
        [LogMeaning("versie van het protocol", "its version")]
        public required string ProtocolVersion { get; init; }

        /// <summary>SHA-256 of its canonical text.</summary>
        [LogMeaning("SHA-256 van de tekst van het protocol", "SHA-256 of its canonical text")]
        public required Bytes32 ProtocolHash { get; init; }

        /// <summary>The organisation that is asked.</summary>
        [LogMeaning("de bron", "the source")]
        public required string Source { get; init; }

        /// <summary>NIS code.</summary>
        [LogMeaning("NIS-code van de gemeente", "NIS code of the municipality")]
        public required string Nis { get; init; }

        /// <summary>The month that the list is about.</summary>
        [LogMeaning("maand waarover het gaat", "the month it is about")]
        public required string ReferenceMonth { get; init; }

        /// <summary>The quarter of the keys.</summary>
        [LogMeaning("kwartaal van de sleutels", "quarter of the keys")]
        public required string Epoch { get; init; }

        /// <summary><c>permit</c>, <c>hold</c> or <c>refuse</c>.</summary>
        [LogMeaning("toegelaten, aangehouden of geweigerd", "permit, hold or refuse")]
        public required string Outcome { get; init; }

        /// <summary>Codes of every reason of a refusal. None for a hold: which it is would tell how many people are known.</summary>
        [LogMeaning("codes van de redenen", "codes of the reasons")]
        public required IReadOnlyList<string> Reasons { get; init; }
    }

    /// <summary>The source decided on an order.</summary>
    [LogEntryType("order.decided", "De bron beslist over een aanvraag", "The source decides on an order")]
    public sealed record OrderDecided : LogEntry, IOrderEntry, ISignedEntry
    {
        /// <inheritdoc/>
        [LogMeaning("kenmerk van de aanvraag", "the order's id")]
        public required Guid Order { get; init; }

        /// <inheritdoc/>
        [LogMeaning("ondertekende beslissing (SourceDecision)", "the signed decision (SourceDecision)")]
        public required string Document { get; init; }
    }

    /// <summary>An order ended without a package: its time was over, its protocol or accession stopped, or it could not be carried out.</summary>
    [LogEntryType("order.ended", "Een aanvraag eindigt zonder levering", "An order ends without a package")]
    public sealed record OrderEnded : LogEntry, IOrderEntry
    {
        /// <inheritdoc/>
        [LogMeaning("kenmerk van de aanvraag", "the order's id")]
        public required Guid Order { get; init; }

        /// <summary><c>expired</c>, <c>stopped</c> or <c>failed</c>.</summary>
        [LogMeaning("vervallen, gestopt of mislukt", "expired, stopped or failed")]
        public required string Outcome { get; init; }

        /// <summary>Codes of every reason.</summary>
        [LogMeaning("codes van de redenen", "codes of the reasons")]
        public required IReadOnlyList<string> Reasons { get; init; }
    }

    /// <summary>A local node deposited its token set, or what it brought was refused.</summary>
    [LogEntryType("tokens.deposited", "Een lokaal bestuur brengt zijn tokens, en het knooppunt neemt ze aan of niet", "A local government deposits its token set, and the hub takes it or not")]
    public sealed record TokensDeposited : LogEntry, IOrderEntry
    {
        /// <inheritdoc/>
        [LogMeaning("kenmerk van de aanvraag", "the order's id")]
        public required Guid Order { get; init; }

        /// <summary><c>permit</c> or <c>refuse</c>.</summary>
        [LogMeaning("aangenomen of geweigerd", "permit or refuse")]
        public required string Outcome { get; init; }

        /// <summary>Codes of every reason.</summary>
        [LogMeaning("codes van de redenen", "codes of the reasons")]
        public required IReadOnlyList<string> Reasons { get; init; }
    }

    /// <summary>A source deposited its envelope, or what it brought was refused.</summary>
    [LogEntryType("envelope.deposited", "De bron brengt haar verzegelde pakket of haar verzegelde uitnodigingen, en het knooppunt neemt ze aan of niet", "The source deposits its sealed envelope or its sealed invitations, and the hub takes them or not")]
    public sealed record EnvelopeDeposited : LogEntry, IOrderEntry
    {
        /// <inheritdoc/>
        [LogMeaning("kenmerk van de aanvraag", "the order's id")]
        public required Guid Order { get; init; }

        /// <summary>SHA-256 of the compact JWS of the manifest, or of the opening of a wave; absent when it was refused.</summary>
        [LogMeaning("SHA-256 van het ondertekende manifest, of van de ondertekende opening van de golf", "SHA-256 of the signed manifest, or of the signed opening of the wave")]
        public Bytes32? Manifest { get; init; }

        /// <summary><c>permit</c> or <c>refuse</c>.</summary>
        [LogMeaning("aangenomen of geweigerd", "permit or refuse")]
        public required string Outcome { get; init; }

        /// <summary>Codes of every reason.</summary>
        [LogMeaning("codes van de redenen", "codes of the reasons")]
        public required IReadOnlyList<string> Reasons { get; init; }
    }

    /// <summary>The hub compared the two deposits, or refused to.</summary>
    [LogEntryType("exchange.matched", "Het knooppunt vergelijkt de tokens, of weigert dat", "The hub compares the tokens, or refuses to")]
    public sealed record ExchangeMatched : LogEntry, IOrderEntry
    {
        /// <inheritdoc/>
        [LogMeaning("kenmerk van de aanvraag", "the order's id")]
        public required Guid Order { get; init; }

        /// <summary><c>permit</c> or <c>refuse</c>.</summary>
        [LogMeaning("vergeleken of geweigerd", "permit or refuse")]
        public required string Outcome { get; init; }

        /// <summary>Codes of every reason.</summary>
        [LogMeaning("codes van de redenen", "codes of the reasons")]
        public required IReadOnlyList<string> Reasons { get; init; }
    }

    /// <summary>The hub hands a package out: the disclosure. Logged before the first byte leaves.</summary>
    [LogEntryType("package.delivered", "Het knooppunt geeft het pakket door: vanaf nu geldt het als doorgegeven", "The hub hands the package out: from now on it counts as disclosed")]
    public sealed record PackageDelivered : LogEntry, IOrderEntry, IDisclosureEntry
    {
        /// <inheritdoc/>
        [LogMeaning("kenmerk van de aanvraag", "the order's id")]
        public required Guid Order { get; init; }

        /// <inheritdoc/>
        [LogMeaning("willekeurig kenmerk van deze doorgifte; wissing en intrekking herhalen het", "random handle of this disclosure, which erasure and withdrawal repeat")]
        public required Bytes32 Handle { get; init; }

        /// <summary>SHA-256 of the manifest's compact JWS.</summary>
        [LogMeaning("SHA-256 van het ondertekende manifest", "SHA-256 of the signed manifest")]
        public required Bytes32 Manifest { get; init; }
    }

    /// <summary>The local node's receipt; with it, the hub's own copy is gone.</summary>
    [LogEntryType("receipt.taken", "Het lokaal bestuur bevestigt de ontvangst, of weigert het pakket", "The local government acknowledges the package, or rejects it")]
    public sealed record ReceiptTaken : LogEntry, IOrderEntry, ISignedEntry
    {
        /// <inheritdoc/>
        [LogMeaning("kenmerk van de aanvraag", "the order's id")]
        public required Guid Order { get; init; }

        /// <inheritdoc/>
        [LogMeaning("ondertekend ontvangstbewijs (Receipt)", "the signed receipt (Receipt)")]
        public required string Document { get; init; }
    }

    /// <summary>The hub deleted its copy of a package.</summary>
    [LogEntryType("package.destroyed", "Het knooppunt wist zijn kopie van het pakket", "The hub deletes its copy of the package")]
    public sealed record PackageDestroyed : LogEntry, IOrderEntry, IDisclosureEntry
    {
        /// <inheritdoc/>
        [LogMeaning("kenmerk van de aanvraag", "the order's id")]
        public required Guid Order { get; init; }

        /// <inheritdoc/>
        [LogMeaning("kenmerk van de doorgifte", "handle of the disclosure")]
        public required Bytes32 Handle { get; init; }
    }

    /// <summary>The padded root over everybody in a package, made by the local node with salts that only it and the person hold.</summary>
    [LogEntryType("persons.root", "Het lokaal bestuur legt vast over wie het pakket gaat, zonder dat iemand anders het kan lezen", "The local government commits to whom the package is about, readable by nobody else")]
    public sealed record PersonsRooted : LogEntry, IOrderEntry, IDisclosureEntry, ISignedEntry
    {
        /// <inheritdoc/>
        [LogMeaning("kenmerk van de aanvraag", "the order's id")]
        public required Guid Order { get; init; }

        /// <inheritdoc/>
        [LogMeaning("kenmerk van de doorgifte", "handle of the disclosure")]
        public required Bytes32 Handle { get; init; }

        /// <inheritdoc/>
        [LogMeaning("ondertekende wortel (PersonsRoot)", "the signed root (PersonsRoot)")]
        public required string Document { get; init; }
    }

    /// <summary>A withdrawal or an erasure of what was disclosed.</summary>
    [LogEntryType("disclosure.ended", "Wat doorgegeven was, is ingetrokken of gewist", "What was disclosed is withdrawn or erased")]
    public sealed record DisclosureEnded : LogEntry, IDisclosureEntry, ISignedEntry
    {
        /// <inheritdoc/>
        [LogMeaning("kenmerk van de doorgifte", "handle of the disclosure")]
        public required Bytes32 Handle { get; init; }

        /// <inheritdoc/>
        [LogMeaning("ondertekende verklaring (DisclosureEnd)", "the signed statement (DisclosureEnd)")]
        public required string Document { get; init; }
    }

    /// <summary>The roots of a day at a local node or at the hub, every day at the same hour, also when nothing happened.</summary>
    [LogEntryType("round.published", "De dagwortels van een lokaal bestuur of van het knooppunt: inzage, toestemming, intrekking en wissing; ook als er niets gebeurde", "The roots of a day of a local government or of the hub: reading, consent, withdrawal and erasure; also when nothing happened")]
    public sealed record RoundPublished : LogEntry, ISignedEntry
    {
        /// <inheritdoc/>
        [LogMeaning("ondertekende wortels (RoundRoots)", "the signed roots (RoundRoots)")]
        public required string Document { get; init; }
    }
}

/// <summary>An entry about one order.</summary>
public interface IOrderEntry
{
    /// <summary>The order's id, which is also the exchange's.</summary>
    Guid Order { get; }
}

/// <summary>An entry about one disclosure.</summary>
public interface IDisclosureEntry
{
    /// <summary>32 random bytes that name the disclosure and nothing else.</summary>
    Bytes32 Handle { get; }
}

/// <summary>An entry that carries a signed document.</summary>
public interface ISignedEntry
{
    /// <summary>The compact JWS.</summary>
    string Document { get; }
}

/// <summary>The name of a type of entry and what it says to people.</summary>
/// <param name="name">Stable name, <c>subject.what</c>.</param>
/// <param name="text">In Dutch.</param>
/// <param name="textEnglish">In English.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class LogEntryTypeAttribute(string name, string text, string textEnglish) : Attribute
{
    /// <summary>Stable name.</summary>
    public string Name { get; } = name;

    /// <summary>In Dutch.</summary>
    public string Text { get; } = text;

    /// <summary>In English.</summary>
    public string TextEnglish { get; } = textEnglish;
}

/// <summary>What a member of an entry says to people.</summary>
/// <param name="text">In Dutch.</param>
/// <param name="textEnglish">In English.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class LogMeaningAttribute(string text, string textEnglish) : Attribute
{
    /// <summary>In Dutch.</summary>
    public string Text { get; } = text;

    /// <summary>In English.</summary>
    public string TextEnglish { get; } = textEnglish;
}
