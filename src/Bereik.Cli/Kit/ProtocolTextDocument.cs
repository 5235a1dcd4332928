namespace Bereik.Cli.Kit;

/// <summary>The clauses for people, as the annex of the decision (nl: tekst van het protocol).</summary>
internal static class ProtocolTextDocument
{
    public static HtmlPage Write(KitFacts facts)
    {
        var protocol = facts.Protocol;
        var page = facts.Page($"Tekst van het protocol: {protocol.Title.Nl}");
        page.P(protocol.Summary.Nl);
        page.P($"Versie {protocol.Version}. De ondertekende tekst is het bestand met hash {Html.Element("span", "code", protocol.Hash)}. Verschilt deze weergave ervan, dan geldt het bestand.");
        page.Table(["Bepaling", "Tekst"], protocol.Clauses.Select(clause => (IEnumerable<Html>)[clause.Id, KitFacts.Say(clause)]));
        return page;
    }
}
