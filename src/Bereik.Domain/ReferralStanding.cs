namespace Bereik.Domain;

/// <summary>How far a referral is (nl: stand van een doorverwijzing). The referrer sees this and nothing else of it.</summary>
public enum ReferralState
{
    /// <summary>On its way, or waiting for an answer (nl: verstuurd).</summary>
    Sent,

    /// <summary>A worker of the service took it up (nl: aanvaard).</summary>
    Accepted,

    /// <summary>The service did not take it up (nl: niet aanvaard).</summary>
    Declined,

    /// <summary>A worker spoke with the person (nl: eerste contact gemaakt).</summary>
    Contacted,

    /// <summary>The help that was asked for is over, or goes on elsewhere (nl: afgesloten).</summary>
    Closed,

    /// <summary>The person took the consent back (nl: ingetrokken).</summary>
    Revoked,

    /// <summary>Nobody took it up in time (nl: vervallen).</summary>
    Expired,
}

/// <summary>What one of the two services says of a referral (nl: stap van een doorverwijzing).</summary>
public enum ReferralAct
{
    /// <summary>The package arrived and was verified; the hub deletes its bytes (nl: ontvangen).</summary>
    Receive,

    /// <summary>Takes it up (nl: aanvaarden).</summary>
    Accept,

    /// <summary>Does not take it up (nl: niet aanvaarden).</summary>
    Decline,

    /// <summary>Spoke with the person (nl: eerste contact melden).</summary>
    Contact,

    /// <summary>Ends it (nl: afsluiten).</summary>
    Close,

    /// <summary>The person takes the consent back (nl: intrekken).</summary>
    Revoke,

    /// <summary>Says that everything was erased, last of all (nl: wissing melden).</summary>
    Erase,
}

/// <summary>Which of the two speaks (nl: kant van een doorverwijzing).</summary>
public enum ReferralSide
{
    /// <summary>The service that refers (nl: verwijzer).</summary>
    Sender,

    /// <summary>The service that receives (nl: ontvanger).</summary>
    Recipient,
}

/// <summary>Why a referral was not taken up (nl: reden van niet aanvaarden). It says nothing about the person.</summary>
public enum DeclineCause
{
    /// <summary>There is no room now (nl: geen plaats).</summary>
    NoCapacity,

    /// <summary>Another service is meant for this (nl: andere dienst).</summary>
    OtherService,

    /// <summary>The person lives elsewhere (nl: buiten het werkingsgebied).</summary>
    OutsideTerritory,

    /// <summary>A condition of sharing does not hold here (nl: voorwaarde niet voldaan).</summary>
    ConditionNotMet,

    /// <summary>The worker makes use of the right to be silent (nl: zwijgrecht).</summary>
    RightToBeSilent,
}

/// <summary>How a referral stands (nl: stand van een doorverwijzing), from its steps alone. Nobody sets it.</summary>
/// <param name="State">How far it is.</param>
/// <param name="IsReceived">Whether the recipient has it.</param>
/// <param name="IsErased">Whether the recipient said that nothing of it is left.</param>
public sealed record ReferralStanding(ReferralState State, bool IsReceived, bool IsErased)
{
    /// <summary>As it was sent.</summary>
    public static ReferralStanding Begun { get; } = new(ReferralState.Sent, IsReceived: false, IsErased: false);

    /// <summary>Whether nothing of it goes on but erasing.</summary>
    public bool IsOver => State is ReferralState.Declined or ReferralState.Closed or ReferralState.Revoked or ReferralState.Expired;

    /// <summary>After a step.</summary>
    /// <param name="act">The step.</param>
    /// <param name="by">Who says it.</param>
    /// <returns>Null when this step cannot be said now, or not by this side. Taking back can be said by both sides until everything is erased, also of what is over.</returns>
    public ReferralStanding? After(ReferralAct act, ReferralSide by) => (act, by) switch
    {
        (ReferralAct.Revoke, _) when !IsErased => this with { State = ReferralState.Revoked },
        (_, ReferralSide.Sender) => null,
        (ReferralAct.Receive, _) when State == ReferralState.Sent && !IsReceived => this with { IsReceived = true },
        (ReferralAct.Accept, _) when State == ReferralState.Sent && IsReceived => this with { State = ReferralState.Accepted },
        (ReferralAct.Decline, _) when IsReceived && State is ReferralState.Sent or ReferralState.Accepted => this with { State = ReferralState.Declined },
        (ReferralAct.Contact, _) when State == ReferralState.Accepted => this with { State = ReferralState.Contacted },
        (ReferralAct.Close, _) when State is ReferralState.Accepted or ReferralState.Contacted => this with { State = ReferralState.Closed },
        (ReferralAct.Erase, _) when IsOver && !IsErased => this with { IsErased = true },
        _ => null,
    };

    /// <summary>After its time is over: what nobody took up lapses; everything else goes on.</summary>
    public ReferralStanding Lapsed() => State == ReferralState.Sent ? this with { State = ReferralState.Expired } : this;
}

/// <summary>The names of states and steps on the wire (nl: namen van de stappen).</summary>
public static class ReferralNames
{
    /// <summary><c>sent</c>, <c>accepted</c>, <c>declined</c>, <c>contacted</c>, <c>closed</c>, <c>revoked</c> or <c>expired</c>.</summary>
    /// <param name="state">The state.</param>
    public static string WireName(this ReferralState state) => Camel(state.ToString());

    /// <summary><c>receive</c>, <c>accept</c>, <c>decline</c>, <c>contact</c>, <c>close</c>, <c>revoke</c> or <c>erase</c>.</summary>
    /// <param name="act">The step.</param>
    public static string WireName(this ReferralAct act) => Camel(act.ToString());

    /// <summary><c>noCapacity</c>, <c>otherService</c>, <c>outsideTerritory</c>, <c>conditionNotMet</c> or <c>rightToBeSilent</c>.</summary>
    /// <param name="cause">The cause.</param>
    public static string WireName(this DeclineCause cause) => Camel(cause.ToString());

    /// <summary>Reads a wire name of a state.</summary>
    /// <param name="text">The text; may be null.</param>
    /// <param name="state">The state, when the result is true.</param>
    public static bool TryParse(string? text, out ReferralState state) => TryFind(text, WireName, out state);

    /// <summary>Reads a wire name of a step.</summary>
    /// <param name="text">The text; may be null.</param>
    /// <param name="act">The step, when the result is true.</param>
    public static bool TryParse(string? text, out ReferralAct act) => TryFind(text, WireName, out act);

    /// <summary>Reads a wire name of a cause.</summary>
    /// <param name="text">The text; may be null.</param>
    /// <param name="cause">The cause, when the result is true.</param>
    public static bool TryParse(string? text, out DeclineCause cause) => TryFind(text, WireName, out cause);

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static bool TryFind<T>(string? text, Func<T, string> name, out T found)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            found = value;
            if (name(value) == text) return true;
        }

        found = default;
        return false;
    }
}
