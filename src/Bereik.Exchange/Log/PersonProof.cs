using Bereik.Exchange.Protocols;
using Bereik.Exchange.Signatures;
using Bereik.Ledger;

namespace Bereik.Exchange.Log;

/// <summary>
/// A person's proof (nl: bewijs voor een persoon): what was received about this one person, and that the public log holds a commitment to it. It is a
/// C2SP tlog-proof of the entry <c>persons.root</c>; the application's data are JSON with entry, statement, salt, slot and path. Whoever has the file reads
/// what was received: it is the person's own.
/// </summary>
public sealed class PersonProof
{
    private const int MostHashes = 22;

    private PersonProof(TlogProof proof, byte[] entryBytes, Body body, LogEntry.PersonsRooted entry, SignedDocument<PersonsRoot> document)
    {
        (Proof, EntryBytes, Statement, Salt, Slot, Path) = (proof, entryBytes, body.Statement, body.Salt, body.Slot, body.Path);
        (Entry, Document) = (entry, document);
    }

    /// <summary>The proof of the entry, with the checkpoint of its tree.</summary>
    public TlogProof Proof { get; }

    /// <summary>The entry's bytes.</summary>
    public ReadOnlyMemory<byte> EntryBytes { get; }

    /// <summary>The entry.</summary>
    public LogEntry.PersonsRooted Entry { get; }

    /// <summary>The root in it, signed by the local node; who has that node's key asks <see cref="SignedDocument{T}.IsSignedBy"/>.</summary>
    public SignedDocument<PersonsRoot> Document { get; }

    /// <summary>What was received.</summary>
    public PersonStatement Statement { get; }

    /// <summary>The person's salt.</summary>
    public Bytes32 Salt { get; }

    /// <summary>The person's slot, from 0.</summary>
    public int Slot { get; }

    /// <summary>The path from the slot to the root.</summary>
    public IReadOnlyList<Bytes32> Path { get; }

    /// <summary>The application's data of a proof.</summary>
    /// <param name="entry">Bytes of the entry <c>persons.root</c>.</param>
    /// <param name="statement">What was received.</param>
    /// <param name="salt">The person's salt.</param>
    /// <param name="tree">The tree.</param>
    /// <param name="slot">The person's slot.</param>
    /// <returns>Canonical JSON, for the line <c>extra</c>.</returns>
    public static byte[] ExtraOf(ReadOnlySpan<byte> entry, PersonStatement statement, Bytes32 salt, PaddedRoot tree, int slot)
    {
        ArgumentNullException.ThrowIfNull(statement);
        ArgumentNullException.ThrowIfNull(tree);
        return Write(new Body { Entry = StrictBase64Url.Encode(entry), Statement = statement, Salt = salt, Slot = slot, Slots = tree.SlotCount, Path = tree.PathOf(slot) });
    }

    /// <summary>Reads a proof. Nothing in it is verified.</summary>
    /// <param name="bytes">Foreign bytes.</param>
    /// <returns>
    /// The proof; or a code of <see cref="TlogProof.TryParse"/>; <c>personProof.shape</c> (the application's data are not a person's),
    /// <c>personProof.entry</c> (the entry is no <c>persons.root</c>) or <c>personProof.document</c> (its document is no root, or of another disclosure).
    /// </returns>
    public static Parsed<PersonProof> Read(ReadOnlySpan<byte> bytes)
    {
        if (!TlogProof.TryParse(bytes, out var proof, out var wrong)) return new ParseError(wrong, "");
        if (StrictJson.Read<Body>(proof.Extra.Span) is not { } body || !body.HasShape() || !IsCanonical(body, proof.Extra.Span)) return new ParseError("personProof.shape", "extra");
        if (!StrictBase64Url.TryDecode(body.Entry, out var entryBytes)) return new ParseError("personProof.shape", "entry");
        if (!LogEntryFormat.Read(entryBytes).TryGet(out var entry, out _) || entry is not LogEntry.PersonsRooted rooted) return new ParseError("personProof.entry", "");
        if (!SignedDocument.Parse<PersonsRoot>(rooted.Document).TryGet(out var document, out _) || document.Document.Order != rooted.Order || document.Document.Handle != rooted.Handle || document.Document.Slots != body.Slots)
        {
            return new ParseError("personProof.document", "");
        }

        return new PersonProof(proof, entryBytes, body, rooted, document);
    }

    /// <summary>Reads a proof and verifies it with the keys of log and witness alone.</summary>
    /// <param name="bytes">Foreign bytes.</param>
    /// <param name="log">The log's key.</param>
    /// <param name="witness">A witness that must have cosigned; null when none must.</param>
    /// <returns>
    /// The proof; or a code of <see cref="Read"/> or <see cref="TlogProof.Holds"/>; <c>personProof.commitment</c> (the statement is not about the disclosure of
    /// the entry); or <c>personProof.path</c> (statement, salt and slot do not lead to the root).
    /// </returns>
    public static Parsed<PersonProof> Verify(ReadOnlySpan<byte> bytes, NoteVerifier log, NoteVerifier? witness)
    {
        ArgumentNullException.ThrowIfNull(log);
        var read = Read(bytes);
        if (!read.TryGet(out var proof, out _)) return read;
        if (!proof.Proof.Holds(proof.EntryBytes.Span, log, witness, out var wrong)) return new ParseError(wrong, "");
        var (statement, root) = (proof.Statement, proof.Document.Document);
        if (statement.Order != root.Order || statement.Handle != root.Handle || statement.EraseBy != root.EraseBy || statement.Organisation != proof.Entry.By) return new ParseError("personProof.commitment", "statement");
        return PaddedRoot.Holds(PersonCommitment.Of(statement, proof.Salt), proof.Slot, root.Slots, proof.Path, root.Root) ? proof : new ParseError("personProof.path", "");
    }

    /// <summary>The order's id, never what was received.</summary>
    public override string ToString() => $"proof in {Entry.Order}";

    private static byte[] Write(Body body) => CanonicalJson.Write(StrictJson.ToNode(body, typeof(Body)));

    // INVARIANT: what parses serialises to the same bytes.
    private static bool IsCanonical(Body body, ReadOnlySpan<byte> extra)
    {
        try
        {
            return extra.SequenceEqual(Write(body));
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private sealed record Body
    {
        public required string Entry { get; init; }

        public required PersonStatement Statement { get; init; }

        public required Bytes32 Salt { get; init; }

        public required int Slot { get; init; }

        public required int Slots { get; init; }

        public required IReadOnlyList<Bytes32> Path { get; init; }

        public bool HasShape() => Slots is >= 1 and <= PaddedRoot.MostSlots && Slot >= 0 && Slot < Slots && Path.Count <= MostHashes && Statement.HasShape();

        public override string ToString() => "proof";
    }
}
