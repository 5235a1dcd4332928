namespace Bereik.Node.Requests;

/// <summary>Keeps the hub's promises that something is in the public log (nl: beloften), to be held against it later.</summary>
public interface ILogPromises
{
    /// <summary>Name of the header: <c>{index} {leaf hash}</c>, once for each entry.</summary>
    const string Header = "Bereik-Log-Entry";

    /// <summary>Stores what an answer promised. What has another shape promises nothing.</summary>
    /// <param name="headers">Values of the header.</param>
    /// <param name="cancel">Stops.</param>
    Task KeepAsync(IEnumerable<string> headers, CancellationToken cancel);
}
