using System.Net;
using System.Text;
using Bereik.Node.Access;
using Shouldly;

namespace Bereik.Local.Tests;

// Everybody who may not, for tables over routes: who they are, what each is told, and that none of them gets further. One place, so that no table forgets one.
internal sealed class Unwelcome
{
    private readonly TestLocal local;
    private readonly IReadOnlyList<Stranger> people;
    private readonly Stranger otherTeam;
    private readonly string copied;

    private Unwelcome(TestLocal local, IReadOnlyList<Stranger> people, Stranger otherTeam, string copied) => (this.local, this.people, this.otherTeam, this.copied) = (local, people, otherTeam, copied);

    // They come, each with the roles of somebody who may, and for each something else is wrong. Whoever leaves opens a page first.
    public static async Task<Unwelcome> ArriveAsync(TestLocal local, Workplace at, string page)
    {
        var ended = await ComeAsync(at.May, Role.Operator);
        var suspended = await ComeAsync(at.May, Role.DataSteward);
        (await local.PostAsync("/account", $"/attesten/{suspended.Key}/schorsen", ("reden", "uit dienst"))).StatusCode.ShouldBe(HttpStatusCode.Found);
        var nobody = await ComeAsync(null, Role.DataProtectionOfficer);
        var other = await ComeAsync(at.May with { Team = "Jeugddienst" }, Role.ProtocolAuthor);
        List<Stranger> people = [new(ended, at.Roles, "worker.suspended"), new(suspended, at.Roles, "worker.suspended"), new(nobody, at.Roles, "worker.notAttested")];
        if (at.IsBoundBySecrecy)
        {
            people.Add(new(await ComeAsync(at.May with { Secrecy = "officialSecrecy" }, Role.Operator, Role.DataSteward), at.Roles, "secrecy.recipientNotBound"));
            people.Add(new(await ComeAsync(at.May with { Secrecy = "discretion" }, Role.Operator, Role.DataProtectionOfficer), at.Roles, "secrecy.recipientNotBound"));
        }

        var elsewhere = local.Person(at.RolesElsewhere);
        await elsewhere.SignInAsync();
        local.Attest(at.Elsewhere, elsewhere.Subject);
        people.Add(new(elsewhere, at.RolesElsewhere, "worker.functionNotGranted"));
        people.Add(new(other, at.Roles, "worker.otherTeam"));

        // A suspension signs out; whoever signs in again is still suspended. The attestation that ends does so in this minute, with a session that goes on.
        await local.MoveAsync(TimeSpan.FromMinutes(5));
        (await ended.TryAsync(HttpMethod.Get, page)).Status.ShouldBe(HttpStatusCode.OK);
        local.Execute($"UPDATE attestation SET ended_at = {local.Clock.GetUtcNow().ToUnixTimeMilliseconds()}, ended_by = 'c', ended_by_name = 'Cis', ended_because = 'uit dienst' WHERE subject = '{ended.Subject}'");

        var leaving = await ComeAsync(at.May, Role.ProtocolAuthor, Role.DataSteward);
        var copied = await leaving.CookieAsync();
        (await leaving.TryAsync(HttpMethod.Get, page)).Status.ShouldBe(HttpStatusCode.OK);
        (await leaving.TryAsync(HttpMethod.Post, "/afmelden")).Status.ShouldBe(HttpStatusCode.Found);
        return new Unwelcome(local, people, people[^1], copied);

        // A role more that opens none of the routes makes somebody of it.
        async Task<TestPerson> ComeAsync(TestAttestation? attestation, params Role[] more)
        {
            var person = local.Person([.. at.Roles, .. more]);
            await person.SignInAsync();
            if (attestation is not null) local.Attest(attestation, person.Subject);
            return person;
        }
    }

    // Each of them, at each route; then with a session that was copied before its person signed out, and with none.
    public async Task AreRefusedAsync(IReadOnlyList<Attempt> attempts)
    {
        foreach (var stranger in people)
        {
            foreach (var attempt in attempts)
            {
                if (stranger == otherTeam && attempt.At is Other.MakesOwn) continue;
                var code = attempt.Right.Roles.Intersect(stranger.Roles).Any() ? stranger.Code : "person.roleMissing";
                var what = $"{attempt.Name}: {stranger.Code}";
                var (status, text) = attempt.Text is { } body ? await stranger.Person.TryTextAsync(attempt.Path, body) : await stranger.Person.TryAsync(attempt.Method, attempt.Path, attempt.Fields);
                if (attempt.At == Other.Counts || (stranger == otherTeam && attempt.At == Other.SeesOwn)) status.ShouldBe(HttpStatusCode.OK, what);
                else
                {
                    status.ShouldBe(HttpStatusCode.Forbidden, what);
                    text.ShouldContain(code, customMessage: what);
                }

                foreach (var hidden in attempt.Hidden) text.ShouldNotContain(hidden, customMessage: what);
            }
        }

        using var bare = new HttpClient(new SocketsHttpHandler { UseCookies = false, UseProxy = false, AllowAutoRedirect = false });
        foreach (var cookie in new[] { copied, null })
        {
            foreach (var attempt in attempts)
            {
                using var request = new HttpRequestMessage(attempt.Method, local.Url + attempt.Path);
                if (cookie is not null) request.Headers.Add("Cookie", cookie);
                if (attempt.Text is { } body) request.Content = new StringContent(body, Encoding.UTF8, "text/plain");
                else if (attempt.Method == HttpMethod.Post) request.Content = new FormUrlEncodedContent(attempt.Fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
                using var answer = await bare.SendAsync(request);
                answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, attempt.Name);
                var text = await answer.Content.ReadAsStringAsync();
                foreach (var hidden in attempt.Hidden) text.ShouldNotContain(hidden, customMessage: attempt.Name);
            }
        }
    }

    private sealed record Stranger(TestPerson Person, IReadOnlyList<Role> Roles, string Code);
}

// Who may, and who has to do with the other kind of organisation.
internal sealed record Workplace(Role[] Roles, TestAttestation May, bool IsBoundBySecrecy, Role[] RolesElsewhere, TestAttestation Elsewhere)
{
    public static readonly Workplace Ocmw = new([Role.SocialWorker, Role.TeamLead], new TestAttestation(), true, [Role.Clerk], new TestAttestation("benefitClerk", "officialSecrecy"));
    public static readonly Workplace Gemeente = new([Role.Clerk], new TestAttestation("benefitClerk", "officialSecrecy"), false, [Role.SocialWorker, Role.TeamLead], new TestAttestation());
}

// What somebody of another team meets: nearly always a refusal.
internal enum Other
{
    Refused,

    // A page of the own team's, on which nothing of this one stands.
    SeesOwn,

    // What the route is there for; nothing of this team comes with it.
    MakesOwn,

    // How many, and nothing else, for whoever follows how the node does.
    Counts,
}

// One call of a route, and what may not be in any answer to it.
internal sealed record Attempt(string Name, Right Right, string Path, (string Name, string Value)[] Fields, Other At)
{
    public string? Text { get; init; }

    public IReadOnlyList<string> Hidden { get; init; } = [];

    public HttpMethod Method => Name.StartsWith("GET", StringComparison.Ordinal) ? HttpMethod.Get : HttpMethod.Post;
}
