using Bereik.Domain;
using Bereik.Node.Configuration;

namespace Bereik.Pseudonymiser;

// The pseudonymiser's settings. Its key files are named in keys.oprf and keys.witness.
internal sealed class PseudonymiserSettings : NodeSettings
{
    public override IReadOnlyList<OrganisationKind> Kinds => [OrganisationKind.Pseudonymiser];

    public override IEnumerable<string> Problems()
    {
        foreach (var sentence in base.Problems()) yield return sentence;

        if (Peers.Count(peer => peer.Kind == OrganisationKind.Hub) != 1) yield return "Setting 'peers' must name exactly one hub: the witness cosigns its log.";
        else if (PeerOf(OrganisationKind.Hub).Url is null) yield return "Setting 'peers[hub].url' is missing: the witness reads its log.";
    }
}
