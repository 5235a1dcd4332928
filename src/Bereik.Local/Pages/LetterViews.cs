using Bereik.Domain;
using Bereik.Exchange.Letters;
using Bereik.Local.Referrals;
using Bereik.Node.Ui;

namespace Bereik.Local.Pages;

/// <summary>The form on which a wave of letters is ordered.</summary>
/// <param name="Values">What was typed.</param>
/// <param name="Errors">What is wrong with it.</param>
/// <param name="Reasons">Why the order was refused here.</param>
/// <param name="Text">The letter as it will read; null before it can be shown.</param>
/// <param name="Protocol">Id of the protocol.</param>
/// <param name="ProtocolTitle">Its title and version.</param>
public sealed record LetterOrderView(IReadOnlyDictionary<string, string> Values, IReadOnlyList<FieldError> Errors, IReadOnlyList<ReasonView> Reasons, LetterText? Text, string Protocol, string ProtocolTitle)
{
    /// <summary>Its clauses, in the page's language.</summary>
    public required IReadOnlyList<string> Clauses { get; init; }

    /// <summary>The fewest letters of a wave.</summary>
    public required int Least { get; init; }

    /// <summary>The most letters of a wave.</summary>
    public required int Most { get; init; }

    /// <summary>Days after which what came is erased when nobody was reached.</summary>
    public required int KeptDays { get; init; }

    /// <summary>The organisation's accession, or null.</summary>
    public AccessionStanding? Accession { get; init; }

    /// <summary>What was typed in a field.</summary>
    /// <param name="field">The field.</param>
    public string Value(string field) => Values.GetValueOrDefault(field, "");

    /// <summary>What is wrong with a field; null for nothing.</summary>
    /// <param name="field">The field.</param>
    public string? ErrorOf(string field) => Errors.FirstOrDefault(error => error.FieldId == field)?.Text;

    /// <summary>A part may name a worker.</summary>
    public override string ToString() => "letter order";
}

/// <summary>A wave of letters, in counts.</summary>
/// <param name="Id">Its id, that of the order.</param>
/// <param name="Month">Reference month, <c>yyyy-MM</c>.</param>
/// <param name="State">Its state.</param>
/// <param name="AskedAt">When it was ordered.</param>
/// <param name="Letters">Letters that went out; those that were asked for before.</param>
/// <param name="OpensOn">Day of posting, or null.</param>
/// <param name="AnswerBy">Last day to answer, or null.</param>
public sealed record WaveView(Guid Id, string Month, string State, DateTimeOffset AskedAt, int Letters, DateOnly? OpensOn, DateOnly? AnswerBy)
{
    /// <summary>Yeses that came here.</summary>
    public required int Received { get; init; }

    /// <summary>Those of whom nobody heard yet whether the yes is theirs.</summary>
    public required int ToConfirm { get; init; }

    /// <summary>Those who said that it is theirs.</summary>
    public required int Confirmed { get; init; }

    /// <summary>Those who said that it is not.</summary>
    public required int Denied { get; init; }

    /// <summary>Those that came here and were taken back, or objected.</summary>
    public required int Withdrawn { get; init; }

    /// <summary>Those that could not be taken in.</summary>
    public required int Untaken { get; init; }
}

/// <summary>When a wave came into a state.</summary>
/// <param name="State">The state.</param>
/// <param name="At">When.</param>
public sealed record WaveEventView(string State, DateTimeOffset At);

/// <summary>Yeses that could not be taken in, for one reason.</summary>
/// <param name="Code">Stable code.</param>
/// <param name="Count">How many.</param>
public sealed record UntakenView(string Code, int Count);

/// <summary>The page of one wave.</summary>
/// <param name="Wave">The wave.</param>
/// <param name="Events">Its states, oldest first.</param>
/// <param name="Code">Why it ended, or null.</param>
/// <param name="Reasons">Every reason.</param>
/// <param name="Untaken">What could not be taken in.</param>
public sealed record WavePageView(WaveView Wave, IReadOnlyList<WaveEventView> Events, string? Code, IReadOnlyList<ReasonView> Reasons, IReadOnlyList<UntakenView> Untaken);

/// <summary>A yes that was not the person's own.</summary>
/// <param name="Wave">Its wave.</param>
/// <param name="Month">Reference month of that, <c>yyyy-MM</c>.</param>
/// <param name="On">When it was said.</param>
/// <param name="GivenOn">When the yes was given.</param>
/// <param name="Method">By which way the yes came.</param>
/// <param name="Helper">The worker who typed; null where nobody did.</param>
public sealed record DenialView(Guid Wave, string Month, DateOnly On, DateOnly GivenOn, AnswerMethod Method, string? Helper)
{
    /// <summary>Never a name.</summary>
    public override string ToString() => "denial";
}

/// <summary>How often a yes was not the person's own.</summary>
/// <param name="Of">Of what: a source, a wave or a worker.</param>
/// <param name="Denied">How many were not.</param>
/// <param name="Received">Of how many.</param>
public sealed record DenialRate(string Of, int Denied, int Received)
{
    /// <summary>As a share, 0 to 1.</summary>
    public double Share => Received == 0 ? 0 : (double)Denied / Received;

    /// <summary>Never a name.</summary>
    public override string ToString() => $"{Denied} of {Received}";
}

/// <summary>The page of denials.</summary>
/// <param name="Denials">Newest first; at most 200.</param>
/// <param name="BySource">By source.</param>
/// <param name="ByWave">By wave.</param>
/// <param name="ByWorker">By the worker who typed, where one did.</param>
public sealed record DenialsView(IReadOnlyList<DenialView> Denials, IReadOnlyList<DenialRate> BySource, IReadOnlyList<DenialRate> ByWave, IReadOnlyList<DenialRate> ByWorker);

/// <summary>A yes that waits for a second worker.</summary>
/// <param name="Id">Its random id.</param>
/// <param name="HelpedAt">When a colleague helped.</param>
public sealed record HeldAnswerView(Guid Id, DateTimeOffset HelpedAt);

/// <summary>The counter.</summary>
/// <param name="Values">What was chosen; never number or code.</param>
/// <param name="Errors">What is wrong.</param>
/// <param name="Held">What colleagues helped with and waits for a second worker.</param>
public sealed record CounterView(IReadOnlyDictionary<string, string> Values, IReadOnlyList<FieldError> Errors, IReadOnlyList<HeldAnswerView> Held)
{
    /// <summary>What was chosen in a field.</summary>
    /// <param name="field">The field.</param>
    public string Value(string field) => Values.GetValueOrDefault(field, "");

    /// <summary>What is wrong with a field; null for nothing.</summary>
    /// <param name="field">The field.</param>
    public string? ErrorOf(string field) => Errors.FirstOrDefault(error => error.FieldId == field)?.Text;

    /// <summary>Nothing of what was chosen.</summary>
    public override string ToString() => "counter";
}

/// <summary>What somebody takes home who said yes at the counter.</summary>
/// <param name="Id">Id of the consent record.</param>
/// <param name="On">The day.</param>
/// <param name="Until">The last day on which it holds.</param>
/// <param name="Source">Who has the data.</param>
/// <param name="Recipient">Who gets them.</param>
/// <param name="Service">The service there.</param>
/// <param name="Compact">The receipt itself, signed by the hub.</param>
/// <param name="Picture">The number as a square code.</param>
public sealed record CounterReceiptView(Guid Id, DateOnly On, DateOnly Until, string Source, string Recipient, string Service, string Compact, QrPicture Picture)
{
    /// <summary>Never the receipt.</summary>
    public override string ToString() => "receipt";
}
