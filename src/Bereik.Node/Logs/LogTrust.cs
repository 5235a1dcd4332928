using Bereik.Domain;
using Bereik.Ledger;
using Bereik.Node.Configuration;

namespace Bereik.Node.Logs;

/// <summary>The keys by which a node knows the log and its mandatory witness (nl: sleutels van het logboek).</summary>
/// <param name="Log">The log's key; its name is the origin.</param>
/// <param name="Witness">The witness's key.</param>
public sealed record LogTrust(NoteVerifier Log, NoteVerifier Witness)
{
    /// <summary>Reads the keys that are pinned in the settings.</summary>
    /// <param name="settings">Checked settings.</param>
    /// <param name="problems">Gets a sentence for each that is missing or is no such key.</param>
    /// <returns>Null when the node cannot follow the log.</returns>
    public static LogTrust? Read(NodeSettings settings, List<string> problems)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(problems);
        var witness = ReadKey(settings, OrganisationKind.Pseudonymiser, "peers[pseudonymiser].witness", peer => peer.Witness, NoteKeyKind.Cosignature, problems);
        var log = ReadLog(settings, problems);
        return log is null || witness is null ? null : new LogTrust(log, witness);
    }

    /// <summary>Reads the key of the log alone, as the witness itself needs it.</summary>
    /// <param name="settings">Checked settings.</param>
    /// <param name="problems">Gets a sentence when it is missing or is no such key.</param>
    public static NoteVerifier? ReadLog(NodeSettings settings, List<string> problems)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(problems);
        return ReadKey(settings, OrganisationKind.Hub, "peers[hub].log", peer => peer.Log, NoteKeyKind.Ed25519, problems);
    }

    private static NoteVerifier? ReadKey(NodeSettings settings, OrganisationKind kind, string setting, Func<PeerSettings, string?> find, NoteKeyKind use, List<string> problems)
    {
        var pinned = settings.Peers.Where(peer => peer.Kind == kind).Select(find).FirstOrDefault(key => key is not null);
        if (pinned is not null && NoteVerifier.TryParse(pinned, out var key) && key.Kind == use) return key;
        problems.Add(pinned is null
            ? $"Setting '{setting}' is missing: without that key this node cannot follow the public log."
            : $"Setting '{setting}' is no verifier key of its kind: name, key id and key, joined by '+'.");
        return null;
    }
}
