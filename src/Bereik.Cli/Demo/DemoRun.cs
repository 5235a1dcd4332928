using Bereik.Cli.Network;
using Bereik.Domain;
using Bereik.Magda;

namespace Bereik.Cli.Demo;

/// <summary>
/// The demo, step by step: town, nodes, registers, accessions, orders, the steward's decisions, lists, summary. It acts on the nodes over HTTP
/// only, through the pages that a person uses.
/// </summary>
internal sealed class DemoRun(DemoOptions options, TimeProvider clock, TextWriter output)
{
    // Municipalities that occur in the published MAGDA test answers.
    private static readonly (string Nis, string Name, string Slug)[] MagdaPlaces = [("24055", "Kortenberg", "kortenberg"), ("44021", "Gent", "gent"), ("41002", "Aalst", "aalst")];
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(300);

    private string Words(string dutch, string english) => options.InEnglish ? english : dutch;

    public async Task<int> RunAsync(CancellationToken cancel)
    {
        if (options.ResidentsFile is not null && options.MagdaFolder is null) throw new DemoException("--residents belongs to --magda: a synthetic town has its own residents.");
        if (options.MagdaFolder is { } magda && !Directory.Exists(magda)) throw new DemoException("--magda names a folder that does not exist.");
        if (options.ResidentsFile is { } residents && !File.Exists(residents)) throw new DemoException("--residents names a file that does not exist.");
        using var folder = DemoFolder.Take(options);
        var ports = NetworkPlan.PortsFrom(options.PortBase, (2 * MagdaPlaces.Length) + NetworkPlan.ReferralNodes);
        if (ports.Where(FreePorts.IsTaken).Select(port => (int?)port).FirstOrDefault() is { } taken)
        {
            throw new DemoException($"Port {taken} is in use, perhaps by another demo. Stop what uses it, or choose other ports with --port-base.");
        }

        RunningNetwork? network = null;
        try
        {
            var result = await DemoScreen.RunAsync(output, clock, async screen =>
            {
                var town = await PrepareAsync(folder.Path, screen, cancel);
                var begun = clock.GetTimestamp();
                network = await StartAsync(folder.Path, town, ports, screen, cancel);
                var software = DemoClients.RegisterAsync(network.Plan, cancel);
                var register = await WaitForRegisterAsync(network, screen, cancel);
                await WaitForLocalFilesAsync(network, screen, cancel);
                var acceded = await AccedeAsync(network, screen, cancel);
                await AccedeToReferralsAsync(network, screen, cancel);
                var codes = await AttestAsync(network, screen, cancel);
                await software;
                var orders = await OrderAsync(network, screen, cancel);
                await FollowAsync(network, orders, screen, cancel);
                (var referrals, codes) = await ReferAsync(network, codes, screen, cancel);
                var letters = options.MagdaFolder is null ? await LettersAsync(network, screen, cancel) : null;
                var seconds = clock.GetElapsedTime(begun).TotalSeconds;
                return new DemoResult(
                    orders, [.. network.Plan.Nodes.Where(node => node.OrdersLists && orders.All(order => order.Node.Id != node.Id))], register, town.FamiliesWithSupplement,
                    await SearchAsync(network, town, screen, cancel), codes, [.. network.Plan.Nodes.Select(node => (node, network[node.Id].PeakMemoryBytes))], acceded, seconds) { Referrals = referrals, Letters = letters };
            });
            await ExportAsync(network!, result, cancel);
            new DemoReport(options, result).Write(output);
            if (options.JsonFile is { } json) DemoReport.WriteJson(options, result, json);
            var exitCode = result.Orders.All(order => order.WasReceived) ? 0 : 1;
            if (options.Once) return exitCode;
            output.WriteLine(DemoClients.Line(network!.Plan, options.InEnglish));
            output.WriteLine(Words("De knopen blijven draaien. Ctrl-C stopt alles.", "The nodes keep running. Ctrl-C stops everything."));
            await StayAsync(network!, cancel);
            return exitCode;
        }
        finally
        {
            if (network is not null) await network.DisposeAsync();
        }
    }

