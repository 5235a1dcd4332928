using System.Globalization;
using Bereik.Magda;
using Bereik.Sealing.Persons;

namespace Bereik.Source.Register;

// Turns one MAGDA answer into what the register keeps of it.
internal static class MagdaRecord
{
    public const string AnswerFailed = "magda-answer-failed";

    // A record, or why there is none; an answer of another service is an empty record.
    public static (RegisterRecord? Record, RecordError? Error) Read(MagdaFile file, string household, InszRules rules)
    {
        if (file.Error is { } unreadable) return (null, new RecordError(unreadable.Code, unreadable.Line, Column(unreadable.Column)));
        var answer = file.Answer!;
        if (answer.Outcome == MagdaOutcome.Failed) return (null, new RecordError(AnswerFailed, 0, ""));

        var numbers = new Numbers(rules);
        var record = new RegisterRecord
        {
            Persons = Persons(answer.Content, household, numbers),
            Benefits = Benefits(answer.Content, numbers),
            Links = [.. answer.ReplacedNumbers.Select(link => (numbers.Read(link.Old), numbers.Read(link.New)))],
        };
        return numbers.Error is { } wrong ? (null, wrong) : (record, null);
    }

    private static IReadOnlyList<PersonFact> Persons(MagdaContent content, string household, Numbers numbers) => content switch
    {
        MagdaContent.Person { Subject: { Insz: not null } subject } => [Fact(subject, null, numbers)],
        MagdaContent.Household composition => [.. composition.Members.Where(member => member.Insz is not null).DistinctBy(member => member.Insz).Select(member => Fact(member, household, numbers))],
        _ => [],
    };

    private static PersonFact Fact(RegisterPerson person, string? household, Numbers numbers)
    {
        var address = person.MainAddress;
        var isSafe = person.Shielding is not null;
        return new PersonFact
        {
            Number = numbers.Read(person.Insz!),
            IsSubject = household is null,
            Household = household,
            GivenNames = Text.Join(person.GivenNames),
            FamilyName = Text.Join(person.FamilyNames),
            BirthDay = person.BirthDate,
            IsDeceased = person.IsDeceased,
            AddressKind = isSafe ? AddressKind.Safe
                : address?.NisCode is null ? AddressKind.None
                : address.IsReferenceAddress ? AddressKind.Reference
                : person.PositionCode == "20" ? AddressKind.Collective
                : AddressKind.Main,
            SafeUntil = isSafe ? person.Shielding!.End?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : null,
            Nis = address?.NisCode,
            Street = Text.Clean(address?.Street),
            HouseNumber = Text.Clean(address?.Number),
            Box = Text.Clean(address?.Box),
            Postcode = Text.Clean(address?.Postcode),
            Place = Text.Clean(address?.Municipality),
        };
    }

    // Only of the social supplement are the months kept: another category may say something about health.
    private static IReadOnlyList<BenefitFact> Benefits(MagdaContent content, Numbers numbers) => content is not MagdaContent.ChildBenefits benefits ? [] :
    [
        .. from child in benefits.Children
           let number = numbers.Read(child.Insz)
           from period in child.Periods
           from beneficiary in period.Beneficiaries
           select period.IsSocialSupplement
               ? new BenefitFact(number, numbers.Read(beneficiary), true, period.Begin.ToString(), period.End?.ToString())
               : new BenefitFact(number, numbers.Read(beneficiary), false, "", null),
    ];

    private static string Column(int column) => column.ToString(CultureInfo.InvariantCulture);

    // Checks numbers and remembers the first that is none.
    private sealed class Numbers(InszRules rules)
    {
        public RecordError? Error { get; private set; }

        public string Read(InszText text)
        {
            var wrong = Insz.Parse(text.Digits, rules, out var insz);
            if (wrong == InszError.None) return insz.Reveal();
            Error ??= new RecordError(RegisterCodes.Of(wrong), text.Line, Column(text.Column));
            return "";
        }
    }
}
