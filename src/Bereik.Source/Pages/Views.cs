using Bereik.Domain;
using Bereik.Node.Ui;
using Bereik.Source.Features;
using Bereik.Source.Protocols;
using Party = Bereik.Domain.Party;
using Reason = Bereik.Domain.Reason;

namespace Bereik.Source.Pages;

// What the pages of protocols and accessions show, made by the feature beside them.

/// <summary>One text in the list of protocols.</summary>
/// <param name="Text">The text.</param>
/// <param name="Lacks">What it lacks before it is public.</param>
public sealed record ProtocolRow(OwnText Text, IReadOnlyList<Lack> Lacks);

/// <summary>What a text lacks before it is public.</summary>
/// <param name="What">Last part of the key <c>Lack.*</c>.</param>
/// <param name="Of">Whose it is; empty where it is nobody's in particular.</param>
public sealed record Lack(string What, IReadOnlyList<Party> Of);

/// <summary>What the page of a text shows.</summary>
public sealed record ProtocolView
{
    /// <summary>The text.</summary>
    public required OwnText Text { get; init; }

    /// <summary>What stands in the forms.</summary>
    public required ProtocolForm Form { get; init; }

    /// <summary>What is wrong, in the order of the fields.</summary>
    public IReadOnlyList<FieldError> Errors { get; init; } = [];

    /// <summary>Every reason of a publication that was refused just now; null when none was.</summary>
    public IReadOnlyList<Reason>? Refusals { get; init; }

    /// <summary>The step that was taken just now, last part of the key <c>Protocol.Done.*</c>; null for none.</summary>
    public string? Done { get; init; }
}

/// <summary>What stands in the forms of the page of a text, as it was typed.</summary>
public sealed record ProtocolForm
{
    /// <summary>Outcome of the advice; empty when none was chosen.</summary>
    public string Outcome { get; init; } = "";

    /// <summary>Function of the officer.</summary>
    public string Officer { get; init; } = "";

    /// <summary>Day of the advice.</summary>
    public string On { get; init; } = "";

    /// <summary>Summary of the advice.</summary>
    public string Summary { get; init; } = "";

    /// <summary>Why it is not followed.</summary>
    public string NotFollowed { get; init; } = "";

    /// <summary>Whether the box to sign was ticked.</summary>
    public bool Signs { get; init; }

    /// <summary>Addresses, one a line.</summary>
    public string Places { get; init; } = "";

    /// <summary>Nothing typed yet: the officer is the one that the text names for the source.</summary>
    /// <param name="protocol">The text.</param>
    public static ProtocolForm Empty(Protocol protocol)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        return new() { Officer = protocol.Find<Clause.Officers>()?.Contacts.FirstOrDefault(officer => officer.Party == Party.Source)?.Contact ?? "" };
    }
}

/// <summary>What the list of accessions shows.</summary>
/// <param name="Rows">Those of this page, by name.</param>
/// <param name="Protocols">The texts by which it can be filtered.</param>
/// <param name="Chosen">The text of the filter; null for all.</param>
/// <param name="Page">This page, from 1.</param>
/// <param name="Total">How many there are on all pages.</param>
public sealed record AccessionsView(IReadOnlyList<AccessionRow> Rows, IReadOnlyList<Protocol> Protocols, Protocol? Chosen, int Page, int Total);

/// <summary>One accession in the list.</summary>
/// <param name="Name">Name of the organisation.</param>
/// <param name="Path">Local path of its page.</param>
/// <param name="Protocol">The text.</param>
/// <param name="Standing">How it stands.</param>
/// <param name="FirstToLapse">The mandatory measure that lapses first; null when this node does not have the framework.</param>
public sealed record AccessionRow(string Name, string Path, Protocol Protocol, AccessionStanding Standing, LapsingMeasure? FirstToLapse);

/// <summary>Until when a measure counts as met.</summary>
/// <param name="Measure">The measure.</param>
/// <param name="LastDay">The last day; null when it is not met.</param>
public sealed record LapsingMeasure(Measure Measure, DateOnly? LastDay);

/// <summary>What the page of an accession shows.</summary>
/// <param name="Text">The text that was acceded to.</param>
/// <param name="Standing">How it stands.</param>
/// <param name="Name">Name of the organisation.</param>
/// <param name="Path">Local path of the page.</param>
/// <param name="Requests">Its requests under this text, newest first.</param>
/// <param name="Done">The step that was taken just now, last part of the key <c>Accession.Done.*</c>; null for none.</param>
public sealed record AccessionView(OwnText Text, AccessionStanding Standing, string Name, string Path, IReadOnlyList<RequestSummary> Requests, string? Done)
{
    /// <summary>Whether this source can suspend it now.</summary>
    public bool MaySuspend => !Standing.IsEnded && !MayLift;

    /// <summary>Whether this source suspended it, and so may lift that.</summary>
    public bool MayLift => Standing.IsSuspendedBy(Text.Protocol.Source);
}
