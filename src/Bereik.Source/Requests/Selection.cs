using System.Globalization;
using Bereik.Domain;
using Bereik.Exchange.Envelopes;
using Bereik.Exchange.Reference;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Source.Requests;

// Who a list is about (nl: selectie), and who is held back or cannot be routed, with the reason.
internal sealed class SelectionResult
{
    private readonly SortedDictionary<string, int> withheld = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> reported = new(StringComparer.Ordinal);

    private readonly SortedDictionary<string, (Decision Decision, int Count)> decided = new(StringComparer.Ordinal);

    public int Selected { get; private set; }

    // How often each decision was made: one a set of reasons.
    public IReadOnlyList<(Decision Decision, int Count)> Decided => [.. decided.Values];

    public Decision Count(Decision decision)
    {
        var key = $"{decision.Outcome} {string.Join(' ', decision.Reasons.Select(reason => reason.Code))}";
        decided[key] = (decision, decided.GetValueOrDefault(key).Count + 1);
        return decision;
    }

    public IReadOnlyDictionary<string, int> Withheld => withheld;

    public IReadOnlyDictionary<string, int> Reported => reported;

    public void Select() => Selected++;

    public void Withhold(string reason) => withheld[reason] = withheld.GetValueOrDefault(reason) + 1;

    public void Report(string reason, int count = 1)
    {
        if (count > 0) reported[reason] = reported.GetValueOrDefault(reason) + count;
    }
}

// Why a household is held back, or why it cannot be routed to any municipality.
internal static class SelectionReasons
{
    public const string SafeAddress = "address.safe";
    public const string BeneficiaryDeceased = "beneficiary.deceased";
    public const string BeneficiaryMinor = "beneficiary.minor";
    public const string TooManyNumbers = "household.tooManyNumbers";
    public const string RecordTooLarge = "record.tooLarge";
    public const string DomicileUnknown = "domicile.unknown";
    public const string NisUnknown = "nis.unknown";
    public const string Objection = "objection.taken";

    // Of letters alone.
    public const string RecipientAddress = "address.recipient";
    public const string AddressUnfit = "address.unfit";
    public const string AlreadyWritten = "letter.alreadyWritten";

    public static readonly IReadOnlyList<string> All =
        [SafeAddress, BeneficiaryDeceased, BeneficiaryMinor, TooManyNumbers, RecordTooLarge, DomicileUnknown, NisUnknown, Objection, RecipientAddress, AddressUnfit, AlreadyWritten];
}

// What leaves for one household or child: the numbers that become tokens, beneficiaries first; and, in `unknown`, whom and where, and which of the
// fields the decision permits.
internal sealed record SelectedRow(IReadOnlyList<string> Numbers, Household? Household, IReadOnlyList<string> Fields)
{
    public override string ToString() => "[rij]";
}

// A household that may be reached: the beneficiaries who are addressed, at their common domicile.
internal sealed record Household(IReadOnlyList<(string GivenNames, string FamilyName)> Beneficiaries, string? Street, string? HouseNumber, string? Box, string? Postcode, string? Place)
{
    public override string ToString() => "[gezin]";
}

// Selects from the register. Reads only; runs on one connection and keeps at most the households of one address in memory.
internal sealed partial class Selection
{
    private readonly SqliteConnection connection;
    private readonly ReleaseTerms? decidedBy;
    private readonly DateOnly today;

    private Selection(SqliteConnection connection, ReleaseTerms? terms, DateOnly today) => (this.connection, decidedBy, this.today) = (connection, terms, today);

    private ReleaseTerms Terms => decidedBy ?? throw new InvalidOperationException("Nothing is selected without the terms of a protocol.");

    private const string PaidInMonth = "b.category = 'SOCIAAL' AND b.begin_month <= $month AND (b.end_month IS NULL OR b.end_month >= $month)";

    public static async Task<Selection> OpenAsync(SourceDatabase database, ReleaseTerms terms, CancellationToken cancel)
    {
        await database.Database.OpenConnectionAsync(cancel);
        return new Selection((SqliteConnection)database.Database.GetDbConnection(), terms, terms.Today);
    }

