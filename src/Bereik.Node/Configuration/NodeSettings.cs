using System.Net;
using System.Text.Json;
using Bereik.Domain;

namespace Bereik.Node.Configuration;

/// <summary>
/// What a node needs to know before it starts (nl: instellingen). Read once from one JSON file; unknown names, missing values and
/// wrong shapes stop the node with a sentence that names the setting. Paths are relative to the file's folder.
/// </summary>
public class NodeSettings
{
    /// <summary>Bereik's own name of the organisation that this node is, for example <c>ocmw-aalst</c>.</summary>
    public string Organisation { get; init; } = "";

    /// <summary>The organisation's name as people read it.</summary>
    public string Name { get; init; } = "";

    /// <summary>Who operates this node; hub, pseudonymiser and both edges must differ.</summary>
    public string Operator { get; init; } = "";

    /// <summary>Where the node listens, for example <c>http://127.0.0.1:5100</c>. Loopback only.</summary>
    public string Url { get; init; } = "";

    /// <summary>The node's own data folder, made on first start.</summary>
    public string Data { get; init; } = "";

    /// <summary>Whether synthetic numbers (month + 60) are accepted. Then no real number is: demo and tests only.</summary>
    public bool AllowSyntheticNumbers { get; init; }

    /// <summary>The node's private key files.</summary>
    public KeyFiles Keys { get; init; } = new();

    /// <summary>The other parties, with the public keys that were confirmed with them and pinned.</summary>
    public IReadOnlyList<PeerSettings> Peers { get; init; } = [];

    /// <summary>The address that people use, for example <c>https://bereik.example</c> of the proxy before the node; <see cref="Url"/> when absent.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>How people sign in; absent means that no page of theirs opens.</summary>
    public SignInSettings? SignIn { get; init; }

    /// <summary>Seconds between two looks at the hub for news, 0.05 to 3600.</summary>
    public double PollSeconds { get; init; } = 5;

    /// <summary>Where this edge calls its own organisation's software; absent means nowhere, and the feed tells all the same.</summary>
    public Events.EventSettings? Events { get; init; }

    /// <summary>Whether the node stops when its standard input closes, so that it never outlives the program that started it.</summary>
    public bool StopWhenInputCloses { get; init; }

    /// <summary>How much each caller may ask.</summary>
    public LimitSettings Limits { get; init; } = new();

    /// <summary>
    /// Where the process kills itself, once, for crash tests: <c>step:moment</c> with a moment of <see cref="Work.CrashMoment"/>, <c>*</c> for all, or <c>referral.*</c> for those of the steps that begin so.
    /// Refused unless <see cref="AllowSyntheticNumbers"/> is on.
    /// </summary>
    public string? CrashAt { get; init; }

    /// <summary>The kind of organisation that this node serves; set by the program, not by the file.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public virtual IReadOnlyList<OrganisationKind> Kinds => [];

    /// <summary>This organisation as an id.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public OrganisationId Id => new(Organisation);

    /// <summary>Folder of the settings file; relative paths start here.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Folder { get; internal set; } = "";

    /// <summary>An absolute path for a path in the file.</summary>
    /// <param name="path">Absolute, or relative to the settings file.</param>
    public string Resolve(string path) => Path.GetFullPath(Path.Combine(Folder, path));

    /// <summary>The data folder, absolute.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string DataFolder => Resolve(Data);

    /// <summary>Where people open this node.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public Uri PublicAddress => new(PublicUrl ?? Url);

    /// <summary>A peer by id.</summary>
    /// <param name="id">Organisation id.</param>
    /// <returns>Null when it is not configured.</returns>
    public PeerSettings? Peer(string id) => Peers.FirstOrDefault(peer => peer.Id == id);

    /// <summary>The only peer of a kind.</summary>
    /// <param name="kind">Hub or pseudonymiser, of which every node knows exactly one.</param>
    public PeerSettings PeerOf(OrganisationKind kind) => Peers.Single(peer => peer.Kind == kind);

    /// <summary>Where a peer listens.</summary>
    /// <param name="id">Organisation id.</param>
    /// <exception cref="InvalidOperationException">No address is configured.</exception>
    public Uri AddressOf(string id) => Peer(id)?.Url is { } url ? new Uri(url) : throw new InvalidOperationException($"No address is configured for '{id}'.");

