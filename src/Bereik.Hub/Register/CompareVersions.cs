using Bereik.Exchange.Protocols;
using Bereik.Node.Errors;
using Bereik.Node.Registers;
using Bereik.Node.Ui;

namespace Bereik.Hub.Register;

// GET /protocollen/{id}/verschil?van=A&naar=B: what changed between two versions, and whether it lets more happen.
internal static class CompareVersions
{
    public static async Task<IResult> ShowAsync(string id, string? van, string? naar, ProtocolRegister register, RegisterBoard board, CancellationToken cancel)
    {
        var day = await board.PresentAsync(register, cancel);
        if (van is null || naar is null || day.Find(id, van) is not { } before || day.Find(id, naar) is not { } after) return ErrorCatalogue.NotFound.Problem();

        // That the number of the version changes stands in the heading.
        var changes = ProtocolDiff.Compare(before, after).Where(change => change.Path != "version").OrderByDescending(change => change.Classification).ToList();
        return UiSetup.Page<DifferencePage>(new { Model = new DifferenceView(before, after, changes, ProtocolDiff.Overall(changes)) });
    }
}
