using Bereik.Domain;
using Bereik.Exchange.Protocols;
using Bereik.Node.Ui;
using Party = Bereik.Domain.Party;

namespace Bereik.Hub.Register;

/// <summary>A protocol in the list.</summary>
/// <param name="Protocol">Its latest text.</param>
/// <param name="State">How that text stands.</param>
/// <param name="Joined">Local governments whose accession to a version of it runs.</param>
public sealed record ProtocolLine(Protocol Protocol, ProtocolState State, int Joined);

/// <summary>A legal ground, or the authorisation, of a protocol.</summary>
/// <param name="Protocol">The text.</param>
/// <param name="Clause">Id of the clause.</param>
/// <param name="Act">The act as the text names it; null for an authorisation without a number.</param>
/// <param name="State">Whether it was read.</param>
/// <param name="VerifiedBy">Who read it.</param>
public sealed record GroundLine(Protocol Protocol, string Clause, string? Act, GroundState State, IReadOnlyList<Clause.Verification> VerifiedBy)
{
    /// <summary>All of a text.</summary>
    /// <param name="protocol">The text.</param>
    public static IEnumerable<GroundLine> Of(Protocol protocol)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        foreach (var clause in protocol.Clauses)
        {
            if (clause is Clause.Authorisation authorisation) yield return new GroundLine(protocol, clause.Id, authorisation.Number, authorisation.State, authorisation.VerifiedBy);
            foreach (var reference in clause is Clause.Ground ground ? ground.References : []) yield return new GroundLine(protocol, clause.Id, reference.Act, reference.State, reference.VerifiedBy);
        }
    }
}

/// <summary>An advice on a text.</summary>
/// <param name="Party">For which side.</param>
/// <param name="Advice">What it says.</param>
/// <param name="Version">The version on which it was given: the text's own, or an earlier one than which it is not wider.</param>
public sealed record AdviceLine(Party Party, OfficerAdvice Advice, string Version);

/// <summary>A signature of a party.</summary>
/// <param name="Organisation">Its name.</param>
/// <param name="On">The day.</param>
public sealed record SignatureLine(string Organisation, DateOnly On);

/// <summary>A suspension, its lifting, or an end.</summary>
/// <param name="Kind"><c>Suspended</c>, <c>Resumed</c> or <c>Ended</c>.</param>
/// <param name="Organisation">Who did it.</param>
/// <param name="On">The day from which it counts.</param>
/// <param name="Trigger">What led to a suspension.</param>
/// <param name="Because">Why, in words.</param>
public sealed record StopLine(string Kind, string Organisation, DateOnly On, SanctionTrigger? Trigger, string Because);

/// <summary>An accession.</summary>
/// <param name="Id">Id of the organisation.</param>
/// <param name="Organisation">Its name.</param>
/// <param name="Protocol">The text.</param>
/// <param name="Standing">How it stands.</param>
public sealed record AccessionLine(string Id, string Organisation, Protocol Protocol, AccessionStanding Standing);

/// <summary>A version of a protocol.</summary>
/// <param name="Protocol">The text.</param>
/// <param name="State">How it stands.</param>
/// <param name="Before">The version before it; null for the first.</param>
public sealed record VersionLine(Protocol Protocol, ProtocolState State, string? Before);

/// <summary>All that is told of a text.</summary>
public sealed record ProtocolView
{
    /// <summary>The text.</summary>
    public required Protocol Protocol { get; init; }

    /// <summary>How it stands.</summary>
    public required ProtocolStanding Standing { get; init; }

    /// <summary>Name of the source.</summary>
    public required string Source { get; init; }

    /// <summary>The advices that count.</summary>
    public required IReadOnlyList<AdviceLine> Advices { get; init; }

    /// <summary>The signatures of the parties.</summary>
    public required IReadOnlyList<SignatureLine> Signatures { get; init; }

    /// <summary>Suspensions, liftings and ends, in their order.</summary>
    public required IReadOnlyList<StopLine> Stops { get; init; }

    /// <summary>Accessions to this text, at most fifty.</summary>
    public required IReadOnlyList<AccessionLine> Accessions { get; init; }

    /// <summary>How many there are.</summary>
    public required int AccessionCount { get; init; }

