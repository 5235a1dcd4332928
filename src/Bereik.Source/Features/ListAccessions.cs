using System.Globalization;
using Bereik.Domain;
using Bereik.Exchange.Protocols;
using Bereik.Node.Ui;
using Bereik.Source.Pages;
using Bereik.Source.Protocols;

namespace Bereik.Source.Features;

// Who acceded to this organisation's protocols.
internal static class ListAccessions
{
    public static async Task<IResult> ShowAsync(string? protocol, string? pagina, OwnTexts own, CancellationToken cancel)
    {
        var texts = await own.AllAsync(cancel);
        var chosen = texts.FirstOrDefault(text => Key(text.Protocol) == protocol);
        var rows = texts.Where(text => chosen is null || text == chosen)
            .SelectMany(text => text.View.Accessions(text.Protocol, text.Today).Select(standing => Row(text, standing, own)))
            .OrderBy(row => row.Name, StringComparer.CurrentCultureIgnoreCase).ThenBy(row => row.Path, StringComparer.Ordinal).ToList();
        var pages = Math.Max(1, (rows.Count + Pagination.PageSize - 1) / Pagination.PageSize);
        var page = Math.Clamp(int.TryParse(pagina, NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : 1, 1, pages);
        return UiSetup.Page<AccessionsPage>(new
        {
            Model = new AccessionsView([.. rows.Skip((page - 1) * Pagination.PageSize).Take(Pagination.PageSize)], [.. texts.Select(text => text.Protocol)], chosen?.Protocol, page, rows.Count),
        });
    }

    // Names a text in the address of the page.
    public static string Key(Protocol protocol) => $"{protocol.Id}/{protocol.Version}";

    public static string PathOf(string organisation, string protocol, string version) => $"/toetredingen/{organisation}/{protocol}/{version}";

    // One that is not met goes before any that lapses.
    private static LapsingMeasure? FirstToLapse(Accession accession) =>
        (FrameworkFile.Find(accession.FrameworkHash)?.Measures ?? []).Where(measure => measure.Blocking)
            .Select(measure => new LapsingMeasure(measure, AccessionStanding.LastDay(accession, measure))).MinBy(one => one.LastDay ?? DateOnly.MinValue);

    private static AccessionRow Row(OwnText text, AccessionStanding standing, OwnTexts own)
    {
        var accession = standing.Act.Accession;
        return new AccessionRow(own.NameOf(accession.Organisation), PathOf(accession.Organisation, text.Protocol.Id, text.Protocol.Version), text.Protocol, standing, FirstToLapse(accession));
    }
}
