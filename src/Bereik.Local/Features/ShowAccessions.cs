using Bereik.Domain;
using Bereik.Exchange.Protocols;
using Bereik.Local.Accessions;
using Bereik.Local.Pages;
using Bereik.Node.Api;
using Bereik.Node.Errors;
using Bereik.Node.Ui;

namespace Bereik.Local.Features;

// The protocols that this organisation may join, one of them with the accession to it, and the same for programs.
internal static class ShowAccessions
{
    public static readonly ApiOperation Api = new("listAccessions", "The protocols that this organisation joined")
    {
        Description = "One for each protocol, so there is one page.",
        Answers = [ApiAnswer.Json(200, "The accessions.", new Page<AccessionTold>([new AccessionTold("groeipakket-onbekend", "1.0", "active", ApiExamples.At, new DateOnly(2027, 11, 19), [])]))],
    };

    public static async Task<IResult> ListAsync(OwnAccessions accessions, LocalSettings settings, CancellationToken cancel)
    {
        var drafts = await accessions.DraftedAsync(cancel);
        var rows = (await accessions.AllAsync(cancel)).Select(one => RowOf(one, settings, drafts.Contains(one.Text.Hash))).OrderByDescending(row => row.IsOwnFlow).ToList();
        return UiSetup.Page<AccessionsPage>(new { Rows = (IReadOnlyList<AccessionRow>)rows, IsReferrer = settings.Kind == OrganisationKind.Referrer });
    }

    public static async Task<IResult> ShowAsync(string id, HttpContext context, OwnAccessions accessions, LocalSettings settings, Texts texts, TimeProvider clock, CancellationToken cancel)
    {
        if (await accessions.FindAsync(id, cancel) is not { } protocol) return ErrorCatalogue.NotFound.Problem();
        return UiSetup.Page<AccessionPage>(new { Model = await ViewAsync(protocol, accessions, settings, texts, clock, cancel, context.Request.Query.ContainsKey("getekend")) });
    }

    public static async Task<IResult> TellAsync(OwnAccessions accessions, CancellationToken cancel) => Results.Json(new Page<AccessionTold>([.. (await accessions.AllAsync(cancel)).Where(one => one.Standing is not null)
        .Select(one => new AccessionTold(one.Joined.Id, one.Joined.Version, StateOf(one.Standing!), one.Standing!.Act.At, one.Standing.Act.Accession.ReviewBy, one.Standing.Lapsed))]));

    // The own flow is that of its lists; who orders none is here for referrals.
    internal static AccessionRow RowOf(JoinableProtocol one, LocalSettings settings, bool hasDraft) =>
        new(one.Text, one.State, one.Standing, one.NextLapse, hasDraft, one.Text.Flow == (settings.ListFlow ?? Flow.Referral));

    internal static async Task<AccessionView> ViewAsync(JoinableProtocol protocol, OwnAccessions accessions, LocalSettings settings, Texts texts, TimeProvider clock, CancellationToken cancel, bool isNew = false)
    {
        var hasDraft = (await accessions.DraftedAsync(cancel)).Contains(protocol.Text.Hash);
        var values = await accessions.ValuesAsync(protocol, cancel);
        var reading = new AccessionForm(values, protocol, settings, clock.Today(), texts).Read();
        var first = AccessionForm.FirstValues(settings, clock.Today());
        var steps = new[] { AccessionStep.Decision, AccessionStep.Measures, AccessionStep.Service }
            .Select(step => new AccessionProgress(step, reading.IsWhole(step), hasDraft && AccessionForm.FieldsOf(step, settings, protocol.Text).Any(field => values.GetValueOrDefault(field, "") != first.GetValueOrDefault(field, ""))));
        var standing = protocol.Standing;
        return new AccessionView(
            protocol.Text, protocol.State, protocol.Joined.Hash == protocol.Text.Hash ? null : protocol.Joined.Version, standing, MeasuresOf(standing), [.. steps], hasDraft,
            standing?.IsSuspendedBy(settings.Id) == true, who => NameOf(who, settings), protocol.Joined.Find<Clause.Sanctions>()?.SuspendOn ?? [], isNew) { OrdersLists = protocol.Text.Flow == settings.ListFlow };
    }

    private static List<MeasureView> MeasuresOf(AccessionStanding? standing) => standing is null ? [] : [.. (FrameworkFile.Find(standing.Act.Accession.FrameworkHash)?.Measures ?? []).Select(measure =>
        new MeasureView(measure, standing.Act.Accession.Measures.FirstOrDefault(answer => answer.Id == measure.Id), AccessionStanding.LastDay(standing.Act.Accession, measure)))];

    internal static string NameOf(OrganisationId id, LocalSettings settings) => id == settings.Id ? settings.Name : settings.Peer(id.Value)?.Name is { Length: > 0 } name ? name : id.Value;

    private static string StateOf(AccessionStanding standing) => standing switch
    {
        { IsEnded: true } => "ended",
        { Suspension: not null } => "suspended",
        { Lapsed.Count: > 0 } => "measureLapsed",
        { ReviewOverdue: true } => "reviewOverdue",
        _ => "active",
    };
}

/// <summary>An accession as it stands today.</summary>
/// <param name="Protocol">Id of the protocol.</param>
/// <param name="Version">Its version.</param>
/// <param name="State"><c>active</c>, <c>suspended</c>, <c>ended</c>, <c>measureLapsed</c> or <c>reviewOverdue</c>.</param>
/// <param name="Since">When it was taken up, UTC.</param>
/// <param name="ReviewBy">The last day on which it must be looked at again.</param>
/// <param name="Lapsed">Measures that are not met any more.</param>
internal sealed record AccessionTold(string Protocol, string Version, string State, DateTimeOffset Since, DateOnly ReviewBy, IReadOnlyList<string> Lapsed);
