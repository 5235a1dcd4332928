using Bereik.Node.Configuration;
using Bereik.Node.Errors;
using Bereik.Node.Requests;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Bereik.Node.Access;

// Who sits at a page, and whether this person may do what the route does.
internal sealed class PersonCheck(NodeSettings settings, IAntiforgery antiforgery, TimeProvider clock)
{
    public async Task<IResult?> CheckAsync(HttpContext context, RouteAccess.People route)
    {
        // A node or a machine signs; a person does not. Whoever signs is no person, also when a session's cookie came along.
        if (context.Request.Headers.Authorization.Count > 0) return ErrorCatalogue.NotPermitted.Problem(cause: "person.signed");
        if (settings.SignIn is null) return ErrorCatalogue.NotPermitted.Problem(cause: "person.noSignIn");
        var found = SessionHandler.Of(context);
        if (found?.Session is not { } session) return SignIn(context, found?.Code);
        var person = session.Person;
        context.SetActor(new Actor.Person(person));
        if (!person.Has(route.Right)) return ErrorCatalogue.NotPermitted.Problem(place: route.Right.Name, cause: "person.roleMissing");
        if (await IsUnprovenAsync(context, session, route.Right)) return Prove(context);
        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)) return null;

        // Where a route binds a form, the form was checked before, and one that did not pass cannot be read again.
        var isValid = context.Features.Get<IAntiforgeryValidationFeature>()?.IsValid ?? await antiforgery.IsRequestValidAsync(context);
        return isValid ? null : ErrorCatalogue.NotPermitted.Problem(cause: "form.stale");
    }

    private async Task<bool> IsUnprovenAsync(HttpContext context, Session session, Right right)
    {
        var isRecent = session.ProvenAt is { } proven && proven + Sessions.RecentProof >= clock.GetUtcNow();
        return right.Assurance switch
        {
            Assurance.SignedIn => false,
            Assurance.SecondFactor => session.ProvenAt is null,
            Assurance.RecentAfterFirst => !isRecent && await context.RequestServices.GetRequiredService<Passkeys>().HasAnyEnrolledAsync(right, context.RequestAborted),
            _ => !isRecent,
        };
    }

    // A page that was asked for is shown after the sign-in; a form or a program is told.
    private IResult SignIn(HttpContext context, string? code)
    {
        if (!IsPage(context)) return (code is null or "session.unknown" ? ErrorCatalogue.NotSignedIn : ErrorCatalogue.SessionEnded).Problem(cause: code);
        if (ElsewhereThan(context.Request) is { } address) return Results.Redirect(address);
        return new SignInSetup.Challenge(Here(context));
    }

    private static IResult Prove(HttpContext context) => IsPage(context)
        ? Results.LocalRedirect($"/sleutel?terug={Uri.EscapeDataString(Here(context))}")
        : ErrorCatalogue.ProofNeeded.Problem();

    // The sign-in begins and ends at one address, since its cookies do.
    private string? ElsewhereThan(HttpRequest request) =>
        string.Equals(request.Host.Value, settings.PublicAddress.Authority, StringComparison.OrdinalIgnoreCase) ? null : new Uri(settings.PublicAddress, Here(request.HttpContext)).ToString();

    private static string Here(HttpContext context) => $"{context.Request.Path}{context.Request.QueryString}";

    private static bool IsPage(HttpContext context) => HttpMethods.IsGet(context.Request.Method) && !context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal)
        && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
