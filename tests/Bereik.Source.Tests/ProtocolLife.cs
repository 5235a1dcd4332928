using System.Globalization;
using System.Text;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Protocols;
using Bereik.Exchange.Register;
using Bereik.Exchange.Signatures;
using Bereik.Node.Registers;
using Bereik.Tests.Shared;
using Microsoft.Data.Sqlite;
using Shouldly;

namespace Bereik.Source.Tests;

// What each party does for a text outside the pages of the source, signed by its own key.
internal sealed class ProtocolLife(Parties parties, LifeHub hub, ProtocolFile file)
{
    public const string First = "2026-11-25";

    public Protocol Protocol => file.Protocol!;

    public string Page => $"/protocollen/{Protocol.Id}/{Protocol.Version}";

    public Bytes32 Hash => Bytes32.TryParse(Protocol.Hash, out var hash) ? hash : throw new InvalidOperationException("A text has no hash.");

    // The file of a shipped protocol as if both officers had read every ground; it comes into force during the quarter of the tests.
    public static string Yaml(string id = "groeipakket-onbekend", string from = First, string version = "1.0", bool verified = true)
    {
        using var stream = typeof(ShippedProtocols).Assembly.GetManifestResourceStream($"protocols/{id}.yaml") ?? throw new InvalidOperationException("The protocol does not ship.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var lines = new List<string>();
        foreach (var line in reader.ReadToEnd().Split('\n'))
        {
            var indent = new string(' ', line.Length - line.TrimStart().Length);
            if (verified && line.Trim() == "state: unverified")
            {
                lines.Add($"{indent}state: verified");
                lines.Add($"{indent}verifiedBy:");
                foreach (var party in new[] { "source", "recipient" }) lines.AddRange([$"{indent}  - party: {party}", $"{indent}    by: Functionaris voor gegevensbescherming", $"{indent}    on: 2026-10-01"]);
            }
            else lines.Add(line.StartsWith("version:", StringComparison.Ordinal) ? $"version: '{version}'" : line.Trim() == "from: 2027-01-01" ? $"{indent}from: {from}" : line.Trim() == "until: 2028-12-31" ? $"{indent}until: 2028-10-31" : line);
        }

        return string.Join('\n', lines);
    }

    public static ProtocolFile FileOf(string yaml)
    {
        var read = ProtocolFile.Read(Encoding.UTF8.GetBytes(yaml));
        read.Errors.ShouldBeEmpty();
        return read;
    }

    public async Task DraftAsync() => (await hub.CodesAsync(RegisterDocuments.DraftProtocol(file.Canonical.Span, parties.Hub.Signing))).ShouldBeEmpty();

    public string Advice(Domain.Party party, Party signer) => SignedDocument.Sign(
        new ProtocolAdvice
        {
            Protocol = Hash, Party = party, At = hub.Clock.Second(),
            Advice = new OfficerAdvice { Outcome = AdviceOutcome.Favourable, Officer = "Functionaris voor gegevensbescherming", On = hub.Clock.Today(), Summary = "Gunstig." },
        }, signer.Signing).Compact;

    public string Signature(Party signer) => RegisterDocuments.SignProtocol(file.Canonical.Span, signer.Signing);

    public string Publication(params string[] places) => SignedDocument.Sign(new ProtocolPublication { Protocol = Hash, Places = places.Length > 0 ? places : ["https://www.opgroeien.be/protocol"], At = hub.Clock.Second() }, parties.Source.Signing).Compact;

    public async Task BringAsync(params string[] documents)
    {
        foreach (var document in documents) (await hub.CodesAsync(document)).ShouldBeEmpty();
    }

    // Everything but what is left out, so that only the publication remains.
    public async Task ReadyAsync(params Party[] unsigned)
    {
        await DraftAsync();
        await BringAsync(Advice(Domain.Party.Source, parties.Source), Advice(Domain.Party.Recipient, parties.Hub));
        foreach (var party in new[] { parties.Source, parties.Hub, parties.Pseudonymiser }.Except(unsigned)) await BringAsync(Signature(party));
    }

    public async Task AccedeAsync(Party local)
    {
        var kind = local == parties.Welfare ? OrganisationKind.PublicCentreForWelfare : OrganisationKind.Municipality;
        var accession = Acceding.Ordinary(Protocol, local.Id, kind, "41002", hub.Clock.Today());
        await BringAsync([.. Acceding.Documents(file, accession, local.Signing, hub.Clock.GetUtcNow())]);
    }

    public ListOrder NewOrder(string month = "2026-09") =>
        TestSource.NewOrder(parties, hub.Clock, Protocol.Flow, month) with { Protocol = Protocol.Id, ProtocolVersion = Protocol.Version, ProtocolHash = Hash };

    // Puts a document into a store as nobody should, after what is there; the chain is right.
    public static void Force(string store, string document, DateTimeOffset at)
    {
        using var connection = new SqliteConnection($"Data Source={store};Pooling=False;Default Timeout=30");
        connection.Open();
        using var last = connection.CreateCommand();
        last.CommandText = "SELECT sequence, chain FROM register_entry ORDER BY sequence DESC LIMIT 1";
        var (sequence, chain) = (0L, "");
        using (var row = last.ExecuteReader()) if (row.Read()) (sequence, chain) = (row.GetInt64(0), row.GetString(1));
        at = DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());
        using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO register_entry (sequence, at, event, chain) VALUES ($sequence, $at, $event, $chain)";
        insert.Parameters.AddWithValue("$sequence", sequence + 1);
        insert.Parameters.AddWithValue("$at", at.ToUnixTimeMilliseconds());
        insert.Parameters.AddWithValue("$event", document);
        insert.Parameters.AddWithValue("$chain", RegisterEntry.ChainOf(chain, sequence + 1, at, document));
        insert.ExecuteNonQuery().ShouldBe(1);
    }

    public static long LengthOf(string store)
    {
        using var connection = new SqliteConnection($"Data Source={store};Pooling=False;Mode=ReadOnly;Default Timeout=30");
        connection.Open();
        using var count = connection.CreateCommand();
        count.CommandText = "SELECT count(*) FROM register_entry";
        return Convert.ToInt64(count.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    // One letter of the payload is another: the text still has its shape, the signature no longer holds.
    public static string Tampered(string document)
    {
        var parts = document.Split('.');
        StrictBase64Url.TryDecode(parts[1], out var payload).ShouldBeTrue();
        var text = Encoding.UTF8.GetString(payload!).Replace("opgroeien.be", "opgroeyen.be", StringComparison.Ordinal);
        return $"{parts[0]}.{StrictBase64Url.Encode(Encoding.UTF8.GetBytes(text))}.{parts[2]}";
    }
}
