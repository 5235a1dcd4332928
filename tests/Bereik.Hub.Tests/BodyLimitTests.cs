using System.IO.Compression;
using System.Net;
using Bereik.Domain;
using Bereik.Exchange.Envelopes;
using Bereik.Exchange.Signatures;
using Bereik.Hub.Letters;
using Bereik.Node.Requests;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Bereik.Hub.Tests;

// How much a route takes in, of whoever calls, and that nothing is unpacked.
public sealed class BodyLimitTests
{
    [Fact]
    public async Task Body_LargerThanItsRouteTakes_IsRefused()
    {
        await using var hub = await TestHub.StartAsync();
        var large = new byte[BodyLimit.Ordinary + 1];
        (await hub.SendAsync(hub.Welfare, HttpMethod.Post, "/v1/orders", large)).StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        ((int)(await hub.Node.SendAsync(HttpMethod.Post, "/v1/protocol-events", large, null)).StatusCode).ShouldBeInRange(400, 413);

        // Without a length, so that only reading shows how much there is.
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, hub.Node.Url + "/v1/log-documents") { Content = new StreamContent(new MemoryStream(large)) };
        request.Headers.TransferEncodingChunked = true;
        ((int)(await client.SendAsync(request)).StatusCode).ShouldBeInRange(400, 413);

        // The same bytes are not too many for a deposit: they are refused for what they are.
        (await hub.SendAsync(hub.Welfare, HttpMethod.Put, $"/v1/orders/{Guid.NewGuid()}/tokens", large)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Routes_OfTheHub_TakeMoreThanOrdinaryWhereStatedOnly()
    {
        await using var hub = await TestHub.StartAsync();
        hub.Node.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(route => (route.RoutePattern.RawText, route.Metadata.GetMetadata<BodyLimit>()?.Bytes)).Where(route => route.Bytes is not null).Order()
            .ShouldBe([("/v1/orders/{id:guid}/envelope", EnvelopeFormat.MaxEnvelope), ("/v1/orders/{id:guid}/invitations/{part:int}", DepositInvitations.MostBytes), ("/v1/orders/{id:guid}/tokens", EnvelopeFormat.MaxTokenSet)]);
    }

    [Fact]
    public async Task Body_ThatIsPacked_IsRefusedUnread()
    {
        await using var hub = await TestHub.StartAsync();
        var body = TestHub.Document("order", SignedDocument.Sign(hub.NewOrder(Flow.Unknown), hub.Welfare.Signing).Compact);
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) await gzip.WriteAsync(body);
        foreach (var path in new[] { "/v1/orders", "/v1/log-documents", "/v1/protocol-events" })
        {
            using var client = new HttpClient();
            using var request = new HttpRequestMessage(HttpMethod.Post, hub.Node.Url + path) { Content = new ByteArrayContent(packed.ToArray()) };
            request.Content.Headers.ContentEncoding.Add("gzip");
            var answer = await client.SendAsync(request);
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            (await answer.CauseAsync()).ShouldBe("request.encoding");
        }
    }
}
