using Bereik.Domain;
using Bereik.Exchange.Protocols;
using Bereik.Source.Register;
using Bereik.Source.Requests;
using CsCheck;
using Shouldly;
using Xunit;

namespace Bereik.Source.Tests;

public sealed class SelectionTests
{
    private const string Aalst = "41002";
    private static readonly DateOnly Today = new(2026, 11, 20);
    private static readonly Month October = new(2026, 10);

    [Fact]
    public async Task Household_OfTwoBeneficiariesAtOneAddress_IsOneRowWithBothNames()
    {
        var found = await UnknownAsync(Person(1, Home("1")), Person(2, Home("1")), Paid(10, 1), Paid(10, 2));
        var household = found.Rows.ShouldHaveSingleItem().Household!;
        household.Beneficiaries.Select(who => who.FamilyName).ShouldBe(["Naam 1", "Naam 2"], ignoreOrder: true);
        found.Result.Selected.ShouldBe(1);
    }

    [Fact]
    public async Task CoParents_AtTwoAddresses_AreTwoHouseholdsEachAtItsOwn()
    {
        var found = await UnknownAsync(Person(1, Home("1")), Person(2, Home("2")), Paid(10, 1), Paid(10, 2));
        found.Rows.Select(row => row.Household!.HouseNumber).ShouldBe(["1", "2"]);
        found.Rows.SelectMany(row => row.Household!.Beneficiaries).Count().ShouldBe(2);
    }

    [Fact]
    public async Task TwoFamilies_AtOneReferenceAddress_StayTwoHouseholds()
    {
        var found = await UnknownAsync(Person(1, Home("1") with { AddressKind = AddressKind.Reference }), Person(2, Home("1") with { AddressKind = AddressKind.Reference }), Paid(10, 1), Paid(11, 2));
        found.Rows.Count.ShouldBe(2);
    }

    [Fact]
    public async Task SafeAddress_OfAnyoneInTheHousehold_HoldsItBack()
    {
        var found = await UnknownAsync(Household("h", Person(1, Home("1")), Person(3, Home("1"))), Person(1, Home("1")), Person(3, Home("1") with { AddressKind = AddressKind.Safe }), Paid(10, 1));
        found.Rows.ShouldBeEmpty();
        found.Result.Withheld.ShouldBe(new Dictionary<string, int> { [SelectionReasons.SafeAddress] = 1 });
    }

    [Theory]
    [InlineData("2026-11-20", 0)]
    [InlineData("2026-11-19", 1)]
    public async Task SafeAddress_CountsUpToItsLastDay(string until, int selected) =>
        (await UnknownAsync(Person(1, Home("1") with { AddressKind = AddressKind.Safe, SafeUntil = until }), Paid(10, 1))).Result.Selected.ShouldBe(selected);

    [Fact]
    public async Task DeceasedBeneficiary_WithALivingOne_IsNotNamedAndTheHouseholdStays()
    {
        var found = await UnknownAsync(Person(1, Home("1") with { IsDeceased = true }), Person(2, Home("1")), Paid(10, 1), Paid(10, 2));
        found.Rows.ShouldHaveSingleItem().Household!.Beneficiaries.Select(who => who.FamilyName).ShouldBe(["Naam 2"]);
    }

    [Fact]
    public async Task DeceasedBeneficiary_Alone_IsHeldBack() =>
        (await UnknownAsync(Person(1, Home("1") with { IsDeceased = true }), Paid(10, 1))).Result.Withheld.Keys.ShouldBe([SelectionReasons.BeneficiaryDeceased]);

    [Theory]
    [InlineData("2008-11-20", false)]
    [InlineData("2008-11-21", true)]
    [InlineData("2008-00-00", true)]
    [InlineData("2007-00-00", false)]
    [InlineData("0000-00-00", false)]
    [InlineData(null, false)]
    public async Task MinorBeneficiary_Alone_IsHeldBack(string? birthDay, bool heldBack) =>
        (await UnknownAsync(Person(1, Home("1") with { BirthDay = birthDay }), Paid(10, 1))).Result.Withheld.ContainsKey(SelectionReasons.BeneficiaryMinor).ShouldBe(heldBack);

