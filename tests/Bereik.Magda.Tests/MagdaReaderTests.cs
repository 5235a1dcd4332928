using System.Text;
using Shouldly;
using Xunit;
using static Bereik.Magda.Tests.Samples;

namespace Bereik.Magda.Tests;

public sealed class MagdaReaderTests
{
    [Fact]
    public void Benefits_SameChildInTwoKindVoordelen_IsOneChildWithAllPeriods()
    {
        var answer = Read(Family).Answer.ShouldNotBeNull();
        answer.Service.ShouldBe("GeefKindVoordelen");
        answer.Version.ShouldBe("02.00.0000");
        answer.Insz!.Digits.ShouldBe("85650112345");
        answer.Outcome.ShouldBe(MagdaOutcome.Content);
        var children = answer.Content.ShouldBeOfType<MagdaContent.ChildBenefits>().Children;
        children.Select(c => c.Insz.Digits).ShouldBe(["12630198765", "15670145678"]);
        children[0].Periods.Count.ShouldBe(3);
        children[0].Periods[0].Beneficiaries.ShouldHaveSingleItem().Digits.ShouldBe("85650112345");
    }

    [Theory]
    [InlineData("2019-09", false)]
    [InlineData("2019-10", true)]
    [InlineData("2020-09", true)]
    [InlineData("2020-10", false)]
    [InlineData("2021-01", false)]
    [InlineData("2021-02", true)]
    [InlineData("2099-12", true)]
    public void SocialSupplement_EdgesOfPeriods_AreInclusiveAndOpenEndGoesOn(string month, bool expected)
    {
        var children = ((MagdaContent.ChildBenefits)Read(Family).Answer!.Content).Children;
        children[0].HasSocialSupplement(Month(month)).ShouldBe(expected);
        children[1].HasSocialSupplement(Month(month)).ShouldBeFalse();
        children[0].HasSocialSupplement(null).ShouldBeTrue();
        children[1].HasSocialSupplement(null).ShouldBeFalse();
    }

    [Fact]
    public void Benefits_PeriodWithTwoBeneficiaries_KeepsBoth()
    {
        var two = "<Begunstigden><Begunstigde>85650112345</Begunstigde><Begunstigde>86650112345</Begunstigde></Begunstigden>";
        var answer = Read(Benefits($"<KindVoordelen>{Benefit("85650112345", Child("12630198765", Period("SOCIAAL", "2019-10", null, two)))}</KindVoordelen>")).Answer!;
        ((MagdaContent.ChildBenefits)answer.Content).Children[0].Periods[0].Beneficiaries.Select(b => b.Digits).ShouldBe(["85650112345", "86650112345"]);
    }

    [Fact]
    public void Benefits_PeriodThatEndsBeforeItBegins_CoversNothingAndIsFound()
    {
        var answer = Read(Benefits($"<KindVoordelen>{Benefit("85650112345", Child("12630198765", Period("SOCIAAL", "2020-05", "2020-04")))}</KindVoordelen>")).Answer!;
        ((MagdaContent.ChildBenefits)answer.Content).Children[0].HasSocialSupplement(null).ShouldBeFalse();
        answer.Findings.ShouldHaveSingleItem().Code.ShouldBe(MagdaErrorCodes.FindingPeriodReversed);
    }

    [Fact]
    public void Benefits_NumberWithoutElevenDigits_StaysReadableAndIsFoundWithItsPlace()
    {
        var answer = Read(Benefits($"<KindVoordelen>{Benefit("85650112345", Child("1263", Period("BASIS", "2020-05")))}</KindVoordelen>")).Answer!;
        var finding = answer.Findings.ShouldHaveSingleItem();
        finding.Code.ShouldBe(MagdaErrorCodes.FindingNumberShape);
        finding.Line.ShouldBe(5);
        finding.Column.ShouldBeGreaterThan(1);
    }

    [Theory]
    [InlineData("2020-13")]
    [InlineData("2020-3")]
    [InlineData("20-03")]
    [InlineData("")]
    [InlineData("2020-03-01")]
    public void Benefits_MonthWithoutShape_MakesTheFileUnreadableAtItsPlace(string month)
    {
        var error = Read(Benefits($"<KindVoordelen>{Benefit("85650112345", Child("12630198765", Period("SOCIAAL", month)))}</KindVoordelen>")).Error.ShouldNotBeNull();
        error.Code.ShouldBe(MagdaErrorCodes.BadValue);
        error.Line.ShouldBe(5);
    }

