using System.Globalization;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Invitations;
using Bereik.Sealing.Invitations;
using Bereik.Source.Letters;
using Bereik.Source.Register;
using Bereik.Source.Waves;
using Microsoft.Data.Sqlite;

namespace Bereik.Source.Requests;

// To whom a wave of letters may go (nl: selectie voor een golf): each beneficiary of the month for themselves, co-parents too.
internal sealed partial class Selection
{
    // The letter with a number and code that nobody has, to see whether it comes out.
    private static readonly (string Number, string Code) Specimen = MakeSpecimen();

    // Everybody to whom a letter may go, in an order that says nothing of them but which is not random: who draws a wave shuffles.
    public IEnumerable<Addressee> Letters(string nis, Month month, LetterTerms letters, SelectionResult result)
    {
        ListCodes(nis);
        Locate(month);

        // As letters are counted: each beneficiary, and not each family.
        result.Report(SelectionReasons.BeneficiaryDeceased, Count("SELECT count(*) FROM temp.located WHERE nis IS NULL AND deceased = 1"));
        result.Report(SelectionReasons.DomicileUnknown, Count("SELECT count(*) FROM temp.located WHERE nis IS NULL AND deceased = 0"));
        result.Report(SelectionReasons.NisUnknown, Count("SELECT count(*) FROM temp.located l JOIN temp.listed_nis n ON n.nis = l.nis WHERE n.is_here = 0"));
        foreach (var row in Query(
            """
            SELECT l.subject, l.given_names, l.family_name, l.birth_day, l.deceased, l.kind, l.street, l.house_number, l.box, l.postcode, l.place
            FROM temp.located l JOIN temp.listed_nis n ON n.nis = l.nis WHERE n.is_here = 1
            ORDER BY l.subject
            """))
        {
            var addressee = ReadAddressee(row);
            var reason = WhyNot(addressee, Age.IsMinorOn(today, row.IsDBNull(3) ? null : row.GetString(3)), row.GetInt64(4) == 1, month, letters, result);
            if (reason is not null)
            {
                result.Withhold(reason);
                continue;
            }

            result.Select();
            yield return addressee;
        }
    }

    // Somebody who was drawn, as the register has them now; null when it has them no more, or nowhere to write to.
    public Addressee? FindAddressee(string person)
    {
        foreach (var row in Query(
            """
            SELECT $person, p.given_names, p.family_name, p.birth_day, p.deceased, p.address_kind, p.street, p.house_number, p.box, p.postcode, p.place
            FROM person p WHERE (p.record, p.number) = (
                SELECT q.record, q.number FROM person q
                WHERE q.number IN (SELECT $person UNION ALL SELECT s.number FROM number_subject s WHERE s.subject = $person)
                ORDER BY q.rank, q.record DESC LIMIT 1)
            """,
            ("$person", person)))
        {
            return ReadAddressee(row);
        }

        return null;
    }

    // Whether somebody whom the register knows by this number can be written to at all: alive, and at no shielded address.
    public bool MayBeWrittenTo(string person) =>
        Count("SELECT count(*) FROM person x WHERE x.deceased = 1 AND x.number IN (SELECT $person UNION ALL SELECT s.number FROM number_subject s WHERE s.subject = $person)", ("$person", person)) == 0
        && !HasSafeAddress([new Beneficiary { Subject = person, GivenNames = "", FamilyName = "", IsMinor = false, IsDeceased = false }]);

    // The names of everybody whom the register knows around somebody: in one household, or paid for or paid together with. None of them may stand in the letter.
    public List<string> NamesAround(string person)
    {
        var names = new List<string>();
        foreach (var row in Query(
            """
            WITH own (number) AS (SELECT $person UNION SELECT number FROM number_subject WHERE subject = $person),
                 near (number) AS (
                    SELECT m.number FROM person p JOIN person m ON m.household = p.household WHERE p.number IN own
                    UNION SELECT b.child FROM benefit b WHERE b.beneficiary IN own
                    UNION SELECT o.beneficiary FROM benefit b JOIN benefit o ON o.child = b.child WHERE b.beneficiary IN own)
            SELECT DISTINCT x.given_names, x.family_name FROM person x WHERE x.number IN near AND x.number NOT IN own
            """,
            ("$person", person)))
        {
            if (Text.Join([row.GetString(0), row.GetString(1)]) is { Length: > 0 } name) names.Add(name);
        }

        return names;
    }

