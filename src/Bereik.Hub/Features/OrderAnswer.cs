using System.Globalization;
using Bereik.Domain;
using Bereik.Hub.Storage;

namespace Bereik.Hub.Features;

/// <summary>An order as one of its two parties may see it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="State">To its recipient <c>requested</c>, <c>held</c>, <c>approved</c>, <c>refused</c>, <c>delivered</c>, <c>received</c>, <c>rejected</c>, <c>failed</c> or <c>expired</c>, and of a wave of letters <c>open</c> and <c>closed</c>; to its source <c>deposited</c> from the deposit on.</param>
/// <param name="Reasons">Every reason of the present state.</param>
internal sealed record OrderAnswer(Guid Id, string State, IReadOnlyList<AnsweredReason> Reasons)
{
    /// <summary>The source's signed decision, a compact JWS, once there is one.</summary>
    public string? Decision { get; init; }

    /// <summary>What the hub still needs from the local node that asks; told to nobody else.</summary>
    public IReadOnlyList<string>? Awaits { get; init; }

    /// <summary>Of a wave of letters, once it is open: the source's signed opening, a compact JWS; told to the local node that asked.</summary>
    public string? Opening { get; init; }

    /// <summary>How many letters went out in it; told to the local node that asked.</summary>
    public int? Invited { get; init; }

    public static OrderAnswer ForRecipient(Order order) => new(Guid.Parse(order.Id), order.State.WireName(), AnsweredReason.Of(order))
    {
        Decision = order.Decision,
        Awaits = order is { State: OrderState.Approved, TokensAt: null, IsWave: false } ? ["tokens"] : null,
    };

    public static OrderAnswer ForSource(Order order) => new(Guid.Parse(order.Id), SourceState(order), SourceReasons(order)) { Decision = order.Decision };

    // SECURITY: the source learns nothing after its own deposit: not that the set operation was done or refused, not that the local
    // node fetched, received or let the time run out. From then on there is one word, whatever happens.
    public static string SourceState(Order order)
    {
        if (order.EnvelopeAt is not null) return "deposited";
        return order.State switch
        {
            OrderState.Requested or OrderState.Held or OrderState.Approved or OrderState.Refused => order.State.WireName(),
            _ => OrderState.Expired.WireName(),
        };
    }

    public static IReadOnlyList<AnsweredReason> SourceReasons(Order order) => order.EnvelopeAt is null ? AnsweredReason.Of(order) : [];
}

/// <summary>A reason as it is told.</summary>
/// <param name="Code">Stable code, one of docs/errors.md.</param>
/// <param name="Clause">The clause that decided.</param>
/// <param name="Text">One sentence, in the language of the caller.</param>
internal sealed record AnsweredReason(string Code, string? Clause, string Text)
{
    public static IReadOnlyList<AnsweredReason> Of(Order order)
    {
        var english = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "en";
        return [.. order.ReadReasons().Select(reason => new AnsweredReason(reason.Code, reason.Clause, english ? reason.TextEnglish : reason.Text))];
    }
}
