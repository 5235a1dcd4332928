using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Bereik.Node.Logging;

// One line an event: time, level, category, text. SECURITY: the text is the message's own constant template; of its values only numbers,
// instants, ids and stable codes are written, since any other text may be about somebody. Scopes are not written. Of an exception only
// the types and the stack are, never its message, which may quote what was read. Numbers that look like an INSZ are taken out of it all.
internal sealed partial class NodeLogFormatter(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "bereik";
    public const string HiddenText = "[tekst]";
    private const string Template = "{OriginalFormat}";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var line = new StringBuilder()
            .Append(clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture))
            .Append(' ').Append(Level(logEntry.LogLevel))
            .Append(' ').Append(logEntry.Category)
            .Append(": ").Append(PersonalNumberFilter.Clean(Text(logEntry.State)));
        if (logEntry.Exception is { } error) line.Append(PersonalNumberFilter.Clean(Describe(error)));
        textWriter.WriteLine(line.ToString().ReplaceLineEndings(" "));
    }

    // Types and stacks, without a message.
    internal static string Describe(Exception? error)
    {
        var text = new StringBuilder();
        for (; error is not null; error = error.InnerException)
        {
            text.Append(" | ").Append(error.GetType().FullName);

            // Which rule of the store it was: a number of SQLite, which says nothing about anybody.
            if (error is SqliteException store) text.Append(CultureInfo.InvariantCulture, $" ({store.SqliteExtendedErrorCode})");
            if (error.StackTrace is { } stack) text.Append(' ').Append(stack.ReplaceLineEndings(" "));
        }

        return text.ToString();
    }

    private static string Text<TState>(TState state)
    {
        if (state is not IReadOnlyList<KeyValuePair<string, object?>> values) return HiddenText;
        if (values.LastOrDefault(value => value.Key == Template).Value is not string template) return HiddenText;
        return Hole().Replace(template, hole => Shown(values.FirstOrDefault(value => value.Key == hole.Groups["name"].Value).Value));
    }

    private static string Shown(object? value) => value switch
    {
        null => "-",
        Enum word => word.ToString(),
        bool or Guid or TimeSpan or DateTimeOffset => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        short or int or long or float or double => Short(Convert.ToString(value, CultureInfo.InvariantCulture)!),
        string text when Code().IsMatch(text) => text,
        _ => HiddenText,
    };

    // As a number an INSZ loses its leading zeros, three at the most.
    private static string Short(string number) => number.Count(char.IsAsciiDigit) >= 8 ? PersonalNumberFilter.Word : number;

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        _ => "error",
    };

    // {Name}, {Name:format}, {Name,width}.
    [GeneratedRegex(@"\{(?<name>[A-Za-z0-9_@$]+)[^{}]*\}", RegexOptions.CultureInvariant)]
    private static partial Regex Hole();

    // A stable code of this software, such as envelope.build: at least two words with a dot between them and nothing else.
    [GeneratedRegex(@"\A[a-z][A-Za-z]{0,31}(\.[a-z][A-Za-z]{0,31}){1,3}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Code();
}
