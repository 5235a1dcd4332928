using System.Text.RegularExpressions;
using Bereik.Exchange.Signatures;

namespace Bereik.Exchange.Contracts;

/// <summary>
/// What an edge tells its own organisation's software (nl: melding): that something happened, never to whom. Members are written in the order given here; format in
/// <c>docs/integrate.md</c>.
/// </summary>
public sealed partial record ExchangeEvent : ISignedDocument<ExchangeEvent>
{
    /// <summary>The longest name of an exchange.</summary>
    public const int MostExchangeLength = 160;

    /// <inheritdoc/>
    public static string Typ => JoseTypes.Event;

    /// <summary>The event's own id, the same whenever it is sent.</summary>
    public required Guid Id { get; init; }

    /// <summary>Its place among all events of the node, from 1, without a gap.</summary>
    public required long Sequence { get; init; }

    /// <summary>What it is about: an order's id, or <c>PROTOCOL/VERSION/ORGANISATION</c> of an accession.</summary>
    public required string Exchange { get; init; }

    /// <summary>Its place in the exchange, from 1, without a gap.</summary>
    public required long Number { get; init; }

    /// <summary>One of <see cref="EventTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary>The organisation whose node tells it.</summary>
    public required string By { get; init; }

    /// <summary>The local government that it is about.</summary>
    public required string Organisation { get; init; }

    /// <summary>When it happened; UTC, whole seconds.</summary>
    public required DateTimeOffset At { get; init; }

    /// <inheritdoc/>
    public ParseError? FindError()
    {
        if (Id == Guid.Empty) return Field("id");
        if (Sequence < 1) return Field("sequence");
        if (Exchange.Length > MostExchangeLength || !ExchangeName().IsMatch(Exchange)) return Field("exchange");
        if (Number < 1 || Number > Sequence) return Field("number");
        if (!EventTypes.All.Contains(Type)) return Field("type");
        if (!Words.Organisation().IsMatch(By)) return Field("by");
        return Words.Organisation().IsMatch(Organisation) ? null : Field("organisation");
    }

    private static ParseError Field(string name) => new("document.field", name);

    // SECURITY: an id or three public names and nothing else, so that no text about anybody fits in.
    [GeneratedRegex("^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z0-9][a-z0-9.-]{1,79}/[0-9A-Za-z][0-9A-Za-z.-]{0,31}/[a-z0-9-]{2,40})\\z", RegexOptions.CultureInvariant)]
    private static partial Regex ExchangeName();
}

/// <summary>The types of <see cref="ExchangeEvent"/>. A reader skips one that it does not know.</summary>
public static class EventTypes
{
    /// <summary>An order was approved or refused.</summary>
    public const string OrderDecided = "order.decided";

    /// <summary>At a local node its rows are there; at a source the package was handed to the hub.</summary>
    public const string ListDelivered = "list.delivered";

    /// <summary>There is nothing of a list, or nothing any more.</summary>
    public const string ListEnded = "list.ended";

    /// <summary>An accession does not run for now.</summary>
    public const string AccessionSuspended = "accession.suspended";

    /// <summary>An accession runs again.</summary>
    public const string AccessionResumed = "accession.resumed";

    /// <summary>An accession is over.</summary>
    public const string AccessionEnded = "accession.ended";

    /// <summary>A disclosure was taken back. Nothing tells one yet.</summary>
    public const string DisclosureWithdrawn = "disclosure.withdrawn";

    /// <summary>At a local node: somebody of whom a yes to a letter came said that it was not theirs. It names the wave of letters.</summary>
    public const string AnswerDenied = "answer.denied";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [OrderDecided, ListDelivered, ListEnded, AccessionSuspended, AccessionResumed, AccessionEnded, DisclosureWithdrawn, AnswerDenied];
}
