using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Bereik.Hub.Tests;
using Bereik.Node.Requests;
using Bereik.Node.Tests.Foundation;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;
using Trace = Bereik.Node.Requests.Trace;

namespace Bereik.Api.Tests;

// Each answer can be found back by an id of the node's own, and what broke is found by it and told to nobody.
[Collection(nameof(Nodes))]
public sealed class TraceTests(Nodes nodes)
{
    private const string Marked = "Marie Marked 85661200143";

    [Theory]
    [InlineData("hub")]
    [InlineData("pseudonymiser")]
    [InlineData("source")]
    [InlineData("local")]
    public async Task Answer_OfAnyKind_HasATraceIdOfItsOwn(string node)
    {
        var ids = new List<string>();
        foreach (var path in new[] { "/health", "/v1/openapi.json", "/", "/v1/nowhere", "/v1/decisions?limit=0", "/health" })
        {
            var answer = await nodes.AskAsync(node, HttpMethod.Get, path);
            ids.Add(answer.Headers.GetValues(Trace.Header).ShouldHaveSingleItem());
            answer.Headers.Contains(Trace.RelatedHeader).ShouldBeFalse();
        }

        ids.ShouldBeUnique();
        foreach (var id in ids) Guid.TryParseExact(id, "D", out _).ShouldBeTrue();
    }

    [Theory]
    [InlineData("4bf92f3577b34da6a3ce929d0e0e4736", true)]
    [InlineData("3F0C2B6E-5D0B-4F6A-9A2E-0C1D7B8E9F10", true)]
    [InlineData("Marie Marked", false)]
    [InlineData("0123456789012345678901234567890123456", false)]
    public async Task TraceId_OfACaller_IsToldBackWhenItIsOne(string theirs, bool isTold)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, nodes.Url("hub") + "/health");
        request.Headers.TryAddWithoutValidation(Trace.Header, theirs);
        var answer = await nodes.SendAsync(request);
        answer.Headers.GetValues(Trace.Header).Single().ShouldNotBe(theirs);
        (answer.Headers.TryGetValues(Trace.RelatedHeader, out var told) ? told.Single() : null).ShouldBe(isTold ? theirs : null);
    }

    [Fact]
    public async Task TraceContext_OfACaller_GoesOnInsideTheNode()
    {
        await using var node = await SmallNode.StartAsync(routes: app => app.MapGet("/inside", () => Activity.Current?.TraceId.ToString() ?? "-").ForAnyone());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/inside");
        request.Headers.TryAddWithoutValidation("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        (await (await node.Browser.SendAsync(request, TestContext.Current.CancellationToken)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("4bf92f3577b34da6a3ce929d0e0e4736");
    }

    [Fact]
    public async Task Fault_InARoute_IsInTheLogUnderTheIdOfItsAnswerAndTellsNothing()
    {
        var log = new Lines();
        await using var node = await SmallNode.StartAsync(
            services: application => application.Services.AddSingleton<ILoggerProvider>(log), routes: app => app.MapGet("/broken", string () => throw new InvalidOperationException(Marked)).ForAnyone());
        using var answer = await node.Browser.GetAsync("/broken", TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        var id = answer.Headers.GetValues(Trace.Header).Single();
        var problem = await answer.JsonAsync();
        problem.Select(member => member.Key).ShouldBe(["type", "title", "status", "detail", "instance", "code"]);
        ((string?)problem["type"]).ShouldBe("urn:problem-type:belgif:internalServerError");
        ((string?)problem["instance"]).ShouldBe($"urn:uuid:{id}");
        var line = log.All.Where(said => said.Contains("trace", StringComparison.Ordinal)).ShouldHaveSingleItem();
        line.ShouldContain(id);
        log.All.ShouldAllBe(said => !said.Contains("Marked", StringComparison.Ordinal) && !said.Contains("8566", StringComparison.Ordinal));
        answer.Headers.Concat(answer.Content.Headers).SelectMany(header => header.Value).ShouldAllBe(value => !value.Contains("Marked", StringComparison.Ordinal));
    }

    // What is said, without the exception, whose message never is.
    private sealed class Lines : ILoggerProvider
    {
        public ConcurrentQueue<string> All { get; } = new();

        public ILogger CreateLogger(string categoryName) => new Category(All);

        public void Dispose()
        {
        }

        private sealed class Category(ConcurrentQueue<string> lines) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => lines.Enqueue(formatter(state, null));
        }
    }
}
