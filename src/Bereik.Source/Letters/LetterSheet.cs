namespace Bereik.Source.Letters;

// Where things are on an A4 side, in millimetres from its upper left corner.
internal readonly record struct Box(float Left, float Top, float Right, float Bottom)
{
    public float Width => Right - Left;

    public float Height => Bottom - Top;

    public bool Holds(Box other) => other.Left >= Left && other.Right <= Right && other.Top >= Top && other.Bottom <= Bottom;

    public bool Touches(Box other) => other.Left < Right && other.Right > Left && other.Top < Bottom && other.Bottom > Top;
}

/// <summary>
/// The window of the envelope, as bpost asks it: 30 mm free below it, 15 mm at its right, 40 mm above it. On an envelope C5/6 (229 x 114 mm) a window of 100 x 40 mm
/// lies 15 mm from the right and 30 mm from below. The page is folded in three (210 x 99 mm) and can slide: 19 mm from side to side, 15 mm up and down.
/// </summary>
internal static class LetterWindow
{
    private const float EnvelopeWidth = 229, EnvelopeHeight = 114, FoldedWidth = 210, FoldedHeight = 99;

    private static readonly Box Window = new(EnvelopeWidth - 15 - 100, EnvelopeHeight - 30 - 40, EnvelopeWidth - 15, EnvelopeHeight - 30);

    /// <summary>What shows however the page lies: the address stands in it.</summary>
    public static readonly Box Always = new(Window.Left, Window.Top, Window.Right - (EnvelopeWidth - FoldedWidth), Window.Bottom - (EnvelopeHeight - FoldedHeight));

    /// <summary>What can show when the page slides: nothing but the address stands in it.</summary>
    public static readonly Box Ever = new(Window.Left - (EnvelopeWidth - FoldedWidth), Window.Top - (EnvelopeHeight - FoldedHeight), FoldedWidth, Window.Bottom);
}
