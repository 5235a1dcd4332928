using UiReason = Bereik.Node.Ui.Reason;

namespace Bereik.Local.Pages;

/// <summary>Why there are no rows to show.</summary>
public enum WhyEmpty
{
    /// <summary>No list was ever ordered.</summary>
    NothingOrdered,

    /// <summary>An order is under way.</summary>
    Waiting,

    /// <summary>The list came, and nobody was on it.</summary>
    NothingFound,

    /// <summary>The rows were erased after their time.</summary>
    Erased,

    /// <summary>The last order ended without rows.</summary>
    Ended,

    /// <summary>There are rows, and the search matches none.</summary>
    NoMatch,

    /// <summary>There are lists with rows, and they came for other teams.</summary>
    OtherTeam,
}

/// <summary>A resident to whom the benefit may be granted.</summary>
/// <param name="Name">As in the residents' file, or null when it has none.</param>
/// <param name="Insz">The number, eleven digits.</param>
/// <param name="ReferenceMonth">The month the list is about, <c>yyyy-MM</c>.</param>
/// <param name="InformBy">Last day to inform them.</param>
/// <param name="DeleteBy">Last day the row may be there.</param>
/// <param name="Why">Why it is shown.</param>
public sealed record GrantView(string? Name, string Insz, string ReferenceMonth, DateOnly InformBy, DateOnly DeleteBy, UiReason Why)
{
    /// <summary>Never a name or number.</summary>
    public override string ToString() => "[persoon]";
}

/// <summary>One page of the grant.</summary>
/// <param name="Rows">At most 50.</param>
/// <param name="Page">From 1.</param>
/// <param name="Found">Rows on all pages.</param>
/// <param name="Why">Why it is empty, when it is.</param>
/// <param name="LastList">The last order, or null.</param>
/// <param name="HasOthers">Whether other teams have lists with rows.</param>
public sealed record GrantsView(IReadOnlyList<GrantView> Rows, int Page, int Found, WhyEmpty Why, Guid? LastList, bool HasOthers);

/// <summary>An order in the table of lists.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Month">Reference month, <c>yyyy-MM</c>.</param>
/// <param name="State">Its state.</param>
/// <param name="AskedAt">When it was made.</param>
/// <param name="Delivered">Rows received, or null.</param>
/// <param name="DeleteBy">Last day of its rows, or null.</param>
public sealed record ListView(Guid Id, string Month, string State, DateTimeOffset AskedAt, int? Delivered, DateOnly? DeleteBy);

/// <summary>The page on which a list is ordered.</summary>
/// <param name="Lists">Newest first.</param>
/// <param name="Month">The month in the form.</param>
/// <param name="Count">How many persons will be compared.</param>
/// <param name="RejectedRows">Rows of the file that could not be read, whose people do not count.</param>
/// <param name="IsUnknown">True for an OCMW.</param>
/// <param name="ProtocolTitle">Title of the protocol.</param>
/// <param name="Clauses">Its clauses, in the page's language.</param>
/// <param name="Errors">What is wrong with the form.</param>
/// <param name="Reasons">Why the order was refused here.</param>
/// <param name="IsSignedFor">Whether the box was ticked.</param>
public sealed record OrderView(
    IReadOnlyList<ListView> Lists, string Month, int Count, int RejectedRows, bool IsUnknown, string ProtocolTitle,
    IReadOnlyList<string> Clauses, IReadOnlyList<Bereik.Node.Ui.FieldError> Errors, IReadOnlyList<ReasonView> Reasons, bool IsSignedFor)
{
    /// <summary>Id of the protocol.</summary>
    public string Protocol { get; init; } = "";

    /// <summary>The organisation's accession to it, or null.</summary>
    public Bereik.Domain.AccessionStanding? Accession { get; init; }
}

/// <summary>A reason for people: a sentence, then its code.</summary>
/// <param name="Code">Stable code.</param>
/// <param name="Text">One sentence.</param>
public sealed record ReasonView(string Code, string Text)
{
    /// <summary>What the clause that decided says, in the words of the protocol; null where no text is at hand.</summary>
    public string? Clause { get; init; }
}

