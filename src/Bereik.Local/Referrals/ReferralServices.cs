using Bereik.Local.Storage;
using Bereik.Node.Work;
using Microsoft.AspNetCore.Http.Features;

namespace Bereik.Local.Referrals;

// What a local node needs for referrals, and what it does first.
internal static class ReferralServices
{
    public static void AddReferrals(this IServiceCollection services)
    {
        services.AddSingleton<ReferralRounds>();
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

    public static async Task BeginAsync(LocalDatabase database, DateTimeOffset now)
    {
        await database.BeginRecurringAsync(ReadReferrals.Name, now);
    }
}
