namespace Bereik.Magda;

/// <summary>The stable codes of what can be wrong with a file of MAGDA answers.</summary>
public static class MagdaErrorCodes
{
    /// <summary>The file or folder does not exist or may not be read.</summary>
    public const string Unavailable = "magda-unavailable";

    /// <summary>The file holds nothing, or white space only.</summary>
    public const string Empty = "magda-empty";

    /// <summary>The file is larger than the limit.</summary>
    public const string TooLarge = "magda-too-large";

    /// <summary>The elements nest deeper than the limit.</summary>
    public const string TooDeep = "magda-too-deep";

    /// <summary>One text value is longer than the limit.</summary>
    public const string TextTooLong = "magda-text-too-long";

    /// <summary>One kind of element occurs more often than the limit.</summary>
    public const string TooMany = "magda-too-many";

    /// <summary>The file has a document type declaration, which MAGDA never sends and an attacker might.</summary>
    public const string DoctypeForbidden = "magda-doctype";

    /// <summary>The file is not well-formed XML, or not in the encoding it claims.</summary>
    public const string BrokenXml = "magda-broken-xml";

    /// <summary>Well-formed XML that is no MAGDA answer.</summary>
    public const string ForeignXml = "magda-foreign-xml";

    /// <summary>A SOAP fault instead of an answer.</summary>
    public const string SoapFault = "magda-soap-fault";

    /// <summary>A known service in a version whose content this reader does not know.</summary>
    public const string UnknownVersion = "magda-unknown-version";

    /// <summary>A MAGDA answer without the parts that its schema requires.</summary>
    public const string Incomplete = "magda-incomplete";

    /// <summary>A value that decides about a payment (month, category, type of exception) does not have its shape.</summary>
    public const string BadValue = "magda-bad-value";

    /// <summary>Finding: a national number is not eleven digits.</summary>
    public const string FindingNumberShape = "magda-number-shape";

    /// <summary>Finding: a payment period ends before it begins and covers no month.</summary>
    public const string FindingPeriodReversed = "magda-period-reversed";

    /// <summary>Finding: a replaced number was announced (30004), but the answer does not say which.</summary>
    public const string FindingLinkMissing = "magda-link-missing";

    internal static string Meaning(string code) => code switch
    {
        Unavailable => "the file does not exist or may not be read",
        Empty => "the file is empty",
        TooLarge => "the file is larger than an answer may be",
        TooDeep => "the elements nest deeper than in an answer",
        TextTooLong => "a value is longer than in an answer",
        TooMany => "an element is repeated more often than in an answer",
        DoctypeForbidden => "the file has a document type declaration, which is refused",
        BrokenXml => "the file is not well-formed XML",
        ForeignXml => "the file is XML, but no MAGDA answer",
        SoapFault => "the file holds a SOAP fault instead of an answer",
        UnknownVersion => "the service is known, but not in this version",
        Incomplete => "the answer lacks a part that its schema requires",
        BadValue => "a value does not have the shape that its schema requires",
        _ => "unknown error",
    };
}
