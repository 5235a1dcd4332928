using System.Globalization;
using System.Text;
using System.Xml;

namespace Bereik.Magda;

/// <summary>What reading one stream gave: an answer, or why it is none. Exactly one of the two is set.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Error">The error.</param>
public sealed record MagdaReading(MagdaAnswer? Answer, MagdaError? Error)
{
    /// <summary>A fixed word, never the content.</summary>
    public override string ToString() => Error?.Code ?? "MAGDA answer";
}

/// <summary>
/// Reads one answer: the response of a MAGDA service, bare or in its SOAP envelope. Takes apart GeefKindVoordelen 02.00, GeefPersoon
/// 02.02 and GeefGezinssamenstelling 02.02; of every other service only what all answers share.
/// </summary>
// SECURITY: no document types, no resolver, and limits on bytes, depth, length and number: answers come from outside.
public static class MagdaReader
{
    private static readonly string[] SoapNamespaces =
        ["http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"];

    private static readonly Dictionary<string, string> KnownVersions = new(StringComparer.Ordinal)
    {
        ["GeefKindVoordelen"] = "02.00",
        ["GeefPersoon"] = "02.02",
        ["GeefGezinssamenstelling"] = "02.02",
    };

    /// <summary>Reads one answer to the end of the stream.</summary>
    /// <param name="stream">The bytes of one document; not closed. Errors of the stream itself pass through.</param>
    /// <param name="limits">The limits; <see cref="MagdaLimits.Default"/> when null.</param>
    /// <param name="askedInsz">
    /// The number that was asked for, when the caller knows it (files are named after it): the old number of a replacement (30004) that
    /// does not say its old number itself. Ignored unless eleven digits.
    /// </param>
    /// <returns>The answer or the error; the text never throws.</returns>
    public static MagdaReading Read(Stream stream, MagdaLimits? limits = null, string? askedInsz = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        limits ??= MagdaLimits.Default;
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = limits.Bytes,
            MaxCharactersFromEntities = 1024,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            IgnoreWhitespace = true,
            CloseInput = false,
        };

        using var bounded = new BoundedStream(stream, limits.Bytes);
        try
        {
            using var xml = XmlReader.Create(bounded, settings);
            return new MagdaReading(new AnswerParser(new MagdaCursor(xml, limits), limits, askedInsz).Parse(), null);
        }
        catch (MagdaCursor.Stop stop)
        {
            return new MagdaReading(null, stop.Error);
        }
        catch (XmlException e)
        {
            // SECURITY: the exception's message quotes the document; only its place goes on.
            return new MagdaReading(null, new MagdaError(Diagnose(bounded.Head), e.LineNumber, e.LinePosition));
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException or InvalidOperationException)
        {
            // An encoding that does not exist, or bytes that are not in it.
            return new MagdaReading(null, new MagdaError(MagdaErrorCodes.BrokenXml, 0, 0));
        }
    }

    internal static bool IsSoap(string ns) => SoapNamespaces.Contains(ns, StringComparer.Ordinal);

    internal static bool IsMagda(string root, string ns)
    {
        // By text, not as a URI: some hosts have an underscore, which a strict reading of host names refuses.
        const string Scheme = "http://";
        if (!root.EndsWith("Response", StringComparison.Ordinal) || root.Length == "Response".Length || !ns.StartsWith(Scheme, StringComparison.Ordinal))
            return false;
        var host = ns.AsSpan(Scheme.Length);
        if (host.IndexOf('/') is var end and >= 0)
            host = host[..end];
        return host.EndsWith(".vlaanderen.be", StringComparison.Ordinal);
    }

    internal static bool IsKnown(string service, string version, out bool versionFits)
    {
        var known = KnownVersions.TryGetValue(service, out var expected);
        versionFits = version.Length == 0 || version == expected || version.StartsWith(expected + ".", StringComparison.Ordinal);
        return known;
    }

    private static string Diagnose(ReadOnlySpan<byte> head)
    {
        // Without the zero bytes, so that UTF-16 reads like ASCII.
        var text = new StringBuilder(head.Length);
        foreach (var b in head)
            if (b is not (0 or 0xEF or 0xBB or 0xBF or 0xFE or 0xFF))
                text.Append((char)b);
        var ascii = text.ToString();
        if (string.IsNullOrWhiteSpace(ascii))
            return MagdaErrorCodes.Empty;

        var doctype = ascii.IndexOf("<!DOCTYPE", StringComparison.OrdinalIgnoreCase);
        // In a document that has begun with its root element, such text is not a declaration.
        return doctype >= 0 && !HasElementBefore(ascii, doctype) ? MagdaErrorCodes.DoctypeForbidden : MagdaErrorCodes.BrokenXml;
    }

    private static bool HasElementBefore(string text, int end)
    {
        for (var i = 0; i < end - 1; i++)
            if (text[i] == '<' && (char.IsAsciiLetter(text[i + 1]) || text[i + 1] is '_' or ':'))
                return true;
        return false;
    }

    internal static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