    private async Task<DemoTown> PrepareAsync(string folder, IDemoScreen screen, CancellationToken cancel)
    {
        var label = Words("Gegevens klaarzetten", "Preparing the data");
        var path = Path.Combine(folder, "town");
        if (options.MagdaFolder is { } magda)
        {
            var residents = options.ResidentsFile is { } file ? CopyResidents(file, path) : null;
            screen.End(label, Words("MAGDA-antwoorden uit de opgegeven map", "MAGDA answers from the given folder"));
            return new DemoTown(
                [.. MagdaPlaces.Select((place, index) => new NetworkPlace(place.Nis, place.Name, place.Slug, index == 0 ? residents : null, null))],
                magda, null, residents is null ? [magda] : [magda, residents]);
        }

        if (!PaymentMonth.TryParse(options.Month.ToString(), out var month)) throw new DemoException("--month takes a month as yyyy-MM, such as 2020-03.");
        var town = await Task.Run(
            () => Town.Write(
                new TownOptions { Seed = options.Seed, Families = options.Families, ReferenceMonth = month, Today = clock.Today() }, path,
                new Told(done => screen.Show(label, Words("verzonnen gezinnen", "synthetic families"), done, options.Families)), cancel),
            cancel);
        screen.End(label, Words($"{town.Families} verzonnen gezinnen, {town.Children} kinderen, {town.AnswerFiles} MAGDA-antwoorden", $"{town.Families} synthetic families, {town.Children} children, {town.AnswerFiles} MAGDA answers"));
        return new DemoTown(
            [.. town.Places.Select(place => new NetworkPlace(place.Nis, place.Name, place.Slug, place.ResidentsFile, place.KnownFile))],
            town.MagdaFolder, town.FamiliesWithSupplement, [town.TruthFile, .. town.Places.SelectMany(place => new[] { place.ResidentsFile, place.KnownFile })]);
    }

    // What is no number is left to the node, which explains each row that it cannot use.
    private static string CopyResidents(string file, string folder)
    {
        Directory.CreateDirectory(folder);
        var copy = Path.Combine(folder, "residents.csv");
        File.WriteAllLines(copy, File.ReadLines(file).Select(line => line.Trim()).Where(line => line.Length > 0 && !line.Equals("insz", StringComparison.OrdinalIgnoreCase)).Prepend("insz"));
        return copy;
    }

    private async Task<RunningNetwork> StartAsync(string folder, DemoTown town, IReadOnlyList<int> ports, IDemoScreen screen, CancellationToken cancel)
    {
        var label = Words("Knopen starten", "Starting the nodes");
        var plan = NetworkPlan.Create(folder, town.Places, ports, new NetworkRegister(town.MagdaFolder), Epoch.At(clock.GetUtcNow()), withReferrals: true);
        NetworkFiles.Write(plan);
        var started = 0;
        screen.Show(label, Words("sleutels gemaakt", "keys made"), 0, plan.Nodes.Count);
        var network = await RunningNetwork.StartAsync(plan, clock, node => screen.Show(label, node, ++started, plan.Nodes.Count), cancel);
        screen.End(label, Words($"{plan.Nodes.Count} programma's draaien", $"{plan.Nodes.Count} programs run"));
        return network;
    }

    private async Task<RegisterAnswer> WaitForRegisterAsync(RunningNetwork network, IDemoScreen screen, CancellationToken cancel)
    {
        var label = Words("Register van de bron inlezen", "Reading the source's register");
        while (true)
        {
            EnsureAllRun(network);
            var register = await network.Visit(NetworkPlan.SourceId).GetJsonAsync<RegisterAnswer>("/v1/register", cancel);
            if (register.Imports is [.., { State: "failed" }]) throw new DemoException($"The source could not read its register. Its log is {network[NetworkPlan.SourceId].LogFile}.");
            if (register.Imports.Any(import => import.State == "done"))
            {
                var errors = register.Imports.Sum(import => import.Errors?.Count ?? 0);
                var unreadable = errors == 0 ? "" : Words($", {errors} fouten gemeld", $", {errors} errors reported");
                screen.End(label, Words($"{register.Families} gezinnen, {register.Children} kinderen{unreadable}", $"{register.Families} families, {register.Children} children{unreadable}"));
                return register;
            }

            screen.Show(label, Words($"{register.Children} kinderen", $"{register.Children} children"));
            await Task.Delay(Look, clock, cancel);
        }
    }

    private async Task WaitForLocalFilesAsync(RunningNetwork network, IDemoScreen screen, CancellationToken cancel)
    {
        var label = Words("Eigen bestanden van de lokale besturen inlezen", "Reading the local governments' own files");
        var waiting = network.Plan.Nodes.Where(HasFile).ToList();
        var total = waiting.Count;
        var (accepted, errors) = (0, 0);
        while (waiting.Count > 0)
        {
            EnsureAllRun(network);
            foreach (var node in waiting.ToList())
            {
                var files = await network.Visit(node.Id).GetItemsAsync<LocalFileAnswer>("/v1/files", cancel);
                if (files.Count == 0) continue;
                waiting.Remove(node);
                accepted += files.Sum(file => file.Accepted);
                errors += files.Sum(file => file.Errors?.Count ?? 0);
            }

            screen.Show(label, Words($"{accepted} nummers", $"{accepted} numbers"), total - waiting.Count, total);
            if (waiting.Count > 0) await Task.Delay(Look, clock, cancel);
        }

        var unusable = errors == 0 ? "" : Words($", {errors} rijen onbruikbaar", $", {errors} rows not usable");
        screen.End(label, Words($"{accepted} nummers{unusable}", $"{accepted} numbers{unusable}"));
    }

