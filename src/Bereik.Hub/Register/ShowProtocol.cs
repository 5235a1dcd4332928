using System.Text;
using Bereik.Domain;
using Bereik.Exchange.Register;
using Bereik.Hub.Storage;
using Bereik.Node.Errors;
using Bereik.Node.Registers;
using Bereik.Node.Ui;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Hub.Register;

// GET /protocollen/{id}/{version}: one text, how it stands, and what every party signs and signed as files.
internal static class ShowProtocol
{
    public static Task<IResult> ShowLatestAsync(string id, ProtocolRegister register, RegisterBoard board, HubSettings settings, CancellationToken cancel) =>
        ShowAsync(id, null, register, board, settings, cancel);

    public static async Task<IResult> ShowAsync(string id, string? version, ProtocolRegister register, RegisterBoard board, HubSettings settings, CancellationToken cancel)
    {
        var day = await board.PresentAsync(register, cancel);
        return day.Find(id, version) is { } protocol ? UiSetup.Page<ProtocolPage>(new { Model = View(day, protocol, settings) }) : ErrorCatalogue.NotFound.Problem();
    }

    // The canonical bytes and no others: their hash is the hash of the protocol.
    public static async Task<IResult> TextAsync(string id, string version, ProtocolRegister register, RegisterBoard board, CancellationToken cancel)
    {
        var day = await board.PresentAsync(register, cancel);
        return day.Find(id, version) is { } protocol ? Results.Bytes(day.View.Canonical(protocol.Hash), "application/json", $"{protocol.Id}-{protocol.Version}.json") : ErrorCatalogue.NotFound.Problem();
    }

    // The signatures of the parties over those bytes, as one document.
    public static async Task<IResult> SignaturesAsync(string id, string version, HubDatabase database, ProtocolRegister register, RegisterBoard board, CancellationToken cancel)
    {
        var day = await board.PresentAsync(register, cancel);
        if (day.Find(id, version) is not { } protocol) return ErrorCatalogue.NotFound.Problem();
        var places = day.Signatures(protocol).Select(one => one.Sequence).ToList();
        if (places.Count == 0) return ErrorCatalogue.NotFound.Problem();
        var documents = await database.RegisterEntries.AsNoTracking().Where(entry => places.Contains(entry.Sequence)).OrderBy(entry => entry.Sequence).Select(entry => entry.Event).ToListAsync(cancel);
        return Results.Bytes(Encoding.UTF8.GetBytes(ProtocolSignatures.Join(documents)), "application/json", $"{protocol.Id}-{protocol.Version}-handtekeningen.json");
    }

    public static IReadOnlyList<AdviceLine> Advices(RegisterDay day, Protocol protocol) =>
        [.. day.Standing(protocol).Advices.Select(one => new AdviceLine(one.Party, one.Advice, day.View.Text(one.ProtocolHash)?.Version ?? protocol.Version))];

    private static ProtocolView View(RegisterDay day, Protocol protocol, HubSettings settings)
    {
        var accessions = day.Accessions(protocol);
        var versions = day.Versions(protocol.Id);
        return new ProtocolView
        {
            Protocol = protocol,
            Standing = day.Standing(protocol),
            Source = settings.NameOf(protocol.Source.Value),
            Advices = Advices(day, protocol),
            Signatures = [.. day.Signatures(protocol).Select(one => new SignatureLine(settings.NameOf(one.By.Value), BelgianTime.DayOf(one.At)))],
            Stops = [.. day.Stops(protocol).Select(one => StopOf(one, settings))],
            Accessions = [.. accessions.Take(Pagination.PageSize).Select(one => new AccessionLine(one.Act.By.Value, settings.NameOf(one.Act.By.Value), protocol, one))],
            AccessionCount = accessions.Count,
            Versions = [.. versions.Select((text, index) => new VersionLine(text, day.Standing(text).State, index + 1 < versions.Count ? versions[index + 1].Version : null))],
        };
    }

    private static StopLine StopOf(RegisterEvent one, HubSettings settings)
    {
        var (name, on) = (settings.NameOf(one.By.Value), BelgianTime.DayOf(one.At));
        return one switch
        {
            RegisterEvent.Suspended stopped => new StopLine("Suspended", name, on, stopped.Trigger, stopped.Because),
            RegisterEvent.Resumed resumed => new StopLine("Resumed", name, on, null, resumed.Because),
            RegisterEvent.Ended ended => new StopLine("Ended", name, ended.On, null, ended.Because),
            _ => throw new InvalidOperationException($"Step {one.Sequence} stops nothing."),
        };
    }
}