    /// <summary>Everything that is wrong, one sentence each; a node with its own settings adds to it.</summary>
    public virtual IEnumerable<string> Problems()
    {
        if (!OrganisationId.TryParse(Organisation, out _)) yield return "Setting 'organisation' must be 2 to 40 characters of a-z, 0-9 and '-'.";
        if (string.IsNullOrWhiteSpace(Name)) yield return "Setting 'name' is missing.";
        if (string.IsNullOrWhiteSpace(Operator)) yield return "Setting 'operator' is missing: every party names who runs it.";
        if (string.IsNullOrWhiteSpace(Data)) yield return "Setting 'data' is missing: the node needs its own folder.";
        if (UrlProblem(Url) is { } wrong) yield return $"Setting 'url' {wrong}";
        if (PollSeconds is < 0.05 or > 3600) yield return "Setting 'pollSeconds' must lie between 0.05 and 3600.";
        if (string.IsNullOrWhiteSpace(Keys.Signing)) yield return "Setting 'keys.signing' is missing: the node cannot sign its requests.";
        else if (!File.Exists(Resolve(Keys.Signing))) yield return "Setting 'keys.signing' names a file that does not exist.";
        if (AllowSyntheticNumbers && !IsLoopback(Url)) yield return "Setting 'allowSyntheticNumbers' needs a loopback 'url': synthetic numbers are for demo and tests.";
        if (Limits.WindowSeconds is < 1 or > 3600) yield return "Setting 'limits.windowSeconds' must lie between 1 and 3600.";
        if (new[] { Limits.Organisation, Limits.Person, Limits.Anyone, Limits.Refused, Limits.SignIn }.Any(quota => quota is < 1 or > 10_000_000)) yield return "Setting 'limits' must give each caller 1 to 10000000 requests in a window.";
        if (CrashAt is not null && !AllowSyntheticNumbers) yield return "Setting 'crashAt' is for tests and needs 'allowSyntheticNumbers'.";
        if (PublicUrl is { } address && FarProblem(address) is { } unusable) yield return $"Setting 'publicUrl' {unusable}";
        foreach (var sentence in SignInProblems()) yield return sentence;
        if (Events is not null && Kinds.Any(kind => kind is OrganisationKind.Hub or OrganisationKind.Pseudonymiser)) yield return "Setting 'events' is for a source or a local node.";
        else if (Events?.Problem() is { } wrongEvents) yield return wrongEvents;
        foreach (var sentence in PeerProblems()) yield return sentence;
    }

    private IEnumerable<string> SignInProblems()
    {
        if (SignIn is not { } signIn) yield break;
        if (!Uri.TryCreate(signIn.Authority, UriKind.Absolute, out var authority) || authority.Scheme is not ("http" or "https")) yield return "Setting 'signIn.authority' must be the address of an OpenID Connect provider.";
        else if (authority.Scheme == "http" && !(AllowSyntheticNumbers && IsLoopback(signIn.Authority))) yield return "Setting 'signIn.authority' must be https: a login in clear text is for demo and tests.";
        if (string.IsNullOrWhiteSpace(signIn.ClientId)) yield return "Setting 'signIn.clientId' is missing.";
        if ((signIn.ClientKey is null) == (signIn.ClientSecret is null)) yield return "Setting 'signIn' needs one of 'clientKey' and 'clientSecret': files, mode 600.";
        foreach (var (name, path) in new[] { ("clientKey", signIn.ClientKey), ("clientSecret", signIn.ClientSecret) })
        {
            if (path is null) continue;
            if (!File.Exists(Resolve(path))) yield return $"Setting 'signIn.{name}' names a file that does not exist.";
            else if (Bereik.Exchange.Keys.KeyFile.IsOpenToOthers(Resolve(path))) yield return $"The file of setting 'signIn.{name}' can be read by others. Give it mode 600.";
        }

        if (signIn.OrganisationCodes.Count == 0) yield return "Setting 'signIn.organisationCodes' is missing: the codes under which the login knows this organisation.";
        foreach (var word in signIn.RoleWords.Values.Where(word => Access.RoleWords.RoleOf(word) is null)) yield return $"Setting 'signIn.roleWords' leads to '{word}', which is no role.";
    }

    private IEnumerable<string> PeerProblems()
    {
        foreach (var (peer, index) in Peers.Select((peer, index) => (peer, index)))
        {
            if (!OrganisationId.TryParse(peer.Id, out _)) yield return $"Setting 'peers[{index}].id' must be 2 to 40 characters of a-z, 0-9 and '-'.";
            if (peer.Id == Organisation) yield return $"Setting 'peers[{index}].id' is this node itself.";
            if (peer.Url is { } url && FarProblem(url) is { } wrong) yield return $"Setting 'peers[{index}].url' {wrong}";
            if (string.IsNullOrWhiteSpace(peer.Operator)) yield return $"Setting 'peers[{index}].operator' is missing.";
            if (peer.Signing is null) yield return $"Setting 'peers[{index}].signing' is missing: a peer without a pinned key cannot be trusted.";
        }

        foreach (var twice in Peers.GroupBy(peer => peer.Id).Where(group => group.Count() > 1))
        {
            yield return $"Setting 'peers' names '{twice.Key}' twice.";
        }
    }

