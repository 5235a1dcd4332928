using System.Globalization;
using Bereik.Magda;

namespace Bereik.Cli.Demo;

/// <summary>Makes one family after the other: who they are, where they live, what is paid, and which OCMW has a file.</summary>
internal sealed class TownFamilyMaker(TownOptions options, TownNumbers numbers)
{
    // The three municipalities of the town, largest first, then two beside it.
    public static readonly TownMunicipality[] Inside =
    [
        new("41002", "Aalst", "9300", "aalst", "Sint-Jobstraat"),
        new("46029", "Lokeren", "9160", "lokeren", "Daknamstraat"),
        new("41024", "Haaltert", "9450", "haaltert", "Sint-Goriksplein"),
    ];

    private static readonly TownMunicipality[] Outside = [new("44021", "Gent", "9000", null, "Onderbergen"), new("41018", "Geraardsbergen", "9500", null, "Kattestraat")];

    /// <summary>Shapes with how many in a thousand families have them.</summary>
    private static readonly (string Shape, int PerMille)[] Shapes =
    [
        ("two-parents", 560), ("single-parent", 210), ("co-parents", 110), ("three-generations", 30), ("reference-address", 22), ("no-domicile", 16),
        ("collective-address", 16), ("safe-address", 16), ("unregistered", 10), ("deceased-beneficiary", 5), ("minor-beneficiary", 5),
    ];

    private TownRandom _random = new(0);
    private TownFamily _family = null!;
    private int _origin;

    public TownFamily Make(int id)
    {
        _random = TownRandom.For(options.Seed, id);
        _origin = TownNames.Origin(_random);
        // The first families go through every shape, so that the smallest town has each.
        _family = new TownFamily { Id = id, Shape = id <= Shapes.Length ? Shapes[id - 1].Shape : Shape() };
        var municipality = Municipality();
        switch (_family.Shape)
        {
            case "co-parents":
                CoParents(municipality);
                break;
            case "minor-beneficiary":
                MinorBeneficiary(municipality);
                break;
            case "deceased-beneficiary":
                DeceasedBeneficiary(municipality);
                break;
            case "two-parents" or "three-generations":
                TwoParents(municipality);
                break;
            default:
                OneHome(municipality);
                break;
        }

        Pay();
        foreach (var home in _family.Homes)
            Files(home);
        return _family;
    }

    /// <summary>An adult in no family, such as most clients of an OCMW.</summary>
    public TownPerson Stranger(int stream, int youngest, int oldest)
    {
        _random = TownRandom.For(options.Seed, stream);
        _origin = TownNames.Origin(_random);
        return Person(Born(youngest, oldest), "relative", TownNames.Family(_random, _origin), _random.Chance(500));
    }

    public TownClientFile StrangersFile(string slug) => File(slug, _random.Next(100));

    private string Shape()
    {
        var roll = _random.Next(1000);
        foreach (var (shape, perMille) in Shapes)
            if ((roll -= perMille) < 0)
                return shape;
        return Shapes[0].Shape;
    }

    private TownMunicipality Municipality() => _random.Next(100) switch
    {
        < 57 => Inside[0],
        < 84 => Inside[1],
        < 95 => Inside[2],
        _ => _random.Pick<TownMunicipality>(Outside),
    };

    private void TwoParents(TownMunicipality municipality)
    {
        var home = Home(municipality, "home");
        var name = TownNames.Family(_random, _origin);
        if (_family.Shape == "three-generations")
            Live(home, Person(Born(62, 85), "relative", name, _random.Chance(600)), beneficiary: false);
        var father = Person(Born(24, 54), "parent", name, female: false);
        var mother = Person(Born(22, 46), "parent", TownNames.Family(_random, _origin), female: true);
        Live(home, father, beneficiary: _random.Chance(650));
        Live(home, mother, beneficiary: true);
        // The order of the beneficiaries is the order of asking: the mother first.
        _family.Beneficiaries.Reverse();
        Children(home, name);
    }

    private void OneHome(TownMunicipality municipality)
    {
        var kind = _family.Shape switch
        {
            "reference-address" => "reference",
            "collective-address" => "collective",
            "safe-address" => "safe",
            "no-domicile" => "none",
            "unregistered" => "unregistered",
            _ => "home",
        };
        var home = Home(municipality, kind);
        var name = TownNames.Family(_random, _origin);
        var parent = Person(Born(20, 48), "parent", name, female: _random.Chance(kind == "safe" ? 950 : 820));
        if (kind == "home" && _random.Chance(150))
        {
            // A new partner, sometimes the reference person: then the answer about the household does not begin with who was asked for.
            var partner = Person(Born(22, 55), "partner", TownNames.Family(_random, _origin), female: !parent.Female);
            var first = _random.Chance(500);
            Live(home, first ? partner : parent, beneficiary: !first);
            Live(home, first ? parent : partner, beneficiary: first);
        }
        else
        {
            Live(home, parent, beneficiary: true);
            if (kind is "reference" or "collective" && _random.Chance(400))
                Live(home, Person(Born(22, 55), "parent", TownNames.Family(_random, _origin), female: !parent.Female), beneficiary: true);
        }

        Children(home, name);
    }

