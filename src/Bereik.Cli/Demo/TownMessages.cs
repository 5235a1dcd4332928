using System.Globalization;
using System.Text;
using System.Xml;
using Bereik.Magda;

namespace Bereik.Cli.Demo;

/// <summary>Writes the town's families as answers of MAGDA services, as their schemas want them.</summary>
internal sealed class TownMessages(TownOptions options) : IDisposable
{
    private static readonly XmlWriterSettings Settings = new() { Encoding = new UTF8Encoding(false), Indent = true, IndentChars = " ", NewLineChars = "\n" };
    private readonly MemoryStream _buffer = new();
    private XmlWriter _xml = null!; // Set by Answer, around everything that writes.

    public void Dispose() => _buffer.Dispose();

    /// <summary>GeefKindVoordelen 02.00 of a family, as asked with the first beneficiary's number.</summary>
    public ReadOnlySpan<byte> ChildBenefits(TownFamily family) => Answer("GeefKindVoordelen", "02.00.0000", "http://webservice.geefkindvoordelendienst-02_00.gezin-02_00.vip.vlaanderen.be", family.Id, () =>
    {
        Open("Inhoud", "KindVoordelen");
        // As in real answers: one for all children, one a child, or the same child in two.
        switch (family.Id % 4)
        {
            case 0:
                ChildBenefit(family, [.. family.Children.Select(c => (c, c.Periods.ToArray()))]);
                break;
            case 1 when family.Children.Exists(c => c.Periods.Count > 1):
                ChildBenefit(family, [.. family.Children.Select(c => (c, c.Periods.Take(1).ToArray()))]);
                ChildBenefit(family, [.. family.Children.Where(c => c.Periods.Count > 1).Select(c => (c, c.Periods.Skip(1).ToArray()))]);
                break;
            default:
                foreach (var child in family.Children)
                    ChildBenefit(family, [(child, child.Periods.ToArray())]);
                break;
        }

        Close(2);
    });

    /// <summary>GeefPersoon 02.02; "no data" when the register does not have the person.</summary>
    public ReadOnlySpan<byte> Person(TownFamily family, TownPerson person) => Answer("GeefPersoon", "02.02.0000", "http://magda.vlaanderen.be/persoon/soap/geefpersoon/v02_02", family.Id, () =>
    {
        if (person.Home is { Kind: "unregistered" })
        {
            Exceptions(() => Exception("30001", "RR", "FOUT", "Geen gegevens gevonden voor de vraag"));
            return;
        }

        Open("Inhoud", "Persoon");
        _xml.WriteAttributeString("DatumCreatie", Day(person.Born));
        _xml.WriteAttributeString("Bron", "RR");
        _xml.WriteElementString("INSZ", person.Insz);
        Name(person);
        Gender(person);
        Open("Geboorte");
        _xml.WriteElementString("Datum", Day(person.Born));
        Close(1);
        if (person.Deceased)
        {
            Open("Overlijden");
            _xml.WriteElementString("Datum", Day(options.Today.AddDays(-40)));
            Close(1);
        }

        if (person.Home is { HasAddress: true } home)
        {
            Open("Adressen");
            Address(home);
            if (home.Kind == "safe")
            {
                Open("NietMededeelbaarAdres");
                _xml.WriteAttributeString("DatumBegin", Day(options.Today.AddDays(-90)));
                Open("Periode");
                _xml.WriteElementString("Begindatum", Day(options.Today.AddDays(-90)));
                _xml.WriteElementString("Einddatum", Day(options.Today.AddDays(275)));
                Close(1);
                _xml.WriteElementString("DatumBeslissingCollege", Day(options.Today.AddDays(-92)));
                Close(1);
            }

            Close(1);
        }

        Close(2);
        if (person.NewInsz is not { } renewed)
            return;
        Exceptions(() => Exception("30004", "MAGDA", "WAARSCHUWING", "Persoon heeft een nieuw INSZ verkregen", ("Oud INSZ", person.Insz), ("Nieuw INSZ", renewed)));
    });

    /// <summary>GeefGezinssamenstelling 02.02 of a home, the reference person first; "no data" when there is no home.</summary>
    public ReadOnlySpan<byte> Household(TownFamily family, TownHome? home) => Answer("GeefGezinssamenstelling", "02.02.0000", "http://magda.vlaanderen.be/persoon/soap/geefgezinssamenstelling/v02_02", family.Id, () =>
    {
        if (home is not { HasAddress: true })
        {
            Exceptions(() => Exception("30001", "MAGDA", "FOUT", "Geen gegevens gevonden voor de vraag"));
            return;
        }

        Open("Inhoud", "Gezinsleden");
        for (var i = 0; i < home.Members.Count; i++)
        {
            var member = home.Members[i];
            Open("Gezinslid");
            _xml.WriteElementString("INSZ", member.Insz);
            Name(member);
            Gender(member);
            _xml.WriteElementString("Geboortedatum", Day(member.Born));
            var (code, words) = home.Kind == "collective" ? ("20", "gemeenschappen, tehuizen")
                : i == 0 ? ("01", "gezinshoofd")
                : member.Role == "child" ? ("03", "zoon/dochter")
                : ("12", "niet verwant");
            Coded("Positie", code, words);
            Open("Adressen");
            Address(home);
            Close(2);
        }

        Close(2);
    });

