using Bereik.Exchange.Envelopes;

namespace Bereik.Sealing.Pseudonyms;

/// <summary>How likely check rows are to show that rows were withheld.</summary>
public static class Withholding
{
    /// <summary>
    /// The chance that at least one of the 32 check rows that must come back is among the withheld, when <paramref name="withheld"/> of
    /// <paramref name="due"/> rows (check rows included) are withheld by somebody who cannot tell them apart:
    /// <c>1 - C(due - 32, withheld) / C(due, withheld)</c>.
    /// </summary>
    /// <param name="due">The rows that ought to be delivered, 32 check rows among them.</param>
    /// <param name="withheld">How many of them are not.</param>
    public static double ChanceOfDetection(int due, int withheld)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(due, EnvelopeFormat.ChosenCheckRows);
        ArgumentOutOfRangeException.ThrowIfNegative(withheld);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(withheld, due);
        var unseen = 1.0;
        for (var i = 0; i < EnvelopeFormat.ChosenCheckRows; i++)
            unseen *= Math.Max(0, due - withheld - i) / (double)(due - i);
        return 1 - unseen;
    }
}
