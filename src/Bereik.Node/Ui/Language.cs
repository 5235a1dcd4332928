using System.Globalization;
using Bereik.Node.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Routing;

namespace Bereik.Node.Ui;

/// <summary>Dutch unless the person chose English; the choice is kept in a cookie, never in an address.</summary>
internal static class Language
{
    private const string Cookie = "bereik-taal";

    /// <summary>Language of the current request: <c>nl</c> or <c>en</c>.</summary>
    internal static string Current => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "en" ? "en" : "nl";

    /// <summary>Path that switches the language and returns to <paramref name="back"/>.</summary>
    internal static string SwitchPath(string language, string back) => $"/taal/{language}?terug={Uri.EscapeDataString(back)}";

    internal static RequestLocalizationOptions Options()
    {
        CultureInfo[] cultures = [CultureInfo.GetCultureInfo("nl-BE"), CultureInfo.GetCultureInfo("en-BE")];
        return new RequestLocalizationOptions
        {
            DefaultRequestCulture = new RequestCulture(cultures[0]),
            SupportedCultures = cultures,
            SupportedUICultures = cultures,
            RequestCultureProviders =
            [
                new CustomRequestCultureProvider(static context => Task.FromResult<ProviderCultureResult?>(
                    context.Request.Cookies[Cookie] == "en" ? new ProviderCultureResult("en-BE") : null)),
            ],
        };
    }

    internal static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var language in new[] { "nl", "en" })
        {
            routes.MapGet($"/taal/{language}", (string? terug, HttpContext context) => Switch(language, terug, context)).ForAnyone().ExcludeFromDescription();
        }
    }

    private static RedirectHttpResult Switch(string language, string? terug, HttpContext context)
    {
        context.Response.Cookies.Append(Cookie, language, new CookieOptions
        {
            HttpOnly = true,
            IsEssential = true,
            MaxAge = TimeSpan.FromDays(365),
            Path = "/",
            SameSite = SameSiteMode.Lax,
            Secure = context.Request.IsHttps,
        });
        // SECURITY: only a path of this node; anything else goes to the first page.
        return TypedResults.LocalRedirect(terug is not null && terug.StartsWith('/') && RedirectHttpResult.IsLocalUrl(terug) ? terug : "/");
    }
}
