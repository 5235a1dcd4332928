using Bereik.Exchange.Signatures;

namespace Bereik.Exchange.Contracts;

/// <summary>What was erased.</summary>
public enum ErasedKind
{
    /// <summary>A household of a list, with its key (nl: gezin).</summary>
    Household,

    /// <summary>A resident of a match list, who has no key of their own (nl: toekenning).</summary>
    Grant,

    /// <summary>What a referral held, with its key (nl: doorverwijzing).</summary>
    Referral,
}

/// <summary>Why something was erased (nl: reden van wissen).</summary>
public enum ErasureCause
{
    /// <summary>Its last day was over (nl: termijn voorbij).</summary>
    Deadline,

    /// <summary>The contact or the referral ended (nl: afgerond).</summary>
    Outcome,

    /// <summary>It was taken into a file of the organisation on another ground (nl: overgenomen in een eigen dossier).</summary>
    OwnFile,

    /// <summary>The person objected (nl: bezwaar).</summary>
    Objection,

    /// <summary>The person took the consent back (nl: ingetrokken).</summary>
    Withdrawn,
}

/// <summary>
/// What a local node says that it erased (nl: wissingsattest), signed by it. Ids only, which were random from the start and lead to nobody. It is a statement, not a proof: what else lies on
/// that machine, or was printed or taken out before, it does not show.
/// </summary>
public sealed record ErasureCertificate : ISignedDocument<ErasureCertificate>
{
    /// <summary>The most things that one certificate is about.</summary>
    public const int MostThings = 1000;

    /// <inheritdoc/>
    public static string Typ => JoseTypes.ErasureCertificate;

    /// <summary>The certificate's own id; not zero.</summary>
    public required Guid Id { get; init; }

    /// <summary>Who says it: 2 to 40 of <c>a-z 0-9 -</c>.</summary>
    public required string Organisation { get; init; }

    /// <summary>What was erased.</summary>
    public required ErasedKind Kind { get; init; }

    /// <summary>Why.</summary>
    public required ErasureCause Cause { get; init; }

    /// <summary>With <c>ownFile</c> alone, and always: true, since a file exists on another ground.</summary>
    public bool? OtherFile { get; init; }

    /// <summary>The last day on which it might still be there, Europe/Brussels.</summary>
    public required DateOnly Due { get; init; }

    /// <summary>How many things, 1 to 1,000.</summary>
    public required int Count { get; init; }

    /// <summary>Their ids, ascending, each once.</summary>
    public required IReadOnlyList<Guid> Ids { get; init; }

    /// <summary>When; UTC, whole seconds.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Whole days, Europe/Brussels, after the day that follows the last; 0 when it was in time.</summary>
    /// <param name="due">The last day.</param>
    /// <param name="erasedOn">The day on which it was erased.</param>
    public static int DaysLate(DateOnly due, DateOnly erasedOn) => Math.Max(0, erasedOn.DayNumber - due.DayNumber - 1);

    /// <inheritdoc/>
    public ParseError? FindError()
    {
        if (Id == Guid.Empty) return Field("id");
        if (!Words.Organisation().IsMatch(Organisation)) return Field("organisation");
        if (!Enum.IsDefined(Kind)) return Field("kind");
        if (!Enum.IsDefined(Cause)) return Field("cause");
        if (OtherFile != (Cause == ErasureCause.OwnFile ? true : null)) return Field("otherFile");
        if (Count != Ids.Count || Count is < 1 or > MostThings) return Field("count");
        var texts = Ids.Select(id => id.ToString("D")).ToList();
        return texts.Zip(texts.Skip(1)).All(pair => string.CompareOrdinal(pair.First, pair.Second) < 0) && !Ids.Contains(Guid.Empty) ? null : Field("ids");
    }

    /// <summary>The certificate's id only.</summary>
    public override string ToString() => $"erasure {Id}";

    private static ParseError Field(string name) => new("document.field", name);
}
