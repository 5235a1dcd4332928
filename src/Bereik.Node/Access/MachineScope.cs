namespace Bereik.Node.Access;

/// <summary>
/// What a supplier's software may do at its own organisation's node (nl: bereik van een toepassing). None of them opens a row: rows open to
/// persons bound by professional secrecy only.
/// </summary>
public enum MachineScope
{
    /// <summary>How lists and files stand: <c>lists.read</c>.</summary>
    ReadLists,

    /// <summary>Bringing the organisation's own file: <c>files.write</c>.</summary>
    WriteFiles,

    /// <summary>The feed of signed events: <c>events.read</c>.</summary>
    ReadEvents,
}
