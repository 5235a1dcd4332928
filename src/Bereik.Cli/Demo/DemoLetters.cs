using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Bereik.Cli.Network;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Letters;

namespace Bereik.Cli.Demo;

/// <summary>
/// One wave of letters, played by simulated people (nl: brief via de bron): an OCMW orders it, the source's steward approves and prints, families answer at the hub or do not, a worker makes the first contact.
/// One takes the yes back, and one says at the door that it was not theirs.
/// </summary>
internal sealed partial class DemoLetters(RunningNetwork network, TimeProvider clock)
{
    /// <summary>How many letters are asked for.</summary>
    public const int Letters = 60;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(4);
    private const string Role = "maatschappelijkwerker";

    private string Source => network.Plan.FolderOf(NetworkPlan.SourceId);

    /// <summary>Plays it. The worker of the OCMW has a passkey by now.</summary>
    /// <param name="month">The reference month.</param>
    /// <param name="say">Told what happens, in order.</param>
    /// <param name="cancel">Stops.</param>
    /// <returns>Null when too few households may be written to: the source then approves nothing.</returns>
    public async Task<DemoWave?> PlayAsync(Month month, Action<int> say, CancellationToken cancel)
    {
        var centre = network.Plan.Centres.First();
        await AccessionDesk.AccedeAsync(network.Visit(centre.Id, "protocolauteur"), centre, AccessionDesk.LetterProtocol, clock.Today(), cancel);
        var wave = await OrderAsync(network.Visit(centre.Id), centre.Name.Replace("OCMW ", "", StringComparison.Ordinal), month, cancel);
        if (!await ApproveAsync(network.Visit(NetworkPlan.SourceId), wave, cancel)) return null;
        say(1);
        await WaitAsync(async () => (await CountsAsync(cancel)).Any(one => one.Id == wave), cancel);
        say(2);
        var simulated = await AnswerAsync(OpenedLetter.Of(Path.Combine(Source, "data"), wave), cancel);
        say(3);
        await ContactAsync(centre, simulated, cancel);
        say(4);
        WaveAnswer? hub = null;
        SourceWaveAnswer? source = null;
        await WaitAsync(async () =>
        {
            hub = (await CountsAsync(cancel)).Single(one => one.Id == wave);
            source = (await network.Visit(NetworkPlan.SourceId).GetJsonAsync<ItemsAnswer<SourceWaveAnswer>>("/v1/waves", cancel)).Items.Single(one => one.Id == wave);
            return hub.Erased == 2 && hub.Withdrawn == 1 && hub.Confirmed == simulated.Confirmed && source.Objected == simulated.Never && source.Denied == 1;
        }, cancel);
        return new DemoWave(wave, centre, hub!, source!.Objected, simulated);
    }

    /// <summary>Orders a wave on the page of an OCMW, with the examples of the text filled in.</summary>
    /// <param name="lead">Somebody who orders.</param>
    /// <param name="municipality">The name of its municipality.</param>
    /// <param name="month">The reference month.</param>
    /// <param name="cancel">Stops.</param>
    /// <returns>The wave's id.</returns>
    public async Task<string> OrderAsync(PageVisitor lead, string municipality, Month month, CancellationToken cancel)
    {
        const string page = "/brieven/nieuw";
        var fields = new Dictionary<string, string>
        {
            ["maand"] = month.ToString(), ["aantal"] = Text(Letters), ["capaciteit"] = Text(Letters), ["panel"] = "Verzonnen vereniging", ["paneldag"] = clock.Today().AddDays(-10).ToString("dd/MM/yyyy", CultureInfo.InvariantCulture),
            ["lezers"] = "9", ["herinnering"] = "nee", ["dagen"] = "42",
        };

        // Nobody of the town lives in this street: what the hub holds of it is the service's own.
        foreach (var part in LetterFile.Shipped.Parts.Where(part => part.FilledBy == LetterFiller.Recipient)) fields[$"deel-{part.Id}"] = part.Example.Replace("Voorbeeldstad", municipality, StringComparison.Ordinal).Replace("Kerkstraat", "Stadhuispad", StringComparison.Ordinal);
        var preview = await lead.SubmitAsync(page, page, new Dictionary<string, string>(fields) { ["knop"] = "voorbeeld" }, cancel);
        var ordered = await lead.ContinueAsync(preview, page, page, new Dictionary<string, string>(fields) { ["knop"] = "bestellen" }, cancel);
        return WaveLink().Match(ordered) is { Success: true } link ? link.Groups["id"].Value : (await FirstAsync(lead, cancel));
    }

    /// <summary>Fewest households of a wave: under it nobody is written to.</summary>
    public static int Fewest => Math.Max(Decide.FewestLetters, AccessionDesk.LetterProtocol.Find<Clause.Waves>()?.Least ?? 0);

    /// <summary>Lets the source's steward approve a wave that is posted today.</summary>
    /// <param name="steward">The steward.</param>
    /// <param name="wave">The wave's id.</param>
    /// <param name="cancel">Stops.</param>
    /// <returns>False when the source selected too few households, which no steward can approve.</returns>
    public async Task<bool> ApproveAsync(PageVisitor steward, string wave, CancellationToken cancel)
    {
        RequestAnswer? request = null;
        await WaitAsync(async () => (request = await OfAsync()) is { State: "ready" }, cancel);
        if ((request!.Selected ?? 0) < Fewest) return false;
        await steward.SubmitAsync($"/aanvragen/{wave}", $"/aanvragen/{wave}/goedkeuren", new Dictionary<string, string> { ["postdag"] = clock.Today().ToString("dd/MM/yyyy", CultureInfo.InvariantCulture) }, cancel);
        return await OfAsync() is not { State: "ready" } ? true : throw new DemoException("The source did not approve the wave of letters. Its page of the request says why.");

        async Task<RequestAnswer?> OfAsync() => (await steward.GetItemsAsync<RequestAnswer>("/v1/requests", cancel)).SingleOrDefault(one => one.Id == wave);
    }

