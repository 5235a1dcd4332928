using Bereik.Exchange.Reference;
using Shouldly;
using Xunit;

namespace Bereik.Magda.Tests;

public sealed class MunicipalitiesTests
{
    private static readonly DateOnly LastDay = new(2024, 12, 31);

    [Theory]
    [InlineData("2024-12-31", 300)]
    [InlineData("2025-01-01", 285)]
    public void All_OnADay_AreSoMany(string day, int count) =>
        Municipalities.All.Count(m => m.IsValidOn(DateOnly.Parse(day, null))).ShouldBe(count);

    [Fact]
    public void Resolve_CodeOfBeforeAMerger_LeadsToTheSuccessorFromTheDayAfter()
    {
        Municipalities.Resolve("44045", LastDay).ShouldBeOfType<MunicipalityLookup.Current>().Municipality.Name.ShouldBe("Moerbeke");
        var merged = Municipalities.Resolve("44045", LastDay.AddDays(1)).ShouldBeOfType<MunicipalityLookup.Merged>();
        (merged.Municipality.NisCode, merged.Former.Name).ShouldBe(("46029", "Moerbeke"));
        Municipalities.Resolve("11007", new DateOnly(2026, 1, 1)).ShouldBeOfType<MunicipalityLookup.Merged>().Municipality.Name.ShouldBe("Antwerpen");
    }

    [Theory]
    [InlineData("46029", "2024-12-31")]
    [InlineData("99999", "2026-01-01")]
    [InlineData("21004", "2026-01-01")]
    [InlineData("", "2026-01-01")]
    [InlineData(null, "2026-01-01")]
    public void Resolve_CodeNotValidYetOrOfNoFlemishMunicipality_IsUnknown(string? nis, string day) =>
        Municipalities.Resolve(nis, DateOnly.Parse(day, null)).ShouldBeOfType<MunicipalityLookup.Unknown>();

    [Fact]
    public void All_ThatEnded_LeadSomewhere() =>
        Municipalities.All.Where(m => m.ValidTo is not null).ShouldAllBe(m => Municipalities.Resolve(m.NisCode, new DateOnly(2026, 1, 1)) is MunicipalityLookup.Merged);

    [Fact]
    public void HasOcmw_OfEveryMunicipalityButHerstappe_IsTrue() =>
        Municipalities.All.Where(m => !m.HasOcmw).ShouldHaveSingleItem().Name.ShouldBe("Herstappe");
}