    private ReadOnlySpan<byte> Answer(string service, string version, string ns, int family, Action content)
    {
        _buffer.SetLength(0);
        using (_xml = XmlWriter.Create(_buffer, Settings))
        {
            var reference = string.Create(CultureInfo.InvariantCulture, $"stad-{options.Seed}-{family}");
            _xml.WriteStartElement("web", service + "Response", ns);
            Open("Repliek", "Context");
            _xml.WriteElementString("Naam", service);
            _xml.WriteElementString("Versie", version);
            Open("Bericht");
            _xml.WriteElementString("Type", "ANTWOORD");
            Moment();
            Open("Afzender");
            _xml.WriteElementString("Identificatie", "vip.vlaanderen.be");
            _xml.WriteElementString("Naam", "MagdaGateway");
            _xml.WriteElementString("Referte", reference);
            Close(1);
            Open("Ontvanger");
            _xml.WriteElementString("Identificatie", "voorbeeld.be/groeipakket");
            _xml.WriteElementString("Referte", reference);
            Close(3);
            Open("Antwoorden", "Antwoord");
            _xml.WriteElementString("Referte", reference);
            content();
            Close(4);
        }

        return _buffer.GetBuffer().AsSpan(0, (int)_buffer.Length);
    }

    private void Moment()
    {
        Open("Tijdstip");
        _xml.WriteElementString("Datum", Day(options.Today));
        _xml.WriteElementString("Tijd", "06:00:00.000");
        Close(1);
    }

    private void Exceptions(Action write)
    {
        Open("Uitzonderingen");
        write();
        Close(1);
    }

    private void Exception(string id, string origin, string type, string diagnosis, params (string Name, string Value)[] notes)
    {
        Open("Uitzondering");
        _xml.WriteElementString("Identificatie", id);
        _xml.WriteElementString("Oorsprong", origin);
        _xml.WriteElementString("Type", type);
        Moment();
        _xml.WriteElementString("Diagnose", diagnosis);
        if (notes.Length > 0)
        {
            Open("Annotaties");
            foreach (var (name, value) in notes)
            {
                Open("Annotatie");
                _xml.WriteElementString("Naam", name);
                _xml.WriteElementString("Waarde", value);
                Close(1);
            }

            Close(1);
        }

        Close(1);
    }

    private void ChildBenefit(TownFamily family, (TownPerson Child, TownPeriod[] Periods)[] children)
    {
        Open("KindVoordeel");
        _xml.WriteElementString("Bron", "VLAANDEREN");
        _xml.WriteElementString("INSZ", family.Beneficiaries[0].Insz);
        Open("KindVoordeelFonds");
        _xml.WriteElementString("Code", "999");
        Close(1);
        Open("Begunstigden");
        foreach (var beneficiary in family.Beneficiaries)
        {
            Open("Begunstigde");
            _xml.WriteElementString("INSZ", beneficiary.Insz);
            Close(1);
        }

        Close(1);
        Open("Kinderen");
        foreach (var (child, periods) in children)
        {
            Open("Kind");
            _xml.WriteElementString("INSZ", child.Insz);
            if (periods.Length > 0)
            {
                Open("Betalingsperiodes");
                foreach (var period in periods)
                    Period(family, period);
                Close(1);
            }

            Close(1);
        }

        Close(2);
    }

    private void Period(TownFamily family, TownPeriod period)
    {
        Open("Betalingsperiode", "Periode");
        _xml.WriteElementString("BeginMaand", period.Begin.ToString());
        if (period.End is { } end)
            _xml.WriteElementString("EindeMaand", end.ToString());
        Close(1);
        Open("Categorie");
        _xml.WriteElementString("Code", period.Category);
        _xml.WriteElementString("Omschrijving", period.Category switch
        {
            PaymentPeriod.SocialSupplement => "Sociale toeslag",
            "BASIS" => "Basisbedrag",
            _ => "Zorgtoeslag",
        });
        Close(1);
        Open("Begunstigden");
        foreach (var beneficiary in family.Beneficiaries)
            _xml.WriteElementString("Begunstigde", beneficiary.Insz);
        Close(2);
    }

    private void Name(TownPerson person)
    {
        Open("Naam", "Achternamen");
        _xml.WriteElementString("Achternaam", person.Family);
        Close(1);
        Open("Voornamen");
        _xml.WriteElementString("Voornaam", person.Given);
        Close(2);
    }

    private void Gender(TownPerson person) => Coded("Geslacht", person.Female ? "2" : "1", person.Female ? "Vrouwelijk" : "Mannelijk");

    private void Address(TownHome home)
    {
        Open("Hoofdverblijfplaats");
        _xml.WriteAttributeString("DatumBegin", Day(options.Today.AddDays(-400)));
        Spoken("Straatnaam", home.Street!);
        _xml.WriteElementString("Huisnummer", home.Number);
        if (home.Box is { } box)
            _xml.WriteElementString("Busnummer", box);
        Spoken("Gemeentenaam", home.City!);
        Spoken("Land", "BELGIE");
        _xml.WriteElementString("Postcode", home.Postcode);
        _xml.WriteElementString("NISCodeLand", "150");
        _xml.WriteElementString("ISOCodeLand", "BEL");
        _xml.WriteElementString("NISCodeGemeente", home.RegisterNis);
        if (home.Kind == "reference")
        {
            Open("ReferentieAdres");
            _xml.WriteElementString("Begindatum", Day(options.Today.AddDays(-400)));
            Close(1);
        }

        Close(1);
    }

    private void Spoken(string element, string text)
    {
        Open(element);
        _xml.WriteElementString("String", text);
        _xml.WriteElementString("Taal", "nl");
        Close(1);
    }

    private void Coded(string element, string code, string words)
    {
        Open(element);
        _xml.WriteElementString("Code", code);
        _xml.WriteElementString("Omschrijving", words);
        Close(1);
    }

    private void Open(params ReadOnlySpan<string> elements)
    {
        foreach (var element in elements)
            _xml.WriteStartElement(element);
    }

    private void Close(int elements)
    {
        for (var i = 0; i < elements; i++)
            _xml.WriteEndElement();
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
