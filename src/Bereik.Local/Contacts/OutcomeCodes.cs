using System.Text.Json;
using System.Text.RegularExpressions;
using Bereik.Exchange.Contracts;

namespace Bereik.Local.Contacts;

/// <summary>One outcome of a contact episode, with the rule by which it is chosen (nl: uitkomst). What decides is what the person did, not what the worker thinks.</summary>
public sealed record OutcomeCode
{
    /// <summary>Code, such as <c>U06</c>.</summary>
    public required string Code { get; init; }

    /// <summary>Label in Dutch.</summary>
    public required string Nl { get; init; }

    /// <summary>Label in English.</summary>
    public required string En { get; init; }

    /// <summary>Rule in Dutch, one sentence.</summary>
    public required string RuleNl { get; init; }

    /// <summary>Rule in English, one sentence.</summary>
    public required string RuleEn { get; init; }

    /// <summary>Whether somebody must have spoken with the person: silence is never a refusal.</summary>
    public required bool NeedsContact { get; init; }

    /// <summary>Whether the contact episode ends with it; else there is a next day, and another outcome follows.</summary>
    public required bool Closes { get; init; }

    /// <summary>Why what is kept is erased when it ends so.</summary>
    internal ErasureCause Cause => Code switch { OutcomeCodes.OwnFile => ErasureCause.OwnFile, OutcomeCodes.NeverAgain => ErasureCause.Objection, _ => ErasureCause.Outcome };
}

/// <summary>The outcomes that a contact can have: a file, which a local government can change; read and checked when the node starts.</summary>
internal sealed partial class OutcomeCodes
{
    // Nobody answered: silence, after what the protocol asks to be tried.
    public const string NoAnswer = "U01";

    // Never wants contact again: an objection.
    public const string NeverAgain = "U07";

    // Taken into an own file, on another ground.
    public const string OwnFile = "U15";

    // Here in error: not confirmed, known already, or about somebody else.
    public const string InError = "U16";

    private const int Most = 40;
    private static readonly string[] Needed = [NoAnswer, NeverAgain, OwnFile];
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false, RespectNullableAnnotations = true };

    private OutcomeCodes(IReadOnlyList<OutcomeCode> all) => All = all;

    public IReadOnlyList<OutcomeCode> All { get; }

    public OutcomeCode? Find(string? code) => All.FirstOrDefault(one => one.Code == code);

    /// <summary>Reads the file of the settings, or the one that ships.</summary>
    /// <returns>Null, with a sentence for what is wrong.</returns>
    public static OutcomeCodes? Read(LocalSettings settings, List<string> problems)
    {
        if (settings.OutcomesPath is { } path)
        {
            if (!File.Exists(path))
            {
                problems.Add("Setting 'outcomesFile' names a file that does not exist.");
                return null;
            }

            return Parse(File.ReadAllBytes(path), problems);
        }

        using var shipped = typeof(OutcomeCodes).Assembly.GetManifestResourceStream("Bereik.Local.uitkomsten.json") ?? throw new InvalidOperationException("The outcomes that ship are not in the program.");
        using var bytes = new MemoryStream();
        shipped.CopyTo(bytes);
        return Parse(bytes.ToArray(), problems);
    }

    /// <summary>Reads outcomes.</summary>
    /// <returns>Null, with a sentence for each thing that is wrong, by its place.</returns>
    internal static OutcomeCodes? Parse(ReadOnlySpan<byte> json, List<string> problems)
    {
        List<OutcomeCode>? codes;
        try
        {
            codes = JsonSerializer.Deserialize<List<OutcomeCode>>(json, Options);
        }
        catch (JsonException broken)
        {
            problems.Add($"The file with outcomes cannot be read: {broken.Path ?? "$"}.");
            return null;
        }

        var before = problems.Count;
        if (codes is null || codes.Count is 0 or > Most) problems.Add($"The file with outcomes holds none, or more than {Most}.");
        foreach (var (at, code) in (codes ?? []).Index())
        {
            if (!Shape().IsMatch(code.Code)) problems.Add($"Outcome {at + 1} has no code such as U01.");
            if (new[] { code.Nl, code.En, code.RuleNl, code.RuleEn }.Any(text => text.Length is < 3 or > 200)) problems.Add($"Outcome {at + 1} has a label or rule of fewer than 3 or more than 200 characters.");
        }

        if (codes is not null && codes.Select(code => code.Code).Distinct(StringComparer.Ordinal).Count() < codes.Count) problems.Add("The file with outcomes names a code twice.");

        // What the person said about being contacted, and that a file of its own was opened, must be possible to say.
        foreach (var needed in Needed.Where(needed => codes?.Any(code => code.Code == needed && code.Closes) != true)) problems.Add($"The file with outcomes lacks {needed}, or it does not close.");
        return problems.Count == before ? new OutcomeCodes(codes!) : null;
    }

    [GeneratedRegex("^U[0-9]{2}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
