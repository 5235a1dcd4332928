using Bereik.Domain;
using Bereik.Node.Configuration;
using Bereik.Node.Events;
using Bereik.Node.Requests;
using Bereik.Node.Storage;
using Bereik.Node.Work;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Node.Registers;

/// <summary>Reads the hub's register into the node's own store (nl: register lezen). What does not follow what was read before is refused, whoever says so.</summary>
/// <param name="database">The node's store.</param>
/// <param name="settings">Where the hub is.</param>
/// <param name="client">Calls the hub.</param>
/// <param name="news">Tells what it changes.</param>
/// <param name="clock">The node's clock.</param>
public sealed class RegisterReader(NodeDatabase database, NodeSettings settings, NodeClient client, AccessionNews news, TimeProvider clock)
{
    /// <summary>Where the hub tells its register.</summary>
    public const string Path = "/v1/protocol-events";

    /// <summary>Reads what is new. After it, every suspension that the hub knew at its beginning is known here.</summary>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="HttpRequestException">The hub cannot be reached now.</exception>
    /// <exception cref="RegisterBrokenException">The hub tells another register than before.</exception>
    public async Task ReadAsync(CancellationToken cancel)
    {
        var hub = settings.PeerOf(OrganisationKind.Hub).Id;
        var begun = clock.GetUtcNow();
        RegisterPage page;
        do
        {
            var before = await database.RegisterEntries.AsNoTracking().OrderByDescending(entry => entry.Sequence).FirstOrDefaultAsync(cancel);
            page = await client.GetAsync<RegisterPage>(hub, FormattableString.Invariant($"{Path}?after={before?.Sequence ?? 0}"), cancel);
            await StoreAsync(before, page.Items, cancel);
        }
        while (page.Next is not null && page.Items.Count > 0);

        await database.Database.ExecuteSqlAsync(
            $"INSERT INTO register_reading (id, read_at) VALUES (1, {begun.ToUnixTimeMilliseconds()}) ON CONFLICT (id) DO UPDATE SET read_at = max(read_at, excluded.read_at)", cancel);
    }

    private async Task StoreAsync(RegisterEntry? before, IReadOnlyList<RegisterEntry> entries, CancellationToken cancel)
    {
        foreach (var entry in entries)
        {
            if (!entry.Follows(before)) throw new RegisterBrokenException(entry.Sequence, "register.chain");
            before = entry;
        }

        // Another step may have read the same meanwhile; the chain says that it is the same.
        if (entries.Count == 0) return;
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        foreach (var entry in entries)
        {
            await database.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO register_entry (sequence, at, event, chain) SELECT {entry.Sequence}, {entry.At.ToUnixTimeMilliseconds()}, {entry.Event}, {entry.Chain}
                WHERE NOT EXISTS (SELECT 1 FROM register_entry WHERE sequence = {entry.Sequence})
                """, cancel);
        }

        await TellAsync(news, cancel);
        await transaction.CommitAsync(cancel);
    }

    // A register that is broken is kept as it was told, and stops the node where it decides.
    internal static async Task TellAsync(AccessionNews news, CancellationToken cancel)
    {
        try
        {
            await news.TellAsync(cancel);
        }
        catch (RegisterBrokenException)
        {
            // Nothing is told of it.
        }
    }
}

/// <summary>Recurring step <c>register.read</c>: keeps the register fresh also while no order is under way, since every use is decided on it.</summary>
/// <param name="reader">Reads.</param>
/// <param name="news">Tells what a day changed.</param>
/// <param name="settings">How often.</param>
public sealed class ReadRegister(RegisterReader reader, AccessionNews news, NodeSettings settings) : IWorkStep
{
    /// <summary>Name of the step.</summary>
    public const string StepKind = "register.read";

    /// <inheritdoc/>
    public string Kind => StepKind;

    /// <inheritdoc/>
    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        await reader.ReadAsync(cancel);
        await RegisterReader.TellAsync(news, cancel);
        return WorkResult.Later(TimeSpan.FromSeconds(settings.PollSeconds));
    }
}
