using System.Reflection;
using Bereik.Node.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Bereik.Node.Ui;

/// <summary>Gives a node its pages: texts, formats, layout, assets, language and the headers that keep a page to itself.</summary>
public static class UiSetup
{
    /// <summary>Registers what pages need.</summary>
    /// <param name="services">The node's services.</param>
    /// <param name="node">The node's own assembly, whose <c>Resources/Texts.resx</c> goes before the shared texts.</param>
    /// <param name="frame">Fills the frame of every page.</param>
    public static IServiceCollection AddBereikUi(this IServiceCollection services, Assembly node, PageFrameSource frame)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(frame);
        services.AddRazorComponents();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(frame);
        services.AddSingleton<Formats>();
        services.AddSingleton(provider => new Texts([node], provider.GetRequiredService<IHostEnvironment>().IsDevelopment()));
        return services;
    }

    /// <summary>Language of the request, page headers and the check of forms; before any page.</summary>
    public static IApplicationBuilder UseBereikUi(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        return app.UseBereikPageHeaders().UseRequestLocalization(Language.Options()).UseAntiforgery();
    }

    /// <summary>Headers alone, for a node without pages: no inline code, no third party, no framing, no storing.</summary>
    public static IApplicationBuilder UseBereikPageHeaders(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        return PageHeaders.Use(app);
    }

    /// <summary>Maps <c>/assets</c>, <c>/taal</c> and, in Development only, <c>/stijl</c>.</summary>
    public static IEndpointRouteBuilder MapBereikUi(this IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        PageAssets.Map(routes);
        Language.Map(routes);
        if (routes.ServiceProvider.GetRequiredService<IHostEnvironment>().IsDevelopment())
            routes.MapGet("/stijl", static () => Page<StylePage>()).ForAnyone().ExcludeFromDescription();
        return routes;
    }

    /// <summary>A page as the answer of a route.</summary>
    /// <typeparam name="TPage">The page component.</typeparam>
    /// <param name="parameters">Its parameters as an anonymous object, or null for none.</param>
    /// <param name="status">HTTP status, such as 400 for a form with errors.</param>
    public static RazorComponentResult<TPage> Page<TPage>(object? parameters = null, int status = StatusCodes.Status200OK)
        where TPage : Microsoft.AspNetCore.Components.IComponent =>
        new(parameters ?? new { }) { StatusCode = status, PreventStreamingRendering = true };
}
