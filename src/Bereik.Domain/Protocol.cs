using System.ComponentModel.DataAnnotations;

namespace Bereik.Domain;

/// <summary>
/// A standard protocol (nl: standaardprotocol): the published agreement under which one flow may run, and the rule by which every node decides.
/// Its clauses are plain text and data at once; its cases are its test suite.
/// </summary>
public sealed record Protocol
{
    private static readonly Type[] Always =
    [
        typeof(Clause.PartiesClause), typeof(Clause.Roles), typeof(Clause.Officers), typeof(Clause.Authorisation), typeof(Clause.CollectionGround), typeof(Clause.CommunicationGround),
        typeof(Clause.RecipientGround), typeof(Clause.PurposeClause), typeof(Clause.ForbiddenUses), typeof(Clause.FieldsClause), typeof(Clause.Selection), typeof(Clause.Territory),
        typeof(Clause.RecipientsClause), typeof(Clause.Notice), typeof(Clause.Exclusions), typeof(Clause.Objections), typeof(Clause.InformBy), typeof(Clause.Retention), typeof(Clause.Periodicity),
        typeof(Clause.Term), typeof(Clause.Padding), typeof(Clause.Thresholds), typeof(Clause.Duration), typeof(Clause.EntryIntoForce), typeof(Clause.Security), typeof(Clause.Quality),
        typeof(Clause.Rights), typeof(Clause.Onward), typeof(Clause.Statistics), typeof(Clause.Sanctions), typeof(Clause.Incidents), typeof(Clause.Audit), typeof(Clause.Logs), typeof(Clause.Publication),
    ];

    private static readonly Dictionary<Flow, Type[]> Needs = new()
    {
        [Flow.Match] = [.. Always, typeof(Clause.OwnData), typeof(Clause.Benefit)],
        [Flow.Unknown] = [.. Always, typeof(Clause.OwnData), typeof(Clause.WhyNoLetter), typeof(Clause.Waves), typeof(Clause.Attempts)],
        [Flow.Messenger] = [.. Always, typeof(Clause.Consent), typeof(Clause.Waves), typeof(Clause.Attempts)],
        [Flow.Referral] = [.. Always, typeof(Clause.Consent)],
        [Flow.Query] = Always,
    };

    private static readonly Dictionary<Flow, ulong> NeededBits = Needs.ToDictionary(entry => entry.Key, entry => entry.Value.Aggregate(0UL, (bits, kind) => bits | Domain.Clause.BitOf(kind)));

    private readonly ulong present;

    /// <summary>Stable name, for example <c>groeipakket-onbekend</c>.</summary>
    [RegularExpression("[a-z0-9]+(-[a-z0-9]+){0,8}")]
    public required string Id { get; init; }

    /// <summary>Version, for example <c>1.0</c>.</summary>
    [RegularExpression("[0-9]{1,3}\\.[0-9]{1,3}")]
    public required string Version { get; init; }

    /// <summary>The flow that it allows; no other.</summary>
    public required Flow Flow { get; init; }

    /// <summary>Title.</summary>
    public required Sentence Title { get; init; }

    /// <summary>What is shared with whom and why, in a few sentences.</summary>
    public required Sentence Summary { get; init; }

    /// <summary>The clauses; each kind once at the most.</summary>
    [MinLength(1)]
    public required IReadOnlyList<Clause> Clauses
    {
        get;
        init
        {
            field = value;
            present = value.Aggregate(0UL, (bits, clause) => bits | Domain.Clause.BitOf(clause.GetType()));
        }
    }

    /// <summary>The published examples, which are run.</summary>
    [MinLength(1)]
    public required IReadOnlyList<ProtocolCase> Cases { get; init; }

    /// <summary>SHA-256 of the canonical JSON, base64url; what orders and manifests bind. Set by whoever read the document, never in it.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Hash { get; init; } = "";

