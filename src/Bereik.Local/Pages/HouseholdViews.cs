using Bereik.Local.Contacts;
using Bereik.Local.Features;
using Bereik.Local.Households;
using Bereik.Local.Orders;
using Bereik.Local.Storage;
using Bereik.Node.Ui;
using UiReason = Bereik.Node.Ui.Reason;

namespace Bereik.Local.Pages;

/// <summary>How far it is with a household of a list (nl: stand). It follows from what was done: nobody sets it.</summary>
public enum HouseholdStatus
{
    /// <summary>Nothing was done yet (nl: nieuw).</summary>
    New,

    /// <summary>Somebody tried to reach them (nl: geprobeerd).</summary>
    Tried,

    /// <summary>They were told in writing (nl: bericht gekregen).</summary>
    Informed,

    /// <summary>Somebody spoke with them (nl: gesproken).</summary>
    Contacted,
}

/// <summary>A household as the worklist shows it.</summary>
public sealed record HouseholdView
{
    /// <summary>Its random id.</summary>
    public required Guid Id { get; init; }

    /// <summary>One beneficiary each; not empty.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Street, number and box.</summary>
    public required string Address { get; init; }

    /// <summary>Postcode and place.</summary>
    public required string Place { get; init; }

    /// <summary>How far it is.</summary>
    public required HouseholdStatus Status { get; init; }

    /// <summary>What was chosen last as the outcome, of those that do not end it; null for none.</summary>
    public string? Outcome { get; init; }

    /// <summary>Day of receipt.</summary>
    public required DateOnly ReceivedOn { get; init; }

    /// <summary>Last day to inform them; null once they know.</summary>
    public DateOnly? InformBy { get; init; }

    /// <summary>Day of the next contact; null when none was set.</summary>
    public DateOnly? NextOn { get; init; }

    /// <summary>Last day the row may be there, as it stands.</summary>
    public required DateOnly DeleteBy { get; init; }

    /// <summary>Who goes there, or null.</summary>
    public string? AssignedTo { get; init; }

    /// <summary>Why it is shown.</summary>
    public required UiReason Why { get; init; }

    /// <summary>The yes to a letter with which it came; null for a household of a list.</summary>
    public AnswerView? Answer { get; init; }

    /// <summary>What the status means.</summary>
    public Tone Tone => Status switch { HouseholdStatus.Contacted => Tone.Good, HouseholdStatus.New => Tone.Neutral, _ => Tone.Busy };

    internal static HouseholdView Of(Household row, KeptHousehold kept, int attempts, UiReason why)
    {
        var record = kept.Record;
        var box = record.Box is null ? "" : $" {(WhyRow.IsEnglish ? "box" : "bus")} {record.Box}";
        return new HouseholdView
        {
            Id = Guid.Parse(row.Id), Names = kept.Names(), Address = $"{record.Street} {record.HouseNumber}{box}".Trim(), Place = $"{record.Postcode} {record.Place}".Trim(),
            Status = row.ContactedOn is not null ? HouseholdStatus.Contacted : row.InformedOn is not null ? HouseholdStatus.Informed : attempts > 0 ? HouseholdStatus.Tried : HouseholdStatus.New,
            Outcome = row.Outcome, ReceivedOn = row.ReceivedOn, InformBy = row.InformedOn is null ? row.InformBy : null, NextOn = row.NextOn, DeleteBy = row.DeleteBy, AssignedTo = row.AssignedName, Why = why,
        };
    }

    /// <summary>Never a name.</summary>
    public override string ToString() => "[gezin]";
}

/// <summary>One page of the worklist.</summary>
/// <param name="Rows">At most 50.</param>
/// <param name="Order"><c>termijn</c> or <c>straat</c>.</param>
/// <param name="Shown">Which of them: a word of the worklist's filter.</param>
/// <param name="Page">From 1.</param>
/// <param name="Found">Rows on all pages.</param>
/// <param name="Search">What was searched for; may be personal.</param>
/// <param name="Why">Why it is empty, when it is.</param>
/// <param name="LastList">The last order, or null.</param>
/// <param name="HasOthers">Whether other teams have lists with rows.</param>
public sealed record WorklistView(IReadOnlyList<HouseholdView> Rows, string Order, string Shown, int Page, int Found, string Search, WhyEmpty Why, Guid? LastList, bool HasOthers)
{
    /// <summary>Never what was searched for.</summary>
    public override string ToString() => "worklist";
}

