using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Log;
using Shouldly;
using Xunit;

namespace Bereik.Hub.Tests;

// What anyone may read says nothing about anybody, and counts nobody.
public sealed partial class LogPrivacyTests
{
    [Theory]
    [InlineData(Flow.Match)]
    [InlineData(Flow.Unknown)]
    public async Task Logs_OfHubsThatDeliveredOtherAndMoreFamilies_SayTheSame(Flow flow)
    {
        var few = await RunAsync(flow, delivered: 64, known: 3, counted: 7);
        var many = await RunAsync(flow, delivered: 75, known: 71, counted: 93);
        few.Count.ShouldBeGreaterThan(15);
        many.ShouldBe(few);
        foreach (var line in few.Where(line => !line.Contains("\"register.step\"", StringComparison.Ordinal))) line.ShouldNotContain("count", Case.Insensitive);
    }

    // The comparison must be able to see a difference.
    [Fact]
    public async Task Logs_OfHubsThatDidAnotherThing_Differ() => (await RunAsync(Flow.Unknown, 64, 3, 7, "rejected")).ShouldNotBe(await RunAsync(Flow.Unknown, 64, 3, 7));

    private static async Task<List<string>> RunAsync(Flow flow, int delivered, int known, int counted, string outcome = "received")
    {
        await using var hub = await TestHub.StartAsync();
        var (order, manifest) = await hub.FetchedAsync(flow, delivered, flow == Flow.Match ? 64 + known : known, change: made => flow == Flow.Unknown ? made with { KnownCount = counted } : made);
        if (outcome == "received") await hub.RootAsync(order);
        (await hub.ReceiveAsync(order, manifest.Hash, outcome)).EnsureSuccessStatusCode();
        await hub.RoundAsync(hub.OfRecipient(order));

        // A second order that is held, for one reason here and another there.
        if (flow == Flow.Unknown) await hub.PlacedAsync(flow, new Month(2026, 8), made => made with { KnownCount = counted < 50 ? 0 : 5 });
        var words = new List<string>();
        foreach (var entry in await hub.EntriesAsync())
        {
            var members = JsonNode.Parse(LogEntryFormat.Write(entry))!.AsObject();
            if (members["document"] is { } document)
            {
                var parts = ((string)document!).Split('.');
                StrictBase64Url.TryDecode(parts[0], out var header).ShouldBeTrue();
                StrictBase64Url.TryDecode(parts[1], out var payload).ShouldBeTrue();
                members["document"] = $"{Encoding.UTF8.GetString(header)}.{Encoding.UTF8.GetString(payload)}";
            }

            words.Add(WithoutTheRandom(members.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })));
        }

        return words;
    }

    // Keys, hashes, handles and nonces are 32 random bytes, ids are random UUIDs, and two runs are never at the same instant. The texts that ship stay.
    private static string WithoutTheRandom(string text) => Random().Replace(text, "*");

    [GeneratedRegex("(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|2026-11-20T10:0[0-9]:[0-9]{2}Z|\\+[0-9a-f]{8}\\+[A-Za-z0-9+/=]{44}")]
    private static partial Regex Random();
}