    /// <summary>The clause of a kind.</summary>
    /// <typeparam name="TClause">Kind of clause.</typeparam>
    /// <returns>Null when the protocol has none; what depends on it is then refused.</returns>
    public TClause? Find<TClause>()
        where TClause : Clause => Clauses.OfType<TClause>().FirstOrDefault();

    /// <summary>The clause with an id.</summary>
    /// <param name="id">Clause id, for example <c>bewaartermijn</c>.</param>
    /// <returns>Null when the protocol has no such clause.</returns>
    public Clause? Clause(string id) => Clauses.FirstOrDefault(clause => clause.Id == id);

    /// <summary>The kinds of clause that a flow must have.</summary>
    /// <param name="flow">The flow.</param>
    public static IReadOnlyList<Type> Needed(Flow flow) => Needs[flow];

    // A protocol with a hole is no protocol: nothing is permitted under it.
    internal bool IsComplete => (NeededBits[Flow] & ~present) == 0;

    /// <summary>State of what the communication stands on: its grounds and its authorisation, the weakest of them.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public GroundState Ground => new[]
    {
        Find<Clause.CollectionGround>()?.State ?? GroundState.Unverified,
        Find<Clause.CommunicationGround>()?.State ?? GroundState.Unverified,
        Find<Clause.RecipientGround>()?.State ?? GroundState.Unverified,
        Find<Clause.Authorisation>()?.State ?? GroundState.Unverified,
    }.Max();

    /// <summary>The organisation that provides; the empty name when the protocol does not say.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public OrganisationId Source => new(Find<Clause.PartiesClause>()?.Source ?? "");

    /// <summary>Names of the fields that may leave the source, in the order in which they are shown. Empty for presence only.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public IReadOnlyList<string> Fields => [.. (Find<Clause.FieldsClause>()?.Shared ?? []).Select(shared => shared.Id.WireName())];

    /// <summary>Counts are padded up to a multiple of this number of rows (nl: band).</summary>
    /// <exception cref="InvalidOperationException">The protocol does not say; it permits nothing then.</exception>
    [System.Text.Json.Serialization.JsonIgnore]
    public int Band => Required<Clause.Padding>().Band;

    /// <summary>Days from receipt within which each household must have been informed, art. 14 GDPR.</summary>
    /// <exception cref="InvalidOperationException">The protocol does not say; it permits nothing then.</exception>
    [System.Text.Json.Serialization.JsonIgnore]
    public int InformByDays => Required<Clause.InformBy>().Days;

    /// <summary>Days from receipt after which rows are erased.</summary>
    /// <exception cref="InvalidOperationException">The protocol does not say; it permits nothing then.</exception>
    [System.Text.Json.Serialization.JsonIgnore]
    public int DeleteByDays => Required<Clause.Retention>().Days;

    /// <summary>Days from receipt after which nothing may be there any more, contact or not.</summary>
    /// <exception cref="InvalidOperationException">The protocol does not say; it permits nothing then.</exception>
    [System.Text.Json.Serialization.JsonIgnore]
    public int LongestKeptDays => Math.Max(DeleteByDays, Required<Clause.Retention>().ContactDays);

    /// <summary>A closed help file counts as known for this many months; 0 where the flow has no known set.</summary>
    /// <exception cref="InvalidOperationException">The protocol does not say; it permits nothing then.</exception>
    [System.Text.Json.Serialization.JsonIgnore]
    public int KnownWithinMonths => Required<Clause.OwnData>().ClosedWithinMonths;

    /// <summary>Days within which an order must be carried out.</summary>
    /// <exception cref="InvalidOperationException">The protocol does not say; it permits nothing then.</exception>
    [System.Text.Json.Serialization.JsonIgnore]
    public int AnswerWithinDays => Required<Clause.Term>().Days;

    private TClause Required<TClause>()
        where TClause : Clause => Find<TClause>() ?? throw new InvalidOperationException($"Protocol {Id} has no clause '{Domain.Clause.IdOf(typeof(TClause))}'.");
}
