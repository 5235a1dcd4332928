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
        if (standing.Publication is null && !text.IsOver)
        {
            if (!text.IsRegistered) lacks.Add(new Lack("Register"));
            if (text.Protocol.Ground != GroundState.Verified) lacks.Add(new Lack("Ground"));
            lacks.AddRange(new[] { Party.Source, Party.Recipient }.Where(party => standing.Advices.All(advice => advice.Party != party)).Select(party => new Lack("Advice", party)));
            lacks.AddRange(standing.MissingSignatures.Select(party => new Lack("Signature", party)));
            lacks.Add(new Lack("Publication"));
        }

        return new ProtocolRow(text, lacks, text.View.Accessions(text.Protocol, text.Today).Count(accession => accession.IsActive));
    }
}
