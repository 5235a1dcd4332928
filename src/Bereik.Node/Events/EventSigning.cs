using Bereik.Exchange.Contracts;
using Bereik.Exchange.Signatures;
using Bereik.Node.Configuration;
using Bereik.Node.Requests;
using Bereik.Node.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Bereik.Node.Events;

// Numbers and signs what is told, together with the changes that it tells of.
internal sealed class EventSigning(NodeSettings settings, NodeKeys keys) : SaveChangesInterceptor
{
    public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is NodeDatabase { Tellings.Count: > 0 } database) await AddAsync(database, cancellationToken);
        return result;
    }

    // INVARIANT: numbers have no gap and no double: the store's transactions write one at a time, from their beginning on.
    private async Task AddAsync(NodeDatabase database, CancellationToken cancel)
    {
        if (database.Database.CurrentTransaction is null) throw new InvalidOperationException("An event is told in the transaction of what happened.");
        var sequence = await database.Events.MaxAsync(one => (long?)one.Sequence, cancel) ?? 0;
        var numbers = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var told in database.Tellings)
        {
            if (!numbers.TryGetValue(told.Exchange, out var number)) number = await database.Events.Where(one => one.Exchange == told.Exchange).MaxAsync(one => (long?)one.Number, cancel) ?? 0;
            numbers[told.Exchange] = number + 1;
            database.Add(Sign(told, ++sequence, number + 1));
        }

        database.Tellings.Clear();
    }

    private NodeEvent Sign(Telling told, long sequence, long number)
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(told.At.ToUnixTimeSeconds());
        var signed = SignedDocument.Sign(
            new ExchangeEvent
            {
                Id = Guid.NewGuid(),
                Sequence = sequence,
                Exchange = told.Exchange,
                Number = number,
                Type = told.Type,
                By = settings.Organisation,
                Organisation = told.Organisation ?? settings.Organisation,
                At = at,
            },
            keys.Signing);
        return new NodeEvent { Sequence = sequence, Exchange = told.Exchange, Number = number, Type = told.Type, At = at, Document = signed.Compact, DueAt = settings.Events is null ? null : told.At };
    }
}