    private static bool HasFile(PlannedNode node) => node.Settings.ContainsKey("residentsFile") || node.Settings.ContainsKey("knownFile");

    // Each for itself, by the pages that a council officer uses. Nobody orders without it.
    private async Task<int> AccedeAsync(RunningNetwork network, IDemoScreen screen, CancellationToken cancel)
    {
        var label = Words("Toetreden tot het protocol", "Acceding to the protocol");
        var locals = network.Plan.Nodes.Where(node => node.OrdersLists).ToList();
        var acceded = 0;
        foreach (var node in locals)
        {
            screen.Show(label, node.Name, acceded, locals.Count);
            await AccessionDesk.AccedeAsync(network.Visit(node.Id, "protocolauteur"), node, clock.Today(), cancel);
            acceded++;
        }

        screen.End(label, Words($"{acceded} lokale besturen", $"{acceded} local governments"));
        return acceded;
    }

    // The OCMWs receive from the team that refers; one of them, the CAW and the DMW refer to each other, in one partnership. At the same time: they do not wait for each other.
    private async Task AccedeToReferralsAsync(RunningNetwork network, IDemoScreen screen, CancellationToken cancel)
    {
        var label = Words("Toetreden tot de doorverwijzing", "Acceding to referrals");
        screen.Show(label, Words("OCMW's, CAW en DMW", "OCMWs, CAW and DMW"));
        var partner = network.Plan.Centres.First().Id;
        var receiving = network.Plan.Nodes.Where(node => node.Kind is OrganisationKind.PublicCentreForWelfare or OrganisationKind.WelfareCentre or OrganisationKind.MutualitySocialService).ToList();
        await Task.WhenAll(receiving.Select(AccedeOneAsync));
        screen.End(label, Words($"{receiving.Count} organisaties, drie van hen in een samenwerkingsverband", $"{receiving.Count} organisations, three of them in a partnership"));

        async Task AccedeOneAsync(PlannedNode node)
        {
            var author = network.Visit(node.Id, "protocolauteur");
            if (node.OrdersLists) await AccessionDesk.AccedeAsync(author, node, AccessionDesk.ReferralProtocol, clock.Today(), cancel);
            if (!node.OrdersLists || node.Id == partner) await AccessionDesk.AccedeAsync(author, node, AccessionDesk.PartnerProtocol, clock.Today(), cancel);
        }
    }

    // Two colleagues attest who will open what comes. The codes are for whoever tries it: with one, a passkey is enrolled.
    private async Task<IReadOnlyList<DemoCode>> AttestAsync(RunningNetwork network, IDemoScreen screen, CancellationToken cancel)
    {
        var label = Words("Medewerkers attesteren", "Attesting workers");
        var codes = new List<DemoCode>();
        foreach (var node in network.Plan.Nodes.Where(node => node.IsLocal))
        {
            screen.Show(label, node.Name);
            foreach (var role in node.Kind == OrganisationKind.Municipality ? new[] { "dossierbehandelaar" } : ["maatschappelijkwerker", "teamverantwoordelijke"])
            {
                var person = node.People.Single(person => person.Roles.Contains(role));
                codes.Add(new DemoCode(node, $"{person.GivenName} {person.FamilyName}", role, await AttestationDesk.AttestAsync(network, node, role, clock.Today(), cancel)));
            }
        }

        screen.End(label, Words($"{codes.Count} medewerkers", $"{codes.Count} workers"));
        return codes;
    }

