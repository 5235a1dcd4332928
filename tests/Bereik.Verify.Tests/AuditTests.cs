using System.Text;
using System.Text.Json.Nodes;
using Bereik.Cli.Verify;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Log;
using Bereik.Exchange.Protocols;
using Bereik.Exchange.Register;
using Bereik.Exchange.Signatures;
using Shouldly;
using Xunit;

namespace Bereik.Verify.Tests;

public sealed class AuditTests
{
    [Fact]
    public void Story_OnTrial_Holds()
    {
        var report = Story.Whole().Audit();

        report.Broken.ShouldBeEmpty();
        report.Flags.ShouldBeEmpty();
        report.IsTrial.ShouldBeTrue();
        report.Counts["deliveries"].ShouldBe(1);
        report.Counts["erased"].ShouldBe(1);
    }

    [Fact]
    public void Story_InForce_Holds()
    {
        var report = Story.Whole(isTrial: false).Audit();

        report.Broken.ShouldBeEmpty();
        report.IsTrial.ShouldBeFalse();
    }

    [Fact]
    public void Catalogue_OfTheAudit_IsThatOfTheWriter()
    {
        LogShapes.Entries.Keys.Order().ShouldBe(LogEntryFormat.Types.Keys.Order());
        foreach (var (name, type) in LogEntryFormat.Types)
        {
            var members = type.GetProperties().Where(property => property.DeclaringType == type && property.Name != "EqualityContract")
                .Select(property => char.ToLowerInvariant(property.Name[0]) + property.Name[1..]).Order();
            LogShapes.Entries[name].Select(member => member.Name.TrimEnd('?')).Order().ShouldBe(members, name);
        }
    }

    [Fact]
    public void Codes_EachOne_HasASentenceAndIsOfOneKind()
    {
        FindingText.Broken.Keys.Intersect(FindingText.Flags.Keys).ShouldBeEmpty();
        foreach (var text in FindingText.Broken.Values.Concat(FindingText.Flags.Values)) text.ShouldEndWith(".");
    }

    [Fact]
    public void Codes_OnThePages_AreThoseOfTheChecks()
    {
        string[] page = [.. File.ReadAllLines(Path.Combine(Root(), "docs", "formats", "ledger.md")), .. File.ReadAllLines(Path.Combine(Root(), "docs", "formats", "erasure.md")), .. File.ReadAllLines(Path.Combine(Root(), "docs", "formats", "consent.md"))];
        foreach (var (code, text) in FindingText.Broken.Concat(FindingText.Flags)) page.ShouldContain($"| `{code}` | {text} |");
        foreach (var type in LogShapes.Entries.Keys) page.ShouldContain(line => line.StartsWith($"| `{type}` |", StringComparison.Ordinal));
        page.Count(line => line.StartsWith("| `", StringComparison.Ordinal) && line.EndsWith(". |", StringComparison.Ordinal)).ShouldBe(FindingText.Broken.Count + FindingText.Flags.Count);
    }

    // What later steps depend on cannot be taken out, also not by who rebuilds the whole tree.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Entry_TakenOut_IsFoundWhenAnotherDependsOnIt(bool isTrial)
    {
        // Nothing follows from these: what they say is the last of its kind, or a key that nothing in this story uses.
        string[] leaves = ["key.sealing", "destroyed", "round", "erased", "placed.second", .. isTrial ? new[] { "key.oprf" } : []];
        foreach (var name in Story.Whole(isTrial).Names.Except(leaves))
        {
            Story.Whole(isTrial).Remove(name).Audit().Broken.ShouldNotBeEmpty(name);
        }

        foreach (var name in leaves) Story.Whole(isTrial).Remove(name).Audit().Broken.ShouldBeEmpty(name);
    }

    [Fact]
    public void Entry_StandingTwice_IsAccepted()
    {
        var names = Story.Whole().Names.Skip(1);
        foreach (var name in names)
        {
            var story = Story.Whole();
            story.Insert(name, "again", story.Entry(name)).ShouldHold();
        }
    }

    [Fact]
    public void HubsStep_AgainWithALaterTime_IsAccepted()
    {
        foreach (var name in new[] { "placed", "tokens", "envelope", "matched", "delivered", "destroyed" })
        {
            var story = Story.Whole();
            story.Insert(name, "again", story.Entry(name) with { At = story.Entry(name).At.AddSeconds(30) }).ShouldHold();
        }
    }

