namespace Bereik.Magda;

/// <summary>
/// What all answers share: <c>XResponse / Repliek / (Context, Antwoorden / Antwoord / (Inhoud, Uitzonderingen), Uitzonderingen)</c>.
/// </summary>
internal sealed class AnswerParser(MagdaCursor xml, MagdaLimits limits, string? askedInsz)
{
    private readonly List<MagdaNotice> _exceptions = [];
    private readonly List<MagdaFinding> _findings = [];
    private readonly List<ReplacedNumber> _replaced = [];
    private readonly ContentParser _content = new(xml, limits);
    private (int Line, int Column)? _linkMissing;
    private string _service = "";
    private string _version = "";
    private bool _hasContext;
    private bool _hasAnswer;

    public MagdaAnswer Parse()
    {
        xml.Require(xml.Root(), MagdaErrorCodes.Empty);
        if (MagdaReader.IsSoap(xml.Namespace) && xml.Name == "Envelope")
            Envelope();
        else
            Response();
        while (xml.Read())
        {
            // To the end: what follows the answer must be well-formed too.
        }

        xml.Require(_hasContext && _hasAnswer, MagdaErrorCodes.Incomplete);
        if (_linkMissing is { } place)
            LinkFromAsked(place);
        return new MagdaAnswer
        {
            Service = _service,
            Version = _version,
            Insz = xml.FirstInsz,
            Content = _content.Result(),
            Exceptions = _exceptions,
            ReplacedNumbers = _replaced,
            Findings = [.. _findings, .. _content.Findings],
        };
    }

    private void Envelope()
    {
        var answers = 0;
        xml.OwnNamespace = xml.Namespace;
        var soap = xml.Namespace;
        foreach (var part in xml.Children())
        {
            if (part != "Body")
                continue;
            foreach (var name in xml.AnyChildren())
            {
                xml.Require(name != "Fault", MagdaErrorCodes.SoapFault);
                xml.Require(++answers == 1, MagdaErrorCodes.ForeignXml);
                Response();
                xml.OwnNamespace = soap;
            }
        }

        xml.Require(answers == 1, MagdaErrorCodes.ForeignXml);
    }

    private void Response()
    {
        xml.Require(MagdaReader.IsMagda(xml.Name, xml.Namespace), MagdaErrorCodes.ForeignXml);
        var service = xml.Name[..^"Response".Length];
        var replies = 0;
        xml.OwnNamespace = xml.Namespace;
        foreach (var part in xml.Children())
            if (part == "Repliek")
            {
                xml.Require(++replies == 1, MagdaErrorCodes.Incomplete);
                Reply(service);
            }
    }

    private void Reply(string root)
    {
        _service = root;
        foreach (var part in xml.Children())
            switch (part)
            {
                case "Context":
                    Context();
                    break;
                case "Antwoorden":
                    // Which service it is decides how the content reads, so the context must have come first, as the schema says.
                    xml.Require(_hasContext, MagdaErrorCodes.Incomplete);
                    foreach (var answer in xml.Children())
                        if (answer == "Antwoord")
                            Answer();
                    break;
                case "Uitzonderingen":
                    Exceptions();
                    break;
            }
    }

    private void Context()
    {
        _hasContext = true;
        foreach (var part in xml.Children())
            switch (part)
            {
                case "Naam":
                    // The context names what the root stands for; two names for one answer are no answer.
                    xml.Require(xml.Text() == _service, MagdaErrorCodes.ForeignXml);
                    break;
                case "Versie":
                    _version = xml.Text();
                    xml.Require(_version.Length <= 20 && _version.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-'), MagdaErrorCodes.BadValue);
                    break;
            }
        if (MagdaReader.IsKnown(_service, _version, out var fits))
            xml.Require(fits, MagdaErrorCodes.UnknownVersion);
    }

    private void Answer()
    {
        _hasAnswer = true;
        foreach (var part in xml.Children())
            switch (part)
            {
                case "Inhoud":
                    xml.WatchesInsz = true;
                    _content.Read(_service);
                    xml.WatchesInsz = false;
                    break;
                case "Uitzonderingen":
                    Exceptions();
                    break;
            }
    }

    private void Exceptions()
    {
        _hasAnswer = true;
        foreach (var name in xml.Children())
            if (name == "Uitzondering")
            {
                xml.Require(_exceptions.Count < limits.Items, MagdaErrorCodes.TooMany);
                Exception();
            }
    }

    private void Exception()
    {
        var (line, column) = (xml.Line, xml.Column);
        string id = "", origin = "", text = "";
        MagdaExceptionType? type = null;
        InszText? old = null, current = null;
        foreach (var part in xml.Children())
            switch (part)
            {
                case "Identificatie":
                    id = xml.Text();
                    xml.Require(id.Length is > 0 and <= 20 && id.All(char.IsAsciiLetterOrDigit), MagdaErrorCodes.BadValue);
                    break;
                case "Oorsprong":
                    origin = xml.Text();
                    break;
                case "Type":
                    type = xml.Text() switch
                    {
                        "FOUT" => MagdaExceptionType.Fout,
                        "WAARSCHUWING" => MagdaExceptionType.Waarschuwing,
                        "INFORMATIE" => MagdaExceptionType.Informatie,
                        _ => null,
                    };
                    xml.Require(type is not null, MagdaErrorCodes.BadValue);
                    break;
                case "Diagnose":
                    text = xml.Text();
                    break;
                case "Annotaties":
                    Annotations(ref old, ref current);
                    break;
            }

        xml.Require(id.Length > 0 && type is not null, MagdaErrorCodes.Incomplete);
        _exceptions.Add(new MagdaNotice { Id = id, Type = type!.Value, Origin = origin, Text = text });
        if (id != MagdaNotice.ReplacedNumberId || type == MagdaExceptionType.Fout)
            return;
        if (old is { HasElevenDigits: true } && current is { HasElevenDigits: true } && !old.Equals(current))
            _replaced.Add(new ReplacedNumber { Old = old, New = current });
        else
            _linkMissing = (line, column);
    }

    private void Annotations(ref InszText? old, ref InszText? current)
    {
        foreach (var annotation in xml.Children())
        {
            if (annotation != "Annotatie")
                continue;
            var name = "";
            InszText? value = null;
            foreach (var part in xml.Children())
                if (part == "Naam")
                    name = xml.Text();
                else if (part == "Waarde")
                    value = xml.Number();
            if (name == "Oud INSZ")
                old = value;
            else if (name == "Nieuw INSZ")
                current = value;
        }
    }

    private void LinkFromAsked((int Line, int Column) place)
    {
        var asked = new InszText { Digits = askedInsz ?? "" };
        if (asked.HasElevenDigits && xml.FirstInsz is { HasElevenDigits: true } answered && !answered.Equals(asked))
            _replaced.Add(new ReplacedNumber { Old = asked, New = answered });
        else
            _findings.Add(new MagdaFinding(MagdaErrorCodes.FindingLinkMissing, place.Line, place.Column));
    }
}
