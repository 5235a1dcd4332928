using System.Text;
using System.Text.Json.Nodes;
using Bereik.Cli;
using Shouldly;

namespace Bereik.Interop.Tests;

/// <summary>A folder with the keys of a sender, a recipient and two strangers, made by the command.</summary>
internal sealed class Workbench : IDisposable
{
    public Workbench()
    {
        foreach (var (name, use) in new[] { ("recipient", "sealing"), ("signer", "signing"), ("other-recipient", "sealing"), ("other-signer", "signing") }) Run("keygen", "--out", At($"{name}.jwk"), "--use", use).Code.ShouldBe(0);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("bereik-interop-").FullName;

    public string At(string name) => Path.Combine(Folder, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(At(name), text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return At(name);
    }

    public static (int Code, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        return (CommandLine.Run(args, output, error), output.ToString(), error.ToString());
    }

    public (int Code, string Output, string Error) Seal(string csv, string name = "rows.bereik") =>
        Run("envelope", "seal", "--to", At("recipient.pub.jwk"), "--signer", At("signer.jwk"), "--in", csv, "--out", At(name));

    public (int Code, string Output, string Error) Open(string package, string recipient = "recipient", string signer = "signer", params string[] more) =>
        Run(["envelope", "open", "--key", At($"{recipient}.jwk"), "--signer", At($"{signer}.pub.jwk"), package, .. more]);

    public static JsonArray Records(string json) => JsonNode.Parse(json)!["records"]!.AsArray();

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
