using System.Globalization;
using Bereik.Domain;
using Bereik.Hub.Storage;

namespace Bereik.Hub.Features;

// An order as one of its two parties may see it.
internal sealed record OrderAnswer(Guid Id, string State, IReadOnlyList<AnsweredReason> Reasons)
{
    public string? Decision { get; init; }

    // What the hub still needs from the local node that asks; told to nobody else.
    public IReadOnlyList<string>? Awaits { get; init; }

    public static OrderAnswer ForRecipient(Order order) => new(Guid.Parse(order.Id), order.State.WireName(), AnsweredReason.Of(order))
    {
        Decision = order.Decision,
        Awaits = order.State == OrderState.Approved && order.TokensAt is null ? ["tokens"] : null,
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

// A reason as told: in English for who asks in English, else in Dutch.
internal sealed record AnsweredReason(string Code, string? Clause, string Text)
{
    public static IReadOnlyList<AnsweredReason> Of(Order order)
    {
        var english = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "en";
        return [.. order.ReadReasons().Select(reason => new AnsweredReason(reason.Code, reason.Clause, english ? reason.TextEnglish : reason.Text))];
    }
}
