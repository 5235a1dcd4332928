using Bereik.Node.Registers;

namespace Bereik.Tests.Shared;

// What a node keeps of a register, for tests that have one; the documents alone are in the other half.
internal static partial class Acceding
{
    // A register as a hub would tell it, in the order given.
    public static IReadOnlyList<RegisterEntry> Register(IEnumerable<string> documents, DateTimeOffset at)
    {
        var entries = new List<RegisterEntry>();
        at = DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());
        foreach (var document in documents)
        {
            var sequence = entries.Count + 1;
            entries.Add(new RegisterEntry { Sequence = sequence, At = at, Event = document, Chain = RegisterEntry.ChainOf(entries.Count > 0 ? entries[^1].Chain : "", sequence, at, document) });
        }

        return entries;
    }

    // The same register with one step more.
    public static IReadOnlyList<RegisterEntry> After(IReadOnlyList<RegisterEntry> register, string document, DateTimeOffset at)
    {
        var (last, sequence) = (register[^1], register[^1].Sequence + 1);
        at = DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());
        return [.. register, new RegisterEntry { Sequence = sequence, At = at, Event = document, Chain = RegisterEntry.ChainOf(last.Chain, sequence, at, document) }];
    }
}
