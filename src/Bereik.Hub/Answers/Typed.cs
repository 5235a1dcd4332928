using Bereik.Exchange.Invitations;
using Bereik.Node.Ui;

namespace Bereik.Hub.Answers;

// What somebody typed as number or code, and what is kindly said of it when it is neither. Told before anything is derived or looked up.
// SECURITY: of a code nothing is ever said back but how many characters there were; and of a number only what has exactly its length, since people type the code there too.
internal static class Typed
{
    public const string NumberField = "nummer";
    public const string CodeField = "code";
    private const int NumberGroup = 3;

    public static LetterNumber? Number(string typed, AnswerWords words, List<FieldError> errors)
    {
        if (LetterNumber.TryRead(typed, out var number)) return number;
        var signs = Signs(typed);
        errors.Add(new FieldError(NumberField, signs.Length switch
        {
            0 => words["number.empty"],
            LetterNumber.TextLength => signs.All(char.IsAsciiLetterOrDigit) && !signs.AsSpan().ContainsAny("Uu") ? words["number.wrong", ("typed", Grouped(signs))] : words["number.strange"],
            var count => words["number.count", ("count", Count(count))],
        }));
        return null;
    }

    public static SecretCode? Code(string typed, AnswerWords words, List<FieldError> errors)
    {
        if (SecretCode.TryRead(typed, out var code)) return code;
        errors.Add(new FieldError(CodeField, Signs(typed).Length switch
        {
            0 => words["code.empty"],
            SecretCode.TextLength => words["code.wrong"],
            var count => words["code.count", ("count", Count(count))],
        }));
        return null;
    }

    // What may stand in the field again: only what could be a number.
    public static string Again(string typed) => Signs(typed) is { Length: LetterNumber.TextLength } signs ? Grouped(signs) : "";

    // Letters and digits as they were meant: white space and every dash between them are nothing.
    private static string Signs(string typed) => string.Concat(typed.Where(sign => !char.IsWhiteSpace(sign) && sign is not ('-' or '\u00AD' or '\u2212' or (>= '\u2010' and <= '\u2015'))));

    private static string Grouped(string signs) => string.Join('-', signs.ToUpperInvariant().Chunk(NumberGroup).Select(group => new string(group)));

    private static string Count(int count) => count.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
