using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Bereik.Cli.Network;

/// <summary>Ports of this machine on which nothing listens, below those that systems hand to connections: one of those can become somebody's own end of a request before a node listens on it.</summary>
public static class FreePorts
{
    private const int First = 10_000;
    private const int Last = 31_999;

    // Each process begins elsewhere, so that two at once seldom look at the same port.
    private static int last = RandomNumberGenerator.GetInt32(First, Last);

    /// <summary>Different free ports of 127.0.0.1. Another program may take one before a node does.</summary>
    /// <param name="count">How many.</param>
    public static IReadOnlyList<int> Take(int count) => [.. Enumerable.Range(0, count).Select(_ => TakeRange(1))];

    /// <summary>The first of some free ports of 127.0.0.1 one after another.</summary>
    /// <param name="count">How many, 1 to 100.</param>
    /// <exception cref="InvalidOperationException">There are none.</exception>
    public static int TakeRange(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 100);
        for (var tries = 0; tries < Last - First; tries++)
        {
            var first = Interlocked.Add(ref last, count) - count;
            if (first < First || first + count - 1 > Last)
            {
                Interlocked.CompareExchange(ref last, First, first + count);
                continue;
            }

            if (!Enumerable.Range(first, count).Any(IsTaken)) return first;
        }

        throw new InvalidOperationException("This machine has no free ports.");
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
