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
public sealed record HealthReport(bool IsUp, object Details);

// The answer of /health: UP, or DOWN with 503 when a part is not up; and every part under its name.
internal static class Health
{
    public static async Task<IResult> TellAsync(IEnumerable<IHealthPart> parts, CancellationToken cancel)
    {
        var isUp = true;
        var answer = new Dictionary<string, object> { ["status"] = "UP" };
        foreach (var part in parts)
        {
            var report = await part.LookAsync(cancel);
            isUp &= report.IsUp;
            answer[part.Name] = report.Details;
        }

        if (!isUp) answer["status"] = "DOWN";
        return Results.Json(answer, statusCode: isUp ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
