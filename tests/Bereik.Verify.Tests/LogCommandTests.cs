using System.Net;
using System.Text.Json;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Log;
using Bereik.Exchange.Signatures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace Bereik.Verify.Tests;

public sealed class LogCommandTests
{
    [Fact]
    public async Task Show_LastEntries_AreReadable()
    {
        var story = Story.Whole();
        await using var log = await WrittenLog.MakeAsync(story.Entries);

        var (code, output, error) = WrittenLog.Run("log", "show", "--log", log.Folder, "--vkey", WrittenLog.Vkey, "--count", "3");

        error.ShouldBeEmpty();
        code.ShouldBe(0);
        output.ShouldContain("round.published");
        output.ShouldContain("order.placed: Een lokaal bestuur vraagt een lijst of een golf brieven aan");
        output.ShouldNotContain("package.delivered");
        WrittenLog.Run("log", "show", "--log", log.Folder, "--vkey", WrittenLog.Vkey, "--from", "7", "--count", "1").Output.ShouldContain("tekst groeipakket-onbekend 0.2");
        WrittenLog.Run("log", "show", "--log", log.Folder, "--vkey", WrittenLog.Vkey, "--from", "4000").Code.ShouldBe(1);
    }

    [Fact]
    public async Task Show_AnEntryThatWasChanged_IsRefused()
    {
        var story = Story.Whole();
        await using var log = await WrittenLog.MakeAsync(story.Entries);
        var bundle = Directory.EnumerateFiles(Path.Combine(log.Folder, "tile", "entries"), "*", SearchOption.AllDirectories).Single(file => file.EndsWith($"/{story.Names.Count}", StringComparison.Ordinal));
        log.Flip(Path.GetRelativePath(log.Folder, bundle), 40);

        var (code, output, error) = WrittenLog.Run("log", "show", "--log", log.Folder, "--vkey", WrittenLog.Vkey, "--from", "0");

        (code, output).ShouldBe((1, ""));
        error.ShouldContain("entry 0: log.entry: Een regel hoort niet bij het checkpoint.");
    }

    [Theory]
    [InlineData("")]
    [InlineData("data")]
    [InlineData("hub/data")]
    public void Vkey_InOrAroundTheDataFolder_IsPrintedAlone(string place)
    {
        var folder = Directory.CreateTempSubdirectory("bereik-vkey-");
        Directory.CreateDirectory(Path.Combine(folder.FullName, place));
        File.WriteAllText(Path.Combine(folder.FullName, place, "log.vkey"), WrittenLog.Vkey + "\n");

        WrittenLog.Run("log", "vkey", "--data", folder.FullName).ShouldBe((0, WrittenLog.Vkey + Environment.NewLine, ""));
        folder.Delete(recursive: true);
    }

