using System.Text;
using Bereik.Exchange;
using Bereik.Exchange.Invitations;
using Bereik.Exchange.Signatures;

namespace Bereik.Sealing.Invitations;

/// <summary>
/// What a source tells the recipient of one family that says yes (nl: uitnodiging), signed by the source: to whom the letter went, in which wave, under which text, after which words. It lies under both
/// seals until then. Members are written in the order given here; format in <c>docs/formats/invitation.md</c>.
/// </summary>
public sealed record Invitation : ISignedDocument<Invitation>
{
    /// <inheritdoc/>
    public static string Typ => JoseTypes.Invitation;

    /// <summary>The number of the letter.</summary>
    public required LetterNumber Number { get; init; }

    /// <summary>The id of the wave.</summary>
    public required Guid Wave { get; init; }

    /// <summary>SHA-256 of the protocol's canonical form.</summary>
    public required Bytes32 ProtocolHash { get; init; }

    /// <summary>The key id of the recipient's sealing key, so that what was signed for one is not sealed on to another.</summary>
    public required string RecipientKid { get; init; }

    /// <summary>SHA-256 of the words that the letter gave notice with.</summary>
    public required Bytes32 Notice { get; init; }

    /// <summary>Who the letter was for.</summary>
    public required InvitedPerson Person { get; init; }

    /// <inheritdoc/>
    public ParseError? FindError()
    {
        if (Wave == Guid.Empty) return Field("wave");
        if (!Bytes32.TryParse(RecipientKid, out _)) return Field("recipientKid");
        return Person.FindWrongMember() is { } member ? Field($"person.{member}") : null;
    }

    /// <summary>The word "invitation", never whose.</summary>
    public override string ToString() => "invitation";

    private static ParseError Field(string name) => new("document.field", name);
}

/// <summary>Name and address on a letter, and nothing more (nl: bestemmeling van een brief). Texts have no control characters; what the source does not have is empty.</summary>
public sealed record InvitedPerson
{
    /// <summary>Given names, at most 200 characters.</summary>
    public required string GivenNames { get; init; }

    /// <summary>Family name, at most 200 characters.</summary>
    public required string FamilyName { get; init; }

    /// <summary>Street, at most 200 characters.</summary>
    public required string Street { get; init; }

    /// <summary>House number, at most 20 characters.</summary>
    public required string HouseNumber { get; init; }

    /// <summary>Box, 1 to 20 characters; absent when there is none.</summary>
    public string? Box { get; init; }

    /// <summary>Postcode, at most 10 characters.</summary>
    public required string Postcode { get; init; }

    /// <summary>Place, at most 100 characters.</summary>
    public required string Place { get; init; }

    /// <summary>Never the name.</summary>
    public override string ToString() => "[bestemmeling]";

    internal string? FindWrongMember()
    {
        if (!Fits(GivenNames, 200)) return "givenNames";
        if (!Fits(FamilyName, 200)) return "familyName";
        if (!Fits(Street, 200)) return "street";
        if (!Fits(HouseNumber, 20)) return "houseNumber";
        if (Box is not null && (Box.Length == 0 || !Fits(Box, 20))) return "box";
        if (!Fits(Postcode, 10)) return "postcode";
        return Fits(Place, 100) ? null : "place";
    }

    // Half of a pair of UTF-16 would be written as another character than was given.
    private static bool Fits(string text, int most)
    {
        if (text.Length > most) return false;
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var used) != System.Buffers.OperationStatus.Done || Rune.IsControl(rune)) return false;
            rest = rest[used..];
        }

        return true;
    }
}
