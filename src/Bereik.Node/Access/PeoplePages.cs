using System.Text;
using Bereik.Node.Configuration;
using Bereik.Node.Errors;
using Bereik.Node.Requests;
using Bereik.Node.Storage;
using Bereik.Node.Ui;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Node.Access;

/// <summary>Signing in and out, the passkey, and what a person sees of both (nl: aanmelden, sleutel, account).</summary>
public static class PeoplePages
{
    private const int MostAnswerBytes = 16 * 1024;

    // What a failed sign-in may say of itself; anything else is the last.
    private static readonly string[] Codes = ["login.subject", "login.otherOrganisation", "login.targetGroup", "login.noRole", "login.refused", "login.failed"];

    /// <summary>Maps the pages of every node that people sign in to.</summary>
    /// <param name="routes">The node's routes.</param>
    public static void MapPeople(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/aanmelden", (string? terug) => new SignInSetup.Challenge(SignInSetup.Local(terug))).ForAnyone().WithSignInLimit();
        routes.MapGet("/aanmelden/mislukt", (string? code) => UiSetup.Page<SignInFailedPage>(new { Code = code is not null && Codes.Contains(code) ? code : Codes[^1] }, StatusCodes.Status403Forbidden)).ForAnyone();
        routes.MapGet("/afgemeld", () => UiSetup.Page<SignedOutPage>()).ForAnyone();
        routes.MapGet("/afgemeld/aanmelddienst", LeaveLoginAsync).ForAnyone();
        routes.MapPost("/afmelden", SignOutAsync).ForPeople(Rights.OwnAccount);

        routes.MapGet("/account", ShowAccountAsync).ForPeople(Rights.OwnAccount);
        routes.MapPost("/account/overal-afmelden", SignOutEverywhereAsync).ForPeople(Rights.OwnAccount);
        routes.MapPost("/account/sessies/{id:long}/beeindigen", EndSessionAsync).ForPeople(Rights.OwnAccount);
        routes.MapPost("/account/sleutels/{id}/intrekken", RevokeKeyAsync).ForPeople(Rights.OwnAccount);

        routes.MapGet("/sleutel", ShowProofAsync).ForPeople(Rights.OwnAccount);
        routes.MapPost("/sleutel/vraag", AskAsync).ForPeople(Rights.OwnAccount);
        routes.MapPost("/sleutel/antwoord", AnswerAsync).ForPeople(Rights.OwnAccount).WithSignInLimit();
        routes.MapPost("/sleutel/nieuw/vraag", AskNewAsync).ForPeople(Rights.OwnAccount);
        routes.MapPost("/sleutel/nieuw/antwoord", EnrolAsync).ForPeople(Rights.OwnAccount).WithSignInLimit();
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, Sessions sessions, NodeSettings settings, CancellationToken cancel)
    {
        var session = Session(context);
        await sessions.EndAsync(session.Subject, session.Id, cancel);
        return SignedOut(context, settings);
    }

    private static async Task<IResult> SignOutEverywhereAsync(HttpContext context, Sessions sessions, NodeSettings settings, CancellationToken cancel)
    {
        await sessions.EndAllAsync(Session(context).Subject, cancel);
        return SignedOut(context, settings);
    }

    private static IResult SignedOut(HttpContext context, NodeSettings settings)
    {
        SessionCookie.Clear(context, settings);
        return Results.LocalRedirect("/afgemeld");
    }

    // The login keeps a session of its own, which this node cannot end; the browser goes there to do so.
    private static async Task LeaveLoginAsync(HttpContext context, NodeSettings settings)
    {
        if (settings.SignIn is null)
        {
            await ErrorCatalogue.NotFound.Problem().ExecuteAsync(context);
            return;
        }

        try
        {
            await context.SignOutAsync(SignInSetup.Login, new AuthenticationProperties { RedirectUri = "/afgemeld" });
        }
        catch (Exception silent) when (silent is InvalidOperationException or HttpRequestException)
        {
            await ErrorCatalogue.Unavailable.Problem(cause: "login.unreachable").ExecuteAsync(context);
        }
    }

    private static async Task<IResult> EndSessionAsync(long id, HttpContext context, Sessions sessions, NodeSettings settings, CancellationToken cancel)
    {
        var session = Session(context);
        await sessions.EndAsync(session.Subject, id, cancel);
        return id == session.Id ? SignedOut(context, settings) : Results.LocalRedirect("/account");
    }

    private static async Task<IResult> RevokeKeyAsync(string id, HttpContext context, Passkeys passkeys, CancellationToken cancel) =>
        await passkeys.RevokeAsync(Session(context).Subject, id, cancel) == 1 ? Results.LocalRedirect("/account") : ErrorCatalogue.NotFound.Problem();

