using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Bereik.Domain;
using Bereik.Hub.Tests;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Shouldly;
using Xunit;

namespace Bereik.Api.Tests;

// Whether an order or a referral exists is told to its own parties only: to others the answer, and the work behind it, is that of an id that nobody has.
[Collection(nameof(Nodes))]
public sealed class EnumerationTests(Nodes nodes)
{
    [Fact]
    public async Task Order_OfOthers_AnswersAsOneThatDoesNotExist()
    {
        var hub = nodes.Hub;
        var order = await hub.PlacedAsync(Flow.Unknown, new Month(2026, 2));
        foreach (var (caller, method, path, body) in new (Bereik.Hub.Tests.Party, HttpMethod, string, byte[]?)[]
        {
            (hub.Municipality, HttpMethod.Get, "", null),
            (hub.OtherSource, HttpMethod.Get, "", null),
            (hub.Municipality, HttpMethod.Get, "/package", null),
            (hub.Municipality, HttpMethod.Put, "/tokens", "x"u8.ToArray()),
            (hub.OtherSource, HttpMethod.Put, "/envelope", "x"u8.ToArray()),
            (hub.OtherSource, HttpMethod.Post, "/decision", TestHub.Document("decision", "x")),
            (hub.Municipality, HttpMethod.Post, "/receipt", TestHub.Document("receipt", "x")),
        })
        {
            // Its token first, which is not part of either.
            (await hub.SendAsync(caller, HttpMethod.Get, $"/v1/orders/{Guid.NewGuid():D}")).Dispose();
            await IsAsNobodysAsync(hub, caller, method, $"/v1/orders/{order.Document.Id:D}{path}", $"/v1/orders/{Guid.NewGuid():D}{path}", body);
        }
    }

    [Fact]
    public async Task Referral_OfOthers_AnswersAsOneThatDoesNotExist()
    {
        await using var hub = await ReferralHub.StartAsync();
        var made = await hub.SentAsync();
        foreach (var caller in new[] { hub.Partner, hub.Third })
        {
            (await hub.Hub.SendAsync(caller, HttpMethod.Get, "/v1/referrals")).Dispose();
            foreach (var (method, path, body) in new (HttpMethod, string, byte[]?)[] { (HttpMethod.Get, "", null), (HttpMethod.Get, "/sealed", null), (HttpMethod.Post, "/steps", TestHub.Document("step", "x")) })
            {
                await IsAsNobodysAsync(hub.Hub, caller, method, $"/v1/referrals/{made.Id:D}{path}", $"/v1/referrals/{Guid.NewGuid():D}{path}", body);
            }
        }
    }

    private static async Task IsAsNobodysAsync(TestHub hub, Bereik.Hub.Tests.Party caller, HttpMethod method, string one, string other, byte[]? body)
    {
        var theirs = await AskAsync(hub, caller, method, one, body);
        var nobodys = await AskAsync(hub, caller, method, other, body);
        theirs.Status.ShouldBe(HttpStatusCode.NotFound);
        theirs.ShouldBeEquivalentTo(nobodys, $"{method} {one}");
        theirs.Work.ShouldNotBeEmpty();
    }

    // The answer but for its own id, and the commands that the store ran for it.
    private static async Task<Seen> AskAsync(TestHub hub, Bereik.Hub.Tests.Party caller, HttpMethod method, string path, byte[]? body)
    {
        using var work = new Commands();
        using var asking = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();
        var answer = await hub.SendAsync(caller, method, path, body);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!.AsObject();
        problem.Remove("instance");
        var headers = answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key is not ("Date" or "BelGov-Trace-Id" or "RateLimit")).Select(header => $"{header.Key}: {string.Join(",", header.Value)}").Order();
        return new Seen(answer.StatusCode, problem.ToJsonString(), [.. headers], work.Of(asking.TraceId.ToString()));
    }

    private sealed record Seen(HttpStatusCode Status, string Body, List<string> Headers, List<string> Work);

    // Commands of the store, by the trace of the request that they were run for.
    private sealed class Commands : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
    {
        private readonly ConcurrentQueue<(string? Trace, string Text)> run = new();
        private readonly ConcurrentBag<IDisposable> subscriptions = [];

        public Commands() => subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));

        public List<string> Of(string trace) => [.. run.Where(one => one.Trace == trace).Select(one => one.Text)];

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.EntityFrameworkCore") subscriptions.Add(value.Subscribe(this));
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value.Value is CommandExecutedEventData executed) run.Enqueue((Activity.Current?.TraceId.ToString(), executed.Command.CommandText));
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        public void Dispose()
        {
            foreach (var one in subscriptions) one.Dispose();
        }
    }
}
