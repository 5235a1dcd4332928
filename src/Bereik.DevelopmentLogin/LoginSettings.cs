using System.Text.Json;

namespace Bereik.DevelopmentLogin;

// What the login is told: where it listens, who may ask it, and its invented people.
internal sealed record LoginSettings
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow };

    public required string Url { get; init; }

    public required IReadOnlyList<LoginClient> Clients { get; init; }

    public required IReadOnlyList<LoginPerson> People { get; init; }

    public bool StopWhenInputCloses { get; init; }

    // The settings, or what is wrong with them.
    public static (LoginSettings? Settings, string Problem) Read(string file)
    {
        try
        {
            var settings = JsonSerializer.Deserialize<LoginSettings>(File.ReadAllText(file), Strict);
            if (settings is null) return (null, "The settings file is empty.");
            if (!Uri.TryCreate(settings.Url, UriKind.Absolute, out var url) || url.Host is not ("127.0.0.1" or "localhost")) return (null, "Setting 'url' must be a loopback address.");
            return (settings, "");
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or JsonException)
        {
            return (null, $"The settings file '{Path.GetFileName(file)}' cannot be read.");
        }
    }
}

/// <summary>A node that may ask who somebody is.</summary>
/// <param name="Id">Client id.</param>
/// <param name="Secret">Shared secret.</param>
/// <param name="Redirect">Where the answer goes; exact.</param>
/// <param name="SignedOut">Where the browser goes after signing out; exact.</param>
/// <param name="OrganisationCode">Code of its organisation.</param>
/// <param name="OrganisationName">Name of its organisation.</param>
public sealed record LoginClient(string Id, string Secret, string Redirect, string SignedOut, string OrganisationCode, string OrganisationName);

/// <summary>An invented person.</summary>
/// <param name="Id">Stable id.</param>
/// <param name="GivenName">Given name.</param>
/// <param name="FamilyName">Family name.</param>
/// <param name="OrganisationCode">For which organisation.</param>
/// <param name="Roles">Words of roles there; may be empty.</param>
/// <param name="Rrn">Synthetic national number, which a real login gives too.</param>
public sealed record LoginPerson(string Id, string GivenName, string FamilyName, string OrganisationCode, IReadOnlyList<string> Roles, string Rrn)
{
    /// <summary>Never the number.</summary>
    public override string ToString() => Id;
}