    // Null when a letter may go; else why not, the first that holds.
    private string? WhyNot(Addressee addressee, bool isMinor, bool isDeceased, Month month, LetterTerms letters, SelectionResult result)
    {
        // SECURITY: one shielded person at the address is enough. The register knows one kind of address that may not be told, which is both of the protocol's.
        var isSafe = HasSafeAddress([new Beneficiary { Subject = addressee.Person, GivenNames = "", FamilyName = "", IsMinor = isMinor, IsDeceased = isDeceased }]);
        var hasObjected = HasObjected(addressee.Person);
        var isOfRecipient = addressee.Kind is "reference" or "collective" || letters.RecipientAddresses.Any(addressee.LivesAt);
        var decision = result.Count(Terms.Decide(default(ExclusionFacts)
            .With(Exclusion.SafeAddress, isSafe)
            .With(Exclusion.AddressNotCommunicable, isSafe)
            .With(Exclusion.Objection, hasObjected)
            .With(Exclusion.Deceased, isDeceased)
            .With(Exclusion.MinorBeneficiary, isMinor)
            .With(Exclusion.RecipientAddress, isOfRecipient)

            // Only who lives here comes as far as this.
            .With(Exclusion.NotDomiciled, holds: false)));

        // INVARIANT: a letter goes to whom nothing keeps from being passed on but that they have not said yes.
        if (decision.Reasons.FirstOrDefault(reason => reason != Reasons.ConsentMissing && reason != Reasons.ConsentNotForField) is { } against)
        {
            return against != Reasons.Excluded ? against.Code
                : isSafe ? SelectionReasons.SafeAddress
                : hasObjected ? SelectionReasons.Objection
                : isDeceased ? SelectionReasons.BeneficiaryDeceased
                : isMinor ? SelectionReasons.BeneficiaryMinor
                : isOfRecipient ? SelectionReasons.RecipientAddress : Reasons.Excluded.Code;
        }

        if (decision.Reasons.Count == 0) return Reasons.ConsentMissing.Code;
        if (WasWrittenTo(addressee.Person, month)) return SelectionReasons.AlreadyWritten;
        if (!addressee.FitsInvitation()) return SelectionReasons.RecordTooLarge;
        return letters.Fits(addressee.ToLetter(Specimen.Number, Specimen.Code, NamesAround(addressee.Person))) ? null : SelectionReasons.AddressUnfit;
    }

    // By any number of the person: what was said under a former number counts.
    private bool HasObjected(string subject) =>
        Count("SELECT count(*) FROM objection WHERE person IN (SELECT $subject UNION ALL SELECT number FROM number_subject WHERE subject = $subject)", ("$subject", subject)) > 0;

    private bool WasWrittenTo(string subject, Month month) =>
        Count(
            """
            SELECT count(*) FROM written_to
            WHERE protocol = $protocol AND reference_month = $month AND person IN (SELECT $subject UNION ALL SELECT number FROM number_subject WHERE subject = $subject)
            """,
            ("$protocol", Terms.Protocol.Id), ("$month", month.ToString()), ("$subject", subject)) > 0;

    private static Addressee ReadAddressee(SqliteDataReader row)
    {
        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
        return new Addressee
        {
            Person = row.GetString(0),
            GivenNames = Text(1) ?? "",
            FamilyName = Text(2) ?? "",
            Kind = Text(5) ?? "none",
            Street = Text(6) ?? "",
            HouseNumber = Text(7) ?? "",
            Box = Text(8),
            Postcode = Text(9) ?? "",
            Place = Text(10) ?? "",
        };
    }

    private static (string Number, string Code) MakeSpecimen()
    {
        using var code = SecretCode.FromBits(new byte[sizeof(ulong)]);
        Span<char> printed = stackalloc char[SecretCode.PrintedLength];
        code.Print(printed);
        return (LetterNumber.TryParse("000000000", out var number) ? number.Printed : throw new InvalidOperationException("Nine noughts are a number."), new string(printed));
    }
}

// What a letter needs beside the decision (nl: voorwaarden van een brief).
internal sealed record LetterTerms(IReadOnlyList<HouseSettings> RecipientAddresses, Func<Letter, bool> Fits);

// One person to whom a letter may go, alone: the record that is sealed names nobody else (nl: bestemmeling).
internal sealed record Addressee
{
    public required string Person { get; init; }

    public required string GivenNames { get; init; }

    public required string FamilyName { get; init; }

    public required string Kind { get; init; }

    public required string Street { get; init; }

    public required string HouseNumber { get; init; }

    public string? Box { get; init; }

    public required string Postcode { get; init; }

    public required string Place { get; init; }

    // The whole house, whatever the box: who runs a house may have any room in it.
    public bool LivesAt(HouseSettings house) => Same(Street, house.Street) && Same(HouseNumber, house.HouseNumber) && Same(Postcode, house.Postcode);

    public Letter ToLetter(string number, string code, IReadOnlyList<string> withheld) => new()
    {
        Name = Text.Join([GivenNames, FamilyName]),
        Address = [Text.Join([Street, HouseNumber, Box is { Length: > 0 } box ? $"bus {box}" : ""]), Text.Join([Postcode, Place])],
        Number = number,
        Code = code,
        Withheld = withheld,
    };

    public InvitedPerson ToPerson() => new()
    {
        GivenNames = GivenNames, FamilyName = FamilyName, Street = Street, HouseNumber = HouseNumber, Box = Box is { Length: > 0 } ? Box : null, Postcode = Postcode, Place = Place,
    };

    // By the invitation's own rule, whatever wave it is of.
    public bool FitsInvitation() => new Invitation
    {
        Number = default, Wave = Guid.AllBitsSet, ProtocolHash = default, RecipientKid = default(Bytes32).ToString(), Notice = default, Person = ToPerson(),
    }.FindError() is null;

    public override string ToString() => "[bestemmeling]";

    private static bool Same(string one, string other) =>
        CultureInfo.InvariantCulture.CompareInfo.Compare(one.Trim(), other.Trim(), CompareOptions.IgnoreCase | CompareOptions.IgnoreNonSpace) == 0;
}
