using System.Globalization;
using System.Text;
using Bereik.Magda;

namespace Bereik.Cli.Demo;

/// <summary>
/// A synthetic town: families in three real municipalities, as a register of MAGDA answers, as the lists that the municipalities and
/// their OCMWs have, and as the plain truth. Every number is synthetic (month + 60).
/// </summary>
public static class Town
{
    // Streams of choices that no family uses.
    private const int ResidentStream = -1_000_000_000;
    private const int ClientStream = -2_000_000_000;

    /// <summary>
    /// Writes the town; a town that was written there before is taken away first. Files: <c>magda/SERVICE-VERSION/INSZ.xml</c>;
    /// <c>gemeente-SLUG-residents.csv</c> (<c>insz;given_name;family_name;linked</c>, all children of 0 to 25 who live there);
    /// <c>ocmw-SLUG-known.csv</c> (<c>insz;opened;closed;linked</c>, one row a help file, days <c>yyyy-MM-dd</c>, closed empty while open);
    /// <c>town.json</c>. The CSV files are UTF-8 without byte order mark; <c>linked</c> holds at most one former number.
    /// </summary>
    /// <param name="options">What to make.</param>
    /// <param name="folder">Where; made when it does not exist.</param>
    /// <param name="progress">Told how many families are done, now and then; may be null.</param>
    /// <param name="cancellationToken">Stops between two families.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="IOException">The folder has answers of something else than a synthetic town, or cannot be written.</exception>
    public static TownSummary Write(TownOptions options, string folder, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Families, 1);

        var magda = Path.Combine(folder, "magda");
        string[] services = ["GeefKindVoordelen-02.00", "GeefPersoon-02.02", "GeefGezinssamenstelling-02.02"];
        var truthFile = Path.Combine(folder, "town.json");
        Clear(folder, magda, truthFile);
        foreach (var service in services)
            Directory.CreateDirectory(Path.Combine(magda, service));
        TownPlace[] places =
        [
            .. TownFamilyMaker.Inside.Select(m => new TownPlace(m.Nis, m.Name, m.Slug!,
                Path.Combine(folder, $"gemeente-{m.Slug}-residents.csv"), Path.Combine(folder, $"ocmw-{m.Slug}-known.csv"))),
        ];

        var count = new Counter();
        using (var truth = new TownTruth(truthFile, options))
        using (var residents = new CsvSet(places, p => p.ResidentsFile, "insz;given_name;family_name;linked"))
        using (var clients = new CsvSet(places, p => p.KnownFile, "insz;opened;closed;linked"))
        {
            var maker = new TownFamilyMaker(options, new TownNumbers());
            using var messages = new TownMessages(options);
            for (var id = 1; id <= options.Families; id++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var family = maker.Make(id);
                count.Add(family, options.ReferenceMonth);
                truth.Write(family);
                foreach (var child in family.Children)
                    if (child.Home?.Municipality?.Slug is { } slug)
                        residents.Write(slug, $"{Current(child)};{child.Given};{child.Family};{Former(child)}");
                foreach (var person in family.Adults.Concat(family.Children))
                    foreach (var file in person.Files)
                        clients.Write(file.Ocmw["ocmw-".Length..], Row(person, file));
                Answers(family, messages, magda, services, count);
                if (id % 500 == 0)
                    progress?.Report(id);
            }

            Others(options, maker, truth, residents, clients);
        }

