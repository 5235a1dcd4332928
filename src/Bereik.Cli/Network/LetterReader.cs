using System.Text.Json;

namespace Bereik.Cli.Network;

/// <summary>A letter as it came out of the envelope (nl: brief), read from what a trial writes beside its print files. Synthetic people only.</summary>
/// <param name="Number">Letter number, as it is printed.</param>
/// <param name="Code">Secret code, as it is printed.</param>
public sealed record OpenedLetter(string Number, string Code)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Every letter of a wave, in the order of its pages.</summary>
    /// <param name="folder">Data folder of the source.</param>
    /// <param name="wave">The wave's id.</param>
    public static IReadOnlyList<OpenedLetter> Of(string folder, string wave) =>
        [.. Directory.EnumerateFiles(Path.Combine(folder, "waves", wave), "brieven-*.ndjson").Order(StringComparer.Ordinal).SelectMany(File.ReadLines).Select(line => JsonSerializer.Deserialize<OpenedLetter>(line, Json)!)];

    /// <summary>Nothing of it.</summary>
    public override string ToString() => "[brief]";
}

/// <summary>What somebody does with a letter on the answer page of the hub (nl: antwoorden), by the same forms as a browser.</summary>
public static class LetterReader
{
    private const string Page = "/brief";

    /// <summary>Opens the page of the letter and presses one of the four buttons.</summary>
    /// <param name="hub">A visitor of the hub.</param>
    /// <param name="letter">The letter.</param>
    /// <param name="button"><c>ja</c>, <c>nee</c>, <c>later</c>, <c>nooit</c> or <c>stand</c>.</param>
    /// <param name="cancel">Stops.</param>
    /// <returns>The page that follows.</returns>
    public static Task<string> PressAsync(PageVisitor hub, OpenedLetter letter, string button, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(hub);
        ArgumentNullException.ThrowIfNull(letter);
        return hub.SubmitAsync(PathOf(letter), Page, new Dictionary<string, string> { ["stap"] = button }, cancel);
    }

    /// <summary>Says yes with the code.</summary>
    /// <param name="hub">A visitor of the hub.</param>
    /// <param name="letter">The letter.</param>
    /// <param name="choices">What is chosen besides, by the name of the field; null for nothing.</param>
    /// <param name="cancel">Stops.</param>
    /// <returns>The page with the receipt.</returns>
    public static async Task<string> YesAsync(PageVisitor hub, OpenedLetter letter, IReadOnlyDictionary<string, string>? choices = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(hub);
        var asked = await PressAsync(hub, letter, "ja", cancel);
        return await hub.ContinueAsync(asked, PathOf(letter), Page, new Dictionary<string, string>(choices ?? new Dictionary<string, string>()) { ["stap"] = "ja-zeker", ["code"] = letter.Code }, cancel);
    }

    /// <summary>Asks never to be written to again.</summary>
    /// <param name="hub">A visitor of the hub.</param>
    /// <param name="letter">The letter.</param>
    /// <param name="cancel">Stops.</param>
    public static async Task<string> NeverAsync(PageVisitor hub, OpenedLetter letter, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(hub);
        return await hub.ContinueAsync(await PressAsync(hub, letter, "nooit", cancel), PathOf(letter), Page, new Dictionary<string, string> { ["stap"] = "nooit-zeker" }, cancel);
    }

    /// <summary>Looks how a yes stands.</summary>
    /// <param name="hub">A visitor of the hub.</param>
    /// <param name="letter">The letter.</param>
    /// <param name="cancel">Stops.</param>
    /// <returns>The page that says it.</returns>
    public static async Task<string> LookAsync(PageVisitor hub, OpenedLetter letter, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(hub);
        return await hub.ContinueAsync(await PressAsync(hub, letter, "stand", cancel), PathOf(letter), Page, new Dictionary<string, string> { ["stap"] = "toon", ["nummer"] = letter.Number, ["code"] = letter.Code }, cancel);
    }

    /// <summary>Takes a yes back.</summary>
    /// <param name="hub">A visitor of the hub.</param>
    /// <param name="letter">The letter.</param>
    /// <param name="cancel">Stops.</param>
    public static async Task<string> WithdrawAsync(PageVisitor hub, OpenedLetter letter, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(hub);
        return await hub.ContinueAsync(await LookAsync(hub, letter, cancel), PathOf(letter), Page, new Dictionary<string, string> { ["stap"] = "verander", ["wat"] = "intrekken", ["code"] = letter.Code }, cancel);
    }

    private static string PathOf(OpenedLetter letter) => $"{Page}/{letter.Number}";
}
