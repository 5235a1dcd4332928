using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using Bereik.Exchange.Invitations;
using Bereik.Hub.Answers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Bereik.Hub.Tests;

// A family with a letter and a browser, at a hub of which everything it says is kept: answers with their headers, log lines of every level, tags of activities.
internal sealed class AnswerVisitor : IAsyncDisposable
{
    private readonly HttpClient browser = new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false });
    private readonly ActivityListener listener;
    private readonly ConcurrentQueue<string> traced = new();
    private Recorder recorder = null!;

    private AnswerVisitor()
    {
        listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => traced.Enqueue($"{activity.DisplayName} {string.Join(' ', activity.TagObjects.Select(tag => $"{tag.Key}={tag.Value}"))} {string.Join(' ', activity.Events.SelectMany(one => one.Tags).Select(tag => $"{tag.Key}={tag.Value}"))}"),
        };
        ActivitySource.AddActivityListener(listener);
    }

    public LetterHub Letters { get; private set; } = null!;

    public MadeWave Wave { get; private set; } = null!;

    // Every answer, each as one text with its headers.
    public ConcurrentQueue<string> Answered { get; } = new();

    public IEnumerable<string> Logged => recorder.Lines;

    public IEnumerable<string> Traced => traced;

    public static async Task<AnswerVisitor> StartAsync(bool opened = true)
    {
        var visitor = new AnswerVisitor();
        visitor.recorder = new Recorder();
        var hub = await TestHub.StartAsync(
            settings => settings["peers"]![1]!["name"] = "Opgroeien", acceded: false,
            more: services => services.AddLogging(logging => logging.AddProvider(visitor.recorder).AddFilter<Recorder>(null, LogLevel.Trace)));
        visitor.Letters = new LetterHub { Hub = hub };
        await hub.AccedeAsync(hub.Welfare, Domain.Flow.Messenger);
        if (opened) visitor.Wave = await visitor.Letters.OpenedAsync();
        return visitor;
    }

    public static AnswerWords Words(string language) => new AnswerTexts(AnswerTexts.Shipped, isTrial: true).In(language);

    public LetterNumber Number(int letter = 0) => Wave.Letters[letter].Number;

    // As it stands in the letter.
    public string Code(int letter = 0)
    {
        using var code = Wave.Codes.Code(letter);
        return Printed(code);
    }

    public static string Printed(SecretCode code)
    {
        Span<char> text = stackalloc char[SecretCode.PrintedLength];
        code.Print(text);
        return text.ToString();
    }

    public static string WrongCode()
    {
        using var code = LetterHub.WrongCode();
        return Printed(code);
    }

    public async Task<Page> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Letters.Hub.Node.Url + path);
        request.Headers.Accept.ParseAdd("text/html");
        return await SendAsync(request);
    }

    public async Task<Page> SendAsync(params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Letters.Hub.Node.Url + AnswerPages.Path) { Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))) };
        request.Headers.Accept.ParseAdd("text/html");
        return await SendAsync(request);
    }

    // A form about a letter.
    public Task<Page> AnswerAsync(string step, int letter = 0, params IEnumerable<(string Name, string Value)> more) => SendAsync([("stap", step), ("taal", "nl"), ("nummer", Number(letter).Text), .. more]);

    public Task<Page> YesAsync(int letter = 0, string? code = null) => AnswerAsync("ja-zeker", letter, ("code", code ?? Code(letter)));

    public Task<Page> ChangeAsync(string act, int letter = 0, string? code = null) => AnswerAsync("verander", letter, ("wat", act), ("code", code ?? Code(letter)));

    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        browser.Dispose();
        await Letters.DisposeAsync();
        recorder.Dispose();
    }

    private async Task<Page> SendAsync(HttpRequestMessage request)
    {
        using var answer = await browser.SendAsync(request);
        var html = await answer.Content.ReadAsStringAsync();
        Answered.Enqueue($"{answer.Headers}{answer.Content.Headers}{html}");
        return new Page(answer.StatusCode, html, RegisterHub.Plain(html), answer.Headers.Location?.ToString(), answer.Headers.ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase));
    }

    // What a person got to see.
    public sealed record Page(HttpStatusCode Status, string Html, string Text, string? Location, IReadOnlyDictionary<string, string> Headers);

    private sealed class Recorder : ILoggerProvider
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => new Line(this, categoryName);

        public void Dispose()
        {
        }

        private sealed class Line(Recorder recorder, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull
            {
                recorder.Lines.Enqueue($"{category} {state}");
                return null;
            }

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                var values = state is IEnumerable<KeyValuePair<string, object?>> pairs ? string.Join(' ', pairs.Select(pair => $"{pair.Key}={pair.Value}")) : "";
                recorder.Lines.Enqueue(new StringBuilder().Append(category).Append(' ').Append(formatter(state, exception)).Append(' ').Append(values).Append(' ').Append(exception).ToString());
            }
        }
    }
}
