using Bereik.Domain;
using Bereik.Node.Configuration;

namespace Bereik.Pseudonymiser;

// The pseudonymiser's settings. Its key file is named in keys.oprf.
internal sealed class PseudonymiserSettings : NodeSettings
{
    // Whether requests without a signature are answered: demo and tests only.
    public bool AllowUnsignedEvaluation { get; init; }

    public override IReadOnlyList<OrganisationKind> Kinds => [OrganisationKind.Pseudonymiser];

    public override IEnumerable<string> Problems()
    {
        foreach (var sentence in base.Problems()) yield return sentence;

        // SECURITY: stated here too, so that it stays when nodes may one day listen elsewhere.
        if (AllowUnsignedEvaluation && !IsLoopback(Url)) yield return "Setting 'allowUnsignedEvaluation' needs a loopback 'url': off this machine every evaluation is signed.";
    }
}
