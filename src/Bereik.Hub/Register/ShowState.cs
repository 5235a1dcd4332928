using Bereik.Domain;
using Bereik.Exchange.Protocols;
using Bereik.Node.Registers;
using Bereik.Node.Ui;

namespace Bereik.Hub.Register;

// GET /stand-van-zaken: every legal ground, the framework, and what does not work yet, on one page that can be printed.
internal static class ShowState
{
    public static async Task<IResult> ShowAsync(ProtocolRegister register, RegisterBoard board, CancellationToken cancel)
    {
        var day = await board.PresentAsync(register, cancel);
        var protocols = day.Latest.Select(protocol => new ProtocolLine(protocol, day.Standing(protocol).State, day.Joined(protocol.Id))).ToList();
        var others = Enum.GetValues<OrganisationKind>().Where(kind => kind is not (OrganisationKind.Municipality or OrganisationKind.PublicCentreForWelfare)).Sum(day.Joined);
        return UiSetup.Page<StatePage>(new
        {
            Model = new StateView(
                [.. protocols.SelectMany(line => GroundLine.Of(line.Protocol))], protocols, FrameworkFile.Shipped,
                day.Joined(OrganisationKind.Municipality), day.Joined(OrganisationKind.PublicCentreForWelfare), others),
        });
    }
}
