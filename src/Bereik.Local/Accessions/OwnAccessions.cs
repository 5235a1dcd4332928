using System.Text.Json;
using Bereik.Domain;
using Bereik.Local.Storage;
using Bereik.Node.Registers;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Accessions;

/// <summary>The protocols that this organisation may join, how it stands to each, and what was filled in of an accession.</summary>
internal sealed class OwnAccessions(LocalDatabase database, LocalSettings settings, ProtocolRegister register, TimeProvider clock)
{
    /// <summary>All of them, by name.</summary>
    public async Task<IReadOnlyList<JoinableProtocol>> AllAsync(CancellationToken cancel)
    {
        var view = await register.ViewAsync(cancel);
        var today = clock.Today();
        return [.. view.Texts.Where(text => settings.Kind is { } kind && text.Find<Clause.PartiesClause>()?.Recipients.Contains(kind) == true).GroupBy(text => text.Id)
            .Select(versions => Standing(view, [.. versions.OrderByDescending(text => view.Registered.Contains(text.Hash))], today))];
    }

    /// <summary>One of them.</summary>
    /// <param name="id">Protocol id.</param>
    /// <param name="cancel">Stops.</param>
    /// <returns>Null when there is no such protocol, or it is not for this kind of organisation.</returns>
    public async Task<JoinableProtocol?> FindAsync(string id, CancellationToken cancel) => (await AllAsync(cancel)).SingleOrDefault(one => one.Text.Id == id);

    /// <summary>What was filled in, else what the present accession says, else nothing.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ValuesAsync(JoinableProtocol protocol, CancellationToken cancel)
    {
        var draft = await database.AccessionDrafts.AsNoTracking().SingleOrDefaultAsync(one => one.ProtocolHash == protocol.Text.Hash, cancel);
        if (draft is not null) return JsonSerializer.Deserialize<Dictionary<string, string>>(draft.Fields) ?? [];
        return protocol.Standing is { } standing ? AccessionForm.ValuesOf(standing.Act.Accession) : AccessionForm.FirstValues(settings, clock.Today());
    }

    /// <summary>The protocols of which something was filled in, by the hash of their text.</summary>
    public async Task<IReadOnlySet<string>> DraftedAsync(CancellationToken cancel) => (await database.AccessionDrafts.AsNoTracking().Select(one => one.ProtocolHash).ToListAsync(cancel)).ToHashSet(StringComparer.Ordinal);

    /// <summary>Keeps what was filled in, right or wrong.</summary>
    public async Task KeepAsync(JoinableProtocol protocol, IReadOnlyDictionary<string, string> values, CancellationToken cancel)
    {
        var (hash, fields, now) = (protocol.Text.Hash, JsonSerializer.Serialize(values), clock.GetUtcNow().ToUnixTimeMilliseconds());
        await database.Database.ExecuteSqlAsync(
            $"INSERT INTO accession_draft (protocol_hash, fields, changed_at) VALUES ({hash}, {fields}, {now}) ON CONFLICT (protocol_hash) DO UPDATE SET fields = excluded.fields, changed_at = excluded.changed_at", cancel);
    }

    /// <summary>Forgets what was filled in.</summary>
    public Task DropAsync(JoinableProtocol protocol, CancellationToken cancel)
    {
        var hash = protocol.Text.Hash;
        return database.AccessionDrafts.Where(one => one.ProtocolHash == hash).ExecuteDeleteAsync(cancel);
    }

    /// <summary>What is known when this organisation wants to join a text.</summary>
    public async Task<AccessionFacts> FactsAsync(Protocol protocol, Accession accession, CancellationToken cancel) =>
        (await register.ViewAsync(cancel)).FactsOf(protocol, accession, settings.Id, settings.Kind, clock.Today());

    // What is joined is the text that is made public; before there is one, the latest that was proposed. An accession to an earlier text goes on until it ends.
    private JoinableProtocol Standing(RegisterView view, IReadOnlyList<Protocol> versions, DateOnly today)
    {
        var latest = versions.OrderByDescending(text => Bereik.Exchange.Register.ProtocolLineage.Number(text.Version)).ToList();
        var states = latest.ToDictionary(text => text.Hash, text => view.Standing(text, today).State);
        var offered = latest.Find(text => states[text.Hash] is ProtocolState.Published or ProtocolState.InForce) ?? latest[0];
        var joined = latest.Select(text => (Text: text, Standing: view.Accession(text, settings.Id, today))).Where(one => one.Standing is not null).OrderByDescending(one => one.Standing!.IsActive).FirstOrDefault();
        return new JoinableProtocol(offered, states[offered.Hash], joined.Text ?? offered, joined.Standing) { Partnerships = AccessionForm.NeedsPartnership(offered) ? PartnershipsOf(view, today) : [] };
    }

    // The partnerships that others act in, so that a second member names the very same arrangement.
    private List<NamedPartnership> PartnershipsOf(RegisterView view, DateOnly today) =>
        [.. view.Texts.Where(AccessionForm.NeedsPartnership).SelectMany(text => view.Accessions(text, today)).Where(one => one.IsActive && one.Act.By != settings.Id && one.Act.Accession.Partnership is not null)
            .GroupBy(one => (one.Act.Accession.Partnership!.Id, one.Act.Accession.Partnership.Arrangement)).OrderBy(group => group.Key.Id, StringComparer.Ordinal).ThenBy(group => group.Key.Arrangement, StringComparer.Ordinal)
            .Select(group => new NamedPartnership(group.First().Act.Accession.Partnership!, [.. group.Select(one => one.Act.By).Distinct()]))];
}

/// <summary>A protocol that this organisation may join (nl: protocol waartoe het kan toetreden).</summary>
/// <param name="Text">The text that is joined.</param>
/// <param name="State">State of that text.</param>
/// <param name="Joined">The text that was joined; the same as <paramref name="Text"/> unless there is a newer one.</param>
/// <param name="Standing">The accession to <paramref name="Joined"/>; null when there is none.</param>
internal sealed record JoinableProtocol(Protocol Text, ProtocolState State, Protocol Joined, AccessionStanding? Standing)
{
    /// <summary>The partnerships that other accessions name; empty where the text shares no professional secrecy.</summary>
    public IReadOnlyList<NamedPartnership> Partnerships { get; init; } = [];

    /// <summary>The first last day of a mandatory measure; null when there is none.</summary>
    public DateOnly? NextLapse => Standing is null ? null : (Exchange.Protocols.FrameworkFile.Find(Standing.Act.Accession.FrameworkHash)?.Measures ?? []).Where(measure => measure.Blocking)
        .Select(measure => AccessionStanding.LastDay(Standing.Act.Accession, measure)).Min();
}

/// <summary>A partnership that others act in (nl: samenwerkingsverband).</summary>
/// <param name="Membership">As the first of them named it.</param>
/// <param name="By">Who named it; not empty.</param>
internal sealed record NamedPartnership(PartnershipMembership Membership, IReadOnlyList<OrganisationId> By);
