using Bereik.Domain;
using Bereik.Node.Machines;
using Bereik.Node.Registers;
using Bereik.Node.Requests;

namespace Bereik.Hub.Register;

// Who may have tokens of the hub: the source, the local nodes and the referrers that are pinned in its settings, with the keys that count for requests now.
// A token covers the protocols of the register to which an organisation is a party: as their source, or as one of the kinds that may join. Whether it
// did join is decided on each order and referral, with every reason, and is not what a token is for.
internal sealed class HubClients(HubSettings settings, NodeKeys keys, ProtocolRegister register) : ITokenClients
{
    public async Task<TokenClient?> FindAsync(string id, CancellationToken cancel)
    {
        if (settings.Peer(id) is not { Kind: not (OrganisationKind.Hub or OrganisationKind.Pseudonymiser) } peer) return null;
        var view = await register.ViewAsync(cancel);
        var scopes = view.Texts.Where(text => view.Registered.Contains(text.Hash) && IsParty(text, peer.Id, peer.Kind))
            .Select(text => text.Flow == Flow.Referral ? MachineScopes.Referrals(text.Id) : MachineScopes.Orders(text.Id)).Distinct();
        return new TokenClient(id, [.. scopes], keys.ForRequests(id));
    }

    private static bool IsParty(Protocol protocol, string id, OrganisationKind kind) => protocol.Find<Clause.PartiesClause>() is { } parties
        && (kind is OrganisationKind.Source or OrganisationKind.Referrer ? parties.Source == id : parties.Recipients.Contains(kind));
}