    [Fact]
    public async Task Domicile_ThatIsNotKnown_IsReportedOnceAFamilyAndNotRouted()
    {
        var none = Home("1") with { AddressKind = AddressKind.None, Nis = null };
        var found = await UnknownAsync(Person(1, none), Paid(10, 1), Paid(10, 2), Paid(11, 3));
        found.Rows.ShouldBeEmpty();
        found.Result.Reported.ShouldBe(new Dictionary<string, int> { [SelectionReasons.DomicileUnknown] = 2 });
    }

    [Theory]
    [InlineData("46014", "46029", true)]
    [InlineData("44045", "46029", true)]
    [InlineData("46014", "41002", false)]
    public async Task NisCode_OfBeforeAMerger_LeadsToTheMunicipalityOfToday(string stored, string asked, bool selected)
    {
        var found = await SelectAsync(Flow.Unknown, asked, October, Person(1, Home("1") with { Nis = stored }), Paid(10, 1));
        found.Result.Selected.ShouldBe(selected ? 1 : 0);
        found.Result.Reported.ShouldBeEmpty();
    }

    [Fact]
    public async Task NisCode_ThatNobodyHas_IsReported()
    {
        foreach (var flow in new[] { Flow.Unknown, Flow.Match })
        {
            var found = await SelectAsync(flow, Aalst, October, Person(1, Home("1") with { Nis = "99999" }), Person(10, Home("1") with { Nis = "99999" }), Paid(10, 1));
            found.Rows.ShouldBeEmpty();
            found.Result.Reported.ShouldBe(new Dictionary<string, int> { [SelectionReasons.NisUnknown] = 1 });
        }
    }

    [Theory]
    [InlineData("2026-10", "2026-10", true)]
    [InlineData("2026-09", null, true)]
    [InlineData("2026-11", null, false)]
    [InlineData("2026-01", "2026-09", false)]
    public async Task Supplement_CoversItsFirstAndLastMonth(string begin, string? end, bool selected)
    {
        RegisterRecord benefit = new() { Benefits = [new BenefitFact(TestNumbers.Of(10), TestNumbers.Of(1), true, begin, end)] };
        (await UnknownAsync(Person(1, Home("1")), benefit)).Result.Selected.ShouldBe(selected ? 1 : 0);
    }

    [Fact]
    public async Task OtherCategory_IsNoSupplement()
    {
        RegisterRecord benefit = new() { Benefits = [new BenefitFact(TestNumbers.Of(10), TestNumbers.Of(1), false, "", null)] };
        (await UnknownAsync(Person(1, Home("1")), benefit)).Result.Selected.ShouldBe(0);
    }

    [Fact]
    public async Task Numbers_BeginWithBeneficiariesAndHoldLinksAndOtherAdultsButNoChild()
    {
        var adult = Person(2, Home("1"));
        var child = Person(10, Home("1") with { BirthDay = "2015-05-05" });
        var unknown = Person(4, Home("1") with { BirthDay = null });
        var found = await UnknownAsync(Household("h", Person(1, Home("1")), adult, child, unknown), Person(1, Home("1")), Link(1, 5), Link(2, 6), Paid(10, 1));
        found.Rows.ShouldHaveSingleItem().Numbers.ShouldBe([TestNumbers.Of(5), TestNumbers.Of(1), TestNumbers.Of(6), TestNumbers.Of(2)]);
    }

    [Fact]
    public async Task Numbers_MoreThanSeven_HoldTheHouseholdBack()
    {
        var seven = Enumerable.Range(1, 7).Select(at => Person(at, Home("1"))).ToArray();
        (await UnknownAsync([Household("h", seven), Paid(20, 1)])).Result.Selected.ShouldBe(1);
        var eight = await UnknownAsync([Household("h", [.. seven, Person(8, Home("1"))]), Paid(20, 1)]);
        eight.Rows.ShouldBeEmpty();
        eight.Result.Withheld.Keys.ShouldBe([SelectionReasons.TooManyNumbers]);
    }

