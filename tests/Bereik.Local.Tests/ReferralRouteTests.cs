using System.Net;
using Bereik.Domain;
using Bereik.Node.Access;
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
        new("GET /vandaag", Other.SeesOwn),
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
        var routes = town.Local.RoutesOf(Of, "/doorverwijzen", "/verwijzingen", "/v1/referrals");
        routes.Select(route => route.Name).Order(StringComparer.Ordinal).ShouldBe(Table.Select(row => row.Name).Order(StringComparer.Ordinal));

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
            var (status, text) = await lead.TryAsync(row.Method, row.Path(ids));
            status.ShouldBe(HttpStatusCode.OK, row.Name);
            if (row.At == Other.Counts) text.ShouldContain("\"made\"");
        }

        var strangers = await Unwelcome.ArriveAsync(town.Local, Workplace.Ocmw, $"/verwijzingen/{received}");
        var before = Store(town);
        await strangers.AreRefusedAsync([.. Table.Select(row => new Attempt(row.Name, routes.Single(route => route.Name == row.Name).Right, row.Path(ids), row.FieldsOf(ids), row.At)
        {
            // What somebody typed just now may come back; what others did may not.
            Hidden = [.. row.Method == HttpMethod.Get ? [Marked] : Array.Empty<string>(), .. row.At == Other.SeesOwn ? [received.ToString(), made.ToString()] : Array.Empty<string>()],
        })]);

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

    private sealed record Ids(Guid Received, Guid Made, string Attestation);

    private sealed record Row(string Name, Other At = Other.Refused, bool IsOut = false, (string, string)[]? Fields = null)
    {
        public HttpMethod Method => Name.StartsWith("GET", StringComparison.Ordinal) ? HttpMethod.Get : HttpMethod.Post;

        public string Path(Ids ids) => Name[(Name.IndexOf(' ', StringComparison.Ordinal) + 1)..].Replace("{id:guid}", (IsOut ? ids.Made : ids.Received).ToString(), StringComparison.Ordinal)
            .Replace("/{protocol}/{organisation}/{service}", "/gbo-gedeeld-beroepsgeheim/caw-aalst/onthaal", StringComparison.Ordinal);

        public (string, string)[] FieldsOf(Ids ids) => Name.Contains("{protocol}", StringComparison.Ordinal) ? ReferralTests.Form() : Name.EndsWith("/toewijzen", StringComparison.Ordinal) ? [("aan", ids.Attestation)] : Fields ?? [];
    }
}
