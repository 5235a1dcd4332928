using System.Text;
using System.Text.Json;
using Bereik.Exchange.Log;
using Bereik.Ledger;

namespace Bereik.Cli.Verify;

/// <summary>What verifying a proof gave, offline: with the keys of log and witness alone.</summary>
internal sealed record CheckedProof
{
    /// <summary>The first thing that does not hold; null when all of it holds.</summary>
    public Finding? Broken { get; init; }

    public TlogProof? Proof { get; init; }

    /// <summary>The tree that it leads to.</summary>
    public Checkpoint? Checkpoint { get; init; }

    public DateTimeOffset? CosignedAt { get; init; }

    /// <summary>The entry that it is of.</summary>
    public ReadOnlyMemory<byte> Entry { get; init; }

    /// <summary>What was received about a person; null when it is the proof of an entry alone.</summary>
    public PersonProof? Person { get; init; }
}

/// <summary>Verifies proofs.</summary>
internal static class ProofCheck
{
    /// <summary>Verifies a proof of an entry, or a person's.</summary>
    /// <param name="bytes">The proof.</param>
    /// <param name="entry">The entry, where it is not in the proof itself.</param>
    /// <param name="place">Name of the proof, for findings.</param>
    /// <param name="log">The log's key.</param>
    /// <param name="witness">A witness that must have cosigned; null when none must.</param>
    public static CheckedProof Run(ReadOnlySpan<byte> bytes, ReadOnlyMemory<byte>? entry, string place, NoteVerifier log, NoteVerifier? witness)
    {
        CheckedProof Wrong(string code) => new() { Broken = new Finding(code, place) };
        if (!TlogProof.TryParse(bytes, out var proof, out var error)) return Wrong(error);
        PersonProof? person = null;
        if (IsPersonal(proof))
        {
            // SECURITY: what carries the shape of a person's proof is verified as one, whatever entry is given beside it.
            if (!PersonProof.Verify(bytes, log, witness).TryGet(out person, out var wrong)) return Wrong(wrong.Code);
            if (entry is { } given && !given.Span.SequenceEqual(person.EntryBytes.Span)) return Wrong("proof.inclusion");
            entry = person.EntryBytes;
        }

        if (entry is not { } proved) return Wrong("proof.entryMissing");
        if (!proof.Holds(proved.Span, log, witness, out error)) return Wrong(error);
        return Checkpoint.TryParse(proof.Checkpoint.Text, out var checkpoint, out error)
            ? new CheckedProof { Proof = proof, Checkpoint = checkpoint, CosignedAt = witness?.CosignedAt(proof.Checkpoint), Entry = proved, Person = person }
            : Wrong(error);
    }

    /// <summary>The entry on one line.</summary>
    public static string Summary(ReadOnlyMemory<byte> entry)
    {
        if (!LogEntryFormat.Read(entry.Span).TryGet(out var read, out _)) return "een regel die deze opdracht niet kent";
        var described = LogEntryFormat.Described(read);
        return $"{described.Text} ({described.Name}, {read.By}, {read.At.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC)";
    }

    // Any other application may use the line for its own; ours is one JSON object with a statement.
    private static bool IsPersonal(TlogProof proof)
    {
        if (proof.Extra.IsEmpty) return false;
        try
        {
            using var json = JsonDocument.Parse(Encoding.UTF8.GetString(proof.Extra.Span));
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("statement", out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
