using System.Globalization;
using Bereik.Node.Configuration;
using Bereik.Node.Requests;
using Bereik.Node.Storage;
using Microsoft.AspNetCore.Builder;

namespace Bereik.Node;

/// <summary>Starts a node from its settings file.</summary>
public static class NodeHost
{
    private const int WrongSettings = 2;

    /// <summary>Runs a node: exit code 0 after a normal stop, 2 when the settings are wrong, 3 when it cannot start.</summary>
    /// <typeparam name="TSettings">The node's settings.</typeparam>
    /// <typeparam name="TDatabase">The node's store.</typeparam>
    /// <param name="args"><c>--config FILE</c>.</param>
    /// <param name="services">Adds the node's services; adds a sentence for each thing that is wrong.</param>
    /// <param name="routes">Maps the node's routes.</param>
    /// <param name="start">Runs once after the store is up to date and before the node listens, for example to begin recurring work.</param>
    public static async Task<int> RunAsync<TSettings, TDatabase>(
        string[] args, Action<NodeApplication<TSettings, TDatabase>, List<string>> services, Action<WebApplication> routes, Func<TDatabase, TSettings, DateTimeOffset, Task>? start = null)
        where TSettings : NodeSettings
        where TDatabase : NodeDatabase
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        if (args is not ["--config", var file]) return Refuse(["Say which settings to use: --config FILE."]);
        var (settings, wrong) = SettingsReader.Read<TSettings>(file);
        if (settings is null) return Refuse(wrong);
        var unusable = new List<string>();
        var keys = NodeKeys.Read(settings, unusable);
        if (keys is null || unusable.Count > 0) return Refuse(unusable);

        using (keys)
        {
            Directory.CreateDirectory(settings.DataFolder);
            using var folderLock = LockFolder(settings.DataFolder);
            if (folderLock is null) return Fail("Another process uses this node's data folder. Stop it first.");
            var node = new NodeApplication<TSettings, TDatabase>(settings, keys);
            services(node, unusable);
            if (unusable.Count > 0) return Refuse(unusable);
            return await node.RunAsync(routes, start);
        }
    }

    private static int Refuse(IReadOnlyList<string> sentences)
    {
        foreach (var sentence in sentences) Console.Error.WriteLine(sentence);
        return WrongSettings;
    }

    internal static int Fail(string sentence)
    {
        Console.Error.WriteLine(sentence);
        return 3;
    }

    private static FileStream? LockFolder(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, "node.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
