using Bereik.Exchange.Log;
using Bereik.Hub.Register;
using Bereik.Node.Ui;

namespace Bereik.Hub.Log;

// What an entry says to people.
internal static class LogWords
{
    public static string What(Texts texts, LogEntry? entry)
    {
        if (entry is null) return texts["Log.Unreadable"];
        var described = LogEntryFormat.Described(entry);
        return Words.IsEnglish ? described.TextEnglish : described.Text;
    }

    // What was decided, where an entry tells a decision of the hub.
    public static string? Outcome(LogEntry? entry) => entry switch
    {
        LogEntry.OrderPlaced placed => placed.Outcome,
        LogEntry.TokensDeposited tokens => tokens.Outcome,
        LogEntry.EnvelopeDeposited envelope => envelope.Outcome,
        LogEntry.ExchangeMatched matched => matched.Outcome,
        LogEntry.OrderEnded ended => ended.Outcome,
        _ => null,
    };
}