/// <summary>The page of one household.</summary>
/// <param name="Household">Who they are, where, and how far it is.</param>
/// <param name="ContactedOn">Day of the first conversation, or null.</param>
/// <param name="InformedOn">Day on which they were told what is known here and from whom, or null.</param>
/// <param name="Outcome">What was chosen last as the outcome, of those that do not end it; or null.</param>
/// <param name="Attempts">Attempts to reach them.</param>
/// <param name="Outcomes">The outcomes that can be chosen.</param>
/// <param name="Values">What was typed.</param>
/// <param name="Errors">What is wrong.</param>
public sealed record HouseholdPageView(
    HouseholdView Household, DateOnly? ContactedOn, DateOnly? InformedOn, OutcomeCode? Outcome, IReadOnlyList<AttemptView> Attempts, IReadOnlyList<OutcomeCode> Outcomes,
    IReadOnlyDictionary<string, string> Values, IReadOnlyList<FieldError> Errors)
{
    /// <summary>What to say at the first contact; null once they know.</summary>
    public string? Words { get; init; }

    /// <summary>The yes to a letter with which it came; null for a household of a list.</summary>
    public AnswerView? Answer { get; init; }

    /// <summary>Whether nobody has asked the person yet whether the yes is theirs.</summary>
    public bool IsToConfirm => Answer is { IsConfirmed: false };

    /// <summary>How often they may still be tried in vain.</summary>
    public required int AttemptsLeft { get; init; }

    /// <summary>The clause that says so, in words.</summary>
    public string? AttemptsRule { get; init; }

    /// <summary>The clause on passing the list on, in words.</summary>
    public string? OnwardRule { get; init; }

    /// <summary>To whom it can be given; null for who does not divide the work.</summary>
    public IReadOnlyList<FieldOption>? Colleagues { get; init; }

    /// <summary>Whether this person refers people from this workplace.</summary>
    public bool CanRefer { get; init; }

    /// <summary>What was typed in a field.</summary>
    /// <param name="name">The field.</param>
    public string Value(string name) => Values.GetValueOrDefault(name, "");

    /// <summary>What is wrong with a field; null for nothing.</summary>
    /// <param name="field">The field.</param>
    public string? ErrorOf(string field) => Errors.FirstOrDefault(error => error.FieldId == field)?.Text;

    /// <summary>Never what is in it.</summary>
    public override string ToString() => "[gezin]";
}

/// <summary>A household as it is taken into an own file.</summary>
public sealed record HouseholdFileView
{
    internal HouseholdFileView(HouseholdView household, HouseholdRecord record, IReadOnlyList<AttemptView> attempts, string protocol, string source, DateOnly? informedOn) =>
        (Household, Record, Attempts, Protocol, Source, InformedOn) = (household, record, attempts, protocol, source, informedOn);

    /// <summary>Who they are and where.</summary>
    public HouseholdView Household { get; }

    /// <summary>Attempts to reach them.</summary>
    public IReadOnlyList<AttemptView> Attempts { get; }

    /// <summary>Id and version of the text under which it came.</summary>
    public string Protocol { get; }

    /// <summary>The source that gave it.</summary>
    public string Source { get; }

    /// <summary>Day on which they were told what is known here and from whom.</summary>
    public DateOnly? InformedOn { get; }

    internal HouseholdRecord Record { get; }

    /// <summary>Never what is in it.</summary>
    public override string ToString() => "[dossier]";
}

/// <summary>What a worker has to do today.</summary>
/// <param name="Households">Households to go to, the first day first; at most 50.</param>
/// <param name="Found">How many there are in all.</param>
/// <param name="NewReferrals">Referrals that nobody took up.</param>
/// <param name="DueReferrals">Referrals of this worker, or of nobody, of which something is due.</param>
/// <param name="Answers">What partners answered to referrals of the own team in the last seven days.</param>
/// <param name="HasLists">Whether this workplace has lists.</param>
public sealed record TodayView(IReadOnlyList<HouseholdView> Households, int Found, IReadOnlyList<ReferralRow> NewReferrals, IReadOnlyList<ReferralRow> DueReferrals, IReadOnlyList<ReferralRow> Answers, bool HasLists)
{
    /// <summary>Whether there is nothing to do.</summary>
    public bool IsEmpty => Households.Count + NewReferrals.Count + DueReferrals.Count + Answers.Count == 0;

    /// <summary>Never what is in it.</summary>
    public override string ToString() => "today";
}