    [Fact]
    public void Vkey_WhereThereIsNone_IsSaid()
    {
        var folder = Directory.CreateTempSubdirectory("bereik-vkey-");
        WrittenLog.Run("log", "vkey", "--data", folder.FullName).Error.ShouldContain("log.keyMissing");
        File.WriteAllText(Path.Combine(folder.FullName, "log.vkey"), "niets");
        WrittenLog.Run("log", "vkey", "--data", folder.FullName).Error.ShouldContain("log.key:");
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Proof_OfARow_LeadsThereAndBack()
    {
        var (story, extra) = VerifyCommandTests.WithAPerson();
        await using var log = await WrittenLog.MakeAsync(story.Entries);
        var proof = await File.ReadAllBytesAsync(await VerifyCommandTests.ProofAsync(log, story.IndexOf("root"), extra));
        var (row, other) = (Guid.NewGuid(), Guid.NewGuid());
        await using var node = new FakeNode(app =>
        {
            app.MapGet("/account", () => Results.Content("<form method=\"post\"><input type=\"hidden\" name=\"_form\" value=\"a&#x2B;b\"></form>", "text/html"));
            app.MapGet("/v1/rows/{id:guid}/proof", (Guid id, int person, HttpRequest request) => request.Headers.Cookie != "bereik-x=signed-in" ? Results.Unauthorized() : id == row || id == other ? Results.Bytes(proof, "text/plain") : Results.NotFound());
            app.MapPost("/v1/proofs/find", (HttpRequest request) => request.Headers["RequestVerificationToken"] == "a+b" ? Results.Json(new { row = row.ToString("D"), list = "x" }) : Results.StatusCode(403));
        });
        var address = await node.StartAsync();
        var file = Path.Combine(log.Data, "eigen.tlog-proof");
        var (session, ended) = (Path.Combine(log.Data, "session"), Path.Combine(log.Data, "ended"));
        await File.WriteAllTextAsync(session, "bereik-x=signed-in\n");
        await File.WriteAllTextAsync(ended, "bereik-x=ended\n");
        string[] bare = ["log", "proof", "--local", address, "--vkey", WrittenLog.Vkey, "--witness", WrittenLog.WitnessKey];
        string[] args = [.. bare, "--session", session];

        var (code, output, error) = WrittenLog.Run([.. args, "--row", row.ToString("D"), "--person", "1", "--out", file]);

        error.ShouldBeEmpty();
        code.ShouldBe(0);
        output.ShouldContain($"van rij {row:D} naar regel");
        (await File.ReadAllBytesAsync(file)).ShouldBe(proof);
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        WrittenLog.Run("verify", "--proof", file, "--vkey", WrittenLog.Vkey).Code.ShouldBe(0);
        WrittenLog.Run([.. args, "--row", other.ToString("D")]).Error.ShouldContain("proof.otherRow");
        WrittenLog.Run([.. args, "--row", Guid.NewGuid().ToString("D")]).Error.ShouldContain("proof.none");
        WrittenLog.Run([.. bare, "--row", row.ToString("D")]).Error.ShouldContain("proof.session");
        WrittenLog.Run([.. bare, "--session", ended, "--row", row.ToString("D")]).Error.ShouldContain("proof.notPermitted");
        proof[^3] ^= 1;
        WrittenLog.Run([.. args, "--row", row.ToString("D")]).Code.ShouldBe(1);
    }

    [Fact]
    public async Task Key_Succeeded_IsSignedByItsPredecessorAndSent()
    {
        using var old = SigningKey.Generate();
        using var next = SigningKey.Generate();
        var folder = Directory.CreateTempSubdirectory("bereik-keys-").FullName;
        KeyFile.WriteNew(Path.Combine(folder, "old.jwk"), old.ExportJwk());
        KeyFile.WriteNew(Path.Combine(folder, "new.jwk"), next.ExportJwk());
        string? sent = null;
        await using var hub = new FakeNode(app => app.MapPost("/v1/log-documents", async (HttpRequest request) =>
        {
            using var body = await JsonDocument.ParseAsync(request.Body);
            sent = body.RootElement.GetProperty("document").GetString();
            return Results.Json(new { index = 41 });
        }));
        var address = await hub.StartAsync();

        string[] asked = ["key", "succeed", "--old", Path.Combine(folder, "old.jwk"), "--new", Path.Combine(folder, "new.jwk"), "--organisation", "ocmw-aalst", "--hub", address];

        // The own node must know first: without its folder nothing is stated.
        WrittenLog.Run([.. asked, "--data", Path.Combine(folder, "elsewhere")]).Code.ShouldBe(1);
        sent.ShouldBeNull();
        var (code, output, error) = WrittenLog.Run([.. asked, "--data", folder]);

        error.ShouldBeEmpty();
        File.ReadAllLines(Path.Combine(folder, "own-keys")).ShouldBe([$"signing {next.PublicKey.ToJwk()}"]);
        code.ShouldBe(0);
        output.ShouldBe($"Sleutel {next.Kid} volgt {old.Kid} op. Regel 41 van het logboek.{Environment.NewLine}");
        var statement = SignedDocument.Open<KeyStatement>(sent!, old.PublicKey).Value.Document;
        (statement.Organisation, statement.Use, statement.Kid, statement.Key).ShouldBe(("ocmw-aalst", KeyUse.Signing, next.Kid, next.PublicKey.ToJwk()));

        WrittenLog.Run("key", "revoke", "--key", Path.Combine(folder, "new.jwk"), "--use", "signing", "--kid", old.Kid, "--organisation", "ocmw-aalst", "--hub", address).Code.ShouldBe(0);
        var revoked = SignedDocument.Open<KeyStatement>(sent!, next.PublicKey).Value.Document;
        (revoked.Kid, revoked.Key).ShouldBe((old.Kid, null));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Key_ThatTheHubRefuses_SaysWhy()
    {
        using var key = SigningKey.Generate();
        var folder = Directory.CreateTempSubdirectory("bereik-keys-").FullName;
        var file = Path.Combine(folder, "key.jwk");
        KeyFile.WriteNew(file, key.ExportJwk());
        await using var hub = new FakeNode(app => app.MapPost("/v1/log-documents", () => Results.Json(new { code = "document.refused", cause = "key.signer" }, statusCode: 422)));
        var address = await hub.StartAsync();
        string[] args = ["key", "revoke", "--key", file, "--organisation", "ocmw-aalst"];

        var (code, _, error) = WrittenLog.Run([.. args, "--use", "token", "--kid", key.Kid, "--hub", address]);

        code.ShouldBe(1);
        error.ShouldContain("key.signer");
        WrittenLog.Run([.. args, "--use", "oprf", "--kid", key.Kid, "--hub", address]).Code.ShouldBe(2);
        WrittenLog.Run([.. args, "--use", "token", "--kid", "kort", "--hub", address]).Code.ShouldBe(2);
        WrittenLog.Run([.. args, "--use", "token", "--kid", key.Kid, "--hub", "http://hub.example/"]).Code.ShouldBe(2);
        WrittenLog.Run([.. args, "--use", "token", "--kid", key.Kid, "--hub", "http://127.0.0.1:9/"]).Error.ShouldContain("hub.unreachable");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        WrittenLog.Run([.. args, "--use", "token", "--kid", key.Kid, "--hub", address]).Error.ShouldContain("key.open");
        Directory.Delete(folder, recursive: true);
    }

    private sealed class FakeNode(Action<WebApplication> map) : IAsyncDisposable
    {
        private WebApplication? app;

        public async Task<string> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            app = builder.Build();
            map(app);
            await app.StartAsync();
            return app.Urls.Single();
        }

        public ValueTask DisposeAsync() => app?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