    private void CoParents(TownMunicipality municipality)
    {
        var name = TownNames.Family(_random, _origin);
        var first = Home(municipality, "home");
        var second = Home(_random.Chance(400) ? Municipality() : municipality, "home");
        var mother = Person(Born(24, 46), "parent", TownNames.Family(_random, _origin), female: true);
        var father = Person(Born(25, 52), "parent", name, female: false);
        Live(first, mother, beneficiary: true);
        Live(second, father, beneficiary: true);
        foreach (var (home, female) in new[] { (first, false), (second, true) })
            if (_random.Chance(300))
                Live(home, Person(Born(24, 52), "partner", TownNames.Family(_random, _origin), female), beneficiary: false);
        Children(_random.Chance(650) ? first : second, name);
    }

    private void MinorBeneficiary(TownMunicipality municipality)
    {
        var home = Home(municipality, "home");
        var name = TownNames.Family(_random, _origin);
        Live(home, Person(Born(38, 52), "relative", name, female: true), beneficiary: false);
        Live(home, Person(options.Today.AddYears(-17).AddDays(_random.Next(200)), "parent", name, female: true), beneficiary: true);
        Live(home, Person(options.Today.AddMonths(-_random.Between(3, 9)), "child", name, _random.Chance(500)), beneficiary: false);
    }

    private void DeceasedBeneficiary(TownMunicipality municipality)
    {
        var home = Home(municipality, "home");
        var name = TownNames.Family(_random, _origin);
        Live(home, Person(Born(58, 75), "relative", name, female: true), beneficiary: false);
        var parent = Person(Born(28, 50), "parent", name, female: true, deceased: true);
        _family.Adults.Add(parent);
        _family.Beneficiaries.Add(parent);
        Children(home, name);
    }

    private void Children(TownHome home, string name)
    {
        // No parent is younger than eighteen years more than a child.
        var oldest = _family.Adults.Where(a => a.Role == "parent").Min(a => options.Today.Year - a.Born.Year) - 19;
        var count = _random.Next(100) switch { < 38 => 1, < 76 => 2, < 93 => 3, < 99 => 4, _ => 6 };
        for (var i = 0; i < count; i++)
            Live(home, Person(Born(0, Math.Clamp(_random.Chance(120) ? 24 : 17, 0, Math.Max(oldest, 0))), "child", name, _random.Chance(490)), beneficiary: false);
    }

    private void Live(TownHome home, TownPerson person, bool beneficiary)
    {
        person.Home = home;
        home.Members.Add(person);
        (person.Role == "child" ? _family.Children : _family.Adults).Add(person);
        if (beneficiary)
            _family.Beneficiaries.Add(person);
    }

    private TownPerson Person(DateOnly born, string role, string family, bool female, bool deceased = false)
    {
        var insz = numbers.Next(born, female);
        // Only of who is asked about one by one does the source learn of a new number.
        var replaced = role is "parent" or "child" && _random.Chance(12);
        var name = (Given: TownNames.Given(_random, _origin, female), Family: family);
        if (_random.Chance(3))
            name = TownNames.Long;
        return new TownPerson
        {
            Insz = insz,
            NewInsz = replaced ? numbers.Next(born, female) : null,
            Given = name.Given,
            Family = name.Family,
            Born = born,
            Female = female,
            Role = role,
            Deceased = deceased,
        };
    }

    /// <summary>A day of birth. Nobody turns eighteen within ten days of today, so that a run past midnight changes nothing.</summary>
    private DateOnly Born(int youngest, int oldest)
    {
        var born = options.Today.AddYears(-youngest).AddDays(-1 - _random.Next(((oldest - youngest + 1) * 365) - 2));
        var adult = born.AddYears(18).DayNumber - options.Today.DayNumber;
        return Math.Abs(adult) <= 10 ? born.AddDays(30) : born;
    }

    private TownHome Home(TownMunicipality municipality, string kind)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{_family.Id}{(char)('a' + _family.Homes.Count)}");
        var street = TownNames.Street(_random);
        var number = _random.Between(1, 240).ToString(CultureInfo.InvariantCulture);
        if (_random.Chance(60))
            number += _random.Pick<char>("ABC");
        string? box = _random.Chance(280) ? _random.Pick<string>(["1", "2", "0003", "12", "201", "A", "GLV", "3.02"]) : null;
        var (nis, postcode, city) = (municipality.Nis, municipality.Postcode, municipality.Name);
        // Lokeren is a merger of 2025; some addresses still carry a code of before it.
        if (municipality.Nis == "46029" && _random.Chance(200))
            (nis, postcode, city) = _random.Chance(300) ? ("44045", "9180", "Moerbeke") : ("46014", "9160", "Lokeren");

