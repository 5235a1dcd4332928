using Bereik.Domain;
using Bereik.Edge;
using Bereik.Node.Registers;

namespace Bereik.Local.Referrals;

/// <summary>A service to which somebody can be referred from here today.</summary>
/// <param name="Protocol">Under which text.</param>
/// <param name="Organisation">Whose service it is.</param>
/// <param name="Name">That organisation's name.</param>
/// <param name="Service">The service.</param>
public sealed record OpenService(Protocol Protocol, OrganisationId Organisation, string Name, ReferralService Service);

/// <summary>To whom this organisation may refer, and from whom it may receive, as the register says (nl: partners).</summary>
internal sealed class ReferralPartners(LocalSettings settings, ProtocolRegister register, EdgeKeys edgeKeys, TimeProvider clock)
{
    /// <summary>The services of others under every text under which this organisation may refer, by organisation and name.</summary>
    public async Task<IReadOnlyList<OpenService>> ServicesAsync(CancellationToken cancel)
    {
        var view = await register.ViewAsync(cancel);
        var readAt = await register.ReadAtAsync(cancel);
        var open = new List<OpenService>();
        foreach (var protocol in view.Texts.Where(text => text.Flow == Flow.Referral).DistinctBy(text => text.Id))
        {
            foreach (var standing in view.Accessions(protocol, clock.Today()).Where(standing => standing.IsActive))
            {
                var accession = standing.Act.Accession;
                foreach (var service in accession.Services ?? [])
                {
                    if (Decide.Refer(protocol, RequestOf(protocol, standing.Act.By, service.Id), Facts(view, readAt, protocol, settings.Id, standing.Act.By, alreadySent: false)).Outcome != Outcome.Permit) continue;
                    if (edgeKeys.SealingKeyOf(standing.Act.By.Value) is null) continue;
                    open.Add(new OpenService(protocol, standing.Act.By, NameOf(standing.Act.By.Value), service));
                }
            }
        }

        return [.. open.OrderBy(one => one.Name, StringComparer.CurrentCulture).ThenBy(one => one.Service.Name, StringComparer.CurrentCulture)];
    }

    /// <summary>The decision on a referral, as this node knows the two services now.</summary>
    public async Task<(Decision Decision, ReferralRequest Request, ReferralFacts Facts)> DecideAsync(Protocol? protocol, ReferralRequest request, bool alreadySent, CancellationToken cancel)
    {
        var facts = Facts(await register.ViewAsync(cancel), await register.ReadAtAsync(cancel), protocol, request.Sender, request.Recipient, alreadySent);
        return (Decide.Refer(protocol, request, facts), request, facts);
    }

    /// <summary>A referral that would be made now.</summary>
    public ReferralRequest RequestOf(Protocol protocol, OrganisationId recipient, string service)
    {
        var now = clock.GetUtcNow();
        return new ReferralRequest { Sender = settings.Id, Recipient = recipient, Service = service, ProtocolHash = protocol.Hash, IssuedAt = now, ExpiresAt = now.AddDays(protocol.Find<Clause.Term>()?.Days ?? 0) };
    }

    /// <summary>The team that takes up what comes in for a service of this organisation.</summary>
    /// <returns>Null when there is no such service.</returns>
    public async Task<string?> TeamOfAsync(Protocol protocol, string service, CancellationToken cancel) =>
        (await register.ViewAsync(cancel)).Accession(protocol, settings.Id, clock.Today())?.Act.Accession.Services?.FirstOrDefault(one => one.Id == service)?.Team;

    /// <summary>The service of a referral as its organisation declares it today.</summary>
    /// <returns>Null when it declares none of that name.</returns>
    public async Task<ReferralService?> DeclaredAsync(Storage.Referral referral, CancellationToken cancel)
    {
        var view = await register.ViewAsync(cancel);
        var organisation = referral.Direction == Storage.Referral.Out ? new OrganisationId(referral.Partner) : settings.Id;
        return view.Text(referral.ProtocolHash) is { } protocol ? view.Accession(protocol, organisation, clock.Today())?.Act.Accession.Services?.FirstOrDefault(one => one.Id == referral.Service) : null;
    }

    /// <summary>An organisation's name for people.</summary>
    public string NameOf(string organisation) => settings.Peer(organisation)?.Name ?? organisation;

    private ReferralFacts Facts(RegisterView view, DateTimeOffset? readAt, Protocol? protocol, OrganisationId sender, OrganisationId recipient, bool alreadySent)
    {
        var now = clock.GetUtcNow();
        var today = clock.Today();
        Accession? AccessionOf(OrganisationId organisation) => protocol is null ? null : view.Accession(protocol, organisation, today)?.Act.Accession;
        return new ReferralFacts
        {
            Now = now,
            SyntheticOnly = settings.AllowSyntheticNumbers,
            Register = view.Facts(protocol, recipient, now, readAt),
            SenderRegister = view.Facts(protocol, sender, now, readAt),
            SenderKind = KindOf(sender),
            RecipientKind = KindOf(recipient),
            Services = AccessionOf(recipient)?.Services,
            SenderPartnership = AccessionOf(sender)?.Partnership,
            RecipientPartnership = AccessionOf(recipient)?.Partnership,
            AlreadySent = alreadySent,
        };
    }

    private OrganisationKind? KindOf(OrganisationId organisation) => organisation == settings.Id ? settings.Kind : settings.Peer(organisation.Value)?.Kind;
}
