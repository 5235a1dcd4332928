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
            settings = JsonSerializer.Deserialize<TSettings>(File.ReadAllText(file), Strict);
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
