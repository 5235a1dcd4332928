using System.Globalization;
using Bereik.Domain;
using Bereik.Exchange.Register;
using Bereik.Node.Ui;
using Bereik.Source.Pages;

namespace Bereik.Source.Protocols;

/// <summary>Asked once more before a protocol or an accession is stopped or goes on (nl: bevestiging).</summary>
public sealed record StopQuestion
{
    private const int Shortest = 3;
    private const int Longest = 500;

    /// <summary>What would happen.</summary>
    public required StopKind Kind { get; init; }

    /// <summary>The question.</summary>
    public required string Title { get; init; }

    /// <summary>What happens then.</summary>
    public required string Consequence { get; init; }

    /// <summary>The verb on the button.</summary>
    public required string Button { get; init; }

    /// <summary>Local path that does it.</summary>
    public required string Action { get; init; }

    /// <summary>Local path back.</summary>
    public required string Back { get; init; }

    /// <summary>What suspends, as the protocol names it.</summary>
    public required IReadOnlyList<SanctionTrigger> Triggers { get; init; }

    /// <summary>Notice in months, with an end; null where the protocol does not say.</summary>
    public required int? NoticeMonths { get; init; }

    /// <summary>The path above the page.</summary>
    public IReadOnlyList<Breadcrumb> Trail { get; init; } = [];

    /// <summary>The reason that was chosen; empty for none.</summary>
    public string Trigger { get; init; } = "";

    /// <summary>Why, in words.</summary>
    public string Because { get; init; } = "";

    /// <summary>First day on which it no longer counts, as it was typed.</summary>
    public string On { get; init; } = "";

    /// <summary>What is wrong, in the order of the fields.</summary>
    public IReadOnlyList<FieldError> Errors { get; init; } = [];

    internal static bool IsEnglish => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "en";

    internal static StopKind? KindOf(string step) => step switch { "schorsen" => StopKind.Suspend, "opheffen" => StopKind.Resume, "beeindigen" => StopKind.End, _ => null };

    private static string WordOf(StopKind kind) => kind switch { StopKind.Suspend => "schorsen", StopKind.Resume => "opheffen", _ => "beeindigen" };

    // What it is about is "Protocol" or "Accession".
    internal static StopQuestion Of(StopKind kind, string about, string name, Protocol protocol, string path, int running, Texts texts) => new()
    {
        Kind = kind,
        Title = texts[$"Stop.{about}.{kind}.Title", name],
        Consequence = $"{texts[$"Stop.{about}.{kind}.Why"]}{(kind == StopKind.Suspend ? " " + Running(running, texts) : "")}",
        Button = texts[$"Stop.{about}.{kind}.Button"],
        Action = $"{path}/{WordOf(kind)}",
        Back = path,
        Triggers = protocol.Find<Clause.Sanctions>()?.SuspendOn ?? [],
        NoticeMonths = kind == StopKind.End ? protocol.Find<Clause.Duration>()?.NoticeMonths : null,
    };

    internal static IResult Again(StopQuestion question, IReadOnlyList<FieldError> errors) => UiSetup.Page<StopPage>(new { Model = question with { Errors = errors } }, StatusCodes.Status422UnprocessableEntity);

    internal StopQuestion Filled(IFormCollection form) => this with { Trigger = form["reden"].ToString(), Because = FormText.Line(form["uitleg"]), On = FormText.Line(form["dag"]) };

    internal (RegisterStop? Stop, IReadOnlyList<FieldError> Errors) Read(string hash, string? organisation, DateOnly today, DateTimeOffset now, Texts texts)
    {
        var errors = new List<FieldError>();
        var trigger = Triggers.Select(one => (SanctionTrigger?)one).FirstOrDefault(one => one.ToString() == Trigger);
        var isDay = DayText.TryParse(On, out var day);
        if (Kind == StopKind.Suspend && trigger is null) errors.Add(new FieldError("reden", texts["Stop.Error.Trigger"]));
        if (Kind == StopKind.End && !isDay) errors.Add(new FieldError("dag", texts["Day.Error"]));
        if (Kind == StopKind.End && isDay && day < today) errors.Add(new FieldError("dag", texts["Stop.Error.Past"]));
        if (Because.Length is < Shortest or > Longest) errors.Add(new FieldError("uitleg", texts["Stop.Error.Because"]));
        if (errors.Count > 0) return (null, errors);
        return (new RegisterStop
        {
            Protocol = FormText.Hash(hash), Organisation = organisation, Kind = Kind, Trigger = Kind == StopKind.Suspend ? trigger : null, Because = Because, On = Kind == StopKind.End ? day : null, At = now,
        }, []);
    }

    private static string Running(int running, Texts texts) => running switch { 0 => texts["Stop.Running.None"], 1 => texts["Stop.Running.One"], _ => texts["Stop.Running.Many", Formats.Number(running)] };
}
