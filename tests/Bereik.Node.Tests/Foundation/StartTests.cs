using Bereik.Exchange.Keys;
using Bereik.Node.Access;
using Bereik.Node.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Shouldly;
using Xunit;

namespace Bereik.Node.Tests.Foundation;

// What keeps a node from starting, and what it says then: exit code 1, 2 or 3 and one sentence, no stack and nothing that was read.
public sealed class StartTests
{
    private readonly string folder = SmallNode.NewFolder();

    [Fact]
    public async Task Node_WithoutTrouble_StartsAndStops() => (await SmallNode.EndAsync(folder)).ShouldBe((0, ""));

    [Fact]
    public async Task Settings_NotNamed_EndTheNode() =>
        (await SmallNode.EndAsync(folder, args: [])).ShouldBe((2, "Say which settings to use: --config FILE."));

    [Fact]
    public async Task Key_ThatIsNone_EndsTheNode()
    {
        var settings = SmallNode.SettingsIn(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "signing.jwk"), "{\"kty\":\"EC\",\"d\":\"geheim\"}", TestContext.Current.CancellationToken);
        var (code, said) = await SmallNode.EndAsync(folder, settings);
        code.ShouldBe(2);
        said.ShouldContain("Setting 'keys.signing'");
        said.ShouldNotContain("geheim");
    }

    // Every private key of every node is read in this one way.
    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public async Task Key_OpenToOthers_EndsTheNode(UnixFileMode open)
    {
        var settings = SmallNode.SettingsIn(folder);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path.Combine(folder, "signing.jwk"), UnixFileMode.UserRead | UnixFileMode.UserWrite | open);
        (await SmallNode.EndAsync(folder, settings)).ShouldBe((2, "The file of setting 'keys.signing' can be read by others. Give it mode 600."));
    }

    // As systemd gives a service its credentials: readable by an access control list, which shows as the rights of the group.
    [Fact]
    public void Key_AmongTheCredentialsOfTheService_MayShowTheGroup()
    {
        var key = Path.Combine(folder, "signing.jwk");
        File.WriteAllText(key, "");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        KeyFile.IsOpenToOthers(key).ShouldBeTrue();
        Environment.SetEnvironmentVariable("CREDENTIALS_DIRECTORY", folder);
        try
        {
            KeyFile.IsOpenToOthers(key).ShouldBeFalse();
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.OtherRead);
            KeyFile.IsOpenToOthers(key).ShouldBeTrue();
        }
        finally
        {
            Environment.SetEnvironmentVariable("CREDENTIALS_DIRECTORY", null);
        }
    }

    [Fact]
    public async Task DataFolder_New_IsItsOwnersAlone()
    {
        (await SmallNode.EndAsync(folder)).ShouldBe((0, ""));
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(Path.Combine(folder, "data")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task OwnSettings_ThatDoNotWork_EndTheNode() =>
        (await SmallNode.EndAsync(folder, services: (_, problems) => problems.Add("Setting 'register' is missing."))).ShouldBe((2, "Setting 'register' is missing."));

    [Fact]
    public async Task DataFolder_InUse_EndsTheSecondNodeAndLeavesTheFirst()
    {
        await using var first = await SmallNode.StartAsync(folder);
        (await SmallNode.EndAsync(folder)).ShouldBe((3, "Another process uses this node's data folder. Stop it first."));
        (await first.Browser.GetStringAsync("/health", TestContext.Current.CancellationToken)).ShouldBe("{\"status\":\"UP\"}");
    }

    [Fact]
    public async Task DataFolder_ThatCannotBeMade_EndsTheNode()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "data"), "a file stands here", TestContext.Current.CancellationToken);
        (await SmallNode.EndAsync(folder)).ShouldBe((3, "The folder of setting 'data' cannot be made, or this node may not write in it."));
    }

    [Fact]
    public async Task Address_InUse_EndsTheNode()
    {
        await using var first = await SmallNode.StartAsync();
        var settings = SmallNode.SettingsIn(folder);
        settings["url"] = first.Browser.BaseAddress!.ToString().TrimEnd('/');
        var (code, said) = await SmallNode.EndAsync(folder, settings);
        code.ShouldBe(3);
        said.ShouldBe($"The address {settings["url"]} is in use. Choose another port, or stop what uses it.");
    }

    [Fact]
    public async Task Address_InAnEnvironmentVariable_IsNotHeard()
    {
        var other = SmallNode.FreePort();
        Environment.SetEnvironmentVariable("Kestrel__Endpoints__Http__Url", $"http://127.0.0.1:{other}");
        try
        {
            await using var node = await SmallNode.StartAsync(folder);
            (await node.Browser.GetStringAsync("/health", TestContext.Current.CancellationToken)).ShouldBe("{\"status\":\"UP\"}");
            await Should.ThrowAsync<HttpRequestException>(node.Browser.GetStringAsync($"http://127.0.0.1:{other}/health", TestContext.Current.CancellationToken));
        }
        finally
        {
            Environment.SetEnvironmentVariable("Kestrel__Endpoints__Http__Url", null);
        }
    }

    [Fact]
    public async Task Store_ThatIsNone_EndsTheNodeAndIsLeftAsItWas()
    {
        var data = Directory.CreateDirectory(Path.Combine(folder, "data")).FullName;
        var garbage = new string('x', 5000);
        await File.WriteAllTextAsync(Path.Combine(data, "node.db"), garbage, TestContext.Current.CancellationToken);
        (await SmallNode.EndAsync(folder)).ShouldBe((3, "The store 'node.db' in this node's data folder cannot be read or written: it is damaged, no store at all, or its disk is full or closed to this node."));
        (await File.ReadAllTextAsync(Path.Combine(data, "node.db"), TestContext.Current.CancellationToken)).ShouldBe(garbage);
    }

    [Fact]
    public async Task Store_OfANewerVersion_EndsTheNode()
    {
        (await SmallNode.EndAsync(folder)).Code.ShouldBe(0);
        Execute("INSERT INTO schema_step (name, sha256, applied_at) VALUES ('Tomorrow.0001.sql', 'x', 0)");
        (await SmallNode.EndAsync(folder)).ShouldBe((3, "The store has step 'Tomorrow.0001.sql', which this program does not know. Use the version that made it, or a newer one."));
    }

    // Whatever the node: the register is looked through before anything is served.
    [Theory]
    [InlineData("INSERT INTO register_entry (sequence, at, event, chain) VALUES (1, 0, 'x.y.z', 'AAAA')")]
    [InlineData("INSERT INTO register_entry (sequence, at, event, chain) VALUES (2, 0, 'x.y.z', 'AAAA')")]
    public async Task Register_WithAnEntryThatDoesNotFollow_EndsTheNode(string sql)
    {
        (await SmallNode.EndAsync(folder)).Code.ShouldBe(0);
        Execute(sql);
        var (code, said) = await SmallNode.EndAsync(folder);
        code.ShouldBe(3);
        said.ShouldContain("of the register of protocols does not hold (register.chain).");
        said.ShouldContain("Nothing is served.");
    }

    [Theory]
    [InlineData("UPDATE register_entry SET event = 'a.b.c'")]
    [InlineData("DELETE FROM register_entry")]
    [InlineData("INSERT OR REPLACE INTO register_entry (sequence, at, event, chain) VALUES (1, 0, 'a.b.c', 'BBBB')")]
    public async Task Register_TakesNoChangeOfWhatStandsInIt(string sql)
    {
        (await SmallNode.EndAsync(folder)).Code.ShouldBe(0);
        Execute("INSERT INTO register_entry (sequence, at, event, chain) VALUES (1, 0, 'x.y.z', 'AAAA')");
        Should.Throw<SqliteException>(() => Execute(sql)).Message.ShouldContain("append-only");
    }

    [Fact]
    public async Task Route_ThatDoesNotSayWhoMayCall_EndsTheNode() =>
        (await SmallNode.EndAsync(folder, routes: app => app.MapGet("/cases", () => "all"))).ShouldBe((3, "Route '/cases' does not say, or says twice, who may call it. Nothing is served."));

    [Fact]
    public async Task Route_ThatSaysItTwice_EndsTheNode() =>
        (await SmallNode.EndAsync(folder, routes: app => app.MapGet("/cases", () => "all").ForPeople(Rights.Overview).ForAnyone())).ShouldBe((3, "Route '/cases' does not say, or says twice, who may call it. Nothing is served."));

    [Fact]
    public async Task Fault_InTheProgramItself_IsToldWithoutItsText()
    {
        var (code, said) = await SmallNode.EndAsync(folder, services: (_, _) => throw new InvalidDataException("Marie Marked, 85.66.12-001.41"));
        code.ShouldBe(1);
        said.ShouldStartWith("The node ended because of a fault in itself. | System.IO.InvalidDataException");
        said.ShouldNotContain("Marked");
        said.ShouldNotContain("85.66");
    }

    private void Execute(string sql)
    {
        using var store = new SqliteConnection($"Data Source={Path.Combine(folder, "data", "node.db")};Pooling=False");
        store.Open();
        using var command = store.CreateCommand();
#pragma warning disable CA2100 // The texts are the constants of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
