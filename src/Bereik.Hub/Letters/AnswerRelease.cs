using Bereik.Domain;
using Bereik.Hub.Storage;
using Bereik.Node.Decisions;
using Bereik.Node.Registers;

namespace Bereik.Hub.Letters;

// Whether what somebody said yes to may go to its recipient. The hub sees no person: it decides on protocol, accession, notice and consent, and takes the source at its word for the rest.
internal sealed class AnswerRelease(HubDatabase database, ProtocolRegister register, HubSettings settings, TimeProvider clock)
{
    // By sealing an invitation the source said that it looked at every exclusion, and that none holds.
    private static readonly ExclusionFacts NoneHolds = ExclusionFacts.Of(Enum.GetValues<Exclusion>().Select(exclusion => KeyValuePair.Create(exclusion, false)));

    // The decision, kept with the caller's unit of work; the protocol is null when the hub does not have the text of the wave.
    public async Task<(Decision Decision, Protocol? Protocol)> DecideAsync(WaveOrder about, DateOnly givenOn, string act, CancellationToken cancel)
    {
        var (order, wave) = about;
        var now = clock.GetUtcNow();
        var view = await register.ViewAsync(cancel);
        var protocol = view.Find(order.Protocol, order.ProtocolVersion, wave.ProtocolHash);
        IReadOnlyList<RecordField> fields = [.. protocol?.Find<Clause.FieldsClause>()?.Shared.Select(field => field.Id) ?? []];
        var request = new ReleaseRequest { Purpose = protocol?.Find<Clause.PurposeClause>()?.Purpose ?? default, Fields = fields };
        var facts = new ReleaseFacts
        {
            Today = BelgianTime.DayOf(now),
            SyntheticOnly = settings.AllowSyntheticNumbers,
            Register = view.Facts(protocol, new OrganisationId(order.Recipient), now, now),
            Excluded = NoneHolds,
            AnnouncedOn = wave.OpensOn,
            AnnouncedFields = FieldSet.Of(fields),
            Covers = protocol is null ? null : view.Covers(protocol.Hash),
            Consent = new ConsentFact { GivenOn = givenOn, Under = wave.ProtocolHash, Fields = FieldSet.Of(fields), Withdrawn = false },
        };
        var decision = Decide.Release(protocol, request, facts);
        database.LogDecision(
            decision, new DecisionContext(now, DecisionPoint.Release, act, order.Id, order.Recipient, order.Protocol, order.ProtocolVersion, protocol?.Hash ?? ""), request, new { facts.Today, facts.AnnouncedOn, givenOn, facts.SyntheticOnly, facts.Register }, households: 1);
        return (decision, protocol);
    }
}
