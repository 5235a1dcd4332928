using System.Text;
using Bereik.Exchange.Protocols;
using Shouldly;
using Xunit;

namespace Bereik.Domain.Tests;

// What a new version lets happen: more, less or neither. Whatever is not known to be less or neither is more.
public sealed class DiffTests
{
    private static readonly string Good = Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(Root(), "protocols", "groeipakket-onbekend.yaml")));

    [Theory]
    [InlineData("    days: 90", "    days: 91", ChangeClass.Wider, "bewaartermijn.days")]
    [InlineData("    days: 90", "    days: 60", ChangeClass.Narrower, "bewaartermijn.days")]
    [InlineData("    closedWithinMonths: 24", "    closedWithinMonths: 36", ChangeClass.Narrower, "eigen-gegevens.closedWithinMonths")]
    [InlineData("    shrinkPercent: 20", "    shrinkPercent: 30", ChangeClass.Wider, "eigen-gegevens.shrinkPercent")]
    [InlineData("    functions: [socialWorker, teamLead]", "    functions: [socialWorker]", ChangeClass.Narrower, "ontvangers.functions")]
    [InlineData("    functions: [socialWorker, teamLead]", "    functions: [socialWorker, teamLead, benefitClerk]", ChangeClass.Wider, "ontvangers.functions")]
    [InlineData("    functions: [socialWorker, teamLead]", "    functions: [teamLead, socialWorker]", ChangeClass.Neutral, "ontvangers.functions")]
    [InlineData("    recipients: [publicCentreForWelfare]", "    recipients: [publicCentreForWelfare, municipality]", ChangeClass.Wider, "partijen.recipients")]
    [InlineData("staffEvaluation]", "staffEvaluation, outreachx]", null, "")]
    [InlineData("    to: []", "    to: [welfareCentre]", ChangeClass.Wider, "doorgifte.to")]
    [InlineData("    daysBefore: 30", "    daysBefore: 45", ChangeClass.Narrower, "aankondiging.daysBefore")]
    [InlineData("    scope: ownMunicipality", "    scope: partnership", ChangeClass.Wider, "grondgebied.scope")]
    [InlineData("    until: 2028-12-31", "    until: 2028-06-30", ChangeClass.Narrower, "inwerkingtreding.until")]
    [InlineData("    from: 2027-01-01", "    from: 2027-02-01", ChangeClass.Narrower, "inwerkingtreding.from")]
    [InlineData("    framework: '0.1'", "    framework: '0.2'", ChangeClass.Wider, "beveiliging.framework")]
    [InlineData("        act: Organieke wet", "        act: Andere wet", ChangeClass.Wider, "rechtsgrond-ontvanger.references")]
    [InlineData("nl: Een OCMW vraagt alleen", "nl: Het OCMW vraagt alleen", ChangeClass.Neutral, "grondgebied.nl")]
    [InlineData("version: '0.2'", "version: '0.3'", ChangeClass.Neutral, "version")]
    [InlineData("    articles: [14, 15, 16, 17, 18, 21]", "    articles: [14, 15, 16, 17, 18]", ChangeClass.Wider, "rechten.articles")]
    [InlineData("    reportWrongAddress: true", "    reportWrongAddress: false", ChangeClass.Narrower, "kwaliteit.reportWrongAddress")]
    public void Change_OfOneThing_IsClassed(string old, string now, ChangeClass? expected, string path)
    {
        Good.ShouldContain(old);
        var after = ProtocolFile.Read(Encoding.UTF8.GetBytes(Good.Replace(old, now, StringComparison.Ordinal))).Protocol;
        if (expected is null)
        {
            after.ShouldBeNull();
            return;
        }

        var change = ProtocolDiff.Compare(Read(Good), after!).ShouldHaveSingleItem();
        (change.Path, change.Classification).ShouldBe((path, expected.Value));
    }

    [Fact]
    public void Field_MoreOrLess_IsWiderOrNarrower()
    {
        var box = Good[Good.IndexOf("      - id: box", StringComparison.Ordinal)..Good.IndexOf("      - id: postcode", StringComparison.Ordinal)];
        var without = Read(Good.Replace(box, "", StringComparison.Ordinal));
        ProtocolDiff.Compare(Read(Good), without).ShouldHaveSingleItem().ShouldBe(new ProtocolChange("gegevens.shared", "without box", ChangeClass.Narrower));
        ProtocolDiff.Compare(without, Read(Good)).ShouldHaveSingleItem().ShouldBe(new ProtocolChange("gegevens.shared", "with box", ChangeClass.Wider));
    }

    [Fact]
    public void Clause_RemovedOrAdded_IsWiderOrNarrower()
    {
        var whole = ShippedProtocols.All.Single(protocol => protocol.Id == "gbo-gedeeld-beroepsgeheim");
        var without = whole with { Clauses = [.. whole.Clauses.Where(clause => clause is not Clause.SharedSecrecy)] };
        ProtocolDiff.Compare(whole, without).ShouldHaveSingleItem().ShouldBe(new ProtocolChange("beroepsgeheim", "clause removed", ChangeClass.Wider));
        ProtocolDiff.Compare(without, whole).ShouldHaveSingleItem().ShouldBe(new ProtocolChange("beroepsgeheim", "clause added", ChangeClass.Narrower));
    }

    [Fact]
    public void Together_ManyChanges_AreTheWidest()
    {
        var after = Read(Good.Replace("    days: 90", "    days: 60", StringComparison.Ordinal).Replace("    most: 150", "    most: 151", StringComparison.Ordinal).Replace("version: '0.2'", "version: '0.3'", StringComparison.Ordinal));
        var changes = ProtocolDiff.Compare(Read(Good), after);
        changes.Count.ShouldBe(3);
        ProtocolDiff.Overall(changes).ShouldBe(ChangeClass.Wider);
        ProtocolDiff.Overall(ProtocolDiff.Compare(Read(Good), Read(Good))).ShouldBe(ChangeClass.Neutral);
    }

    // A key that has a direction exists; one that is added later without one is wider.
    [Fact]
    public void Direction_OfEachKeyThatHasOne_IsOfAKeyThatExists()
    {
        var keys = Clause.Kinds.SelectMany(kind => ProtocolShape.Members(kind.Value).Select(member => $"{kind.Key}.{member.Name}")).ToHashSet(StringComparer.Ordinal);
        foreach (var known in ProtocolDiff.Known) keys.ShouldContain(known);
    }

    private static Protocol Read(string text) => ProtocolFile.Read(Encoding.UTF8.GetBytes(text)).Protocol.ShouldNotBeNull();

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Bereik.slnx"))) folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar))!;
        return folder;
    }
}
