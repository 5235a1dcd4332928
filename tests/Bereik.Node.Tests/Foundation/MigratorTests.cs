using Bereik.Node.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Bereik.Node.Tests.Foundation;

public sealed class MigratorTests
{
    private static readonly MigrationStep One = new("0001.sql", "CREATE TABLE word (text TEXT NOT NULL); INSERT INTO word VALUES ('{one}');");
    private static readonly MigrationStep Two = new("0002.sql", "INSERT INTO word VALUES ('two');");
    private readonly string store = Path.Combine(SmallNode.NewFolder(), "node.db");

    [Fact]
    public async Task Steps_TheFirstTime_RunInTheirOrderAndAreRemembered()
    {
        await ApplyAsync(One, Two);
        (await WordsAsync()).ShouldBe(["{one}", "two"]);
    }

    [Fact]
    public async Task Steps_ThatRanBefore_RunNotAgain()
    {
        await ApplyAsync(One);
        await ApplyAsync(One, Two);
        await ApplyAsync(One, Two);
        (await WordsAsync()).ShouldBe(["{one}", "two"]);
    }

    [Fact]
    public async Task Step_ThatBreaksHalfway_LeavesNothingOfItselfAndAllBeforeIt()
    {
        await Should.ThrowAsync<SqliteException>(ApplyAsync(One, new MigrationStep("0002.sql", "INSERT INTO word VALUES ('half'); INSERT INTO nowhere VALUES (1);")));
        (await WordsAsync()).ShouldBe(["{one}"]);
        await ApplyAsync(One, Two);
        (await WordsAsync()).ShouldBe(["{one}", "two"]);
    }

    [Fact]
    public async Task Step_ThatWasChangedAfterItRan_IsRefused()
    {
        await ApplyAsync(One);
        (await Should.ThrowAsync<StoreMismatchException>(ApplyAsync(One with { Sql = One.Sql + " " }, Two))).Message
            .ShouldBe("Step '0001.sql' of the store differs from this program's. A step that has run is never changed.");
        (await WordsAsync()).ShouldBe(["{one}"]);
    }

    [Fact]
    public async Task Step_ThatTheProgramDoesNotKnow_IsRefused()
    {
        await ApplyAsync(One, Two);
        (await Should.ThrowAsync<StoreMismatchException>(ApplyAsync(One))).Message.ShouldContain("'0002.sql'");
    }

    private async Task ApplyAsync(params MigrationStep[] steps)
    {
        await using var database = Open();
        await Migrator.ApplyAsync(database, steps, DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken);
    }

    private async Task<List<string>> WordsAsync()
    {
        await using var database = Open();
        return await database.Database.SqlQueryRaw<string>("SELECT text AS Value FROM word").ToListAsync(TestContext.Current.CancellationToken);
    }

    private SmallDatabase Open() => new(new DbContextOptionsBuilder<SmallDatabase>().UseSqlite($"Data Source={store};Pooling=False").Options);
}
