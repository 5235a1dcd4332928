using System.Text;
using System.Xml;

namespace Bereik.Magda;

/// <summary>
/// Walks an XML document forward only, element by element, within limits. What its user does not ask for is read past.
/// </summary>
internal sealed class MagdaCursor(XmlReader reader, MagdaLimits limits)
{
    private readonly IXmlLineInfo? _place = reader as IXmlLineInfo;
    private (int Line, int Column)? _inszPlace;

    public string Name => reader.LocalName;

    public string Namespace => reader.NamespaceURI;

    public int Line => _place?.LineNumber ?? 0;

    public int Column => _place?.LinePosition ?? 0;

    /// <summary>The first INSZ element seen while <see cref="WatchesInsz"/>, also inside elements that nobody asks for.</summary>
    public InszText? FirstInsz { get; private set; }

    public bool WatchesInsz { get; set; }

    private bool IsOwn => reader.NamespaceURI.Length == 0 || reader.NamespaceURI == OwnNamespace;

    public string? Attribute(string name) => reader.GetAttribute(name);

    public void Require(bool condition, string code)
    {
        if (!condition)
            throw new Stop(code, Line, Column);
    }

    /// <summary>The next node; false at the end of the document.</summary>
    public bool Read()
    {
        if (!reader.Read())
            return false;
        if (reader.NodeType == XmlNodeType.Element)
        {
            Require(reader.Depth < limits.Depth, MagdaErrorCodes.TooDeep);
            _inszPlace = WatchesInsz && FirstInsz is null && !reader.IsEmptyElement && reader.LocalName == "INSZ" && IsOwn
                ? (Line, Column)
                : null;
        }
        else if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA)
        {
            Require(reader.Value.Length <= limits.TextLength, MagdaErrorCodes.TextTooLong);
            if (_inszPlace is { } place)
                FirstInsz = new InszText { Digits = reader.Value.Trim(), Line = place.Line, Column = place.Column };
            _inszPlace = null;
        }

        return true;
    }

    /// <summary>The first element of the document; false when there is none.</summary>
    public bool Root()
    {
        while (Read())
            if (reader.NodeType == XmlNodeType.Element)
                return true;
        return false;
    }

    /// <summary>The namespace of the envelope or the answer that is being read; its elements may be qualified or not.</summary>
    public string OwnNamespace { get; set; } = "";

    /// <summary>
    /// Stops at every child element of the current one and gives its local name. Children of another namespace than
    /// <see cref="OwnNamespace"/> are passed over; what MAGDA sends inside the root is unqualified.
    /// </summary>
    public IEnumerable<string> Children()
    {
        if (reader.IsEmptyElement)
            yield break;
        var depth = reader.Depth;
        while (Read())
        {
            if (reader.NodeType == XmlNodeType.EndElement && reader.Depth == depth)
                yield break;
            if (reader.NodeType == XmlNodeType.Element && reader.Depth == depth + 1 && IsOwn)
                yield return reader.LocalName;
        }
    }

    /// <summary>Stops at every child element of the current one, of whatever namespace.</summary>
    public IEnumerable<string> AnyChildren()
    {
        if (reader.IsEmptyElement)
            yield break;
        var depth = reader.Depth;
        while (Read() && !(reader.NodeType == XmlNodeType.EndElement && reader.Depth == depth))
            if (reader.NodeType == XmlNodeType.Element && reader.Depth == depth + 1)
                yield return reader.LocalName;
    }

    /// <summary>The current element's text as a national number with its place.</summary>
    public InszText Number()
    {
        var (line, column) = (Line, Column);
        return new InszText { Digits = Text(), Line = line, Column = column };
    }

    /// <summary>The text of the current element without white space around it; the text of elements inside it is left out.</summary>
    public string Text()
    {
        if (reader.IsEmptyElement)
            return "";
        var depth = reader.Depth;
        string? only = null;
        StringBuilder? parts = null;
        while (Read() && !(reader.NodeType == XmlNodeType.EndElement && reader.Depth == depth))
        {
            if (reader.Depth != depth + 1 || reader.NodeType is not (XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace))
                continue;
            if (only is null)
                only = reader.Value;
            else
                (parts ??= new StringBuilder(only)).Append(reader.Value);
            Require((parts?.Length ?? 0) <= limits.TextLength, MagdaErrorCodes.TextTooLong);
        }

        return (parts?.ToString() ?? only ?? "").Trim();
    }

    /// <summary>The text of the child with this name; empty when there is none.</summary>
    public string TextOf(string child)
    {
        var text = "";
        foreach (var name in Children())
            if (name == child)
                text = Text();
        return text;
    }

    /// <summary>Ends the reading of one file. Never leaves <see cref="MagdaReader"/>.</summary>
#pragma warning disable CA1032, CA1064 // Internal control flow of one reader, with exactly the data it needs.
    internal sealed class Stop(string code, int line, int column) : Exception
#pragma warning restore CA1032, CA1064
    {
        public MagdaError Error { get; } = new(code, line, column);
    }
}
