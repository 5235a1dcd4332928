using System.Text.Json;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Log;
using Bereik.Exchange.Signatures;
using Bereik.Ledger;
using Bereik.Node.Registers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Bereik.Tests.Shared;

// A real log for tests of edges, in a folder of its own: written by the real writer, with a key and a witness of its own. What it says is what an honest
// hub would say, unless the test says otherwise.
internal sealed class TestLog : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("bereik-test-log-");
    private readonly Dictionary<string, string> owners;
    private readonly SortedDictionary<long, byte[]> written = [];
    private readonly SemaphoreSlim freshening = new(1);
    private readonly NoteSigner key;
    private readonly NoteSigner witness;
    private readonly Func<DateTimeOffset> now;
    private readonly LogWriter writer;
    private int registered;

    private TestLog(string hub, Func<DateTimeOffset> now, NoteSigner key, NoteSigner witness, Dictionary<string, string> owners)
    {
        (Hub, this.now, this.key, this.witness, this.owners) = (hub, now, key, witness, owners);
        writer = LogWriter.Create(new LogWriterOptions { Folder = Folder, JournalFolder = Path.Combine(folder.FullName, "journal"), Key = key, Cosign = CosignAsync });
    }

    // Whose log it is.
    public string Hub { get; }

    // What is served.
    public string Folder => Path.Combine(folder.FullName, "log");

    public string Vkey => key.Verifier.ToString();

    public string WitnessVkey => witness.Verifier.ToString();

    // The published checkpoint with its signatures, as orders and manifests carry it.
    public string Checkpoint => writer.Published.ToString();

    // The same as the header of the pseudonymiser's answers has it.
    public string CheckpointHeader => Convert.ToBase64String(writer.Published.ToBytes());

    // Every entry so far, in order.
    public IReadOnlyList<LogEntry> Entries
    {
        get
        {
            lock (written) return [.. written.Values.Select(bytes => LogEntryFormat.Read(bytes).Value)];
        }
    }

    // What is served for a path below the log instead of its true bytes; null is 404.
    public Func<string, byte[]?, byte[]?>? Lie { get; set; }

    // Whether the witness still signs.
    public bool HasWitness { get; set; } = true;

    // Whether whoever asks for the checkpoint finds one of this minute, as a hub's clock sees to it; off to let it grow stale.
    public bool StaysFresh { get; set; } = true;

    // An empty log; its first entry is the test's to write (BeginAsync).
    public static TestLog Create(Func<DateTimeOffset> now, string hub = "hub", NoteSigner? key = null, NoteSigner? witness = null) =>
        new(hub, now, key ?? NewKey(hub), witness ?? NewWitness(), new(StringComparer.Ordinal));

    public static NoteSigner NewKey(string hub = "hub") => NoteSigner.Generate($"{hub}.test/log", NoteKeyKind.Ed25519);

    public static NoteSigner NewWitness() => NoteSigner.Generate("pseudonymiser.test/witness", NoteKeyKind.Cosignature);

    // Another log by the same keys, which goes on differently after its first entries: what a hub shows that tells two stories.
    public async Task<TestLog> ForkAsync(int keep)
    {
        var fork = new TestLog(Hub, now, key, witness, new(owners, StringComparer.Ordinal));
        foreach (var entry in Entries.Take(keep)) await fork.AppendAsync(entry);
        return fork;
    }

    // Returns when the checkpoint that is served covers it.
    public async Task<LogPosition> AppendAsync(LogEntry entry)
    {
        var bytes = LogEntryFormat.Write(entry);
        var position = await writer.AppendAsync(bytes, CancellationToken.None);
        lock (written) written[position.Index] = bytes;
        await writer.PublishedAsync(position.Index, CancellationToken.None);
        return position;
    }

    public Task<LogPosition> BeginAsync() => AppendAsync(new LogEntry.Begun { By = Hub, At = Second(), Origin = key.Verifier.Name, Synthetic = true, Witness = WitnessVkey });

    // As an organisation's node states its keys: the signing key first, by itself.
    public async Task StateKeysAsync(string organisation, SigningKey signing, SealingPublicKey? sealing = null, TokenPublicKey? token = null)
    {
        await StateAsync(organisation, KeyUse.Signing, signing.Kid, signing.PublicKey.ToJwk(), signing);
        if (sealing is not null) await StateAsync(organisation, KeyUse.Sealing, sealing.Kid, sealing.ToJwk(), signing);
        if (token is not null) await StateAsync(organisation, KeyUse.Token, token.Kid, token.ToJwk(), signing);
    }

    // A key of an organisation; without its public half it is revoked.
    public Task<LogPosition> StateAsync(string organisation, KeyUse use, string kid, string? jwk, SigningKey signer) =>
        AddAsync(SignedDocument.Sign(new KeyStatement { Organisation = organisation, Use = use, Kid = kid, Key = jwk, At = Second() }, signer).Compact);

    // What the fake hub's register has more than last time.
    public async Task RegisterAsync(IReadOnlyList<RegisterEntry> register)
    {
        for (; registered < register.Count; registered++)
        {
            var step = register[registered];
            await AppendAsync(new LogEntry.RegisterStep { By = SignerOf(step.Event), At = Whole(step.At), Sequence = (int)step.Sequence, Document = step.Event });
        }
    }

    public Task<LogPosition> PlacedAsync(SignedDocument<ListOrder> order, string outcome = "permit", params IReadOnlyList<string> reasons) => AppendAsync(new LogEntry.OrderPlaced
    {
        By = order.Document.Recipient,
        At = Second(),
        Order = order.Document.Id,
        Hash = order.Hash,
        Flow = order.Document.Flow,
        Protocol = order.Document.Protocol,
        ProtocolVersion = order.Document.ProtocolVersion,
        ProtocolHash = order.Document.ProtocolHash,
        Source = order.Document.Source,
        Nis = order.Document.Nis,
        ReferenceMonth = order.Document.ReferenceMonth,
        Epoch = order.Document.Epoch,
        Outcome = outcome,
        Reasons = reasons,
    });

    // A SourceDecision.
    public Task<LogPosition> DecidedAsync(string document)
    {
        var decision = SignedDocument.Parse<SourceDecision>(document).Value;
        return AppendAsync(new LogEntry.OrderDecided { By = OwnerOf(decision.Kid), At = Whole(decision.Document.DecidedAt), Order = decision.Document.Id, Document = document });
    }

    public Task<LogPosition> TokensAsync(Guid order, string recipient, string outcome = "permit", params IReadOnlyList<string> reasons) =>
        AppendAsync(new LogEntry.TokensDeposited { By = recipient, At = Second(), Order = order, Outcome = outcome, Reasons = reasons });

    public Task<LogPosition> EnvelopeAsync(SignedDocument<Manifest> manifest) =>
        AppendAsync(new LogEntry.EnvelopeDeposited { By = manifest.Document.Source, At = Second(), Order = manifest.Document.Id, Manifest = manifest.Hash, Outcome = "permit", Reasons = [] });

    // A wave of letters that was opened.
    public Task<LogPosition> OpenedAsync(SignedDocument<WaveOpening> opening, string source) =>
        AppendAsync(new LogEntry.EnvelopeDeposited { By = source, At = Second(), Order = opening.Document.Id, Manifest = opening.Hash, Outcome = "permit", Reasons = [] });

    public Task<LogPosition> MatchedAsync(Guid order) => AppendAsync(new LogEntry.ExchangeMatched { By = Hub, At = Second(), Order = order, Outcome = "permit", Reasons = [] });

    public Task<LogPosition> EndedAsync(Guid order, string outcome, params IReadOnlyList<string> reasons) =>
        AppendAsync(new LogEntry.OrderEnded { By = Hub, At = Second(), Order = order, Outcome = outcome, Reasons = reasons });

    // The handle of the disclosure.
    public async Task<Bytes32> DeliveredAsync(Guid order, Bytes32 manifest)
    {
        var handle = Bytes32.Random();
        await AppendAsync(new LogEntry.PackageDelivered { By = Hub, At = Second(), Order = order, Handle = handle, Manifest = manifest });
        return handle;
    }

    // A Receipt.
    public Task<LogPosition> ReceiptAsync(string document)
    {
        var receipt = SignedDocument.Parse<Receipt>(document).Value;
        return AppendAsync(new LogEntry.ReceiptTaken { By = OwnerOf(receipt.Kid), At = Whole(receipt.Document.At), Order = receipt.Document.Id, Document = document });
    }

    public Task<LogPosition> DestroyedAsync(Guid order, Bytes32 handle) => AppendAsync(new LogEntry.PackageDestroyed { By = Hub, At = Second(), Order = order, Handle = handle });

    // A document that a node sends for the log, as its entry; the signer's key must have been stated.
    public Task<LogPosition> AddAsync(string document) => EntryOf(document) is { } entry ? AppendAsync(entry) : throw new ArgumentException("No document for the log.", nameof(document));

    // Signs the present tree anew; returns when the witness's time is now.
    public async Task FreshenAsync()
    {
        await freshening.WaitAsync();
        try
        {
            var since = Second();
            if (Cosigned >= since) return;
            writer.Refresh();
            for (var i = 0; Cosigned < since; i++)
            {
                if (i == 1000) throw new TimeoutException("The log was not signed anew.");
                await Task.Delay(10);
            }
        }
        finally
        {
            freshening.Release();
        }
    }

    // Serves the log as a hub does: GET /log/checkpoint and /log/tile/...
    public void Map(WebApplication app)
    {
        app.MapGet("/log/checkpoint", async () =>
        {
            if (StaysFresh && HasWitness && Cosigned < now().AddMinutes(-1)) await FreshenAsync();
            return await ServeAsync("checkpoint", "text/plain; charset=utf-8");
        });
        app.MapGet("/log/tile/{**rest}", (string rest) => ServeAsync($"tile/{rest}", "application/octet-stream"));
    }

    // Takes documents for the log as a hub does, and checks no signature.
    public void MapDocuments(WebApplication app) => app.MapPost("/v1/log-documents", async (HttpContext context) =>
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        if (body.RootElement.GetProperty("document").GetString() is not { } document || EntryOf(document) is not { } entry) return Results.BadRequest();
        var position = await AppendAsync(entry);
        context.Response.Headers.Append("Bereik-Log-Entry", Promise(position));
        return Results.Json(new { index = position.Index });
    });

    // The promise of an entry, as the hub's answers carry it.
    public static string Promise(LogPosition position) => FormattableString.Invariant($"{position.Index} {position.Leaf}");

    public async ValueTask DisposeAsync()
    {
        await writer.DisposeAsync();
        try
        {
            folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A file that is still open stays in the temporary folder.
        }
    }

    private DateTimeOffset Cosigned => witness.Verifier.CosignedAt(writer.Published) ?? DateTimeOffset.MinValue;

    private static DateTimeOffset Whole(DateTimeOffset at) => DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds());

    private DateTimeOffset Second() => Whole(now());

    private Task<SignedNote> CosignAsync(SignedNote note, LogReader reader, CancellationToken cancel) =>
        Task.FromResult(HasWitness ? note.With(witness.Sign(note.Text, now())) : note);

    private async Task<IResult> ServeAsync(string path, string type)
    {
        byte[]? bytes = null;
        var file = Path.GetFullPath(Path.Combine(Folder, path));
        if (file.StartsWith(Folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) && File.Exists(file)) bytes = await File.ReadAllBytesAsync(file);
        if (Lie is not null) bytes = Lie(path, bytes);
        return bytes is null ? Results.NotFound() : Results.Bytes(bytes, type);
    }

    private LogEntry? EntryOf(string document)
    {
        if (SignedDocument.Parse<KeyStatement>(document).TryGet(out var key, out _))
        {
            // A first signing key is known by its own statement.
            if (key.Document is { Use: KeyUse.Signing, Key: not null }) lock (owners) owners[key.Document.Kid] = key.Document.Organisation;
            return new LogEntry.KeyStated { By = key.Document.Organisation, At = key.Document.At, Document = document };
        }

        if (SignedDocument.Parse<RoundRoots>(document).TryGet(out var round, out _)) return new LogEntry.RoundPublished { By = round.Document.Organisation, At = round.Document.At, Document = document };
        if (SignedDocument.Parse<PersonsRoot>(document).TryGet(out var root, out _)) return new LogEntry.PersonsRooted { By = OwnerOf(root.Kid), At = root.Document.At, Order = root.Document.Order, Handle = root.Document.Handle, Document = document };
        if (SignedDocument.Parse<DisclosureEnd>(document).TryGet(out var end, out _)) return new LogEntry.DisclosureEnded { By = OwnerOf(end.Kid), At = end.Document.At, Handle = end.Document.Handle, Document = document };
        return null;
    }

    private string OwnerOf(string kid)
    {
        lock (owners) return owners.TryGetValue(kid, out var owner) ? owner : throw new InvalidOperationException("The signer's key was not stated in this log.");
    }

    // The documents of the register have several types; the header of each names its key in the same place.
    private string SignerOf(string document)
    {
        foreach (var type in new[] { JoseTypes.ProtocolDraft, JoseTypes.Protocol, JoseTypes.ProtocolAdvice, JoseTypes.ProtocolPublication, JoseTypes.Accession, JoseTypes.RegisterStop })
        {
            if (Jws.Read(document, type).TryGet(out var parts, out _)) return OwnerOf(parts.Kid);
        }

        throw new ArgumentException("No document of the register.", nameof(document));
    }
}
