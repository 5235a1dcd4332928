using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Hub.Storage;
using Bereik.Node.Api;

namespace Bereik.Hub.Letters;

/// <summary>A yes as its recipient sees it.</summary>
/// <param name="Changed">The number of its last change, among those of this recipient; what changed later has a higher one.</param>
/// <param name="Id">The id of the consent record.</param>
/// <param name="Wave">The wave of letters, which is the order.</param>
/// <param name="State"><c>held</c>, <c>given</c>, <c>released</c>, <c>received</c>, <c>confirmed</c>, <c>denied</c>, <c>withdrawn</c>, <c>objected</c>, <c>expired</c> or <c>closed</c>.</param>
/// <param name="IsHandedOut">Whether what is sealed went out.</param>
/// <param name="IsErased">Whether nothing of it is left.</param>
/// <param name="Assurance"><c>assisted</c>, <c>bearer</c> or <c>confirmed</c>.</param>
/// <param name="Method"><c>web</c>, <c>slip</c>, <c>phone</c> or <c>counter</c>.</param>
/// <param name="GivenOn">The day on which it was given, Europe/Brussels.</param>
/// <param name="Until">The last day on which it holds.</param>
internal sealed record AnswerItem(long Changed, Guid Id, Guid Wave, string State, bool IsHandedOut, bool IsErased, string Assurance, string Method, DateOnly GivenOn, DateOnly Until)
{
    /// <summary>The number of the letter: from the release on, until the hub forgot it.</summary>
    public string? Number { get; init; }

    /// <summary>After it ended: the last day on which its recipient must have erased it.</summary>
    public DateOnly? EraseBy { get; init; }

    public static AnswerItem Example { get; } = new(17, ApiExamples.Id, ApiExamples.Id, "released", IsHandedOut: false, IsErased: false, "bearer", "web", new DateOnly(2026, 11, 20), new DateOnly(2027, 5, 19)) { Number = "XCE5A469J" };

    public static AnswerItem Of(Answer answer, DateTimeOffset now)
    {
        var standing = answer.StandingAt(now);
        var assurance = answer.IsConfirmed ? ConsentAssurance.Confirmed : answer.Assurance;
        return new AnswerItem(
            answer.Changed ?? throw new InvalidOperationException("It is not told."), Guid.Parse(answer.Id), Guid.Parse(answer.Wave), standing.State.WireName(), standing.IsHandedOut, standing.IsErased,
            assurance.WireName(), answer.Method.WireName(), answer.GivenOn, answer.Until)
        {
            // SECURITY: before the release a worker who helped somebody could learn nothing by it that the person did not say.
            Number = answer.ReleasedAt is null ? null : answer.Number,
            EraseBy = answer.EraseBy,
        };
    }

    public override string ToString() => $"answer {Id}";
}
