using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bereik.Node.Configuration;

/// <summary>Reads a settings file strictly: what a node does not understand stops it.</summary>
public static class SettingsReader
{
    private static readonly JsonSerializerOptions Strict = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>Reads and checks a file.</summary>
    /// <typeparam name="TSettings">The node's settings.</typeparam>
    /// <param name="file">Path of the JSON file.</param>
    /// <returns>The settings, or every problem in one sentence each.</returns>
    public static SettingsResult<TSettings> Read<TSettings>(string file)
        where TSettings : NodeSettings
    {
        if (!File.Exists(file)) return new(null, [$"The settings file '{Path.GetFileName(file)}' does not exist."]);
        TSettings? settings;
        try
        {
            var text = File.ReadAllText(file);
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
            if (FindHole(document.RootElement, "") is { } hole) return new(null, [$"Setting '{hole}' is null."]);
            settings = JsonSerializer.Deserialize<TSettings>(text, Strict);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new(null, [$"The settings file '{Path.GetFileName(file)}' cannot be opened."]);
        }
        catch (JsonException wrong)
        {
            return new(null, [$"The settings file '{Path.GetFileName(file)}' cannot be read at line {wrong.LineNumber + 1}, {Place(wrong)}."]);
        }

        if (settings is null) return new(null, [$"The settings file '{Path.GetFileName(file)}' is empty."]);
        settings.Folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        var problems = settings.Problems().ToList();
        return problems.Count > 0 ? new(null, problems) : new(settings, []);
    }

    // The type of a list says nothing of its elements to the serializer: none may be null.
    private static string? FindHole(JsonElement element, string path) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Select(member => FindHole(member.Value, path.Length == 0 ? member.Name : $"{path}.{member.Name}")).FirstOrDefault(hole => hole is not null),
        JsonValueKind.Array => element.EnumerateArray().Select((item, index) => item.ValueKind == JsonValueKind.Null ? $"{path}[{index}]" : FindHole(item, $"{path}[{index}]")).FirstOrDefault(hole => hole is not null),
        _ => null,
    };

    private static string Place(JsonException wrong) => wrong.Path is { Length: > 2 } path
        ? $"at setting '{path[2..]}': it is unknown, twice there or of the wrong kind"
        : "where it is not JSON";
}

/// <summary>Settings, or what is wrong with them.</summary>
/// <typeparam name="TSettings">The node's settings.</typeparam>
/// <param name="Settings">Null exactly when there are problems.</param>
/// <param name="Problems">One sentence each.</param>
public sealed record SettingsResult<TSettings>(TSettings? Settings, IReadOnlyList<string> Problems)
    where TSettings : NodeSettings;
