using Bereik.Domain;
using Bereik.Node.Machines;
using Bereik.Node.Registers;
using Bereik.Node.Requests;

namespace Bereik.Hub.Register;

// Who may have tokens of the hub: the source and the local nodes that are pinned in its settings, with the keys that count for requests now.
// A token covers the protocols of the register to which an organisation is a party: as their source, or as one of the kinds that may join. Whether it
// did join is decided on each order, with every reason, and is not what a token is for.
internal sealed class HubClients(HubSettings settings, NodeKeys keys, ProtocolRegister register) : ITokenClients
{
    public async Task<TokenClient?> FindAsync(string id, CancellationToken cancel)
    {
        if (settings.Peer(id) is not { Kind: OrganisationKind.Source or OrganisationKind.Municipality or OrganisationKind.PublicCentreForWelfare } peer) return null;
        var view = await register.ViewAsync(cancel);
        var protocols = view.Texts.Where(text => view.Registered.Contains(text.Hash) && IsParty(text, peer.Id, peer.Kind)).Select(text => text.Id).Distinct();
        return new TokenClient(id, [.. protocols.Select(MachineScopes.Orders)], keys.ForRequests(id));
    }

    private static bool IsParty(Protocol protocol, string id, OrganisationKind kind) =>
        protocol.Find<Clause.PartiesClause>() is { } parties && (kind == OrganisationKind.Source ? parties.Source == id : parties.Recipients.Contains(kind));
}
