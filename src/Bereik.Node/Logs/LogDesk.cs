using Bereik.Domain;
using Bereik.Node.Configuration;
using Bereik.Node.Requests;

namespace Bereik.Node.Logs;

/// <summary>Brings signed documents to the hub for the public log: key statements, persons' roots, ends of disclosures, rounds (nl: loket van het logboek).</summary>
/// <param name="client">Calls the hub.</param>
/// <param name="settings">Which peer the hub is.</param>
public sealed class LogDesk(NodeClient client, NodeSettings settings)
{
    /// <summary>Where the hub takes them.</summary>
    public const string Path = "/v1/log-documents";

    /// <summary>Has a document logged. The same document again is no error and gives the same place.</summary>
    /// <param name="document">Compact JWS.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>Its place in the log.</returns>
    /// <exception cref="PeerRefusedException">The hub does not take it.</exception>
    /// <exception cref="HttpRequestException">The hub cannot be reached now, or has no log now.</exception>
    public async Task<long> SendAsync(string document, CancellationToken cancel) =>
        (await client.PostAsync<Logged>(settings.PeerOf(OrganisationKind.Hub).Id, Path, new Sent(document), cancel)).Index;

    private sealed record Sent(string Document);

    private sealed record Logged(long Index);
}
