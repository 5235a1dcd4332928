using System.Net;
using Bereik.Domain;
using Bereik.Node.Access;
using Bereik.Node.Requests;
using Microsoft.AspNetCore.Routing;
using Shouldly;
using Xunit;

namespace Bereik.Local.Tests;

/// <summary>Every route of referrals, for everybody who may not: refused, and nothing changed. A route without a row fails.</summary>
public sealed class ReferralRouteTests
{
    private const string Marked = "Peeters-Marked";
    private static readonly Right[] Of = [Rights.Refer, Rights.OpenReferrals, Rights.LeadReferrals, Rights.TakeOverReferrals];

    // A row: its name as it stands in the route table, what is sent, and what somebody of another team meets there.
    private static readonly Row[] Table =
    [
        new("GET /doorverwijzen", Other.SeesOwn),
        new("GET /doorverwijzen/nieuw", Other.SeesOwn),
        new("GET /doorverwijzen/nieuw/{protocol}/{organisation}/{service}", Other.SeesOwn),
        new("POST /doorverwijzen/nieuw/{protocol}/{organisation}/{service}", Other.SeesOwn),
        new("POST /doorverwijzen/nieuw/{protocol}/{organisation}/{service}/wijzigen", Other.SeesOwn),
        new("POST /doorverwijzen/nieuw/{protocol}/{organisation}/{service}/versturen", Other.MakesOwn),
        new("GET /doorverwijzen/{id:guid}", IsOut: true),
        new("GET /doorverwijzen/{id:guid}/bewijs", IsOut: true),
        new("GET /doorverwijzen/{id:guid}/blad", IsOut: true),
        new("POST /doorverwijzen/{id:guid}/blad", IsOut: true),
        new("POST /doorverwijzen/{id:guid}/intrekken", IsOut: true),
        new("POST /doorverwijzen/{id:guid}/bevestigd", IsOut: true),
        new("GET /verwijzingen", Other.SeesOwn),
        new("GET /verwijzingen/team", Other.SeesOwn),
        new("GET /verwijzingen/{id:guid}"),
        new("POST /verwijzingen/{id:guid}/aanvaarden"),
        new("POST /verwijzingen/{id:guid}/niet-aanvaarden", Fields: [("reden", "noCapacity")]),
        new("POST /verwijzingen/{id:guid}/contact", Fields: [("kanaal", "phone"), ("bereikt", "ja"), ("volgende", "")]),
        new("POST /verwijzingen/{id:guid}/afsluiten", Fields: [("uitkomst", "U01")]),
        new("POST /verwijzingen/{id:guid}/intrekken"),
        new("POST /verwijzingen/{id:guid}/toewijzen"),
        new("GET /verwijzingen/{id:guid}/dossier"),
        new("GET /verwijzingen/{id:guid}/dossier.json"),

        // How many, and nothing else: for whoever follows how the node does, also without an attestation.
        new("GET /v1/referrals", Other.Counts),
    ];

    [Fact]
    public async Task EveryRoute_ForEverybodyWhoMayNot_IsRefusedAndChangesNothing()
    {
        await using var town = await ReferralTown.StartAsync();
        var routes = town.Local.Service<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.RoutePattern.RawText is { } path && (path.StartsWith("/doorverwijzen", StringComparison.Ordinal) || path.StartsWith("/verwijzingen", StringComparison.Ordinal) || path == "/v1/referrals"
                || (route.Metadata.GetMetadata<RouteAccess>() is RouteAccess.People { Right: var right } && Of.Contains(right))))
            .SelectMany(route => route.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods.Select(method => $"{method} {route.RoutePattern.RawText}")).Order(StringComparer.Ordinal).ToList();
        routes.ShouldBe(Table.Select(row => row.Name).Order(StringComparer.Ordinal));

