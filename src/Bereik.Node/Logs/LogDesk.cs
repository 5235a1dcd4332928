namespace Bereik.Node.Logs;

/// <summary>Brings signed documents to the hub.</summary>
public class LogDesk
{
    /// <summary>Has a document logged.</summary>
    /// <param name="document">Compact JWS.</param>
    /// <param name="cancel">Gives up.</param>
    public virtual Task<long> SendAsync(string document, CancellationToken cancel) => Task.FromResult(0L);
}
