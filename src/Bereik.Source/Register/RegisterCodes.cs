using Bereik.Sealing.Persons;

namespace Bereik.Source.Register;

// The stable codes of what can be wrong with a row or number of the register; those of a message are MagdaErrorCodes.
internal static class RegisterCodes
{
    public const string Unavailable = "register.unavailable";
    public const string Empty = "register.empty";
    public const string HeaderMissing = "csv.headerMissing";
    public const string ColumnMissing = "csv.columnMissing";
    public const string ColumnUnknown = "csv.columnUnknown";
    public const string RowBroken = "csv.rowBroken";
    public const string RowTwice = "csv.rowTwice";
    public const string ValueMissing = "csv.valueMissing";
    public const string ValueShape = "csv.valueShape";
    public const string PeriodReversed = "csv.periodReversed";

    public static string Of(InszError error) => error switch
    {
        InszError.None => throw new ArgumentOutOfRangeException(nameof(error)),
        _ => $"insz.{char.ToLowerInvariant(error.ToString()[0])}{error.ToString()[1..]}",
    };
}
