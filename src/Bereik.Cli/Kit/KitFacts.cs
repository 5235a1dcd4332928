using Bereik.Domain;
using Bereik.Exchange.Reference;

namespace Bereik.Cli.Kit;

/// <summary>Everything that a kit is filled from, and how its texts name the parties.</summary>
internal sealed record KitFacts
{
    public required Protocol Protocol { get; init; }

    public required Framework Framework { get; init; }

    public required Municipality Municipality { get; init; }

    /// <summary>What joins: the gemeente or its OCMW.</summary>
    public required OrganisationKind Kind { get; init; }

    /// <summary>The day on which the kit was made, Europe/Brussels.</summary>
    public required DateOnly Day { get; init; }

    public bool IsWelfareCentre => Kind == OrganisationKind.PublicCentreForWelfare;

    /// <summary>As in a heading.</summary>
    public string Name => IsWelfareCentre ? $"OCMW {Municipality.Name}" : $"Gemeente {Municipality.Name}";

    /// <summary>In full, within a sentence.</summary>
    public string Recipient => IsWelfareCentre ? $"het OCMW van {Municipality.Name}" : $"de gemeente {Municipality.Name}";

    /// <summary>In short, within a sentence.</summary>
    public string Short => IsWelfareCentre ? "het OCMW" : "de gemeente";

    /// <summary>In short, at the beginning of a sentence.</summary>
    public string Begin => KitWords.Capital(Short);

    public string It => IsWelfareCentre ? "het" : "zij";

    public string Its => IsWelfareCentre ? "zijn" : "haar";

    /// <summary>The legal person beside it, which has no access.</summary>
    public string Sibling => IsWelfareCentre ? "de gemeente" : "het OCMW";

    public string Council => IsWelfareCentre ? "raad voor maatschappelijk welzijn" : "gemeenteraad";

    /// <summary>Who provides, within a sentence.</summary>
    public string Source => Named(Protocol.Source.Value).One;

    /// <summary>Who provides, to somebody who has not heard of it yet.</summary>
    public string AnySource => Named(Protocol.Source.Value).Any;

    public bool IsInForceable => Protocol.Ground == GroundState.Verified;

    public bool SharesSecrecy => Protocol.Find<Clause.SharedSecrecy>() is not null;

    public bool HasJointControllers => Need<Clause.Roles>().Parties.Any(role => role.Role == ProcessingRole.JointController);

    public bool HasPseudonymiser => Need<Clause.Roles>().Parties.Any(role => role.Party == Party.Pseudonymiser);

    public bool TellsSupplement => Need<Clause.Selection>().Rule == SelectionRule.SocialSupplement;

    public IReadOnlyList<string> Fields => [.. Need<Clause.FieldsClause>().Shared.Select(shared => KitWords.Of(shared.Id))];

    public IReadOnlyList<string> Readers => [.. Need<Clause.RecipientsClause>().Functions.Select(KitWords.Many)];

    public IEnumerable<Clause.Ground> Grounds => [Need<Clause.CollectionGround>(), Need<Clause.CommunicationGround>(), Need<Clause.RecipientGround>()];

    /// <summary>A clause that every protocol without errors has.</summary>
    public TClause Need<TClause>()
        where TClause : Clause => Protocol.Find<TClause>() ?? throw new InvalidOperationException($"Protocol {Protocol.Id} has no clause '{Clause.IdOf(typeof(TClause))}'.");

    /// <summary>How firmly a value stands; nothing where the parties decided it.</summary>
    public static Html Mark(Clause clause) => clause.Standing switch
    {
        Standing.Proposed => (Html)$" {Html.Element("span", "stand", "voorgesteld")}",
        Standing.Uncertain => $" {Html.Element("span", "stand onzeker", "onzeker, te beslissen door de functionaris")}",
        _ => "",
    };

    /// <summary>The words of a clause, and how firmly they stand.</summary>
    public static Html Say(Clause clause) => $"{clause.Nl}{Mark(clause)}";

    /// <summary>The same, where the protocol has the clause.</summary>
    public static IEnumerable<Html> SayIfAny(Clause? clause) => clause is null ? [] : [Say(clause)];

    /// <summary>A legal reference's state, with who read it.</summary>
    public static Html State(GroundState state, IEnumerable<Clause.Verification> by) =>
        Html.Of([KitWords.Of(state), .. by.Select(check => (Html)$"{check.By}, {check.On}")], "; ");

    /// <summary>A page with the name of the organisation above it, and the warning that no reader may miss.</summary>
    public HtmlPage Page(string title, bool isShort = false)
    {
        var page = new HtmlPage($"{title} - {Name}") { IsShort = isShort };
        page.P($"{Name} · {Protocol.Title.Nl} (protocol {Protocol.Id}, versie {Protocol.Version})", "kop");
        page.H1(title);
        if (!IsInForceable) page.Attention($"{Html.Strong("Ontwerp, alleen ter voorbereiding.")} De rechtsgrond van dit protocol is {KitWords.Of(Protocol.Ground)}. Het protocol kan daarom niet in werking treden, en niemand mag er echte gegevens mee uitwisselen.");
        return page;
    }

    private static (string One, string Any) Named(string source) => source switch
    {
        "opgroeien" => ("Opgroeien", "Opgroeien"),
        "ksz" => ("de Kruispuntbank van de Sociale Zekerheid", "de Kruispuntbank van de Sociale Zekerheid"),
        "gbo-partner" => ("de verwijzende partner", "een partner van het geïntegreerd breed onthaal"),
        "kind-en-gezin-team" => ("het team van Kind en Gezin", "een team van Kind en Gezin"),
        _ => (source, source),
    };
}
