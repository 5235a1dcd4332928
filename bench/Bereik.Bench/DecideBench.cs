using System.Diagnostics;
using System.Text.Json;
using Bereik.Domain;
using Bereik.Exchange.Protocols;

namespace Bereik.Bench;

/// <summary>
/// Explained decisions, one a person and field, against node-casbin's enforceEx on the same facts, alternated in one run. Each of ours is compared with the naive
/// interpreter's reasons, and casbin's permits are counted against it too: a figure counts only when the answers are right.
/// </summary>
internal static class DecideBench
{
    private static readonly DateOnly Today = new(2026, 11, 16);

    public static int Run(string[] args)
    {
        var rounds = Figures.Option(args, "--rounds", 5);
        var households = Figures.Option(args, "--households", 200_000);
        var casbinDecisions = Figures.Option(args, "--casbin", 20_000);
        var file = ShippedProtocols.Files.Single(one => one.Protocol!.Id == "groeipakket-onbekend");
        var protocol = file.Protocol!;
        var request = new ReleaseRequest { Purpose = Purpose.Outreach, Fields = [.. protocol.Find<Clause.FieldsClause>()!.Shared.Select(field => field.Id), RecordField.Insz] };
        var facts = Households(protocol, households);

        // The oracle first, once, over everything.
        var naive = new NaiveRelease(file.Canonical.Span, protocol.Hash);
        var (permits, wrong) = Compare(naive, protocol, request, facts);
        var asked = (long)households * request.Fields.Count;
        Console.WriteLine(FormattableString.Invariant($"{households} households x {request.Fields.Count} fields: {permits} permitted, {asked - permits} refused; explanations that differ from the naive interpreter's: {wrong}"));
        if (wrong > 0 || permits == 0 || permits == asked) return 1;

        var folder = Path.Combine(AppContext.BaseDirectory, "casbin");
        if (!Directory.Exists(Path.Combine(folder, "node_modules")) && Figures.Start("npm", folder, "ci", "--ignore-scripts", "--no-audit", "--no-fund").Code != 0) return 1;
        var input = Path.Combine(Path.GetTempPath(), $"bereik-bench-{Environment.ProcessId}.json");
        var peerHouseholds = Math.Max(1, casbinDecisions / request.Fields.Count);
        File.WriteAllText(input, CasbinInput(protocol, request, facts.Take(peerHouseholds)));
        var peerPermits = facts.Take(peerHouseholds).Sum(one => naive.Explain(request, one).Values.Count(reasons => reasons.Length == 0));
        try
        {
            var (ours, theirs) = (new List<double>(), new List<double>());
            Time(protocol, request, facts, permits);
            for (var round = 0; round < rounds; round++)
            {
                theirs.Add(Casbin(folder, input, peerPermits));
                ours.Add(Time(protocol, request, facts, permits));
            }

            var ratios = ours.Zip(theirs, (mine, peer) => mine / peer).ToList();
            Figures.Report("bereik, explained decisions per second", ours);
            Figures.Report("casbin enforceEx, per second", theirs);
            Figures.Report("ratio", ratios);
            return 0;
        }
        finally
        {
            File.Delete(input);
        }
    }

    // Every explanation of every field, against the naive interpreter's.
    private static (long Permits, long Wrong) Compare(NaiveRelease naive, Protocol protocol, ReleaseRequest request, ReleaseFacts[] facts)
    {
        var (permits, wrong) = (0L, 0L);
        foreach (var one in facts)
        {
            var expected = naive.Explain(request, one);
            foreach (var field in Decide.Release(protocol, request, one).Fields)
            {
                var reasons = field.Reasons.Select(reason => reason.Code).Order(StringComparer.Ordinal);
                if (!reasons.SequenceEqual(expected[field.Field.WireName()]) || (field.Outcome == Outcome.Permit) != (expected[field.Field.WireName()].Length == 0)) wrong++;
                if (field.Outcome == Outcome.Permit) permits++;
            }
        }

        return (permits, wrong);
    }

