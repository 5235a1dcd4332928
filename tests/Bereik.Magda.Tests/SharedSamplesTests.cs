using Shouldly;
using Xunit;
using static Bereik.Magda.Tests.Samples;

namespace Bereik.Magda.Tests;

/// <summary>The answers of the Flemish government's own mock, read in place; skipped where they are absent.</summary>
public sealed class SharedSamplesTests
{
    private static string Responses(string below = "")
    {
        var folder = Shared("magda/responses");
        Assert.SkipUnless(folder is not null, "../shared/magda is not beside the repository.");
        return Path.Combine(folder!, below);
    }

    [Theory]
    [InlineData("GeefKindVoordelen-02.00", 12, 1)]
    [InlineData("GeefPersoon-02.02", 352, 2)]
    [InlineData("GeefGezinssamenstelling-02.02", 9, 2)]
    [InlineData("GeefSociaalStatuut-03.00", 39, 3)]
    [InlineData("RegistreerInschrijving-02.01", 3, 0)]
    [InlineData("RegistreerUitschrijving-02.00", 3, 0)]
    public void Sample_OfEveryService_Reads(string service, int files, int withoutContent)
    {
        var all = MagdaFolder.Read(Responses(service)).ToArray();
        all.Length.ShouldBe(files);
        all.Where(f => f.Error is not null).Select(f => f.Path).ShouldBeEmpty();
        all.Select(f => f.Answer!.Service).Distinct().ShouldBe([service[..service.IndexOf('-', StringComparison.Ordinal)]]);
        all.Count(f => f.Answer!.Outcome == MagdaOutcome.NoContent).ShouldBe(withoutContent);
    }

    [Fact]
    public void Sample_SixChildren_HaveTheSupplementFromFirstToLastMonth()
    {
        var answer = MagdaFolder.Read(Responses("GeefKindVoordelen-02.00/84630946812.xml")).Single().Answer!;
        var children = ((MagdaContent.ChildBenefits)answer.Content).Children;
        children.Count.ShouldBe(6);
        foreach (var (month, expected) in new[] { ("2019-09", 0), ("2019-10", 6), ("2020-03", 6), ("2020-09", 6), ("2020-10", 0) })
            children.Count(c => c.HasSocialSupplement(Month(month))).ShouldBe(expected, month);
        children.SelectMany(c => c.Periods).Where(p => p.Category == "BASIS").ShouldAllBe(p => p.End == null && p.Covers(Month("2030-01")));
        children.SelectMany(c => c.Periods).SelectMany(p => p.Beneficiaries).Select(b => b.Digits).Distinct().ShouldBe(["84630946812"]);
    }

    [Fact]
    public void Sample_ReplacedNumber_IsALink()
    {
        var links = MagdaFolder.Read(Responses("GeefPersoon-02.02")).SelectMany(f => f.Answer!.ReplacedNumbers).ToArray();
        var link = links.ShouldHaveSingleItem();
        (link.Old.Digits, link.New.Digits).ShouldBe(("75680836687", "00600000032"));
    }

    [Fact]
    public void Sample_Persons_HaveNamesAndMostlyAnAddress()
    {
        var persons = MagdaFolder.Read(Responses("GeefPersoon-02.02")).Select(f => f.Answer!.Content).OfType<MagdaContent.Person>().Select(p => p.Subject).ToArray();
        persons.Length.ShouldBe(348);
        persons.ShouldAllBe(p => p.FamilyNames.Count > 0 && p.Insz != null && p.BirthDate != null);
        persons.Count(p => p.MainAddress?.NisCode is not null).ShouldBe(326);
        persons.Count(p => p.MainAddress is { IsReferenceAddress: true }).ShouldBe(1);
        persons.Count(p => p.IsDeceased).ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Sample_Households_HaveAllMembers()
    {
        var households = MagdaFolder.Read(Responses("GeefGezinssamenstelling-02.02")).Select(f => f.Answer!.Content).OfType<MagdaContent.Household>().ToArray();
        households.Length.ShouldBe(7);
        households.Sum(h => h.Members.Count).ShouldBe(31);
        households.SelectMany(h => h.Members).ShouldAllBe(m => m.Insz != null && m.PositionCode != null && m.MainAddress != null);
    }

    [Fact]
    public void Sample_Failure_HasItsCode() =>
        MagdaFolder.Read(Responses("GeefPersoon-02.02")).Select(f => f.Answer!.FailureId).Where(id => id is not null).Distinct().ShouldBe(["99994"]);
}
