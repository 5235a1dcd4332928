using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Node.Configuration;
using Bereik.Node.Registers;
using Bereik.Node.Storage;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Node.Events;

/// <summary>
/// Tells when an accession stops, goes on or ends: a local node its own, a source every one to its texts. What was told last is compared with how it stands, so that a day that
/// passes is told like a step that is signed, and nothing is told twice.
/// </summary>
/// <param name="database">The node's store.</param>
/// <param name="settings">Who this node is.</param>
/// <param name="register">How accessions stand.</param>
/// <param name="told">What was compared before.</param>
/// <param name="clock">The node's clock.</param>
public sealed class AccessionNews(NodeDatabase database, NodeSettings settings, ProtocolRegister register, AccessionsTold told, TimeProvider clock)
{
    private const string Runs = EventTypes.AccessionResumed;
    private static readonly string[] Types = [EventTypes.AccessionSuspended, EventTypes.AccessionResumed, EventTypes.AccessionEnded];

    /// <summary>Tells what changed: in the transaction that is open, else in one of its own.</summary>
    /// <param name="cancel">Stops.</param>
    public async Task TellAsync(CancellationToken cancel)
    {
        if (database.Database.CurrentTransaction is not null)
        {
            await AddAsync(cancel);
            return;
        }

        var (view, day) = (await register.ViewAsync(cancel), Today);
        if (told.IsOf(view, day)) return;
        if ((await FindAsync(view, day, cancel)).Count > 0)
        {
            await using var transaction = await database.Database.BeginTransactionAsync(cancel);
            await AddAsync(cancel);
            await transaction.CommitAsync(cancel);
        }

        told.Keep(view, day);
    }

    private DateOnly Today => BelgianTime.DayOf(clock.GetUtcNow());

    private async Task AddAsync(CancellationToken cancel)
    {
        var news = await FindAsync(await register.ViewAsync(cancel), Today, cancel);
        foreach (var (type, exchange, organisation) in news) database.Tell(type, exchange, organisation, clock.GetUtcNow());
        if (news.Count > 0) await database.SaveChangesAsync(cancel);
    }

    private async Task<List<(string Type, string Exchange, string Organisation)>> FindAsync(RegisterView view, DateOnly day, CancellationToken cancel)
    {
        var before = (await database.Events.AsNoTracking().Where(one => Types.Contains(one.Type)).OrderBy(one => one.Sequence).Select(one => new { one.Exchange, one.Type }).ToListAsync(cancel))
            .GroupBy(one => one.Exchange).ToDictionary(group => group.Key, group => group.Last().Type, StringComparer.Ordinal);
        var news = new List<(string, string, string)>();
        foreach (var protocol in view.Texts.Where(text => view.Registered.Contains(text.Hash)))
        {
            var standing = view.Standing(protocol, day);
            foreach (var accession in Accessions(view, protocol, day))
            {
                var (organisation, type) = (accession.Act.By.Value, TypeOf(standing, accession));
                var exchange = $"{protocol.Id}/{protocol.Version}/{organisation}";
                if (before.GetValueOrDefault(exchange, Runs) != type) news.Add((type, exchange, organisation));
            }
        }

        return news;
    }

    private IEnumerable<AccessionStanding> Accessions(RegisterView view, Protocol protocol, DateOnly day)
    {
        if (settings.Kinds.Contains(OrganisationKind.Source)) return protocol.Source == settings.Id ? view.Accessions(protocol, day) : [];
        return view.Accession(protocol, settings.Id, day) is { } own ? [own] : [];
    }

    private static string TypeOf(ProtocolStanding protocol, AccessionStanding accession) =>
        accession.IsEnded || protocol.State is ProtocolState.Ended or ProtocolState.Expired ? EventTypes.AccessionEnded
        : accession.IsActive && protocol.State != ProtocolState.Suspended ? Runs : EventTypes.AccessionSuspended;
}

/// <summary>On which register and day accessions were last compared with what was told, of the whole process (nl: laatst vergeleken).</summary>
public sealed class AccessionsTold
{
    private volatile Compared? last;

    internal bool IsOf(RegisterView view, DateOnly day) => last is { } known && ReferenceEquals(known.View, view) && known.Day == day;

    internal void Keep(RegisterView view, DateOnly day) => last = new Compared(view, day);

    private sealed record Compared(RegisterView View, DateOnly Day);
}