    // After the lists, so that nothing of a list can be mistaken for it.
    private async Task<(IReadOnlyList<DemoReferral> Counts, IReadOnlyList<DemoCode> Codes)> ReferAsync(RunningNetwork network, IReadOnlyList<DemoCode> codes, IDemoScreen screen, CancellationToken cancel)
    {
        var label = Words("Iemand doorverwijzen", "Referring somebody");
        screen.Show(label, Words("met toestemming, van het team naar het OCMW en van daar naar het CAW", "with consent, from the team to the OCMW and from there to the CAW"), 0, 4);
        var played = await new DemoReferrals(network, clock).PlayAsync(codes, done => screen.Show(label, Words("gevraagd, verstuurd, aanvaard, eerste contact", "asked, sent, accepted, first contact"), done, 4), cancel);
        screen.End(label, Words($"{played.Counts.Sum(count => count.Made.GetValueOrDefault("closed"))} afgesloten, {played.Counts.Sum(count => count.Erased)} keer gewist", $"{played.Counts.Sum(count => count.Made.GetValueOrDefault("closed"))} closed, erased {played.Counts.Sum(count => count.Erased)} times"));
        return played;
    }

    // Last, since whom the lists gave is with the OCMW already; the letters go to whoever gets the supplement.
    private async Task<DemoWave?> LettersAsync(RunningNetwork network, IDemoScreen screen, CancellationToken cancel)
    {
        var label = Words("Brieven via de bron", "Letters by the source");
        screen.Show(label, Words("gevraagd, goedgekeurd, gedrukt en verzegeld", "asked for, approved, printed and sealed"), 0, 4);
        var played = await new DemoLetters(network, clock).PlayAsync(options.Month, done => screen.Show(label, Words("goedgekeurd, gedrukt, beantwoord, eerste contact", "approved, printed, answered, first contact"), done, 4), cancel);
        if (played is null)
        {
            screen.End(label, Words($"geen: de bron vond minder dan {DemoLetters.Fewest} gezinnen, en schrijft dan niemand aan", $"none: the source found fewer than {DemoLetters.Fewest} families, and then writes to nobody"));
            return null;
        }

        screen.End(label, Words($"{played.Hub.Invited} brieven, {played.Hub.Yes} keer ja, {played.Hub.Confirmed} bevestigd", $"{played.Hub.Invited} letters, {played.Hub.Yes} times yes, {played.Hub.Confirmed} confirmed"));
        return played;
    }

    // Every OCMW orders, also one that knows nobody: the source's steward then reviews first. A gemeente without residents has nothing to compare.
    private async Task<List<DemoOrder>> OrderAsync(RunningNetwork network, IDemoScreen screen, CancellationToken cancel)
    {
        var label = Words("Lijsten aanvragen", "Ordering the lists");
        var orders = new List<DemoOrder>();
        var ordering = network.Plan.Nodes.Where(node => node.Kind == OrganisationKind.PublicCentreForWelfare || HasFile(node)).ToList();
        foreach (var node in ordering)
        {
            screen.Show(label, node.Name, orders.Count, ordering.Count);
            await network.Visit(node.Id).SubmitAsync("/lijsten", "/lijsten", new Dictionary<string, string> { ["maand"] = options.Month.ToString(), ["akkoord"] = "ja" }, cancel);
            orders.Add(new DemoOrder(node, node.Kind == OrganisationKind.Municipality ? "match" : "unknown"));
        }

        screen.End(label, Words($"{orders.Count} aangevraagd", $"{orders.Count} ordered"));
        return orders;
    }

    private async Task FollowAsync(RunningNetwork network, List<DemoOrder> orders, IDemoScreen screen, CancellationToken cancel)
    {
        var source = network.Visit(NetworkPlan.SourceId);
        var month = options.Month.ToString();
        var open = orders.ToList();
        while (open.Count > 0)
        {
            EnsureAllRun(network);
            var requests = await source.GetItemsAsync<RequestAnswer>("/v1/requests", cancel);
            foreach (var order in open.ToList())
            {
                order.Request = requests.LastOrDefault(request => request.Recipient == order.Node.Id && request.Flow == order.Flow && request.ReferenceMonth == month) ?? order.Request;
                if (order is { IsApproved: false, Request: { State: "ready" } ready })
                {
                    await StewardDesk.ApproveAsync(source, ready.Id, cancel);
                    order.IsApproved = true;
                }

                var lists = await network.Visit(order.Node.Id).GetItemsAsync<ListAnswer>("/v1/lists", cancel);
                order.List = lists.LastOrDefault(list => list.Flow == order.Flow && list.ReferenceMonth == month) ?? order.List;
                Show(order, screen);
                if (order.HasEnded) open.Remove(order);
            }

            if (open.Count > 0) await Task.Delay(Look, clock, cancel);
        }
    }

