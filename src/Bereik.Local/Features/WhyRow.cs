using System.Globalization;
using Bereik.Domain;
using Bereik.Local.Storage;
using Bereik.Node.Registers;
using UiReason = Bereik.Node.Ui.Reason;

namespace Bereik.Local.Features;

// The answer to "Waarom zie ik dit?": the clause that the row carries, in plain words.
internal static class WhyRow
{
    public static bool IsEnglish => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "en";

    public static UiReason Of(IReceivedRow row, RegisterView register)
    {
        var protocol = register.Text(row.ProtocolHash);
        var clause = protocol?.Clause(row.Clause);
        return new UiReason(
            protocol is null ? row.ProtocolId : $"{protocol.Title.In(IsEnglish)} {protocol.Version}",
            IsEnglish ? $"clause '{row.Clause}'" : $"bepaling '{row.Clause}'",
            clause is null ? row.Clause : IsEnglish ? clause.En : clause.Nl)
        {
            Until = row.DeleteBy,
            LogEntry = row.ListId,
        };
    }

    public static string Text(Reason reason) => IsEnglish ? reason.TextEnglish : reason.Text;
}