/// <summary>The journey of one list.</summary>
/// <param name="List">The order.</param>
/// <param name="IsUnknown">True for a list of unknown families.</param>
/// <param name="Parties">Names of source, hub, this organisation and pseudonymiser, in this order.</param>
/// <param name="KnownCount">Persons that were signed for, or null.</param>
/// <param name="Offered">Numbers that were compared.</param>
/// <param name="SignedBy">Who signed for the count.</param>
/// <param name="ExpiresAt">When the order ends.</param>
/// <param name="InformBy">Last day to inform, or null.</param>
/// <param name="Events">When it came into each state.</param>
/// <param name="Done">Progress of the present step.</param>
/// <param name="Total">Size of the present step; 0 when not known.</param>
/// <param name="Code">Why it ended, or null.</param>
/// <param name="Reasons">Every reason.</param>
/// <param name="ErasedAt">When its rows were erased, or null.</param>
public sealed record JourneyView(
    ListView List, bool IsUnknown, IReadOnlyList<string> Parties, int? KnownCount, int Offered, string SignedBy, DateTimeOffset ExpiresAt,
    DateOnly? InformBy, IReadOnlyDictionary<string, DateTimeOffset> Events, long Done, long Total, string? Code, IReadOnlyList<ReasonView> Reasons, DateTimeOffset? ErasedAt)
{
    /// <summary>Never who signed.</summary>
    public override string ToString() => $"journey {List.Id}";
}

/// <summary>A file of own people.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Accepted">Rows that could be read.</param>
/// <param name="Rejected">Rows that could not.</param>
/// <param name="At">When it was read.</param>
/// <param name="Errors">At most 200 places and codes.</param>
/// <param name="ErrorCount">How many there are in all.</param>
public sealed record FileView(long Id, int Accepted, int Rejected, DateTimeOffset At, IReadOnlyList<FileErrorView> Errors, int ErrorCount);

/// <summary>A place that could not be read.</summary>
/// <param name="Row">As a spreadsheet counts, from 1.</param>
/// <param name="Column">Name of the column, or empty.</param>
/// <param name="Code">Stable code.</param>
public sealed record FileErrorView(int Row, string Column, string Code);

/// <summary>The page of own files.</summary>
/// <param name="IsKnown">True for an OCMW's clients.</param>
/// <param name="Current">What is compared now, or null.</param>
/// <param name="Offered">What waits for a yes, or null.</param>
/// <param name="Error">Code of a file of which nothing could be read, or null.</param>
/// <param name="Used">True right after a file was taken into use.</param>
public sealed record FilesView(bool IsKnown, FileView? Current, FileView? Offered, string? Error, bool Used)
{
    /// <summary>Why a file was refused that may not be used here, whatever is in it; empty otherwise.</summary>
    public IReadOnlyList<ReasonView> Refused { get; init; } = [];
}

/// <summary>The overview.</summary>
/// <param name="IsUnknown">True for an OCMW.</param>
/// <param name="Rows">Rows that may be worked on.</param>
/// <param name="InformBy">The nearest day to inform by, or null.</param>
/// <param name="DeleteBy">The nearest last day, or null.</param>
/// <param name="DueSoon">Rows to inform within seven days.</param>
/// <param name="Open">Orders under way.</param>
/// <param name="People">Persons to compare.</param>
/// <param name="FileAt">When the file was loaded, or null.</param>
/// <param name="RejectedRows">Rows that could not be read.</param>
public sealed record OverviewView(
    bool IsUnknown, int Rows, DateOnly? InformBy, DateOnly? DeleteBy, int DueSoon, IReadOnlyList<ListView> Open, int People, DateTimeOffset? FileAt, int RejectedRows)
{
    /// <summary>Id of the protocol.</summary>
    public string Protocol { get; init; } = "";

    /// <summary>The organisation's accession to it, or null.</summary>
    public Bereik.Domain.AccessionStanding? Accession { get; init; }
}
