using System.Globalization;
using System.Net;
using System.Text;
using Bereik.Domain;
using Bereik.Ledger;

namespace Bereik.Hub.Log;

// What the witness last said.
internal enum WitnessState
{
    // It did not answer, or not in time. The checkpoint is published without it, and nobody else accepts that for long.
    Silent,

    // It cosigned.
    Fresh,

    // It saw another tree, or does not know this log. Somebody must look.
    Refused,
}

// Asks the mandatory witness, the pseudonymiser, to cosign each checkpoint (C2SP tlog-witness, add-checkpoint).
internal sealed partial class LogWitness(HttpClient http, HubSettings settings, NoteVerifier verifier, TimeProvider clock, ILogger<LogWitness> log)
{
    // A cosignature that is older than this is not fresh any more.
    public static readonly TimeSpan LongestFresh = TimeSpan.FromMinutes(15);

    private const string SizeType = "text/x.tlog.size";
    private const int MostTries = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private readonly Lock gate = new();
    private WitnessState said;
    private DateTimeOffset cosignedAt = DateTimeOffset.MinValue;
    private long cosigned;

    public NoteVerifier Verifier => verifier;

    public WitnessState State
    {
        get
        {
            lock (gate) return said == WitnessState.Fresh && clock.GetUtcNow() - cosignedAt > LongestFresh ? WitnessState.Silent : said;
        }
    }

    // When it last cosigned.
    public DateTimeOffset CosignedAt
    {
        get
        {
            lock (gate) return cosignedAt;
        }
    }

    // The note with the witness's signature when it gave one that holds, else as it was.
    public async Task<SignedNote> CosignAsync(SignedNote note, LogReader reader, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        var (state, signatures) = (WitnessState.Silent, (IReadOnlyList<NoteSignature>)[]);
        try
        {
            (state, signatures) = await AskAsync(note, reader, patience.Token);
        }
        catch (Exception silent) when (silent is HttpRequestException or IOException || (silent is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            // Whoever it is that cannot be reached: the log goes on, and its readers see that the signature is missing.
        }

        lock (gate)
        {
            if (state != said && state == WitnessState.Silent) LogSilent();
            said = state;
            if (state == WitnessState.Fresh) cosignedAt = clock.GetUtcNow();
        }

        return signatures.Count > 0 ? note.With(signatures) : note;
    }

    private async Task<(WitnessState State, IReadOnlyList<NoteSignature> Signatures)> AskAsync(SignedNote note, LogReader reader, CancellationToken cancel)
    {
        var size = reader.Checkpoint.Size;
        for (var tries = 0; tries < MostTries; tries++)
        {
            var old = Math.Min(cosigned, size);
            var request = new WitnessRequest(old, await reader.ConsistencyAsync(old, cancel), note);
            using var content = new StringContent(request.ToString(), Encoding.UTF8, "text/plain");
            using var answer = await http.PostAsync(new Uri(new Uri(settings.PeerOf(OrganisationKind.Pseudonymiser).Url!), "add-checkpoint"), content, cancel);
            await answer.Content.LoadIntoBufferAsync(SignedNote.MostBytes, cancel);
            var text = await answer.Content.ReadAsStringAsync(cancel);
            switch (answer.StatusCode)
            {
                case HttpStatusCode.OK:
                    // SECURITY: a line counts when it is by the pinned key and holds over these very words; any other is dropped.
                    if (SignedNote.TryParseLines(text, out var lines) && lines.Where(line => line.Name == verifier.Name && line.KeyId == verifier.KeyId && verifier.Holds(note.Text, line)).ToList() is { Count: > 0 } held)
                    {
                        cosigned = size;
                        return (WitnessState.Fresh, held);
                    }

                    LogUnusable();
                    return (WitnessState.Silent, []);
                case HttpStatusCode.Conflict when answer.Content.Headers.ContentType?.MediaType == SizeType && TryReadSize(text, out var has) && has != old && has <= size:
                    cosigned = has;
                    continue;
                case HttpStatusCode.Conflict or HttpStatusCode.UnprocessableEntity or HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.BadRequest:
                    LogRefused((int)answer.StatusCode, size);
                    return (WitnessState.Refused, []);
                default:
                    return (WitnessState.Silent, []);
            }
        }

        return (WitnessState.Silent, []);
    }

    private static bool TryReadSize(string text, out long size) =>
        long.TryParse(text.AsSpan().TrimEnd('\n'), NumberStyles.None, CultureInfo.InvariantCulture, out size);

    [LoggerMessage(LogLevel.Error, "The witness refused the checkpoint of size {Size} ({Status}): it saw another tree of this log, or does not know its key. Somebody must look.")]
    private partial void LogRefused(int status, long size);

    [LoggerMessage(LogLevel.Warning, "The witness answered without a cosignature of its pinned key.")]
    private partial void LogUnusable();

    [LoggerMessage(LogLevel.Warning, "The witness does not answer; checkpoints are published without its signature.")]
    private partial void LogSilent();
}