    private static async Task<IResult> ShowAccountAsync(HttpContext context, NodeDatabase database, Passkeys passkeys, CancellationToken cancel)
    {
        var session = Session(context);
        var sessions = await database.Sessions.AsNoTracking().Where(one => one.Subject == session.Subject).OrderByDescending(one => one.SeenAt).ToListAsync(cancel);
        return UiSetup.Page<AccountPage>(new
        {
            session.Person,
            Sessions = sessions.Select(one => new SessionView(one.Id, one.StartedAt, one.SeenAt, one.EndsAt, one.Id == session.Id)).ToList(),
            Keys = (await passkeys.OfAsync(session.Subject, cancel)).Select(key => new KeyView(key.Id, key.EnrolledAt, key.UsedAt)).ToList(),
        });
    }

    private static async Task<IResult> ShowProofAsync(string? terug, HttpContext context, Passkeys passkeys, CancellationToken cancel) =>
        UiSetup.Page<ProofPage>(new { Back = SignInSetup.Local(terug), HasKey = (await passkeys.OfAsync(Session(context).Subject, cancel)).Count > 0, passkeys.CanWork });

    private static async Task<IResult> AskAsync(HttpContext context, Passkeys passkeys, CancellationToken cancel) =>
        await passkeys.AskAsync(Session(context), cancel) is { } question ? Results.Content(question, "application/json") : ErrorCatalogue.NotPermitted.Problem(cause: "passkey.none");

    private static async Task<IResult> AnswerAsync(HttpContext context, Passkeys passkeys, Sessions sessions, NodeDatabase database, NodeSettings settings, TimeProvider clock, CancellationToken cancel)
    {
        var session = Session(context);
        return await ReadAsync(context, cancel) is { } answer && await passkeys.IsProvenAsync(session, answer, cancel)
            ? await ProvenAsync(context, session, sessions, database, settings, clock, cancel)
            : ErrorCatalogue.NotPermitted.Problem(cause: "passkey.refused");
    }

    private static async Task<IResult> AskNewAsync(HttpContext context, Passkeys passkeys, CancellationToken cancel) =>
        await ReadAsync(context, cancel) is { } code && await passkeys.AskNewAsync(Session(context), code, cancel) is { } question ? Results.Content(question, "application/json") : ErrorCatalogue.NotPermitted.Problem(cause: "passkey.code");

    private static async Task<IResult> EnrolAsync(HttpContext context, Passkeys passkeys, Sessions sessions, NodeDatabase database, NodeSettings settings, TimeProvider clock, CancellationToken cancel)
    {
        var session = Session(context);
        return await ReadAsync(context, cancel) is { } answer && await passkeys.EnrolAsync(session, answer, cancel)
            ? await ProvenAsync(context, session, sessions, database, settings, clock, cancel)
            : ErrorCatalogue.NotPermitted.Problem(cause: "passkey.refused");
    }

    // Who can do more from here on gets a new key in the cookie.
    private static async Task<IResult> ProvenAsync(HttpContext context, Session session, Sessions sessions, NodeDatabase database, NodeSettings settings, TimeProvider clock, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await database.Sessions.Where(one => one.Id == session.Id).ExecuteUpdateAsync(set => set.SetProperty(one => one.ProvenAt, now), cancel);
        var key = await database.Sessions.Where(one => one.Id == session.Id).Select(one => one.Key).SingleOrDefaultAsync(cancel);
        if (key is not null && await sessions.RenewAsync(key, now, cancel) is { } renewed) SessionCookie.Set(context, settings, renewed);
        return Results.NoContent();
    }

    // Read as text: what a browser's authenticator says is read by the library, and no more than it ever is long.
    private static async Task<string?> ReadAsync(HttpContext context, CancellationToken cancel)
    {
        var buffer = new byte[MostAnswerBytes + 1];
        var length = await context.Request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel);
        return length > MostAnswerBytes ? null : Encoding.UTF8.GetString(buffer, 0, length);
    }

    private static Session Session(HttpContext context) => SessionHandler.Of(context)!.Session!;
}

/// <summary>A session on the page of one's account.</summary>
/// <param name="Id">Id.</param>
/// <param name="StartedAt">Since when.</param>
/// <param name="SeenAt">Last used.</param>
/// <param name="EndsAt">Ends at the latest.</param>
/// <param name="IsThis">Whether it is the one that asks.</param>
public sealed record SessionView(long Id, DateTimeOffset StartedAt, DateTimeOffset SeenAt, DateTimeOffset EndsAt, bool IsThis);

/// <summary>A passkey on the page of one's account.</summary>
/// <param name="Id">Credential id.</param>
/// <param name="EnrolledAt">Since when.</param>
/// <param name="UsedAt">Last used.</param>
public sealed record KeyView(string Id, DateTimeOffset EnrolledAt, DateTimeOffset? UsedAt);