        var home = kind switch
        {
            "reference" => new TownHome { Id = id, Kind = kind, Municipality = municipality, RegisterNis = municipality.Nis, Street = "Gasthuisplein", Number = "1", Postcode = municipality.Postcode, City = municipality.Name },
            "collective" => new TownHome { Id = id, Kind = kind, Municipality = municipality, RegisterNis = municipality.Nis, Street = municipality.Shelter, Number = "7", Postcode = municipality.Postcode, City = municipality.Name },
            "none" => new TownHome { Id = id, Kind = kind, Municipality = null, RegisterNis = null },
            "unregistered" => new TownHome { Id = id, Kind = kind, Municipality = municipality, RegisterNis = null },
            _ => new TownHome { Id = id, Kind = kind, Municipality = municipality, RegisterNis = nis, Street = street, Number = number, Box = box, Postcode = postcode, City = city },
        };
        _family.Homes.Add(home);
        return home;
    }

    private void Pay()
    {
        var month = options.ReferenceMonth;
        // In the first families, which show every shape, the supplement is paid.
        var roll = _family.Id <= Shapes.Length ? 0 : _random.Next(1000);
        (PaymentMonth Begin, PaymentMonth? End)[] supplement = roll switch
        {
            < 170 => [(month.AddMonths(-_random.Between(1, 36)), null)],
            < 230 => [(month.AddMonths(-_random.Between(1, 36)), month.AddMonths(_random.Between(1, 12)))],
            < 255 => [(month.AddMonths(-_random.Between(1, 24)), month)],
            < 275 => [(month, null)],
            < 310 => [(month.AddMonths(-30), month.AddMonths(-18)), (month.AddMonths(-6), month.AddMonths(_random.Between(0, 6)))],
            < 345 => [(month.AddMonths(-_random.Between(12, 36)), month.AddMonths(-_random.Between(1, 10)))],
            < 365 => [(month.AddMonths(_random.Between(1, 3)), null)],
            < 375 => [(month.AddMonths(-20), month.AddMonths(-1)), (month.AddMonths(1), null)],
            _ => [],
        };
        // Sometimes not for the eldest.
        var skipped = _random.Chance(40) && _family.Children.Count > 1 ? _family.Children.MinBy(c => c.Born) : null;
        foreach (var child in _family.Children)
        {
            var birth = PaymentMonth.Of(child.Born);
            var start = PaymentMonth.TryParse("2019-01", out var reform) && birth < reform ? reform : birth;
            if (child != skipped)
                foreach (var (begin, end) in supplement)
                    if (end is not { } last || birth <= last)
                        child.Periods.Add(new TownPeriod(PaymentPeriod.SocialSupplement, begin < birth ? birth : begin, end));
            child.Periods.Add(new TownPeriod("BASIS", start, null));
            if (_random.Chance(60))
                child.Periods.Add(new TownPeriod("ZORG_SPECIALE_NODEN", start, null));
        }
    }

    private void Files(TownHome home)
    {
        var paid = _family.Children.Any(c => c.Periods.Any(p => p.Category == PaymentPeriod.SocialSupplement && p.Covers(options.ReferenceMonth)));
        TownPerson[] adults = [.. home.Members.Where(m => m.IsAdultOn(options.Today))];
        if (adults.Length == 0 || !_random.Chance(paid ? 440 : 60))
            return;
        var person = _random.Pick<TownPerson>(adults);
        var slug = home.Municipality?.Slug ?? _random.Pick<TownMunicipality>(Inside).Slug!;
        // Who moved may still be in another OCMW's files; that OCMW's clients are not this one's.
        if (_random.Chance(60))
            slug = _random.Pick<TownMunicipality>(Inside).Slug!;
        var roll = _random.Next(100);
        if (_random.Chance(80))
            person.Files.Add(File(slug, 99));
        person.Files.Add(File(slug, roll));
    }

    /// <summary>
    /// A file: open, closed less than 24 months ago, or longer ago. Never within fifteen days of 24 months, so that a run past midnight
    /// changes nothing.
    /// </summary>
    private TownClientFile File(string slug, int roll)
    {
        var limit = options.Today.AddMonths(-24);
        var closed = roll switch
        {
            < 74 => (DateOnly?)null,
            < 86 => limit.AddDays(15 + _random.Next(600)),
            _ => limit.AddDays(-15 - _random.Next(1500)),
        };
        return new TownClientFile("ocmw-" + slug, (closed ?? options.Today).AddDays(-20 - _random.Next(1200)), closed);
    }
}
