using System.Text;
using CsCheck;
using Shouldly;
using Xunit;
using static Bereik.Magda.Tests.Samples;

namespace Bereik.Magda.Tests;

public sealed class MagdaFuzzTests
{
    private static readonly byte[] Seed = Encoding.UTF8.GetBytes(Family);

    private static readonly string[] Pieces =
        ["<", ">", "</", "/>", "&#0;", "&lt;", "<![CDATA[", "]]>", "<!--", "-->", "<!DOCTYPE a>", "<?x y?>", "\0", "\uFFFF", "<Kind>", "</Kind>", "<INSZ/>", "<Uitzonderingen>", "xmlns=\"\"", "2020-00", "é"];

    [Fact]
    public void Reader_BytesChangedCutOrInserted_NeverThrows() =>
        Gen.Select(Gen.Int[0, Seed.Length - 1], Gen.Int[0, 40], Gen.Byte.Array[0, 12], Gen.Int[0, Pieces.Length]).Sample((at, drop, bytes, piece) =>
        {
            byte[] inserted = piece < Pieces.Length ? Encoding.UTF8.GetBytes(Pieces[piece]) : bytes;
            byte[] changed = [.. Seed[..at], .. inserted, .. Seed[Math.Min(Seed.Length, at + drop)..]];
            var reading = Read(changed);
            ((reading.Answer is null) ^ (reading.Error is null)).ShouldBeTrue();
        }, iter: 4_000);

    [Fact]
    public void Reader_PiecesMovedAround_NeverThrowsAndKeepsChildrenUnique() =>
        Gen.Select(Gen.Int[0, Seed.Length], Gen.Int[0, Seed.Length], Gen.Int[0, Seed.Length]).Sample((a, b, c) =>
        {
            var (from, to) = (Math.Min(a, b), Math.Max(a, b));
            byte[] doubled = [.. Seed[..c], .. Seed[from..to], .. Seed[c..]];
            if (Read(doubled).Answer?.Content is MagdaContent.ChildBenefits benefits)
                benefits.Children.Select(child => child.Insz.Digits).ShouldBeUnique();
        }, iter: 2_000);

    [Fact]
    public void Reader_RandomBytes_NeverThrows() =>
        Gen.Byte.Array[0, 400].Sample(bytes => { Read(bytes).Answer.ShouldBeNull(); }, iter: 2_000);

    [Fact]
    public void Month_AnyText_ParsesOnlyWhatItWritesBack() =>
        Gen.OneOf(Gen.String[0, 9], Gen.Int[0, 10_001].Select(Gen.Int[0, 14]).Select((y, m) => $"{y:0000}-{m:00}")).Sample(text =>
        {
            if (PaymentMonth.TryParse(text, out var month))
                month.ToString().ShouldBe(text);
        }, iter: 5_000);
}
