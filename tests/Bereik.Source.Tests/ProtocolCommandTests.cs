using System.Diagnostics;
using System.Text.Json.Nodes;
using Bereik.Domain;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Protocols;
using Bereik.Exchange.Register;
using Shouldly;
using Xunit;

namespace Bereik.Source.Tests;

// The command as people run it: its own process, its exit code, and what it says.
public sealed class ProtocolCommandTests
{
    private static readonly string[] Unverified = ["authorisation.unverified", "ground.collectionUnverified", "ground.recipientUnverified", "ground.unverified"];

    [Fact]
    public async Task Sign_AddsOnePartyAfterAnother_AndVerifySaysWhoseSignaturesHold()
    {
        var work = new Work();
        var parties = new Parties();
        var text = work.Write("tekst.yaml", ProtocolLife.Yaml());
        var signed = work.Path("tekst.jws.json");
        foreach (var party in new[] { parties.Source, parties.Hub, parties.Source })
        {
            (await work.RunAsync("protocol", "sign", text, "--key", work.KeyOf(party))).Code.ShouldBe(0);
        }

        ProtocolSignatures.Split(await File.ReadAllTextAsync(signed)).Value.Count.ShouldBe(2, "the same key signs once");
        string[] verify = ["protocol", "verify", signed, "--key", $"opgroeien={work.PublicKeyOf(parties.Source)}", "--key", $"hub={work.PublicKeyOf(parties.Hub)}"];
        var (code, said, _) = await work.RunAsync(verify);
        code.ShouldBe(0);
        said.ShouldContain(ProtocolLife.FileOf(ProtocolLife.Yaml()).Protocol!.Hash);
        said.ShouldContain("opgroeien: de handtekening klopt");

        (await work.RunAsync([.. verify, "--key", $"pseudonymiser={work.PublicKeyOf(parties.Pseudonymiser)}"])).Code.ShouldBe(1);
        (await work.RunAsync(verify[..5])).Code.ShouldBe(1, "a signature by nobody that was named");
        var json = JsonNode.Parse((await work.RunAsync([.. verify, "--json"])).Output)!;
        json["signatures"]!.AsArray().Select(one => (bool)one!["holds"]!).ShouldBe([true, true]);

        // The signature of one under the name of the other.
        var swapped = JsonNode.Parse(await File.ReadAllTextAsync(signed))!;
        var signatures = swapped["signatures"]!.AsArray();
        (signatures[0]!["signature"], signatures[1]!["signature"]) = (signatures[1]!["signature"]!.DeepClone(), signatures[0]!["signature"]!.DeepClone());
        await File.WriteAllTextAsync(signed, swapped.ToJsonString());
        (code, said, _) = await work.RunAsync(verify);
        code.ShouldBe(1);
        said.ShouldContain("opgroeien: DE HANDTEKENING KLOPT NIET");
        (await work.RunAsync("protocol", "sign", text, "--key", work.KeyOf(parties.Source))).Error.ShouldContain("jws.signature");
    }

    [Fact]
    public async Task Sign_RefusesWhatIsNotRight_AndLeavesTheFileAsItWas()
    {
        var work = new Work();
        var parties = new Parties();
        var key = work.KeyOf(parties.Source);
        var text = work.Write("tekst.yaml", ProtocolLife.Yaml());
        await RefusedAsync("clause.missing", null, work.Write("gat.yaml", ProtocolLife.Yaml().Replace("  - id: sancties", "  - id: voordeel-", StringComparison.Ordinal)), key);
        await RefusedAsync("file.unreadable", null, work.Path("weg.yaml"), key);

        // Written as any file is, so that others on this machine can read it.
        await RefusedAsync("key.open", null, text, work.Write("open.jwk", parties.Source.Signing.ExportJwk()));
        await RefusedAsync("key.unreadable", null, text, work.Path("weg.jwk"));
        await RefusedAsync("jwk.private", null, text, work.Closed("publiek.jwk", parties.Source.Signing.PublicKey.ToJwk()));

        var other = work.Path("ander.jws.json");
        (await work.RunAsync("protocol", "sign", work.Write("ander.yaml", ProtocolLife.Yaml(version: "1.1")), "--key", key)).Code.ShouldBe(0);
        await RefusedAsync("signatures.otherText", other, text, key);
        await RefusedAsync("signatures.shape", work.Write("stuk.jws.json", "{\"payload\": \"a\"}"), text, key);
        await RefusedAsync("jws.encoding", work.Write("fout.jws.json", "{\"payload\": \"a=\", \"signatures\": [{\"protected\": \"e30\", \"signature\": \"AA\"}]}"), text, key);
        (await work.RunAsync("protocol", "sign", text, "--key", key, "--hub", "http://knooppunt.voorbeeld.be")).Error.ShouldContain("hub.address");

        async Task RefusedAsync(string code, string? target, string file, string with)
        {
            var before = target is null ? null : await File.ReadAllTextAsync(target);
            string[] to = target is null ? [] : ["--out", target];
            var (exit, output, error) = await work.RunAsync(["protocol", "sign", file, "--key", with, .. to]);
            exit.ShouldBe(1, code);
            (output + error).ShouldContain(code == "clause.missing" ? "clause.unknown" : code);
            if (target is not null) (await File.ReadAllTextAsync(target)).ShouldBe(before);
        }
    }