    // Of every twelve letters: five say yes, one no, one later, one never again, four nothing at all.
    private async Task<Simulated> AnswerAsync(IReadOnlyList<OpenedLetter> letters, CancellationToken cancel)
    {
        var simulated = new Simulated();
        using var hub = Reader();
        foreach (var (at, letter) in letters.Index())
        {
            switch (at % 12)
            {
                case < 5:
                    var page = await LetterReader.YesAsync(hub, letter, at % 2 == 0 ? new Dictionary<string, string> { ["contact"] = "visit", ["dagdeel"] = "morning" } : null, cancel);
                    simulated.Yes.Add((letter, RecordOf(page)));
                    break;
                case 5:
                    await LetterReader.PressAsync(hub, letter, "nee", cancel);
                    simulated.No++;
                    break;
                case 6:
                    await LetterReader.PressAsync(hub, letter, "later", cancel);
                    simulated.Later++;
                    break;
                case 7:
                    await LetterReader.NeverAsync(hub, letter, cancel);
                    simulated.Never++;
                    break;
                default:
                    simulated.Silent++;
                    break;
            }
        }

        return simulated;
    }

    // The first takes it back once the OCMW has it, the second was said by another than the person; the last two wait for their first contact.
    private async Task ContactAsync(PlannedNode centre, Simulated simulated, CancellationToken cancel)
    {
        using var hub = Reader();
        var worker = network.Visit(centre.Id, Role);
        foreach (var (at, (letter, id)) in simulated.Yes.Index())
        {
            var page = $"/werklijst/{id}";
            await WaitAsync(async () => await IsThereAsync(worker, page, cancel), cancel);
            if (at == 0) await LetterReader.WithdrawAsync(hub, letter, cancel);
            else if (at == 1) await worker.SubmitAsync(page, $"{page}/niet-van-deze-persoon", cancel: cancel);
            else if (at < simulated.Yes.Count - 2)
            {
                await worker.SubmitAsync(page, $"{page}/bevestigd", new Dictionary<string, string> { ["kanaal-ja"] = "visit" }, cancel);
                simulated.Confirmed++;
            }
        }
    }

    private static async Task<bool> IsThereAsync(PageVisitor worker, string page, CancellationToken cancel)
    {
        try
        {
            await worker.GetPageAsync(page, cancel);
            return true;
        }
        catch (PageException missing) when (missing.Status == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    private async Task<IReadOnlyList<WaveAnswer>> CountsAsync(CancellationToken cancel) => (await network.Visit(NetworkPlan.HubId).GetJsonAsync<ItemsAnswer<WaveAnswer>>("/v1/waves", cancel)).Items;

    private static async Task<string> FirstAsync(PageVisitor lead, CancellationToken cancel) =>
        WaveLink().Match(await lead.GetPageAsync("/brieven", cancel)) is { Success: true } link ? link.Groups["id"].Value : throw new DemoException("The wave of letters is not on the page of the OCMW.");

    // The receipt that the person takes home names the record, and nobody.
    private static string RecordOf(string page)
    {
        var receipt = Receipt().Match(WebUtility.HtmlDecode(page));
        var parts = receipt.Success ? Encoding.ASCII.GetString(Convert.FromBase64String(receipt.Groups["file"].Value)).Split('.') : [];
        if (parts.Length != 3 || !StrictBase64Url.TryDecode(parts[1], out var payload)) throw new DemoException("A yes to a letter got no receipt.");
        using var json = JsonDocument.Parse(Encoding.UTF8.GetString(payload));
        return json.RootElement.GetProperty("id").GetString()!;
    }

    private async Task WaitAsync(Func<Task<bool>> isSo, CancellationToken cancel)
    {
        var begun = clock.GetTimestamp();
        while (!await isSo())
        {
            if (clock.GetElapsedTime(begun) > Longest) throw new DemoException("A wave of letters does not get on. The logs are in the folders of the nodes.");
            await Task.Delay(Look, clock, cancel);
        }
    }

    // Somebody with a letter and a telephone: without a login.
    private PageVisitor Reader() => new(new Uri(network.Plan[NetworkPlan.HubId].PublicUrl));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("/brieven/(?<id>[0-9a-f]{8}-[0-9a-f-]{27})")]
    private static partial Regex WaveLink();

    [GeneratedRegex("download=\"bewijs-ja\\.jws\" href=\"data:application/octet-stream;base64,(?<file>[A-Za-z0-9+/=]+)\"")]
    private static partial Regex Receipt();
}

/// <summary>How a wave of letters ended in the demo.</summary>
/// <param name="Id">The wave.</param>
/// <param name="Node">The OCMW that asked for it.</param>
/// <param name="Hub">As the hub counts it.</param>
/// <param name="Objected">As the source counts it.</param>
/// <param name="Simulated">What the simulated people did.</param>
internal sealed record DemoWave(string Id, PlannedNode Node, WaveAnswer Hub, int Objected, Simulated Simulated);

/// <summary>What simulated people did with their letters. No node knows of no, later and silence.</summary>
internal sealed class Simulated
{
    public List<(OpenedLetter Letter, string Record)> Yes { get; } = [];

    public int No { get; set; }

    public int Later { get; set; }

    public int Never { get; set; }

    public int Silent { get; set; }

    public int Confirmed { get; set; }
}
