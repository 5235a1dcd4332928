using System.Data;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Signatures;
using Bereik.Node.Logs;
using Bereik.Node.Requests;
using Bereik.Sealing.Persons;
using Bereik.Sealing.Pseudonyms;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Bereik.Edge;

/// <summary>
/// Turns numbers into the pseudonym bases of the epoch (nl: pseudoniembasis), with the pseudonymiser's help and without telling it which.
/// What was evaluated once is kept encrypted in the node's own store until the epoch ends.
/// </summary>
/// <param name="scopes">Gives stores.</param>
/// <param name="http">Calls the pseudonymiser.</param>
/// <param name="settings">Who this node is.</param>
/// <param name="nodeKeys">Signs the requests.</param>
/// <param name="keys">The pinned key of the pseudonymiser.</param>
/// <param name="storeKey">Encrypts bases.</param>
/// <param name="watch">Holds what the pseudonymiser cosigned against the own view of the public log.</param>
/// <param name="clock">The node's clock.</param>
public sealed class PseudonymService(
    IServiceScopeFactory scopes, HttpClient http, EdgeSettings settings, NodeKeys nodeKeys, EdgeKeys keys, StoreKey storeKey, LogWatch watch, TimeProvider clock)
{
    /// <summary>Header of the pseudonymiser's answers: the checkpoint of the public log that it cosigned last, the signed note in standard base64.</summary>
    public const string CheckpointHeader = "Bereik-Checkpoint";

    private const string Agreement = "agreement";
    private const int BatchesAtOnce = 2;
    private volatile string? compared;

    /// <summary>Evaluates the numbers that the store does not hold yet. Repeatable: what is done stays done.</summary>
    /// <param name="numbers">Any numbers, in any order, twice is allowed.</param>
    /// <param name="epoch">The epoch of the order; another than the present one is refused.</param>
    /// <param name="progress">Told how many numbers are done.</param>
    /// <param name="cancel">Stops between two batches.</param>
    /// <exception cref="PeerRefusedException">The pseudonymiser refused, or its answer does not hold: <c>epoch.over</c>, <c>evaluate.*</c>, <c>checkpoint.refused</c>, <c>log.splitView</c>.</exception>
    /// <exception cref="HttpRequestException">It did not answer, or not now.</exception>
    public async Task EnsureAsync(IAsyncEnumerable<Insz> numbers, Epoch epoch, Action<long> progress, CancellationToken cancel)
    {
        RefuseOtherEpoch(epoch);
        var batches = Channel.CreateBounded<List<Insz>>(new BoundedChannelOptions(BatchesAtOnce) { SingleWriter = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var done = 0L;
        var evaluating = Parallel.ForEachAsync(
            batches.Reader.ReadAllAsync(stop.Token),
            new ParallelOptions { MaxDegreeOfParallelism = BatchesAtOnce, CancellationToken = stop.Token },
            async (batch, token) =>
            {
                using var blinded = BlindedBatch.Of(batch);
                await StoreAsync(epoch, [.. batch.Select(number => number.Reveal())], await EvaluateAsync(blinded, epoch, token), token);
                progress(Interlocked.Add(ref done, batch.Count));
            });
        try
        {
            await FillAsync(numbers, epoch, batches.Writer, count => progress(Interlocked.Add(ref done, count)), evaluating, stop.Token);
        }
        catch when (evaluating.IsFaulted)
        {
            // The evaluation's own error says more than that nobody reads the batches any more.
        }
        finally
        {
            batches.Writer.TryComplete();
        }

        await evaluating;
        await EnsureAgreementAsync(epoch, cancel);
    }

    /// <summary>Opens the bases of an epoch for reading.</summary>
    /// <param name="epoch">The epoch of the order; another than the present one is refused.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="PeerRefusedException"><c>epoch.over</c>.</exception>
    public async Task<PseudonymBases> OpenAsync(Epoch epoch, CancellationToken cancel)
    {
        RefuseOtherEpoch(epoch);
        var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<EdgeDatabase>();
        await database.Database.OpenConnectionAsync(cancel);
        return new PseudonymBases(scope, (SqliteConnection)database.Database.GetDbConnection(), storeKey, epoch);
    }

    /// <summary>Destroys the bases of every epoch but the present one.</summary>
    /// <param name="cancel">Gives up.</param>
    /// <returns>How many were destroyed.</returns>
    public async Task<int> DestroyPastAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var present = Epoch.At(clock.GetUtcNow()).ToString();
        var store = scope.ServiceProvider.GetRequiredService<EdgeDatabase>().Database;
        var destroyed = await store.ExecuteSqlAsync($"DELETE FROM pseudonym_base WHERE epoch <> {present}", cancel);

        // SECURITY: the write-ahead log still holds the rows as they were written. When a reader keeps it open, the next hour tries again.
        await store.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)", cancel);
        return destroyed;
    }

    internal static string BoundTo(string epoch, string number) => $"base/{epoch}/{number}";

    // INVARIANT: no step of an order crosses its epoch.
    private void RefuseOtherEpoch(Epoch epoch)
    {
        if (epoch != Epoch.At(clock.GetUtcNow())) throw new PeerRefusedException("epoch.over", 409);
    }

    private async Task FillAsync(
        IAsyncEnumerable<Insz> numbers, Epoch epoch, ChannelWriter<List<Insz>> batches, Action<long> skipped, Task evaluating, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<EdgeDatabase>();
        var batch = new List<Insz>(BlindedBatch.Padding);
        var candidates = new HashSet<Insz>(BlindedBatch.Padding);
        var waiting = new HashSet<Insz>();
        await foreach (var number in numbers.WithCancellation(cancel))
        {
            candidates.Add(number);
            if (candidates.Count < BlindedBatch.Padding) continue;
            await MoveMissingAsync();
        }

        await MoveMissingAsync();
        if (batch.Count > 0) await WriteAsync(batch);

        async Task MoveMissingAsync()
        {
            var missing = await MissingAsync(database, epoch, candidates, cancel);
            missing.ExceptWith(waiting);
            if (missing.Count < candidates.Count) skipped(candidates.Count - missing.Count);
            candidates.Clear();
            foreach (var number in missing)
            {
                batch.Add(number);
                waiting.Add(number);
                if (batch.Count < BlindedBatch.Padding) continue;
                await WriteAsync(batch);
                batch = new List<Insz>(BlindedBatch.Padding);

                // What was written may not be stored yet; beyond a few batches it is.
                if (waiting.Count > BlindedBatch.Padding * BatchesAtOnce * 8) waiting.Clear();
            }
        }

        async Task WriteAsync(List<Insz> full)
        {
            var writing = batches.WriteAsync(full, cancel).AsTask();
            if (await Task.WhenAny(writing, evaluating) == evaluating) await evaluating;
            await writing;
        }
    }

    private static async Task<HashSet<Insz>> MissingAsync(EdgeDatabase database, Epoch epoch, HashSet<Insz> candidates, CancellationToken cancel)
    {
        if (candidates.Count == 0) return [];
        var numbers = JsonSerializer.Serialize(candidates.Select(number => number.Reveal()));
        var present = epoch.ToString();
        var held = await database.Database.SqlQuery<string>(
            $"SELECT number AS Value FROM pseudonym_base WHERE epoch = {present} AND number IN (SELECT value FROM json_each({numbers}))").ToListAsync(cancel);
        var known = held.ToHashSet(StringComparer.Ordinal);
        return [.. candidates.Where(number => !known.Contains(number.Reveal()))];
    }

    private async Task EnsureAgreementAsync(Epoch epoch, CancellationToken cancel)
    {
        await using (var bases = await OpenAsync(epoch, cancel))
        {
            if (bases.HasAgreement()) return;
        }

        using var blinded = BlindedBatch.OfAgreement();
        await StoreAsync(epoch, [Agreement], await EvaluateAsync(blinded, epoch, cancel), cancel);
    }

    private async Task<IReadOnlyList<PseudonymBase>> EvaluateAsync(BlindedBatch batch, Epoch epoch, CancellationToken cancel)
    {
        var pseudonymiser = settings.PeerOf(OrganisationKind.Pseudonymiser);
        var body = batch.Request.ToJson();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(new Uri(pseudonymiser.Url!), "/v1/evaluate"));
        request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        request.Headers.Add("Bereik-Signature", DetachedSignature.Sign(body, pseudonymiser.Id, clock.GetUtcNow(), nodeKeys.Signing).ToString());
        using var response = await http.SendAsync(request, cancel);
        if (!response.IsSuccessStatusCode) await NodeClient.ThrowAsync(response, cancel);
        await CompareAsync(response, cancel);
        var answer = await response.Content.ReadAsByteArrayAsync(cancel);
        if (!EvaluateResponse.Parse(answer).TryGet(out var parsed, out var error)) throw new PeerRefusedException(error.Code, 502);
        return batch.Finish(parsed, keys.Oprf, epoch.ToString()).TryGet(out var bases, out var wrong) ? bases : throw new PeerRefusedException(wrong.Code, 502);
    }

    // SECURITY: the witness and this node read one log, or nothing of the pseudonymiser is used. A hub that shows each another one is found here.
    private async Task CompareAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        var header = response.Headers.TryGetValues(CheckpointHeader, out var values) ? values.First() : throw new HttpRequestException("The pseudonymiser cosigned no checkpoint yet.");
        if (header == compared) return;
        var note = new byte[header.Length];
        var text = Convert.TryFromBase64String(header, note, out var length) ? Encoding.UTF8.GetString(note, 0, length) : "";
        if (await watch.CompareWitnessedAsync(text, cancel) is { } code && code != LogWatch.CheckpointAhead) throw new PeerRefusedException(code, 502);
        compared = header;
    }

    private async Task StoreAsync(Epoch epoch, string[] names, IReadOnlyList<PseudonymBase> bases, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<EdgeDatabase>();
        await database.Database.OpenConnectionAsync(cancel);
        var connection = (SqliteConnection)database.Database.GetDbConnection();
        await using var transaction = connection.BeginTransaction(IsolationLevel.Serializable);
        await using var insert = connection.CreateCommand();
        insert.Transaction = transaction;
        insert.CommandText = "INSERT INTO pseudonym_base (epoch, number, sealed) VALUES ($epoch, $number, $sealed) ON CONFLICT DO NOTHING";
        var present = epoch.ToString();
        insert.Parameters.AddWithValue("$epoch", present);
        var number = insert.Parameters.Add("$number", SqliteType.Text);
        var value = insert.Parameters.Add("$sealed", SqliteType.Blob);
        for (var i = 0; i < names.Length; i++)
        {
            var bytes = bases[i].Export();
            number.Value = names[i];
            value.Value = storeKey.Seal(bytes, BoundTo(present, names[i]));
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(bytes);
            bases[i].Dispose();
            await insert.ExecuteNonQueryAsync(cancel);
        }

        await transaction.CommitAsync(cancel);
    }
}
