using System.Globalization;
using System.Text;
using QRCoder;

namespace Bereik.Hub.Answers;

/// <summary>A receipt as a square code that a telephone reads (nl: QR-code), as one path of an SVG. Row by row in runs: a receipt takes more than a hundred rows, and a page must stay small.</summary>
/// <param name="Size">Width and height in modules, with the quiet zone around it.</param>
/// <param name="Path">The dark modules.</param>
public sealed record ReceiptPicture(int Size, string Path)
{
    /// <summary>The code of a text. Level L: it is printed large, and a denser one would not be read.</summary>
    /// <param name="text">A signed receipt; it has no name and no code of a letter.</param>
    public static ReceiptPicture Of(string text)
    {
        using var code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.L);
        var path = new StringBuilder();
        for (var row = 0; row < code.ModuleMatrix.Count; row++)
        {
            var line = code.ModuleMatrix[row];
            for (var from = 0; from < line.Count;)
            {
                var to = from;
                while (to < line.Count && line[to] == line[from]) to++;
                if (line[from]) path.Append(CultureInfo.InvariantCulture, $"M{from} {row}h{to - from}v1h-{to - from}z");
                from = to;
            }
        }

        return new ReceiptPicture(code.ModuleMatrix.Count, path.ToString());
    }

    /// <summary>Its size.</summary>
    public override string ToString() => Size.ToString(CultureInfo.InvariantCulture);
}
