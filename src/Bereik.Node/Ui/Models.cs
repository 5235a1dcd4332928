namespace Bereik.Node.Ui;

/// <summary>What a notice or status means; decides colour and icon, which never stand without a word.</summary>
public enum Tone
{
    /// <summary>Nothing to do.</summary>
    Neutral,

    /// <summary>Under way.</summary>
    Busy,

    /// <summary>Went well.</summary>
    Good,

    /// <summary>Needs a look.</summary>
    Attention,

    /// <summary>Stopped or refused.</summary>
    Stop,
}

/// <summary>One thing wrong in a form.</summary>
/// <param name="FieldId">Id of the field to go to.</param>
/// <param name="Text">What is wrong and what to do, in the page's language.</param>
public sealed record FieldError(string FieldId, string Text);

/// <summary>One choice of a select, radio group or group of check boxes.</summary>
/// <param name="Value">What the form sends; never personal data in a GET form.</param>
/// <param name="Text">What people read.</param>
/// <param name="Hint">More about the choice, or null.</param>
/// <param name="Reveals">Which part of the <c>Reveal</c> around it is shown once it is chosen: <c>a</c>, <c>b</c>, or null for none.</param>
public sealed record FieldOption(string Value, string Text, string? Hint = null, string? Reveals = null);

/// <summary>Shape of a <c>Field</c>.</summary>
public enum FieldKind
{
    /// <summary>One line of text.</summary>
    Text,

    /// <summary>A search term.</summary>
    Search,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>Several lines of text.</summary>
    TextArea,

    /// <summary>One of a list.</summary>
    Select,

    /// <summary>A day, as text.</summary>
    Day,

    /// <summary>A file.</summary>
    File,
}

/// <summary>How far a step is.</summary>
public enum StepState
{
    /// <summary>Still to come.</summary>
    Waiting,

    /// <summary>Under way now.</summary>
    Current,

    /// <summary>Done.</summary>
    Done,

    /// <summary>Stopped here.</summary>
    Failed,
}

/// <summary>One step of a process.</summary>
/// <param name="Text">What happens in it.</param>
/// <param name="State">How far it is.</param>
/// <param name="Detail">When, by whom, or why; null for nothing.</param>
public sealed record ProcessStep(string Text, StepState State, string? Detail = null);

/// <summary>The reason a row or field is shown (nl: waarom zie ik dit).</summary>
/// <param name="Protocol">Name of the protocol.</param>
/// <param name="Clause">Its clause, such as <c>artikel 4</c>.</param>
/// <param name="Sentence">The clause in plain words, in the page's language.</param>
public sealed record Reason(string Protocol, string Clause, string Sentence)
{
    /// <summary>The consent it rests on, in words, or null.</summary>
    public string? Consent { get; init; }

    /// <summary>Last day it may be seen (Europe/Brussels), or null.</summary>
    public DateOnly? Until { get; init; }

    /// <summary>Its entry in the log, or null.</summary>
    public string? LogEntry { get; init; }

    /// <summary>Where everybody can read that entry, or null.</summary>
    public string? LogEntryHref { get; init; }

    /// <summary>Proofs that the persons of the row can keep: whose, when there are several, and where each is made.</summary>
    public IReadOnlyList<ProofLink> Proofs { get; init; } = [];

    /// <summary>A fixed word: the consent may say something about a person.</summary>
    public override string ToString() => nameof(Reason);
}

/// <summary>Where the proof of one person is made (nl: bewijs voor een persoon).</summary>
/// <param name="Name">Whose, or null when there is only one.</param>
/// <param name="Href">Where; never with anything personal.</param>
public sealed record ProofLink(string? Name, string Href)
{
    /// <summary>Never the name.</summary>
    public override string ToString() => Href;
}

/// <summary>The four parties.</summary>
public enum Party
{
    /// <summary>The agency that knows the families (nl: bron).</summary>
    Source,

    /// <summary>The neutral operator (nl: knooppunt).</summary>
    Hub,

    /// <summary>The local government (nl: lokaal knooppunt).</summary>
    Local,

    /// <summary>The trustee that makes pseudonyms (nl: pseudonimiseringsdienst).</summary>
    Pseudonymiser,
}

/// <summary>What one party saw of an exchange.</summary>
/// <param name="Party">Which party.</param>
/// <param name="Name">Its name.</param>
/// <param name="Saw">What it saw in the clear; empty for nothing.</param>
/// <param name="Sealed">What passed it sealed or not at all.</param>
public sealed record PartyView(Party Party, string Name, IReadOnlyList<string> Saw, IReadOnlyList<string> Sealed);

/// <summary>One bar of a funnel.</summary>
/// <param name="Text">What is counted.</param>
/// <param name="Count">How many, not negative.</param>
public sealed record FunnelStep(string Text, long Count);
