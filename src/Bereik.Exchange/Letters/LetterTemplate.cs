using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Bereik.Exchange.Letters;

/// <summary>
/// The approved text of a letter that a source sends (nl: brieftekst), for the first letter and the one reminder. Everybody may read it; it says nothing about a person.
/// What a local government or the source fills in are its <see cref="Parts"/>, and nothing else can change.
/// </summary>
public sealed record LetterTemplate
{
    /// <summary>Id, such as <c>groeipakket-brief</c>.</summary>
    [RegularExpression("[a-z][a-z-]{2,39}")]
    public required string Id { get; init; }

    /// <summary>Version, such as <c>0.1</c>.</summary>
    [RegularExpression("[0-9]{1,3}\\.[0-9]{1,3}")]
    public required string Version { get; init; }

    /// <summary>Id of the protocol under which it is sent.</summary>
    [RegularExpression("[a-z][a-z-]{2,39}")]
    public required string Protocol { get; init; }

    /// <summary>Who sends it: the organisation that the family knows.</summary>
    public required LetterSender Sender { get; init; }

    /// <summary>What is filled in, each part once.</summary>
    [MinLength(1)]
    public required IReadOnlyList<LetterPart> Parts { get; init; }

    /// <summary>The text, block by block, in the order in which it is read.</summary>
    [MinLength(1)]
    public required IReadOnlyList<LetterBlock> Blocks { get; init; }

    /// <summary>The few words in other languages that stand on one line; may be empty.</summary>
    public required IReadOnlyList<LetterHelp> Languages { get; init; }

    /// <summary>SHA-256 of the canonical JSON, base64url. Set by whoever read the document, never in it.</summary>
    [JsonIgnore]
    public string Hash { get; init; } = "";
}

/// <summary>Who sends a letter (nl: afzender).</summary>
public sealed record LetterSender
{
    /// <summary>The name that the family knows; the largest words of the page.</summary>
    [StringLength(24, MinimumLength = 2)]
    public required string Name { get; init; }

    /// <summary>Organisation and address, on one line.</summary>
    [StringLength(80, MinimumLength = 2)]
    public required string Line { get; init; }
}

/// <summary>Who fills in a part.</summary>
public enum LetterFiller
{
    /// <summary>The source that sends the letter.</summary>
    Source,

    /// <summary>The local government for which it is sent.</summary>
    Recipient,
}

/// <summary>What may stand in a part.</summary>
public enum LetterPartKind
{
    /// <summary>Words on one line; no address of a page or mailbox.</summary>
    Text,

    /// <summary>A Belgian telephone number.</summary>
    Phone,

    /// <summary>A day, written as 2027-01-31; printed in Dutch.</summary>
    Day,

    /// <summary>The address of a mailbox.</summary>
    Mail,
}

/// <summary>One part that is filled in (nl: invulveld).</summary>
public sealed record LetterPart
{
    /// <summary>Name, as it stands between braces in the text.</summary>
    [RegularExpression("[a-z][A-Za-z]{1,19}")]
    public required string Id { get; init; }

    /// <summary>Who fills it in.</summary>
    public required LetterFiller FilledBy { get; init; }

    /// <summary>What may stand in it.</summary>
    public required LetterPartKind Kind { get; init; }

    /// <summary>Most characters, 4 to 80.</summary>
    [Range(4, 80)]
    public required int Most { get; init; }

    /// <summary>What is asked, in Dutch.</summary>
    [StringLength(120, MinimumLength = 4)]
    public required string Nl { get; init; }

    /// <summary>The same in English.</summary>
    [StringLength(120, MinimumLength = 4)]
    public required string En { get; init; }

    /// <summary>An invented value, with which the letter is shown and tested.</summary>
    [StringLength(80, MinimumLength = 2)]
    public required string Example { get; init; }
}

/// <summary>The letters that one text makes.</summary>
public enum LetterVariant
{
    /// <summary>The first.</summary>
    First,

    /// <summary>The one reminder, to everybody who got the first.</summary>
    Reminder,
}

/// <summary>Where a block stands on the page.</summary>
public enum LetterPlace
{
    /// <summary>At the left of the window: the day, and who writes.</summary>
    Head,

    /// <summary>Below that, above the text.</summary>
    Title,

    /// <summary>The text.</summary>
    Main,

    /// <summary>Beside it: how to answer.</summary>
    Answer,

    /// <summary>Below the answer.</summary>
    Help,

    /// <summary>Below all of it, over the whole width.</summary>
    Foot,

    /// <summary>The slip that is cut off.</summary>
    Slip,
}

/// <summary>How a block looks, and what the program adds to it.</summary>
public enum LetterStyle
{
    /// <summary>A heading.</summary>
    Heading,

    /// <summary>Plain text.</summary>
    Text,

    /// <summary>What may not be missed.</summary>
    Strong,

    /// <summary>One of several ways.</summary>
    Item,

    /// <summary>A label, with the number of the letter.</summary>
    Number,

    /// <summary>A label, with the secret code in the letter; on the slip with boxes to write it in.</summary>
    Code,

    /// <summary>A label, with the square code that a telephone reads.</summary>
    Picture,

    /// <summary>A label, with the words in other languages.</summary>
    Languages,
}

/// <summary>One block of the text.</summary>
public sealed record LetterBlock
{
    /// <summary>Name of the block.</summary>
    [RegularExpression("[a-z][A-Za-z]{1,19}")]
    public required string Id { get; init; }

    /// <summary>Where it stands.</summary>
    public required LetterPlace Place { get; init; }

    /// <summary>How it looks.</summary>
    public required LetterStyle Style { get; init; }

    /// <summary>The one variant in which it stands; null when in both.</summary>
    public LetterVariant? Only { get; init; }

    /// <summary>Language (BCP 47) when it is not Dutch; such a block needs a ground in the protocol.</summary>
    [RegularExpression("[a-z]{2,3}")]
    public string? Language { get; init; }

    /// <summary>Its words, with parts as <c>{name}</c>.</summary>
    [StringLength(400, MinimumLength = 2)]
    public required string Text { get; init; }
}

/// <summary>The words that tell somebody in another language that there is help.</summary>
public sealed record LetterHelp
{
    /// <summary>Language (BCP 47).</summary>
    [RegularExpression("[a-z]{2,3}")]
    public required string Language { get; init; }

    /// <summary>A few words.</summary>
    [StringLength(32, MinimumLength = 2)]
    public required string Text { get; init; }
}