    private void Show(DemoOrder order, IDemoScreen screen)
    {
        var what = order.Flow == "match" ? Words("vergelijking voor een automatische toekenning", "match for an automatic grant") : Words("gezinnen die het OCMW nog niet kent", "families that the OCMW does not know yet");
        var label = $"{order.Node.Name}, {what}";
        if (order.WasReceived)
        {
            screen.End(label, Words($"{order.List!.Delivered ?? 0} ontvangen", $"{order.List!.Delivered ?? 0} received"));
        }
        else if (order.HasEnded)
        {
            screen.End(label, $"{StateWords(order.List!.State)} {string.Join(' ', order.List.Reasons?.Select(reason => reason.Code) ?? [])}".TrimEnd());
        }
        else
        {
            var (state, progress) = order switch
            {
                { Request: { State: "approved", Progress: { Total: > 0 } atSource } } => (Words("bron verzegelt", "source seals"), atSource),
                { List: { State: "approved", Progress: { Total: > 0 } } list } => (Words("eigen nummers pseudonimiseren", "pseudonymising own numbers"), list.Progress),
                { Request: { State: "new" } request } => (Words("bron telt", "source counts"), request.Progress),
                { Request.State: "approved" } => (Words("goedgekeurd door de datasteward", "approved by the data steward"), null),
                { List: { } list } => (StateWords(list.State), list.Progress),
                _ => (Words("aangevraagd", "ordered"), null),
            };
            screen.Show(label, state, progress?.Done ?? 0, progress?.Total ?? 0);
        }
    }

    private string StateWords(string state) => DemoReport.StateWords(state, options.InEnglish);

    private async Task<IReadOnlyList<DemoSight>> SearchAsync(RunningNetwork network, DemoTown town, IDemoScreen screen, CancellationToken cancel)
    {
        var label = Words("Nagaan wat knooppunt en pseudonimiseringsdienst bewaren", "Checking what hub and pseudonymiser hold");
        screen.Show(label, Words("rijksregisternummers zoeken", "looking for national numbers"));
        return await Task.Run(
            () =>
            {
                var numbers = NumberSearch.Collect(town.Inputs);
                var sights = new List<DemoSight>();
                foreach (var node in new[] { NetworkPlan.HubId, NetworkPlan.PseudonymiserId })
                {
                    var (found, files, bytes) = NumberSearch.Count(numbers, network.Plan.FolderOf(node));
                    sights.Add(new DemoSight(node, numbers.Count, found, files, bytes));
                }

                screen.End(label, Words($"{sights.Sum(sight => sight.NumbersFound)} gevonden", $"{sights.Sum(sight => sight.NumbersFound)} found"));
                return sights;
            },
            cancel);
    }

    private async Task ExportAsync(RunningNetwork network, DemoResult result, CancellationToken cancel)
    {
        if (options.ExportFolder is not { } folder) return;
        Directory.CreateDirectory(folder);
        if (result.Letters is { } letters)
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(network.Plan.FolderOf(NetworkPlan.SourceId), "data", "waves", letters.Id), "*.pdf")) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        }

        foreach (var order in result.Orders.Where(order => order.WasReceived))
        {
            var role = order.Node.Kind == OrganisationKind.Municipality ? "dossierbehandelaar" : "teamverantwoordelijke";
            var worker = network.Visit(order.Node.Id, role);
            await worker.EnrolPasskeyAsync(result.Codes.Single(code => code.Node.Id == order.Node.Id && code.Role == role).Code, cancel);
            await worker.SaveAsync($"/v1/lists/{order.List!.Id}/export", Path.Combine(folder, $"{order.Node.Id}-{order.Flow}.csv"), cancel);
        }
    }

    private async Task StayAsync(RunningNetwork network, CancellationToken cancel)
    {
        while (true)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), clock, cancel);
            EnsureAllRun(network);
        }
    }

    private static void EnsureAllRun(RunningNetwork network)
    {
        if (network.Processes.FirstOrDefault(process => !process.IsRunning) is { } gone)
        {
            throw new DemoException($"The node {gone.Id} ended by itself (exit code {gone.ExitCode}). Its log is {gone.LogFile}.");
        }
    }

    // Told at once, on the thread that makes the town.
    private sealed class Told(Action<int> told) : IProgress<int>
    {
        public void Report(int value) => told(value);
    }

    /// <summary>Where the demo's data comes from.</summary>
    /// <param name="Places">The municipalities.</param>
    /// <param name="MagdaFolder">The register.</param>
    /// <param name="FamiliesWithSupplement">Known for a synthetic town only.</param>
    /// <param name="Inputs">Files and folders that hold every number that went in.</param>
    private sealed record DemoTown(IReadOnlyList<NetworkPlace> Places, string MagdaFolder, int? FamiliesWithSupplement, IReadOnlyList<string> Inputs);
}
