using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Envelopes;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Signatures;
using Bereik.Sealing.Packages;
using Bereik.Sealing.Pseudonyms;

namespace Bereik.Cli.Envelopes;

/// <summary>
/// A package made by hand, in the very format of the exchange (docs/formats/envelope.md): to try a JOSE library or a reader on. It answers an order that the
/// command makes for it and nobody keeps, under tokens that nobody can make again, so no hub or node takes it for a list.
/// </summary>
internal static class HandPackage
{
    /// <summary>Member of a record that keeps the row's place in the file, since rows of a package have none.</summary>
    public const string RowMember = "_row";

    private const int Band = 128;
    private const int SmallestSize = 1024;
    private static readonly TimeSpan Life = TimeSpan.FromDays(30);
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The records of a table, one a row: each cell as text under its column's name.</summary>
    public static List<byte[]> RecordsOf(CsvTable table, List<CsvError> errors)
    {
        var records = new List<byte[]>(table.Rows.Count);
        foreach (var row in table.Rows)
        {
            var members = new JsonObject { [RowMember] = row.Number };
            for (var i = 0; i < table.Columns.Count; i++) members[table.Columns[i]] = row.Cells[i];
            records.Add(JsonSerializer.SerializeToUtf8Bytes(members, Json));
            if (records[^1].Length > EnvelopeFormat.MaxPaddedSize - EnvelopeFormat.PaddingOverhead) errors.Add(new CsvError(row.Number, 0, "row.tooLong", "De rij past niet in een verzegeld record."));
        }

        if (records.Count > EnvelopeFormat.MaxRows - EnvelopeFormat.CheckRows) errors.Add(new CsvError(EnvelopeFormat.MaxRows, 0, "file.tooLong", "Er zijn meer rijen dan in één pakket passen."));
        return records;
    }

    /// <summary>Seals records to a key.</summary>
    public static async Task<SignedDocument<Manifest>> SealAsync(IReadOnlyList<byte[]> records, SealingPublicKey recipient, SigningKey signer, Stream output, string scratch, DateTimeOffset now, CancellationToken cancel)
    {
        using var nobody = SigningKey.Generate();
        var order = SignedDocument.Sign(OrderOf(records.Count, now), nobody);
        using TokenKey one = TokenKey.Generate(), other = TokenKey.Generate();
        using var pair = Pair.Derive(one, other.PublicKey);
        using var tokens = new TokenMaker(pair, order.Context);
        using var agreement = PseudonymBase.Import(RandomNumberGenerator.GetBytes(PseudonymBase.Length));
        var size = SmallestSize;
        while (records.Any(record => record.Length > size - EnvelopeFormat.PaddingOverhead)) size *= 2;
        var task = new EnvelopeTask { Order = order, SourceKey = signer, RecipientKey = recipient, Tokens = tokens, Agreement = agreement, Band = Band, PaddedSize = size, Now = order.Document.IssuedAt };
        return await EnvelopeWriter.WriteAsync(task, records.Count, row => new SourceRow([Token.Random()], records[row]), output, scratch, cancel);
    }

    /// <summary>The records of a package that was opened, in the order of their file when it was made by hand.</summary>
    /// <returns>The records, or <c>record.json</c>: one is no JSON object.</returns>
    public static Parsed<List<JsonObject>> ReadRecords(OpenedList opened)
    {
        var records = new List<JsonObject>();
        foreach (var row in opened.Rows)
        {
            if (ReadObject(row.Json.Span) is not { } record) return ParseError.At("record.json", row.Slot);
            records.Add(record);
        }

        var places = records.Select(PlaceOf).ToList();
        return places.All(place => place is not null) ? records.Zip(places).OrderBy(pair => pair.Second).Select(pair => pair.First).ToList() : records;
    }

    /// <summary>Records as a table: a column for every member, in the order in which they first come. What is no text is written as JSON.</summary>
    public static CsvTable TableOf(IReadOnlyList<JsonObject> records)
    {
        var columns = records.SelectMany(record => record.Select(member => member.Key)).Distinct().Where(name => name != RowMember).ToList();
        return new CsvTable(columns, [.. records.Select((record, index) => new CsvRow(index + 2, [.. columns.Select(column => Cell(record[column]))]))]);
    }

    /// <summary>A package as one JSON document.</summary>
    public static string Tell(SignedDocument<Manifest> manifest, IReadOnlyList<JsonObject> records)
    {
        var (document, told) = (manifest.Document, new JsonArray());
        foreach (var record in records) told.Add(record);
        return new JsonObject
        {
            ["package"] = document.Id.ToString("D"),
            ["flow"] = document.Flow,
            ["protocol"] = document.Protocol,
            ["protocolVersion"] = document.ProtocolVersion,
            ["source"] = document.Source,
            ["recipient"] = document.Recipient,
            ["referenceMonth"] = document.ReferenceMonth,
            ["issuedAt"] = Instant(document.IssuedAt),
            ["expiresAt"] = Instant(document.ExpiresAt),
            ["signedBy"] = manifest.Kid,
            ["records"] = told,
        }.ToJsonString(Json);
    }

    private static ListOrder OrderOf(int count, DateTimeOffset now) => new()
    {
        Id = Guid.NewGuid(),
        Nonce = Bytes32.Random(),
        Flow = "unknown",
        Protocol = "by-hand",
        ProtocolVersion = "1",
        ProtocolHash = Bytes32.Sha256("by-hand"u8),
        Epoch = Epoch.At(now).ToString(),
        Source = "by-hand-source",
        Recipient = "by-hand-recipient",
        Nis = "00000",
        ReferenceMonth = Month.Of(BelgianTime.DayOf(now)).ToString(),
        KnownCount = count,
        IssuedAt = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()),
        ExpiresAt = DateTimeOffset.FromUnixTimeSeconds((now + Life).ToUnixTimeSeconds()),
    };

    private static JsonObject? ReadObject(ReadOnlySpan<byte> json)
    {
        try
        {
            var record = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject;
            foreach (var member in record ?? []) Cell(member.Value);
            return record;
        }
        catch (Exception foreign) when (foreign is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static int? PlaceOf(JsonObject record) => record[RowMember] is JsonValue value && value.TryGetValue(out int place) ? place : null;

    private static string Cell(JsonNode? value) => value switch
    {
        null => "",
        JsonValue text when text.TryGetValue(out string? plain) => plain,
        _ => value.ToJsonString(Json),
    };

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
