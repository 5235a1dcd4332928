using System.Text;

namespace Bereik.Magda.Tests;

/// <summary>Messages of our own, in the format of MAGDA, about nobody.</summary>
internal static class Samples
{
    public const string BenefitsNamespace = "http://webservice.geefkindvoordelendienst-02_00.gezin-02_00.vip.vlaanderen.be";
    public const string PersonNamespace = "http://magda.vlaanderen.be/persoon/soap/geefpersoon/v02_02";
    public const string HouseholdNamespace = "http://magda.vlaanderen.be/persoon/soap/geefgezinssamenstelling/v02_02";

    public static string Benefits(string inhoud, string exceptions = "", string version = "02.00.0000") =>
        Message("GeefKindVoordelen", version, BenefitsNamespace, inhoud, exceptions);

    public static string Message(string service, string version, string ns, string inhoud, string exceptions = "") =>
        $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <w:{service}Response xmlns:w="{ns}">
          <Repliek>
            <Context><Naam>{service}</Naam><Versie>{version}</Versie><Bericht><Type>ANTWOORD</Type></Bericht></Context>
            <Antwoorden><Antwoord><Referte>1</Referte>{(inhoud.Length == 0 ? "" : $"<Inhoud>{inhoud}</Inhoud>")}{exceptions}</Antwoord></Antwoorden>
          </Repliek>
        </w:{service}Response>
        """;

    public static string Exception(string id, string type, string text = "Tekst", string more = "") =>
        $"<Uitzonderingen><Uitzondering><Identificatie>{id}</Identificatie><Oorsprong>MAGDA</Oorsprong><Type>{type}</Type><Diagnose>{text}</Diagnose>{more}</Uitzondering></Uitzonderingen>";

    public static string Benefit(string insz, params string[] children) =>
        $"<KindVoordeel><Bron>VLAANDEREN</Bron><INSZ>{insz}</INSZ><KindVoordeelFonds><Code>999</Code></KindVoordeelFonds><Begunstigden><Begunstigde><INSZ>{insz}</INSZ></Begunstigde></Begunstigden><Kinderen>{string.Concat(children)}</Kinderen></KindVoordeel>";

    public static string Child(string insz, params string[] periods) =>
        $"<Kind><INSZ>{insz}</INSZ><Betalingsperiodes>{string.Concat(periods)}</Betalingsperiodes></Kind>";

    public static string Period(string category, string begin, string? end = null, string beneficiaries = "") =>
        $"<Betalingsperiode><Periode><BeginMaand>{begin}</BeginMaand>{(end is null ? "" : $"<EindeMaand>{end}</EindeMaand>")}</Periode><Categorie><Code>{category}</Code></Categorie>{beneficiaries}</Betalingsperiode>";

    public static string Family { get; } = Benefits("<KindVoordelen>" +
        Benefit("85650112345", Child("12630198765", Period("SOCIAAL", "2019-10", "2020-09"), Period("BASIS", "2019-01")), Child("15670145678", Period("BASIS", "2019-01"))) +
        Benefit("85650112345", Child("12630198765", Period("SOCIAAL", "2021-02"))) + "</KindVoordelen>");

    public static MagdaReading Read(string xml, MagdaLimits? limits = null, string? asked = null) => Read(Encoding.UTF8.GetBytes(xml), limits, asked);

    public static MagdaReading Read(byte[] bytes, MagdaLimits? limits = null, string? asked = null)
    {
        using var stream = new MemoryStream(bytes);
        return MagdaReader.Read(stream, limits, asked);
    }

    public static PaymentMonth Month(string text) => PaymentMonth.TryParse(text, out var month) ? month : throw new ArgumentException("No month.", nameof(text));

    /// <summary>The folder of shared samples beside the repository; null when it is not there.</summary>
    public static string? Shared(string below)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Bereik.slnx")))
                for (var up = folder.Parent; up is not null; up = up.Parent)
                    if (Directory.Exists(Path.Combine(up.FullName, "shared", below)))
                        return Path.Combine(up.FullName, "shared", below);
        return null;
    }
}
