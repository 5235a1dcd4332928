using Bereik.Domain;
using Bereik.Local.Storage;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Households;

// What must be gone, and when: asked here by what erases and by what only tells of it, so that the two never differ.
internal static class DueErasures
{
    /// <summary>Households past a last day, which for whom nobody informed is the last day to do so; and those that a worker ended.</summary>
    public static IQueryable<Household> Households(LocalDatabase database, DateOnly today) =>
        database.Households.AsNoTracking().Where(row => row.DeleteBy < today || (row.InformedOn == null && row.InformBy < today) || row.ClosedAs != null);

    /// <summary>Residents of match lists past a last day.</summary>
    public static IQueryable<GrantRow> Grants(LocalDatabase database, DateOnly today) => database.GrantRows.AsNoTracking().Where(row => row.DeleteBy < today || row.InformBy < today);

    /// <summary>Referrals of which something is kept and that nobody took up in time, whose spoken consent nobody confirmed in time, or whose last day is over.</summary>
    public static IQueryable<Referral> Referrals(LocalDatabase database, DateTimeOffset now)
    {
        var today = BelgianTime.DayOf(now);
        return Kept(database).Where(one => (one.State == "sent" && one.ExpiresAt <= now) || (one.Direction == Referral.Out && one.ConfirmBy < today)
            || (one.Direction == Referral.In && (one.DeleteBy < today || (one.InformedOn == null && one.InformBy < today))) || (one.Direction == Referral.Out && one.DeleteBy < today));
    }

    /// <summary>Referrals of which something is kept.</summary>
    public static IQueryable<Referral> Kept(LocalDatabase database) => database.Referrals.AsNoTracking().Where(one => one.Record != null || one.Sealed != null);

    /// <summary>The last day on which something of a row may be there.</summary>
    public static DateOnly LastDay(DateOnly informBy, DateOnly deleteBy) => informBy < deleteBy ? informBy : deleteBy;

    /// <summary>The last day on which something of a household may be there, as it stands now.</summary>
    public static DateOnly LastDay(DateOnly informBy, DateOnly? informedOn, DateOnly deleteBy) => informedOn is null ? LastDay(informBy, deleteBy) : deleteBy;

    /// <summary>The last day on which something of a referral may be there, as it stands now.</summary>
    public static DateOnly LastDay(Referral referral)
    {
        var last = referral is { Direction: Referral.In, InformedOn: null } ? LastDay(referral.InformBy, referral.DeleteBy) : referral.DeleteBy;
        if (referral is { Direction: Referral.Out, ConfirmBy: { } confirm } && confirm < last) last = confirm;
        return referral.State == ReferralState.Sent.WireName() && BelgianTime.DayOf(referral.ExpiresAt) < last ? BelgianTime.DayOf(referral.ExpiresAt) : last;
    }
}
