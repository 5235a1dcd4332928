using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Invitations;
using Bereik.Exchange.Keys;
using Bereik.Sealing.Invitations;
using Shouldly;
using Xunit;

namespace Bereik.Sealing.Tests;

// The format page, written once more in another language (invitation.py): what that program makes we read, and what we make it opens.
public sealed class InvitationVectorTests
{
    private static readonly JsonNode Vectors = JsonNode.Parse(File.ReadAllText(At("vectors/invitation.json")))!;

    [Fact]
    public void Texts_OfTheVectors_AreWhatTheCodeMakes()
    {
        foreach (var vector in Vectors["numbers"]!.AsArray())
        {
            LetterNumber.TryParse(Text(vector, "text"), out var number).ShouldBeTrue(Text(vector, "text"));
            number.Text.ShouldBe(Text(vector, "text"));
        }

        foreach (var vector in Vectors["codes"]!.AsArray())
        {
            using var code = SecretCode.FromBits(Convert.FromHexString(Text(vector, "secret")));
            Encoding.ASCII.GetString(code.Ascii).ShouldBe(Text(vector, "text"));
        }

        using var wave = WaveCodes.Import(Convert.FromHexString(Text(Vectors["wave"], "key")));
        foreach (var (index, text) in Vectors["wave"]!["codes"]!.AsObject())
        {
            using var code = wave.Code(int.Parse(index, System.Globalization.CultureInfo.InvariantCulture));
            Encoding.ASCII.GetString(code.Ascii).ShouldBe((string)text!);
        }
    }

    [Fact]
    public void Key_OfTheVectors_IsWhatTheCodeDerives()
    {
        var vector = Vectors["key"];
        using var key = KeyOf(Text(vector, "code"), Text(vector, "salt"));
        Convert.ToHexStringLower(key.SealKey).ShouldBe(Text(vector, "sealKey"));
        key.HolderDigest.ToString().ShouldBe(Text(vector, "holderDigest"));
    }

