using Bereik.Exchange.Contracts;

namespace Bereik.Local.Pages;

/// <summary>What is erased together.</summary>
/// <param name="Kind">Households, residents or referrals.</param>
/// <param name="List">Id of their list; null for referrals.</param>
/// <param name="Month">Reference month of the list, <c>yyyy-MM</c>; empty for referrals.</param>
public sealed record ErasedWhat(ErasedKind Kind, Guid? List, string Month);

/// <summary>What is still to be erased.</summary>
/// <param name="Day">On which day, Europe/Brussels.</param>
/// <param name="What">What.</param>
/// <param name="Count">How many.</param>
public sealed record PlannedView(DateOnly Day, ErasedWhat What, int Count);

/// <summary>What was erased, or ought to be.</summary>
/// <param name="Attest">Id of the certificate; null while it is still there.</param>
/// <param name="What">What.</param>
/// <param name="Cause">Why.</param>
/// <param name="Count">How many.</param>
/// <param name="Due">The last day on which it might be there.</param>
/// <param name="ErasedAt">When it was erased; null while it is still there.</param>
/// <param name="DaysLate">Whole days too late; 0 when in time.</param>
public sealed record ErasedView(Guid? Attest, ErasedWhat What, ErasureCause Cause, int Count, DateOnly Due, DateTimeOffset? ErasedAt, int DaysLate);

/// <summary>The page of erasures.</summary>
/// <param name="Late">What was or is too late: what is still there first.</param>
/// <param name="Now">What would be erased now.</param>
/// <param name="Coming">What is erased in the next 60 days, by day.</param>
/// <param name="Erased">What was erased, newest first; at most 50.</param>
/// <param name="Page">From 1.</param>
/// <param name="Total">Certificates on all pages.</param>
public sealed record ErasuresView(IReadOnlyList<ErasedView> Late, IReadOnlyList<PlannedView> Now, IReadOnlyList<PlannedView> Coming, IReadOnlyList<ErasedView> Erased, int Page, int Total)
{
    /// <summary>What was erased of yeses to letters and the hub does not know yet.</summary>
    public IReadOnlyList<UnsaidView> Unsaid { get; init; } = [];
}

/// <summary>Erasures of which the hub does not have the certificate yet.</summary>
/// <param name="What">What.</param>
/// <param name="Count">How many.</param>
/// <param name="By">By when it must have it; null where nobody set a day.</param>
/// <param name="IsLate">Whether that day has passed.</param>
public sealed record UnsaidView(ErasedWhat What, int Count, DateOnly? By, bool IsLate);