    // To look up single people, and to select nobody.
    public static async Task<Selection> OpenAsync(SourceDatabase database, DateOnly today, CancellationToken cancel)
    {
        await database.Database.OpenConnectionAsync(cancel);
        return new Selection((SqliteConnection)database.Database.GetDbConnection(), null, today);
    }

    // Runs over everything that a request is about. The rows come in an order that says nothing.
    public IEnumerable<SelectedRow> Run(string nis, Month month, SelectionResult result)
    {
        ListCodes(nis);
        return Terms.Protocol.Flow == Flow.Match ? Children(month, result) : Households(month, result);
    }

    private void ListCodes(string nis)
    {
        var codes = SplitCodes(nis);
        Execute("DROP TABLE IF EXISTS temp.listed_nis; CREATE TEMP TABLE listed_nis (nis TEXT PRIMARY KEY, is_here INTEGER NOT NULL) WITHOUT ROWID");
        foreach (var (code, isHere) in codes) Execute("INSERT INTO temp.listed_nis (nis, is_here) VALUES ($code, $here)", ("$code", code), ("$here", isHere ? 1 : 0));
    }

    // INVARIANT: a code of before a merger leads to the municipality of today; one that no municipality has is reported, never routed.
    private List<(string Code, bool IsHere)> SplitCodes(string nis)
    {
        var codes = new List<(string, bool)>();
        foreach (var row in Query("SELECT DISTINCT nis FROM person WHERE nis IS NOT NULL"))
        {
            var code = row.GetString(0);
            switch (Municipalities.Resolve(code, today))
            {
                case MunicipalityLookup.Current current when current.Municipality.NisCode == nis:
                case MunicipalityLookup.Merged merged when merged.Municipality.NisCode == nis:
                    codes.Add((code, true));
                    break;
                case MunicipalityLookup.Unknown:
                    codes.Add((code, false));
                    break;
            }
        }

        return codes;
    }

    // One row a child with the supplement in the month, who lives in the municipality or whose domicile is not known.
    private IEnumerable<SelectedRow> Children(Month month, SelectionResult result)
    {
        Execute(
            $"""
            DROP TABLE IF EXISTS temp.child_listed;
            CREATE TEMP TABLE child_listed (subject TEXT PRIMARY KEY) WITHOUT ROWID;
            INSERT INTO temp.child_listed
            SELECT DISTINCT coalesce(s.subject, b.child) FROM benefit b LEFT JOIN number_subject s ON s.number = b.child WHERE {PaidInMonth};
            """,
            ("$month", month.ToString()));
        foreach (var row in Query(
            """
            SELECT c.subject, p.nis, n.is_here
            FROM temp.child_listed c
            LEFT JOIN person p ON (p.record, p.number) = (
                SELECT q.record, q.number FROM person q
                WHERE q.number IN (SELECT c.subject UNION ALL SELECT s.number FROM number_subject s WHERE s.subject = c.subject)
                ORDER BY q.rank, q.record DESC LIMIT 1)
            LEFT JOIN temp.listed_nis n ON n.nis = p.nis
            """))
        {
            var (hasNis, isListed, isHere) = (!row.IsDBNull(1), !row.IsDBNull(2), !row.IsDBNull(2) && row.GetInt64(2) == 1);
            if (hasNis && isListed && !isHere) result.Report(SelectionReasons.NisUnknown);
            if (hasNis && !isHere) continue;

            // What people object to is being written to or called on; nobody says how to object to a grant yet.
            if (result.Count(Terms.Decide(default(ExclusionFacts).With(Exclusion.Objection, holds: false))) is { Outcome: not Outcome.Permit } refusal)
            {
                result.Withhold(refusal.Reasons[0].Code);
                continue;
            }

            var numbers = NumbersOf(row.GetString(0));
            if (numbers.Count > EnvelopeFormat.MaxLinkedTokens)
            {
                result.Withhold(SelectionReasons.TooManyNumbers);
                continue;
            }

            result.Select();
            yield return new SelectedRow(numbers, null, []);
        }
    }