        var received = await town.SendAsync(ReferralTown.AmongPartners);
        await town.UntilToldAsync(received, ReferralAct.Receive);
        var made = await ReferralTests.MakeAsync(town, ("wijze", "verbal"));
        await TestLocal.WaitAsync(() => town.Mail.Letters.ContainsKey(made) && town.State(made) == "sent", "It did not leave.");
        var target = await town.Local.ColleagueAsync(ReferralTown.Team, Role.SocialWorker);
        var attestation = town.Local.Query($"SELECT id FROM attestation WHERE subject = '{target.Subject}'").Single();
        Ids ids = new(received, made, attestation);

        // The same person may, before: a table of refusals alone would also hold where nothing works.
        var lead = await town.Local.ColleagueAsync(ReferralTown.Team, Role.SocialWorker, Role.TeamLead);
        foreach (var row in Table.Where(row => row.Method == HttpMethod.Get && !row.Path(ids).EndsWith("/blad", StringComparison.Ordinal) && !row.Path(ids).Contains("/dossier", StringComparison.Ordinal)))
        {
            (await lead.TryAsync(row.Method, row.Path(ids))).Status.ShouldBe(HttpStatusCode.OK, row.Name);
        }

        var ended = await town.Local.ColleagueAsync(ReferralTown.Team, Role.SocialWorker, Role.TeamLead, Role.Operator);
        town.Local.Execute($"UPDATE attestation SET ended_at = {town.Local.Clock.GetUtcNow().ToUnixTimeMilliseconds()}, ended_by = 'c', ended_by_name = 'Cis', ended_because = 'uit dienst' WHERE subject = '{ended.Subject}'");
        var suspended = await town.Local.ColleagueAsync(ReferralTown.Team, Role.SocialWorker, Role.TeamLead, Role.DataSteward);
        (await town.Local.PostAsync("/account", $"/attesten/{suspended.Key}/schorsen", ("reden", "uit dienst"))).StatusCode.ShouldBe(HttpStatusCode.Found);
        var other = await town.Local.ColleagueAsync("Jeugddienst", Role.SocialWorker, Role.TeamLead, Role.ProtocolAuthor);
        var nobody = town.Local.Person(Role.SocialWorker, Role.TeamLead, Role.DataProtectionOfficer);
        await nobody.SignInAsync();
        var official = town.Local.Person(Role.SocialWorker, Role.TeamLead, Role.Operator, Role.DataSteward);
        var discreet = town.Local.Person(Role.SocialWorker, Role.TeamLead, Role.Operator, Role.DataProtectionOfficer);
        foreach (var (person, secrecy) in new[] { (official, "officialSecrecy"), (discreet, "discretion") })
        {
            await person.SignInAsync();
            town.Local.Attest(new TestAttestation(Secrecy: secrecy), person.Subject);
        }

        var clerk = town.Local.Person(Role.Clerk);
        await clerk.SignInAsync();
        town.Local.Attest(new TestAttestation("benefitClerk", "officialSecrecy"), clerk.Subject);
        // A suspension signs out; whoever signs in again is still suspended.
        await town.Local.MoveAsync(TimeSpan.FromMinutes(5));
        var before = Store(town);
        foreach (var (person, code) in new[]
        {
            (ended, "worker.suspended"), (suspended, "worker.suspended"), (nobody, "worker.notAttested"), (official, "secrecy.recipientNotBound"), (discreet, "secrecy.recipientNotBound"), (clerk, "person.roleMissing"), (other, "worker.otherTeam"),
        })
        {
            foreach (var row in Table)
            {
                var what = $"{row.Name}: {code}";
                if (person == other && row.At == Other.MakesOwn) continue;
                var (status, text) = await person.TryAsync(row.Method, row.Path(ids), row.FieldsOf(ids));
                if (row.At == Other.Counts) (status, text.Contains("\"made\"", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.OK, true), what);
                else if (person == other && row.At == Other.SeesOwn) status.ShouldBe(HttpStatusCode.OK, what);
                else
                {
                    status.ShouldBe(HttpStatusCode.Forbidden, what);
                    text.ShouldContain(code, customMessage: what);
                }

                // What this person typed just now may come back; what others did may not.
                if (row.Method == HttpMethod.Get) text.ShouldNotContain(Marked, customMessage: what);
                foreach (var id in new[] { received, made }.Where(id => row.At is Other.SeesOwn)) text.ShouldNotContain(id.ToString(), customMessage: what);
            }
        }

