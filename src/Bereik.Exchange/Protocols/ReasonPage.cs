using System.Text;
using Bereik.Domain;

namespace Bereik.Exchange.Protocols;

/// <summary>The page with every reason of a decision, made from the reasons themselves.</summary>
public static class ReasonPage
{
    /// <summary>Writes the page as Markdown.</summary>
    public static string Write()
    {
        var page = new StringBuilder("# Reasons\n\nEvery reason that a decision can give. Made by `./bereik protocol reasons`; a test keeps it up to date.\n");
        foreach (var reason in Reasons.All.Values.OrderBy(reason => reason.Code, StringComparer.Ordinal))
        {
            page.Append("\n## ").Append(reason.Code).Append("\n\n");
            if (reason.Clause is not null) page.Append("Clause `").Append(reason.Clause).Append("`.\n\n");
            page.Append("- nl: ").Append(reason.Text).Append("\n- en: ").Append(reason.TextEnglish).Append('\n');
            var cases = ShippedProtocols.All.SelectMany(protocol => protocol.Cases.Where(example => example.Reasons.Contains(reason.Code)).Select(example => $"`{protocol.Id}` {example.Id}")).ToList();
            if (cases.Count > 0) page.Append("- cases: ").AppendJoin(", ", cases).Append('\n');
        }

        return page.ToString();
    }
}
