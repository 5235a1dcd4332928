namespace Bereik.Domain;

/// <summary>How far a yes to a letter is (nl: stand van een toestemming). Silence and no have no state: nothing is kept of them.</summary>
public enum ConsentState
{
    /// <summary>Given with help of the recipient's own staff, and waiting for a second person or a call back (nl: in beraad).</summary>
    Held,

    /// <summary>Given, and waiting for the next release (nl: gegeven).</summary>
    Given,

    /// <summary>The recipient may fetch it (nl: vrijgegeven).</summary>
    Released,

    /// <summary>The recipient has it and may make one first contact (nl: ontvangen).</summary>
    Received,

    /// <summary>At the first contact the person said that the yes is theirs (nl: bevestigd).</summary>
    Confirmed,

    /// <summary>At the first contact the person said that the yes is not theirs (nl: niet van deze persoon).</summary>
    Denied,

    /// <summary>Taken back by whoever holds the letter (nl: ingetrokken).</summary>
    Withdrawn,

    /// <summary>The person never wants to be written to or contacted again (nl: bezwaar).</summary>
    Objected,

    /// <summary>Its last day is over, or its protocol or accession stopped (nl: vervallen).</summary>
    Expired,

    /// <summary>The contact ended at the recipient, or went over into its own file (nl: afgerond).</summary>
    Closed,
}

/// <summary>What somebody does with a yes (nl: stap van een toestemming).</summary>
public enum ConsentAct
{
    /// <summary>A second person of the recipient, or the holder by telephone, stands for a yes that was given with help (nl: mee bevestigen).</summary>
    Countersign,

    /// <summary>Lets it go to the recipient (nl: vrijgeven).</summary>
    Release,

    /// <summary>Hands the sealed record out (nl: meegeven).</summary>
    HandOut,

    /// <summary>The record arrived and was opened; the hub deletes its bytes and the choices (nl: ontvangen).</summary>
    Receive,

    /// <summary>The person confirmed at the first contact (nl: bevestigen).</summary>
    Confirm,

    /// <summary>The person said that it is not theirs (nl: niet van mij).</summary>
    Deny,

    /// <summary>Takes it back (nl: intrekken).</summary>
    Withdraw,

    /// <summary>Objects for good (nl: bezwaar maken).</summary>
    Never,

    /// <summary>Lets it lapse (nl: laten vervallen).</summary>
    Expire,

    /// <summary>Ends the contact (nl: afronden).</summary>
    Close,

    /// <summary>Says that everything was erased, last of all (nl: wissing melden).</summary>
    Erase,
}

/// <summary>Who acts on a yes (nl: kant van een toestemming).</summary>
public enum ConsentSide
{
    /// <summary>Whoever holds letter number and code, or answers for them by slip or telephone.</summary>
    Holder,

    /// <summary>The hub, by clock or register.</summary>
    Hub,

    /// <summary>The organisation that asked for the letters.</summary>
    Recipient,
}

/// <summary>How sure it is that the yes is the person's own (nl: zekerheid van een toestemming).</summary>
public enum ConsentAssurance
{
    /// <summary>Given with help of the recipient's own staff.</summary>
    Assisted,

    /// <summary>Whoever had the letter said it.</summary>
    Bearer,

    /// <summary>The person said it to a worker at the first contact.</summary>
    Confirmed,
}

/// <summary>By which way a yes came (nl: weg van een toestemming).</summary>
public enum AnswerMethod
{
    /// <summary>The answer page.</summary>
    Web,

    /// <summary>The slip, through the hub's mail room.</summary>
    Slip,

    /// <summary>The free telephone of the hub.</summary>
    Phone,

    /// <summary>The counter of the recipient, with help of its staff.</summary>
    Counter,
}

/// <summary>How a yes stands (nl: stand van een toestemming), from its steps alone. Nobody sets it.</summary>
/// <param name="State">How far it is.</param>
/// <param name="IsHandedOut">Whether the sealed record went to the recipient.</param>
/// <param name="IsErased">Whether nothing of it is left: at the hub, and if it was handed out, by the recipient's word.</param>
public sealed record ConsentStanding(ConsentState State, bool IsHandedOut, bool IsErased)
{
    /// <summary>As it begins.</summary>
    /// <param name="assurance">How sure it is: what was given with help waits first.</param>
    public static ConsentStanding Begun(ConsentAssurance assurance) => new(assurance == ConsentAssurance.Assisted ? ConsentState.Held : ConsentState.Given, IsHandedOut: false, IsErased: false);

    /// <summary>Whether nothing of it goes on but erasing.</summary>
    public bool IsOver => State is ConsentState.Denied or ConsentState.Withdrawn or ConsentState.Objected or ConsentState.Expired or ConsentState.Closed;

    /// <summary>Whether processing may rest on it; of the states of the DPV only given and renewed are so.</summary>
    public bool IsValid => !IsOver && State != ConsentState.Held;

    /// <summary>After a step.</summary>
    /// <param name="act">The step.</param>
    /// <param name="by">Who takes it.</param>
    /// <returns>Null when this step cannot be taken now, or not by this side. What ends it before it was handed out leaves nothing to erase elsewhere.</returns>
    public ConsentStanding? After(ConsentAct act, ConsentSide by) => (act, by) switch
    {
        (ConsentAct.Withdraw, ConsentSide.Holder or ConsentSide.Recipient) when !IsOver => Ended(ConsentState.Withdrawn),
        (ConsentAct.Never, ConsentSide.Holder or ConsentSide.Recipient) when !IsOver || (State == ConsentState.Withdrawn && !IsErased) => Ended(ConsentState.Objected),
        (ConsentAct.Countersign, ConsentSide.Holder or ConsentSide.Recipient) when State == ConsentState.Held => this with { State = ConsentState.Given },
        (ConsentAct.Release, ConsentSide.Hub) when State == ConsentState.Given => this with { State = ConsentState.Released },
        (ConsentAct.HandOut, ConsentSide.Hub) when State == ConsentState.Released => this with { IsHandedOut = true },
        (ConsentAct.Expire, ConsentSide.Hub) when !IsOver => Ended(ConsentState.Expired),
        (ConsentAct.Receive, ConsentSide.Recipient) when State == ConsentState.Released && IsHandedOut => this with { State = ConsentState.Received },
        (ConsentAct.Confirm, ConsentSide.Recipient) when State == ConsentState.Received => this with { State = ConsentState.Confirmed },
        (ConsentAct.Deny, ConsentSide.Recipient) when State == ConsentState.Received => Ended(ConsentState.Denied),
        (ConsentAct.Close, ConsentSide.Recipient) when State is ConsentState.Received or ConsentState.Confirmed => Ended(ConsentState.Closed),
        (ConsentAct.Erase, ConsentSide.Recipient) when IsOver && !IsErased => this with { IsErased = true },
        _ => null,
    };

    private ConsentStanding Ended(ConsentState state) => this with { State = state, IsErased = !IsHandedOut };
}
