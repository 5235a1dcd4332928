using Bereik.Node.Ui;

namespace Bereik.Local.Contacts;

/// <summary>One attempt to reach somebody, as a worker tells it on a form (nl: contactpoging).</summary>
/// <param name="Key">Of the form, so that one that is sent twice tells one attempt.</param>
/// <param name="Channel">By which channel, one of <see cref="Channels"/>.</param>
/// <param name="IsReached">Whether somebody spoke with the person.</param>
/// <param name="HasNotice">Whether what is known here, and from whom, was left in writing.</param>
/// <param name="Next">Day of the next contact; null when none was set.</param>
internal sealed record ToldContact(string Key, string Channel, bool IsReached, bool HasNotice, DateOnly? Next)
{
    public static readonly IReadOnlyList<string> Channels = ["phone", "letter", "visit", "desk"];

    /// <summary>Reads a form.</summary>
    /// <returns>Null, with the field and the text that says what is wrong with it.</returns>
    public static ToldContact? Read(IFormCollection form, DateOnly today, out WrongField? wrong)
    {
        var (channel, reached, notice) = (form["kanaal"].ToString(), form["bereikt"].ToString(), form["bericht"] == "ja");
        wrong = !Channels.Contains(channel) ? new WrongField("kanaal", "Referral.Error.Choose") : reached is not ("ja" or "nee") ? new WrongField("bereikt", "Referral.Error.Choose") : null;
        if (wrong is null && notice && reached == "nee" && channel is not ("letter" or "visit")) wrong = new WrongField("bericht", "Contact.Error.Notice");
        var next = NextDay(form, today, "volgende", out var wrongDay);
        wrong ??= wrongDay;
        if (wrong is not null) return null;
        var key = Guid.TryParseExact(form["poging"].ToString(), "D", out var sent) ? sent : Guid.NewGuid();
        return new ToldContact(key.ToString("D"), channel, reached == "ja", notice, next);
    }

    /// <summary>The day of the next contact on a form, today or later; null when the field is empty or wrong.</summary>
    public static DateOnly? NextDay(IFormCollection form, DateOnly today, string field, out WrongField? wrong)
    {
        wrong = null;
        if (form["volgende"].ToString().Trim() is not { Length: > 0 } text) return null;
        if (DayText.TryParse(text, out var day) && day >= today) return day;
        wrong = new WrongField(field, "Referral.Error.Day");
        return null;
    }
}

/// <summary>A field of a form, and the key of the text that says what is wrong with it.</summary>
internal sealed record WrongField(string Field, string Text);