    [Fact]
    public async Task Publish_OfAnUnverifiedText_IsRefusedWithEveryGround_BeforeAnybodyIsCalled()
    {
        var work = new Work();
        var parties = new Parties();
        await using var hub = await LifeHub.StartAsync(parties);
        var yaml = ProtocolLife.Yaml(from: "2026-11-01", verified: false);
        var life = new ProtocolLife(parties, hub, ProtocolLife.FileOf(yaml));
        await life.ReadyAsync();
        var length = await hub.LengthAsync();
        string[] publish = ["protocol", "publish", work.Write("tekst.yaml", yaml), "--key", work.KeyOf(parties.Source), "--place", "https://www.opgroeien.be/protocol", "--hub", parties.HubUrl];
        var (code, output, error) = await work.RunAsync(publish);
        code.ShouldBe(1);
        foreach (var reason in Unverified.Select(one => Reasons.All[one])) error.ShouldContain($"{reason.Text} ({reason.Code})");
        output.ShouldBeEmpty();
        var json = JsonNode.Parse((await work.RunAsync([.. publish, "--json"])).Output)!;
        json["reasons"]!.AsArray().Select(one => (string)one!["code"]!).Order().ShouldBe(Unverified);
        (await hub.LengthAsync()).ShouldBe(length);
        (await hub.DecisionsAsync()).ShouldBeEmpty("the hub was not even asked");

        // Each ground by itself, and each name of the file that says it is verified when one officer alone says so.
        foreach (var clause in new[] { "machtiging", "rechtsgrond-verzameling", "rechtsgrond-mededeling", "rechtsgrond-ontvanger" })
        {
            foreach (var state in new[] { "unverified", "inPreparation", "repealed" })
            {
                var one = ProtocolLife.Yaml();
                var at = one.IndexOf("state: verified", one.IndexOf($"- id: {clause}", StringComparison.Ordinal), StringComparison.Ordinal);
                var end = one.IndexOf("\n  - id:", at, StringComparison.Ordinal);
                var rest = string.Join('\n', one[at..end].Split('\n').Where(line => !line.Contains("verifiedBy", StringComparison.Ordinal) && !line.Contains("party:", StringComparison.Ordinal) && !line.Contains("by:", StringComparison.Ordinal) && !line.Contains("on: 2026", StringComparison.Ordinal)));
                var weak = one[..at] + rest.Replace("state: verified", $"state: {state}", StringComparison.Ordinal) + one[end..];
                ProtocolFile.Read(System.Text.Encoding.UTF8.GetBytes(weak)).Errors.ShouldBeEmpty();
                publish[2] = work.Write("zwak.yaml", weak);
                (code, output, error) = await work.RunAsync(publish);
                code.ShouldBe(1, $"{clause} {state}");
                error.Split('\n').Count(line => line.EndsWith("nverified)", StringComparison.Ordinal)).ShouldBe(1, $"{clause} {state}");
            }
        }

        publish[2] = work.Write("alleen.yaml", ProtocolLife.Yaml().Replace("party: recipient\n        by: Functionaris", "party: source\n        by: Functionaris", StringComparison.Ordinal));
        (await work.RunAsync(publish)).Error.ShouldContain("ground.notVerifiedByBoth");
        (await hub.LengthAsync()).ShouldBe(length);
    }

