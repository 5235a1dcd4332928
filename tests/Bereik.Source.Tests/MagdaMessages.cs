namespace Bereik.Source.Tests;

// Answers of our own in the format of MAGDA, about nobody.
internal static class MagdaMessages
{
    // Three families in Aalst (the third at a safe address), one without a domicile; the supplement since 2026-01.
    public static void Town(string folder)
    {
        for (var family = 0; family < 4; family++)
        {
            var (parent, child) = (TestNumbers.Of(family * 10), TestNumbers.Of(family * 10 + 1));
            Write(folder, "GeefKindVoordelen-02.00", parent, Benefits(parent, child));
            Write(folder, "GeefPersoon-02.02", parent, Person(parent, $"Gezin{family}", family == 3 ? null : $"{family + 1}", isSafe: family == 2));
        }
    }

    // As Town, with more families of Aalst.
    public static void LargerTown(string folder)
    {
        Town(folder);
        for (var family = 4; family < 12; family++)
        {
            var (parent, child) = (TestNumbers.Of(family * 10), TestNumbers.Of(family * 10 + 1));
            Write(folder, "GeefKindVoordelen-02.00", parent, Benefits(parent, child));
            Write(folder, "GeefPersoon-02.02", parent, Person(parent, $"Gezin{family}", $"{family + 1}"));
        }
    }

    public static void Write(string folder, string service, string name, string text)
    {
        Directory.CreateDirectory(Path.Combine(folder, service));
        File.WriteAllText(Path.Combine(folder, service, name + ".xml"), text);
    }

    public static string Benefits(string parent, string child, string begin = "2026-01") => Message(
        "GeefKindVoordelen", "02.00.0000", "http://webservice.geefkindvoordelendienst-02_00.gezin-02_00.vip.vlaanderen.be",
        $"<KindVoordelen><KindVoordeel><Bron>VLAANDEREN</Bron><INSZ>{parent}</INSZ><Begunstigden><Begunstigde><INSZ>{parent}</INSZ></Begunstigde></Begunstigden><Kinderen><Kind><INSZ>{child}</INSZ>"
        + $"<Betalingsperiodes><Betalingsperiode><Periode><BeginMaand>{begin}</BeginMaand></Periode><Categorie><Code>SOCIAAL</Code></Categorie></Betalingsperiode>"
        + "<Betalingsperiode><Periode><BeginMaand>2020-01</BeginMaand></Periode><Categorie><Code>ZORG_SPECIALE_NODEN</Code></Categorie></Betalingsperiode></Betalingsperiodes></Kind></Kinderen></KindVoordeel></KindVoordelen>");

    public static string Person(string number, string name, string? houseNumber, bool isSafe = false) => Message(
        "GeefPersoon", "02.02.0000", "http://magda.vlaanderen.be/persoon/soap/geefpersoon/v02_02",
        $"<Persoon><INSZ>{number}</INSZ><Naam><Achternamen><Achternaam>{name}</Achternaam></Achternamen><Voornamen><Voornaam>An</Voornaam></Voornamen></Naam><Geboorte><Datum>1985-01-01</Datum></Geboorte>"
        + (houseNumber is null ? "" :
            $"<Adressen><Hoofdverblijfplaats><Straatnaam><String>Molenstraat</String></Straatnaam><Huisnummer>{houseNumber}</Huisnummer><Gemeentenaam><String>Aalst</String></Gemeentenaam>"
            + "<Postcode>9300</Postcode><NISCodeGemeente>41002</NISCodeGemeente></Hoofdverblijfplaats>"
            + (isSafe ? "<NietMededeelbaarAdres DatumBegin=\"2026-01-01\"/>" : "") + "</Adressen>")
        + "</Persoon>");

    private static string Message(string service, string version, string ns, string content) =>
        $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <w:{service}Response xmlns:w="{ns}">
          <Repliek>
            <Context><Naam>{service}</Naam><Versie>{version}</Versie><Bericht><Type>ANTWOORD</Type></Bericht></Context>
            <Antwoorden><Antwoord><Referte>1</Referte><Inhoud>{content}</Inhoud></Antwoord></Antwoorden>
          </Repliek>
        </w:{service}Response>
        """;
}
