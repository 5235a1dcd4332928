using Bereik.Node.Errors;
using Microsoft.AspNetCore.Builder;

namespace Bereik.Node.Api;

/// <summary>
/// One operation of a node's interface, as its OpenAPI document tells it (nl: bewerking). It stands beside the route's handler; what it says of input is also what the node refuses.
/// </summary>
/// <param name="Id">The operationId: lowerCamelCase, one in a document.</param>
/// <param name="Summary">One line.</param>
public sealed record ApiOperation(string Id, string Summary)
{
    /// <summary>More than the summary says; Markdown.</summary>
    public string? Description { get; init; }

    /// <summary>The body that it takes; null for none.</summary>
    public ApiBody? Takes { get; init; }

    /// <summary>Every answer that is no error; at least one.</summary>
    public required IReadOnlyList<ApiAnswer> Answers { get; init; }

    /// <summary>The errors of this operation, besides those that every operation of its kind has.</summary>
    public IReadOnlyList<NodeError> Errors { get; init; } = [];

    /// <summary>What a parameter is, by its name, where the common words do not say it.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();
}

/// <summary>A body (nl: inhoud).</summary>
/// <param name="MediaType">Its media type, without parameters.</param>
/// <param name="Shape">The type that has its shape; <see cref="string"/> for a text.</param>
/// <param name="Example">One that could be; synthetic.</param>
public sealed record ApiBody(string MediaType, Type Shape, object Example)
{
    /// <summary>A JSON body of the shape of its example.</summary>
    /// <typeparam name="T">The shape.</typeparam>
    /// <param name="example">One that could be; synthetic.</param>
    public static ApiBody Json<T>(T example) where T : notnull => new("application/json", typeof(T), example);

    /// <summary>A body of text.</summary>
    /// <param name="mediaType">Its media type.</param>
    /// <param name="example">One that could be; synthetic.</param>
    public static ApiBody Text(string mediaType, string example) => new(mediaType, typeof(string), example);
}

/// <summary>An answer that is no error (nl: antwoord).</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Text">What it means.</param>
/// <param name="Body">Its body; null for none.</param>
public sealed record ApiAnswer(int Status, string Text, ApiBody? Body = null)
{
    /// <summary>A JSON answer of the shape of its example.</summary>
    /// <typeparam name="T">The shape.</typeparam>
    /// <param name="status">HTTP status.</param>
    /// <param name="text">What it means.</param>
    /// <param name="example">One that could be; synthetic.</param>
    public static ApiAnswer Json<T>(int status, string text, T example) where T : notnull => new(status, text, ApiBody.Json(example));
}

/// <summary>Describes a route.</summary>
public static class ApiOperationConventions
{
    /// <summary>Says what the route is in the interface; a route under <c>/v1</c> has one.</summary>
    /// <typeparam name="TBuilder">The route.</typeparam>
    /// <param name="route">The route.</param>
    /// <param name="operation">What it takes and answers.</param>
    public static TBuilder As<TBuilder>(this TBuilder route, ApiOperation operation) where TBuilder : IEndpointConventionBuilder => route.WithMetadata(operation);
}
