using System.Runtime.InteropServices;
using System.Text;
using HarfBuzzSharp;
using SkiaSharp;
using Buffer = HarfBuzzSharp.Buffer;

namespace Bereik.Source.Letters;

// The faces that ship with the program: no letter depends on what a machine has.
internal enum LetterFace
{
    Regular,
    Bold,
    Arabic,
}

// Words as glyphs with their places, ready to be drawn. Lengths in millimetres.
internal sealed record ShapedText(string Text, SKTextBlob Glyphs, float Width, float Points, LetterFace Face) : IDisposable
{
    // How far the ink goes above and below the line on which the words stand.
    public required (float Above, float Below) Ink { get; init; }

    public float Size => LetterFonts.ToMillimetres(Points);

    public void Dispose() => Glyphs.Dispose();

    public override string ToString() => "[woorden]";
}

/// <summary>Shapes words with HarfBuzz: diacritics in their place, Arabic joined and from right to left (nl: lettertypes). Not for several threads.</summary>
internal sealed class LetterFonts : IDisposable
{
    // Every Latin letter that a name in Belgium can have, and the marks of the letter itself.
    private static readonly (int, int)[] Latin = [(0x20, 0x7E), (0xA0, 0x24F), (0x2B0, 0x2FF), (0x300, 0x36F), (0x1E00, 0x1EFF), (0x2010, 0x2026), (0x2030, 0x203A), (0x20AC, 0x20AC), (0x2122, 0x2122), (0x25A0, 0x25FF)];

    private static readonly (int, int)[] ArabicLetters = [(0x20, 0x20), (0x600, 0x6FF)];

    private readonly Dictionary<LetterFace, Loaded> faces = new()
    {
        [LetterFace.Regular] = new("SourceSans3-Regular.ttf", Latin),
        [LetterFace.Bold] = new("SourceSans3-Bold.ttf", Latin),
        [LetterFace.Arabic] = new("NotoSansArabic-Regular.ttf", ArabicLetters),
    };

    private readonly Buffer buffer = new();

    public static float ToMillimetres(float points) => points * 25.4f / 72;

    // Null when a letter is in no face that ships: a page with a hole in a name does not go out.
    public ShapedText? Shape(string text, LetterFace face, float points)
    {
        var font = faces[face];
        var bytes = Encoding.UTF8.GetBytes(text);
        buffer.ClearContents();
        buffer.AddUtf8(bytes);
        buffer.GuessSegmentProperties();
        font.Shaping.Shape(buffer);
        var infos = buffer.GetGlyphInfoSpan();
        var places = buffer.GetGlyphPositionSpan();
        var scale = ToMillimetres(points) / font.UnitsPerEm;
        using var drawing = new SKFont(font.Typeface, ToMillimetres(points)) { Subpixel = true, LinearMetrics = true, Hinting = SKFontHinting.None };
        using var builder = new SKTextBlobBuilder();
        // The words go along, so that who copies or has the page read aloud gets them and not the shapes.
        var run = builder.AllocatePositionedTextRun(drawing, infos.Length, bytes.Length);
        run.SetText(bytes);
        var glyphs = run.Glyphs;
        var positions = run.Positions;
        var clusters = run.Clusters;
        var at = 0f;
        var (above, below) = (0f, 0f);
        for (var index = 0; index < infos.Length; index++)
        {
            if (infos[index].Codepoint == 0) return null;
            glyphs[index] = (ushort)infos[index].Codepoint;
            clusters[index] = infos[index].Cluster;
            positions[index] = new(at + (places[index].XOffset * scale), -places[index].YOffset * scale);
            at += places[index].XAdvance * scale;
            if (!font.Shaping.TryGetGlyphExtents(infos[index].Codepoint, out var ink)) continue;
            above = Math.Max(above, ink.YBearing + places[index].YOffset);
            below = Math.Max(below, -(ink.YBearing + ink.Height + places[index].YOffset));
        }

        return new(text, builder.Build()!, at, points, face) { Ink = (above * scale, below * scale) };
    }

    public void Dispose()
    {
        buffer.Dispose();
        foreach (var face in faces.Values) face.Dispose();
    }

    private sealed class Loaded : IDisposable
    {
        private readonly SKData data;
        private readonly Blob blob;
        private readonly Face face;
        private GCHandle pinned;

        public Loaded(string file, (int, int)[] characters)
        {
            var kept = Cut(file, characters);
            data = SKData.CreateCopy(kept);
            Typeface = SKTypeface.FromData(data) ?? throw new InvalidOperationException($"{file} is no font.");
            pinned = GCHandle.Alloc(kept, GCHandleType.Pinned);
            blob = new(pinned.AddrOfPinnedObject(), kept.Length, MemoryMode.ReadOnly);
            face = new(blob, 0);
            UnitsPerEm = face.UnitsPerEm;
            Shaping = new(face);
            Shaping.SetScale(UnitsPerEm, UnitsPerEm);
            Shaping.SetFunctionsOpenType();
        }

        public SKTypeface Typeface { get; }

        public Font Shaping { get; }

        public int UnitsPerEm { get; }

        public void Dispose()
        {
            Shaping.Dispose();
            face.Dispose();
            blob.Dispose();
            pinned.Free();
            Typeface.Dispose();
            data.Dispose();
        }

        // The font is read where it lies in the program. Blob.FromStream would give native code the address of an array that the collector may take back.
        private static unsafe byte[] Cut(string file, (int, int)[] characters)
        {
            using var stream = typeof(LetterFonts).Assembly.GetManifestResourceStream($"fonts/{file}") as UnmanagedMemoryStream ?? throw new InvalidOperationException($"{file} is not in the program.");
            using var whole = new Blob((nint)stream.PositionPointer, checked((int)stream.Length), MemoryMode.ReadOnly);
            using var wholeFace = new Face(whole, 0);
            return FontSubset.Of(wholeFace, characters);
        }
    }
}
