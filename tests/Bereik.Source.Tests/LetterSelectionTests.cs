using Bereik.Domain;
using Bereik.Exchange.Invitations;
using Bereik.Exchange.Letters;
using Bereik.Exchange.Protocols;
using Bereik.Source.Letters;
using Bereik.Source.Register;
using Bereik.Source.Requests;
using Bereik.Source.Waves;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Bereik.Source.Tests;

public sealed class LetterSelectionTests
{
    private const string Aalst = "41002";
    private static readonly DateOnly Today = new(2026, 11, 20);
    private static readonly Month October = new(2026, 10);

    private static readonly HouseSettings Shelter = new() { Street = "molenstraat ", HouseNumber = "1", Postcode = "9300" };

    // What is in the register of one person, beside that they get the supplement, and why they get no letter.
    private static readonly IReadOnlyList<(string Reason, Func<PersonFact, PersonFact> Change)> Withheld =
    [
        (SelectionReasons.SafeAddress, home => home with { AddressKind = AddressKind.Safe }),
        (SelectionReasons.BeneficiaryDeceased, home => home with { IsDeceased = true }),
        (SelectionReasons.BeneficiaryMinor, home => home with { BirthDay = "2009-11-21" }),
        (SelectionReasons.RecipientAddress, home => home with { AddressKind = AddressKind.Reference }),
        (SelectionReasons.RecipientAddress, home => home with { AddressKind = AddressKind.Collective }),
        (SelectionReasons.RecipientAddress, home => home with { HouseNumber = "1", Box = "12" }),
        (SelectionReasons.AddressUnfit, home => home with { Place = new string('W', 60) }),
        (SelectionReasons.AddressUnfit, home => home with { Street = null, HouseNumber = null, Postcode = null }),
        (SelectionReasons.AddressUnfit, home => home with { FamilyName = "漢字" }),
        (SelectionReasons.RecordTooLarge, home => home with { FamilyName = new string('x', 201) }),
    ];

    [Fact]
    public async Task CoParents_AtOneAddress_AreTwoLettersThatNameNobodyElse()
    {
        var found = await SelectAsync([Person(1, Home("7")), Person(2, Home("7")), Paid(10, 1), Paid(10, 2)]);
        found.People.Select(addressee => addressee.ToLetter("", "", []).Name).ShouldBe(["Voornaam Naam 1", "Voornaam Naam 2"], ignoreOrder: true);
        found.People.ShouldAllBe(addressee => addressee.ToPerson().FamilyName == addressee.FamilyName);
        (found.Result.Selected, found.Result.Withheld.Count, found.Result.Reported.Count).ShouldBe((2, 0, 0));
    }

    [Fact]
    public async Task Exclusion_HoldsOneBackAndIsCounted()
    {
        foreach (var (reason, change) in Withheld)
        {
            var found = await SelectAsync([Person(1, change(Home("7"))), Person(2, Home("8")), Paid(10, 1), Paid(11, 2)]);
            found.People.Select(addressee => addressee.FamilyName).ShouldBe(["Naam 2"], reason);
            found.Result.Withheld.ShouldBe(new Dictionary<string, int> { [reason] = 1 }, reason);
        }
    }

    [Fact]
    public async Task SafeAddress_OfAnotherInTheHousehold_HoldsTheLetterBack()
    {
        var found = await SelectAsync([Household("h", Person(1, Home("7")), Person(3, Home("7"))), Person(1, Home("7")), Person(3, Home("7") with { AddressKind = AddressKind.Safe }), Paid(10, 1)]);
        found.Result.Withheld.ShouldBe(new Dictionary<string, int> { [SelectionReasons.SafeAddress] = 1 });
    }

