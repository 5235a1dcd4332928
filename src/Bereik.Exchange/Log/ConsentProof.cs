using Bereik.Exchange.Contracts;
using Bereik.Exchange.Protocols;
using Bereik.Exchange.Signatures;
using Bereik.Ledger;

namespace Bereik.Exchange.Log;

/// <summary>
/// That the day's round of the hub holds somebody's yes, or its withdrawal (nl: bewijs van een toestemming): a C2SP tlog-proof of the entry <c>round.published</c>, whose application's data are JSON with
/// entry, kind, slot and path. Without the receipt, which has the salt, it says nothing of anybody.
/// </summary>
public sealed class ConsentProof
{
    private const int MostHashes = 22;

    private readonly Body body;

    private ConsentProof(TlogProof proof, byte[] entryBytes, Body body, LogEntry.RoundPublished entry, SignedDocument<RoundRoots> document)
    {
        this.body = body;
        (Proof, EntryBytes, Entry, Document) = (proof, entryBytes, entry, document);
    }

    /// <summary>The proof of the entry, with the checkpoint of its tree.</summary>
    public TlogProof Proof { get; }

    /// <summary>The entry's bytes.</summary>
    public ReadOnlyMemory<byte> EntryBytes { get; }

    /// <summary>The entry.</summary>
    public LogEntry.RoundPublished Entry { get; }

    /// <summary>The roots in it, signed by the hub; who has the hub's key asks <see cref="SignedDocument{T}.IsSignedBy"/>.</summary>
    public SignedDocument<RoundRoots> Document { get; }

    /// <summary>The application's data of a proof.</summary>
    /// <param name="entry">Bytes of the entry <c>round.published</c>.</param>
    /// <param name="isWithdrawal">Whether it is about a withdrawal; else about a yes.</param>
    /// <param name="tree">The tree of that kind and day.</param>
    /// <param name="slot">The slot.</param>
    /// <returns>Canonical JSON, for the line <c>extra</c>.</returns>
    public static byte[] ExtraOf(ReadOnlySpan<byte> entry, bool isWithdrawal, PaddedRoot tree, int slot)
    {
        ArgumentNullException.ThrowIfNull(tree);
        return Write(new Body { Entry = StrictBase64Url.Encode(entry), Kind = isWithdrawal ? "withdrawal" : "consent", Slot = slot, Slots = tree.SlotCount, Path = tree.PathOf(slot) });
    }

    /// <summary>Reads a proof. Nothing in it is verified.</summary>
    /// <param name="bytes">Foreign bytes.</param>
    /// <returns>The proof; or a code of <see cref="TlogProof.TryParse"/>, <c>consentProof.shape</c>, <c>consentProof.entry</c> (no <c>round.published</c>) or <c>consentProof.document</c> (its document is no round of that organisation).</returns>
    public static Parsed<ConsentProof> Read(ReadOnlySpan<byte> bytes)
    {
        if (!TlogProof.TryParse(bytes, out var proof, out var wrong)) return new ParseError(wrong, "");
        if (StrictJson.Read<Body>(proof.Extra.Span) is not { } body || !body.HasShape() || !proof.Extra.Span.SequenceEqual(Write(body))) return new ParseError("consentProof.shape", "extra");
        if (!StrictBase64Url.TryDecode(body.Entry, out var entryBytes)) return new ParseError("consentProof.shape", "entry");
        if (!LogEntryFormat.Read(entryBytes).TryGet(out var entry, out _) || entry is not LogEntry.RoundPublished round) return new ParseError("consentProof.entry", "");
        if (!SignedDocument.Parse<RoundRoots>(round.Document).TryGet(out var document, out _) || document.Document.Organisation != round.By) return new ParseError("consentProof.document", "");
        return new ConsentProof(proof, entryBytes, body, round, document);
    }

    /// <summary>Verifies it with the keys of log and witness, and that the receipt is in it.</summary>
    /// <param name="receipt">The receipt.</param>
    /// <param name="log">The log's key.</param>
    /// <param name="witness">A witness that must have cosigned; null when none must.</param>
    /// <returns>Null when all holds; else a code of <see cref="TlogProof.Holds"/>, <c>consentProof.kind</c> (about another event than the receipt) or <c>consentProof.path</c> (the receipt does not lead to the root).</returns>
    public string? FindWrong(ConsentReceipt receipt, NoteVerifier log, NoteVerifier? witness)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        if (!Proof.Holds(EntryBytes.Span, log, witness, out var wrong)) return wrong;
        if ((body.Kind == "withdrawal") != (receipt.Event == "withdrawn")) return "consentProof.kind";
        var root = body.Kind == "withdrawal" ? Document.Document.Withdrawals : Document.Document.Consents;
        return PaddedRoot.Holds(receipt.Commitment(), body.Slot, body.Slots, body.Path, root) ? null : "consentProof.path";
    }

    /// <summary>The day, never whose.</summary>
    public override string ToString() => $"proof in the round of {Document.Document.Day:yyyy-MM-dd}";

    private static byte[] Write(Body body) => CanonicalJson.Write(StrictJson.ToNode(body, typeof(Body)));

    private sealed record Body
    {
        public required string Entry { get; init; }

        public required string Kind { get; init; }

        public required int Slot { get; init; }

        public required int Slots { get; init; }

        public required IReadOnlyList<Bytes32> Path { get; init; }

        public bool HasShape() => Kind is "consent" or "withdrawal" && Slots is >= 1 and <= PaddedRoot.MostSlots && Slot >= 0 && Slot < Slots && Path.Count <= MostHashes;

        public override string ToString() => "proof";
    }
}
