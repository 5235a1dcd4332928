namespace Bereik.Magda;

/// <summary>Takes the content of the three known services apart. The cursor stands on <c>Inhoud</c>.</summary>
internal sealed class ContentParser(MagdaCursor xml, MagdaLimits limits)
{
    private readonly Dictionary<InszText, List<PaymentPeriod>> _periods = [];
    private readonly List<InszText> _children = [];
    private readonly List<RegisterPerson> _persons = [];
    private string _read = "";
    private int _items;

    public List<MagdaFinding> Findings { get; } = [];

    public void Read(string service)
    {
        switch (service)
        {
            case "GeefKindVoordelen":
                _read = service;
                Each("KindVoordelen", "KindVoordeel", ChildBenefit);
                break;
            case "GeefPersoon":
                foreach (var name in xml.Children())
                    if (name == "Persoon")
                    {
                        xml.Require(_persons.Count == 0, MagdaErrorCodes.Incomplete);
                        _read = service;
                        _persons.Add(Person());
                    }

                break;
            case "GeefGezinssamenstelling":
                _read = service;
                Each("Gezinsleden", "Gezinslid", () => _persons.Add(Person()));
                break;
            default:
                // Read past, so that the first number is seen.
                foreach (var _ in xml.Children())
                {
                }

                break;
        }
    }

    public MagdaContent Result() => _read switch
    {
        "GeefKindVoordelen" => new MagdaContent.ChildBenefits { Children = [.. _children.Select(c => new BenefitChild { Insz = c, Periods = _periods[c] })] },
        "GeefPersoon" => new MagdaContent.Person { Subject = _persons[0] },
        "GeefGezinssamenstelling" => new MagdaContent.Household { Members = _persons },
        _ => new MagdaContent.None(),
    };

    private void Each(string list, string item, Action read)
    {
        foreach (var name in xml.Children())
            if (name == list)
                Each(item, read);
    }

    private void Each(string item, Action read)
    {
        foreach (var name in xml.Children())
            if (name == item)
            {
                xml.Require(++_items <= limits.Items, MagdaErrorCodes.TooMany);
                read();
            }
    }

    private InszText Number()
    {
        var number = xml.Number();
        if (!number.HasElevenDigits)
            Findings.Add(new MagdaFinding(MagdaErrorCodes.FindingNumberShape, number.Line, number.Column));
        return number;
    }

    private void ChildBenefit()
    {
        List<InszText> beneficiaries = [];
        foreach (var part in xml.Children())
            switch (part)
            {
                case "INSZ":
                    Number();
                    break;
                case "Begunstigden":
                    Each("Begunstigde", () =>
                    {
                        foreach (var name in xml.Children())
                            if (name == "INSZ")
                                beneficiaries.Add(Number());
                    });
                    break;
                case "Kinderen":
                    Each("Kind", () => Child(beneficiaries));
                    break;
            }
    }

    private void Child(List<InszText> beneficiaries)
    {
        InszText? insz = null;
        List<PaymentPeriod> periods = [];
        foreach (var part in xml.Children())
            switch (part)
            {
                case "INSZ":
                    xml.Require(insz is null, MagdaErrorCodes.BadValue);
                    insz = Number();
                    break;
                case "Betalingsperiodes":
                    Each("Betalingsperiode", () => periods.Add(Period(beneficiaries)));
                    break;
            }

        xml.Require(insz is { Digits.Length: > 0 }, MagdaErrorCodes.Incomplete);
        if (_periods.TryGetValue(insz!, out var earlier))
        {
            earlier.AddRange(periods);
            return;
        }

        _periods.Add(insz!, periods);
        _children.Add(insz!);
    }

    private PaymentPeriod Period(List<InszText> beneficiaries)
    {
        var (line, column) = (xml.Line, xml.Column);
        PaymentMonth? begin = null, end = null;
        var category = "";
        List<InszText> own = [];
        foreach (var part in xml.Children())
            switch (part)
            {
                case "Periode":
                    foreach (var edge in xml.Children())
                        if (edge == "BeginMaand")
                            begin = Month();
                        else if (edge == "EindeMaand")
                            end = Month();
                    break;
                case "Categorie":
                    category = xml.TextOf("Code");
                    xml.Require(category.Length is > 0 and <= 50 && category.All(c => char.IsAsciiLetterUpper(c) || c == '_'), MagdaErrorCodes.BadValue);
                    break;
                case "Begunstigden":
                    Each("Begunstigde", () => own.Add(Number()));
                    break;
            }

        xml.Require(begin is not null && category.Length > 0, MagdaErrorCodes.Incomplete);
        if (end < begin)
            Findings.Add(new MagdaFinding(MagdaErrorCodes.FindingPeriodReversed, line, column));
        return new PaymentPeriod { Category = category, Begin = begin!.Value, End = end, Beneficiaries = own.Count > 0 ? own : [.. beneficiaries] };
    }

