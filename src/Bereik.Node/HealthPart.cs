using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Bereik.Node.Api;
using Microsoft.AspNetCore.Http;

namespace Bereik.Node;

/// <summary>A part of a node's health (nl: toestand) that is told on <c>/health</c>. Register one as a service for each; it may be scoped.</summary>
public interface IHealthPart
{
    /// <summary>Its member in the answer, such as <c>log</c>.</summary>
    string Name { get; }

    /// <summary>How it stands now. Anyone may read it, so it holds codes and sizes, and nothing about anybody.</summary>
    /// <param name="cancel">Gives up.</param>
    ValueTask<HealthReport> LookAsync(CancellationToken cancel);
}

/// <summary>How a part of a node stands.</summary>
/// <param name="IsUp">Whether the node can do its work as far as this part goes.</param>
/// <param name="Details">Written as JSON, camelCase.</param>
/// <param name="IsDegraded">Whether something of this part fails that does not keep the node from its work now.</param>
public sealed record HealthReport(bool IsUp, object Details, bool IsDegraded = false);

/// <summary>How a node stands (nl: toestand; belgif REST guide, hlth-res). Beside it is every part under its name.</summary>
public sealed record HealthTold
{
    /// <summary><c>UP</c>; <c>DEGRADED</c> when something fails that does not keep it from its work now; <c>DOWN</c>, with status 503, when it cannot do its work.</summary>
    [AllowedValues("UP", "DEGRADED", "DOWN")]
    public required string Status { get; init; }

    /// <summary>The parts.</summary>
    [JsonExtensionData]
    public IDictionary<string, object> Parts { get; init; } = new Dictionary<string, object>();
}

// The answer of /health. Its status is that of the worst part.
internal static class Health
{
    public static readonly ApiOperation Api = new("getHealth", "How this node stands")
    {
        Answers = [ApiAnswer.Json(200, "It does its work.", new HealthTold { Status = "UP" }), ApiAnswer.Json(503, "It cannot do its work now.", new HealthTold { Status = "DOWN" })],
    };

    public static async Task<IResult> TellAsync(IEnumerable<IHealthPart> parts, CancellationToken cancel)
    {
        var (isUp, isDegraded) = (true, false);
        var told = new Dictionary<string, object>();
        foreach (var part in parts)
        {
            var report = await part.LookAsync(cancel);
            isUp &= report.IsUp;
            isDegraded |= report.IsDegraded;
            told[part.Name] = report.Details;
        }

        return Results.Json(
            new HealthTold { Status = !isUp ? "DOWN" : isDegraded ? "DEGRADED" : "UP", Parts = told }, statusCode: isUp ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
