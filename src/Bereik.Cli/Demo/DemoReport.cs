using System.Globalization;
using System.Text.Json;
using Bereik.Cli.Network;
using Bereik.Domain;

namespace Bereik.Cli.Demo;

/// <summary>Tells what came of a demo: in sentences and two small tables for whoever decides, and as JSON for programs.</summary>
internal sealed class DemoReport(DemoOptions options, DemoResult result)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    // What the source leaves out or reports, by its stable code.
    private static readonly Dictionary<string, (string Dutch, string English)> Causes = new(StringComparer.Ordinal)
    {
        ["address.safe"] = ("veilig of afgeschermd adres, weggelaten door de bron", "safe or shielded address, left out by the source"),
        ["domicile.unknown"] = ("hoofdverblijfplaats niet gekend, aan geen enkel bestuur doorgegeven", "domicile not known, passed on to no government"),
        ["nis.unknown"] = ("gemeente niet herkend, aan geen enkel bestuur doorgegeven", "municipality not recognised, passed on to no government"),
        ["beneficiary.deceased"] = ("begunstigde overleden, weggelaten door de bron", "beneficiary deceased, left out by the source"),
        ["beneficiary.minor"] = ("begunstigde minderjarig, weggelaten door de bron", "beneficiary under age, left out by the source"),
        ["record.tooLarge"] = ("gegevens te lang voor het pakket, weggelaten door de bron", "data too long for the package, left out by the source"),
        ["household.tooManyNumbers"] = ("te veel nummers in een gezin, weggelaten door de bron", "too many numbers in a household, left out by the source"),
    };

    // Programs find these keys also when there is nothing to report.
    private static readonly string[] AlwaysReported = ["domicile.unknown", "nis.unknown", "beneficiary.deceased"];

    /// <summary>How a list stands, in words.</summary>
    /// <param name="state">As the local node's route gives it.</param>
    /// <param name="english">In English instead of Dutch.</param>
    public static string StateWords(string state, bool english) => (state, english) switch
    {
        ("asked", false) => "gevraagd",
        ("asked", true) => "ordered",
        ("sent", false) => "bij het knooppunt",
        ("sent", true) => "at the hub",
        ("held", false) => "aangehouden, de bron kijkt eerst na",
        ("held", true) => "held, the source reviews first",
        ("approved", false) => "goedgekeurd",
        ("approved", true) => "approved",
        ("tokensSent", false) => "wordt vergeleken",
        ("tokensSent", true) => "being compared",
        ("delivered", false) => "wordt nagekeken",
        ("delivered", true) => "being verified",
        ("received", false) => "ontvangen",
        ("refused", false) => "geweigerd",
        ("rejected", false) => "pakket geweigerd",
        ("rejected", true) => "package rejected",
        ("failed", false) => "mislukt",
        ("expired", false) => "vervallen",
        _ => state,
    };

    private string Words(string dutch, string english) => options.InEnglish ? english : dutch;

    private string Number(long number) => number.ToString("#,0", new NumberFormatInfo { NumberGroupSeparator = options.InEnglish ? "," : "." });

    /// <summary>Writes the summary.</summary>
    public void Write(TextWriter output)
    {
        output.WriteLine();
        output.WriteLine(Words($"Wat dit opleverde voor {options.Month}", $"What came of it for {options.Month}"));
        output.WriteLine();
        if (result.FamiliesWithSupplement is { } paid)
        {
            output.WriteLine(Words(
                $"Het register telt {Number(result.Register.Families)} gezinnen. In deze maand krijgen {Number(paid)} daarvan de sociale toeslag.",
                $"The register holds {Number(result.Register.Families)} families. In this month {Number(paid)} of them receive the social supplement."));
            output.WriteLine();
        }

        output.WriteLine(Words(
            $"{result.Acceded} lokale besturen zijn toegetreden, op proef: de rechtsgrond is niet nagekeken.", $"{result.Acceded} local governments have acceded, on trial: the legal ground has not been verified."));
        output.WriteLine();
        WriteUnknown(output);
        WriteMatch(output);
        WriteReferrals(output);
        WriteLetters(output);
        WriteSights(output);
        WriteNodes(output);
    }

    /// <summary>Writes the summary for programs.</summary>
    public static void WriteJson(DemoOptions options, DemoResult result, string file)
    {
        object Match(PlannedNode node)
        {
            var order = Find(result, node);
            return new { children = order?.Request?.Selected ?? 0, known = order?.List?.Known ?? 0, delivered = order?.List?.Delivered ?? 0, state = order?.List?.State ?? "notOrdered" };
        }

        object Unknown(PlannedNode node)
        {
            var order = Find(result, node);
            return new { families = order?.Request?.Selected ?? 0, known = order?.List?.Known ?? 0, delivered = order?.List?.Delivered ?? 0, state = order?.List?.State ?? "notOrdered" };
        }

        var nodes = result.Nodes.Select(entry => entry.Node).ToList();
        var summary = new
        {
            month = options.Month.ToString(),
            match = nodes.Where(node => node.Kind == OrganisationKind.Municipality).ToDictionary(node => node.Id, Match),
            unknown = nodes.Where(node => node.Kind == OrganisationKind.PublicCentreForWelfare).ToDictionary(node => node.Id, Unknown),
            referral = result.Referrals.ToDictionary(one => one.Node.Id, one => new { made = one.Made, received = one.Received, erased = one.Erased }),
            messenger = result.Letters is not { } wave ? null : new
            {
                wave = wave.Id, recipient = wave.Node.Id, invited = wave.Hub.Invited, yes = wave.Hub.Yes, released = wave.Hub.Released, confirmed = wave.Hub.Confirmed, withdrawn = wave.Hub.Withdrawn, erased = wave.Hub.Erased, objected = wave.Objected,
            },
            simulated = result.Letters is not { } played ? null : new { yes = played.Simulated.Yes.Count, no = played.Simulated.No, later = played.Simulated.Later, never = played.Simulated.Never, silent = played.Simulated.Silent },
            reported = AlwaysReported.Concat(result.Orders.SelectMany(order => order.Request?.Reported ?? []).Select(count => count.Reason)).Distinct()
                .ToDictionary(cause => cause, cause => Most(result, order => order.Request?.Reported, cause)),
            nodes = result.Nodes.ToDictionary(entry => entry.Node.Id, entry => new { url = entry.Node.Url, peakMemoryBytes = entry.PeakMemoryBytes }),
            nationalNumbersFound = result.Sights.ToDictionary(sight => sight.Node, sight => sight.NumbersFound),
            seconds = Math.Round(result.Seconds, 1),
        };
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, JsonSerializer.Serialize(summary, Json) + "\n");
    }

    private static DemoOrder? Find(DemoResult result, PlannedNode node) => result.Orders.FirstOrDefault(order => order.Node.Id == node.Id);

    // Every request reports the same families of the whole register, so the counts are not added up.
    private static int Most(DemoResult result, Func<DemoOrder, IReadOnlyList<CountAnswer>?> counts, string cause) =>
        result.Orders.Select(order => counts(order)?.Where(count => count.Reason == cause).Sum(count => count.Count) ?? 0).DefaultIfEmpty(0).Max();

    private void WriteUnknown(TextWriter output)
    {
        var orders = result.Orders.Where(order => order.Flow == "unknown").ToList();
        output.WriteLine(Words("Gezinnen die het OCMW nog niet kent", "Families that the OCMW does not know yet"));
        WriteTable(
            output, orders, [Words("met toeslag", "with supplement"), Words("al gekend", "known already"), Words("nu te bereiken", "may be reached now")],
            order => [order.Request?.Selected ?? 0, (order.Request?.Selected ?? 0) - (order.List?.Delivered ?? 0), order.List?.Delivered ?? 0]);
        foreach (var (cause, count) in Counts(orders, order => order.Request?.Withheld, add: true).Concat(Counts(orders, order => order.Request?.Reported, add: false)))
        {
            output.WriteLine($"  {Number(count)} {(count == 1 ? Words("gezin", "family") : Words("gezinnen", "families"))}: {cause}.");
        }

        if (orders.Count > 0 && orders.All(order => (order.List?.Delivered ?? 0) == 0)) output.WriteLine(Words("  Deze stroom heeft geen rijen.", "  This flow has no rows."));
        output.WriteLine();
    }

    private void WriteMatch(TextWriter output)
    {
        var orders = result.Orders.Where(order => order.Flow == "match").ToList();
        output.WriteLine(Words("Vergelijking voor een automatische toekenning", "Match for an automatic grant"));
        WriteTable(
            output, orders, [Words("eigen nummers", "own numbers"), Words("met toeslag", "with supplement")],
            order => [order.List?.Known ?? 0, order.List?.Delivered ?? 0]);
        var idle = result.NotOrdered.Where(node => node.Kind == OrganisationKind.Municipality).ToList();
        if (idle.Count > 0) output.WriteLine(Words($"  Niets te vergelijken, geen inwoners opgegeven: {string.Join(", ", idle.Select(node => node.Name))}.", $"  Nothing to compare, no residents given: {string.Join(", ", idle.Select(node => node.Name))}."));
        if (orders.All(order => (order.List?.Delivered ?? 0) == 0)) output.WriteLine(Words("  Deze stroom heeft geen rijen.", "  This flow has no rows."));
        output.WriteLine();
    }

    private void WriteTable(TextWriter output, List<DemoOrder> orders, string[] heads, Func<DemoOrder, int[]> values)
    {
        if (orders.Count == 0) return;
        output.WriteLine($"  {"",-22}{string.Concat(heads.Select(head => head.PadLeft(20)))}");
        foreach (var order in orders)
        {
            var cells = order.WasReceived ? string.Concat(values(order).Select(value => Number(value).PadLeft(20))) : $"  {StateWords(order.List?.State ?? "asked", options.InEnglish)} {string.Join(' ', order.List?.Reasons?.Select(reason => reason.Text) ?? [])}";
            output.WriteLine($"  {order.Node.Name,-22}{cells}");
        }

        var sums = heads.Select((_, column) => orders.Where(order => order.WasReceived).Sum(order => values(order)[column]));
        output.WriteLine($"  {Words("Samen", "Together"),-22}{string.Concat(sums.Select(sum => Number(sum).PadLeft(20)))}");
    }

    private IEnumerable<(string Cause, int Count)> Counts(List<DemoOrder> orders, Func<DemoOrder, IReadOnlyList<CountAnswer>?> counts, bool add)
    {
        foreach (var reason in orders.SelectMany(order => counts(order) ?? []).Select(count => count.Reason).Distinct())
        {
            var each = orders.Select(order => counts(order)?.Where(count => count.Reason == reason).Sum(count => count.Count) ?? 0);
            var count = add ? each.Sum() : each.Max();
            if (count > 0) yield return (Causes.TryGetValue(reason, out var cause) ? Words(cause.Dutch, cause.English) : reason, count);
        }
    }

    // Counts by node: nothing of anybody is left to tell more of.
    private void WriteReferrals(TextWriter output)
    {
        output.WriteLine(Words("Doorverwezen met toestemming", "Referred with consent"));
        output.WriteLine($"  {"",-22}{string.Concat(new[] { Words("doorverwezen", "referred"), Words("ontvangen", "received"), Words("gewist", "erased") }.Select(head => head.PadLeft(20)))}");
        foreach (var one in result.Referrals.Where(one => one.Made.Count + one.Received.Count > 0))
        {
            output.WriteLine($"  {one.Node.Name,-22}{Number(one.Made.Values.Sum()),20}{Number(one.Received.Values.Sum()),20}{Number(one.Erased),20}");
        }

        output.WriteLine();
    }

    // What the nodes count, beside what the simulated people did: of no, later and silence no node has anything.
    private void WriteLetters(TextWriter output)
    {
        if (result.Letters is not { } wave) return;
        output.WriteLine(Words("Brief via de bron", "Letter by the source"));
        output.WriteLine(Words($"  {wave.Node.Name}: {wave.Hub.Invited} brieven verstuurd door de bron.", $"  {wave.Node.Name}: {wave.Hub.Invited} letters sent by the source."));
        output.WriteLine(Words(
            $"  {wave.Hub.Yes} keer ja, {wave.Hub.Released} vrijgegeven aan het OCMW, {wave.Hub.Confirmed} bevestigd bij een eerste contact, {wave.Hub.Withdrawn} ingetrokken, {wave.Hub.Erased} gewist. {wave.Objected} willen nooit meer een brief.",
            $"  {wave.Hub.Yes} times yes, {wave.Hub.Released} released to the OCMW, {wave.Hub.Confirmed} confirmed at a first contact, {wave.Hub.Withdrawn} taken back, {wave.Hub.Erased} erased. {wave.Objected} never want a letter again."));
        output.WriteLine(Words(
            $"  De verzonnen mensen zeiden {wave.Simulated.No} keer nee en {wave.Simulated.Later} keer later, en {wave.Simulated.Silent} keer niets. Daarvan staat nergens iets.",
            $"  The simulated people said no {wave.Simulated.No} times, later {wave.Simulated.Later} times, and nothing {wave.Simulated.Silent} times. Of that there is nothing anywhere."));
        output.WriteLine();
    }

    private void WriteSights(TextWriter output)
    {
        output.WriteLine(Words("Wat elke partij leesbaar zag", "What each party saw in the clear"));
        var orders = result.Orders.Count;
        var offered = result.Orders.Sum(order => order.List?.Known ?? 0);
        output.WriteLine(Words(
            $"  Opgroeien (bron): het eigen register van {Number(result.Register.Persons)} personen, en {orders} aanvragen. Niet wie de OCMW's kennen, en niet wie geleverd is.",
            $"  Opgroeien (source): its own register of {Number(result.Register.Persons)} persons, and {orders} orders. Not whom the OCMWs know, and not who was delivered."));
        foreach (var sight in result.Sights)
        {
            var isHub = sight.Node == NetworkPlan.HubId;
            output.WriteLine(isHub
                ? Words(
                    $"  Knooppunt: {orders} aanvragen, en tokens van 32 bytes voor {Number(offered)} nummers van de lokale besturen. Geen naam, geen adres, geen nummer.",
                    $"  Hub: {orders} orders, and tokens of 32 bytes for {Number(offered)} numbers of the local governments. No name, no address, no number.")
                : Words(
                    "  Pseudonimiseringsdienst: wie wanneer hoeveel verblinde punten stuurde, per 256. Niet welke nummers.",
                    "  Pseudonymiser: who sent how many blinded points when, by 256. Not which numbers."));
            output.WriteLine(Words(
                $"    Nagekeken: van de {Number(sight.NumbersLookedFor)} rijksregisternummers in deze proef staan er {Number(sight.NumbersFound)} in zijn {sight.Files} bestanden ({Number(sight.Bytes / 1024)} kB).",
                $"    Checked: of the {Number(sight.NumbersLookedFor)} national numbers in this run, {Number(sight.NumbersFound)} stand in its {sight.Files} files ({Number(sight.Bytes / 1024)} kB)."));
        }

        foreach (var order in result.Orders.Where(order => order.WasReceived))
        {
            output.WriteLine(order.Flow == "match"
                ? Words(
                    $"  {order.Node.Name}: de eigen inwoners, en van {Number(order.List!.Delivered ?? 0)} van hen dat zij de toeslag krijgen.",
                    $"  {order.Node.Name}: its own residents, and of {Number(order.List!.Delivered ?? 0)} of them that they receive the supplement.")
                : Words(
                    $"  {order.Node.Name}: de eigen cliënten, en naam en adres van {Number(order.List!.Delivered ?? 0)} gezinnen die het nog niet kende.",
                    $"  {order.Node.Name}: its own clients, and name and address of {Number(order.List!.Delivered ?? 0)} families that it did not know yet."));
        }

        output.WriteLine();
    }

    private void WriteNodes(TextWriter output)
    {
        output.WriteLine(Words("Knopen", "Nodes"));
        foreach (var (node, peak) in result.Nodes)
        {
            output.WriteLine(Words($"  {node.Name,-26}{node.PublicUrl,-26}{Number(peak >> 20),5} MB geheugen", $"  {node.Name,-26}{node.PublicUrl,-26}{Number(peak >> 20),5} MB of memory"));
        }

        output.WriteLine();
        if (!options.Once) WritePeople(output);
        output.WriteLine(Words($"Klaar in {result.Seconds:0} seconden.", $"Done in {result.Seconds:0} seconds."));
    }

    // Who may sign in where, and with which code a passkey is enrolled.
    private void WritePeople(TextWriter output)
    {
        output.WriteLine(Words(
            "Meld u aan op een van deze adressen en kies een naam: voor elke rol staat er iemand, zonder wachtwoord. Wie rijen opent, toont een sleutel. De eerste keer schrijft u die in met een code:",
            "Sign in at one of these addresses and choose a name: there is somebody for each role, without a password. Who opens rows shows a passkey. The first time you enrol it with a code:"));
        foreach (var code in result.Codes) output.WriteLine($"  {code.Node.Name,-26}{code.Name + ", " + code.Role,-42}{code.Code}");
        output.WriteLine();
    }
}
