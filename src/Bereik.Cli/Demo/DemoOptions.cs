using Bereik.Domain;

namespace Bereik.Cli.Demo;

/// <summary>What was asked of <c>bereik demo</c>. Paths are absolute.</summary>
internal sealed record DemoOptions
{
    public required int Seed { get; init; }

    public required int Families { get; init; }

    public required int PortBase { get; init; }

    public required string Data { get; init; }

    public required Month Month { get; init; }

    public required bool Once { get; init; }

    public required bool InEnglish { get; init; }

    public string? JsonFile { get; init; }

    public string? ExportFolder { get; init; }

    public string? MagdaFolder { get; init; }

    public string? ResidentsFile { get; init; }
}

/// <summary>Why a demo cannot go on, as a sentence for the person at the terminal.</summary>
/// <param name="message">The sentence; holds no personal data.</param>
internal sealed class DemoException(string message) : Exception(message);