    // Foreign bytes give a finding, never an exception.
    [Fact]
    public void Entry_OfAnyBytes_IsNeverAnException()
    {
        var whole = Story.Whole(isTrial: false);
        foreach (var name in whole.Names)
        {
            var bytes = whole.Entries[whole.IndexOf(name)];
            for (var at = 0; at < bytes.Length; at += Math.Max(1, bytes.Length / 12))
            {
                var story = Story.Whole(whole).ChangeBytes(name, _ => [.. bytes.AsSpan(0, at), (byte)(bytes[at] ^ 4), .. bytes.AsSpan(at + 1)]);
                Should.NotThrow(() => story.Audit(), $"{name} at {at}");
            }
        }
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59Z")]
    public void Entry_OfAnyInstant_IsNeverAnException(string at)
    {
        var whole = Story.Whole();
        foreach (var name in whole.Names) Should.NotThrow(() => Story.Whole(whole).ChangeJson(name, members => members["at"] = at).Audit(), name);
    }

    [Theory]
    [InlineData("{\"organisation\":\"\\ud800\"}")]
    [InlineData("{\"handle\":null}")]
    [InlineData("[]")]
    [InlineData("{\"handle\":1e999}")]
    [InlineData("")]
    public void Document_OfAnyPayload_IsNeverAnException(string payload)
    {
        foreach (var (name, type) in new[] { ("erased", JoseTypes.DisclosureEnd), ("round", JoseTypes.RoundRoots), ("draft", JoseTypes.ProtocolDraft), ("accession", JoseTypes.Accession), ("key.oprf", JoseTypes.KeyStatement) })
        {
            Story.Whole().ChangeJson(name, members => members["document"] = Jws.Sign(type, Encoding.UTF8.GetBytes(payload), Story.LocalKey)).Audit().Broken[0].Code.ShouldBeOneOf("document.shape", "document.key");
        }
    }

    // The beginning.
    [Fact]
    public void Beginning_Missing_IsFound() => Story.Whole().Remove("begun").ShouldBreak("begun.missing", "key.hub");

    [Fact]
    public void Log_WithoutAnEntry_IsFound() => Story.Whole().RemoveFrom("begun").Audit().Broken.Select(finding => finding.Code).ShouldBe(["begun.missing"]);

    [Fact]
    public void Beginning_OfAnotherLog_IsFound() => Story.Whole().Change<LogEntry.Begun>("begun", entry => entry with { Origin = "ander.test/log" }).ShouldBreak("begun.origin", "begun");

    [Fact]
    public void Beginning_Again_IsFound()
    {
        var story = Story.Whole();
        story.Insert("key.hub", "again", story.Entry("begun")).ShouldBreak("begun.again", "again");
    }

    // One entry by itself.
    [Fact]
    public void Entry_ThatIsNoJson_IsFound() => Story.Whole().ChangeBytes("matched", _ => "{"u8.ToArray()).ShouldBreak("entry.json", "matched");

    [Fact]
    public void Entry_WithAMemberTwice_IsFound() =>
        Story.Whole().ChangeBytes("matched", bytes => [.. "{\"at\":\"2026-11-20T08:00:00Z\","u8, .. bytes.AsSpan(1)]).ShouldBreak("entry.json", "matched");

    [Fact]
    public void Entry_WithASpace_IsFound() => Story.Whole().ChangeBytes("matched", bytes => [.. bytes.AsSpan(0, 1), (byte)' ', .. bytes.AsSpan(1)]).ShouldBreak("entry.notCanonical", "matched");

    [Fact]
    public void Entry_WithAnotherSpelling_IsFound() =>
        Story.Whole().ChangeBytes("matched", bytes => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes).Replace("permit", "\\u0070ermit", StringComparison.Ordinal))).ShouldBreak("entry.notCanonical", "matched");

    [Fact]
    public void Entry_OfAnUnknownType_IsFound() => Story.Whole().ChangeJson("matched", members => members["type"] = "exchange.sold").ShouldBreak("entry.type", "matched");

    [Fact]
    public void Entry_OfAnotherVersion_IsFound() => Story.Whole().ChangeJson("matched", members => members["v"] = 2).ShouldBreak("entry.type", "matched");

    [Fact]
    public void Entry_WithAMemberMore_IsFound() => Story.Whole().ChangeJson("matched", members => members["count"] = 12).ShouldBreak("entry.shape", "matched");

    [Fact]
    public void Entry_WithAMemberLess_IsFound() => Story.Whole().ChangeJson("matched", members => members.Remove("reasons")).ShouldBreak("entry.shape", "matched");

    [Theory]
    [InlineData("matched")]
    [InlineData("delivered")]
    [InlineData("destroyed")]
    [InlineData("tokens")]
    [InlineData("envelope")]
    public void Step_ByAnother_IsFound(string name) => Story.Whole().ChangeJson(name, members => members["by"] = Story.Pseudonymiser).ShouldBreak("entry.actor", name);

    [Fact]
    public void Disclosure_EndedByAnother_IsFound() => Story.Whole().Change<LogEntry.DisclosureEnded>("erased", entry => entry with { By = Story.Source }).ShouldBreak("entry.actor", "erased");

    [Fact]
    public void Time_RunningBack_IsFound() => Story.Whole().Change<LogEntry.ExchangeMatched>("matched", entry => entry with { At = entry.At.AddMinutes(-10) }).ShouldBreak("time.backwards", "matched");

    [Fact]
    public void Time_RunningBackFourMinutes_IsBorne() => Story.Whole().Change<LogEntry.ExchangeMatched>("matched", entry => entry with { At = entry.At.AddMinutes(-4) }).ShouldHold();

    // Signed documents.
    [Fact]
    public void Document_OfAnotherType_IsFound()
    {
        var story = Story.Whole();
        story.Change<LogEntry.ReceiptTaken>("receipt", entry => entry with { Document = ((LogEntry.PersonsRooted)story.Entry("root")).Document }).ShouldBreak("document.jws", "receipt");
    }

    [Fact]
    public void Document_WithAFlippedBit_IsFound() => Story.Whole().Change<LogEntry.ReceiptTaken>("receipt", entry => entry with { Document = Flip(entry.Document) }).ShouldBreak("document.signature", "receipt");

    [Fact]
    public void Document_WithAMemberMore_IsFound()
    {
        var payload = """{"organisation":"ocmw-aalst","day":"2026-11-20","count":3}"""u8.ToArray();
        Story.Whole().Change<LogEntry.RoundPublished>("round", entry => entry with { Document = Jws.Sign(JoseTypes.RoundRoots, payload, Story.LocalKey) }).ShouldBreak("document.shape", "round");
    }

    [Fact]
    public void Document_InAnotherOrder_IsFound()
    {
        var story = Story.Whole();
        story.Change<LogEntry.DisclosureEnded>("erased", entry =>
        {
            var members = JsonNode.Parse(Payload(entry.Document))!.AsObject();
            var at = members["at"]!.DeepClone();
            members.Remove("at");
            members.Insert(0, "at", at);
            return entry with { Document = Jws.Sign(JoseTypes.DisclosureEnd, Encoding.UTF8.GetBytes(members.ToJsonString()), Story.LocalKey) };
        }).ShouldBreak("document.shape", "erased");
    }

    [Fact]
    public void Document_ByAnotherOrganisationsKey_IsFound()
    {
        var story = Story.Whole();
        story.Change<LogEntry.OrderDecided>("decided", entry => (story.Decided(story.First, key: Story.HubKey) as LogEntry.OrderDecided)! with { At = entry.At }).Audit().Broken[0].Code.ShouldBe("document.key");
    }

    [Fact]
    public void Document_OfAnotherInstantThanItsEntry_IsFound() => Story.Whole().Change<LogEntry.ReceiptTaken>("receipt", entry => entry with { At = entry.At.AddSeconds(1) }).ShouldBreak("document.entry", "receipt");

    // Keys.
    [Fact]
    public void Organisation_WithoutAKey_IsFound() => Story.Whole().Remove("key.hub").ShouldBreak("key.none", "draft");

    [Fact]
    public void Order_OfAnOrganisationWithoutAKey_IsFound()
    {
        var story = Story.Whole();
        story.Add("foreign", story.Placed(Guid.NewGuid(), "refuse") with { By = "ocmw-nergens" }).ShouldBreak("key.none", "foreign");
    }

    [Fact]
    public void FirstKey_NotSignedByItself_IsFound()
    {
        var story = Story.Whole();
        story.Change<LogEntry.KeyStated>("key.local", entry => Story.KeyAt(Story.Local, KeyUse.Signing, Story.LocalKey.Kid, Story.LocalKey.PublicKey.ToJwk(), Story.HubKey, entry.At)).ShouldBreak("key.chain", "key.local");
    }

    [Fact]
    public void Successor_SignedByItself_IsFound()
    {
        using var next = SigningKey.Generate();
        var story = Story.Whole();
        story.Add("next", story.Signing(Story.Local, next)).ShouldBreak("key.chain", "next");
    }

    [Fact]
    public void Successor_SignedByItsPredecessor_SignsFromThenOn()
    {
        using var next = SigningKey.Generate();
        var story = Story.Whole();
        story.Add("next", story.Signing(Story.Source, next, Story.SourceKey));
        story.Add("decided.second", story.Decided(story.Second, key: next)).ShouldHold();
    }

    [Fact]
    public void Successor_SignedByAKeyThatHasOne_IsFound()
    {
        using var next = SigningKey.Generate();
        using var third = SigningKey.Generate();
        var story = Story.Whole();
        story.Add("next", story.Signing(Story.Source, next, Story.SourceKey));
        story.Add("third", story.Signing(Story.Source, third, Story.SourceKey)).ShouldBreak("key.chain", "third");
    }

    [Fact]
    public void SealingKey_SignedByAnotherOrganisation_IsFound()
    {
        var story = Story.Whole();
        story.Change<LogEntry.KeyStated>("key.sealing", entry =>
        {
            var stated = SignedDocument.Parse<KeyStatement>(entry.Document).Value.Document;
            return Story.KeyAt(Story.Local, KeyUse.Sealing, stated.Kid, stated.Key, Story.SourceKey, entry.At);
        }).ShouldBreak("key.chain", "key.sealing");
    }

    [Fact]
    public void Key_UsedAfterItIsRevoked_IsFound()
    {
        using var next = SigningKey.Generate();
        var story = Story.Whole();
        story.Add("next", story.Signing(Story.Source, next, Story.SourceKey));
        story.Add("revoked", story.Key(Story.Source, KeyUse.Signing, Story.SourceKey.Kid, null, next));
        story.Add("decided.second", story.Decided(story.Second)).ShouldBreak("document.keyRevoked", "decided.second");
    }

    [Fact]
    public void Key_StatedAgainAfterItIsRevoked_IsFound()
    {
        using var next = SigningKey.Generate();
        var story = Story.Whole();
        story.Add("next", story.Signing(Story.Source, next, Story.SourceKey));
        story.Add("revoked", story.Key(Story.Source, KeyUse.Signing, Story.SourceKey.Kid, null, next));
        story.Add("back", story.Signing(Story.Source, Story.SourceKey, next)).ShouldBreak("key.revoked", "back");
    }

    [Fact]
    public void Key_RevokedThatNobodyStated_IsFound()
    {
        using var stranger = SigningKey.Generate();
        var story = Story.Whole();
        story.Add("revoked", story.Key(Story.Source, KeyUse.Signing, stranger.Kid, null, Story.SourceKey)).ShouldBreak("key.unknown", "revoked");
    }

    [Fact]
    public void Key_OfTwoOrganisations_IsFound()
    {
        var story = Story.Whole();
        story.Add("shared", story.Signing("ocmw-lokeren", Story.LocalKey)).ShouldBreak("key.shared", "shared");
    }

    [Fact]
    public void Key_StatedByAPredecessor_IsShown()
    {
        using var next = SigningKey.Generate();
        var story = Story.Whole();
        story.Add("next", story.Signing(Story.Pseudonymiser, next, Story.PseudonymiserKey));
        story.Add("late", story.Key(Story.Pseudonymiser, KeyUse.Oprf, Story.Oprf, Story.Oprf, Story.PseudonymiserKey));

        story.ShouldHold();
        story.Audit().Flags.ShouldHaveSingleItem().ShouldBe(new Finding("key.byPredecessor", FormattableString.Invariant($"entry {story.IndexOf("late")}"), IsFlag: true));
    }

    // The register.
    [Fact]
    public void Register_WithAGap_IsFound() => Story.Whole().Change<LogEntry.RegisterStep>("accession", entry => entry with { Sequence = entry.Sequence + 1 }).ShouldBreak("register.sequence", "accession");

    [Fact]
    public void Register_WithTwoStepsOnOnePlace_IsFound() => Story.Whole().Change<LogEntry.RegisterStep>("accession", entry => entry with { Sequence = entry.Sequence - 1 }).ShouldBreak("register.sequence", "accession");

    [Fact]
    public void Register_StepAboutAnUnknownText_IsFound()
    {
        var story = Story.Whole();
        var stop = new RegisterStop { Protocol = Bytes32.Random(), Kind = StopKind.Resume, Because = "Opgelost.", At = story.Now };
        story.Add("stop", story.Step(Story.Hub, SignedDocument.Sign(stop, Story.HubKey).Compact)).ShouldBreak("register.text", "stop");
    }

    [Fact]
    public void Register_TwoTextsOfOneVersion_IsFound()
    {
        var story = Story.Whole();
        var text = JsonNode.Parse(story.Text.Span)!;
        text["title"]!["nl"] = "Een andere titel";
        story.Add("other", story.Step(Story.Hub, RegisterDocuments.DraftProtocol(CanonicalJson.Write(text), Story.HubKey))).ShouldBreak("register.versionTaken", "other");
    }

    // Orders.
    [Fact]
    public void Order_WithTheIdOfAnother_IsFound()
    {
        var story = Story.Whole();
        story.Add("taken", story.Placed(story.First) with { Hash = Bytes32.Random() }).ShouldBreak("order.idTaken", "taken");
    }

    [Fact]
    public void Order_RefusedWithTheIdOfAnother_IsShown()
    {
        var story = Story.Whole();
        story.Add("taken", story.Placed(story.First, "refuse") with { Hash = Bytes32.Random() });

        story.ShouldHold();
        story.Audit().Flags.Select(flag => flag.Code).ShouldBe(["order.again"]);
    }

    [Fact]
    public void Order_FirstRefusedThenPermitted_IsShown()
    {
        var story = Story.Whole();
        var refused = (LogEntry.OrderPlaced)story.Entry("placed") with { Outcome = "refuse", Reasons = ["log.unavailable"] };
        story.Insert("accession", "refused", refused);

        story.ShouldHold();
        story.Audit().Flags.Select(flag => flag.Code).ShouldBe(["order.changed"]);
    }

    [Fact]
    public void Order_UnderAnUnknownText_IsFound() => Story.Whole().Change<LogEntry.OrderPlaced>("placed", entry => entry with { ProtocolHash = Bytes32.Random() }).ShouldBreak("order.textUnknown", "placed");

    [Fact]
    public void Order_UnderAnotherName_IsFound() => Story.Whole().Change<LogEntry.OrderPlaced>("placed", entry => entry with { ProtocolVersion = "0.3" }).ShouldBreak("order.textDiffers", "placed");

    [Fact]
    public void Order_OfAnotherFlow_IsFound() => Story.Whole().Change<LogEntry.OrderPlaced>("placed", entry => entry with { Flow = "match" }).ShouldBreak("order.textDiffers", "placed");

    [Fact]
    public void Order_OfAnotherSource_IsFound() => Story.Whole().Change<LogEntry.OrderPlaced>("placed", entry => entry with { Source = Story.Pseudonymiser }).ShouldBreak("order.textDiffers", "placed");

    [Fact]
    public void Order_OutsideItsTerritory_IsFound() => Story.Whole().Change<LogEntry.OrderPlaced>("placed", entry => entry with { Nis = "11002" }).ShouldBreak("order.territory", "placed");

    [Theory]
    [InlineData("advice.source")]
    [InlineData("advice.recipient")]
    [InlineData("sign.source")]
    [InlineData("sign.hub")]
    [InlineData("sign.pseudonymiser")]
    public void Order_UnderATextThatLacksAStep_IsFound(string step)
    {
        // The step stands there, and after the publication: a publication counts only when everything was there before it.
        var story = Story.Whole(isTrial: false).MoveAfter(step, "publication");
        Renumber(story);
        story.ShouldBreak("order.notInForce", "placed");
    }

    [Fact]
    public void Order_UnderATextThatIsNotPublished_IsFound()
    {
        var story = Story.Whole(isTrial: false).Remove("publication");
        Renumber(story);
        story.ShouldBreak("order.notInForce", "placed");
    }

    [Fact]
    public void Order_UnderATextWithAnUnverifiedGround_IsFound() => Story.Whole(isTrial: false, text =>
    {
        text["clauses"]!.AsArray().Single(clause => clause!["id"]!.GetValue<string>() == "rechtsgrond-ontvanger")!["references"]![1]!["state"] = "unverified";
        return text;
    }).ShouldBreak("order.notInForce", "placed");

    [Theory]
    [InlineData("2027-03-01", "2028-12-31")]
    [InlineData("2026-01-01", "2027-01-31")]
    public void Order_OnADayOnWhichTheTextDoesNotCount_IsFound(string from, string until) => Story.Whole(isTrial: false, text =>
    {
        var force = text["clauses"]!.AsArray().Single(clause => clause!["id"]!.GetValue<string>() == "inwerkingtreding")!;
        (force["from"], force["until"]) = (from, until);
        return text;
    }).ShouldBreak("order.notInForce", "placed");

    [Fact]
    public void Order_OnRealNumbersUnderADraft_IsFound() => Story.Whole().Change<LogEntry.Begun>("begun", entry => entry with { Synthetic = false }).ShouldBreak("order.notInForce", "placed");

    [Theory]
    [InlineData(Story.Source)]
    [InlineData(Story.Hub)]
    public void Order_UnderASuspendedText_IsFound(string by)
    {
        var story = Story.Whole().Remove("placed.second");
        story.Add("stop", story.Stop(by, KeyOf(by), StopKind.Suspend));
        story.Add("placed.second", story.Placed(story.Second)).ShouldBreak("order.notInForce", "placed.second");
    }

    [Fact]
    public void Order_AfterTheSuspensionIsLifted_Holds()
    {
        var story = Story.Whole().Remove("placed.second");
        story.Add("stop", story.Stop(Story.Source, Story.SourceKey, StopKind.Suspend));
        story.Add("resume", story.Stop(Story.Source, Story.SourceKey, StopKind.Resume));
        story.Add("placed.second", story.Placed(story.Second)).ShouldHold();
    }

    [Fact]
    public void Order_AfterAnotherLiftedTheSuspension_IsFound()
    {
        var story = Story.Whole().Remove("placed.second");
        story.Add("stop", story.Stop(Story.Source, Story.SourceKey, StopKind.Suspend, Story.Local));
        story.Add("resume", story.Stop(Story.Local, Story.LocalKey, StopKind.Resume, Story.Local));
        story.Add("placed.second", story.Placed(story.Second)).ShouldBreak("order.notAcceded", "placed.second");
    }

    [Fact]
    public void Order_UnderATextThatEnded_IsFound()
    {
        var story = Story.Whole().Remove("placed.second");
        story.Add("stop", story.Stop(Story.Source, Story.SourceKey, StopKind.End));
        story.Add("placed.second", story.Placed(story.Second)).ShouldBreak("order.notInForce", "placed.second");
    }

    [Fact]
    public void Order_UnderATextThatEndsTomorrow_Holds()
    {
        var story = Story.Whole().Remove("placed.second");
        story.Add("stop", story.Stop(Story.Source, Story.SourceKey, StopKind.End, on: story.Today.AddDays(1)));
        story.Add("placed.second", story.Placed(story.Second)).ShouldHold();
    }

    [Fact]
    public void Order_WithoutAnAccession_IsFound() => Story.Whole().Remove("accession").ShouldBreak("order.notAcceded", "placed");

    [Fact]
    public void Order_OfWhoDidNotSignTheText_IsFound()
    {
        var story = Story.Whole().Remove("sign.local");
        Renumber(story);
        story.ShouldBreak("order.notAcceded", "placed");
    }

    [Fact]
    public void Order_AfterTheOrganisationLeft_IsFound()
    {
        var story = Story.Whole().Remove("placed.second");
        story.Add("stop", story.Stop(Story.Local, Story.LocalKey, StopKind.End, Story.Local));
        story.Add("placed.second", story.Placed(story.Second)).ShouldBreak("order.notAcceded", "placed.second");
    }

    [Theory]
    [InlineData(Story.Local, true)]
    [InlineData(Story.Source, false)]
    public void Order_AfterJoiningAgain_HoldsOnlyWhenTheOrganisationItselfLeft(string by, bool holds)
    {
        var story = Story.Whole().Remove("placed.second");
        story.Add("stop", story.Stop(by, KeyOf(by), StopKind.End, Story.Local));
        story.Add("again", story.Step(Story.Local, story.Accession()));
        story.Add("placed.second", story.Placed(story.Second));
        if (holds) story.ShouldHold();
        else story.ShouldBreak("order.notAcceded", "placed.second");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(400)]
    public void Order_UnderAnAccessionWhoseReviewIsPastOrTooFar_IsFound(int days)
    {
        var story = Story.Whole();
        story.Change<LogEntry.RegisterStep>("accession", entry => entry with { Document = story.Accession(accession => accession with { ReviewBy = story.Today.AddDays(days) }) }).ShouldBreak("order.notAcceded", "placed");
    }

    [Fact]
    public void Accession_WithServicesAndAPartnership_Holds()
    {
        var story = Story.Whole();
        story.Change<LogEntry.RegisterStep>("accession", entry => entry with
        {
            Document = story.Accession(accession => accession with
            {
                Services = [new ReferralService { Id = "sociaal-huis", Name = "Sociaal Huis", Team = "Sociale dienst", About = "Helpt met vragen over geld.", Reach = "Grote Markt 1", WaitingDays = 5 }],
                Partnership = new PartnershipMembership { Id = "gbo-voorbeeld", Name = "GBO Voorbeeld", Arrangement = Bytes32.Sha256("regeling"u8).ToString(), From = story.Today, Until = story.Today.AddYears(1) },
            }),
        }).ShouldHold();
    }

    [Fact]
    public void Order_OfAKindThatMayNotReceive_IsFound()
    {
        var story = Story.Whole();
        story.Change<LogEntry.RegisterStep>("accession", entry => entry with { Document = story.Accession(accession => accession with { Kind = OrganisationKind.Municipality }) }).ShouldBreak("order.notAcceded", "placed");
    }

    [Fact]
    public void Order_WhileAReceivedPackageHasNoRoot_IsFound() => Story.Whole().Remove("root").ShouldBreak("order.rootMissing", "placed.second");

    [Fact]
    public void Order_RefusedWhileAReceivedPackageHasNoRoot_Holds() => Story.Whole().Remove("root").Change<LogEntry.OrderPlaced>("placed.second", entry => entry with { Outcome = "refuse", Reasons = ["log.rootMissing"] }).ShouldHold();

    [Fact]
    public void Order_AfterARejectedPackageWithoutRoot_Holds()
    {
        var story = Story.Whole().Remove("root");
        story.Change<LogEntry.ReceiptTaken>("receipt", entry => At(entry.At, story, () => story.Received(story.First, outcome: "rejected"))).ShouldHold();
    }

    [Fact]
    public void Step_AboutAnUnknownOrder_IsFound() => Story.Whole().Remove("placed").ShouldBreak("order.unknown", "decided");

    // What follows an order.
    [Fact]
    public void Decision_OnARefusedOrder_IsFound() => Story.Whole().Change<LogEntry.OrderPlaced>("placed", entry => entry with { Outcome = "refuse", Reasons = ["order.expired"] }).ShouldBreak("decision.notPermitted", "decided");

    [Fact]
    public void Decision_OnAnotherHash_IsFound()
    {
        var story = Story.Whole();
        story.Change<LogEntry.OrderDecided>("decided", entry => At(entry.At, story, () => story.Decided(story.First, hash: Bytes32.Random()))).ShouldBreak("decision.otherOrder", "decided");
    }

    [Fact]
    public void Decision_OnAHeldOrderThatDoesNotAcceptTheKnownSet_IsFound() => Story.Whole().Change<LogEntry.OrderPlaced>("placed", entry => entry with { Outcome = "hold", Reasons = ["order.knownSetEmpty"] }).ShouldBreak("decision.knownSet", "decided");

    [Fact]
    public void Decision_OnAHeldOrderThatAcceptsTheKnownSet_Holds()
    {
        var story = Story.Whole().Change<LogEntry.OrderPlaced>("placed", entry => entry with { Outcome = "hold", Reasons = ["order.knownSetEmpty"] });
        story.Change<LogEntry.OrderDecided>("decided", entry => At(entry.At, story, () => story.Decided(story.First, acceptsKnownSet: true))).ShouldHold();
    }

    [Fact]
    public void Decision_Another_IsFound()
    {
        var story = Story.Whole();
        story.Add("another", story.Decided(story.First, permits: false)).ShouldBreak("decision.another", "another");
    }

    [Theory]
    [InlineData("tokens")]
    [InlineData("envelope")]
    public void Deposit_BeforeTheDecision_IsFound(string name) => Story.Whole().MoveAfter(name, "placed").ShouldBreak("deposit.notPermitted", name);

    [Fact]
    public void Deposit_AfterARefusal_IsFound()
    {
        var story = Story.Whole();
        story.Change<LogEntry.OrderDecided>("decided", entry => At(entry.At, story, () => story.Decided(story.First, permits: false))).ShouldBreak("deposit.notPermitted", "tokens");
    }

    [Fact]
    public void Deposit_RefusedBeforeOneThatIsTaken_Holds()
    {
        var story = Story.Whole();
        story.Insert("decided", "refused", At(story.Entry("decided").At, story, () => story.Tokens(story.First, "refuse"))).ShouldHold();
    }

    [Fact]
    public void Deposit_AnotherEnvelope_IsFound()
    {
        var story = Story.Whole();
        story.Insert("envelope", "another", At(story.Entry("envelope").At, story, () => story.Envelope(story.First, Bytes32.Random()))).ShouldBreak("deposit.another", "another");
    }

    [Fact]
    public void Match_WithoutTokens_IsFound() => Story.Whole().Remove("tokens").ShouldBreak("match.noDeposit", "matched");

    [Fact]
    public void Match_WithoutEnvelope_IsFound() => Story.Whole().Remove("envelope").ShouldBreak("match.noDeposit", "matched");

    [Fact]
    public void Match_WithoutDecision_IsFound()
    {
        var story = Story.Whole().Remove("decided").Remove("tokens").Remove("envelope");
        story.ShouldBreak("match.notPermitted", "matched");
    }

    [Fact]
    public void Match_RefusedThenDone_IsShown()
    {
        var story = Story.Whole();
        story.Insert("envelope", "refused", At(story.Entry("envelope").At, story, () => story.Matched(story.First, "refuse")));

        story.ShouldHold();
        story.Audit().Flags.Select(flag => flag.Code).ShouldBe(["match.changed"]);
    }

    [Fact]
    public void Delivery_WithoutMatch_IsFound() => Story.Whole().Remove("matched").ShouldBreak("delivery.noMatch", "delivered");

    [Fact]
    public void Delivery_AfterARefusedMatch_IsFound() => Story.Whole().Change<LogEntry.ExchangeMatched>("matched", entry => entry with { Outcome = "refuse", Reasons = ["exchange.agreementDiffers"] }).ShouldBreak("delivery.noMatch", "delivered");

    [Fact]
    public void Delivery_WithoutDecision_IsFound() => Story.Whole().Remove("decided").Remove("tokens").Remove("envelope").Remove("matched").ShouldBreak("delivery.notPermitted", "delivered");

    [Fact]
    public void Delivery_WithoutDeposits_IsFound() => Story.Whole().Remove("tokens").Remove("matched").ShouldBreak("delivery.noDeposit", "delivered");

    [Fact]
    public void Delivery_OfAnotherManifest_IsFound() => Story.Whole().Change<LogEntry.PackageDelivered>("delivered", entry => entry with { Manifest = Bytes32.Random() }).ShouldBreak("delivery.manifest", "delivered");

    [Fact]
    public void Delivery_UnderAHandleOfAnother_IsFound()
    {
        var story = Story.Whole();
        Carry(story, story.Second);
        story.Add("delivered.second", story.Delivered(story.Second, manifest: story.Manifest)).ShouldBreak("delivery.handleUsed", "delivered.second");
    }

    [Fact]
    public void Delivery_AfterTheOrderEnded_IsFound()
    {
        var story = Story.Whole();
        story.Insert("matched", "stopped", At(story.Entry("matched").At, story, () => story.Ended(story.First))).ShouldBreak("delivery.afterEnd", "delivered");
    }

    [Fact]
    public void Delivery_AfterItsWithdrawal_IsFound()
    {
        var story = Story.Whole().Remove("erased");
        story.Add("withdrawn", story.DisclosureEnded(DisclosureEndKind.Withdrawn));
        story.Add("again", story.Delivered(story.First)).ShouldBreak("delivery.withdrawn", "again");
    }

    [Fact]
    public void Delivery_WhileTheAccessionStandsStill_IsFound()
    {
        var story = Story.Whole();
        Carry(story, story.Second);
        story.Add("stop", story.Stop(Story.Source, Story.SourceKey, StopKind.Suspend, Story.Local));
        story.Add("delivered.second", story.Delivered(story.Second, Bytes32.Random())).ShouldBreak("delivery.stopped", "delivered.second");
    }

    [Fact]
    public void Delivery_AgainUnderAnotherHandle_IsShown()
    {
        var story = Story.Whole();
        story.Insert("matched", "lost", At(story.Entry("delivered").At, story, () => story.Delivered(story.First, Bytes32.Random())));

        story.ShouldHold();
        story.Audit().Flags.Select(flag => flag.Code).ShouldBe(["delivery.again"]);
    }

    [Fact]
    public void Receipt_WithoutDelivery_IsFound() => Story.Whole().Remove("delivered").Remove("root").ShouldBreak("receipt.noDelivery", "receipt");

    [Fact]
    public void Receipt_OfAnotherManifest_IsFound()
    {
        var story = Story.Whole();
        story.Change<LogEntry.ReceiptTaken>("receipt", entry => At(entry.At, story, () => story.Received(story.First, Bytes32.Random()))).ShouldBreak("receipt.manifest", "receipt");
    }

    [Fact]
    public void Receipt_Another_IsFound()
    {
        var story = Story.Whole();
        story.Add("another", story.Received(story.First, outcome: "rejected")).ShouldBreak("receipt.another", "another");
    }

    [Fact]
    public void Destruction_BeforeTheReceipt_IsFound() => Story.Whole().MoveAfter("destroyed", "delivered").ShouldBreak("destroy.early", "destroyed");

    [Fact]
    public void Destruction_OfAnExpiredOrder_Holds()
    {
        var story = Story.Whole().Remove("receipt");
        story.Insert("root", "expired", At(story.Entry("root").At, story, () => story.Ended(story.First))).ShouldHold();
    }

    [Fact]
    public void Destruction_OfWhatWasNotDelivered_IsFound() => Story.Whole().Change<LogEntry.PackageDestroyed>("destroyed", entry => entry with { Handle = Bytes32.Random() }).ShouldBreak("destroy.noDelivery", "destroyed");

    // Persons, ends and rounds.
    [Fact]
    public void Root_WithoutDelivery_IsFound() => Story.Whole().MoveAfter("root", "matched").ShouldBreak("root.noDelivery", "root");

    [Fact]
    public void Root_OfAnotherManifest_IsFound()
    {
        var story = Story.Whole();
        story.Change<LogEntry.PersonsRooted>("root", entry => At(entry.At, story, () => story.Rooted(story.First, Bytes32.Random()))).ShouldBreak("root.manifest", "root");
    }

    [Fact]
    public void Root_ThatTellsACount_IsFound()
    {
        var story = Story.Whole();
        story.Change<LogEntry.PersonsRooted>("root", entry => At(entry.At, story, () => story.Rooted(story.First, slots: 230))).ShouldBreak("root.slots", "root");
    }

    [Fact]
    public void Root_WhoseEntryNamesAnotherHandle_IsFound() => Story.Whole().Change<LogEntry.PersonsRooted>("root", entry => entry with { Handle = Bytes32.Random() }).ShouldBreak("document.entry", "root");

    [Fact]
    public void Root_Another_IsFound()
    {
        var story = Story.Whole();
        story.Add("another", story.Rooted(story.First)).ShouldBreak("root.another", "another");
    }

    [Fact]
    public void End_OfAnUnknownHandle_IsFound()
    {
        var story = Story.Whole();
        story.Add("strange", story.DisclosureEnded(handle: Bytes32.Random())).ShouldBreak("end.unknown", "strange");
    }

    [Fact]
    public void Round_TwiceOnADay_IsFound()
    {
        var story = Story.Whole();
        story.Add("another", story.Round(story.Today)).ShouldBreak("round.twice", "another");
    }

    [Fact]
    public void Round_OfAnotherOrganisation_IsFound() => Story.Whole().Change<LogEntry.RoundPublished>("round", entry => entry with { By = Story.Source }).ShouldBreak("document.key", "round");

    // Flags: shown, and nothing is broken.
    [Fact]
    public void Erasure_AfterItsDay_IsShown()
    {
        var story = Story.Whole();
        story.Change<LogEntry.PersonsRooted>("root", entry => At(entry.At, story, () => story.Rooted(story.First, eraseBy: story.Today.AddDays(-1))));
        Flags(story).ShouldBe(["erasure.late"]);
    }

    [Fact]
    public void Erasure_NotDoneAfterItsDay_IsShown()
    {
        var story = Story.Whole().Remove("erased");
        Flags(story).ShouldBeEmpty();
        Flags(story, story.Now.AddDays(29)).ShouldBe(["erasure.overdue"]);
    }

    [Fact]
    public void Root_NotThereYet_IsShown() => Flags(Story.Whole().Remove("root").Remove("placed.second")).ShouldBe(["root.pending"]);

    [Fact]
    public void Copy_NotDestroyedYet_IsShown() => Flags(Story.Whole().Remove("destroyed")).ShouldBe(["destroy.missing"]);

    [Fact]
    public void Round_ThatIsMissing_IsShown()
    {
        var story = Story.Whole();
        story.Add("later", story.Round(story.Today.AddDays(3)));
        Flags(story).ShouldBe(["round.gap"]);
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Bereik.slnx"))) folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar))!;
        return folder;
    }

    private static IEnumerable<string> Flags(Story story, DateTimeOffset? now = null)
    {
        var report = story.Audit(now);
        report.Broken.ShouldBeEmpty();
        return report.Flags.Select(flag => flag.Code);
    }

    // The second order up to its match, which nothing before it forbids.
    private static void Carry(Story story, Guid order)
    {
        story.Add("decided.second", story.Decided(order));
        story.Add("tokens.second", story.Tokens(order));
        story.Add("envelope.second", story.Envelope(order));
        story.Add("matched.second", story.Matched(order));
    }

    private static SigningKey KeyOf(string organisation) => organisation switch { Story.Hub => Story.HubKey, Story.Source => Story.SourceKey, _ => Story.LocalKey };

    // A step as it would have been made at another time.
    private static LogEntry At(DateTimeOffset at, Story story, Func<LogEntry> make)
    {
        var now = story.Now;
        story.Now = at;
        var entry = make();
        story.Now = now;
        return entry;
    }

    private static void Renumber(Story story)
    {
        var sequence = 0;
        foreach (var name in story.Names.Where(name => story.Entry(name) is LogEntry.RegisterStep).ToList()) story.Change<LogEntry.RegisterStep>(name, entry => entry with { Sequence = ++sequence });
    }

    private static string Payload(string compact) => Encoding.UTF8.GetString(StrictBase64Url.TryDecode(compact.Split('.')[1], out var bytes) ? bytes : []);

    private static string Flip(string compact)
    {
        StrictBase64Url.TryDecode(compact.Split('.')[2], out var signature).ShouldBeTrue();
        signature![7] ^= 1;
        return $"{compact[..compact.LastIndexOf('.')]}.{StrictBase64Url.Encode(signature)}";
    }
}
