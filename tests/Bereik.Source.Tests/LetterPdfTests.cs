using System.Runtime;
using System.Text;
using System.Text.RegularExpressions;
using Bereik.Exchange.Invitations;
using Bereik.Exchange.Letters;
using Bereik.Source.Letters;
using Shouldly;
using Xunit;

namespace Bereik.Source.Tests;

// The file as a reader, a printer and a telephone have it: Debian's poppler-utils and zbar-tools. Without them these tests say that they are skipped.
public sealed class LetterPdfTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("bereik-brieven-").FullName;

    // Names and addresses as the register has them, and longer.
    public static TheoryData<string, string> Addresses => new()
    {
        { "Jan Claes", "Kerkstraat 1|9999 Voorbeeldstad" },
        { "Ğülşen Öztürk-Đặng", "Sint-Jozefstraat 12 bus 0003|9999 Voorbeeldstad" },
        { "Françoise d'Hoogvorst-O’Brien", "'t Zand 5|9999 Sint-Job-in-'t-Goor" },
        { "Maria Johanna Vandenbroucke-Vanhoutteghem", "Burgemeester Van Boeckelstraat 124 bus 12|9999 Onze-Lieve-Vrouw-Waver" },
        { "WILHELMINA WESTERMEERSCH-WOUWERMANSWWWWWW", "KONINGIN WILHELMINAWANDELWEG 124 BUS 0012|9999 WWWWWWWWWWWWWWWWWWWWWWWWW" },
        { "Mevrouw Şükran Gülşah Öztürk-Đorđević de Ter Beerst d'Hoogvorst", "p.a. Residentie 't Zonneke, derde verdieping links|Burgemeester Karel Lodewijk van Boeckelstraat 124|9999 Sint-Katelijne-Waver" },
        { "Åsa Ñandú Ýrsdóttir", "Residentie Zon|Blok B|Deur links|Kerkstraat 1 bus 4|9999 Voorbeeldstad" },
    };

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(LetterVariant.First)]
    [InlineData(LetterVariant.Reminder)]
    public void Page_ItsWords_AreTheLetterInTheOrderOfReading(LetterVariant variant)
    {
        using var writer = TestLetters.Writer(variant);
        var page = TestLetters.Pages(TestLetters.Write(folder, writer, TestLetters.Letter).File).ShouldHaveSingleItem();
        using var laid = writer.Lay(TestLetters.Letter).Page!;
        var at = 0;
        string[] head = [TestLetters.Template.Sender.Name, TestLetters.Template.Sender.Line, .. new[] { TestLetters.Letter.Name }.Concat(TestLetters.Letter.Address)];
        foreach (var words in head.Concat(laid.Dutch))
        {
            var found = page.IndexOf(words, at, StringComparison.Ordinal);
            found.ShouldBeGreaterThanOrEqualTo(0, $"'{words}' after '{page[..at]}'");
            at = found + words.Length;
        }

        // Each language in its own letters, the Arabic whole.
        foreach (var help in TestLetters.Template.Languages.Where(help => help.Language != "ar")) page.ShouldContain(help.Text);
        string.Concat(page.Where(c => c is >= '\u0600' and <= '\u06FF').Order()).ShouldBe(string.Concat(TestLetters.Template.Languages.Single(help => help.Language == "ar").Text.Where(c => c != ' ').Order()));
    }

    [Theory]
    [MemberData(nameof(Addresses))]
    public void Address_HoweverLong_LiesInTheWindowAndNothingElseDoes(string name, string address)
    {
        var letter = TestLetters.Letter with { Name = name, Address = address.Split('|') };
        using var writer = TestLetters.Writer();
        var (file, outcomes) = TestLetters.Write(folder, writer, letter);
        outcomes.ShouldHaveSingleItem().Problems.ShouldBeEmpty();

        // As the file says where its words are: those in the window are the address, whole, in order.
        var words = TestLetters.Words(file, 1);
        var inSight = words.Where(word => LetterWindow.Ever.Touches(word.Box)).ToList();
        string.Join(' ', inSight.Select(word => word.Word)).ShouldBe(string.Join(' ', letter.Address.Prepend(name)).Replace("  ", " ", StringComparison.Ordinal));
        foreach (var word in inSight) LetterWindow.Always.Holds(word.Box).ShouldBeTrue($"{word.Word} at {word.Box}");

        // And as it is printed: no ink that can show but in what always shows.
        var ink = TestLetters.Ink(file, 1, LetterWindow.Ever);
        ink.Count.ShouldBeGreaterThan(200);
        ink.ShouldAllBe(point => point.X >= LetterWindow.Always.Left && point.X <= LetterWindow.Always.Right && point.Y >= LetterWindow.Always.Top && point.Y <= LetterWindow.Always.Bottom);
    }

    // The guard above counts because it finds ink where there is some.
    [Fact]
    public void Ink_BesideTheWindow_IsSeen()
    {
        using var writer = TestLetters.Writer();
        var (file, _) = TestLetters.Write(folder, writer, TestLetters.Letter);
        TestLetters.Ink(file, 1, new Box(16, 14, 93, 29)).Count.ShouldBeGreaterThan(200);
    }

    [Fact]
    public void Window_ItsFigures_AreThoseOfThePost()
    {
        // 100 x 40 mm, 15 mm from the right and 30 from below on 229 x 114 mm, less 19 and 15 mm of play; what can show, with them.
        LetterWindow.Always.ShouldBe(new Box(114, 44, 195, 69));
        LetterWindow.Ever.ShouldBe(new Box(95, 29, 210, 84));
    }

    [Theory]
    [InlineData(true, "")]
    [InlineData(false, "https://antwoord.bereik.example/")]
    public void Picture_ReadByATelephone_IsTheNumberOfTheLetter(bool bare, string before)
    {
        using var writer = TestLetters.Writer(rules: TestLetters.Rules with { BareNumber = bare });
        var (file, _) = TestLetters.Write(folder, writer, TestLetters.Letter);
        var picture = Path.Combine(folder, "blad");
        TestLetters.Run("pdftoppm", "-r", "150", "-png", "-singlefile", file, picture);
        TestLetters.Run("zbarimg", "--quiet", "--raw", $"{picture}.png").Trim().ShouldBe($"{before}{TestLetters.Letter.Number}");
    }

    [Fact]
    public void File_OfSeveralLetters_HasAPageOfEachWithItsOwnCodeOnce()
    {
        var letters = Enumerable.Range(1, 5).Select(index => TestLetters.Letter with { Name = $"Persoon Nummer{index}", Number = LetterNumber.Random().Printed, Code = TestLetters.CodeOf(index) }).ToList();
        using var writer = TestLetters.Writer();
        var (file, outcomes) = TestLetters.Write(folder, writer, letters);
        outcomes.Select(outcome => outcome.Page).ShouldBe([1, 2, 3, 4, 5]);
        var pages = TestLetters.Pages(file);
        pages.Count.ShouldBe(5);
        foreach (var (letter, page) in letters.Zip(pages))
        {
            page.Split(letter.Code).Length.ShouldBe(2, "the code, once");
            page.Split(letter.Number).Length.ShouldBe(3, "the number, in the letter and on the slip");
            page.ShouldContain(letter.Name);
            foreach (var other in letters.Where(other => other != letter)) (page.Contains(other.Code, StringComparison.Ordinal) || page.Contains(other.Name, StringComparison.Ordinal)).ShouldBeFalse();
        }

        // Nor in what the file says of itself.
        var about = TestLetters.Run("pdfinfo", file);
        about.ShouldContain("Brief");
        Regex.IsMatch(about, @"Page size: +595(\.[0-9]+)? x 84[12](\.[0-9]+)? pts \(A4\)").ShouldBeTrue(about);
        var raw = Encoding.Latin1.GetString(File.ReadAllBytes(file));
        foreach (var letter in letters) (about + raw).ShouldNotContain(letter.Code);
        raw.ShouldNotContain("/Annot");
        raw.ShouldNotContain("/URI");
    }

    [Fact]
    public void Faces_InTheFile_AreCutAndWhole()
    {
        using var writer = TestLetters.Writer();
        var (file, _) = TestLetters.Write(folder, writer, TestLetters.Letter);
        var faces = TestLetters.Run("pdffonts", file).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(2).ToList();
        faces.Count.ShouldBe(3);
        faces.ShouldAllBe(face => Regex.IsMatch(face, "(SourceSans3|NotoSansArabic)-(Regular|Bold) +CID TrueType +Identity-H +yes yes yes"));
        // The three whole are 960 kB.
        new FileInfo(file).Length.ShouldBeLessThan(250_000);
    }

    [Fact]
    public void Letter_ThatDoesNotFit_IsLeftOutAndTheOthersGoOn()
    {
        using var writer = TestLetters.Writer();
        var (file, outcomes) = TestLetters.Write(folder, writer, TestLetters.Letter, TestLetters.Letter with { Name = new string('W', 60) }, TestLetters.Letter with { Name = "Jan Claes", Number = LetterNumber.Random().Printed });
        outcomes.Select(outcome => outcome.Page).ShouldBe([1, 0, 2]);
        outcomes[1].Problems.ShouldBe([new LetterProblem("letter.address.tooLarge")]);
        TestLetters.Pages(file).Count.ShouldBe(2);
    }

    [Fact]
    public void Letters_AllRefused_WriteNothing()
    {
        using var writer = TestLetters.Writer();
        using var stream = new MemoryStream();
        writer.Write(stream, [TestLetters.Letter with { Address = [] }], (_, _) => { }).ShouldBe(0);
        stream.Length.ShouldBe(0);
    }

    // The printer's disk is full: who called knows, and no page counts as written.
    [Fact]
    public void Stream_ThatFails_Throws()
    {
        using var writer = TestLetters.Writer();
        Should.Throw<IOException>(() => writer.Write(new FullDisk(), Enumerable.Repeat(TestLetters.Letter, 50), (_, _) => { }));
    }

    [Fact]
    public void Run_ThatIsCancelled_Stops()
    {
        using var cancel = new CancellationTokenSource();
        using var writer = TestLetters.Writer();
        var told = 0;
        Should.Throw<OperationCanceledException>(() => writer.Write(Stream.Null, Enumerable.Repeat(TestLetters.Letter, 50), (_, _) => { if (++told == 3) cancel.Cancel(); }, cancel.Token));
        told.ShouldBe(3);
    }

    // Native code reads the fonts while memory is collected and moved: it holds no address of an array that the collector may take back.
    [Fact]
    public async Task Fonts_WhileMemoryIsCollected_StayWhole()
    {
        var widths = new HashSet<float>();
        var making = Task.Run(() =>
        {
            for (var round = 0; round < 20; round++)
            {
                using var fonts = new LetterFonts();
                using var words = fonts.Shape("Zoë Çelik-Vandenbroucke", LetterFace.Regular, 12).ShouldNotBeNull();
                widths.Add(words.Width);
            }
        }, TestContext.Current.CancellationToken);
        while (!making.IsCompleted)
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
            GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            _ = GC.AllocateUninitializedArray<byte>(200_000);
        }

        await making;
        widths.Count.ShouldBe(1);
    }

    private sealed class FullDisk : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => Fill(count);

        public override void Write(ReadOnlySpan<byte> buffer) => Fill(buffer.Length);

        private void Fill(int count)
        {
            SetLength(Length + count);
            if (Length > 100_000) throw new IOException("No space left on device");
        }
    }
}
