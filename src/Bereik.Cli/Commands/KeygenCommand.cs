using System.CommandLine;
using System.Text.Json.Nodes;
using Bereik.Exchange.Keys;

namespace Bereik.Cli.Commands;

/// <summary><c>bereik keygen --out K.jwk [--use signing|sealing]</c>: a P-256 key that only its owner can read, with its public half beside it.</summary>
internal static class KeygenCommand
{
    private const string Ending = ".jwk";
    private const string PublicEnding = ".pub.jwk";

    public static Command Create()
    {
        var target = new Option<string>("--out") { Description = "The new private key. K.pub.jwk comes beside K.jwk; neither is ever overwritten.", HelpName = "K.jwk", Required = true };
        var use = new Option<string?>("--use") { Description = "What the key is for: signing or sealing. Without it the key says neither; use it for one of them only.", HelpName = "USE" };
        var command = new Command("keygen", "Make a P-256 key (JWK), and print its thumbprint (RFC 7638).") { target, use };
        command.SetAction(parsed =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var path = parsed.GetRequiredValue(target);
            if (!path.EndsWith(Ending, StringComparison.Ordinal) || path.EndsWith(PublicEnding, StringComparison.Ordinal) || Path.GetFileName(path) == Ending) return LogCommands.Misused(error, "--out", "key.name", "Geef een naam die op .jwk eindigt; de publieke helft krijgt dezelfde naam met .pub.jwk.");
            if (parsed.GetValue(use) is not (null or "signing" or "sealing")) return LogCommands.Misused(error, "--use", "key.use", "Kies signing of sealing.");
            var (secret, open, kid) = Generate(parsed.GetValue(use));
            if (Write(path, secret, open) is not var (place, code, sentence)) return Tell(output, kid);
            return LogCommands.Failed(error, place, code, sentence);
        });
        return command;
    }

    private static int Tell(TextWriter output, string kid)
    {
        output.WriteLine(kid);
        return 0;
    }

    private static (string Secret, string Public, string Kid) Generate(string? use)
    {
        if (use == "sealing")
        {
            using var key = SealingKey.Generate();
            return (key.ExportJwk(), key.PublicKey.ToJwk(), key.Kid);
        }

        using var signing = SigningKey.Generate();
        var (secret, open) = (signing.ExportJwk(), signing.PublicKey.ToJwk());
        return use is null ? (WithoutUse(secret), WithoutUse(open), signing.Kid) : (secret, open, signing.Kid);
    }

    private static string WithoutUse(string jwk)
    {
        var members = JsonNode.Parse(jwk)!.AsObject();
        members.Remove("use");
        return members.ToJsonString();
    }

    // Null when both are there. The public half goes first and away again when the private one cannot be made: a secret is never left without its other half.
    private static (string Place, string Code, string Sentence)? Write(string path, string secret, string open)
    {
        var beside = path[..^Ending.Length] + PublicEnding;
        if (File.Exists(path)) return (path, "key.exists", "Deze sleutel bestaat al, en een sleutel wordt nooit overschreven.");
        if (File.Exists(beside)) return (beside, "key.exists", "Deze sleutel bestaat al, en een sleutel wordt nooit overschreven.");
        var begun = false;
        try
        {
            using (var file = new FileStream(beside, FileMode.CreateNew, FileAccess.Write))
            {
                begun = true;
                file.Write(System.Text.Encoding.UTF8.GetBytes(open + "\n"));
            }

            KeyFile.WriteNew(path, secret + "\n");
            return null;
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            if (begun) File.Delete(beside);
            return (path, "key.unwritable", "De sleutel kan hier niet geschreven worden.");
        }
    }
}
