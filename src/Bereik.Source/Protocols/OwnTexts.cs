using Bereik.Domain;
using Bereik.Node.Registers;

namespace Bereik.Source.Protocols;

// The texts of which this organisation is the source (nl: eigen protocollen), as its own copy of the register says them today.
internal sealed class OwnTexts(ProtocolRegister register, SourceSettings settings, TimeProvider clock)
{
    public async Task<IReadOnlyList<OwnText>> AllAsync(CancellationToken cancel)
    {
        var view = await register.ViewAsync(cancel);

        // A text that only ships gives way to one of the same name that is registered.
        return [.. view.Texts.Where(protocol => protocol.Source == settings.Id && view.Find(protocol.Id, protocol.Version)?.Hash == protocol.Hash).Select(protocol => Of(view, protocol))];
    }

    public async Task<OwnText?> FindAsync(string id, string version, CancellationToken cancel)
    {
        var view = await register.ViewAsync(cancel);
        return view.Find(id, version) is { } protocol && protocol.Source == settings.Id ? Of(view, protocol) : null;
    }

    // The name of an organisation as people read it.
    public string NameOf(string organisation) => organisation == settings.Organisation ? settings.Name : settings.Peer(organisation)?.Name is { Length: > 0 } name ? name : organisation;

    private OwnText Of(RegisterView view, Protocol protocol)
    {
        var today = clock.Today();
        return new OwnText(view, protocol, view.Standing(protocol, today), today);
    }
}

/// <summary>One text with how it stands.</summary>
/// <param name="View">The register that says so.</param>
/// <param name="Protocol">The text.</param>
/// <param name="Standing">How it stands.</param>
/// <param name="Today">The day, Europe/Brussels.</param>
public sealed record OwnText(RegisterView View, Protocol Protocol, ProtocolStanding Standing, DateOnly Today)
{
    /// <summary>Local path of its page.</summary>
    public string Path => PathOf(Protocol.Id, Protocol.Version);

    /// <summary>Whether it has a life: the register takes no step for a text that only ships.</summary>
    public bool IsRegistered => View.Registered.Contains(Protocol.Hash);

    /// <summary>Whether it is over for good.</summary>
    public bool IsOver => Standing.State is ProtocolState.Ended or ProtocolState.Expired;

    /// <summary>Whether an advice can be given.</summary>
    public bool MayAdvise => IsRegistered && !IsOver && Standing.Publication is null;

    /// <summary>Whether the source has yet to sign.</summary>
    public bool MaySign => IsRegistered && !IsOver && Standing.MissingSignatures.Contains(Party.Source);

    /// <summary>Whether it has yet to be made public; whether it can be is for the one decision.</summary>
    public bool MayPublish => IsRegistered && !IsOver && Standing.Publication is null;

    /// <summary>Whether it can be suspended.</summary>
    public bool MaySuspend => IsRegistered && !IsOver && !Standing.IsSuspendedBy(Protocol.Source);

    /// <summary>Whether the source can lift a suspension: who suspended lifts.</summary>
    public bool MayLift => IsRegistered && !IsOver && Standing.IsSuspendedBy(Protocol.Source);

    /// <summary>Whether it can be ended.</summary>
    public bool MayEnd => IsRegistered && !IsOver && Standing.End is null;

    /// <summary>The accessions that have not ended.</summary>
    public IReadOnlyList<AccessionStanding> Acceded => [.. View.Accessions(Protocol, Today).Where(accession => !accession.IsEnded)];

    /// <summary>Local path of the page of a text.</summary>
    /// <param name="id">Protocol id.</param>
    /// <param name="version">Protocol version.</param>
    public static string PathOf(string id, string version) => $"/protocollen/{id}/{version}";
}
