using Bereik.Domain;
using Bereik.Exchange.Invitations;
using Bereik.Exchange.Log;
using Bereik.Exchange.Protocols;
using Bereik.Exchange.Signatures;

namespace Bereik.Exchange.Contracts;

/// <summary>What somebody who says yes may choose, from fixed words and nothing else (nl: keuzes bij een ja). Null where nothing was chosen. The hub deletes it when the recipient has the record.</summary>
public sealed record AnswerChoices
{
    /// <summary>How to be reached; one of <see cref="Contacts"/>.</summary>
    public string? Contact { get; init; }

    /// <summary>In which language; one of <see cref="Languages"/>.</summary>
    public string? Language { get; init; }

    /// <summary>In which part of the day; one of <see cref="PartsOfDay"/>.</summary>
    public string? PartOfDay { get; init; }

    /// <summary>About what; one of <see cref="Topics"/>.</summary>
    public string? Topic { get; init; }

    /// <summary><c>letter</c>, <c>visit</c> or <c>iCall</c>: the person will call.</summary>
    public static IReadOnlyList<string> Contacts { get; } = ["letter", "visit", "iCall"];

    /// <summary><c>nl</c>, <c>fr</c>, <c>en</c>, <c>ar</c>, <c>tr</c> or <c>other</c>.</summary>
    public static IReadOnlyList<string> Languages { get; } = ["nl", "fr", "en", "ar", "tr", "other"];

    /// <summary><c>morning</c>, <c>afternoon</c> or <c>evening</c>.</summary>
    public static IReadOnlyList<string> PartsOfDay { get; } = ["morning", "afternoon", "evening"];

    /// <summary><c>school</c>, <c>energy</c>, <c>housing</c>, <c>health</c>, <c>papers</c> or <c>unsure</c>.</summary>
    public static IReadOnlyList<string> Topics { get; } = ["school", "energy", "housing", "health", "papers", "unsure"];

    /// <summary>Nothing of what was chosen.</summary>
    public override string ToString() => "choices";

    /// <summary>The first member that holds another word; null when all are right.</summary>
    public string? FindWrongMember()
    {
        if (Contact is not null && !Contacts.Contains(Contact)) return "contact";
        if (Language is not null && !Languages.Contains(Language)) return "language";
        if (PartOfDay is not null && !PartsOfDay.Contains(PartOfDay)) return "partOfDay";
        return Topic is not null && !Topics.Contains(Topic) ? "topic" : null;
    }
}

/// <summary>
/// What somebody takes home who says yes to a letter (nl: bewijs van uw ja), signed by the hub: the fields of ISO/IEC TS 27560 in short names (<c>docs/formats/consent.md</c> maps them to the DPV). The
/// person is the number of the letter, and nobody's name is in it. The hub forgets the salt: from then on only the holder can show which commitment of the day's round is theirs.
/// </summary>
public sealed record ConsentReceipt : ISignedDocument<ConsentReceipt>
{
    /// <summary>Profile that the fields conform to.</summary>
    public const string Profile = "https://w3id.org/dpv/schema/dpv-27560#receipt-eu-gdpr";

    /// <inheritdoc/>
    public static string Typ => JoseTypes.ConsentReceipt;

    /// <summary><see cref="Profile"/>.</summary>
    public required string Schema { get; init; }

    /// <summary>The id of the consent record.</summary>
    public required Guid Id { get; init; }

    /// <summary><c>given</c> or <c>withdrawn</c>.</summary>
    public required string Event { get; init; }

    /// <summary>The number of the letter: who it is about, to whoever holds the letter.</summary>
    public required LetterNumber Letter { get; init; }

    /// <summary>The wave of letters.</summary>
    public required Guid Wave { get; init; }

    /// <summary>The protocol's id.</summary>
    public required string Protocol { get; init; }

    /// <summary>The protocol's version.</summary>
    public required string ProtocolVersion { get; init; }

    /// <summary>SHA-256 of the protocol's canonical form.</summary>
    public required Bytes32 ProtocolHash { get; init; }

    /// <summary>SHA-256 of the words of the letter.</summary>
    public required Bytes32 Notice { get; init; }

    /// <summary>What for: the wire name of the protocol's purpose.</summary>
    public required string Purpose { get; init; }

    /// <summary><c>legalBasis</c>, <c>safeguard</c> or <c>secrecy</c>: the role that the protocol gives this consent.</summary>
    public required string Role { get; init; }

    /// <summary>Which data, by their names in the protocol.</summary>
    public required IReadOnlyList<string> Fields { get; init; }

    /// <summary>The organisation that has them.</summary>
    public required string Source { get; init; }

    /// <summary>The one organisation that gets them.</summary>
    public required string Recipient { get; init; }

    /// <summary>The service there, as the letter named it.</summary>
    public required string Service { get; init; }

    /// <summary><c>web</c>, <c>slip</c>, <c>phone</c> or <c>counter</c>.</summary>
    public required string Method { get; init; }

    /// <summary><c>assisted</c> or <c>bearer</c>: how sure it is that it was the person.</summary>
    public required string Assurance { get; init; }

    /// <summary>When; UTC, whole seconds.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The last day on which it holds, Europe/Brussels.</summary>
    public required DateOnly Until { get; init; }

    /// <summary>32 random bytes of the commitment; in no other place.</summary>
    public required Bytes32 Salt { get; init; }

    /// <summary>The commitment that stands, in a random slot, in the hub's round of the day: <see cref="PersonCommitment.OfRound"/> over the canonical JSON of this without its salt.</summary>
    public Bytes32 Commitment()
    {
        var node = StrictJson.ToNode(this, typeof(ConsentReceipt));
        node.Remove("salt");
        return PersonCommitment.OfRound(CanonicalJson.Write(node), Salt);
    }

