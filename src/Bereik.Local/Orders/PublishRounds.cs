using System.Globalization;
using System.Text.Json.Nodes;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Log;
using Bereik.Exchange.Protocols;
using Bereik.Exchange.Signatures;
using Bereik.Local.Storage;
using Bereik.Node.Decisions;
using Bereik.Node.Logs;
using Bereik.Node.Requests;
using Bereik.Node.Work;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Orders;

// Step round.publish, recurring: every day at the same hour the roots of the day before go to the log, also when nothing happened. So that a day says neither
// whether anything happened nor how much.
internal sealed partial class PublishRounds(LocalDatabase database, LocalSettings settings, LogDesk desk, LogWatch log, NodeKeys keys, TimeProvider clock, ILogger<PublishRounds> logger) : IWorkStep
{
    public const string Name = "round.publish";
    public const string Access = "access";
    private const string Erased = "erasure";
    private const string Consent = "consent";
    private const string Withdrawal = "withdrawal";
    private const int Band = 256;

    // What the hub answers when roots of that day are in the log.
    private const string AlreadyPublished = "round.again";
    private static readonly TimeOnly Hour = new(3, 0);
    private static readonly TimeSpan WhenRefused = TimeSpan.FromMinutes(1);

    public string Kind => Name;

    /// <summary>The last day whose roots are due at an instant.</summary>
    public static DateOnly DueDay(DateTimeOffset now)
    {
        var today = BelgianTime.DayOf(now);
        return today.AddDays(now >= BelgianTime.At(today, Hour) ? -1 : -2);
    }

    /// <summary>When the next roots are due.</summary>
    public static DateTimeOffset NextAfter(DateTimeOffset now) => BelgianTime.At(DueDay(now).AddDays(2), Hour);

    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        var began = clock.GetUtcNow();
        await MakeAsync(cancel);

        // Before the own key stands in the log nothing that it signed can.
        if (!await log.HasKeyAsync(settings.Organisation, KeyUse.Signing, keys.Signing.Kid, cancel)) return WorkResult.Later(TimeSpan.FromSeconds(settings.PollSeconds));
        var isRefused = false;
        foreach (var round in await database.Rounds.AsNoTracking().Where(round => round.SentAt == null).OrderBy(round => round.Day).ToListAsync(cancel))
        {
            try
            {
                await desk.SendAsync(round.Document, cancel);
            }
            catch (PeerRefusedException refused) when (refused.Code != AlreadyPublished)
            {
                isRefused = true;
                LogRefused(refused.Code);
                continue;
            }
            catch (PeerRefusedException)
            {
                // Roots of that day, of before the store was put back from a copy, are in the log: a day has one.
            }

            await database.Rounds.Where(one => one.Day == round.Day).ExecuteUpdateAsync(set => set.SetProperty(one => one.SentAt, clock.GetUtcNow()), cancel);
        }

        if (isRefused) return WorkResult.Later(WhenRefused);

        // The next hour after what was made: it may have come while this was sent, and a day later would be a day without roots.
        var wait = NextAfter(began) - clock.GetUtcNow();
        return WorkResult.Later(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
    }

    /// <summary>Makes what is due and is not there yet: one day a transaction, each day once, those that were missed included.</summary>
    internal async Task MakeAsync(CancellationToken cancel)
    {
        var due = DueDay(clock.GetUtcNow());
        var last = await database.Rounds.AsNoTracking().OrderByDescending(round => round.Day).Select(round => (DateOnly?)round.Day).FirstOrDefaultAsync(cancel);
        for (var day = last?.AddDays(1) ?? due; day <= due; day = day.AddDays(1)) await MakeAsync(day, cancel);
    }

