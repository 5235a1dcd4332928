using System.Globalization;
using Bereik.Ledger;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Bereik.Hub.Tests;

// A witness (C2SP tlog-witness) that keeps to the rules, unless the test says otherwise.
internal sealed class ScriptedWitness(Party self, TimeProvider clock) : IAsyncDisposable
{
    private WebApplication app = null!;

    // The checkpoint that it last cosigned.
    public Checkpoint? Last { get; private set; }

    // Sizes of the requests that it got, with what came of each.
    public List<(long Old, long Size, int Status)> Asked { get; } = [];

    // Answers instead of what the rules say; null for those.
    public Func<WitnessRequest, Checkpoint, IResult?>? Instead { get; set; }

    public static async Task<ScriptedWitness> StartAsync(Party self, TimeProvider clock)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var witness = new ScriptedWitness(self, clock) { app = builder.Build() };
        witness.app.Urls.Add(self.Url);
        witness.app.MapPost("/add-checkpoint", witness.AnswerAsync);
        await witness.app.StartAsync();
        return witness;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private async Task<IResult> AnswerAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        if (!WitnessRequest.TryParse(body.ToArray(), out var asked, out _) || !Checkpoint.TryParse(asked.Checkpoint.Text, out var checkpoint, out _)) return Results.BadRequest();
        var answer = Instead?.Invoke(asked, checkpoint) ?? Decide(asked, checkpoint);
        lock (Asked) Asked.Add((asked.OldSize, checkpoint.Size, (answer as IStatusCodeHttpResult)?.StatusCode ?? 200));
        return answer;
    }

    private IResult Decide(WitnessRequest asked, Checkpoint checkpoint)
    {
        var size = Last?.Size ?? 0;
        if (asked.OldSize != size) return Results.Text(size.ToString(CultureInfo.InvariantCulture) + "\n", "text/x.tlog.size", statusCode: 409);
        if (asked.OldSize == checkpoint.Size && checkpoint.Root != (Last?.Root ?? TreeHash.OfEmptyTree)) return Results.StatusCode(409);
        if (!MerkleTree.IsConsistent(size, Last?.Root ?? TreeHash.OfEmptyTree, checkpoint.Size, checkpoint.Root, asked.Proof)) return Results.StatusCode(422);
        Last = checkpoint;
        return Results.Text($"{self.Note!.Sign(checkpoint.ToString(), clock.GetUtcNow())}\n", "text/plain");
    }
}
