using Bereik.Domain;
using Bereik.Local.Contacts;
using Bereik.Local.Referrals;
using Bereik.Local.Storage;
using Bereik.Node.Ui;

namespace Bereik.Local.Pages;

/// <summary>A referral in a list: how far it is, never whom it is about.</summary>
public sealed record ReferralRow
{
    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The other organisation: its name, where the row is shown in a list.</summary>
    public required string Partner { get; init; }

    /// <summary>The receiving service.</summary>
    public required string Service { get; init; }

    /// <summary>How far it is.</summary>
    public required string State { get; init; }

    /// <summary>Day on which it was made or came in.</summary>
    public required DateOnly On { get; init; }

    /// <summary>Day of the next contact; null when none was set.</summary>
    public DateOnly? NextOn { get; init; }

    /// <summary>By when the first contact is made.</summary>
    public required DateOnly ContactBy { get; init; }

    /// <summary>How it stands against that day.</summary>
    public required ContactUrgency Urgency { get; init; }

    /// <summary>The referral from which it was made; null when it was not made from one.</summary>
    public Guid? From { get; init; }

    /// <summary>The outcome that was chosen at its end; null when there is none.</summary>
    public string? Outcome { get; init; }

    /// <summary>The day on which it was erased here; null while it is kept.</summary>
    public DateOnly? ErasedOn { get; init; }

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

    /// <summary>What the urgency means.</summary>
    public Tone UrgencyTone => Urgency is ContactUrgency.Due ? Tone.Attention : Tone.Stop;