    [Fact]
    public async Task Record_ThatDoesNotFit_IsHeldBack()
    {
        var found = await UnknownAsync(Person(1, Home("1") with { FamilyName = new string('x', 1000) }), Paid(10, 1));
        found.Result.Withheld.Keys.ShouldBe([SelectionReasons.RecordTooLarge]);
    }

    [Fact]
    public async Task Match_TakesChildrenOfTheMunicipalityAndThoseWithoutAKnownDomicile()
    {
        var found = await SelectAsync(
            Flow.Match, Aalst, October,
            Person(10, Home("1")), Person(11, Home("1") with { Nis = "44021" }), Person(13, Home("1") with { AddressKind = AddressKind.None, Nis = null }),
            Paid(10, 1), Paid(11, 1), Paid(12, 1), Paid(13, 1), Link(12, 14));
        found.Rows.Select(row => string.Join(' ', row.Numbers)).ShouldBe([TestNumbers.Of(10), $"{TestNumbers.Of(14)} {TestNumbers.Of(12)}", TestNumbers.Of(13)], ignoreOrder: true);
        found.Rows.ShouldAllBe(row => row.Household == null);
    }

    [Fact]
    public async Task Selection_OnRandomRegisters_EqualsTheNaiveOne()
    {
        await RandomRegister.Any.SampleAsync(
            async register =>
            {
                var records = register.Records().ToArray();
                var unknown = await SelectAsync(Flow.Unknown, Aalst, October, records);
                unknown.Rows.Select(Describe).Order(StringComparer.Ordinal).ShouldBe(register.Unknown(Today).Order(StringComparer.Ordinal));
                var match = await SelectAsync(Flow.Match, Aalst, October, records);
                match.Rows.Select(row => row.Numbers[0]).Order(StringComparer.Ordinal).ShouldBe(register.Match().Order(StringComparer.Ordinal));
            },
            iter: 60, threads: 1);
    }

    private static string Describe(SelectedRow row) =>
        $"{row.Household!.HouseNumber}: {string.Join(',', row.Household.Beneficiaries.Select(who => who.FamilyName).Order(StringComparer.Ordinal))} [{string.Join(',', row.Numbers.Order(StringComparer.Ordinal))}]";

    private static Task<(List<SelectedRow> Rows, SelectionResult Result)> UnknownAsync(params RegisterRecord[] records) => SelectAsync(Flow.Unknown, Aalst, October, records);

    private static async Task<(List<SelectedRow> Rows, SelectionResult Result)> SelectAsync(Flow flow, string nis, Month month, params RegisterRecord[] records)
    {
        await using var store = await TestStore.CreateAsync();
        await store.FillAsync(records);
        await using var database = store.Open();
        var result = new SelectionResult();
        var rows = (await Selection.OpenAsync(database, new ReleaseTerms(ShippedProtocols.Of(flow), Today, Today.AddDays(-30), SyntheticOnly: true, Bereik.Tests.Shared.Acceding.InOrder), CancellationToken.None)).Run(nis, month, result).ToList();
        result.Selected.ShouldBe(rows.Count);
        return (rows, result);
    }

    private static PersonFact Home(string houseNumber) => RandomRegister.At(houseNumber);

    private static RegisterRecord Person(int index, PersonFact home) => RandomRegister.Person(index, home);

    private static RegisterRecord Household(string name, params RegisterRecord[] members) =>
        new() { Persons = [.. members.SelectMany(member => member.Persons).Select(person => person with { IsSubject = false, Household = name })] };

    private static RegisterRecord Paid(int child, int beneficiary) => new() { Benefits = [new BenefitFact(TestNumbers.Of(child), TestNumbers.Of(beneficiary), true, "2026-01", null)] };

    private static RegisterRecord Link(int old, int renewed) => new() { Links = [(TestNumbers.Of(old), TestNumbers.Of(renewed))] };
}
