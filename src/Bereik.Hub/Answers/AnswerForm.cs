using Bereik.Exchange.Contracts;

namespace Bereik.Hub.Answers;

// A form of the answer page as it was sent. It carries no authority but what is typed, so it has no token against forgery and needs no cookie: who makes somebody else send it must know number and code,
// and could then send it alone.
internal sealed record AnswerForm
{
    private const int MostTyped = 64;

    public required string Step { get; init; }

    public required string Number { get; init; }

    // SECURITY: text that the framework read, and cannot be wiped; it goes with the request, and into no page, address or message.
    public required string Code { get; init; }

    public required string? Language { get; init; }

    public required AnswerChoices Choices { get; init; }

    public required string Act { get; init; }

    // Of the mail room alone: slip or telephone.
    public required string Way { get; init; }

    // Null when it is no such form: another kind of body, a field twice, or words that no page of ours sends.
    public static async Task<AnswerForm?> ReadAsync(HttpRequest http, CancellationToken cancel)
    {
        if (http.ContentType?.Split(';')[0].Trim() is not "application/x-www-form-urlencoded") return null;
        IFormCollection sent;
        try
        {
            sent = await http.ReadFormAsync(cancel);
        }
        catch (InvalidDataException)
        {
            return null;
        }

        if (sent.Any(field => field.Value.Count != 1)) return null;
        string Of(string name) => sent.TryGetValue(name, out var value) ? value.ToString() : "";
        string? Chosen(string name) => Of(name) is { Length: > 0 } word ? word : null;
        var form = new AnswerForm
        {
            Step = Of("stap"),
            Number = Short(Of(Typed.NumberField)),
            Code = Short(Of(Typed.CodeField)),
            Language = Chosen("taal"),
            Act = Of("wat"),
            Way = Of("weg"),
            Choices = new AnswerChoices { Contact = Chosen("contact"), Language = Chosen("spreektaal"), PartOfDay = Chosen("dagdeel"), Topic = Chosen("onderwerp") },
        };
        return form.Choices.FindWrongMember() is null ? form : null;
    }

    public override string ToString() => Step;

    // Longer than anybody types: one sign more is enough to be told so.
    private static string Short(string typed) => typed.Length > MostTyped ? typed[..(MostTyped + 1)] : typed;
}
