using Bereik.Node.Logging;
using CsCheck;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Bereik.Node.Tests.Foundation;

// What comes into a log line and what never does: the marked person leaves no trace, whichever way it comes in.
public sealed partial class LogTests
{
    private const string Name = "Marie Marked";

    [Fact]
    public void Line_OfAnEvent_HoldsTimeLevelCategoryAndText() =>
        Line(log => StepEnded(log, "envelope.build", 3)).ShouldBe("2026-11-23T08:00:00.000Z info Bereik.Test: Step envelope.build ended after 3.");

    [Theory]
    [InlineData(Name)]
    [InlineData("85661200141")]
    [InlineData("Kerkstraat 1")]
    [InlineData("marie")]
    [InlineData("Envelope.build")]
    public void Text_ThatIsNoCode_IsHidden(string text) => Line(log => StepEnded(log, text, 3)).ShouldEndWith("Step [tekst] ended after 3.");

    [Theory]
    [InlineData(85661200141)]
    [InlineData(5611200141)]
    [InlineData(12345678)]
    public void Number_AsLongAsAnInsz_IsHidden(long number) => Line(log => StepEnded(log, "envelope.build", number)).ShouldEndWith("ended after [nummer].");

    [Fact]
    public void Exception_WithAPerson_LeavesOnlyTypesAndStack()
    {
        var line = Line(log =>
        {
            try
            {
                throw new InvalidDataException($"{Name}, 85.66.12-001.41", new FormatException(Name));
            }
            catch (InvalidDataException error)
            {
                Broke(log, error);
            }
        });
        line.ShouldContain("System.IO.InvalidDataException");
        line.ShouldContain("System.FormatException");
        line.ShouldContain(nameof(Exception_WithAPerson_LeavesOnlyTypesAndStack));
        line.ShouldNotContain("Marked");
        line.ShouldNotContain("85.66");
        line.ShouldNotContain('\n');
    }

    [Fact]
    public void Event_WithoutATemplate_IsHidden() =>
        Line(log => log.Log(LogLevel.Warning, default, Name, null, (state, _) => state)).ShouldBe("2026-11-23T08:00:00.000Z warn Bereik.Test: [tekst]");

    [Fact]
    public void Scope_WithAPerson_IsNotWritten() => Line(log =>
    {
        using (log.BeginScope(Name)) StepEnded(log, "envelope.build", 3);
    }).ShouldNotContain("Marked");

    // Five groups of a number with whatever stands between them, and letters around it.
    [Fact]
    public void Number_HoweverItIsSpelled_IsTakenOut()
    {
        var between = OneOf("", ".", "-", " ", "/", "_", " - ", "%20", "%2F", "\u00a0", "\t", ". ", "…");
        var groups = Gen.Select(Gen.Int[0, 99], Gen.Int[0, 99], Gen.Int[0, 99], Gen.Int[0, 999], Gen.Int[0, 99]);
        Gen.Select(groups, between.Array[4], OneOf("", "insz ", "x", "=", "(", "é")).Sample((number, separators, around) =>
        {
            var spelled = $"{number.Item1:D2}{separators[0]}{number.Item2:D2}{separators[1]}{number.Item3:D2}{separators[2]}{number.Item4:D3}{separators[3]}{number.Item5:D2}";
            PersonalNumberFilter.Clean($"before {around}{spelled}{around} after").ShouldBe($"before {around}{PersonalNumberFilter.Word}{around} after");
        });
    }

    [Theory]
    [InlineData("took 1234567890 ticks")]
    [InlineData("hash 123456789012 of 12 digits")]
    [InlineData("2026-11-23T08:00:00.000Z")]
    [InlineData("order 3f2504e0-4f89-41d3-9a0c-0305e82c3301")]
    public void Text_WithoutANumber_StaysAsItIs(string text) => PersonalNumberFilter.Clean(text).ShouldBe(text);

    // Whatever a message carries, in a value, an exception, a scope or a message of another library: no word of it comes through.
    [Fact]
    public void Line_WithAnyTextOfAPerson_HoldsNothingOfIt() => Gen.Select(Gen.String[Gen.Char['A', 'Z'], 12, 20], Gen.Int[0, 4]).Sample((marked, way) =>
        Line(log =>
        {
            switch (way)
            {
                case 0: StepEnded(log, marked, 1); break;
                case 1: Broke(log, new InvalidOperationException(marked)); break;
                case 2: Broke(log, new AggregateException(marked, new IOException(marked))); break;
                case 3: log.Log(LogLevel.Error, default, marked, null, (state, _) => state); break;
                default: Told(log, new { Name = marked }); break;
            }
        }).ShouldNotContain(marked));

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);

    private static string Line(Action<ILogger> act)
    {
        using var log = new Writer();
        act(log);
        return log.Written.ToString().TrimEnd('\n');
    }

    [LoggerMessage(LogLevel.Information, "Step {Kind} ended after {Count}.")]
    private static partial void StepEnded(ILogger log, string kind, long count);

    [LoggerMessage(LogLevel.Error, "It broke.")]
    private static partial void Broke(ILogger log, Exception error);

    [LoggerMessage(LogLevel.Error, "It said {What:000}.")]
    private static partial void Told(ILogger log, object what);

    private sealed class Still : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);
    }

    // The real formatter, behind the interface that code logs to.
    private sealed class Writer : ILogger, IDisposable
    {
        private readonly NodeLogFormatter formatter = new(new Still());
        private readonly LoggerExternalScopeProvider scopes = new();

        public StringWriter Written { get; } = new();

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            this.formatter.Write(new LogEntry<TState>(logLevel, "Bereik.Test", eventId, state, exception, formatter), scopes, Written);

        public void Dispose() => Written.Dispose();
    }
}