        // A session that was copied before its person signed out, and no session at all.
        var leaving = await town.Local.ColleagueAsync(ReferralTown.Team, Role.SocialWorker, Role.TeamLead, Role.ProtocolAuthor, Role.DataSteward);
        var copied = await leaving.CookieAsync();
        (await leaving.TryAsync(HttpMethod.Get, $"/verwijzingen/{received}")).Status.ShouldBe(HttpStatusCode.OK);
        (await leaving.TryAsync(HttpMethod.Post, "/afmelden")).Status.ShouldBe(HttpStatusCode.Found);
        using var bare = new HttpClient(new SocketsHttpHandler { UseCookies = false, UseProxy = false, AllowAutoRedirect = false });
        foreach (var cookie in new[] { copied, null })
        {
            foreach (var row in Table)
            {
                using var request = new HttpRequestMessage(row.Method, town.Local.Url + row.Path(ids));
                if (cookie is not null) request.Headers.Add("Cookie", cookie);
                if (row.Method == HttpMethod.Post) request.Content = new FormUrlEncodedContent(row.FieldsOf(ids).Select(field => KeyValuePair.Create(field.Item1, field.Item2)));
                using var answer = await bare.SendAsync(request);
                answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, row.Name);
                (await answer.Content.ReadAsStringAsync()).ShouldNotContain(Marked);
            }
        }

        Store(town).ShouldBe(before);
        (await lead.TryAsync(HttpMethod.Post, $"/verwijzingen/{received}/aanvaarden")).Status.ShouldBe(HttpStatusCode.Found);
        Store(town).ShouldNotBe(before);
    }

    private static List<string> Store(ReferralTown town) =>
    [
        .. town.Local.Query("SELECT id, direction, team, from_id, state, is_received, is_erased, record IS NULL, assigned_to, confirm_by, contacted_on, informed_on, next_on, outcome, code, erased_at FROM referral ORDER BY id"),
        .. town.Local.Query("SELECT referral_id, act, side FROM said_step ORDER BY sequence"), .. town.Local.Query("SELECT id FROM referral_attempt"), .. town.Local.Query("SELECT referral_id FROM consent_scan"),
        .. town.Local.Query("SELECT count(*) FROM work WHERE kind = 'referral.send'"), Directory.GetFiles(Path.Combine(town.Local.Data, "households")).Length.ToString(System.Globalization.CultureInfo.InvariantCulture),
    ];

    // What somebody of another team meets: nearly always a refusal.
    private enum Other
    {
        Refused,
        SeesOwn,
        MakesOwn,
        Counts,
    }

    private sealed record Ids(Guid Received, Guid Made, string Attestation);

    private sealed record Row(string Name, Other At = Other.Refused, bool IsOut = false, (string, string)[]? Fields = null)
    {
        public HttpMethod Method => Name.StartsWith("GET", StringComparison.Ordinal) ? HttpMethod.Get : HttpMethod.Post;

        public string Path(Ids ids) => Name[(Name.IndexOf(' ', StringComparison.Ordinal) + 1)..].Replace("{id:guid}", (IsOut ? ids.Made : ids.Received).ToString(), StringComparison.Ordinal)
            .Replace("/{protocol}/{organisation}/{service}", "/gbo-gedeeld-beroepsgeheim/caw-aalst/onthaal", StringComparison.Ordinal);

        public (string, string)[] FieldsOf(Ids ids) => Name.Contains("{protocol}", StringComparison.Ordinal) ? ReferralTests.Form() : Name.EndsWith("/toewijzen", StringComparison.Ordinal) ? [("aan", ids.Attestation)] : Fields ?? [];
    }
}
