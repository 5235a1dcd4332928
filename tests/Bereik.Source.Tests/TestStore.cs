using Bereik.Node.Storage;
using Bereik.Source.Register;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Source.Tests;

// A source's store in a folder of its own, up to date and empty.
internal sealed class TestStore : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("bereik-source-tests-");

    private TestStore()
    {
    }

    public string Folder => folder.FullName;

    public static async Task<TestStore> CreateAsync()
    {
        var store = new TestStore();
        await using var database = store.Open();
        await Migrator.MigrateAsync(database, DateTimeOffset.UnixEpoch, CancellationToken.None);
        return store;
    }

    public SourceDatabase Open() => new(new DbContextOptionsBuilder<SourceDatabase>()
        .UseSqlite($"Data Source={Path.Combine(Folder, "node.db")};Foreign Keys=True;Pooling=False;Default Timeout=30").Options);

    public async Task FillAsync(IEnumerable<RegisterRecord> records)
    {
        await using var database = Open();
        await using var store = await RegisterStore.OpenAsync(database, CancellationToken.None);
        var at = 0;
        foreach (var record in records) store.Write("magda", $"{at++}", store.Digest([(byte)at]), record);
        store.Commit();
        store.Link();
    }

    public ValueTask DisposeAsync()
    {
        folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
