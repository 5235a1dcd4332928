using Bereik.Domain;
using Bereik.Node.Registers;

namespace Bereik.Local.Orders;

/// <summary>The texts that this organisation works under, as the register has them.</summary>
internal sealed class OwnProtocols(LocalSettings settings, ProtocolRegister register, TimeProvider clock)
{
    /// <summary>The text under which it asks for lists today: the latest that it acceded to, and before any accession the one that ships.</summary>
    public Task<Protocol> PresentAsync(CancellationToken cancel) => PresentAsync(settings.ListProtocol, cancel);

    /// <summary>The text under which it asks for waves of letters today.</summary>
    public Task<Protocol> PresentOfLettersAsync(CancellationToken cancel) => PresentAsync(settings.LetterProtocol, cancel);

    private async Task<Protocol> PresentAsync(Protocol shipped, CancellationToken cancel)
    {
        var view = await register.ViewAsync(cancel);
        var today = clock.Today();
        return view.Texts.FirstOrDefault(text => text.Flow == shipped.Flow && text.Source == shipped.Source && view.Accession(text, settings.Id, today) is { IsActive: true }) ?? shipped;
    }

    /// <summary>How long an attestation of a worker lasts, in months: as the protocol of its lists says, and without lists as the strictest that it joined.</summary>
    /// <returns>Null where none says so.</returns>
    public async Task<int?> AttestationMonthsAsync(CancellationToken cancel)
    {
        if (settings.ListFlow is not null) return MonthsOf(await PresentAsync(cancel));
        var view = await register.ViewAsync(cancel);
        var today = clock.Today();
        return view.Texts.Where(text => view.Accession(text, settings.Id, today) is { IsActive: true }).Select(MonthsOf).Min();
    }

    /// <summary>The very text that a row or an order carries.</summary>
    /// <returns>Null when this node does not have it.</returns>
    public async Task<Protocol?> TextAsync(string hash, CancellationToken cancel) => (await register.ViewAsync(cancel)).Text(hash);

    /// <summary>What the register says of a text and of this organisation.</summary>
    public Task<RegisterFacts> FactsAsync(Protocol? protocol, CancellationToken cancel) => register.FactsAsync(protocol, settings.Id, cancel);

    /// <summary>The municipalities for which it may ask under a text today.</summary>
    public async Task<IReadOnlyList<string>> TerritoryAsync(Protocol protocol, CancellationToken cancel) => (await register.ViewAsync(cancel)).Territory(protocol, settings.Id, settings.Nis, clock.Today());

    private static int? MonthsOf(Protocol protocol) => protocol.Find<Clause.RecipientsClause>()?.AttestationMonths;
}