    [Fact]
    public void Exception_30001_IsNoContentAndNoFailure()
    {
        var answer = Read(Benefits("", Exception("30001", "FOUT"))).Answer!;
        answer.Outcome.ShouldBe(MagdaOutcome.NoContent);
        answer.Insz.ShouldBeNull();
        answer.FailureId.ShouldBeNull();
        answer.Content.ShouldBeOfType<MagdaContent.None>();
    }

    [Fact]
    public void Exception_OtherFout_IsAFailureWithItsCode()
    {
        var answer = Read(Benefits("", Exception("99996", "FOUT"))).Answer!;
        answer.Outcome.ShouldBe(MagdaOutcome.Failed);
        answer.FailureId.ShouldBe("99996");
    }

    [Theory]
    [InlineData("INFORMATIE", "30042")]
    [InlineData("WAARSCHUWING", "99984")]
    public void Exception_InformationOrWarning_AccompaniesContent(string type, string id)
    {
        var answer = Read(Benefits($"<KindVoordelen>{Benefit("85650112345", Child("12630198765"))}</KindVoordelen>", Exception(id, type))).Answer!;
        answer.Outcome.ShouldBe(MagdaOutcome.Content);
        answer.Exceptions.ShouldHaveSingleItem().TypeName.ShouldBe(type);
        ((MagdaContent.ChildBenefits)answer.Content).Children.Count.ShouldBe(1);
    }

    [Fact]
    public void Exception_ReplacedNumber_IsKeptAsALink()
    {
        const string Notes = "<Annotaties><Annotatie><Naam>Oud INSZ</Naam><Waarde>75680836687</Waarde></Annotatie><Annotatie><Naam>Nieuw INSZ</Naam><Waarde>00600000032</Waarde></Annotatie></Annotaties>";
        var answer = Read(Message("GeefPersoon", "02.02.0000", PersonNamespace, "<Persoon><INSZ>75680836687</INSZ></Persoon>", Exception("30004", "WAARSCHUWING", more: Notes))).Answer!;
        var link = answer.ReplacedNumbers.ShouldHaveSingleItem();
        (link.Old.Digits, link.New.Digits).ShouldBe(("75680836687", "00600000032"));
    }

    [Fact]
    public void Exception_ReplacedNumberWithoutNotes_LinksTheNumberAskedFor()
    {
        var xml = Message("GeefPersoon", "02.02.0000", PersonNamespace, "<Persoon><INSZ>00600000032</INSZ></Persoon>", Exception("30004", "WAARSCHUWING"));
        var link = Read(xml, asked: "75680836687").Answer!.ReplacedNumbers.ShouldHaveSingleItem();
        (link.Old.Digits, link.New.Digits).ShouldBe(("75680836687", "00600000032"));

        var unlinked = Read(xml, asked: "answer").Answer!;
        unlinked.ReplacedNumbers.ShouldBeEmpty();
        unlinked.Findings.ShouldHaveSingleItem().Code.ShouldBe(MagdaErrorCodes.FindingLinkMissing);
    }

