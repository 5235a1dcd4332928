using Bereik.Node.Configuration;
using Bereik.Node.Errors;
using Bereik.Node.Requests;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;

namespace Bereik.Node.Access;

// Who sits at a page, and whether this person may do what the route does.
internal sealed class PersonCheck(NodeSettings settings, IAntiforgery antiforgery)
{
    // SECURITY: whoever is at this machine is taken to be the configured person; the host filter and the antiforgery token keep
    // other sites' pages out. Sign-in replaces this.
    public async Task<IResult?> CheckAsync(HttpContext context, RouteAccess.People route)
    {
        _ = route;

        // A node signs; a person does not. Whoever signs is no person, also when it comes from this machine.
        if (context.Request.Headers.Authorization.Count > 0) return ErrorCatalogue.NotPermitted.Problem(cause: "person.signed");
        if (settings.Person is not { } person) return ErrorCatalogue.NotPermitted.Problem(cause: "person.absent");
        context.SetActor(new Actor.Person(person.Name, person.Role));
        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)) return null;

        // Where a route binds a form, the form was checked before, and one that did not pass cannot be read again.
        var isValid = context.Features.Get<IAntiforgeryValidationFeature>()?.IsValid ?? await antiforgery.IsRequestValidAsync(context);
        return isValid ? null : ErrorCatalogue.NotPermitted.Problem(cause: "form.stale");
    }
}
