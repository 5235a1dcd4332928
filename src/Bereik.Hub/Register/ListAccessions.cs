using Bereik.Domain;
using Bereik.Exchange.Reference;
using Bereik.Node.Registers;
using Bereik.Node.Ui;

namespace Bereik.Hub.Register;

// GET /toetredingen?protocol=id: which organisations joined what. Who did not is not listed: it says nothing about them.
internal static class ListAccessions
{
    public static async Task<IResult> ShowAsync(string? protocol, int? pagina, ProtocolRegister register, RegisterBoard board, HubSettings settings, CancellationToken cancel)
    {
        var day = await board.PresentAsync(register, cancel);
        var chosen = day.Find(protocol ?? "")?.Id ?? "";
        var all = (chosen.Length > 0 ? day.Versions(chosen) : day.Texts).SelectMany(text => day.Accessions(text).Select(one => (Text: text, Standing: one))).OrderByDescending(one => one.Standing.Act.Sequence).ToList();
        var page = Math.Clamp(pagina ?? 1, 1, Math.Max(1, (all.Count + Pagination.PageSize - 1) / Pagination.PageSize));
        var lines = all.Skip((page - 1) * Pagination.PageSize).Take(Pagination.PageSize)
            .Select(one => new AccessionLine(one.Standing.Act.By.Value, settings.NameOf(one.Standing.Act.By.Value), one.Text, one.Standing)).ToList();
        var municipalities = Municipalities.All.Where(one => one.IsValidOn(day.Today)).ToList();
        return UiSetup.Page<AccessionsPage>(new
        {
            Model = new AccessionsView(
                lines, page, all.Count, chosen, [.. day.Latest], day.Joined(OrganisationKind.Municipality), municipalities.Count,
                day.Joined(OrganisationKind.PublicCentreForWelfare), municipalities.Count(one => one.HasOcmw)),
        });
    }
}
