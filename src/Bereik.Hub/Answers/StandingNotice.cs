namespace Bereik.Hub.Answers;

/// <summary>What happened just now to the yes that is shown (nl: melding).</summary>
public enum StandingNotice
{
    /// <summary>Nothing: it was looked at.</summary>
    None,

    /// <summary>Somebody said yes again.</summary>
    Already,

    /// <summary>It was taken back.</summary>
    Withdrawn,

    /// <summary>It was stopped, for good.</summary>
    Nevered,

    /// <summary>What was asked cannot be done as it stands.</summary>
    NotNow,
}
