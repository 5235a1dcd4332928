using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Bereik.Cli.Commands;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Log;
using Bereik.Exchange.Signatures;
using Bereik.Ledger;

namespace Bereik.Cli.Verify;

/// <summary>What verifying a receipt needs beside it.</summary>
/// <param name="Key">The hub's public signing key.</param>
/// <param name="Proof">The proof from the round of the day; null when there is none yet.</param>
/// <param name="Log">The log's key; asked with a proof.</param>
/// <param name="Witness">A witness that must have cosigned; null when none must.</param>
internal sealed record ReceiptKeys(SigningPublicKey Key, byte[]? Proof, NoteVerifier? Log, NoteVerifier? Witness);

/// <summary>Verifies what somebody took home who said yes to a letter, or took it back (nl: bewijs van uw ja), offline: the hub's signature, and with a proof that the round of that day holds it.</summary>
internal static class ReceiptCheck
{
    /// <summary>Reads and verifies.</summary>
    /// <param name="file">The receipt, a compact JWS.</param>
    /// <param name="keys">What it is held against.</param>
    /// <param name="isJson">Whether a program reads the answer.</param>
    /// <param name="output">Gets the answer.</param>
    /// <param name="error">Gets what is wrong.</param>
    /// <returns>0 when all holds, 1 when something does not.</returns>
    public static int Run(string file, ReceiptKeys keys, bool isJson, TextWriter output, TextWriter error)
    {
        var code = Check(file, keys, out var receipt, out var proof);
        if (isJson)
        {
            output.WriteLine(new JsonObject
            {
                ["ok"] = code is null, ["code"] = code, ["id"] = receipt?.Id.ToString("D"), ["event"] = receipt?.Event, ["letter"] = receipt?.Letter.Text, ["source"] = receipt?.Source, ["recipient"] = receipt?.Recipient,
                ["fields"] = receipt is null ? null : new JsonArray([.. receipt.Fields.Select(field => (JsonNode)field)]), ["until"] = Day(receipt?.Until), ["round"] = Day(proof?.Document.Document.Day), ["index"] = proof?.Proof.Index,
            }.ToJsonString());
        }
        else if (code is not null) return LogCommands.Failed(error, file, code);
        else Write(output, receipt!, proof);
        return code is null ? 0 : 1;
    }

    private static string? Check(string file, ReceiptKeys keys, out ConsentReceipt? receipt, out ConsentProof? proof)
    {
        (receipt, proof) = (null, null);
        if (LogCommands.ReadSmall(file) is not { } bytes) return "receipt.unreadable";
        if (!SignedDocument.Open<ConsentReceipt>(Encoding.UTF8.GetString(bytes).Trim(), keys.Key).TryGet(out var signed, out var wrong))
        {
            return wrong.Code switch { "jws.kid" => "receipt.otherKey", "jws.signature" => "receipt.signature", _ => "receipt.document" };
        }

        receipt = signed.Document;
        if (keys.Proof is null) return null;
        if (!ConsentProof.Read(keys.Proof).TryGet(out proof, out wrong)) return wrong.Code;

        // SECURITY: the round must be the hub's own. Anybody else in the log can publish roots over what it likes.
        return proof.Document.IsSignedBy(keys.Key) ? proof.FindWrong(receipt, keys.Log!, keys.Witness) : "consentProof.signature";
    }

    private static void Write(TextWriter output, ConsentReceipt receipt, ConsentProof? proof)
    {
        var said = receipt.Event == "withdrawn" ? "het ja is ingetrokken" : "er is ja gezegd";
        output.WriteLine($"De handtekening van het knooppunt klopt. Voor brief {receipt.Letter.Printed}: {said} op {Instant(receipt.At)}.");
        output.WriteLine($"  {ProtocolCommands.Printable(receipt.Source)} geeft door aan {ProtocolCommands.Printable(receipt.Recipient)} ({ProtocolCommands.Printable(receipt.Service)}), onder protocol {receipt.Protocol} {receipt.ProtocolVersion}: {ProtocolCommands.Printable(string.Join(", ", receipt.Fields))}.");
        if (receipt.Event == "given") output.WriteLine($"  Het geldt ten laatste tot {Day(receipt.Until)} en kan altijd ingetrokken worden.");
        output.WriteLine(proof is null
            ? "Met --proof wordt ook nagekeken of het in het openbare logboek vastligt. Dat bewijs is er vanaf de dag erna."
            : $"Het ligt vast in het openbare logboek: regel {proof.Proof.Index.ToString(CultureInfo.InvariantCulture)}, de ronde van {Day(proof.Document.Document.Day)}.");
    }

    private static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