    private PaymentMonth Month()
    {
        var (line, column) = (xml.Line, xml.Column);
        return PaymentMonth.TryParse(xml.Text(), out var month) ? month : throw new MagdaCursor.Stop(MagdaErrorCodes.BadValue, line, column);
    }

    private RegisterPerson Person()
    {
        InszText? insz = null;
        List<string> given = [], family = [];
        string? birth = null, code = null, position = null;
        RegisterAddress? address = null;
        AddressShielding? shielding = null;
        var deceased = false;
        foreach (var part in xml.Children())
            switch (part)
            {
                case "INSZ":
                    insz = Number();
                    break;
                case "Naam":
                    foreach (var list in xml.Children())
                        if (list == "Voornamen")
                            Each("Voornaam", () => given.Add(xml.Text()));
                        else if (list == "Achternamen")
                            Each("Achternaam", () => family.Add(xml.Text()));
                    break;
                case "Geboortedatum":
                    birth = Optional(xml.Text());
                    break;
                case "Geboorte":
                    birth = Optional(xml.TextOf("Datum"));
                    break;
                case "Overlijden":
                    deceased = true;
                    break;
                case "IsOverleden":
                    deceased = deceased || xml.Text() is "1" or "true";
                    break;
                case "Positie":
                    foreach (var name in xml.Children())
                        if (name == "Code")
                            code = Optional(xml.Text());
                        else if (name == "Omschrijving")
                            position = Optional(xml.Text());
                    break;
                case "Adressen":
                    foreach (var name in xml.Children())
                        if (name == "Hoofdverblijfplaats")
                            address = Address();
                        else if (name == "NietMededeelbaarAdres")
                            shielding = Shielding();
                    break;
            }

        given.RemoveAll(string.IsNullOrEmpty);
        family.RemoveAll(string.IsNullOrEmpty);
        return new RegisterPerson
        {
            Insz = insz is { Digits.Length: > 0 } ? insz : null,
            GivenNames = given,
            FamilyNames = family,
            BirthDate = birth,
            IsDeceased = deceased,
            MainAddress = address,
            Shielding = shielding,
            PositionCode = code,
            Position = position,
        };
    }

    private RegisterAddress Address()
    {
        var address = new RegisterAddress { Since = xml.Attribute("DatumBegin") };
        foreach (var part in xml.Children())
            address = part switch
            {
                "Straatnaam" => address with { Street = Optional(xml.TextOf("String")) ?? address.Street },
                "NietGestandaardiseerdeStraatnaam" => address with { Street = address.Street ?? Optional(xml.TextOf("String")) },
                "Huisnummer" => address with { Number = Optional(xml.Text()) },
                "Busnummer" => address with { Box = Optional(xml.Text()) },
                "Postcode" => address with { Postcode = Optional(xml.Text()) },
                "Gemeentenaam" => address with { Municipality = Optional(xml.TextOf("String")) ?? address.Municipality },
                "NietGestandaardiseerdeGemeentenaam" => address with { Municipality = address.Municipality ?? Optional(xml.TextOf("String")) },
                "Land" => address with { Country = Optional(xml.TextOf("String")) },
                "NISCodeLand" => address with { CountryNisCode = Optional(xml.Text()) },
                "NISCodeGemeente" => address with { NisCode = Optional(xml.Text()) },
                "ReferentieAdres" => address with { IsReferenceAddress = true },
                _ => address,
            };
        return address;
    }

    private AddressShielding Shielding()
    {
        // Attribute and period may both give an end. The later one decides, and an end that cannot be read is no end.
        var begin = MagdaReader.Day(xml.Attribute("DatumBegin"));
        List<string> ends = [];
        if (xml.Attribute("DatumEinde") is { } attribute)
            ends.Add(attribute);
        foreach (var part in xml.Children())
        {
            if (part != "Periode")
                continue;
            foreach (var edge in xml.Children())
                if (edge == "Begindatum")
                    begin ??= MagdaReader.Day(xml.Text());
                else if (edge == "Einddatum")
                    ends.Add(xml.Text());
        }

        var days = ends.ConvertAll(MagdaReader.Day);
        return new AddressShielding(begin, days.Count == 0 || days.Contains(null) ? null : days.Max());
    }

    private static string? Optional(string text) => text.Length == 0 ? null : text;
}