    private IEnumerable<SelectedRow> Households(Month month, SelectionResult result)
    {
        Locate(month);

        // Families that no municipality can be found for, each once: by the first child that is paid for.
        result.Report(SelectionReasons.BeneficiaryDeceased, Count("SELECT count(DISTINCT first_child) FROM temp.located WHERE nis IS NULL AND deceased = 1"));
        result.Report(SelectionReasons.DomicileUnknown, Count("SELECT count(DISTINCT first_child) FROM temp.located WHERE nis IS NULL AND deceased = 0"));
        result.Report(SelectionReasons.NisUnknown, Count("SELECT count(DISTINCT first_child) FROM temp.located l JOIN temp.listed_nis n ON n.nis = l.nis WHERE n.is_here = 0"));

        foreach (var address in Addresses())
        {
            foreach (var household in Split(address, month))
            {
                if (Describe(household, result) is { } row) yield return row;
            }
        }
    }

    // Every beneficiary of the month, with what the register knows best of them: asked about themselves before asked about others.
    private void Locate(Month month) =>
        Execute(
            $"""
            DROP TABLE IF EXISTS temp.beneficiary;
            CREATE TEMP TABLE beneficiary (subject TEXT PRIMARY KEY, first_child TEXT NOT NULL) WITHOUT ROWID;
            INSERT INTO temp.beneficiary
            SELECT coalesce(s.subject, b.beneficiary), min(coalesce(t.subject, b.child))
            FROM benefit b LEFT JOIN number_subject s ON s.number = b.beneficiary LEFT JOIN number_subject t ON t.number = b.child
            WHERE {PaidInMonth} GROUP BY 1;
            DROP TABLE IF EXISTS temp.located;
            CREATE TEMP TABLE located (
                subject TEXT PRIMARY KEY, first_child TEXT NOT NULL, given_names TEXT, family_name TEXT, birth_day TEXT, deceased INTEGER NOT NULL,
                kind TEXT, nis TEXT, street TEXT, house_number TEXT, box TEXT, postcode TEXT, place TEXT) WITHOUT ROWID;
            INSERT INTO temp.located
            SELECT d.subject, d.first_child, p.given_names, p.family_name, p.birth_day,
                EXISTS (SELECT 1 FROM person x WHERE x.deceased = 1 AND x.number IN (SELECT d.subject UNION ALL SELECT s.number FROM number_subject s WHERE s.subject = d.subject)),
                p.address_kind, CASE WHEN p.address_kind = 'none' THEN NULL ELSE p.nis END, p.street, p.house_number, p.box, p.postcode, p.place
            FROM temp.beneficiary d
            LEFT JOIN person p ON (p.record, p.number) = (
                SELECT q.record, q.number FROM person q
                WHERE q.number IN (SELECT d.subject UNION ALL SELECT s.number FROM number_subject s WHERE s.subject = d.subject)
                ORDER BY q.rank, q.record DESC LIMIT 1);
            """,
            ("$month", month.ToString()));

    // Beneficiaries by address, one address at a time.
    private IEnumerable<List<Beneficiary>> Addresses()
    {
        var group = new List<Beneficiary>();
        (string?, string?, string?, string?)? at = null;
        foreach (var row in Query(
            """
            SELECT l.subject, l.given_names, l.family_name, l.birth_day, l.deceased, l.kind, l.street, l.house_number, l.box, l.postcode, l.place
            FROM temp.located l JOIN temp.listed_nis n ON n.nis = l.nis WHERE n.is_here = 1
            ORDER BY l.postcode, l.street, l.house_number, l.box, l.subject
            """))
        {
            string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
            var next = (Text(9), Text(6), Text(7), Text(8));
            if (group.Count > 0 && next != at)
            {
                yield return group;
                group = [];
            }

            at = next;
            group.Add(new Beneficiary
            {
                Subject = row.GetString(0),
                GivenNames = Text(1) ?? "",
                FamilyName = Text(2) ?? "",
                IsMinor = Age.IsMinorOn(today, Text(3)),
                IsDeceased = row.GetInt64(4) == 1,
                Street = Text(6),
                HouseNumber = Text(7),
                Box = Text(8),
                Postcode = Text(9),
                Place = Text(10),
            });
        }

        if (group.Count > 0) yield return group;
    }

