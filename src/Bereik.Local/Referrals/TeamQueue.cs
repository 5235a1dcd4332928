using Bereik.Domain;
using Bereik.Local.Features;
using Bereik.Local.Pages;
using Bereik.Local.Storage;
using Bereik.Local.Workers;
using Bereik.Node.Errors;
using Bereik.Node.Requests;
using Bereik.Node.Ui;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Referrals;

// The queue of a team, for its lead (nl: wachtrij van het team): what is late comes first, who has what, and giving it to another worker of the team. It names no person.
internal sealed class TeamQueue(LocalDatabase database, ReferralDesk desk, ReceivedReferrals received, ReferralPartners partners, Attestations attestations, Texts texts, TimeProvider clock)
{
    public const string Path = $"{ReceivedReferrals.Path}/team";

    public Task<IResult> ShowAsync(Actor actor, CancellationToken cancel) => ShowAsync(((Actor.Person)actor).Who.Subject, null, cancel);

    // POST /verwijzingen/{id}/toewijzen: the decision is on both, who gives and who takes.
    public async Task<IResult> AssignAsync(Guid id, Actor actor, IFormCollection form, CancellationToken cancel)
    {
        var lead = ((Actor.Person)actor).Who.Subject;
        if (await database.Referrals.AsNoTracking().SingleOrDefaultAsync(one => one.Id == id.ToString("D") && one.Direction == Referral.In, cancel) is not { } shown) return ErrorCatalogue.NotFound.Problem();
        var chosen = form["aan"].ToString();
        if ((await attestations.ColleaguesAsync(shown.Team, cancel)).FirstOrDefault(one => one.Id == chosen) is not { } worker)
        {
            var against = await desk.AgainstAsync(shown, UseAct.Assign, lead, cancel);
            return against.Count > 0 ? Refusals.Page(against) : await ShowAsync(lead, id, cancel);
        }

        if (await desk.AgainstAsync(shown, UseAct.Open, worker.Subject, cancel) is { Count: > 0 } reasons) return Refusals.Page(reasons);
        return await received.DoAsync(id, actor, "referral.reassign", UseAct.Assign, (referral, _, _) =>
        {
            if (referral.ErasedAt is not null || referral.AssignedTo == worker.Subject) return false;
            (referral.AssignedTo, referral.AssignedName) = (worker.Subject, worker.Name);
            return true;
        }, Path, cancel);
    }

    private async Task<IResult> ShowAsync(string lead, Guid? wrong, CancellationToken cancel)
    {
        if (await desk.AgainstWorkerAsync(lead, cancel) is { Count: > 0 } against) return Refusals.Page(against);
        var team = (await attestations.TeamAsync(lead, cancel))!;
        var today = clock.Today();
        var since = clock.GetUtcNow().AddDays(-FirstContact.MissedDays);
        var rows = await database.Referrals.AsNoTracking().Where(one => one.Direction == Referral.In && one.Team == team && (one.ErasedAt == null || one.ErasedAt >= since)).ToListAsync(cancel);
        var open = rows.Where(one => one.ErasedAt is null).Select(one => ReferralRow.Of(one, today, partners)).OrderByDescending(row => row.Urgency).ThenBy(row => row.ContactBy).ThenBy(row => row.Id).ToList();
        var missed = rows.Where(one => one.ErasedAt is not null).Select(one => ReferralRow.Of(one, today, partners)).Where(row => row.Urgency == ContactUrgency.Missed).OrderByDescending(row => row.ContactBy).ThenBy(row => row.Id).ToList();
        var colleagues = (await attestations.ColleaguesAsync(team, cancel)).Select(one => new FieldOption(one.Id, one.Name)).ToList();
        return UiSetup.Page<InboxTeamPage>(
            new { Model = new TeamView(team, open, missed, colleagues, wrong is { } row ? [new FieldError($"aan-{row}", texts["Inbox.Team.Error"])] : []) }, wrong is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }
}
