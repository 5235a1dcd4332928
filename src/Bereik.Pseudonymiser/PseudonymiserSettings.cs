using Bereik.Domain;
using Bereik.Node.Configuration;

namespace Bereik.Pseudonymiser;

// The pseudonymiser's settings. Its key files are named in keys.oprf and keys.witness.
internal sealed class PseudonymiserSettings : NodeSettings
{
    // Whether requests without a signature are answered: demo and tests only.
    public bool AllowUnsignedEvaluation { get; init; }

    public override IReadOnlyList<OrganisationKind> Kinds => [OrganisationKind.Pseudonymiser];

    public override IEnumerable<string> Problems()
    {
        foreach (var sentence in base.Problems()) yield return sentence;

        if (Peers.Count(peer => peer.Kind == OrganisationKind.Hub) != 1) yield return "Setting 'peers' must name exactly one hub: the witness cosigns its log.";
        else if (PeerOf(OrganisationKind.Hub).Url is null) yield return "Setting 'peers[hub].url' is missing: the witness reads its log.";

        // SECURITY: stated here too, so that it stays when nodes may one day listen elsewhere.
        if (AllowUnsignedEvaluation && !IsLoopback(Url)) yield return "Setting 'allowUnsignedEvaluation' needs a loopback 'url': off this machine every evaluation is signed.";
    }
}
