using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Bereik.Cli.Verify;

/// <summary>The shape that a JSON value must have: members, words, days. Written out by hand from the documentation of the formats.</summary>
/// <param name="holds">Whether a value has it.</param>
internal sealed partial class Shape(Func<JsonElement, bool> holds)
{
    public static Shape Bool { get; } = new(value => value.ValueKind is JsonValueKind.True or JsonValueKind.False);

    public static Shape Organisation { get; } = Matching(OrganisationWord());

    public static Shape Code { get; } = Matching(CodeWord());

    public static Shape Hash { get; } = new(value => value.ValueKind == JsonValueKind.String && Bytes(value.GetString()!, 32) is not null);

    public static Shape Id { get; } = new(value => value.ValueKind == JsonValueKind.String && Guid.TryParseExact(value.GetString(), "D", out var id) && id != Guid.Empty && id.ToString("D") == value.GetString());

    public static Shape Instant { get; } = new(value => value.ValueKind == JsonValueKind.String && InstantOf(value.GetString()!) is not null);

    public static Shape Day { get; } = new(value => value.ValueKind == JsonValueKind.String && DayOf(value.GetString()!) is not null);

    public static Shape Outcome { get; } = OneOf("permit", "refuse");

    public bool Holds(JsonElement value) => holds(value);

    public static Shape Matching(Regex pattern) => new(value => value.ValueKind == JsonValueKind.String && pattern.IsMatch(value.GetString()!));

    public static Shape OneOf(params string[] words) => new(value => value.ValueKind == JsonValueKind.String && words.Contains(value.GetString()));

    public static Shape Text(int least, int most) => new(value => value.ValueKind == JsonValueKind.String && value.GetString()!.Length >= least && value.GetString()!.Length <= most);

    public static Shape Whole(long least, long most) => new(value => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= least && number <= most);

    public static Shape List(Shape item, int least, int most) => new(value => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() >= least && value.GetArrayLength() <= most && value.EnumerateArray().All(item.Holds));

    // Members in the order given, unless any order will do; a name that ends in ? may be absent. Nothing else may be there, and nothing is null.
    public static Shape Object(bool inOrder, params (string Name, Shape Shape)[] members) => new(value =>
    {
        if (value.ValueKind != JsonValueKind.Object) return false;
        var (at, found) = (0, 0);
        foreach (var member in value.EnumerateObject())
        {
            if (!inOrder) at = 0;
            while (at < members.Length && NameOf(members[at].Name) != member.Name) at++;
            if (at == members.Length || !members[at].Shape.Holds(member.Value)) return false;
            if (!members[at].Name.EndsWith('?')) found++;
            at++;
        }

        return found == members.Count(member => !member.Name.EndsWith('?'));
    });

    public static Shape Document(params (string Name, Shape Shape)[] members) => Object(inOrder: true, members);

    public static DateTimeOffset? InstantOf(string text) =>
        DateTimeOffset.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : null;

    public static DateOnly? DayOf(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    // base64url without padding, in its one form.
    public static byte[]? Bytes(string text, int? length = null)
    {
        if (!Base64Url.IsValid(text)) return null;
        var bytes = Base64Url.DecodeFromChars(text);
        return (length is null || bytes.Length == length) && Base64Url.EncodeToString(bytes) == text ? bytes : null;
    }

    private static string NameOf(string name) => name.TrimEnd('?');

    [GeneratedRegex("^[a-z0-9-]{2,40}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex OrganisationWord();

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9.-]{0,79}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex CodeWord();
}
