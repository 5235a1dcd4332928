using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Bereik.Domain;
using Bereik.Node.Storage;

namespace Bereik.Node.Decisions;

/// <summary>One decision as it was made (nl: beslissing in het register): who asked what, under which text, on which facts, and what came of it.</summary>
public sealed class DecisionRecord
{
    /// <summary>Number in this store, in the order in which they were made.</summary>
    public long Sequence { get; init; }

    /// <summary>A random id, by which the decision is explained.</summary>
    public required string Id { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary><c>order</c>, <c>release</c> or <c>use</c>.</summary>
    public required string Point { get; init; }

    /// <summary>What was asked, for example <c>list.open</c>.</summary>
    public required string Act { get; init; }

    /// <summary>Id of the order or list that it is about, never a person.</summary>
    public required string Subject { get; init; }

    /// <summary>The organisation that asked, or who sat at this workplace.</summary>
    public required string Who { get; init; }

    /// <summary>Id of the protocol.</summary>
    public required string Protocol { get; init; }

    /// <summary>Its version.</summary>
    public required string ProtocolVersion { get; init; }

    /// <summary>Hash of its text; empty when the node did not have it.</summary>
    public required string ProtocolHash { get; init; }

    /// <summary><c>permit</c>, <c>hold</c> or <c>refuse</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>Codes of all reasons, with a space between them.</summary>
    public required string Reasons { get; init; }

    /// <summary>The request and the facts, as JSON.</summary>
    public required string Facts { get; init; }

    /// <summary>For how many households a release came out this way; null elsewhere.</summary>
    public int? Households { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"decision {Id}";
}

/// <summary>Writes decisions to a node's store, in the transaction of what they permit.</summary>
public static class DecisionLog
{
    private static readonly JsonSerializerOptions Written = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DictionaryKeyPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new WholeSeconds() },
    };

    /// <summary>Adds a decision; it is saved with the rest of the unit of work.</summary>
    /// <param name="database">The node's store.</param>
    /// <param name="decision">What was decided.</param>
    /// <param name="context">What it was about.</param>
    /// <param name="request">The request that was decided on.</param>
    /// <param name="facts">The facts; nothing about one person.</param>
    /// <param name="households">For a release, how many households it came out the same for.</param>
    /// <returns>The id by which it is explained.</returns>
    public static string LogDecision(this NodeDatabase database, Decision decision, DecisionContext context, object request, object facts, int? households = null)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(decision);
        ArgumentNullException.ThrowIfNull(context);
        var id = Guid.NewGuid().ToString("D");
        database.Decisions.Add(new DecisionRecord
        {
            Id = id,
            At = context.At,
            Point = Word(context.Point),
            Act = context.Act,
            Subject = context.Subject,
            Who = context.Who,
            Protocol = context.Protocol,
            ProtocolVersion = context.ProtocolVersion,
            ProtocolHash = context.ProtocolHash,
            Outcome = Word(decision.Outcome),
            Reasons = string.Join(' ', decision.Reasons.Select(reason => reason.Code)),
            Facts = JsonSerializer.Serialize(new { request, facts }, Written),
            Households = households,
        });
        return id;
    }

    // Every instant as long as any other.
    private sealed class WholeSeconds : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException("The register is read as text.");

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture));
    }

    private static string Word(Enum word) => JsonNamingPolicy.CamelCase.ConvertName(word.ToString());
}

/// <summary>What a decision was about.</summary>
/// <param name="At">When.</param>
/// <param name="Point">The point.</param>
/// <param name="Act">What was asked, a stable word such as <c>list.open</c>.</param>
/// <param name="Subject">Id of the order or list.</param>
/// <param name="Who">The organisation that asked, or who sat at this workplace.</param>
/// <param name="Protocol">Id of the protocol that was named.</param>
/// <param name="ProtocolVersion">Its version.</param>
/// <param name="ProtocolHash">Hash of the text that decided; empty when the node does not have it.</param>
public sealed record DecisionContext(DateTimeOffset At, DecisionPoint Point, string Act, string Subject, string Who, string Protocol, string ProtocolVersion, string ProtocolHash);
