using Bereik.Node.Configuration;

namespace Bereik.Node.Events;

/// <summary>Where a node calls its own organisation's software (nl: oproepadres).</summary>
public sealed class EventSettings
{
    /// <summary>The address, https or on this machine. SECURITY: it comes from this file alone, and no answer leads anywhere else.</summary>
    public string Callback { get; init; } = "";

    /// <summary>After how many days an event that nobody took is in the feed only, 1 to 90.</summary>
    public int GiveUpDays { get; init; } = 7;

    /// <summary>What is wrong, in one sentence; null when nothing is.</summary>
    internal string? Problem()
    {
        if (!Uri.TryCreate(Callback, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.UserInfo.Length > 0 || uri.Fragment.Length > 0) return "Setting 'events.callback' must be an address such as https://example.eu/bereik, without a name or password in it.";
        if (uri.Scheme == "http" && !NodeSettings.IsLoopback(Callback)) return "Setting 'events.callback' must be https, or an address of this machine.";
        return GiveUpDays is < 1 or > 90 ? "Setting 'events.giveUpDays' must lie between 1 and 90." : null;
    }
}
