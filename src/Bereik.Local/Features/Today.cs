using Bereik.Domain;
using Bereik.Local.Pages;
using Bereik.Local.Referrals;
using Bereik.Local.Storage;
using Bereik.Local.Workers;
using Bereik.Node.Access;
using Bereik.Node.Registers;
using Bereik.Node.Requests;
using Bereik.Node.Ui;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Features;

// /vandaag: what this worker has to do today, of lists and of referrals: what came in, what is due or late, and what partners answered. What a colleague has is not in it.
internal static class Today
{
    public const string Path = "/vandaag";
    private const int AnswerDays = 7;
    private const int Most = 50;

    public static async Task<IResult> ShowAsync(Actor actor, LocalDatabase database, LocalSettings settings, ReferralDesk desk, ReferralPartners partners, Attestations attestations, ProtocolRegister register, IServiceProvider services, TimeProvider clock, CancellationToken cancel)
    {
        var who = ((Actor.Person)actor).Who;
        if (await desk.AgainstWorkerAsync(who.Subject, cancel) is { Count: > 0 } against) return Refusals.Page(against);
        var team = await attestations.TeamAsync(who.Subject, cancel);
        var today = clock.Today();
        var received = await database.Referrals.AsNoTracking()
            .Where(one => one.Direction == Referral.In && one.Team == team && one.ErasedAt == null && (one.AssignedTo == null || one.AssignedTo == who.Subject)).ToListAsync(cancel);
        var mine = received.Select(one => ReferralRow.Of(one, today, partners)).ToList();
        var due = mine.Where(row => row.State != ReferralState.Sent.WireName() && (row.NextOn <= today || row.Urgency is ContactUrgency.Due or ContactUrgency.Overdue));

        // What partners said, and not what the own side did.
        var since = clock.GetUtcNow().AddDays(-AnswerDays);
        var answered = await database.Referrals.AsNoTracking()
            .Where(one => one.Direction == Referral.Out && one.Team == team && database.SaidSteps.Any(step => step.ReferralId == one.Id && step.Side == "recipient" && step.At >= since && (step.Act == "accept" || step.Act == "decline" || step.Act == "contact" || step.Act == "close")))
            .OrderByDescending(one => one.CreatedAt).Take(Most).ToListAsync(cancel);
        var (households, found) = settings.ListFlow == Flow.Unknown ? await HouseholdsAsync(who, database, settings, register, services.GetRequiredService<ReceivedRows>(), today, cancel) : ([], 0);
        return UiSetup.Page<TodayPage>(new
        {
            Model = new TodayView(
                households, found, [.. mine.Where(row => row.State == ReferralState.Sent.WireName()).OrderByDescending(row => row.Urgency).ThenBy(row => row.On).ThenBy(row => row.Id)],
                [.. due.OrderByDescending(row => row.Urgency).ThenBy(row => row.NextOn ?? row.ContactBy).ThenBy(row => row.Id)], [.. answered.Select(one => ReferralRow.Of(one, today, partners))], settings.ListFlow == Flow.Unknown),
        });
    }

    private static async Task<(IReadOnlyList<HouseholdView> Shown, int Found)> HouseholdsAsync(Person who, LocalDatabase database, LocalSettings settings, ProtocolRegister register, ReceivedRows rows, DateOnly today, CancellationToken cancel)
    {
        var subject = who.Subject;
        var open = await rows.OpenHouseholdsAsync(UseAct.Open, byStreet: false, new Logged("list.today", who), cancel, all => Worklist.ToDo(all, today).Where(row => row.AssignedName == null || row.AssignedTo == subject));
        var shown = await rows.RowsAsync([.. open.Take(Most)], cancel);
        var roots = await WhyRow.RootsAsync(shown.Select(one => one.Row), database, settings, cancel);
        return (await Worklist.ViewsAsync(shown, await register.ViewAsync(cancel), roots, database, cancel), open.Count);
    }
}
