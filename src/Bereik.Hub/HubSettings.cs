using System.Globalization;
using System.Text.Json;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Keys;
using Bereik.Ledger;
using Bereik.Node.Configuration;

namespace Bereik.Hub;

// The hub's settings: the organisations of the exchange are its peers.
internal sealed class HubSettings : NodeSettings
{
    public override IReadOnlyList<OrganisationKind> Kinds => [OrganisationKind.Hub];

    // How answers to letters go on, in a trial.
    public AnswerSettings Answers { get; init; } = new();

    public override IEnumerable<string> Problems()
    {
        foreach (var sentence in base.Problems()) yield return sentence;
        if (!AllowSyntheticNumbers && (Answers.ReleaseSeconds ?? Answers.HoldSeconds) is not null) yield return "Setting 'answers' is for trials and needs 'allowSyntheticNumbers'.";
        if (Answers.ReleaseSeconds is < 0.1 or > 86_400 || Answers.HoldSeconds is < 0 or > 864_000) yield return "Setting 'answers' must give 'releaseSeconds' from 0.1 to 86400 and 'holdSeconds' from 0 to 864000.";
        if (Peers.Count(peer => peer.Kind == OrganisationKind.Pseudonymiser) != 1) yield return "Setting 'peers' must name exactly one pseudonymiser.";
        else if (PeerOf(OrganisationKind.Pseudonymiser) is var witness && (witness.Url is null || witness.Witness is not { } text || !IsWitnessKey(text)))
        {
            yield return "Setting 'peers' must give the pseudonymiser's 'url' and its 'witness', the verifier key with which it cosigns the public log.";
        }

        foreach (var (peer, index) in Peers.Select((peer, index) => (peer, index)).Where(entry => IsLocal(entry.peer.Kind)))
        {
            if (peer.Nis.Count == 0 || !peer.Nis.All(code => TryReadNis(code, out _, out _))) yield return $"Setting 'peers[{index}].nis' must name at least one NIS code: five digits, or five digits, '@' and the day (yyyy-MM-dd) from which it counts.";
        }

        // A referrer is sealed to by nobody, unless it is named with a key.
        foreach (var (peer, index) in Peers.Select((peer, index) => (peer, index)).Where(entry => Receives(entry.peer.Kind) || (entry.peer.Kind == OrganisationKind.Referrer && entry.peer.Sealing is not null)))
        {
            if (SealingKid(peer) is null) yield return $"Setting 'peers[{index}].sealing' must be the public sealing key to which packages are sealed.";
        }
    }

    // Key id of a local node's pinned sealing key.
    public static string? SealingKid(PeerSettings peer) =>
        peer.Sealing is { ValueKind: JsonValueKind.Object } jwk && SealingPublicKey.FromJwk(jwk.GetRawText()).TryGet(out var key, out _) ? key.Kid : null;

    // NIS codes that a local node answers for on a day.
    public static IReadOnlyList<string> Territory(PeerSettings peer, DateOnly day) =>
        [.. peer.Nis.Where(text => TryReadNis(text, out _, out var from) && from <= day).Select(text => text[..5])];

    // The key of the witness that must cosign the public log.
    public NoteVerifier WitnessKey() => NoteVerifier.TryParse(PeerOf(OrganisationKind.Pseudonymiser).Witness!, out var key) ? key : throw new InvalidOperationException("The settings were checked before.");

    // A private note key that signs checkpoints.
    public static Parsed<NoteSigner> ReadLogKey(string text) =>
        NoteSigner.TryParse(text.TrimEnd('\n'), out var key) && key.Verifier.Kind == NoteKeyKind.Ed25519 ? key : new ParseError("log.key", "");

    private static bool IsWitnessKey(string text) => NoteVerifier.TryParse(text, out var key) && key.Kind == NoteKeyKind.Cosignature;

    private static bool IsLocal(OrganisationKind kind) => kind is OrganisationKind.Municipality or OrganisationKind.PublicCentreForWelfare;

    private static bool Receives(OrganisationKind kind) => IsLocal(kind) || kind is OrganisationKind.WelfareCentre or OrganisationKind.MutualitySocialService;

    private static bool TryReadNis(string text, out string code, out DateOnly from)
    {
        code = text.Length >= 5 ? text[..5] : "";
        from = DateOnly.MinValue;
        if (code.Length != 5 || !code.All(char.IsAsciiDigit)) return false;
        return text.Length == 5 || (text[5] == '@' && DateOnly.TryParseExact(text.AsSpan(6), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out from));
    }
}

// SECURITY: for trials only. Of real people nobody shortens the time between an answer and who hears of it.
internal sealed class AnswerSettings
{
    // Seconds between a yes and its release, and between an objection and its telling.
    public double? ReleaseSeconds { get; init; }

    // Seconds that a yes given with help of the recipient's staff waits at least.
    public double? HoldSeconds { get; init; }
}