    [Fact]
    public void Person_WithAddressShieldingAndDeath_IsReadWhole()
    {
        var person = ((MagdaContent.Person)Read(Message("GeefPersoon", "02.02.0000", PersonNamespace, """
            <Persoon Bron="RR"><INSZ>75680836687</INSZ>
              <Naam><Achternamen><Achternaam>D'Haeseleer</Achternaam></Achternamen><Voornamen><Voornaam>Zoë</Voornaam><Voornaam>An</Voornaam></Voornamen></Naam>
              <Geboorte><Datum>1975-08-08</Datum></Geboorte><Overlijden><Datum>2020-01-01</Datum></Overlijden>
              <Adressen><Hoofdverblijfplaats DatumBegin="2010-01-01"><Huisnummer>5A</Huisnummer><Busnummer>0003</Busnummer><Land><String>BELGIE</String></Land><Postcode>9300</Postcode>
                <NISCodeLand>150</NISCodeLand><NISCodeGemeente>41002</NISCodeGemeente><NietGestandaardiseerdeStraatnaam><String>Nieuwstraat</String></NietGestandaardiseerdeStraatnaam>
                <NietGestandaardiseerdeGemeentenaam><String>Aalst</String></NietGestandaardiseerdeGemeentenaam><ReferentieAdres><Begindatum>2007-12-20</Begindatum></ReferentieAdres></Hoofdverblijfplaats>
                <NietMededeelbaarAdres DatumBegin="2019-01-01"><Periode><Begindatum>2019-01-01</Begindatum><Einddatum>2019-12-31</Einddatum></Periode><DatumBeslissingCollege>2018-12-01</DatumBeslissingCollege></NietMededeelbaarAdres>
              </Adressen>
              <Afstammingen><Afstamming><Ouders><Ouder><INSZ>50610112345</INSZ></Ouder></Ouders></Afstamming></Afstammingen>
            </Persoon>
            """)).Answer!.Content).Subject;
        person.GivenNames.ShouldBe(["Zoë", "An"]);
        person.FamilyNames.ShouldBe(["D'Haeseleer"]);
        person.BirthDate.ShouldBe("1975-08-08");
        person.IsDeceased.ShouldBeTrue();
        var address = person.MainAddress.ShouldNotBeNull();
        (address.NisCode, address.Street, address.Number, address.Box, address.Postcode, address.Municipality, address.IsReferenceAddress)
            .ShouldBe(("41002", "Nieuwstraat", "5A", "0003", "9300", "Aalst", true));
        person.Shielding!.IsInForce(new DateOnly(2019, 12, 31)).ShouldBeTrue();
        person.Shielding.IsInForce(new DateOnly(2020, 1, 1)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("1975-08-08", "1993-08-08")]
    [InlineData("1975-00-00", "1993-12-31")]
    [InlineData("1975-02-00", "1993-02-28")]
    [InlineData("2004-02-29", "2022-02-28")]
    [InlineData("0000-00-00", null)]
    [InlineData("gisteren..", null)]
    [InlineData(null, null)]
    public void Reaches_PartlyUnknownBirthDate_CountsTheLastPossibleDay(string? birth, string? expected) =>
        (new RegisterPerson { GivenNames = [], FamilyNames = [], BirthDate = birth }.Reaches(18)?.ToString("yyyy-MM-dd", null)).ShouldBe(expected);

    [Fact]
    public void Household_WithMembers_KeepsOrderPositionAndAddress()
    {
        var members = ((MagdaContent.Household)Read(Message("GeefGezinssamenstelling", "02.02.0000", HouseholdNamespace, """
            <Gezinsleden><Gezinslid><INSZ>57611399743</INSZ><Geboortedatum>1957-01-13</Geboortedatum><Positie><Code>01</Code><Omschrijving>gezinshoofd</Omschrijving></Positie>
            <Adressen><Hoofdverblijfplaats><Straatnaam><String>Kerkstraat</String></Straatnaam><NISCodeGemeente>41002</NISCodeGemeente></Hoofdverblijfplaats></Adressen></Gezinslid>
            <Gezinslid><INSZ>62680599650</INSZ><Positie><Code>02</Code></Positie></Gezinslid></Gezinsleden>
            """)).Answer!.Content).Members;
        members.Select(m => m.Insz!.Digits).ShouldBe(["57611399743", "62680599650"]);
        members.Select(m => m.PositionCode).ShouldBe(["01", "02"]);
        members[0].MainAddress!.Street.ShouldBe("Kerkstraat");
        members[1].MainAddress.ShouldBeNull();
    }

    [Fact]
    public void OtherService_InsideInhoud_GivesItsFirstNumberAndExceptions()
    {
        var answer = Read(Message("GeefSociaalStatuut", "03.00.0000", "http://magda.vlaanderen.be/soczek/soap/geefsociaalstatuut/v03_00", "<Persoon><INSZ>00683042157</INSZ></Persoon>")).Answer!;
        answer.Insz!.Digits.ShouldBe("00683042157");
        answer.Content.ShouldBeOfType<MagdaContent.None>();
    }

    [Theory]
    [InlineData("http://schemas.xmlsoap.org/soap/envelope/")]
    [InlineData("http://www.w3.org/2003/05/soap-envelope")]
    public void SoapEnvelope_AroundAnAnswer_ReadsTheSame(string soap)
    {
        var inner = Family[Family.IndexOf("<w:", StringComparison.Ordinal)..];
        var answer = Read($"<s:Envelope xmlns:s='{soap}'><s:Header><x xmlns='urn:x'><INSZ>1</INSZ></x></s:Header><s:Body>{inner}</s:Body></s:Envelope>").Answer.ShouldNotBeNull();
        answer.Insz!.Digits.ShouldBe("85650112345");
        ((MagdaContent.ChildBenefits)answer.Content).Children.Count.ShouldBe(2);
    }

    [Fact]
    public void Answer_WithQualifiedElements_ReadsTheSame()
    {
        var xml = Family.Replace("xmlns:w=", "xmlns=", StringComparison.Ordinal).Replace("w:Geef", "Geef", StringComparison.Ordinal);
        var answer = Read(xml).Answer.ShouldNotBeNull();
        answer.Insz!.Digits.ShouldBe("85650112345");
        ((MagdaContent.ChildBenefits)answer.Content).Children.Count.ShouldBe(2);
    }

    [Fact]
    public void Answer_WithElementsOfAnotherNamespace_PassesThemOver()
    {
        var xml = Family.Replace("<KindVoordelen>", "<x:KindVoordelen xmlns:x='urn:x'><INSZ xmlns='urn:x'>1</INSZ></x:KindVoordelen><KindVoordelen>", StringComparison.Ordinal);
        Read(xml).Answer!.Insz!.Digits.ShouldBe("85650112345");
    }

    public static TheoryData<string, string> Unreadable => new()
    {
        { "", MagdaErrorCodes.Empty },
        { " \n\t ", MagdaErrorCodes.Empty },
        { "<html><body/></html>", MagdaErrorCodes.ForeignXml },
        { "<GeefKindVoordelenResponse/>", MagdaErrorCodes.ForeignXml },
        { "<w:GeefKindVoordelenResponse xmlns:w='http://vlaanderen.be.example.org'/>", MagdaErrorCodes.ForeignXml },
        { $"<w:GeefKindVoordelenResponse xmlns:w='{BenefitsNamespace}'/>", MagdaErrorCodes.Incomplete },
        { Message("GeefKindVoordelen", "02.00.0000", BenefitsNamespace, "").Replace("<Antwoorden>", "<x>", StringComparison.Ordinal).Replace("</Antwoorden>", "</x>", StringComparison.Ordinal), MagdaErrorCodes.Incomplete },
        { Message("GeefKindVoordelen", "02.00.0000", BenefitsNamespace, "").Replace("<Naam>GeefKindVoordelen", "<Naam>GeefPersoon", StringComparison.Ordinal), MagdaErrorCodes.ForeignXml },
        { Benefits("", version: "03.00.0000"), MagdaErrorCodes.UnknownVersion },
        { Benefits("", Exception("30001", "RAMP")), MagdaErrorCodes.BadValue },
        { "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", MagdaErrorCodes.DoctypeForbidden },
        { "<?xml version='1.0'?>\n<!-- first -->\n<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>", MagdaErrorCodes.DoctypeForbidden },
        { "<a", MagdaErrorCodes.BrokenXml },
        { "geen xml", MagdaErrorCodes.BrokenXml },
        { "<?xml version='1.0' encoding='klingon'?><a/>", MagdaErrorCodes.BrokenXml },
        { "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body><s:Fault/></s:Body></s:Envelope>", MagdaErrorCodes.SoapFault },
        { "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body/></s:Envelope>", MagdaErrorCodes.ForeignXml },
    };

    [Theory]
    [MemberData(nameof(Unreadable))]
    public void Text_ThatIsNoAnswer_GivesACode(string text, string code)
    {
        var reading = Read(text);
        reading.Answer.ShouldBeNull();
        reading.Error!.Code.ShouldBe(code);
    }

    [Fact]
    public void Text_CutOffInTheMiddle_IsBrokenAtALineAndColumn()
    {
        var error = Read(Family[..(Family.Length / 2)]).Error!;
        error.Code.ShouldBe(MagdaErrorCodes.BrokenXml);
        error.Line.ShouldBe(5);
        error.Column.ShouldBeGreaterThan(1);
    }

    [Fact]
    public void Text_AfterTheAnswer_IsBroken() => Read(Family + "<meer/>").Error!.Code.ShouldBe(MagdaErrorCodes.BrokenXml);

    [Fact]
    public void Text_InUtf16_ReadsTheSame()
    {
        var bytes = Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(Family.Replace("UTF-8", "UTF-16", StringComparison.Ordinal))).ToArray();
        Read(bytes).Answer!.Insz!.Digits.ShouldBe("85650112345");
    }

