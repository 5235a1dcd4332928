using System.Globalization;
using Bereik.Exchange;
using Bereik.Exchange.Envelopes;
using Bereik.Sealing.Pseudonyms;

namespace Bereik.Sealing.Packages;

/// <summary>Which check rows came back: in <c>match</c> exactly the chosen 32, in <c>unknown</c> exactly the other 32.</summary>
internal sealed class CheckRowWatch
{
    private readonly Dictionary<Token, int> indexes = [];
    private readonly CheckChoice choice;
    private readonly bool areChosenDue;
    private ulong returned;

    public CheckRowWatch(TokenMaker tokens, CheckChoice choice, string flow)
    {
        this.choice = choice;
        areChosenDue = flow == "match";
        for (var i = 0; i < EnvelopeFormat.CheckRows; i++) indexes[tokens.CheckToken(i)] = i;
    }

    /// <summary>The check row that these tokens are, or null.</summary>
    public int? Find(IReadOnlyList<Token> tokens)
    {
        foreach (var token in tokens)
            if (indexes.TryGetValue(token, out var index)) return index;
        return null;
    }

    /// <summary>Notes a check row; a code when it had to stay back or came before.</summary>
    public string? FindUnexpected(int index)
    {
        var bit = 1UL << index;
        if (choice.IsChosen(index) != areChosenDue || (returned & bit) != 0) return "checkRows.unexpected";
        returned |= bit;
        return null;
    }

    /// <summary>At the end: the error when not all came that were due; its place is how many are missing.</summary>
    public ParseError? FindMissing()
    {
        var missing = EnvelopeFormat.ChosenCheckRows - System.Numerics.BitOperations.PopCount(returned);
        return missing == 0 ? null : new ParseError("checkRows.missing", missing.ToString(CultureInfo.InvariantCulture));
    }
}
