using Bereik.Node.Configuration;
using Microsoft.AspNetCore.Http;

namespace Bereik.Node.Access;

// The cookie that holds a session's key, and nothing else.
internal static class SessionCookie
{
    // SECURITY: __Host- binds it to this host, to TLS and to no path. On this machine without TLS browsers keep no such cookie, and ports share cookies, so the name says whose it is.
    public static string Name(NodeSettings settings) => settings.PublicAddress.Scheme == "https" ? "__Host-bereik" : $"bereik-{settings.Organisation}";

    public static void Set(HttpContext context, NodeSettings settings, string value) => context.Response.Cookies.Append(Name(settings), value, Options(settings));

    public static void Clear(HttpContext context, NodeSettings settings) => context.Response.Cookies.Delete(Name(settings), Options(settings));

    // Lax: after the login the browser comes here from elsewhere. Without a lifetime: it ends with the browser.
    private static CookieOptions Options(NodeSettings settings) => new()
    {
        HttpOnly = true, Secure = settings.PublicAddress.Scheme == "https", SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true,
    };
}
