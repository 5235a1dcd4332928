using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Bereik.Node.Logging;

// One line an event: time, level, category, text. SECURITY: of an exception only the types and the stack are written, never its
// message, which may quote what was read; numbers that look like an INSZ are taken out of everything.
internal sealed class NodeLogFormatter(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "bereik";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var line = new StringBuilder()
            .Append(clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture))
            .Append(' ').Append(Level(logEntry.LogLevel))
            .Append(' ').Append(logEntry.Category)
            .Append(": ").Append(logEntry.Formatter(logEntry.State, null));
        for (var error = logEntry.Exception; error is not null; error = error.InnerException)
        {
            line.Append(" | ").Append(error.GetType().FullName);
            if (error.StackTrace is { } stack) line.Append(' ').Append(stack.ReplaceLineEndings(" "));
        }

        textWriter.WriteLine(PersonalNumberFilter.Clean(line.ToString().ReplaceLineEndings(" ")));
    }

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        _ => "error",
    };
}
