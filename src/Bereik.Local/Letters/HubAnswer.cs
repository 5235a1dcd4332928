using Bereik.Exchange.Contracts;

namespace Bereik.Local.Letters;

// A yes as the hub tells it to this node. Members that this version does not know are left alone.
internal sealed record HubAnswer(long Changed, Guid Id, Guid Wave, string? Number, string State, bool IsHandedOut, bool IsErased, string Assurance, string Method, DateOnly GivenOn, DateOnly Until, DateOnly? EraseBy)
{
    public override string ToString() => $"answer {Id}";
}

internal sealed record HubAnswerPage(IReadOnlyList<HubAnswer> Items, string? Next);

// What is sealed of a yes, and what was chosen.
internal sealed record HubSealedAnswer(string Inner, AnswerChoices Choices)
{
    public override string ToString() => "sealed answer";
}

// What somebody takes home who said yes.
internal sealed record HubReceipt(string Receipt)
{
    public override string ToString() => "receipt";
}