    [Fact]
    public async Task Publish_IsDecidedByTheHub_WhoseReasonsItPrints()
    {
        var work = new Work();
        var parties = new Parties();
        await using var hub = await LifeHub.StartAsync(parties);
        var yaml = ProtocolLife.Yaml(from: "2026-11-01");
        var life = new ProtocolLife(parties, hub, ProtocolLife.FileOf(yaml));
        var text = work.Write("tekst.yaml", yaml);
        string[] publish = ["protocol", "publish", text, "--key", work.KeyOf(parties.Source), "--place", "https://www.opgroeien.be/protocol", "--hub", parties.HubUrl];
        (await work.RunAsync(publish)).Error.ShouldContain("(register.textUnknown)");
        await life.DraftAsync();
        var (code, output, error) = await work.RunAsync(publish);
        code.ShouldBe(1);
        foreach (var reason in new[] { Reasons.ProtocolNotAdvised, Reasons.ProtocolNotSigned }) error.ShouldContain($"{reason.Text} ({reason.Code})");
        output.ShouldContain("0 handtekeningen onder deze tekst");

        await life.BringAsync(life.Advice(Domain.Party.Source, parties.Source), life.Advice(Domain.Party.Recipient, parties.Hub), life.Signature(parties.Hub), life.Signature(parties.Pseudonymiser));
        (await work.RunAsync("protocol", "sign", text, "--key", work.KeyOf(parties.Source), "--hub", parties.HubUrl)).Code.ShouldBe(0);
        (await work.RunAsync([.. publish[..3], "--key", work.KeyOf(parties.Hub), .. publish[5..]])).Error.ShouldContain("(register.notYours)");
        (await work.RunAsync([.. publish[..3], "--key", work.KeyOf(parties.Source), "--place", "http://www.opgroeien.be", .. publish[7..]])).Error.ShouldContain("document.field");
        using var stranger = SigningKey.Generate();
        (await work.RunAsync([.. publish[..3], "--key", work.Closed("vreemd.jwk", stranger.ExportJwk()), .. publish[5..]])).Error.ShouldContain("(jws.kid)");
        (await work.RunAsync([.. publish[..8], "http://127.0.0.1:9"])).Error.ShouldContain("hub.unreachable");
        (await work.RunAsync([.. publish[..8], "http://93.184.216.34"])).Error.ShouldContain("hub.address");
        (code, output, _) = await work.RunAsync(publish);
        code.ShouldBe(0);
        output.ShouldContain("adviezen: source, recipient");
        output.ShouldContain("is bekendgemaakt.");
    }

    // A folder with the files of one test, and the command run in it.
    private sealed class Work
    {
        private readonly string folder = Parties.NewFolder();

        public string Path(string name) => System.IO.Path.Combine(folder, name);

        public string Write(string name, string content)
        {
            File.WriteAllText(Path(name), content);
            return Path(name);
        }

        public string KeyOf(Party party)
        {
            var path = Path($"{party.Id}.jwk");
            return File.Exists(path) ? path : Closed($"{party.Id}.jwk", party.Signing.ExportJwk());
        }

        public string PublicKeyOf(Party party) => Write($"{party.Id}.pub.jwk", party.Signing.PublicKey.ToJwk());

        public string Closed(string name, string content)
        {
            KeyFile.WriteNew(Path(name), content);
            return Path(name);
        }

        public async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
        {
            var start = new ProcessStartInfo(Program(), arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["DOTNET_ROOT"] = System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", ".."));
            using var process = Process.Start(start)!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();
            return (process.ExitCode, await output, await error);
        }

        // Built beside this project, in the same configuration.
        private static string Program()
        {
            var own = new DirectoryInfo(AppContext.BaseDirectory);
            var program = System.IO.Path.Combine(own.Parent!.Parent!.FullName, "Bereik.Cli", own.Name, "bereik");
            return File.Exists(program) ? program : throw new FileNotFoundException($"Build src/Bereik.Cli first: {program} is not there.");
        }
    }
}