    [Fact]
    public void Text_PastTheLimits_IsRefused()
    {
        Read(Family, new MagdaLimits { Bytes = 200 }).Error!.Code.ShouldBe(MagdaErrorCodes.TooLarge);
        Read(Family, new MagdaLimits { Depth = 5 }).Error!.Code.ShouldBe(MagdaErrorCodes.TooDeep);
        Read(Family, new MagdaLimits { Items = 3 }).Error!.Code.ShouldBe(MagdaErrorCodes.TooMany);
        Read(Benefits("", Exception("30001", "FOUT", new string('x', 20_000)))).Error!.Code.ShouldBe(MagdaErrorCodes.TextTooLong);
        Read(Benefits(string.Concat(Enumerable.Repeat("<a>", 100_000)))).Error!.Code.ShouldBe(MagdaErrorCodes.TooDeep);
    }

    [Fact]
    public void Stream_LargerThanTheLimit_IsNotReadToItsEnd()
    {
        using var endless = new EndlessStream();
        MagdaReader.Read(endless).Error!.Code.ShouldBe(MagdaErrorCodes.TooLarge);
        endless.Given.ShouldBeLessThan(MagdaLimits.Default.Bytes * 2);
    }

    [Fact]
    public void Error_OfAFileWithPersonalData_RepeatsNothingOfIt()
    {
        // A marked person in an element name, a value, an attribute and an entity: the parser's own messages would quote each.
        string[] broken =
        [
            "<Gheysens85650112345>", "<a><Gheysens85650112345></b></a>", "<a Gheysens85650112345='1' Gheysens85650112345='2'/>", "<a>&Gheysens85650112345;</a>",
            Benefits($"<KindVoordelen>{Benefit("85650112345", Child("12630198765", Period("SOCIAAL", "Gheysens")))}</KindVoordelen>"),
        ];
        foreach (var xml in broken)
        {
            var reading = Read(xml);
            var all = $"{reading} {reading.Error} {reading.Error!.Meaning}";
            all.ShouldNotContain("Gheysens");
            all.ShouldNotContain("85650112345");
        }
    }