    [Fact]
    public void Invitation_OfTheVectors_OpensAndSaysWhatItSays()
    {
        var vector = Vectors["invitation"]!;
        var made = SealedInvitation.Parse(Encoding.UTF8.GetBytes(Text(vector, "json"))).Value;
        var binding = new InvitationBinding(Guid.Parse(Text(vector["binding"], "wave")), Hash(Text(vector["binding"], "protocolHash")), Text(vector["binding"], "recipientKid"));
        using var key = KeyOf(Text(vector, "code"), made.Salt.ToString());
        var inner = OuterSeal.Open(made, binding, key).ShouldNotBeNull();
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(inner))).ShouldBe(Text(vector, "innerHash"));
        using var recipient = SealingKey.FromJwk(vector["recipient"]!.ToJsonString()).Value;
        var opened = InvitationSeal.Open(inner, made.Number, binding, SigningPublicKey.FromJwk(vector["source"]!.ToJsonString()).Value, recipient).ShouldNotBeNull();
        JsonNode.DeepEquals(JsonNode.Parse(StrictJson.Write(opened.Document)), vector["document"]).ShouldBeTrue();
    }

    [Fact]
    public async Task Invitation_OfOurs_OpensInTheOtherLanguageWithItsCodeOnly()
    {
        using var source = SigningKey.Generate();
        using var recipient = SealingKey.Generate();
        using var codes = WaveCodes.Draw();
        using SecretCode code = codes.Code(0), other = codes.Code(1);
        var invitation = new Invitation
        {
            Number = LetterNumber.Random(), Wave = Guid.NewGuid(), ProtocolHash = Bytes32.Random(), RecipientKid = recipient.Kid, Notice = Bytes32.Random(),
            Person = new InvitedPerson { GivenNames = "José", FamilyName = "D'Hondt \"😀\" \\", Street = "Molenstraat", HouseNumber = "1/2", Postcode = "9300", Place = "Aalst" },
        };
        var made = InvitationSeal.Make(invitation, code, source, recipient.PublicKey);
        JsonObject Question(SecretCode with) => new()
        {
            ["code"] = Encoding.ASCII.GetString(with.Ascii), ["invitation"] = JsonNode.Parse(made.ToJson()), ["recipient"] = JsonNode.Parse(recipient.ExportJwk()), ["source"] = JsonNode.Parse(source.PublicKey.ToJwk()),
            ["binding"] = new JsonObject { ["wave"] = invitation.Wave.ToString("D"), ["protocolHash"] = invitation.ProtocolHash.ToString(), ["recipientKid"] = recipient.Kid },
        };
        var (exit, output, error) = await PythonAsync(Question(code).ToJsonString());
        (exit, error).ShouldBe((0, ""));
        var answer = JsonNode.Parse(output)!;
        using var key = InvitationKey.Derive(code, made.Salt);
        Text(answer, "holderDigest").ShouldBe(key.HolderDigest.ToString());
        ((int)answer["bytes"]!, (int)answer["characters"]!).ShouldBe((InvitationFormat.PaddedSize, InvitationFormat.InnerLength));
        JsonNode.DeepEquals(answer["document"], JsonNode.Parse(StrictJson.Write(invitation))).ShouldBeTrue();
        (exit, output, error) = await PythonAsync(Question(other).ToJsonString());
        (exit, output, error.TrimEnd()).ShouldBe((1, "", "It does not open."));
    }

    // What the page says of guessing follows from the time that it states, and the sizes in it are those of the code.
    [Fact]
    public void Page_CostOfGuessing_FollowsFromWhatItStates()
    {
        var page = File.ReadAllText(At("invitation.md"));
        const double Seconds = 0.041, Year = 31_557_600, GpuBytesASecond = 3.35e12, EuroAnHour = 2;
        page.ShouldContain("41 ms of one core");
        var (one, unsalted) = (Math.Pow(2, 59), Math.Pow(2, 60) / 50_001);
        page.ShouldContain($"{one * Seconds / Year:0.0e+0} core-years");
        page.ShouldContain($"2^{Math.Log2(unsalted):0.0} guesses");
        page.ShouldContain($"{unsalted * Seconds / Year:0} core-years");
        var guessesASecond = GpuBytesASecond / (InvitationKey.MemoryKiB * 1024.0 * 8);
        page.ShouldContain($"{guessesASecond:0} guesses a second");
        page.ShouldContain($"{one / guessesASecond / Year / 1e6:0.0} million card-years");
        page.ShouldContain($"{one / guessesASecond / 3600 * EuroAnHour / 1e9:0} thousand million euro");
        foreach (var size in new[] { 7968, InvitationFormat.PaddedSize, InvitationFormat.InnerLength, InvitationFormat.SealedSize, InvitationFormat.SealedTextLength }) page.ShouldContain(size.ToString("N0", System.Globalization.CultureInfo.InvariantCulture));
    }

    private static async Task<(int Code, string Output, string Error)> PythonAsync(string question)
    {
        foreach (var python in new[] { "python3", "/usr/bin/python3" })
        {
            if ((await RunAsync(python, "there", "")).Code == 0) return await RunAsync(python, "open", question);
        }

        Assert.Skip("No Python with argon2-cffi and cryptography on this machine (Debian: python3-argon2 python3-cryptography).");
        return default;
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string python, string command, string input)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(python, [At("invitation.py"), command]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
            if (input.Length > 0) await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, await output, await error);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (-1, "", "");
        }
    }

    private static InvitationKey KeyOf(string code, string salt)
    {
        SecretCode.TryRead(code, out var read).ShouldBeTrue();
        InvitationSalt.TryParse(salt, out var bytes).ShouldBeTrue();
        using (read) return InvitationKey.Derive(read!, bytes);
    }

    private static Bytes32 Hash(string text) => Bytes32.TryParse(text, out var hash) ? hash : throw new JsonException();

    private static string Text(JsonNode? node, string name) => (string)node![name]!;

    private static string At(string file) => Path.Combine(AppContext.BaseDirectory, file);
}
