using System.Net;
using Bereik.Domain;
using Bereik.Exchange.Log;
using Bereik.Ledger;
using Shouldly;
using Xunit;

namespace Bereik.Hub.Tests;

public sealed class LogServingTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Log_ReadOverHttpByAStranger_HoldsFromFirstEntryToLast()
    {
        await using var hub = await TestHub.StartAsync();
        await hub.FetchedAsync(Flow.Unknown);
        var expected = await hub.EntriesAsync();
        using var http = new HttpClient();
        var source = new HttpLog(http, new Uri(hub.Node.Url + "/log/"));
        Checkpoint.TryOpen(await source.ReadAsync("checkpoint", Cancel), hub.Hub.Note!.Verifier, out _, out var checkpoint, out var error).ShouldBeTrue(error);
        var read = new List<byte[]>();
        await LogCheck.CheckAsync(source, checkpoint, (_, entry) => read.Add(entry.ToArray()), Cancel);
        read.ShouldBe(expected.Select(LogEntryFormat.Write));
    }

    [Fact]
    public async Task Checkpoint_IsServedAsTextThatNobodyKeeps()
    {
        await using var hub = await TestHub.StartAsync();
        var answer = await hub.Node.SendAsync(HttpMethod.Get, "/log/checkpoint", null, null);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; charset=utf-8");
        answer.Headers.GetValues("Cache-Control").ShouldBe(["no-cache"]);
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        (await answer.Content.ReadAsStringAsync(Cancel)).ShouldBe(hub.Checkpoint());
    }

    [Fact]
    public async Task Tile_IsServedAsBytesThatNeverChange()
    {
        await using var hub = await TestHub.StartAsync();
        var size = (await hub.EntriesAsync()).Count;
        foreach (var path in new[] { $"tile/0/000.p/{size}", $"tile/entries/000.p/{size}" })
        {
            var answer = await hub.Node.SendAsync(HttpMethod.Get, $"/log/{path}", null, null);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, path);
            answer.Content.Headers.ContentType!.ToString().ShouldBe("application/octet-stream");
            string.Join(", ", answer.Headers.GetValues("Cache-Control")).ShouldBe("public, max-age=31536000, immutable");
            answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
            (await answer.Content.ReadAsByteArrayAsync(Cancel)).ShouldBe(await File.ReadAllBytesAsync(Path.Combine(hub.LogFolder, path), Cancel));
        }
    }

    [Theory]
    [InlineData("/log/tile/0/001")]
    [InlineData("/log/tile/0/000.p/0")]
    [InlineData("/log/tile/0/000.p/256")]
    [InlineData("/log/tile/00/000")]
    [InlineData("/log/tile/0/x000/000")]
    [InlineData("/log/tile/0/..%2f..%2fcheckpoint")]
    [InlineData("/log/tile/..%2f..%2fnode.db")]
    [InlineData("/log/tile/%2e%2e/%2e%2e/node.db")]
    [InlineData("/log/tile/entries/000.tmp")]
    [InlineData("/log/tile/")]
    [InlineData("/log/lock")]
    [InlineData("/log/")]
    [InlineData("/log-journal/lock")]
    public async Task Path_ThatIsNoFileOfTheLog_DoesNotExist(string path)
    {
        await using var hub = await TestHub.StartAsync(acceded: false);
        var answer = await hub.Node.SendAsync(HttpMethod.Get, path, null, null);
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        string.Join(", ", answer.Headers.GetValues("Cache-Control")).ShouldBe("no-store");
    }

    [Fact]
    public async Task Health_OfAHubWithItsLog_TellsHowItStands()
    {
        await using var hub = await TestHub.StartAsync();
        var size = (await hub.EntriesAsync()).Count;
        var answer = await hub.Node.SendAsync(HttpMethod.Get, "/health", null, null);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync(Cancel)).ShouldBe($$$"""{"status":"DEGRADED","log":{"state":"open","size":{{{size}}},"published":{{{size}}},"witness":"silent"},"answers":{"isOpen":true,"languages":["nl","fr","en","ar"]}}""");
    }
}
