namespace Bereik.Domain;

/// <summary>One signed step in the life of a protocol or an accession (nl: gebeurtenis in het protocollenregister). Whoever holds one has verified who signed it.</summary>
public abstract record RegisterEvent
{
    private RegisterEvent()
    {
    }

    /// <summary>Where it stands in the register, and who signed it.</summary>
    public required EventOrigin Origin { get; init; }

    /// <summary>Its place in the register.</summary>
    public long Sequence => Origin.Sequence;

    /// <summary>When the register took it, UTC.</summary>
    public DateTimeOffset At => Origin.At;

    /// <summary>The organisation that signed it.</summary>
    public OrganisationId By => Origin.By;

    /// <summary>What that organisation is.</summary>
    public OrganisationKind ByKind => Origin.ByKind;

    /// <summary>Hash of the text that it is about.</summary>
    public required string ProtocolHash { get; init; }

    // SECURITY: a document counts at its first place only. Whoever writes it in again, an old lifting of a suspension or an old accession, changes nothing.
    internal static IEnumerable<RegisterEvent> InOrder(IEnumerable<RegisterEvent> events)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return events.OrderBy(one => one.Sequence).Where(one => one.Origin.Document is not { } document || seen.Add(document)).ToList();
    }

    /// <summary>A text was proposed (nl: ontwerp neergelegd).</summary>
    public sealed record Drafted : RegisterEvent
    {
        /// <summary>The text.</summary>
        public required Protocol Protocol { get; init; }
    }

    /// <summary>An officer advised (nl: advies gegeven).</summary>
    public sealed record Advised : RegisterEvent
    {
        /// <summary>For which side.</summary>
        public required Party Party { get; init; }

        /// <summary>The advice.</summary>
        public required OfficerAdvice Advice { get; init; }
    }

    /// <summary>A party signed the text (nl: ondertekend).</summary>
    public sealed record SignedText : RegisterEvent;

    /// <summary>The text was made public (nl: bekendgemaakt).</summary>
    public sealed record Published : RegisterEvent
    {
        /// <summary>Where: addresses of pages.</summary>
        public required IReadOnlyList<string> Places { get; init; }
    }

    /// <summary>A local government joined (nl: toegetreden).</summary>
    public sealed record Acceded : RegisterEvent
    {
        /// <summary>What it declared.</summary>
        public required Accession Accession { get; init; }
    }

    /// <summary>A protocol or an accession was suspended (nl: geschorst).</summary>
    public sealed record Suspended : RegisterEvent
    {
        /// <summary>Whose accession; null for the protocol as a whole.</summary>
        public required OrganisationId? Organisation { get; init; }

        /// <summary>Why, as the protocol names it.</summary>
        public required SanctionTrigger Trigger { get; init; }

        /// <summary>Why, in words.</summary>
        public required string Because { get; init; }
    }

    /// <summary>A suspension was lifted (nl: schorsing opgeheven).</summary>
    public sealed record Resumed : RegisterEvent
    {
        /// <summary>Whose accession; null for the protocol as a whole.</summary>
        public required OrganisationId? Organisation { get; init; }

        /// <summary>Why, in words.</summary>
        public required string Because { get; init; }
    }

    /// <summary>A protocol or an accession was ended (nl: beëindigd).</summary>
    public sealed record Ended : RegisterEvent
    {
        /// <summary>Whose accession; null for the protocol as a whole.</summary>
        public required OrganisationId? Organisation { get; init; }

        /// <summary>The first day on which it no longer counts.</summary>
        public required DateOnly On { get; init; }

        /// <summary>Why, in words.</summary>
        public required string Because { get; init; }
    }
}

/// <summary>Where an event stands and who signed it (nl: herkomst van een gebeurtenis).</summary>
/// <param name="Sequence">Its place in the register.</param>
/// <param name="At">When the register took it, UTC.</param>
/// <param name="By">The organisation that signed it.</param>
/// <param name="ByKind">What that organisation is.</param>
/// <param name="Document">Hash of what was signed, without the signature; null where that is not known.</param>
public sealed record EventOrigin(long Sequence, DateTimeOffset At, OrganisationId By, OrganisationKind ByKind, string? Document = null);