    // The same function as every node calls; each field's outcome and reasons are read, so that nothing is left out.
    private static double Time(Protocol protocol, ReleaseRequest request, ReleaseFacts[] facts, long permits)
    {
        var (counted, reasons) = (0L, 0L);
        var watch = Stopwatch.StartNew();
        foreach (var one in facts)
        {
            var fields = Decide.Release(protocol, request, one).Fields;
            for (var at = 0; at < fields.Count; at++)
            {
                if (fields[at].Outcome == Outcome.Permit) counted++;
                reasons += fields[at].Reasons.Count;
            }
        }

        watch.Stop();
        if (counted != permits || reasons == 0) throw new InvalidDataException("The timed decisions are not those that were compared.");
        return (double)facts.Length * request.Fields.Count / watch.Elapsed.TotalSeconds;
    }

    private static double Casbin(string folder, string input, long permits)
    {
        var (code, output) = Figures.Start("node", folder, "decide.mjs", input);
        if (code != 0) throw new InvalidOperationException("casbin did not run.");
        using var answer = JsonDocument.Parse(output);
        if (answer.RootElement.GetProperty("permits").GetInt64() != permits) throw new InvalidDataException("casbin permits another number than the naive interpreter.");
        return answer.RootElement.GetProperty("decisions").GetInt64() / answer.RootElement.GetProperty("seconds").GetDouble();
    }

    // Reproducible: most households are in order, and each kind of fault comes up.
    private static ReleaseFacts[] Households(Protocol protocol, int count)
    {
        var random = new Random(20261116);
        var fields = protocol.Find<Clause.FieldsClause>()!.Shared.Select(field => field.Id).ToList();
        var (all, fewer) = (FieldSet.Of(fields), FieldSet.Of(fields.Skip(1)));
        var good = new RegisterFacts { Age = TimeSpan.Zero, State = ProtocolState.Draft, Accession = new AccessionFact(false, false, false, false), UsableUntil = null };
        var suspended = good with { Accession = new AccessionFact(true, false, false, false) };
        var kinds = Enum.GetValues<Exclusion>();
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var excluded = random.Next(100) < 10 ? kinds[random.Next(kinds.Length)] : (Exclusion?)null;
            return new ReleaseFacts
            {
                Today = Today,
                SyntheticOnly = random.Next(100) >= 2,
                Register = random.Next(100) < 3 ? suspended : good,
                Excluded = ExclusionFacts.Of(kinds.Select(kind => KeyValuePair.Create(kind, kind == excluded))),
                AnnouncedOn = random.Next(100) < 3 ? Today.AddDays(-3) : Today.AddDays(-60),
                AnnouncedFields = random.Next(100) < 5 ? fewer : all,
            };
        })];
    }

    // The same facts in the form that casbin's matcher reads.
    private static string CasbinInput(Protocol protocol, ReleaseRequest request, IEnumerable<ReleaseFacts> facts)
    {
        var exclusions = protocol.Find<Clause.Exclusions>()!.Reasons;
        return JsonSerializer.Serialize(new
        {
            shared = protocol.Fields,
            daysBefore = protocol.Find<Clause.Notice>()!.DaysBefore,
            exclusions = exclusions.Select(one => Word(one)),
            fields = request.Fields.Select(field => field.WireName()),
            households = facts.Select(one => new
            {
                purpose = "outreach",
                synthetic = one.SyntheticOnly == true,
                state = Word(one.Register!.State!.Value),
                suspended = one.Register.Accession!.Suspended,
                noticeDays = one.Today.DayNumber - one.AnnouncedOn!.Value.DayNumber,
                told = string.Join(' ', one.AnnouncedFields!.Value.AsEnumerable().Select(field => field.WireName())),
                excluded = exclusions.ToDictionary(kind => Word(kind), kind => one.Excluded!.Value.Of(kind) != false),
            }),
        });
    }

    private static string Word(Enum word) => char.ToLowerInvariant(word.ToString()[0]) + word.ToString()[1..];
}
