namespace Bereik.Magda;

/// <summary>What an answer means as a whole.</summary>
public enum MagdaOutcome
{
    /// <summary>The answer carries content; warnings and information may stand beside it.</summary>
    Content,

    /// <summary>The service has nothing on this person (FOUT 30001). No failure.</summary>
    NoContent,

    /// <summary>The service could not answer (any other FOUT).</summary>
    Failed,
}

/// <summary>One answer of a MAGDA service (nl: antwoord). Holds personal data.</summary>
public sealed record MagdaAnswer
{
    /// <summary>The service, as in <c>Context/Naam</c>, such as <c>GeefKindVoordelen</c>.</summary>
    public required string Service { get; init; }

    /// <summary>The version, as in <c>Context/Versie</c>, such as <c>02.00.0000</c>; empty when the answer does not say.</summary>
    public required string Version { get; init; }

    /// <summary>The first number in the content; null when the answer has none.</summary>
    public InszText? Insz { get; init; }

    /// <summary>The typed content; <see cref="MagdaContent.None"/> when there is none or the service is another one.</summary>
    public required MagdaContent Content { get; init; }

    /// <summary>All exceptions, in the order of the message (nl: uitzonderingen).</summary>
    public IReadOnlyList<MagdaNotice> Exceptions { get; init; } = [];

    /// <summary>Numbers that this answer says were replaced (30004).</summary>
    public IReadOnlyList<ReplacedNumber> ReplacedNumbers { get; init; } = [];

    /// <summary>What deserves a look; codes and places only.</summary>
    public IReadOnlyList<MagdaFinding> Findings { get; init; } = [];

    /// <summary>The id of the first FOUT that is not 30001; null when there is none.</summary>
    public string? FailureId => Exceptions.FirstOrDefault(e => e.Type == MagdaExceptionType.Fout && e.Id != MagdaNotice.NoContentId)?.Id;

    /// <summary>Content, no content or failed.</summary>
    public MagdaOutcome Outcome =>
        FailureId is not null ? MagdaOutcome.Failed
        : Exceptions.Any(e => e.Type == MagdaExceptionType.Fout) ? MagdaOutcome.NoContent
        : MagdaOutcome.Content;

    // SECURITY: personal data never reaches a log through string formatting.
    /// <summary>A fixed word, never the content.</summary>
    public override string ToString() => "MAGDA answer";
}

/// <summary>The severity of an exception, in the words of the message.</summary>
public enum MagdaExceptionType
{
    /// <summary>The question could not be answered (nl: fout).</summary>
    Fout,

    /// <summary>There is an answer, to be read with care (nl: waarschuwing).</summary>
    Waarschuwing,

    /// <summary>There is an answer, and a remark that changes nothing (nl: informatie).</summary>
    Informatie,
}

/// <summary>An exception in an answer (nl: uitzondering). Its text may hold personal data.</summary>
public sealed record MagdaNotice
{
    internal const string NoContentId = "30001";
    internal const string ReplacedNumberId = "30004";

    /// <summary>The number MAGDA gave this exception, digits, such as <c>30001</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The severity.</summary>
    public required MagdaExceptionType Type { get; init; }

    /// <summary>The explanation in Dutch (nl: diagnose); may be empty.</summary>
    public required string Text { get; init; }

    /// <summary>Who raised it, such as <c>MAGDA</c> or <c>RR</c>; empty when not said.</summary>
    public required string Origin { get; init; }

    /// <summary>The severity as the message writes it: FOUT, WAARSCHUWING or INFORMATIE.</summary>
    public string TypeName => Type switch
    {
        MagdaExceptionType.Fout => "FOUT",
        MagdaExceptionType.Waarschuwing => "WAARSCHUWING",
        _ => "INFORMATIE",
    };

    // SECURITY: a diagnosis may quote the question.
    /// <summary>The id only.</summary>
    public override string ToString() => $"MAGDA exception {Id}";
}

/// <summary>A person whose number was replaced: both numbers are of the same person (30004).</summary>
public sealed record ReplacedNumber
{
    /// <summary>The number of before (nl: oud INSZ).</summary>
    public required InszText Old { get; init; }

    /// <summary>The number that replaced it (nl: nieuw INSZ).</summary>
    public required InszText New { get; init; }

    /// <summary>A fixed word, never the numbers.</summary>
    public override string ToString() => "replaced number";
}