    /// <summary>Whether an address is of this machine alone.</summary>
    /// <param name="url">An absolute address; anything else is not.</param>
    protected internal static bool IsLoopback(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri)
        && (uri.Host == "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address)));

    // SECURITY: a node speaks plain HTTP to its own machine only; what comes from elsewhere comes through a proxy with TLS.
    private static string? UrlProblem(string url) =>
        AddressProblem(url) ?? (IsLoopback(url) ? null : "must be a loopback address: a node answers to its own machine, and a proxy with TLS stands before it.");

    // What leaves this machine is protected under way.
    private static string? FarProblem(string url) => AddressProblem(url) ?? (IsLoopback(url) || url.StartsWith("https://", StringComparison.Ordinal) ? null : "must be https, unless it is of this machine.");

    private static string? AddressProblem(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")) return "must be an address such as http://127.0.0.1:5100.";
        return uri.AbsolutePath != "/" || uri.Query.Length > 0 ? "must be an address without a path." : null;
    }
}

/// <summary>Private key files of a node.</summary>
public sealed class KeyFiles
{
    /// <summary>ES256 key, JWK: signs requests, orders, manifests, receipts.</summary>
    public string Signing { get; init; } = "";

    /// <summary>P-256 key, JWK, to which a local node's packages are sealed.</summary>
    public string? Sealing { get; init; }

    /// <summary>P-256 key, JWK, of this epoch; used for the pair secret only.</summary>
    public string? Token { get; init; }

    /// <summary>Private note key that signs the log's checkpoints, of the hub only; its name is the log's origin.</summary>
    public string? Log { get; init; }

    /// <summary>Private note key that cosigns the log's checkpoints, of the pseudonymiser only.</summary>
    public string? Witness { get; init; }

    /// <summary>ristretto255 scalar of the epoch, of the pseudonymiser only.</summary>
    public string? Oprf { get; init; }
}

/// <summary>How many requests each caller may make in one window (nl: grenzen). The defaults are far above what nodes and people need, and below what harms.</summary>
public sealed class LimitSettings
{
    /// <summary>Length of the window in seconds, 1 to 3600.</summary>
    public int WindowSeconds { get; init; } = 60;

    /// <summary>For each other node and each supplier's software.</summary>
    public int Organisation { get; init; } = 30_000;

    /// <summary>For each person.</summary>
    public int Person { get; init; } = 6_000;

    /// <summary>For each network address of which the caller is not known.</summary>
    public int Anyone { get; init; } = 30_000;

    /// <summary>For each network address: requests that were refused before they reached a route.</summary>
    public int Refused { get; init; } = 3_000;

    /// <summary>For each network address: signing in and asking for a token.</summary>
    public int SignIn { get; init; } = 120;
}

/// <summary>Another party and its pinned public keys.</summary>
public sealed class PeerSettings
{
    /// <summary>Organisation id.</summary>
    public string Id { get; init; } = "";

    /// <summary>Name as people read it.</summary>
    public string Name { get; init; } = "";

    /// <summary>What it is in the exchange.</summary>
    public OrganisationKind Kind { get; init; }

    /// <summary>Who operates it.</summary>
    public string Operator { get; init; } = "";

    /// <summary>Where it listens; absent for a party that is never called.</summary>
    public string? Url { get; init; }

    /// <summary>NIS codes of a gemeente or OCMW, with the day from which each counts.</summary>
    public IReadOnlyList<string> Nis { get; init; } = [];

    /// <summary>Public ES256 key, JWK.</summary>
    public JsonElement? Signing { get; init; }

    /// <summary>Public sealing key, JWK; of local nodes.</summary>
    public JsonElement? Sealing { get; init; }

    /// <summary>Public token key of the epoch, JWK; of edges.</summary>
    public JsonElement? Token { get; init; }

    /// <summary>Public ristretto255 key of the epoch, base64url; of the pseudonymiser.</summary>
    public string? Oprf { get; init; }

    /// <summary>Verifier key of the public log (C2SP signed-note); of the hub.</summary>
    public string? Log { get; init; }

    /// <summary>Verifier key of the mandatory witness; of the pseudonymiser.</summary>
    public string? Witness { get; init; }
}
