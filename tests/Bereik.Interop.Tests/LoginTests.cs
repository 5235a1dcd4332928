using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Bereik.Cli.Network;
using Bereik.Domain;
using Bereik.Exchange.Keys;
using Shouldly;
using Xunit;

namespace Bereik.Interop.Tests;

/// <summary>Signing in with what others wrote: a node at a provider that is not ours, and a client that is not ours at our login to practise with.</summary>
public sealed partial class LoginTests(Jose jose) : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("bereik-login");

    [Fact]
    public async Task Node_AtAForeignProvider_SignsSomebodyInWithAKeyOfItsOwn()
    {
        var (plan, port) = Plan();
        var hub = plan[NetworkPlan.HubId];
        using var key = SigningKey.Generate();
        var (secret, known) = (Path.Combine(plan.FolderOf(hub.Id), "keys", "login.jwk"), Path.Combine(folder.FullName, "login.pub.jwk"));
        KeyFile.WriteNew(secret, key.ExportJwk());
        await File.WriteAllTextAsync(known, key.PublicKey.ToJwk());
        Change(plan, signIn =>
        {
            signIn["authority"] = $"http://127.0.0.1:{port}";
            signIn.Remove("clientSecret");
            signIn["clientKey"] = "keys/login.jwk";
        });
        using var provider = jose.Start("provider.mjs", $"{port}", hub.Id, known, $"{hub.PublicUrl}/aanmelden/antwoord", hub.LoginCode);
        await using var node = new NodeProcess(hub.Id, "Bereik.Hub", hub.Url, plan.FolderOf(hub.Id), TimeProvider.System);
        try
        {
            node.Start();
            (await provider.StandardOutput.ReadLineAsync()).ShouldBe("ready");
            await node.WaitUntilHealthyAsync();
            using var browser = new HttpClient(new SocketsHttpHandler { UseProxy = false, CookieContainer = new CookieContainer() });

            // Its own pages to practise with: any name, then yes to what is asked.
            var page = await browser.GetAsync(new Uri($"{hub.PublicUrl}/aanmelden?terug=/account"));
            for (var step = 0; step < 3 && Form().Match(await page.Content.ReadAsStringAsync()) is { Success: true } form; step++)
            {
                var prompt = form.Groups["prompt"].Value;
                page = await browser.PostAsync(new Uri(page.RequestMessage!.RequestUri!, WebUtility.HtmlDecode(form.Groups["action"].Value)), new FormUrlEncodedContent([new("prompt", prompt), new("login", "fatima"), new("password", "anything")]));
            }

            page.RequestMessage!.RequestUri!.AbsolutePath.ShouldBe("/account", await page.Content.ReadAsStringAsync());
            var account = WebUtility.HtmlDecode(await page.Content.ReadAsStringAsync());
            account.ShouldContain("Fatima Foreign");
            account.ShouldContain("functionaris voor gegevensbescherming");
            account.ShouldNotContain("84663012367");
        }
        finally
        {
            provider.Kill();
        }

        await node.StopAsync();
        foreach (var file in Directory.EnumerateFiles(plan.FolderOf(hub.Id), "*", SearchOption.AllDirectories)) System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)).ShouldNotContain("84663012367", customMessage: Path.GetFileName(file));
    }

    [Fact]
    public async Task ForeignClient_AtTheLoginToPractiseWith_GetsWhatTheGovernmentsLoginGives()
    {
        var (plan, _) = Plan();
        var hub = plan[NetworkPlan.HubId];
        await using var login = new NodeProcess(NetworkPlan.LoginId, NodeProgram.Login, plan.LoginUrl, plan.FolderOf(NetworkPlan.LoginId), TimeProvider.System);
        login.Start();
        await login.WaitUntilHealthyAsync();
        var secret = await File.ReadAllTextAsync(Path.Combine(plan.FolderOf(hub.Id), "keys", "login-secret"));
        var (redirect, person) = ($"{hub.PublicUrl}/aanmelden/antwoord", hub.People.Single(one => one.Roles.Contains("dpo")));
        var (code, output, error) = await jose.NodeAsync("client.mjs", plan.LoginUrl, hub.Id, secret, redirect, person.Id);
        code.ShouldBe(0, error);
        var claims = JsonNode.Parse(output)!;
        ((string?)claims["vo_id"], (string?)claims["given_name"], (string?)claims["vo_orgcode"]).ShouldBe((person.Id, person.GivenName, hub.LoginCode));
        claims["bereik_rol_3D"]!.ToJsonString().ShouldContain($"dpo:{hub.LoginCode}");

        // Another secret, another address.
        (await jose.NodeAsync("client.mjs", plan.LoginUrl, hub.Id, "wrong", redirect, person.Id)).Code.ShouldNotBe(0);
        (await jose.NodeAsync("client.mjs", plan.LoginUrl, hub.Id, secret, "http://localhost:1/elsewhere", person.Id)).Code.ShouldNotBe(0);
    }

    [Fact]
    public async Task LoginToPractiseWith_InProduction_DoesNotStart()
    {
        var (plan, _) = Plan();
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(NodeProgram.Find(NodeProgram.Login), ["--config", NetworkFiles.SettingsFile(plan, NetworkPlan.LoginId)])
        {
            RedirectStandardError = true, RedirectStandardInput = true, Environment = { ["DOTNET_ENVIRONMENT"] = "Production" },
        })!;
        (await process.StandardError.ReadToEndAsync()).ShouldContain("development only");
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(2);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private (NetworkPlan Plan, int Port) Plan()
    {
        var ports = FreePorts.Take(7);
        var plan = NetworkPlan.Create(Path.Combine(folder.FullName, "nodes"), [new NetworkPlace("41002", "Aalst", "aalst", null, null)], [.. ports.Take(6)], new NetworkRegister(null), Epoch.At(TimeProvider.System.GetUtcNow()));
        NetworkFiles.Write(plan);
        return (plan, ports[6]);
    }

    private static void Change(NetworkPlan plan, Action<JsonObject> change)
    {
        var file = NetworkFiles.SettingsFile(plan, NetworkPlan.HubId);
        var settings = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        change(settings["signIn"]!.AsObject());
        File.WriteAllText(file, settings.ToJsonString());
    }

    [GeneratedRegex("""<form[^>]*action="(?<action>[^"]+)".*?name="prompt" value="(?<prompt>[^"]+)".*?</form>""", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Form();
}