    /// <inheritdoc/>
    public ParseError? FindError()
    {
        if (Schema != Profile) return Field("schema");
        if (Id == Guid.Empty) return Field("id");
        if (Event is not ("given" or "withdrawn")) return Field("event");
        if (Wave == Guid.Empty) return Field("wave");
        if (!Words.Protocol().IsMatch(Protocol)) return Field("protocol");
        if (!Words.Version().IsMatch(ProtocolVersion)) return Field("protocolVersion");
        if (!Words.Code().IsMatch(Purpose)) return Field("purpose");
        if (Role is not ("legalBasis" or "safeguard" or "secrecy")) return Field("role");
        if (Fields.Count is 0 or > 30 || Fields.Any(field => field is null || !Words.Code().IsMatch(field))) return Field("fields");
        if (!Words.Organisation().IsMatch(Source)) return Field("source");
        if (!Words.Organisation().IsMatch(Recipient) || Recipient == Source) return Field("recipient");
        if (Service.Length is 0 or > 200) return Field("service");
        if (!ConsentNames.TryParse(Method, out AnswerMethod _)) return Field("method");
        return Assurance is not ("assisted" or "bearer") ? Field("assurance") : null;
    }

    /// <summary>The record's id.</summary>
    public override string ToString() => $"consent {Id}";

    private static ParseError Field(string name) => new("document.field", name);
}

/// <summary>What a recipient says of a yes (nl: stap van een toestemming), signed by its node.</summary>
public sealed record ConsentStep : ISignedDocument<ConsentStep>
{
    /// <inheritdoc/>
    public static string Typ => JoseTypes.ConsentStep;

    /// <summary>The id of the consent record.</summary>
    public required Guid Id { get; init; }

    /// <summary>The wave of letters.</summary>
    public required Guid Wave { get; init; }

    /// <summary>The organisation that says it.</summary>
    public required string By { get; init; }

    /// <summary><c>countersign</c>, <c>receive</c>, <c>confirm</c>, <c>deny</c>, <c>withdraw</c>, <c>never</c>, <c>close</c> or <c>erase</c>.</summary>
    public required string Act { get; init; }

    /// <summary>With <c>erase</c> alone, and always: SHA-256 of the compact JWS of the erasure certificate.</summary>
    public Bytes32? Certificate { get; init; }

    /// <summary>When; UTC, whole seconds.</summary>
    public required DateTimeOffset At { get; init; }

    /// <inheritdoc/>
    public ParseError? FindError()
    {
        if (Id == Guid.Empty) return new ParseError("document.field", "id");
        if (Wave == Guid.Empty) return new ParseError("document.field", "wave");
        if (!Words.Organisation().IsMatch(By)) return new ParseError("document.field", "by");
        if (!ConsentNames.TryParse(Act, out ConsentAct act) || act is ConsentAct.Release or ConsentAct.HandOut or ConsentAct.Expire) return new ParseError("document.field", "act");
        return (act == ConsentAct.Erase) != Certificate is not null ? new ParseError("document.field", "certificate") : null;
    }

    /// <summary>The record's id and the step.</summary>
    public override string ToString() => $"{Act} of consent {Id}";
}

/// <summary>
/// That a worker of the recipient helped somebody to say yes at the counter (nl: ja aan de balie), signed by its node. Number and code go beside it and are in nothing that is signed or kept.
/// </summary>
public sealed record AssistedAnswer : ISignedDocument<AssistedAnswer>
{
    /// <inheritdoc/>
    public static string Typ => JoseTypes.AssistedAnswer;

    /// <summary>The id that the consent record will have.</summary>
    public required Guid Id { get; init; }

    /// <summary>The organisation whose worker helped.</summary>
    public required string By { get; init; }

    /// <summary>When; UTC, whole seconds.</summary>
    public required DateTimeOffset At { get; init; }

    /// <inheritdoc/>
    public ParseError? FindError()
    {
        if (Id == Guid.Empty) return new ParseError("document.field", "id");
        return Words.Organisation().IsMatch(By) ? null : new ParseError("document.field", "by");
    }
}

/// <summary>The names of states, steps, ways and assurance on the wire (nl: namen bij een toestemming).</summary>
public static class ConsentNames
{
    /// <summary>The name with a small first letter, such as <c>handOut</c>.</summary>
    /// <param name="state">The state.</param>
    public static string WireName(this ConsentState state) => Camel(state.ToString());

    /// <summary>The name with a small first letter, such as <c>handOut</c>.</summary>
    /// <param name="act">The step.</param>
    public static string WireName(this ConsentAct act) => Camel(act.ToString());

    /// <summary><c>web</c>, <c>slip</c>, <c>phone</c> or <c>counter</c>.</summary>
    /// <param name="method">The way.</param>
    public static string WireName(this AnswerMethod method) => Camel(method.ToString());

    /// <summary><c>assisted</c>, <c>bearer</c> or <c>confirmed</c>.</summary>
    /// <param name="assurance">The assurance.</param>
    public static string WireName(this ConsentAssurance assurance) => Camel(assurance.ToString());

    /// <summary>Reads a wire name of a state, step, way or assurance, exactly.</summary>
    /// <typeparam name="T">One of the four.</typeparam>
    /// <param name="text">The text; may be null.</param>
    /// <param name="found">What it names, when the result is true.</param>
    public static bool TryParse<T>(string? text, out T found)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            found = value;
            if (Camel(value.ToString()) == text) return true;
        }

        found = default;
        return false;
    }

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
