using System.Globalization;
using Bereik.Fuzz.Tests.Parsing;
using Shouldly;
using Xunit;

namespace Bereik.Fuzz.Tests;

// Every parser of foreign bytes, with inputs mutated from a valid corpus. ./test.sh runs a thousand of each, ./test.sh --long a million.
public sealed class FuzzTests
{
    private const long Short = 1_000;
    private const long Long = 1_000_000;

    public static TheoryData<string> Names => [.. Parsers.All.Select(parser => parser.Name)];

    private static bool IsLong => Environment.GetEnvironmentVariable("BEREIK_LONG_TESTS") == "1";

    [Theory]
    [MemberData(nameof(Names))]
    public void Parser_AnyForeignBytes_RefusesWithAResultInBoundedTimeAndMemory(string name)
    {
        var run = new FuzzRun(Parsers.Of(name));
        run.Run(IsLong ? Long : Short);
        Console.WriteLine(run.Report);
        run.Share.ShouldBeGreaterThan(0.1, $"{run.Report}\n{string.Join('\n', run.Outcomes)}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Corpus_EachOfItsFiles_IsAccepted(string name)
    {
        var parser = Parsers.Of(name);
        var files = Corpus.Files(name).ToList();
        files.Count.ShouldBeGreaterThan(1);
        foreach (var file in files) parser.Read(File.ReadAllBytes(file)).Code.ShouldBe(Verdict.Accepted, Path.GetFileName(file));
    }

    [Fact]
    public void Corpus_ItsFolders_EachHaveAParser() =>
        Directory.EnumerateDirectories(Corpus.Folder).Select(folder => Path.GetFileName(folder)!).Where(folder => folder != "keys").Order(StringComparer.Ordinal).ShouldBe(Parsers.All.Select(parser => parser.Name).Order(StringComparer.Ordinal));

    // The run itself: each of its guards refuses a parser that breaks it.
    [Theory]
    [InlineData("throws")]
    [InlineData("slow")]
    [InlineData("greedy")]
    [InlineData("malleable")]
    public void Run_OverAParserThatMisbehaves_Fails(string kind)
    {
        var parser = Parsers.Of("tile-path") with
        {
            Read = input => kind switch
            {
                "throws" => throw new FormatException(),
                "slow" => Slow(),
                "greedy" => new Verdict(new byte[8 << 20].Length.ToString(CultureInfo.InvariantCulture)),
                _ => new Verdict(Verdict.Accepted, [.. input, 0]),
            },
        };
        Should.Throw<Exception>(() => new FuzzRun(parser).Run(1));
    }

    private static Verdict Slow()
    {
        using var never = new ManualResetEventSlim();
        never.Wait(1100);
        return new Verdict("slow");
    }
}
