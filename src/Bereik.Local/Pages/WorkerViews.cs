using Bereik.Node.Ui;

namespace Bereik.Local.Pages;

/// <summary>How a colleague stands today.</summary>
public enum WorkerState
{
    /// <summary>Nobody attested this person.</summary>
    NotAttested,

    /// <summary>Attested and bound by professional secrecy.</summary>
    Attested,

    /// <summary>Attested, and not bound by professional secrecy today.</summary>
    NotBound,

    /// <summary>The attestation is too old.</summary>
    Expired,

    /// <summary>Suspended.</summary>
    Suspended,
}

/// <summary>A colleague in the register.</summary>
/// <param name="Key">Names this person in an address.</param>
/// <param name="Name">Name as shown.</param>
/// <param name="Roles">Roles at the last sign-in, in the page's language.</param>
/// <param name="State">How this person stands.</param>
/// <param name="Until">Last day of the attestation; null when there is none that counts.</param>
/// <param name="IsProposed">Whether a proposal waits for a second person.</param>
public sealed record WorkerRow(string Key, string Name, string Roles, WorkerState State, DateOnly? Until, bool IsProposed)
{
    /// <summary>Never the name.</summary>
    public override string ToString() => "[persoon]";
}

/// <summary>One line of the history.</summary>
/// <param name="At">When.</param>
/// <param name="Act"><c>proposed</c>, <c>confirmed</c>, <c>withdrawn</c>, <c>suspended</c> or <c>codeMade</c>.</param>
/// <param name="Name">About whom.</param>
/// <param name="By">By whom.</param>
/// <param name="Because">Why, in words or a stable code; or null.</param>
public sealed record WorkerEventView(DateTimeOffset At, string Act, string Name, string By, string? Because)
{
    /// <summary>Never a name.</summary>
    public override string ToString() => Act;
}

/// <summary>One attestation.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Function">Word of the function.</param>
/// <param name="Team">The team.</param>
/// <param name="Secrecy">Word of the kind of secrecy.</param>
/// <param name="BoundSince">Bound since.</param>
/// <param name="BoundUntil">Bound until, or null.</param>
/// <param name="Proof">Where the proof lies.</param>
/// <param name="ProposedBy">Who proposed it.</param>
/// <param name="ProposedAt">When.</param>
/// <param name="ConfirmedBy">Who confirmed it, or null.</param>
/// <param name="ConfirmedAt">When, or null.</param>
public sealed record AttestationView(
    string Id, string Function, string Team, string Secrecy, DateOnly BoundSince, DateOnly? BoundUntil, string Proof, string ProposedBy, DateTimeOffset ProposedAt, string? ConfirmedBy, DateTimeOffset? ConfirmedAt)
{
    /// <summary>A fixed word.</summary>
    public override string ToString() => nameof(AttestationView);
}

/// <summary>The page of one colleague.</summary>
/// <param name="Row">How this person stands.</param>
/// <param name="Present">The attestation that decides, or null.</param>
/// <param name="Proposal">The proposal that waits, or null.</param>
/// <param name="Events">What happened, newest first.</param>
/// <param name="Teams">Teams that are known here.</param>
/// <param name="Values">What was filled in.</param>
/// <param name="Errors">What is wrong with it.</param>
public sealed record WorkerView(
    WorkerRow Row, AttestationView? Present, AttestationView? Proposal, IReadOnlyList<WorkerEventView> Events, IReadOnlyList<string> Teams, IReadOnlyDictionary<string, string> Values, IReadOnlyList<FieldError> Errors)
{
    /// <summary>Why the reader says nothing of this colleague: a stable code; null when nothing is against it.</summary>
    public string? Objection { get; init; }

    /// <summary>Why the reader does not confirm the proposal.</summary>
    public string? ObjectionToConfirm { get; init; }

    /// <summary>Whether the reader can hand over a code for a key.</summary>
    public bool MayMakeCode { get; init; }

    /// <summary>Whether there is something to suspend or to withdraw.</summary>
    public bool MaySuspend { get; init; }

    /// <summary>A fixed word.</summary>
    public override string ToString() => nameof(WorkerView);
}

/// <summary>A list of another team.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Team">The team; may be empty.</param>
/// <param name="Month">Reference month, <c>yyyy-MM</c>.</param>
/// <param name="Count">Rows on it.</param>
public sealed record OtherListView(string Id, string Team, string Month, int Count);

/// <summary>Somebody looked beyond the own team.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Who.</param>
/// <param name="Team">Of which team.</param>
/// <param name="ListTeam">Whose list.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When.</param>
/// <param name="ReviewedBy">Who reviewed it, or null.</param>
/// <param name="ReviewedAt">When, or null.</param>
/// <param name="Remark">What was said of it, or null.</param>
public sealed record WiderAccessView(string Id, string Name, string Team, string ListTeam, string Reason, DateTimeOffset At, string? ReviewedBy, DateTimeOffset? ReviewedAt, string? Remark)
{
    /// <summary>Never the name.</summary>
    public override string ToString() => "[persoon]";
}
