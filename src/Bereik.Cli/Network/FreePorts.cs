using System.Net;
using System.Net.Sockets;

namespace Bereik.Cli.Network;

/// <summary>Ports of this machine on which nothing listens.</summary>
public static class FreePorts
{
    /// <summary>Different free ports of 127.0.0.1, as the system gives them out. Another program may take one before a node does.</summary>
    /// <param name="count">How many.</param>
    public static IReadOnlyList<int> Take(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        try
        {
            foreach (var listener in listeners) listener.Start();
            return [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            foreach (var listener in listeners) listener.Dispose();
        }
    }

    /// <summary>Whether something listens on a port of 127.0.0.1.</summary>
    /// <param name="port">1 to 65535.</param>
    public static bool IsTaken(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
