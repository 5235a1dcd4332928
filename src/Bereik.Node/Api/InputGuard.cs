using System.Globalization;
using System.Text.RegularExpressions;
using Bereik.Node.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Bereik.Node.Api;

// What a request may not bring, whoever makes it (belgif REST guide: sens-dat, req-valid).
internal static partial class InputGuard
{
    // SECURITY: stands before everything else, so that such a path reaches no route, no other node and no log.
    public static IApplicationBuilder UseSensitiveInputGuard(this IApplicationBuilder app) => app.Use(static (context, next) =>
        FindNumber(context.Request) is { } place ? ErrorCatalogue.BadRequest.Problem(issues: [InputIssue.Sensitive(place)]).ExecuteAsync(context) : next(context));

    // Behind the gate: what an operation takes is told to whoever may call it.
    public static IApplicationBuilder UseOperationGuard(this IApplicationBuilder app) => app.Use(static (context, next) =>
        context.GetEndpoint() is RouteEndpoint route && route.Metadata.GetMetadata<ApiOperation>() is { } operation && FindIssues(context.Request, route, operation) is { Count: > 0 } issues
            ? ErrorCatalogue.BadRequest.Problem(issues[0].Name, issues: issues).ExecuteAsync(context)
            : next(context));

    private static List<InputIssue> FindIssues(HttpRequest request, RouteEndpoint route, ApiOperation operation)
    {
        var issues = new List<InputIssue>();
        var known = QueryParameters(route).ToDictionary(parameter => parameter.Name, parameter => parameter.Type, StringComparer.Ordinal);
        foreach (var (name, values) in request.Query)
        {
            if (!known.TryGetValue(name, out var type)) issues.Add(InputIssue.Unknown("query"));
            else if (values.Count != 1 || !IsOf(type, values[0])) issues.Add(InputIssue.Shape("query", name));
        }

        var hasBody = request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0;
        if (operation.Takes is null && hasBody) issues.Add(InputIssue.Unknown("body"));
        if (operation.Takes is { } body && !IsMedia(request.ContentType, body.MediaType)) issues.Add(InputIssue.Shape("header", "Content-Type"));
        return [.. issues.Distinct()];
    }

    // As the framework binds them: what is in no place of the path and is read from text.
    internal static IEnumerable<(string Name, Type Type)> QueryParameters(RouteEndpoint route) => route.Metadata.OfType<IParameterBindingMetadata>()
        .Where(parameter => (parameter.HasTryParse || parameter.ParameterInfo.ParameterType == typeof(string)) && !parameter.HasBindAsync && route.RoutePattern.GetParameter(parameter.Name) is null)
        .Select(parameter => (parameter.Name, Nullable.GetUnderlyingType(parameter.ParameterInfo.ParameterType) ?? parameter.ParameterInfo.ParameterType));

    private static bool IsOf(Type type, string? text) =>
        type == typeof(int) ? int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _)
        : type == typeof(long) ? long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _)
        : type == typeof(Guid) ? Guid.TryParseExact(text, "D", out _)
        : !string.IsNullOrEmpty(text);

    private static bool IsMedia(string? given, string agreed) =>
        Microsoft.Net.Http.Headers.MediaTypeHeaderValue.TryParse(given, out var media) && media.MediaType.Equals(agreed, StringComparison.OrdinalIgnoreCase)
        && (!media.Charset.HasValue || media.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    private static string? FindNumber(HttpRequest request)
    {
        if (HasNumber(request.Path.Value, isChecked: false)) return "path";
        if (request.Query.Any(one => HasNumber(one.Key, isChecked: false) || one.Value.Any(value => HasNumber(value, isChecked: false)))) return "query";
        return request.Headers.Any(header => header.Value.Any(value => HasNumber(value, isChecked: true))) ? "header" : null;
    }

    // A national number as people and programs write it; with letters or more digits at either end it is something else. In an address nothing of this node looks like one,
    // so one that was mistyped is refused too; headers hold numbers of many kinds, so there its check digits must be right.
    internal static bool HasNumber(string? text, bool isChecked)
    {
        if (text is null) return false;
        foreach (var match in Number().EnumerateMatches(text))
        {
            if (!isChecked) return true;
            long digits = 0;
            foreach (var sign in text.AsSpan(match.Index, match.Length))
            {
                if (char.IsAsciiDigit(sign)) digits = (digits * 10) + (sign - '0');
            }

            var (first, check) = (digits / 100, digits % 100);
            if (97 - (first % 97) == check || 97 - ((2_000_000_000 + first) % 97) == check) return true;
        }

        return false;
    }

    [GeneratedRegex(@"(?<![0-9A-Za-z])[0-9]{2}[ ./-]?[0-9]{2}[ ./-]?[0-9]{2}[ ./-]?[0-9]{3}[ ./-]?[0-9]{2}(?![0-9A-Za-z])", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
