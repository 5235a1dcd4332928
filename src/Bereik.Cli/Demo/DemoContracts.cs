namespace Bereik.Cli.Demo;

// What the nodes tell a person's program, as far as the demo needs it; other members are skipped.

internal sealed record RegisterAnswer(int Persons, int Children, int Families, IReadOnlyList<ImportAnswer> Imports);

internal sealed record ImportAnswer(string State, int New, int Changed, int Unchanged, IReadOnlyList<FileErrorAnswer>? Errors);

internal sealed record FileErrorAnswer(string? File, string Code);

internal sealed record RequestAnswer(
    string Id, string Recipient, string Flow, string ReferenceMonth, string State, int? Selected,
    IReadOnlyList<CountAnswer>? Withheld, IReadOnlyList<CountAnswer>? Reported, ProgressAnswer? Progress);

internal sealed record CountAnswer(string Reason, int Count);

internal sealed record ProgressAnswer(long Done, long Total, string? Step);

internal sealed record ListAnswer(
    string Id, string Flow, string ReferenceMonth, string State, string? Step, ProgressAnswer? Progress, int Known, int? Delivered, IReadOnlyList<ReasonAnswer>? Reasons);

internal sealed record ReasonAnswer(string Code, string Text);

internal sealed record LocalFileAnswer(string Kind, int Accepted, IReadOnlyList<RowErrorAnswer>? Errors);

internal sealed record RowErrorAnswer(int Row, string? Column, string Code);

internal sealed record ReferralAnswer(IReadOnlyDictionary<string, int> Made, IReadOnlyDictionary<string, int> Received, int Erased);

internal sealed record ItemsAnswer<T>(IReadOnlyList<T> Items);

internal sealed record WaveAnswer(string Id, string State, int Invited, int Yes, int Released, int Confirmed, int Withdrawn, int Erased);

internal sealed record SourceWaveAnswer(string Id, string State, int Letters, int Objected, int Denied);