        return new TownSummary
        {
            MagdaFolder = magda,
            TruthFile = truthFile,
            Places = places,
            Families = options.Families,
            Adults = count.Adults,
            Children = count.Children,
            FamiliesWithSupplement = count.Paid,
            ChildrenWithSupplement = count.PaidChildren,
            Shapes = count.Shapes,
            AnswerFiles = count.Files,
            AnswerBytes = count.Bytes,
        };
    }

    /// <summary>Takes an earlier town away: an answer left over from it would be a person whom the truth does not know.</summary>
    private static void Clear(string folder, string magda, string truthFile)
    {
        if (!Directory.Exists(magda))
        {
            Directory.CreateDirectory(folder);
            return;
        }

        // Only what this program made may go.
        if (!File.Exists(truthFile))
            throw new IOException("The folder for the synthetic town already has answers that are not of a synthetic town.");
        Directory.Delete(magda, recursive: true);
    }

    private static void Answers(TownFamily family, TownMessages messages, string magda, string[] services, Counter count)
    {
        void Save(string service, string insz, ReadOnlySpan<byte> bytes)
        {
            File.WriteAllBytes(Path.Combine(magda, service, insz + ".xml"), bytes);
            count.Files++;
            count.Bytes += bytes.Length;
        }

        Save(services[0], family.Beneficiaries[0].Insz, messages.ChildBenefits(family));
        // Data minimisation at the source: nobody asks the National Register about families that never had the supplement.
        if (!family.EverHasSupplement)
            return;

        // Also about everybody else who got a new number: nobody but the register could tell the source.
        foreach (var person in family.Beneficiaries.Concat(family.Adults.Concat(family.Children).Where(p => p.NewInsz is not null)).Distinct())
            Save(services[1], person.Insz, messages.Person(family, person));
        // One question a home, with the number of the first beneficiary in it.
        foreach (var beneficiary in family.Beneficiaries.DistinctBy(b => b.Home))
            Save(services[2], beneficiary.Insz, messages.Household(family, beneficiary.Home));
    }

    /// <summary>Residents whose family is in no register, and clients who are in no family.</summary>
    private static void Others(TownOptions options, TownFamilyMaker maker, TownTruth truth, CsvSet residents, CsvSet clients)
    {
        truth.EndFamilies();
        int[] shares = [58, 29, 13];
        for (var m = 0; m < shares.Length; m++)
            for (var i = 0; i < Math.Max(3, options.Families * shares[m] / 100 * 6 / 100); i++)
            {
                var child = maker.Stranger(ResidentStream - (i * 3) - m, 0, 24);
                var slug = TownFamilyMaker.Inside[m].Slug!;
                residents.Write(slug, $"{child.Insz};{child.Given};{child.Family};");
                truth.WriteOtherResident("gemeente-" + slug, child);
            }

        truth.EndOtherResidents();
        for (var m = 0; m < shares.Length; m++)
            for (var i = 0; i < Math.Max(3, options.Families * shares[m] / 100 * 20 / 100); i++)
            {
                var client = maker.Stranger(ClientStream - (i * 3) - m, 18, 88);
                var slug = TownFamilyMaker.Inside[m].Slug!;
                var file = maker.StrangersFile(slug);
                clients.Write(slug, Row(client, file));
                truth.WriteOtherClient(client, file);
            }
    }

    /// <summary>A local government has the new number of who got one.</summary>
    private static string Current(TownPerson person) => person.NewInsz ?? person.Insz;

    /// <summary>Half of them still have the former number beside it; the others are found through the register's link alone.</summary>
    private static string Former(TownPerson person) => person.NewInsz is not null && person.Born.Day % 2 == 0 ? person.Insz : "";

    private static string Row(TownPerson person, TownClientFile file) =>
        string.Create(CultureInfo.InvariantCulture, $"{Current(person)};{file.Opened:yyyy-MM-dd};{file.Closed:yyyy-MM-dd};{Former(person)}");

    private sealed class Counter
    {
        public int Adults { get; private set; }

        public int Children { get; private set; }

        public int Paid { get; private set; }

        public int PaidChildren { get; private set; }

        public int Files { get; set; }

        public long Bytes { get; set; }

        public Dictionary<string, int> Shapes { get; } = new(StringComparer.Ordinal);

        public void Add(TownFamily family, PaymentMonth month)
        {
            Adults += family.Adults.Count;
            Children += family.Children.Count;
            var paid = family.Children.Count(c => c.Periods.Exists(p => p.Category == PaymentPeriod.SocialSupplement && p.Covers(month)));
            PaidChildren += paid;
            Paid += paid > 0 ? 1 : 0;
            Shapes[family.Shape] = Shapes.GetValueOrDefault(family.Shape) + 1;
        }
    }

    /// <summary>One CSV file a municipality.</summary>
    private sealed class CsvSet : IDisposable
    {
        private readonly Dictionary<string, StreamWriter> _files = new(StringComparer.Ordinal);

        public CsvSet(TownPlace[] places, Func<TownPlace, string> path, string header)
        {
            foreach (var place in places)
            {
                var file = new StreamWriter(path(place), append: false, new UTF8Encoding(false)) { NewLine = "\n" };
                file.WriteLine(header);
                _files.Add(place.Slug, file);
            }
        }

        public void Write(string slug, string row) => _files[slug].WriteLine(row);

        public void Dispose()
        {
            foreach (var file in _files.Values)
                file.Dispose();
        }
    }
}