    // Beneficiaries at one address are one household when they are paid for a common child or the register composed one household of them.
    // Two families that only share an address, as at an OCMW's reference address or in a house without boxes, stay two.
    private IEnumerable<List<Beneficiary>> Split(List<Beneficiary> address, Month month)
    {
        if (address.Count == 1)
        {
            yield return address;
            yield break;
        }

        var parts = new List<(HashSet<string> Bonds, List<Beneficiary> Members)>();
        foreach (var beneficiary in address)
        {
            var bonds = Bonds(beneficiary.Subject, month);
            var members = new List<Beneficiary>();
            foreach (var part in parts.Where(part => part.Bonds.Overlaps(bonds)).ToList())
            {
                parts.Remove(part);
                bonds.UnionWith(part.Bonds);
                members.AddRange(part.Members);
            }

            members.Add(beneficiary);
            parts.Add((bonds, members));
        }

        foreach (var (_, members) in parts)
        {
            members.Sort((a, b) => string.CompareOrdinal(a.Subject, b.Subject));
            yield return members;
        }
    }

    private HashSet<string> Bonds(string subject, Month month)
    {
        var bonds = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in Query(
            $"""
            WITH own (number) AS (SELECT $subject UNION SELECT number FROM number_subject WHERE subject = $subject)
            SELECT 'child ' || coalesce(s.subject, b.child) FROM benefit b LEFT JOIN number_subject s ON s.number = b.child
            WHERE b.beneficiary IN own AND {PaidInMonth}
            UNION
            SELECT 'household ' || p.household FROM person p WHERE p.number IN own AND p.household IS NOT NULL AND p.address_kind NOT IN ('reference', 'collective')
            """,
            ("$subject", subject), ("$month", month.ToString())))
        {
            bonds.Add(row.GetString(0));
        }

