using Bereik.Domain;
using Bereik.Node.Ui;
using Bereik.Source.Pages;
using Bereik.Source.Protocols;
using Party = Bereik.Domain.Party;

namespace Bereik.Source.Features;

// The texts of which this organisation is the source, with how each stands and what it lacks.
internal static class ListProtocols
{
    public static async Task<IResult> ShowAsync(OwnTexts own, CancellationToken cancel) =>
        UiSetup.Page<ProtocolsPage>(new { Protocols = (IReadOnlyList<ProtocolRow>)[.. (await own.AllAsync(cancel)).Select(Row)] });

    private static ProtocolRow Row(OwnText text)
    {
        var standing = text.Standing;
        var lacks = new List<Lack>();
        void Add(bool when, string what, params IReadOnlyList<Party> of)
        {
            if (when) lacks.Add(new Lack(what, of));
        }

        if (standing.Publication is null && !text.IsOver)
        {
            var unadvised = new[] { Party.Source, Party.Recipient }.Where(party => standing.Advices.All(advice => advice.Party != party)).ToList();
            Add(!text.IsRegistered, "Register");
            Add(text.Protocol.Ground != GroundState.Verified, "Ground");
            Add(unadvised.Count > 0, "Advice", unadvised);
            Add(standing.MissingSignatures.Count > 0, "Signature", standing.MissingSignatures);
            Add(true, "Publication");
        }

        return new ProtocolRow(text, lacks);
    }
}
