using Bereik.Domain;
using Bereik.Node.Errors;
using Bereik.Node.Ui;
using Bereik.Node.Work;
using Bereik.Source.Pages;
using Bereik.Source.Protocols;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Source.Features;

// The whole act with which an organisation acceded, and its requests under it.
internal static class ShowAccession
{
    private const int MostRequests = 50;

    public static async Task<IResult> ShowAsync(
        string organisation, string id, string version, string? gedaan, OwnTexts own, SourceDatabase database, WorkProgress progress, CancellationToken cancel)
    {
        if (await FindAsync(organisation, id, version, own, cancel) is not var (text, standing)) return ErrorCatalogue.NotFound.Problem();
        var ids = await database.Requests.AsNoTracking().Where(request => request.Recipient == organisation && request.Protocol == id && request.ProtocolVersion == version)
            .OrderByDescending(request => request.Sequence).Take(MostRequests).Select(request => request.Id).ToListAsync(cancel);
        var requests = (await ReadState.RequestsAsync(database, progress, cancel)).Where(request => ids.Contains(request.Id));
        return UiSetup.Page<AccessionPage>(new
        {
            Model = new AccessionView(
                text, standing, own.NameOf(organisation), ListAccessions.PathOf(organisation, id, version), [.. requests], gedaan is "schorsen" or "opheffen" ? gedaan : null),
        });
    }

    public static async Task<(OwnText Text, AccessionStanding Standing)?> FindAsync(string organisation, string id, string version, OwnTexts own, CancellationToken cancel)
    {
        if (!OrganisationId.TryParse(organisation, out var whose) || await own.FindAsync(id, version, cancel) is not { } text) return null;
        return text.View.Accession(text.Protocol, whose, text.Today) is { } standing ? (text, standing) : null;
    }
}
