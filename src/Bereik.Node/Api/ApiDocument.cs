using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bereik.Domain;
using Bereik.Node.Configuration;
using Bereik.Node.Errors;
using Bereik.Node.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace Bereik.Node.Api;

/// <summary>
/// The node's interface as an OpenAPI 3.1 document (nl: beschrijving van de koppeling), made from the routes that have an <see cref="ApiOperation"/>: what is told is what runs.
/// </summary>
internal static class ApiDocument
{
    public const string Path = "/v1/openapi.json";

    private const string Name = "v1";

    private static readonly Dictionary<string, string> CommonParameters = new(StringComparer.Ordinal)
    {
        ["id"] = "Its id.",
        ["after"] = "Cursor: the `next` of the page before; absent for the first page.",
        ["limit"] = $"The most items of a page, 1 to {Paging.Most}; {Paging.Usual} when absent.",
    };

    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void AddNodeApi(this IServiceCollection services)
    {
        services.AddSingleton<IApiDescriptionProvider, OperationBodies>();
        services.AddOpenApi(Name, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.ShouldInclude = static described => OperationOf(described) is not null;
            options.AddSchemaTransformer(ApiSchemas.TransformAsync);
            options.AddOperationTransformer(TransformAsync);
            options.AddDocumentTransformer(TransformAsync);
        });
        services.AddSingleton<Copy>();
    }

    public static void MapNodeApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet(Path, async (Copy copy, CancellationToken cancel) => Results.Bytes(await copy.ReadAsync(cancel), "application/json; charset=utf-8")).ForAnyone();

    private static ApiOperation? OperationOf(ApiDescription described) => described.ActionDescriptor.EndpointMetadata.OfType<ApiOperation>().SingleOrDefault();

    private static async Task TransformAsync(OpenApiOperation told, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        var operation = OperationOf(context.Description)!;
        var access = context.Description.ActionDescriptor.EndpointMetadata.OfType<RouteAccess>().Single();
        var json = context.ApplicationServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        (told.OperationId, told.Summary, told.Description) = (operation.Id, operation.Summary, operation.Description);
        told.Tags?.Clear();
        foreach (var parameter in told.Parameters ?? []) DescribeParameter((OpenApiParameter)parameter, operation);
        if (operation.Takes is { } takes && told.RequestBody is OpenApiRequestBody body)
        {
            body.Required = true;
            foreach (var media in body.Content!.Values) media.Example = ExampleOf(takes, json);
        }

        foreach (var answer in operation.Answers)
        {
            var response = (OpenApiResponse)told.Responses![answer.Status.ToString(System.Globalization.CultureInfo.InvariantCulture)];
            response.Description = answer.Text;
            response.Headers = HeadersOf(context.Document!, access, operation);
            foreach (var media in response.Content?.Values ?? []) media.Example = ExampleOf(answer.Body!, json);
        }

        var problem = new OpenApiSchemaReference(nameof(ProblemTold), context.Document);
        foreach (var errors in ErrorsOf(operation, access).GroupBy(error => error.Status).OrderBy(group => group.Key))
        {
            var response = new OpenApiResponse
            {
                Description = string.Join(" ", errors.Select(error => error.TextEnglish)),
                Headers = HeadersOf(context.Document!, access, operation),
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/problem+json"] = new()
                    {
                        Schema = problem,
                        Examples = errors.ToDictionary(error => error.Code, IOpenApiExample (error) => new OpenApiExample { Summary = error.TextEnglish, Value = ExampleOf(error, json) }),
                    },
                },
            };
            if (errors.Key == StatusCodes.Status429TooManyRequests) response.Headers["Retry-After"] = Shared("Retry-After", "Seconds until it may be tried again.", JsonSchemaType.Integer, context.Document!);
            told.Responses![errors.Key.ToString(System.Globalization.CultureInfo.InvariantCulture)] = response;
        }

        told.Security = SecurityOf(access, operation, context.Document!);
        await Task.CompletedTask.WaitAsync(cancel);
    }

    private static void DescribeParameter(OpenApiParameter parameter, ApiOperation operation)
    {
        var name = parameter.Name!;
        parameter.Description = operation.Parameters.GetValueOrDefault(name) ?? CommonParameters.GetValueOrDefault(name);
        parameter.Example = (parameter.Schema as OpenApiSchema) switch
        {
            { Format: "uuid" } => ApiExamples.Id.ToString("D"),
            { Type: { } type } when type.HasFlag(JsonSchemaType.Integer) => name == "limit" ? Paging.Usual : 0,
            _ => name switch { "after" => "17", "purpose" => "automaticGrant", _ => null },
        };
        if (name != "limit" || parameter.Schema is not OpenApiSchema limit) return;
        (limit.Minimum, limit.Maximum, limit.Default) = ("1", Paging.Most.ToString(System.Globalization.CultureInfo.InvariantCulture), Paging.Usual);
    }

    private static async Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancel)
    {
        var settings = context.ApplicationServices.GetRequiredService<NodeSettings>();
        var kind = settings.Kinds.Count > 0 ? settings.Kinds[0] : (OrganisationKind?)null;
        document.Info = new OpenApiInfo { Title = TitleOf(kind), Version = "1.0.0", Description = Guide, License = new OpenApiLicense { Name = "EUPL-1.2", Identifier = "EUPL-1.2" } };
        document.Servers = [new OpenApiServer { Url = "/", Description = "This node." }];
        document.Tags = null;
        document.AddComponent(nameof(ProblemTold), await context.GetOrCreateSchemaAsync(typeof(ProblemTold), null, cancel));
        document.Components!.SecuritySchemes = ApiSecurity.Schemes(kind is OrganisationKind.Hub, kind is OrganisationKind.Pseudonymiser);
    }

    private static string TitleOf(OrganisationKind? kind) => kind switch
    {
        OrganisationKind.Hub => "Bereik hub (knooppunt)",
        OrganisationKind.Pseudonymiser => "Bereik pseudonymiser (pseudonimiseringsdienst)",
        OrganisationKind.Source => "Bereik source (bron)",
        _ => "Bereik local node (lokaal knooppunt)",
    };

    private const string Guide =
        "Follows the belgif REST guide. A national number is never taken in a path, query or header. What an operation does not know is refused. Every answer has its own `BelGov-Trace-Id`. " +
        "Errors are problems (RFC 9457) with a stable `code`; `detail` and `text` are for people, in Dutch. All data in the examples are made up.";

    private static IEnumerable<NodeError> ErrorsOf(ApiOperation operation, RouteAccess access)
    {
        IEnumerable<NodeError> ofAccess = access switch
        {
            RouteAccess.Nodes => [ErrorCatalogue.NoAccessToken, ErrorCatalogue.InvalidAccessToken, ErrorCatalogue.ExpiredAccessToken, ErrorCatalogue.MissingScope, ErrorCatalogue.NoSignature, ErrorCatalogue.BadSignature, ErrorCatalogue.NotPermitted, ErrorCatalogue.TooManyFailedRequests],
            RouteAccess.People => [ErrorCatalogue.NotSignedIn, ErrorCatalogue.SessionEnded, ErrorCatalogue.NotPermitted, ErrorCatalogue.ProofNeeded, ErrorCatalogue.TooManyFailedRequests],
            _ => [],
        };
        IEnumerable<NodeError> always = operation == Health.Api ? [ErrorCatalogue.BadRequest, ErrorCatalogue.Internal] : [ErrorCatalogue.BadRequest, ErrorCatalogue.TooManyRequests, ErrorCatalogue.Internal];
        return ofAccess.Concat(operation.Errors).Concat(always).Distinct();
    }

    private static List<OpenApiSecurityRequirement> SecurityOf(RouteAccess access, ApiOperation operation, OpenApiDocument document) => access switch
    {
        RouteAccess.OwnCheck when operation.Errors.Contains(ErrorCatalogue.NoSignature) => [Needs(document, ApiSecurity.Body)],
        RouteAccess.Nodes => [Needs(document, ApiSecurity.Token, ApiSecurity.Request)],
        RouteAccess.People { Scope: { } scope } => [Needs(document, ApiSecurity.Session), Needs(document, (ApiSecurity.Token, [ApiSecurity.Word(scope)]))],
        RouteAccess.People => [Needs(document, ApiSecurity.Session)],
        _ => [],
    };

    private static OpenApiSecurityRequirement Needs(OpenApiDocument document, params string[] schemes) => Needs(document, [.. schemes.Select(scheme => (scheme, new List<string>()))]);

    private static OpenApiSecurityRequirement Needs(OpenApiDocument document, params (string Scheme, List<string> Scopes)[] schemes)
    {
        var needed = new OpenApiSecurityRequirement();
        foreach (var (scheme, scopes) in schemes) needed[new OpenApiSecuritySchemeReference(scheme, document)] = scopes;
        return needed;
    }

    private static Dictionary<string, IOpenApiHeader> HeadersOf(OpenApiDocument document, RouteAccess access, ApiOperation operation)
    {
        var headers = new Dictionary<string, IOpenApiHeader>
        {
            [Trace.Header] = Shared(Trace.Header, "This node's own id of the request, a UUID.", JsonSchemaType.String, document),
            [Trace.RelatedHeader] = Shared(Trace.RelatedHeader, "The caller's `BelGov-Trace-Id`, when it sent one.", JsonSchemaType.String, document),
        };
        if (operation == Health.Api) return headers;
        headers["RateLimit-Policy"] = Shared("RateLimit-Policy", "How many requests this caller may make, and in how many seconds.", JsonSchemaType.String, document);
        headers["RateLimit"] = Shared("RateLimit", "How many are left.", JsonSchemaType.String, document);
        return headers;
    }

    private static OpenApiHeaderReference Shared(string name, string text, JsonSchemaType type, OpenApiDocument document)
    {
        if (document.Components?.Headers?.ContainsKey(name) != true) document.AddComponent(name, new OpenApiHeader { Description = text, Schema = new OpenApiSchema { Type = type } });
        return new OpenApiHeaderReference(name, document);
    }

    private static JsonNode ExampleOf(ApiBody body, JsonSerializerOptions json) => JsonSerializer.SerializeToNode(body.Example, body.Shape, json)!;

    private static JsonNode ExampleOf(NodeError error, JsonSerializerOptions json) => JsonSerializer.SerializeToNode(
        new ProblemTold(error.Type, error.Code, error.Status, error.Text, $"urn:uuid:{ApiExamples.Id:D}", error.Code)
        {
            Issues = error == ErrorCatalogue.BadRequest ? [InputIssue.Unknown("query")] : null,
        },
        json)!;

    // The document is the same as long as the process runs, and is made once.
    internal sealed class Copy([FromKeyedServices(Name)] IOpenApiDocumentProvider provider) : IDisposable
    {
        private readonly SemaphoreSlim one = new(1, 1);
        private byte[]? made;

        public async Task<byte[]> ReadAsync(CancellationToken cancel)
        {
            if (made is { } ready) return ready;
            await one.WaitAsync(cancel);
            try
            {
                if (made is not null) return made;
                var document = await provider.GetOpenApiDocumentAsync(cancel);
                using var text = new MemoryStream();
                await document.SerializeAsJsonAsync(text, OpenApiSpecVersion.OpenApi3_1, cancel);
                return made = Encoding.UTF8.GetBytes(Simplified(JsonNode.Parse(text.ToArray())!).ToJsonString(Written) + "\n");
            }
            finally
            {
                one.Release();
            }
        }

        public void Dispose() => one.Dispose();

        // What may be absent is told as absent; the framework has it as a choice with null.
        private static JsonNode Simplified(JsonNode node)
        {
            if (node is JsonArray items)
            {
                for (var i = 0; i < items.Count; i++) items[i] = items[i] is { } item ? Simplified(item.DeepClone()) : null;
                return items;
            }

            if (node is not JsonObject members) return node;
            if (members["oneOf"] is JsonArray { Count: 2 } choice && choice.SingleOrDefault(one => (string?)one!["type"] != "null") is { } other) return Simplified(other.DeepClone());
            foreach (var name in members.Select(member => member.Key).ToList()) members[name] = members[name] is { } value ? Simplified(value.DeepClone()) : null;
            return members;
        }
    }

    // Bodies and answers of an operation, for the framework's own description of its route: a handler that reads a stream does not say what is in it.
    private sealed class OperationBodies : IApiDescriptionProvider
    {
        public int Order => 0;

        public void OnProvidersExecuting(ApiDescriptionProviderContext context)
        {
            foreach (var described in context.Results)
            {
                if (OperationOf(described) is not { } operation) continue;
                described.SupportedResponseTypes.Clear();
                foreach (var answer in operation.Answers)
                {
                    described.SupportedResponseTypes.Add(new ApiResponseType
                    {
                        StatusCode = answer.Status,
                        Type = answer.Body?.Shape,
                        ModelMetadata = answer.Body is null ? null : Metadata(answer.Body.Shape),
                        ApiResponseFormats = answer.Body is null ? [] : [new ApiResponseFormat { MediaType = answer.Body.MediaType }],
                    });
                }

                if (operation.Takes is not { } body) continue;
                described.SupportedRequestFormats.Clear();
                described.SupportedRequestFormats.Add(new ApiRequestFormat { MediaType = body.MediaType });
                described.ParameterDescriptions.Add(new ApiParameterDescription { Name = "body", Source = BindingSource.Body, Type = body.Shape, IsRequired = true, ModelMetadata = Metadata(body.Shape) });
            }
        }

        public void OnProvidersExecuted(ApiDescriptionProviderContext context)
        {
        }

        private static ModelMetadata Metadata(Type type) => new EmptyModelMetadataProvider().GetMetadataForType(type);
    }
}
