using Bereik.Local.Referrals;
using Bereik.Local.Storage;
using Bereik.Node.Ui;

namespace Bereik.Local.Pages;

/// <summary>A referral in a list: how far it is, never whom it is about.</summary>
public sealed record ReferralRow
{
    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The other organisation.</summary>
    public required string Partner { get; init; }

    /// <summary>The receiving service.</summary>
    public required string Service { get; init; }

    /// <summary>How far it is.</summary>
    public required string State { get; init; }

    /// <summary>Day on which it was made or came in.</summary>
    public required DateOnly On { get; init; }

    /// <summary>Day of the next contact; null when none was set.</summary>
    public DateOnly? NextOn { get; init; }

    /// <summary>The last day on which anything of it is kept.</summary>
    public required DateOnly DeleteBy { get; init; }

    /// <summary>Until when a spoken consent must be confirmed; null when it need not.</summary>
    public DateOnly? ConfirmBy { get; init; }

    /// <summary>Who took it up.</summary>
    public string? Assigned { get; init; }

    /// <summary>Why it ended.</summary>
    public string? Code { get; init; }

    /// <summary>Whether nothing goes on any more.</summary>
    public required bool IsOver { get; init; }

    /// <summary>Whether nothing of the person is kept here.</summary>
    public required bool IsErased { get; init; }

    /// <summary>What the state means.</summary>
    public Tone Tone => State switch
    {
        "accepted" or "contacted" => Tone.Good,
        "waiting" or "sent" => Tone.Busy,
        "refused" or "declined" => Tone.Attention,
        _ => Tone.Neutral,
    };

    internal static ReferralRow Of(Referral one) => new()
    {
        Id = Guid.Parse(one.Id), Partner = one.Partner, Service = one.Service, State = one.State, On = one.ReceivedOn, NextOn = one.NextOn, DeleteBy = one.DeleteBy, ConfirmBy = one.ConfirmBy,
        Assigned = one.AssignedName, Code = one.Code, IsOver = one.Standing.IsOver, IsErased = one.ErasedAt is not null,
    };
}

/// <summary>The form of a referral.</summary>
/// <param name="Open">The service.</param>
/// <param name="Script">The words to read aloud.</param>
/// <param name="Values">What was typed.</param>
/// <param name="Errors">What is missing.</param>
public sealed record ReferralFormView(OpenService Open, string Script, IReadOnlyDictionary<string, string> Values, IReadOnlyList<FieldError> Errors)
{
    /// <summary>Where the form goes.</summary>
    public string Path => $"{MakeReferral.New}/{Open.Protocol.Id}/{Open.Organisation}/{Open.Service.Id}";

    /// <summary>What was typed in a field.</summary>
    /// <param name="name">The field.</param>
    public string Value(string name) => Values.GetValueOrDefault(name, "");

    /// <summary>Whether a field was ticked.</summary>
    /// <param name="name">The field.</param>
    public bool IsTicked(string name) => Value("veld").Split(',').Contains(name);

    /// <summary>What is wrong with a field; null for nothing.</summary>
    /// <param name="field">The field.</param>
    public string? ErrorOf(string field) => Errors.FirstOrDefault(error => error.FieldId == field)?.Text;

    /// <summary>Never what was typed.</summary>
    public override string ToString() => "[formulier]";
}

/// <summary>What will be sent, exactly, or why it will not.</summary>
/// <param name="Open">The service.</param>
/// <param name="Record">What is sealed.</param>
/// <param name="Values">What was typed.</param>
/// <param name="Against">Every reason against it.</param>
public sealed record ReferralPreview(OpenService Open, ReferralRecord Record, IReadOnlyDictionary<string, string> Values, IReadOnlyList<ReasonView> Against)
{
    /// <summary>Where the form goes.</summary>
    public string Path => $"{MakeReferral.New}/{Open.Protocol.Id}/{Open.Organisation}/{Open.Service.Id}";

    /// <summary>Never what was typed.</summary>
    public override string ToString() => "[voorbeeld]";
}

/// <summary>An attempt to reach the person.</summary>
/// <param name="Day">The day.</param>
/// <param name="Channel">By which channel.</param>
/// <param name="Reached">Whether somebody spoke with the person.</param>
/// <param name="ByName">Who tried.</param>
public sealed record AttemptView(DateOnly Day, string Channel, bool Reached, string ByName);

/// <summary>What one of the two services said.</summary>
/// <param name="Act">The step.</param>
/// <param name="At">When it was said or heard here.</param>
public sealed record StepView(string Act, DateTimeOffset At);

/// <summary>A referral that came in, opened.</summary>
/// <param name="Row">How far it is.</param>
/// <param name="Record">What was shared.</param>
/// <param name="Attempts">Attempts to reach the person.</param>
/// <param name="Outcomes">The outcomes that can be chosen.</param>
/// <param name="Values">What was typed.</param>
/// <param name="Errors">What is wrong.</param>
public sealed record InboxView(ReferralRow Row, ReferralRecord Record, IReadOnlyList<AttemptView> Attempts, IReadOnlyList<OutcomeCode> Outcomes, IReadOnlyDictionary<string, string> Values, IReadOnlyList<FieldError> Errors)
{
    /// <summary>What was typed in a field.</summary>
    /// <param name="name">The field.</param>
    public string Value(string name) => Values.GetValueOrDefault(name, "");

    /// <summary>What is wrong with a field; null for nothing.</summary>
    /// <param name="field">The field.</param>
    public string? ErrorOf(string field) => Errors.FirstOrDefault(error => error.FieldId == field)?.Text;

    /// <summary>Never what is in it.</summary>
    public override string ToString() => "[verwijzing]";
}
