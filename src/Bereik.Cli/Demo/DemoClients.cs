using Bereik.Cli.Commands;
using Bereik.Cli.Network;
using Bereik.Domain;
using Bereik.Exchange.Keys;

namespace Bereik.Cli.Demo;

/// <summary>A supplier's software for each node of the demo that takes any: its key lies ready, so that a newcomer can call the node at once.</summary>
internal static class DemoClients
{
    /// <summary>Client id at every node.</summary>
    public const string Id = "dossierpakket";

    /// <summary>The private key with which the software of a node proves itself, mode 600; its public half is beside it.</summary>
    public static string KeyFileOf(NetworkPlan plan, string node) => Path.Combine(plan.Folder, "clients", $"{node}.jwk");

    /// <summary>Makes the keys and registers them, while the nodes run.</summary>
    /// <exception cref="DemoException">A node did not take its software.</exception>
    public static Task RegisterAsync(NetworkPlan plan, CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.Combine(plan.Folder, "clients"));
        return Task.Run(() =>
        {
            foreach (var node in plan.Nodes.Where(node => node.OrdersLists || node.Kind == OrganisationKind.Source))
            {
                cancel.ThrowIfCancellationRequested();
                Register(plan, node);
            }
        }, cancel);
    }

    private static void Register(NetworkPlan plan, PlannedNode node)
    {
        using var key = SigningKey.Generate();
        var file = KeyFileOf(plan, node.Id);
        var published = Path.ChangeExtension(file, ".pub.jwk");
        KeyFile.WriteNew(file, key.ExportJwk());
        File.WriteAllText(published, key.PublicKey.ToJwk());
        string[] scopes = node.OrdersLists ? ["lists.read", "files.write", "events.read"] : ["lists.read", "events.read"];
        var settings = NetworkFiles.SettingsFile(plan, node.Id);
        List<string> words = ["client", "add", "--config", settings, "--id", Id, "--name", "Dossierpakket (proef)", "--key", published, .. scopes.SelectMany(scope => new[] { "--scope", scope })];
        using var said = new StringWriter();
        if (ClientCommands.Run(words, settings, TextWriter.Null, said) != 0) throw new DemoException($"The node {node.Id} did not take its software. It said: {said}");
    }

    /// <summary>The line of the demo's report.</summary>
    public static string Line(NetworkPlan plan, bool inEnglish)
    {
        var folder = Path.Combine(plan.Folder, "clients");
        return inEnglish ? $"Software of suppliers: '{Id}' may call every gemeente, every OCMW and the source, with the keys in {folder}." : $"Toepassingen van leveranciers: '{Id}' mag elke gemeente, elk OCMW en de bron aanspreken, met de sleutels in {folder}.";
    }
}