    [Fact]
    public void ToString_OfEverythingRead_ShowsNobody()
    {
        var answer = Read(Message("GeefPersoon", "02.02.0000", PersonNamespace,
            "<Persoon><INSZ>75680836687</INSZ><Naam><Achternamen><Achternaam>Gheysens</Achternaam></Achternamen></Naam><Adressen><Hoofdverblijfplaats><Huisnummer>Gheysens</Huisnummer></Hoofdverblijfplaats></Adressen></Persoon>",
            Exception("30042", "INFORMATIE", "Gheysens"))).Answer!;
        var person = ((MagdaContent.Person)answer.Content).Subject;
        object?[] all = [answer, answer.Content, person, person.Insz, person.MainAddress, answer.Exceptions[0], Read(Family), Read(Family).Answer!.Content,
            ((MagdaContent.ChildBenefits)Read(Family).Answer!.Content).Children[0], ((MagdaContent.ChildBenefits)Read(Family).Answer!.Content).Children[0].Periods[0]];
        foreach (var text in all.Select(o => o!.ToString()!))
        {
            text.ShouldNotContain("Gheysens");
            text.Count(char.IsAsciiDigit).ShouldBeLessThan(6);
        }
    }

    private sealed class EndlessStream : Stream
    {
        private static readonly byte[] Head = Encoding.ASCII.GetBytes("<w:GeefPersoonResponse xmlns:w='http://magda.vlaanderen.be/x'>");

        public long Given { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            for (var i = 0; i < count; i++, Given++)
                buffer[offset + i] = Given < Head.Length ? Head[Given] : (byte)"<a/>"[(int)((Given - Head.Length) % 4)];
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
