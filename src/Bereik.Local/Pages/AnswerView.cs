using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Local.Storage;

namespace Bereik.Local.Pages;

/// <summary>The yes to a letter with which a household came.</summary>
/// <param name="IsConfirmed">Whether the person stood for it at the first contact.</param>
/// <param name="IsAssisted">Whether a worker of this organisation typed for the person.</param>
/// <param name="Method">By which way it came.</param>
/// <param name="GivenOn">The day on which it was given.</param>
/// <param name="Choices">What was chosen: keys of texts, such as <c>contact.visit</c>; may be empty.</param>
public sealed record AnswerView(bool IsConfirmed, bool IsAssisted, AnswerMethod Method, DateOnly GivenOn, IReadOnlyList<string> Choices)
{
    internal static AnswerView Of(Answer answer, AnswerChoices? choices)
    {
        (string Name, string? Word)[] all = [("contact", choices?.Contact), ("language", choices?.Language), ("partOfDay", choices?.PartOfDay), ("topic", choices?.Topic)];
        return new AnswerView(answer.ConfirmedOn is not null, answer.Assurance == ConsentAssurance.Assisted, answer.Method, answer.GivenOn, [.. all.Where(one => one.Word is not null).Select(one => $"{one.Name}.{one.Word}")]);
    }

    /// <summary>Nothing of what was chosen.</summary>
    public override string ToString() => "answer";
}
