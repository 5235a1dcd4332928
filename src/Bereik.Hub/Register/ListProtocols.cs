using System.Globalization;
using Bereik.Domain;
using Bereik.Node.Registers;
using Bereik.Node.Ui;

namespace Bereik.Hub.Register;

// GET /protocollen: the public register, the latest version of each protocol.
internal static class ListProtocols
{
    private const int LongestSearch = 100;

    public static async Task<IResult> ShowAsync(string? zoek, ProtocolRegister register, RegisterBoard board, Texts texts, CancellationToken cancel)
    {
        var day = await board.PresentAsync(register, cancel);
        var search = (zoek ?? "").Trim();
        if (search.Length > LongestSearch) search = search[..LongestSearch];
        var words = search.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var lines = day.Latest.Where(protocol => words.All(word => Holds(protocol, texts.Word(protocol.Flow), word)))
            .Select(protocol => new ProtocolLine(protocol, day.Standing(protocol).State, day.Joined(protocol.Id))).ToList();
        return UiSetup.Page<ProtocolsPage>(new { Lines = (IReadOnlyList<ProtocolLine>)lines, Search = search });
    }

    // In both languages, and whether or not somebody types accents and capitals.
    private static bool Holds(Protocol protocol, string flow, string word) =>
        new[] { protocol.Id, protocol.Title.Nl, protocol.Title.En, protocol.Summary.Nl, protocol.Summary.En, flow }
            .Any(text => CultureInfo.InvariantCulture.CompareInfo.IndexOf(text, word, CompareOptions.IgnoreCase | CompareOptions.IgnoreNonSpace) >= 0);
}