    [Fact]
    public async Task Domicile_ElsewhereOrUnknown_GetsNoLetter()
    {
        var found = await SelectAsync([Person(1, Home("7") with { Nis = "44021" }), Person(2, Home("8") with { AddressKind = AddressKind.None, Nis = null }), Person(3, Home("9") with { Nis = "99999" }), Paid(10, 1), Paid(11, 2), Paid(12, 3)]);
        found.People.ShouldBeEmpty();
        found.Result.Withheld.ShouldBeEmpty();
        found.Result.Reported.ShouldBe(new Dictionary<string, int> { [SelectionReasons.DomicileUnknown] = 1, [SelectionReasons.NisUnknown] = 1 });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public async Task Objection_UnderAnyNumberOfThePerson_HoldsBackLettersAndLists(int saidUnder)
    {
        RegisterRecord[] register = [Person(1, Home("7")), Person(2, Home("8")), Paid(10, 1), Paid(11, 2), Link(1, 5)];
        async Task ObjectAsync(SourceDatabase database)
        {
            database.Objections.Add(new Objection { Number = LetterNumber.Random().Text, Person = TestNumbers.Of(saidUnder), Wave = Guid.NewGuid().ToString(), State = ObjectionState.Held, At = DateTimeOffset.UnixEpoch });
            await database.SaveChangesAsync();
        }

        var letters = await SelectAsync(register, before: ObjectAsync);
        letters.People.Select(addressee => addressee.FamilyName).ShouldBe(["Naam 2"]);
        letters.Result.Withheld.ShouldBe(new Dictionary<string, int> { [SelectionReasons.Objection] = 1 });

        await using var store = await TestStore.CreateAsync();
        await store.FillAsync(register);
        await using var database = store.Open();
        await ObjectAsync(database);
        var result = new SelectionResult();
        var list = (await Selection.OpenAsync(database, Terms(Flow.Unknown), CancellationToken.None)).Run(Aalst, October, result).ToList();
        list.ShouldHaveSingleItem().Household!.Beneficiaries.ShouldHaveSingleItem().FamilyName.ShouldBe("Naam 2");
        result.Withheld.ShouldBe(new Dictionary<string, int> { [SelectionReasons.Objection] = 1 });
    }

    [Theory]
    [InlineData("2026-10", 1)]
    [InlineData("2026-09", 2)]
    public async Task WhoWasWrittenTo_ForThisMonth_IsNotTwice(string month, int selected)
    {
        var found = await SelectAsync(
            [Person(1, Home("7")), Person(2, Home("8")), Paid(10, 1), Paid(11, 2), Link(1, 5)],
            before: async database => await database.Database.ExecuteSqlAsync($"INSERT INTO written_to (protocol, reference_month, person, wave) VALUES ('groeipakket-brief', {month}, {TestNumbers.Of(1)}, 'x')"));
        found.People.Count.ShouldBe(selected);
        found.Result.Withheld.GetValueOrDefault(SelectionReasons.AlreadyWritten).ShouldBe(2 - selected);
    }

    // What keeps a record from being passed on also keeps the letter, whatever it is; but not that nobody said yes yet.
    [Fact]
    public async Task Reason_OtherThanConsent_HoldsEverybodyBack()
    {
        var suspended = Bereik.Tests.Shared.Acceding.InOrder with { Accession = Bereik.Tests.Shared.Acceding.InOrder.Accession! with { Suspended = true } };
        var found = await SelectAsync([Person(1, Home("7")), Paid(10, 1)], register: suspended);
        found.People.ShouldBeEmpty();
        found.Result.Withheld.ShouldBe(new Dictionary<string, int> { [Reasons.AccessionSuspended.Code] = 1 });
        (await SelectAsync([Person(1, Home("7")), Paid(10, 1)])).Result.Decided.ShouldHaveSingleItem().Decision.Reasons.Select(reason => reason.Code).ShouldBe([Reasons.ConsentMissing.Code, Reasons.ConsentNotForField.Code], ignoreOrder: true);
    }

    [Fact]
    public async Task NamesAround_AreTheChildrenAndTheOthersOfTheHousehold()
    {
        await using var store = await TestStore.CreateAsync();
        await store.FillAsync([Household("h", Person(1, Home("7")), Person(3, Home("7"))), Person(10, Home("7") with { GivenNames = "Kind", FamilyName = "Eén" }), Person(2, Home("9")), Paid(10, 1), Paid(10, 2)]);
        await using var database = store.Open();
        (await Selection.OpenAsync(database, Today, CancellationToken.None)).NamesAround(TestNumbers.Of(1)).ShouldBe(["Kind Eén", "Voornaam Naam 2", "Voornaam Naam 3"], ignoreOrder: true);
    }

    [Fact]
    public void Draw_TakesEveryoneAsOften_AndNotTheSameTwice()
    {
        const int Draws = 4000;
        var counts = new int[20];
        var orders = new HashSet<string>();
        for (var draw = 0; draw < Draws; draw++)
        {
            var drawn = LetterDraw.Of(Enumerable.Range(0, 20), 5);
            drawn.Distinct().Count().ShouldBe(5);
            orders.Add(string.Join(' ', drawn));
            foreach (var person in drawn) counts[person]++;
        }

        // A quarter of the draws each: 1,000, with a standard deviation of 27. Six of these is one time in half a thousand million.
        counts.ShouldAllBe(count => count > 1000 - 165 && count < 1000 + 165);
        orders.Count.ShouldBeGreaterThan(Draws - 20);
    }

    [Fact]
    public void Numbers_ThatMeetAnother_AreDrawnAgain()
    {
        var numbers = Enumerable.Range(0, 5).Select(_ => LetterNumber.Random()).ToList();
        var next = new Queue<LetterNumber>([numbers[0], numbers[1], numbers[1], numbers[2], numbers[3], numbers[4]]);
        LetterDraw.Numbers(3, new HashSet<string> { numbers[0].Text, numbers[3].Text }, next.Dequeue).ShouldBe([numbers[1], numbers[2], numbers[4]]);
        next.ShouldBeEmpty();
    }

    private static ReleaseTerms Terms(Flow flow, RegisterFacts? register = null) => new(ShippedProtocols.Of(flow), Today, flow == Flow.Messenger ? Today : Today.AddDays(-30), SyntheticOnly: true, register ?? Bereik.Tests.Shared.Acceding.InOrder);

    private static async Task<(List<Addressee> People, SelectionResult Result)> SelectAsync(RegisterRecord[] records, Func<SourceDatabase, Task>? before = null, RegisterFacts? register = null)
    {
        await using var store = await TestStore.CreateAsync();
        await store.FillAsync(records);
        await using var database = store.Open();
        if (before is not null) await before(database);
        using var writer = new LetterWriter(LetterFile.Shipped, LetterVariant.First, TestLetters.Parts, TestLetters.Rules);
        var result = new SelectionResult();
        var people = (await Selection.OpenAsync(database, Terms(Flow.Messenger, register), CancellationToken.None)).Letters(Aalst, October, new LetterTerms([Shelter], writer.Fits), result).ToList();
        result.Selected.ShouldBe(people.Count);
        return (people, result);
    }

    private static PersonFact Home(string houseNumber) => RandomRegister.At(houseNumber);

    private static RegisterRecord Person(int index, PersonFact home) => RandomRegister.Person(index, home);

    private static RegisterRecord Household(string name, params RegisterRecord[] members) =>
        new() { Persons = [.. members.SelectMany(member => member.Persons).Select(person => person with { IsSubject = false, Household = name })] };

    private static RegisterRecord Paid(int child, int beneficiary) => new() { Benefits = [new BenefitFact(TestNumbers.Of(child), TestNumbers.Of(beneficiary), true, "2026-01", null)] };

    private static RegisterRecord Link(int old, int renewed) => new() { Links = [(TestNumbers.Of(old), TestNumbers.Of(renewed))] };
}
