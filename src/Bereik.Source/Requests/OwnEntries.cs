using Bereik.Exchange.Log;
using Bereik.Exchange.Register;
using Bereik.Node.Logs;
using Bereik.Node.Registers;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Source.Requests;

// A decision that this source signed, with every byte: whatever else stands in the log in its name, it did not make.
internal sealed class OwnDecision
{
    public required string Jws { get; init; }

    public required string Request { get; init; }
}

// What this source itself put in the log. Anything else in its name is somebody else's doing, also when its key signed it.
internal sealed class OwnEntries(SourceDatabase database, SourceSettings settings, ProtocolRegister register) : IOwnEntries
{
    public async Task<bool> IsOwnAsync(LogEntry entry, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(entry);
        switch (entry)
        {
            case LogEntry.OrderDecided decided:
                var decision = await database.OwnDecisions.AsNoTracking().SingleOrDefaultAsync(own => own.Jws == decided.Document, cancel);
                return decision?.Request == decided.Order.ToString();
            case LogEntry.EnvelopeDeposited deposited:
                var id = deposited.Order.ToString();
                var manifest = await database.Requests.AsNoTracking().Where(request => request.Id == id).Select(request => request.Manifest).SingleOrDefaultAsync(cancel);

                // What the hub refused has no manifest in the log; a request of its own it must be.
                return manifest is not null && (deposited.Manifest is { } hash ? hash.ToString() == manifest : deposited.Outcome == "refuse");
            case LogEntry.RegisterStep step:
                // Its texts are signed at other places too, with a copy of its key: the signature is all there is to go by.
                return RegisterDocuments.Read(step.Document, step.Sequence, step.At, register.SignerOf).TryGet(out var signed, out _) && signed.By == settings.Id;
            default:
                return false;
        }
    }
}
