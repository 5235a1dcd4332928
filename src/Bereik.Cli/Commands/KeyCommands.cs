using System.CommandLine;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bereik.Cli.Verify;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Log;
using Bereik.Exchange.Signatures;

namespace Bereik.Cli.Commands;

/// <summary><c>bereik key succeed|revoke</c>: what an organisation says in the public log about its own keys.</summary>
internal static class KeyCommands
{
    public static Command Create(TimeProvider clock) => new("key", "Keys of your organisation, as the public log states them.") { Succeed(clock), Revoke(clock) };

    private static Command Succeed(TimeProvider clock)
    {
        var old = new Option<string>("--old") { Description = "The present private signing key, a JWK that only you can read.", HelpName = "OLD.jwk", Required = true };
        var next = new Option<string>("--new") { Description = "The new private signing key, a JWK that only you can read.", HelpName = "NEW.jwk", Required = true };
        var organisation = OrganisationOption();
        var hub = HubOption();
        var data = new Option<string>("--data") { Description = "Your node's data folder: the node is told first that the new key is its own.", HelpName = "DIR", Required = true };
        var command = new Command("succeed", "State a new signing key, signed with the one before it.") { old, next, data, organisation, hub };
        command.SetAction(async (parsed, cancel) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            if (LogPlace.AddressOf(parsed.GetRequiredValue(hub)) is not { } address) return LogCommands.Misused(error, "--hub", "hub.address", "Geef een https-adres, of een adres op deze computer.");
            using var present = ProtocolLifeCommands.ReadKey(parsed.GetRequiredValue(old), error);
            using var following = present is null ? null : ProtocolLifeCommands.ReadKey(parsed.GetRequiredValue(next), error);
            if (present is null || following is null) return 1;
            if (present.Kid == following.Kid) return LogCommands.Misused(error, "--new", "key.same", "De nieuwe sleutel is de oude.");
            var statement = new KeyStatement { Organisation = parsed.GetRequiredValue(organisation), Use = KeyUse.Signing, Kid = following.Kid, Key = following.PublicKey.ToJwk(), At = Now(clock) };

            // INVARIANT: before it is in the log. A key in its own name that a node does not know of is an alarm there.
            if (!TryTell(parsed.GetRequiredValue(data), following.PublicKey)) return LogCommands.Failed(error, "--data", "key.ownKeys", "De map van uw knooppunt is er niet, of er kan niet in geschreven worden. Er is niets veranderd.");
            return await SendAsync(statement, present, address, $"Sleutel {following.Kid} volgt {present.Kid} op.", output, error, cancel);
        });
        return command;
    }

    private static Command Revoke(TimeProvider clock)
    {
        var signing = new Option<string>("--key") { Description = "The private signing key that says so, a JWK that only you can read.", HelpName = "KEY.jwk", Required = true };
        var use = new Option<string>("--use") { Description = "What the revoked key is for: signing, sealing or token.", HelpName = "USE", Required = true };
        var kid = new Option<string>("--kid") { Description = "Id of the key that is revoked.", HelpName = "KID", Required = true };
        var organisation = OrganisationOption();
        var hub = HubOption();
        var command = new Command("revoke", "Revoke a key. It never counts again.") { signing, use, kid, organisation, hub };
        command.SetAction(async (parsed, cancel) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            if (LogPlace.AddressOf(parsed.GetRequiredValue(hub)) is not { } address) return LogCommands.Misused(error, "--hub", "hub.address", "Geef een https-adres, of een adres op deze computer.");
            KeyUse? meant = parsed.GetRequiredValue(use) switch { "signing" => KeyUse.Signing, "sealing" => KeyUse.Sealing, "token" => KeyUse.Token, _ => null };
            if (meant is null) return LogCommands.Misused(error, "--use", "key.use", "Kies signing, sealing of token.");
            using var key = ProtocolLifeCommands.ReadKey(parsed.GetRequiredValue(signing), error);
            if (key is null) return 1;
            var statement = new KeyStatement { Organisation = parsed.GetRequiredValue(organisation), Use = meant.Value, Kid = parsed.GetRequiredValue(kid), At = Now(clock) };
            return await SendAsync(statement, key, address, $"Sleutel {statement.Kid} is ingetrokken.", output, error, cancel);
        });
        return command;
    }

    private static bool TryTell(string folder, SigningPublicKey key)
    {
        try
        {
            var file = Path.Combine(folder, "own-keys");
            var line = $"signing {key.ToJwk()}";
            if (!File.Exists(file) || !File.ReadLines(file).Contains(line)) File.AppendAllText(file, line + "\n");
            return true;
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static async Task<int> SendAsync(KeyStatement statement, SigningKey key, Uri hub, string done, TextWriter output, TextWriter error, CancellationToken cancel)
    {
        if (statement.FindError() is { } wrong) return LogCommands.Misused(error, wrong.Place switch { "organisation" => "--organisation", "kid" => "--kid", _ => "--new" }, wrong.Code, "Dit heeft niet de juiste vorm.");
        var document = SignedDocument.Sign(statement, key).Compact;
        using var http = LogPlace.ClientOf(hub);
        http.MaxResponseContentBufferSize = 64 * 1024;
        try
        {
            using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["document"] = document })) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            using var answer = await http.PostAsync(new Uri(hub, "/v1/log-documents"), content, cancel);
            var told = Members(await answer.Content.ReadAsByteArrayAsync(cancel));
            if (answer.IsSuccessStatusCode && told["index"] is JsonValue place && place.TryGetValue(out long index))
            {
                output.WriteLine(FormattableString.Invariant($"{done} Regel {index} van het logboek."));
                return 0;
            }

            return LogCommands.Failed(error, "--hub", (Word(told["cause"]) ?? Word(told["code"])) is { Length: > 0 } code ? code : "hub.answer", "Het knooppunt neemt dit niet op.");
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException || (unreachable is TaskCanceledException && !cancel.IsCancellationRequested))
        {
            return LogCommands.Failed(error, "--hub", "hub.unreachable", "Het knooppunt antwoordt nu niet. Er is niets veranderd.");
        }
    }

    private static JsonObject Members(byte[] answer)
    {
        try
        {
            return JsonNode.Parse(answer) as JsonObject ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static string? Word(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static DateTimeOffset Now(TimeProvider clock) => DateTimeOffset.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds());

    private static Option<string> OrganisationOption() => new("--organisation") { Description = "Id of your organisation.", HelpName = "ID", Required = true };

    private static Option<string> HubOption() => new("--hub") { Description = "Address of the hub: https, or on this machine.", HelpName = "URL", Required = true };
}
