using Bereik.Domain;
using Bereik.Exchange.Register;
using Bereik.Exchange.Signatures;
using Bereik.Node.Configuration;
using Bereik.Node.Requests;

namespace Bereik.Node.Registers;

/// <summary>Signs steps of the register with the node's own key and brings them to the hub (nl: ondertekenen voor het register).</summary>
/// <param name="client">Calls the hub.</param>
/// <param name="settings">Where the hub is.</param>
/// <param name="keys">This node's key.</param>
/// <param name="reader">Reads back what was taken.</param>
/// <param name="clock">The node's clock.</param>
public sealed class RegisterDesk(NodeClient client, NodeSettings settings, NodeKeys keys, RegisterReader reader, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Now, UTC, whole seconds, as documents say it.</summary>
    public DateTimeOffset Now => DateTimeOffset.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds());

    /// <summary>Signs a document.</summary>
    /// <typeparam name="T">Kind of document.</typeparam>
    /// <param name="document">What is declared.</param>
    /// <exception cref="ArgumentException">A member does not have its shape.</exception>
    public string Sign<T>(T document)
        where T : class, ISignedDocument<T> => SignedDocument.Sign(document, keys.Signing).Compact;

    /// <summary>Signs a text of a protocol: the same bytes as every party.</summary>
    /// <param name="canonical">Its canonical JSON.</param>
    public string SignText(ReadOnlyMemory<byte> canonical) => RegisterDocuments.SignProtocol(canonical.Span, keys.Signing);

    /// <summary>Reads the register at the hub now, so that a person sees it as it is; gives up soon.</summary>
    /// <param name="cancel">Gives up.</param>
    /// <returns>False when the hub did not answer; what was read before stays.</returns>
    public async Task<bool> TryReadAsync(CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            await reader.ReadAsync(patience.Token);
            return true;
        }
        catch (Exception away) when (away is HttpRequestException or PeerRefusedException || (away is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <summary>Brings a signed document to the hub, and reads the register after it.</summary>
    /// <param name="document">Compact JWS. The same document a second time is no error.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>Null when the register took it, else the hub's code; <c>hub.unreachable</c> when nobody answered.</returns>
    public async Task<string?> SendAsync(string document, CancellationToken cancel)
    {
        try
        {
            await client.PostAsync(settings.PeerOf(OrganisationKind.Hub).Id, RegisterReader.Path, new Sent(document), cancel);
            await reader.ReadAsync(cancel);
            return null;
        }
        catch (PeerRefusedException refused)
        {
            return refused.Code;
        }
        catch (HttpRequestException)
        {
            return "hub.unreachable";
        }
    }

    private sealed record Sent(string Event);
}
