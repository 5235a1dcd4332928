namespace Bereik.Node.Access;

/// <summary>How sure a node must be that it is really this person (nl: zekerheid).</summary>
public enum Assurance
{
    /// <summary>Signed in with the login of the organisation.</summary>
    SignedIn,

    /// <summary>Also proven with a passkey that this node enrolled, in this session: whoever runs the login cannot do that.</summary>
    SecondFactor,

    /// <summary>The passkey again, at most five minutes ago.</summary>
    Recent,

    /// <summary>
    /// The same, once anybody who has this right ever enrolled a passkey here. Before that, being signed in is enough: the first of them can be handed a code by nobody who has one.
    /// </summary>
    RecentAfterFirst,
}

/// <summary>What somebody may do on a page (nl: recht): which roles may, and how sure the node must be of the person.</summary>
/// <param name="Name">Stable word, such as <c>households.open</c>.</param>
/// <param name="Text">What it is, in Dutch.</param>
/// <param name="TextEnglish">The same in English.</param>
/// <param name="Assurance">How sure.</param>
/// <param name="Roles">Who may; at least one.</param>
public sealed record Right(string Name, string Text, string TextEnglish, Assurance Assurance, params IReadOnlyList<Role> Roles);