    private async Task MakeAsync(DateOnly day, CancellationToken cancel)
    {
        var (start, end) = (BelgianTime.StartOf(day), BelgianTime.StartOf(day.AddDays(1)));
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        var uses = await database.Decisions.AsNoTracking().Where(decision => decision.Point == "use" && decision.At >= start && decision.At < end).OrderBy(decision => decision.Sequence).ToListAsync(cancel);
        var erased = await database.Lists.AsNoTracking().Where(list => list.ErasedAt != null && list.ErasedAt >= start && list.ErasedAt < end).Select(list => new { list.Id, list.ErasedAt }).ToListAsync(cancel);
        var consents = await database.Referrals.AsNoTracking().Where(one => one.Direction == Referral.Out && one.CreatedAt >= start && one.CreatedAt < end).OrderBy(one => one.Id).ToListAsync(cancel);
        var stopped = await database.Erasures.AsNoTracking()
            .Where(one => (one.Cause == ErasureCause.Withdrawn || one.Cause == ErasureCause.Objection) && one.ErasedAt >= start && one.ErasedAt < end).OrderBy(one => one.Id).ToListAsync(cancel);
        var document = new RoundRoots
        {
            Organisation = settings.Organisation,
            Day = day,
            Accesses = Commit(day, Access, [.. uses.Select(decision => (decision.Id, Happening(decision)))]),
            Consents = Commit(day, Consent, [.. consents.Select(referral => (referral.Id, Happening(referral)))]),
            Withdrawals = Commit(day, Withdrawal, [.. stopped.Select(erased => (erased.Id, Happening(erased)))]),
            Erasures = Commit(day, Erased, [.. erased.Select(list => (list.Id, Happening(list.Id, list.ErasedAt!.Value)))]),
            At = DateTimeOffset.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds()),
        };
        database.Rounds.Add(new Round { Day = day, Document = SignedDocument.Sign(document, keys.Signing).Compact });
        await database.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        database.ChangeTracker.Clear();
    }

    private Bytes32 Commit(DateOnly day, string kind, IReadOnlyList<(string Subject, JsonObject Happening)> things)
    {
        var salts = things.Select(_ => Bytes32.Random()).ToList();
        var tree = PaddedRoot.Make([.. things.Select((thing, at) => PersonCommitment.OfRound(CanonicalJson.Write(thing.Happening), salts[at]))], Band);
        foreach (var (at, (subject, _)) in things.Index()) database.RoundLeaves.Add(new RoundLeaf { Day = day, Kind = kind, Subject = subject, Salt = salts[at].ToArray(), Slot = tree.Slots[at] });
        if (things.Count > 0) database.RoundTrees.Add(new RoundTree { Day = day, Kind = kind, Leaves = tree.LeafBytes() });
        return tree.Root;
    }

    private static JsonObject Happening(DecisionRecord decision) => new()
    {
        ["kind"] = Access,
        ["id"] = decision.Id,
        ["at"] = Moment(decision.At),
        ["act"] = decision.Act,
        ["subject"] = decision.Subject,
        ["who"] = decision.Who,
        ["protocol"] = decision.Protocol,
        ["protocolVersion"] = decision.ProtocolVersion,
        ["protocolHash"] = decision.ProtocolHash,
        ["outcome"] = decision.Outcome,
        ["reasons"] = decision.Reasons,
    };

    private static JsonObject Happening(Referral referral) => new()
    {
        ["kind"] = Consent,
        ["id"] = referral.Id,
        ["at"] = Moment(referral.CreatedAt),
        ["partner"] = referral.Partner,
        ["service"] = referral.Service,
        ["protocol"] = referral.ProtocolId,
        ["protocolVersion"] = referral.ProtocolVersion,
        ["protocolHash"] = referral.ProtocolHash,
    };

    private static JsonObject Happening(Erasure erased) => new() { ["kind"] = Withdrawal, ["id"] = erased.Id, ["at"] = Moment(erased.ErasedAt), ["cause"] = erased.Cause == ErasureCause.Objection ? "objection" : "withdrawn" };

    private static JsonObject Happening(string list, DateTimeOffset at) => new() { ["kind"] = Erased, ["order"] = list, ["at"] = Moment(at) };

    private static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    [LoggerMessage(LogLevel.Warning, "The hub does not take the roots of a day ({Code}).")]
    private partial void LogRefused(string code);
}