    /// <summary>Every version, the latest first.</summary>
    public required IReadOnlyList<VersionLine> Versions { get; init; }
}

/// <summary>The difference between two versions.</summary>
/// <param name="Before">The one.</param>
/// <param name="After">The other.</param>
/// <param name="Changes">Each change, the widest first.</param>
/// <param name="Overall">The widest of them.</param>
public sealed record DifferenceView(Protocol Before, Protocol After, IReadOnlyList<ProtocolChange> Changes, ChangeClass Overall);

/// <summary>How everything stands.</summary>
/// <param name="Grounds">Every ground of the latest version of each protocol.</param>
/// <param name="Protocols">The latest version of each protocol.</param>
/// <param name="Framework">The framework.</param>
/// <param name="Municipalities">Gemeenten that joined.</param>
/// <param name="Welfare">OCMWs that joined.</param>
/// <param name="Others">Other organisations that joined.</param>
public sealed record StateView(IReadOnlyList<GroundLine> Grounds, IReadOnlyList<ProtocolLine> Protocols, Framework Framework, int Municipalities, int Welfare, int Others);

/// <summary>Who joined.</summary>
/// <param name="Lines">At most fifty.</param>
/// <param name="Page">This page, from 1.</param>
/// <param name="Total">How many accessions there are.</param>
/// <param name="Chosen">Id of the protocol that was asked for; empty for all.</param>
/// <param name="Protocols">The protocols to choose from.</param>
/// <param name="Municipalities">Gemeenten that joined anything.</param>
/// <param name="AllMunicipalities">Gemeenten today.</param>
/// <param name="Welfare">OCMWs that joined anything.</param>
/// <param name="AllWelfare">OCMWs today.</param>
public sealed record AccessionsView(
    IReadOnlyList<AccessionLine> Lines, int Page, int Total, string Chosen, IReadOnlyList<Protocol> Protocols, int Municipalities, int AllMunicipalities, int Welfare, int AllWelfare);

/// <summary>What the operator sees of a text, and what was filled in.</summary>
public sealed record ManageView
{
    /// <summary>The text.</summary>
    public required Protocol Protocol { get; init; }

    /// <summary>How it stands.</summary>
    public required ProtocolStanding Standing { get; init; }

    /// <summary>The advice of the recipients' side that counts; null when there is none.</summary>
    public required AdviceLine? Advice { get; init; }

    /// <summary>Whether the hub must sign and has not.</summary>
    public required bool MaySign { get; init; }

    /// <summary>What can be suspended: the text as a whole, and each accession that runs.</summary>
    public required IReadOnlyList<FieldOption> Running { get; init; }

    /// <summary>What this hub suspended.</summary>
    public required IReadOnlyList<FieldOption> Held { get; init; }

    /// <summary>The form as it was sent; empty at first.</summary>
    public IReadOnlyDictionary<string, string> Filled { get; init; } = new Dictionary<string, string>();

    /// <summary>What is wrong with it.</summary>
    public IReadOnlyList<FieldError> Errors { get; init; } = [];

    /// <summary>Why the register did not take it: sentences with a code.</summary>
    public IReadOnlyList<(string Code, string Text)> Refusals { get; init; } = [];

    /// <summary>What was done just now; null for nothing.</summary>
    public string? Done { get; init; }

    /// <summary>What stands in a field.</summary>
    /// <param name="field">Its name.</param>
    public string Value(string field) => Filled.TryGetValue(field, out var value) ? value : "";

    /// <summary>What is wrong with a field.</summary>
    /// <param name="field">Its id.</param>
    public string? ErrorOf(string field) => Errors.FirstOrDefault(error => error.FieldId == field)?.Text;
}

/// <summary>What will be signed, to be confirmed.</summary>
/// <param name="Protocol">The text.</param>
/// <param name="Act"><c>advies</c>, <c>handtekening</c>, <c>schorsing</c> or <c>opheffing</c>.</param>
/// <param name="Filled">The form.</param>
/// <param name="Lines">What people read of it: label and value.</param>
public sealed record ConfirmView(Protocol Protocol, string Act, IReadOnlyDictionary<string, string> Filled, IReadOnlyList<(string Label, string Value)> Lines);
