using Bereik.Domain;

namespace Bereik.Local.Workers;

// What this organisation says of one worker (nl: attest): which function, in which team, bound by which secrecy. Two others make it; a suspension ends it the same day.
internal sealed class Attestation
{
    public required string Id { get; init; }

    public required string Subject { get; init; }

    public required string Name { get; init; }

    public required WorkerFunction Function { get; init; }

    public required string Team { get; init; }

    public required Secrecy Secrecy { get; init; }

    public required DateOnly BoundSince { get; init; }

    public DateOnly? BoundUntil { get; init; }

    // Where the proof lies: a personnel file, a decision; never a document itself.
    public required string Proof { get; init; }

    public required string ProposedBy { get; init; }

    public required string ProposedByName { get; init; }

    public required DateTimeOffset ProposedAt { get; init; }

    public string? ConfirmedBy { get; set; }

    public string? ConfirmedByName { get; set; }

    public DateTimeOffset? ConfirmedAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    public string? EndedBy { get; set; }

    public string? EndedByName { get; set; }

    public string? EndedBecause { get; set; }

    public override string ToString() => nameof(Attestation);
}

// Kinds of secrecy (nl: soorten geheimhouding). Only the first is that of article 458.
internal enum Secrecy
{
    // Professional secrecy (nl: beroepsgeheim).
    ProfessionalSecrecy,

    // Secrecy of office (nl: ambtsgeheim).
    OfficialSecrecy,

    // Duty of discretion (nl: discretieplicht).
    Discretion,
}
