using System.Globalization;
using Bereik.Node.Configuration;
using Bereik.Node.Logging;
using Bereik.Node.Machines;
using Bereik.Node.Requests;
using Bereik.Node.Storage;
using Microsoft.AspNetCore.Builder;

namespace Bereik.Node;

/// <summary>Starts a node from its settings file.</summary>
public static class NodeHost
{
    private const int Fault = 1;
    private const int WrongSettings = 2;
    private const int CannotStart = 3;

    /// <summary>
    /// Runs a node: exit code 0 after a normal stop, 1 after a fault in the program itself, 2 when the settings are wrong, 3 when it cannot start.
    /// Whatever is wrong is a sentence on standard error; an exception's own text, which may quote what was read, never is.
    /// </summary>
    /// <typeparam name="TSettings">The node's settings.</typeparam>
    /// <typeparam name="TDatabase">The node's store.</typeparam>
    /// <param name="args"><c>--config FILE</c>, or <c>client ...</c>, which changes what software may call the node and ends.</param>
    /// <param name="services">Adds the node's services; adds a sentence for each thing that is wrong.</param>
    /// <param name="routes">Maps the node's routes.</param>
    /// <param name="start">Runs once after the store is up to date and before the node listens, for example to begin recurring work.</param>
    public static async Task<int> RunAsync<TSettings, TDatabase>(
        string[] args, Action<NodeApplication<TSettings, TDatabase>, List<string>> services, Action<WebApplication> routes, Func<TDatabase, TSettings, NodeKeys, DateTimeOffset, Task>? start = null)
        where TSettings : NodeSettings
        where TDatabase : NodeDatabase
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.GetCultureInfo("nl-BE");
        try
        {
            return await StartAsync(args, services, routes, start);
        }
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            Console.Error.WriteLine($"The node ended because of a fault in itself.{NodeLogFormatter.Describe(broken)}");
            return Fault;
        }
    }

    private static async Task<int> StartAsync<TSettings, TDatabase>(
        string[] args, Action<NodeApplication<TSettings, TDatabase>, List<string>> services, Action<WebApplication> routes, Func<TDatabase, TSettings, NodeKeys, DateTimeOffset, Task>? start)
        where TSettings : NodeSettings
        where TDatabase : NodeDatabase
    {
        if (args is ["client", .. var said]) return await ClientCommand.RunAsync<TSettings, TDatabase>(said);
        if (args is not ["--config", var file]) return Refuse(["Say which settings to use: --config FILE."]);
        var (settings, wrong) = SettingsReader.Read<TSettings>(file);
        if (settings is null) return Refuse(wrong);
        var unusable = new List<string>();
        var keys = NodeKeys.Read(settings, unusable);
        if (keys is null || unusable.Count > 0) return Refuse(unusable);

        using (keys)
        {
            using var folderLock = LockFolder(settings.DataFolder, out var sentence);
            if (folderLock is null) return Fail(sentence);
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
        return CannotStart;
    }

    // The lock is also the proof that the node may write there.
    private static FileStream? LockFolder(string folder, out string sentence)
    {
        sentence = "The folder of setting 'data' cannot be made, or this node may not write in it.";
        try
        {
            // SECURITY: the store holds what the node knows, so a new folder is its owner's alone, with all that comes to lie in it.
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        try
        {
            return new FileStream(Path.Combine(folder, "node.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
        catch (IOException)
        {
            sentence = "Another process uses this node's data folder. Stop it first.";
            return null;
        }
    }
}

/// <summary>A node that cannot start as things are; it ends with the sentence and serves nothing.</summary>
/// <param name="message">A sentence for the operator.</param>
public sealed class NodeStartException(string message) : Exception(message);

/// <summary>What a node does once with its own services, after its store is up to date and before it listens. Register one as a service for each.</summary>
/// <param name="RunAsync">Gets a scope of its services. Throws <see cref="NodeStartException"/> when the node cannot start.</param>
public sealed record NodeStart(Func<IServiceProvider, CancellationToken, Task> RunAsync);