        return bonds;
    }

    private SelectedRow? Describe(List<Beneficiary> household, SelectionResult result)
    {
        // SECURITY: one shielded person at the address is enough; in doubt nothing leaves.
        var isSafe = HasSafeAddress(household);

        // Whoever does not want to be written to is not called on either, nor is who lives with them.
        var hasObjected = household.Exists(beneficiary => HasObjected(beneficiary.Subject));
        var living = household.Where(beneficiary => !beneficiary.IsDeceased).ToList();
        var addressed = living.Where(beneficiary => !beneficiary.IsMinor).ToList();
        var decision = result.Count(Terms.Decide(default(ExclusionFacts)
            .With(Exclusion.SafeAddress, isSafe)
            .With(Exclusion.Objection, hasObjected)
            .With(Exclusion.Deceased, living.Count == 0)
            .With(Exclusion.MinorBeneficiary, living.Count > 0 && addressed.Count == 0)

            // Only who lives here comes as far as this.
            .With(Exclusion.NotDomiciled, holds: false)));
        if (decision.Outcome != Outcome.Permit)
        {
            return Withhold(decision.Reasons[0] != Reasons.Excluded ? decision.Reasons[0].Code
                : isSafe ? SelectionReasons.SafeAddress : hasObjected ? SelectionReasons.Objection : living.Count == 0 ? SelectionReasons.BeneficiaryDeceased : addressed.Count == 0 ? SelectionReasons.BeneficiaryMinor : Reasons.Excluded.Code);
        }

        var numbers = AdultNumbers(household);
        // SECURITY: a household whose numbers do not all fit could come back although it is known, so it stays.
        if (numbers.Count > EnvelopeFormat.MaxLinkedTokens) return Withhold(SelectionReasons.TooManyNumbers);
        var first = addressed[0];
        var selected = new Household(
            [.. addressed.Select(beneficiary => (beneficiary.GivenNames, beneficiary.FamilyName))], first.Street, first.HouseNumber, first.Box, first.Postcode, first.Place);
        if (!RecordFormat.Fits(selected)) return Withhold(SelectionReasons.RecordTooLarge);
        result.Select();
        return new SelectedRow(numbers, selected, [.. decision.Fields.Where(field => field.Outcome == Outcome.Permit).Select(field => field.Field.WireName())]);

        SelectedRow? Withhold(string reason)
        {
            result.Withhold(reason);
            return null;
        }
    }

    private bool HasSafeAddress(List<Beneficiary> household)
    {
        foreach (var beneficiary in household)
        {
            // The beneficiary, and everybody whom the register puts in one household with them at this very address.
            var safe = Count(
                """
                WITH own (number) AS (SELECT $subject UNION SELECT number FROM number_subject WHERE subject = $subject),
                     near (number) AS (
                        SELECT number FROM own
                        UNION SELECT m.number FROM person p JOIN person m ON m.household = p.household WHERE p.number IN own),
                     same (number) AS (
                        SELECT number FROM near
                        UNION SELECT b.number FROM number_subject a JOIN number_subject b ON b.subject = a.subject WHERE a.number IN near)
                SELECT count(*) FROM person x
                WHERE x.number IN same AND x.address_kind = 'safe' AND (x.safe_until IS NULL OR x.safe_until >= $today)
                """,
                ("$subject", beneficiary.Subject), ("$today", today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
            if (safe > 0) return true;
        }

        return false;
    }

    // Beneficiaries first, then their links, then the other adults of their households and theirs.
    private List<string> AdultNumbers(List<Beneficiary> household)
    {
        var numbers = new List<string>();
        void Add(IEnumerable<string> more) => numbers.AddRange(more.Where(number => !numbers.Contains(number)).ToList());
        Add(household.Select(beneficiary => beneficiary.Subject));
        foreach (var beneficiary in household) Add(NumbersOf(beneficiary.Subject));
        foreach (var beneficiary in household)
        {
            foreach (var row in Query(
                """
                WITH own (number) AS (SELECT $subject UNION SELECT number FROM number_subject WHERE subject = $subject)
                SELECT DISTINCT coalesce(s.subject, m.number), m.birth_day
                FROM person p JOIN person m ON m.household = p.household LEFT JOIN number_subject s ON s.number = m.number
                WHERE p.number IN own AND m.deceased = 0
                ORDER BY 1
                """,
                ("$subject", beneficiary.Subject)).Select(row => (Subject: row.GetString(0), BirthDay: row.IsDBNull(1) ? null : row.GetString(1))).ToList())
            {
                if (Age.IsAdultOn(today, row.BirthDay)) Add(NumbersOf(row.Subject));
            }
        }

        return numbers;
    }

    // All numbers of one person, the one that stands for them first.
    private List<string> NumbersOf(string subject)
    {
        var numbers = new List<string> { subject };
        numbers.AddRange(Query("SELECT number FROM number_subject WHERE subject = $subject AND number <> $subject ORDER BY number", ("$subject", subject)).Select(row => row.GetString(0)));
        return numbers;
    }

    private int Count(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(sql, parameters);
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private void Execute(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(sql, parameters);
        command.ExecuteNonQuery();
    }

    private IEnumerable<SqliteDataReader> Query(string sql, params ReadOnlySpan<(string Name, object Value)> parameters) => Read(Command(sql, parameters));

    private static IEnumerable<SqliteDataReader> Read(SqliteCommand command)
    {
        using (command)
        using (var rows = command.ExecuteReader())
        {
            while (rows.Read()) yield return rows;
        }
    }

    private SqliteCommand Command(string sql, ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are the constants of this file; values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value);
        return command;
    }

    private sealed record Beneficiary
    {
        public required string Subject { get; init; }

        public required string GivenNames { get; init; }

        public required string FamilyName { get; init; }

        public required bool IsMinor { get; init; }

        public required bool IsDeceased { get; init; }

        public string? Street { get; init; }

        public string? HouseNumber { get; init; }

        public string? Box { get; init; }

        public string? Postcode { get; init; }

        public string? Place { get; init; }

        public override string ToString() => "[begunstigde]";
    }
}
