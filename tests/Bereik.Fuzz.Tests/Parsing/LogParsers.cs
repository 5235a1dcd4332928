using System.Text;
using Bereik.Exchange.Log;
using Bereik.Fuzz.Tests.Mutating;
using Bereik.Ledger;

namespace Bereik.Fuzz.Tests.Parsing;

// The public log: entries, bundles, notes, checkpoints, proofs, and what a witness is asked.
internal static class LogParsers
{
    public static IReadOnlyList<ForeignParser> All { get; } =
    [
        new() { Name = "log-entry", Shape = Shape.Json, Read = Entry, FirstChecks = ["entry.json"], Parts = [Parts.JwsWithin("\"document\":\"", "\"", null)], MostBytesPerByte = 200 },
        new() { Name = "entry-bundle", Shape = Shape.Bytes, Read = Bundle, FirstChecks = ["length"] },
        new() { Name = "tile-path", Shape = Shape.Text, Read = Tile, FirstChecks = ["parts"] },
        new() { Name = "note", Shape = Shape.Lines, Read = Note, FirstChecks = ["note.size", "note.encoding", "note.control", "note.shape"] },
        new() { Name = "note-lines", Shape = Shape.Lines, Read = NoteLines, FirstChecks = ["end"] },
        new() { Name = "checkpoint", Shape = Shape.Lines, Read = Opened, FirstChecks = ["note.*"] },
        new() { Name = "tlog-proof", Shape = Shape.Lines, Read = Proof, FirstChecks = ["proof.size", "proof.shape"], Parts = [Parts.Base64Line("extra ", Shape.Json)] },
        new() { Name = "witness-request", Shape = Shape.Lines, Read = Witness, FirstChecks = ["witness.shape"] },
        new() { Name = "person-proof", Shape = Shape.Lines, Read = Person, FirstChecks = ["proof.size", "proof.shape", "note.*"], Parts = [Parts.Base64Line("extra ", Shape.Json)], MostBytesPerByte = 200 },
        new() { Name = "consent-proof", Shape = Shape.Lines, Read = Consent, FirstChecks = ["proof.size", "proof.shape", "note.*"], Parts = [Parts.Base64Line("extra ", Shape.Json)], MostBytesPerByte = 200 },
        new() { Name = "verifier-key", Shape = Shape.Text, Read = Verifier, FirstChecks = ["parts"] },
        new() { Name = "note-key", Shape = Shape.Text, Read = Signer, FirstChecks = ["parts"] },
    ];

    private static Verdict Entry(byte[] input) => LogEntryFormat.Read(input).TryGet(out var entry, out var wrong) ? new Verdict(Verdict.Accepted, LogEntryFormat.Write(entry)) : new Verdict(wrong.Code);

    private static Verdict Bundle(byte[] input) => EntryBundle.TryRead(input, out var entries) ? new Verdict(Verdict.Accepted, EntryBundle.Write(entries)) : new Verdict(input.Length < 2 ? "length" : "entry");

    private static Verdict Tile(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        return TilePath.TryParse(text, out var path) ? new Verdict(Verdict.Accepted, Encoding.UTF8.GetBytes(path.ToString())) : new Verdict(text.StartsWith("tile/", StringComparison.Ordinal) ? "place" : "parts");
    }

    private static Verdict Note(byte[] input) => SignedNote.TryParse(input, out var note, out var wrong) ? new Verdict(note.IsSignedBy(Corpus.Log) ? Verdict.Accepted : "notSigned", note.ToBytes()) : new Verdict(wrong);

    private static Verdict NoteLines(byte[] input)
    {
        if (!System.Text.Unicode.Utf8.IsValid(input)) return new Verdict("end");
        var text = Encoding.UTF8.GetString(input);
        return SignedNote.TryParseLines(text, out var lines) ? new Verdict(Verdict.Accepted, Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => $"{line}\n")))) : new Verdict(text.EndsWith('\n') ? "line" : "end");
    }

    private static Verdict Opened(byte[] input)
    {
        if (!Checkpoint.TryOpen(input, Corpus.Log, out var note, out var checkpoint, out var wrong)) return new Verdict(wrong);
        _ = Corpus.Witness.CosignedAt(note);
        return note.Text == checkpoint.ToString() ? new Verdict(Verdict.Accepted, note.ToBytes()) : throw new InvalidDataException("A checkpoint writes to another one.");
    }

    private static Verdict Proof(byte[] input)
    {
        if (!TlogProof.TryParse(input, out var proof, out var wrong)) return new Verdict(wrong);
        _ = proof.Holds("entry"u8, Corpus.Log, Corpus.Witness, out var broken);
        return new Verdict(broken ?? Verdict.Accepted, Encoding.UTF8.GetBytes(proof.ToString()));
    }

    private static Verdict Witness(byte[] input) => WitnessRequest.TryParse(input, out var request, out var wrong) ? new Verdict(Verdict.Accepted, Encoding.UTF8.GetBytes(request.ToString())) : new Verdict(wrong);

    private static Verdict Person(byte[] input)
    {
        var verified = PersonProof.Verify(input, Corpus.Log, Corpus.Witness);
        return PersonProof.Read(input).TryGet(out var proof, out var wrong) ? new Verdict(verified.IsOk ? Verdict.Accepted : verified.Error.Code, Encoding.UTF8.GetBytes(proof.Proof.ToString())) : new Verdict(wrong.Code);
    }

    private static Verdict Consent(byte[] input)
    {
        if (!ConsentProof.Read(input).TryGet(out var proof, out var wrong)) return new Verdict(wrong.Code);
        _ = proof.FindWrong(CorpusFacts.Receipt, Corpus.Log, Corpus.Witness);
        _ = proof.Document.IsSignedBy(Corpus.Signing.PublicKey);
        return new Verdict(Verdict.Accepted, Encoding.UTF8.GetBytes(proof.Proof.ToString()));
    }

    private static Verdict Verifier(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        return NoteVerifier.TryParse(text, out var key) ? new Verdict(Verdict.Accepted, Encoding.UTF8.GetBytes(key.ToString())) : new Verdict(text.Split('+').Length < 3 ? "parts" : "key");
    }

    private static Verdict Signer(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        if (!NoteSigner.TryParse(text, out var key)) return new Verdict(text.Split('+').Length < 5 ? "parts" : "key");
        using (key) return new Verdict(Verdict.Accepted, Encoding.UTF8.GetBytes(key.Export()));
    }
}
