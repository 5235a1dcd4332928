namespace Bereik.Node.Api;

/// <summary>One thing that is wrong with the input (nl: invoerfout), as the belgif REST guide tells it in <c>issues</c>; never a value that was read.</summary>
/// <param name="Type">Type of the issue, a URN.</param>
/// <param name="In">Where: <c>path</c>, <c>query</c>, <c>header</c> or <c>body</c>.</param>
/// <param name="Name">Name of the parameter, header or member; absent where the whole is meant, or where the name is the caller's own.</param>
/// <param name="Detail">What is wrong.</param>
public sealed record InputIssue(string Type, string In, string? Name, string Detail)
{
    /// <summary>Something that this operation does not take.</summary>
    public const string UnknownInput = "urn:problem-type:belgif:input-validation:unknownInput";

    /// <summary>Something that does not have its agreed shape.</summary>
    public const string SchemaViolation = "urn:problem-type:belgif:input-validation:schemaViolation";

    /// <summary>A national number in a place that logs and proxies keep.</summary>
    public const string SensitiveInput = "urn:problem-type:bereik:input-validation:sensitiveInput";

    /// <summary>Something that this operation does not take.</summary>
    /// <param name="place">Where.</param>
    public static InputIssue Unknown(string place) => new(UnknownInput, place, null, "This is not taken here.");

    /// <summary>Something that does not have its agreed shape.</summary>
    /// <param name="place">Where.</param>
    /// <param name="name">Its name in the interface.</param>
    public static InputIssue Shape(string place, string? name) => new(SchemaViolation, place, name, "This does not have the agreed shape.");

    /// <summary>A national number outside a body.</summary>
    /// <param name="place">Where.</param>
    public static InputIssue Sensitive(string place) => new(SensitiveInput, place, null, "A national number is never taken in a path, query or header.");
}
