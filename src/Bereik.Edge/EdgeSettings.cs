using System.Text.Json.Serialization;
using Bereik.Domain;
using Bereik.Node.Configuration;
using Bereik.Node.Logs;
using Bereik.Sealing.Persons;

namespace Bereik.Edge;

/// <summary>Settings that source and local nodes share (nl: instellingen van een rand).</summary>
public abstract class EdgeSettings : NodeSettings
{
    /// <summary>Which numbers this node accepts.</summary>
    [JsonIgnore]
    public InszRules InszRules => new(AllowSyntheticNumbers);

    /// <summary>Whether this node compares people of its own, under tokens: only then it holds a token key and calls the pseudonymiser.</summary>
    [JsonIgnore]
    public virtual bool MakesTokens => true;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        foreach (var problem in base.Problems()) yield return problem;
        foreach (var kind in new[] { OrganisationKind.Hub, OrganisationKind.Pseudonymiser })
        {
            var count = Peers.Count(peer => peer.Kind == kind);
            var word = kind == OrganisationKind.Hub ? "hub" : "pseudonymiser";
            if (count != 1) yield return $"Setting 'peers' must name exactly one {word}, and names {count}.";
            else if (PeerOf(kind).Url is null && (kind == OrganisationKind.Hub || MakesTokens)) yield return $"Setting 'peers[{word}].url' is missing: this node calls it.";
        }

        if (MakesTokens && Peers.Any(peer => peer.Kind == OrganisationKind.Pseudonymiser && string.IsNullOrWhiteSpace(peer.Oprf))) yield return "Setting 'peers[pseudonymiser].oprf' is missing: its key of the epoch must be pinned.";
        if (MakesTokens && string.IsNullOrWhiteSpace(Keys.Token)) yield return "Setting 'keys.token' is missing: without it no tokens can be made.";
        if (!MakesTokens && Keys.Token is not null) yield return "Setting 'keys.token' is for a node that compares people: this kind of organisation has no use for it, so leave it out.";
        var unpinned = new List<string>();
        LogTrust.Read(this, unpinned);
        foreach (var problem in unpinned) yield return problem;
    }
}
