using Microsoft.AspNetCore.Builder;

namespace Bereik.Node.Ui;

/// <summary>The headers every answer of a node carries.</summary>
internal static class PageHeaders
{
    // SECURITY: nothing inline and nothing from elsewhere, so that an injected script or style finds no way in and no page leaks to a third party.
    internal const string ContentSecurityPolicy =
        "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; " +
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    // Passkeys are the only thing of the browser that a page needs.
    internal const string PermissionsPolicy =
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=(), " +
        "publickey-credentials-get=(self), publickey-credentials-create=(self)";

    internal static IApplicationBuilder Use(IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        context.Response.OnStarting(static state =>
        {
            var headers = ((Microsoft.AspNetCore.Http.HttpContext)state).Response.Headers;
            headers.ContentSecurityPolicy = ContentSecurityPolicy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            headers["Permissions-Policy"] = PermissionsPolicy;
            if (((Microsoft.AspNetCore.Http.HttpContext)state).Request.IsHttps) headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
            // An asset or a file of the public log says itself that it may be kept; whatever else this node answers may hold personal data.
            if (headers.CacheControl.ToString() is not "no-cache" and var said && !said.Contains("immutable", StringComparison.Ordinal)) headers.CacheControl = "no-store";
            return Task.CompletedTask;
        }, context);
        return next(context);
    });
}
