using System.Globalization;
using Bereik.Source.Register;
using CsCheck;

namespace Bereik.Source.Tests;

// Small registers with everything that selection must tell apart, and what must be selected from them by ordinary sets.
internal sealed record RandomRegister(IReadOnlyList<RandomRegister.Family> Families)
{
    public static readonly Gen<RandomRegister> Any =
        (from adults in (
            from home in Gen.Int[0, 2]
            from isBeneficiary in Gen.Bool
            from isDeceased in Gen.Frequency((9, Gen.Const(false)), (1, Gen.Const(true)))
            from birthDay in Gen.OneOf(Gen.Const("1980-01-01"), Gen.Const("2010-01-01"), Gen.Const("1975-00-00"), Gen.Const(""))
            from hasLink in Gen.Frequency((4, Gen.Const(false)), (1, Gen.Const(true)))
            select new Adult(home, isBeneficiary, isDeceased, birthDay, hasLink)).List[1, 4]
         from homes in Gen.OneOf(Gen.Const("41002"), Gen.Const("44021"), Gen.Const("safe"), Gen.Const("none")).List[3, 3]
         from isPaid in Gen.Frequency((3, Gen.Const(true)), (1, Gen.Const(false)))
         from hasComposition in Gen.Bool
         select new Family(adults, homes, isPaid, hasComposition)).List[0, 6].Select(families => new RandomRegister(families));

    // Families of a random register never share an address: the tests beside it say what happens then.
    private const int NumbersAFamily = 20;

    public static PersonFact At(string houseNumber) => new()
    {
        Number = "",
        IsSubject = true,
        GivenNames = "Voornaam",
        FamilyName = "",
        BirthDay = "1985-05-05",
        AddressKind = AddressKind.Main,
        Nis = "41002",
        Street = "Molenstraat",
        HouseNumber = houseNumber,
        Postcode = "9300",
        Place = "Aalst",
    };

    public static RegisterRecord Person(int index, PersonFact home) => new()
    {
        Persons = [home with { Number = TestNumbers.Of(index), FamilyName = home.FamilyName.Length > 0 ? home.FamilyName : $"Naam {index}" }],
    };

    public IEnumerable<RegisterRecord> Records()
    {
        foreach (var (family, at) in Families.Select((family, at) => (family, at)))
        {
            var first = at * NumbersAFamily;
            foreach (var (adult, index) in family.Adults.Select((adult, index) => (adult, index)))
            {
                yield return Person(first + index, Fact(family, adult, at));
                if (adult.HasLink) yield return new RegisterRecord { Links = [(TestNumbers.Of(first + index), TestNumbers.Of(first + 10 + index))] };
                if (!adult.IsBeneficiary) continue;
                yield return new RegisterRecord { Benefits = [new BenefitFact(TestNumbers.Of(first + 19), TestNumbers.Of(first + index), true, "2026-01", family.IsPaid ? null : "2026-09")] };
            }

            if (!family.HasComposition) continue;
            foreach (var home in family.Adults.GroupBy(adult => adult.Home))
            {
                yield return new RegisterRecord
                {
                    Persons =
                    [
                        .. family.Adults.Select((adult, index) => (adult, index)).Where(entry => entry.adult.Home == home.Key)
                            .Select(entry => Person(first + entry.index, Fact(family, entry.adult, at)).Persons[0] with { IsSubject = false, Household = $"{at}/{home.Key}" }),
                    ],
                };
            }
        }
    }

    public IEnumerable<string> Unknown(DateOnly today)
    {
        foreach (var (family, at) in Families.Select((family, at) => (family, at)))
        {
            if (!family.IsPaid) continue;
            var first = at * NumbersAFamily;
            foreach (var home in family.Adults.Select((adult, index) => (adult, index)).GroupBy(entry => entry.adult.Home))
            {
                if (family.Homes[home.Key] != "41002") continue;
                var beneficiaries = home.Where(entry => entry.adult.IsBeneficiary).ToList();
                var named = beneficiaries.Where(entry => !entry.adult.IsDeceased && entry.adult.BirthDay != "2010-01-01").ToList();
                if (named.Count == 0) continue;
                var adults = home.Where(entry => entry.adult.IsBeneficiary || (family.HasComposition && !entry.adult.IsDeceased && (entry.adult.BirthDay is "1980-01-01" or "1975-00-00")));
                var numbers = adults.SelectMany(entry => entry.adult.HasLink ? new[] { first + entry.index, first + 10 + entry.index } : [first + entry.index]).Select(TestNumbers.Of).ToList();
                if (numbers.Count > 7) continue;
                var names = string.Join(',', named.Select(entry => $"Naam {first + entry.index}").Order(StringComparer.Ordinal));
                yield return $"{HouseNumber(at, home.Key)}: {names} [{string.Join(',', numbers.Order(StringComparer.Ordinal))}]";
            }
        }
    }

    // The register says nothing of any child's domicile, so every child with the supplement may live in the municipality.
    public IEnumerable<string> Match() =>
        Families.Select((family, at) => (family, at)).Where(entry => entry.family.IsPaid && entry.family.Adults.Any(adult => adult.IsBeneficiary)).Select(entry => TestNumbers.Of(entry.at * NumbersAFamily + 19));

    private static PersonFact Fact(Family family, Adult adult, int at)
    {
        var home = family.Homes[adult.Home];
        return At(HouseNumber(at, adult.Home)) with
        {
            IsDeceased = adult.IsDeceased,
            BirthDay = adult.BirthDay.Length > 0 ? adult.BirthDay : null,
            AddressKind = home switch { "safe" => AddressKind.Safe, "none" => AddressKind.None, _ => AddressKind.Main },
            Nis = home switch { "safe" => "41002", "none" => null, _ => home },
        };
    }

    private static string HouseNumber(int family, int home) => string.Create(CultureInfo.InvariantCulture, $"{family}{(char)('A' + home)}");

    internal sealed record Family(IReadOnlyList<Adult> Adults, IReadOnlyList<string> Homes, bool IsPaid, bool HasComposition);

    internal sealed record Adult(int Home, bool IsBeneficiary, bool IsDeceased, string BirthDay, bool HasLink);
}