    internal static ReferralRow Of(Referral one, DateOnly today, ReferralPartners? names = null) => new()
    {
        ContactBy = one.ContactBy, Urgency = FirstContact.Of(one, today), From = one.FromId is null ? null : Guid.Parse(one.FromId), Outcome = one.Outcome, ErasedOn = one.ErasedAt is { } erased ? BelgianTime.DayOf(erased) : null,
        Id = Guid.Parse(one.Id), Partner = names?.NameOf(one.Partner) ?? one.Partner, Service = one.Service, State = one.State, On = one.ReceivedOn, NextOn = one.NextOn, DeleteBy = one.DeleteBy, ConfirmBy = one.ConfirmBy,
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
    /// <summary>What came in with the referral from which this one is made, to be copied by hand; nothing of it is ticked.</summary>
    public IReadOnlyDictionary<RecordField, string> Offered { get; init; } = new Dictionary<RecordField, string>();

    /// <summary>Whose draft this is in the browser: a digest, never a name.</summary>
    public required string Owner { get; init; }

    /// <summary>Whether nothing was typed yet, so that a draft may be put back.</summary>
    public bool IsFresh { get; init; }

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
    /// <summary>What is wrong with what comes along at sending.</summary>
    public IReadOnlyList<FieldError> Errors { get; init; } = [];

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
public sealed record AttemptView(DateOnly Day, string Channel, bool Reached, string ByName)
{
    /// <summary>Whether what is known here, and from whom, was left in writing.</summary>
    public bool HasNotice { get; init; }
}

/// <summary>What one of the two services said.</summary>
/// <param name="Act">The step.</param>
/// <param name="At">When it was said or heard here.</param>
public sealed record StepView(string Act, DateTimeOffset At);

/// <summary>A referral that came in, opened.</summary>
/// <param name="Row">How far it is.</param>
/// <param name="PartnerName">Name of the organisation that refers.</param>
/// <param name="Record">What was shared.</param>
/// <param name="Attempts">Attempts to reach the person.</param>
/// <param name="Outcomes">The outcomes that can be chosen.</param>
/// <param name="Values">What was typed.</param>
/// <param name="Errors">What is wrong.</param>
public sealed record InboxView(ReferralRow Row, string PartnerName, ReferralRecord Record, IReadOnlyList<AttemptView> Attempts, IReadOnlyList<OutcomeCode> Outcomes, IReadOnlyDictionary<string, string> Values, IReadOnlyList<FieldError> Errors)
{
    /// <summary>Why it is here: the consent, under which text and clause.</summary>
    public Node.Ui.Reason? Why { get; init; }

    /// <summary>Referrals that were made from it.</summary>
    public IReadOnlyList<ReferralRow> Onward { get; init; } = [];

    /// <summary>What was typed in a field.</summary>
    /// <param name="name">The field.</param>
    public string Value(string name) => Values.GetValueOrDefault(name, "");

    /// <summary>What is wrong with a field; null for nothing.</summary>
    /// <param name="field">The field.</param>
    public string? ErrorOf(string field) => Errors.FirstOrDefault(error => error.FieldId == field)?.Text;

    /// <summary>Never what is in it.</summary>
    public override string ToString() => "[verwijzing]";
}

/// <summary>A referral from here, as its team sees it.</summary>
/// <param name="Row">How far it is.</param>
/// <param name="Record">What was shared; null once that is not kept here any more.</param>
/// <param name="Steps">What both sides said.</param>
/// <param name="PartnerName">Name of the receiving organisation.</param>
/// <param name="ServiceName">Name of the service.</param>
/// <param name="ServiceReach">How the service is reached; null when it is not declared any more.</param>
public sealed record SentView(ReferralRow Row, ReferralRecord? Record, IReadOnlyList<StepView> Steps, string PartnerName, string ServiceName, string? ServiceReach)
{
    /// <summary>When the sheet of the consent was scanned; null when it was not.</summary>
    public DateTimeOffset? ScannedAt { get; init; }

    /// <summary>What is wrong with a form on the page.</summary>
    public IReadOnlyList<FieldError> Errors { get; init; } = [];

    /// <summary>Never what is in it.</summary>
    public override string ToString() => "[doorverwijzing]";
}

/// <summary>What the person takes home. It names nobody, and holds no value that was passed on.</summary>
/// <param name="Id">Id of the referral, at random.</param>
/// <param name="On">Day of the consent.</param>
/// <param name="Until">Last day on which it counts.</param>
/// <param name="Organisation">Who refers.</param>
/// <param name="Team">Which team.</param>
/// <param name="TeamReach">How that team is reached.</param>
/// <param name="PartnerName">Organisation of the service.</param>
/// <param name="ServiceName">The service.</param>
/// <param name="ServiceReach">How it is reached; null when it is not declared any more.</param>
public sealed record ReceiptView(Guid Id, DateOnly On, DateOnly Until, string Organisation, string Team, string TeamReach, string PartnerName, string ServiceName, string? ServiceReach)
{
    /// <summary>The kinds of data that are passed on.</summary>
    public required IReadOnlyList<RecordField> Fields { get; init; }

    /// <summary>Until when a spoken consent is confirmed; null when it need not be.</summary>
    public DateOnly? ConfirmBy { get; init; }

    /// <summary>Within how many working days the service makes contact; null when it is not declared any more.</summary>
    public int? WaitingDays { get; init; }

    /// <summary>The id as a square code.</summary>
    public required QrPicture Picture { get; init; }
}

/// <summary>The queue of a team. It names no person who was referred.</summary>
/// <param name="Team">The team.</param>
/// <param name="Open">What is open, late ones first.</param>
/// <param name="Missed">What ended in the last thirty days without anybody having ended it.</param>
/// <param name="Colleagues">To whom something can be given: an id of an attestation, and the worker's name.</param>
/// <param name="Errors">What is wrong.</param>
public sealed record TeamView(string Team, IReadOnlyList<ReferralRow> Open, IReadOnlyList<ReferralRow> Missed, IReadOnlyList<FieldOption> Colleagues, IReadOnlyList<FieldError> Errors)
{
    /// <summary>What is wrong with a field; null for nothing.</summary>
    /// <param name="field">The field.</param>
    public string? ErrorOf(string field) => Errors.FirstOrDefault(error => error.FieldId == field)?.Text;
}

/// <summary>A referral as it is taken into an own file.</summary>
/// <param name="Row">How far it is.</param>
/// <param name="Record">What was shared.</param>
/// <param name="Attempts">Attempts to reach the person.</param>
/// <param name="Protocol">Id and version of the text under which it came.</param>
public sealed record OwnFileView(ReferralRow Row, ReferralRecord Record, IReadOnlyList<AttemptView> Attempts, string Protocol)
{
    /// <summary>Never what is in it.</summary>
    public override string ToString() => "[dossier]";
}
