using Bereik.Local.Storage;
using Bereik.Node.Work;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Referrals;

// What a local node needs for referrals, and what it does first.
internal static class ReferralServices
{
    public static void AddReferrals(this IServiceCollection services, LocalSettings settings, List<string> problems)
    {
        if (OutcomeCodes.Read(settings, problems) is not { } outcomes) return;
        services.AddSingleton<HouseholdKeys>();
        services.AddSingleton<ReferralRounds>();
        services.AddSingleton(outcomes);
        services.AddScoped<ReferralPartners>();
        services.AddScoped<ReferralDesk>();
        services.AddScoped<MakeReferral>();
        services.AddScoped<ReceivedReferrals>();
        services.AddScoped<TeamQueue>();
        services.AddScoped<OwnFile>();
        services.AddScoped<ConsentScans>();
        services.AddScoped<ReferralReceipt>();

        // A scan of a consent is read in memory: its bytes in the clear go to no file.
        services.Configure<FormOptions>(form => form.MemoryBufferThreshold = ConsentScans.MostBytes + (64 << 10));
        services.AddScoped<IWorkStep, SendReferral>();
        services.AddScoped<IWorkStep, ReadReferrals>();
    }

    // Before anything can be read: erasures are done again on whatever store was put back, and a key without a row, of a kill between the two, is destroyed.
    public static async Task BeginAsync(LocalDatabase database, LocalSettings settings, DateTimeOffset now)
    {
        var households = new HouseholdKeys(settings);
        var kept = await database.Referrals.AsNoTracking().Where(one => one.Record != null).Select(one => one.Id).ToListAsync();
        foreach (var id in households.Ids().Except(kept, StringComparer.Ordinal)) households.Destroy(id);
        foreach (var id in kept.Where(households.IsDestroyed))
        {
            await database.Referrals.Where(one => one.Id == id).ExecuteUpdateAsync(set => set.SetProperty(one => one.Record, (byte[]?)null).SetProperty(one => one.Sealed, (string?)null).SetProperty(one => one.ErasedAt, now));
        }

        await database.EnsureEnqueuedAsync(ReadReferrals.Name, "all", now);
    }
}
