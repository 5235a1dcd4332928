using System.Text;
using Shouldly;
using Xunit;

namespace Bereik.Ledger.Tests;

public sealed class WriterTests : IDisposable
{
    private readonly TempLog log = new();

    [Fact]
    public async Task Writer_EntriesOneByOneAndMany_AreThereAfterReopening()
    {
        await using (var writer = LogWriter.Create(log.Options))
        {
            for (var i = 0; i < 10; i++)
            {
                var position = await writer.AppendAsync(TempLog.Entry(i), default);
                position.Index.ShouldBe(i);
                await writer.PublishedAsync(i, default);
            }

            await Task.WhenAll(Enumerable.Range(10, 2990).Select(i => writer.AppendAsync(TempLog.Entry(i), default)));
            writer.Durable.Size.ShouldBe(3000);
        }

        await using var again = LogWriter.Open(log.Options);
        again.Durable.Size.ShouldBe(3000);
        (await again.AppendAsync(TempLog.Entry(5), default)).Index.ShouldBe(5);
        (await again.AppendAsync(Encoding.UTF8.GetBytes("new"), default)).Index.ShouldBe(3000);
        await again.PublishedAsync(3000, default);
        var reader = log.Reader();
        reader.Checkpoint.Size.ShouldBe(3001);
        (await reader.EntryAsync(7, default)).ToArray().ShouldBe(TempLog.Entry(7));
    }

    public void Dispose() => log.Dispose();
}
