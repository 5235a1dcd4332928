using System.Text;
using Bereik.Exchange;

namespace Bereik.Node.Registers;

/// <summary>One signed step as it is stored and as it travels from the hub to every node (nl: inschrijving in het protocollenregister).</summary>
public sealed record RegisterEntry
{
    /// <summary>Its place, from 1 on, without gaps.</summary>
    public required long Sequence { get; init; }

    /// <summary>When the hub took it, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The signed document, a compact JWS.</summary>
    public required string Event { get; init; }

    /// <summary>SHA-256 over the chain before it, its place, its instant and its text; base64url.</summary>
    public required string Chain { get; init; }

    /// <summary>The chain of an entry.</summary>
    /// <param name="before">Chain of the entry before it; empty for the first.</param>
    /// <param name="sequence">Its place.</param>
    /// <param name="at">When it was taken; whole milliseconds.</param>
    /// <param name="document">The signed document.</param>
    public static string ChainOf(string before, long sequence, DateTimeOffset at, string document) =>
        Bytes32.Sha256(Encoding.ASCII.GetBytes(FormattableString.Invariant($"{before}\n{sequence}\n{at.ToUnixTimeMilliseconds()}\n{document}"))).ToString();

    /// <summary>Whether this entry follows another.</summary>
    /// <param name="before">The entry before it; null for the first.</param>
    public bool Follows(RegisterEntry? before) => Sequence == (before?.Sequence ?? 0) + 1 && Chain == ChainOf(before?.Chain ?? "", Sequence, At, Event);

    /// <summary>The place alone.</summary>
    public override string ToString() => FormattableString.Invariant($"register entry {Sequence}");
}

/// <summary>A page of the hub's register (nl: blad van het register).</summary>
/// <param name="Items">The entries, in their order.</param>
/// <param name="Next">The place after which the next page begins; null on the last.</param>
public sealed record RegisterPage(IReadOnlyList<RegisterEntry> Items, long? Next);

/// <summary>The register of a node does not hold together; nothing is decided on it.</summary>
/// <param name="sequence">The entry.</param>
/// <param name="code">What is wrong.</param>
public sealed class RegisterBrokenException(long sequence, string code) : Exception(FormattableString.Invariant($"Entry {sequence} of the register of protocols does not hold ({code})."))
{
    /// <summary>The entry.</summary>
    public long Sequence { get; } = sequence;

    /// <summary>What is wrong: <c>register.chain</c>, or a code of the signed document.</summary>
    public string Code { get; } = code;
}
