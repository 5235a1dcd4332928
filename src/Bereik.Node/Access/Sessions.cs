using Bereik.Exchange;
using System.Text;
using Bereik.Node.Storage;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Node.Access;

/// <summary>
/// Sessions of people (nl: sessies), in the node's own store: short, renewed under way, bound to one browser, ended at once when they are taken back. The cookie holds
/// 32 random bytes; the store holds their SHA-256, so that who reads the store cannot take a session over.
/// </summary>
/// <param name="database">The node's store.</param>
/// <param name="clock">The node's clock.</param>
public sealed class Sessions(NodeDatabase database, TimeProvider clock)
{
    /// <summary>Without a request for this long, a session has ended.</summary>
    public static readonly TimeSpan LongestIdle = TimeSpan.FromMinutes(30);

    /// <summary>However busy, a session ends after this.</summary>
    public static readonly TimeSpan LongestLife = TimeSpan.FromHours(4);

    /// <summary>How long the key in the cookie stays the same.</summary>
    public static readonly TimeSpan LongestKey = TimeSpan.FromMinutes(10);

    /// <summary>How long a passkey's answer counts as recent.</summary>
    public static readonly TimeSpan RecentProof = TimeSpan.FromMinutes(5);

    // A page asks for several things at once; what was under way when the key changed still comes through.
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(30);

    /// <summary>Begins a session.</summary>
    /// <param name="person">Who signed in.</param>
    /// <param name="browser">The browser's description of itself.</param>
    /// <param name="cancel">Stops.</param>
    /// <returns>What the cookie holds: 43 of base64url.</returns>
    public async Task<string> BeginAsync(Person person, string browser, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(person);
        var (now, value, roles) = (clock.GetUtcNow(), Bytes32.Random().ToString(), string.Join(' ', person.Roles.Select(role => role.Word())));
        await SweepAsync(now, cancel);
        database.Sessions.Add(new Session
        {
            Key = Hash(value), Subject = person.Subject, Name = person.Name, Roles = roles, Browser = Hash(browser), StartedAt = now, SeenAt = now, RotatedAt = now, EndsAt = now + LongestLife,
        });
        if (await database.Colleagues.FindAsync([person.Subject], cancel) is { } known) (known.Name, known.Roles, known.LastAt) = (person.Name, roles, now);
        else database.Colleagues.Add(new Colleague { Subject = person.Subject, Name = person.Name, Roles = roles, FirstAt = now, LastAt = now });
        await database.SaveChangesAsync(cancel);
        return value;
    }

    /// <summary>Ends one session of a person.</summary>
    /// <param name="subject">Whose.</param>
    /// <param name="id">Which.</param>
    /// <param name="cancel">Stops.</param>
    public Task EndAsync(string subject, long id, CancellationToken cancel) => database.Sessions.Where(session => session.Subject == subject && session.Id == id).ExecuteDeleteAsync(cancel);

    /// <summary>Ends every session of a person.</summary>
    /// <param name="subject">Whose.</param>
    /// <param name="cancel">Stops.</param>
    public Task EndAllAsync(string subject, CancellationToken cancel) => database.Sessions.Where(session => session.Subject == subject).ExecuteDeleteAsync(cancel);

    // The session of a cookie; and what the cookie must hold from now on, when that changed.
    internal async Task<FoundSession> FindAsync(string value, string browser, CancellationToken cancel)
    {
        var (now, key) = (clock.GetUtcNow(), Hash(value));
        if (await database.Sessions.AsNoTracking().SingleOrDefaultAsync(session => session.Key == key || session.Former == key, cancel) is not { } session) return new(null, "session.unknown", null);
        var code = session switch
        {
            _ when session.EndsAt <= now || session.SeenAt + LongestIdle <= now => "session.ended",

            // SECURITY: a key that was replaced comes back: somebody holds a copy. Nobody can say who of the two, so it ends for both.
            _ when session.Key != key && session.FormerUntil < now => "session.copied",
            _ when session.Browser != Hash(browser) => "session.elsewhere",
            _ => null,
        };
        if (code is not null)
        {
            await EndAsync(session.Subject, session.Id, cancel);
            return new(null, code, null);
        }

        string? renewed = null;
        if (session.Key == key && session.RotatedAt + LongestKey <= now) renewed = await RenewAsync(key, now, cancel);
        else if (session.SeenAt + TimeSpan.FromMinutes(1) <= now) await database.Sessions.Where(one => one.Id == session.Id).ExecuteUpdateAsync(set => set.SetProperty(one => one.SeenAt, now), cancel);
        return new(session, null, renewed);
    }

    // Of two requests at once one renews; the other goes on with the former key.
    internal async Task<string?> RenewAsync(string key, DateTimeOffset now, CancellationToken cancel)
    {
        var value = Bytes32.Random().ToString();
        var (next, until) = (Hash(value), now + Overlap);
        var changed = await database.Sessions.Where(session => session.Key == key).ExecuteUpdateAsync(
            set => set.SetProperty(one => one.Key, next).SetProperty(one => one.Former, key).SetProperty(one => one.FormerUntil, until).SetProperty(one => one.RotatedAt, now).SetProperty(one => one.SeenAt, now), cancel);
        return changed == 1 ? value : null;
    }

    private Task<int> SweepAsync(DateTimeOffset now, CancellationToken cancel)
    {
        var idle = now - LongestIdle;
        return database.Sessions.Where(session => session.EndsAt <= now || session.SeenAt <= idle).ExecuteDeleteAsync(cancel);
    }

    private static string Hash(string value) => Bytes32.Sha256(Encoding.UTF8.GetBytes(value)).ToString();
}

// A session, or why there is none; and the new content of the cookie, when it changed.
internal sealed record FoundSession(Session? Session, string? Code, string? Renewed);
