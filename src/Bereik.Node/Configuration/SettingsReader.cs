using System.Text.Json;
using System.Text.Json.Serialization;
using Bereik.Exchange;

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
        Converters = { new ExactEnumConverter() },
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
            if (FindFault(document.RootElement, "") is { } fault) return new(null, [fault]);
            settings = JsonSerializer.Deserialize<TSettings>(text, Strict);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new(null, [$"The settings file '{Path.GetFileName(file)}' cannot be opened."]);
        }
        catch (InvalidOperationException)
        {
            // An escape that is no text: half a surrogate pair.
            return new(null, [$"The settings file '{Path.GetFileName(file)}' cannot be read: one of its texts is none."]);
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

    // What the types do not see: a hole in a list, a text that no path or address can be, a secret. One sentence, never the value.
    // SECURITY: a settings file is copied, mailed and backed up. A private key in it has left its owner.
    private static string? FindFault(JsonElement element, string path) => element.ValueKind switch
    {
        JsonValueKind.String when element.GetString()!.Any(char.IsControl) => $"Setting '{path}' holds a control character.",
        JsonValueKind.Object when element.TryGetProperty("kty", out _) && element.TryGetProperty("d", out _) => $"Setting '{path}' holds a private key. Only its owner may have it, in a file of its own: make a new one.",
        JsonValueKind.Object => element.EnumerateObject().Select(member => FindFault(member.Value, path.Length == 0 ? member.Name : $"{path}.{member.Name}")).FirstOrDefault(fault => fault is not null),
        JsonValueKind.Array => element.EnumerateArray().Select((item, index) => item.ValueKind == JsonValueKind.Null ? $"Setting '{path}[{index}]' is null." : FindFault(item, $"{path}[{index}]")).FirstOrDefault(fault => fault is not null),
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
