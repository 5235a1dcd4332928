using Bereik.Exchange.Keys;

namespace Bereik.Node.Machines;

/// <summary>A program that may ask this node for tokens (nl: toepassing), as it stands now.</summary>
/// <param name="Id">Client id; of a node at the hub its organisation id.</param>
/// <param name="Scopes">Everything that it may be allowed.</param>
/// <param name="Keys">With which it may prove itself; several while it changes from one to the next.</param>
public sealed record TokenClient(string Id, IReadOnlyList<string> Scopes, IReadOnlyList<SigningPublicKey> Keys);

/// <summary>Which programs may ask this node for tokens: at the hub the nodes of the exchange, at an edge the software of its organisation's suppliers.</summary>
public interface ITokenClients
{
    /// <summary>A client that may have tokens now.</summary>
    /// <param name="id">Client id, as it was claimed.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>Null for one that is unknown or was revoked.</returns>
    Task<TokenClient?> FindAsync(string id, CancellationToken cancel);
}
