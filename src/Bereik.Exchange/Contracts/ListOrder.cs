using Bereik.Domain;
using Bereik.Exchange.Signatures;

namespace Bereik.Exchange.Contracts;

/// <summary>A local node's order of one list, or of one wave of letters (nl: aanvraag van een lijst of van een golf brieven), signed by it. Members are written in the order given here.</summary>
public sealed record ListOrder : ISignedDocument<ListOrder>
{
    /// <inheritdoc/>
    public static string Typ => JoseTypes.Order;

    /// <summary>The order's id, which is also the exchange's.</summary>
    public required Guid Id { get; init; }

    /// <summary>32 random bytes, so that no two contexts are equal.</summary>
    public required Bytes32 Nonce { get; init; }

    /// <summary><c>match</c>, <c>unknown</c> or <c>messenger</c>.</summary>
    public required string Flow { get; init; }

    /// <summary>The protocol's id: 2 to 80 of <c>a-z 0-9 . -</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>The protocol's version: 1 to 32 of <c>A-Z a-z 0-9 . -</c>.</summary>
    public required string ProtocolVersion { get; init; }

    /// <summary>SHA-256 of the protocol's canonical form.</summary>
    public required Bytes32 ProtocolHash { get; init; }

    /// <summary>The quarter of the keys, such as <c>2026Q4</c>.</summary>
    public required string Epoch { get; init; }

    /// <summary>The organisation that is asked: 2 to 40 of <c>a-z 0-9 -</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The organisation that asks and will receive: 2 to 40 of <c>a-z 0-9 -</c>.</summary>
    public required string Recipient { get; init; }

    /// <summary>The municipality's NIS code, five digits.</summary>
    public required string Nis { get; init; }

    /// <summary>The month the list is about, <c>yyyy-MM</c>.</summary>
    public required string ReferenceMonth { get; init; }

    /// <summary>How many numbers of its own the local node will bring: in <c>unknown</c> the people it knows, in <c>match</c> the people it compares; zero or more. Absent with <c>messenger</c>.</summary>
    public int? KnownCount { get; init; }

    /// <summary>What is asked of the letters: with <c>messenger</c>, and in no other flow.</summary>
    public LetterOrder? Letter { get; init; }

    /// <summary>The checkpoint of the public log that its maker last verified, a signed note (C2SP tlog-checkpoint), so that a split view shows. At most 2,000 characters.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>When it was made; UTC, whole seconds.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>After which it is void; UTC, whole seconds; never past the epoch's end.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <inheritdoc/>
    public ParseError? FindError()
    {
        if (Id == Guid.Empty) return Field("id");
        var isLetters = Flow == Words.Messenger;
        if (!isLetters && !Words.IsListFlow(Flow)) return Field("flow");
        if (!Words.Protocol().IsMatch(Protocol)) return Field("protocol");
        if (!Words.Version().IsMatch(ProtocolVersion)) return Field("protocolVersion");
        if (!Words.Epoch().IsMatch(Epoch)) return Field("epoch");
        if (!Words.Organisation().IsMatch(Source)) return Field("source");
        if (!Words.Organisation().IsMatch(Recipient) || Recipient == Source) return Field("recipient");
        if (!Words.Nis().IsMatch(Nis)) return Field("nis");
        if (!Words.Month().IsMatch(ReferenceMonth)) return Field("referenceMonth");
        if (isLetters ? KnownCount is not null : KnownCount is null or < 0) return Field("knownCount");
        if (isLetters != Letter is not null) return Field("letter");
        if (Letter?.FindWrongMember() is { } member) return Field($"letter.{member}");
        if (Checkpoint is { Length: 0 or > 2000 }) return Field("checkpoint");
        return ExpiresAt <= IssuedAt ? Field("expiresAt") : null;
    }

    private static ParseError Field(string name) => new("document.field", name);
}

/// <summary>What a local government asks of the letters of one wave (nl: wat gevraagd wordt van de brieven).</summary>
public sealed record LetterOrder
{
    /// <summary>The most letters that one order asks for.</summary>
    public const int MostLetters = 100_000;

    /// <summary>The id of the letter's text: 2 to 80 of <c>a-z 0-9 . -</c>.</summary>
    public required string Text { get; init; }

    /// <summary>SHA-256 of that text, before anything was filled in.</summary>
    public required Bytes32 TextHash { get; init; }

    /// <summary>What the local government fills in, by the name of the part, in the order of the names; each 1 to 200 characters.</summary>
    public required IReadOnlyDictionary<string, string> Parts { get; init; }

    /// <summary>How many letters at most.</summary>
    public required int Letters { get; init; }

    /// <summary>How many households its team can visit before what it receives must be erased.</summary>
    public required int Capacity { get; init; }

    /// <summary>Who read the text beforehand.</summary>
    public required TestPanel Panel { get; init; }

    /// <summary>Whether the whole wave gets one reminder; else nobody does, since nobody knows who answered.</summary>
    public required bool Reminder { get; init; }

    /// <summary>How many days there are to answer, from the day of posting; 21 to 60.</summary>
    public required int AnswerDays { get; init; }

    /// <summary>What is decided on.</summary>
    public WaveRequest ToRequest() => new(Letters, Capacity, Panel.On, Panel.Readers);

    /// <summary>What was asked, without what was filled in: that may name a worker.</summary>
    public override string ToString() => $"{Letters} letters of {Text}";

    internal string? FindWrongMember()
    {
        if (!Words.Protocol().IsMatch(Text)) return "text";
        if (Parts.Count is 0 or > 20 || Parts.Any(part => !Words.Part().IsMatch(part.Key) || part.Value is not { Length: >= 1 and <= 200 }) || !Parts.Keys.SequenceEqual(Parts.Keys.Order(StringComparer.Ordinal))) return "parts";
        if (Letters is < 1 or > MostLetters) return "letters";
        if (Capacity is < 1 or > MostLetters) return "capacity";
        if (Panel.Organisation is not { Length: >= 1 and <= 100 } || Panel.Readers is < 0 or > 10_000) return "panel";
        return AnswerDays is < 21 or > 60 ? "answerDays" : null;
    }
}

/// <summary>A group that read a text before it went out (nl: testpanel).</summary>
public sealed record TestPanel
{
    /// <summary>Whose panel it is, 1 to 100 characters.</summary>
    public required string Organisation { get; init; }

    /// <summary>The day, Europe/Brussels.</summary>
    public required DateOnly On { get; init; }

    /// <summary>How many people read it.</summary>
    public required int Readers { get; init; }
}
