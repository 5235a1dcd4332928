using System.Text.Json;
using System.Text.Json.Serialization;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Local.Features;
using Bereik.Local.Pages;
using Bereik.Local.Storage;
using Bereik.Node.Errors;
using Bereik.Node.Registers;
using Bereik.Node.Requests;
using Bereik.Node.Ui;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Referrals;

// Taking what was referred into a file of the organisation's own (nl: overgenomen in eigen dossier), on its own ground: a sheet and a file for its own software, and then everything is erased here.
// What leaves is out of reach of erasure, so both ask for the act of taking out, and the passkey again.
internal sealed class OwnFile(LocalDatabase database, ReferralDesk desk, ProtocolRegister register, LocalSettings settings)
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = { new ExactEnumConverter() } };

    public async Task<IResult> ShowAsync(Guid id, Actor actor, CancellationToken cancel)
    {
        var (found, refused) = await OpenAsync(id, Logged.By(actor, "referral.sheet"), cancel);
        return refused ?? UiSetup.Page<InboxFilePage>(new { Model = found });
    }

    public async Task<IResult> DownloadAsync(Guid id, Actor actor, CancellationToken cancel)
    {
        var (found, refused) = await OpenAsync(id, Logged.By(actor, "referral.export"), cancel);
        if (found is null) return refused!;
        var told = new TakenFile(
            id, settings.Organisation, found.Row.Partner, found.Row.Service, found.Protocol, found.Row.On, found.Record.Fields, found.Record.Consent, found.Record.Referrer,
            [.. found.Attempts.Select(one => new TakenAttempt(one.Day, one.Channel, one.Reached))]);
        return Results.Bytes(JsonSerializer.SerializeToUtf8Bytes(told, Options), "application/json", $"verwijzing-{id:D}.json");
    }

    private async Task<(OwnFileView? Found, IResult? Refused)> OpenAsync(Guid id, Logged logged, CancellationToken cancel)
    {
        if (await database.Referrals.AsNoTracking().SingleOrDefaultAsync(one => one.Id == id.ToString("D") && one.Direction == Referral.In, cancel) is not { } referral) return (null, ErrorCatalogue.NotFound.Problem());
        var opened = await desk.OpenAsync(referral, UseAct.Export, logged, cancel);
        if (opened.Record is not { } record) return (null, Refusals.Page(opened.Reasons));

        // A file begins with a conversation: before it there is nobody whom the organisation knows by itself.
        if (referral.ContactedOn is null) return (null, Results.LocalRedirect($"{ReceivedReferrals.Path}/{id}"));
        var attempts = await database.ReferralAttempts.AsNoTracking().Where(one => one.ReferralId == referral.Id).OrderBy(one => one.Sequence).ToListAsync(cancel);
        var protocol = (await register.ViewAsync(cancel)).Text(referral.ProtocolHash);
        return (new OwnFileView(ReferralRow.Of(referral, referral.ReceivedOn), record, [.. attempts.Select(one => new AttemptView(one.Day, one.Channel, one.Reached, one.ByName))], protocol is null ? referral.ProtocolId : $"{protocol.Id} {protocol.Version}"), null);
    }

    // The file: what was shared and what was tried, for the organisation's own software. lowerCamelCase JSON, days as yyyy-MM-dd.
    private sealed record TakenFile(
        Guid Id, string Organisation, string From, string Service, string Protocol, DateOnly ReceivedOn, IReadOnlyList<SharedField> Fields, ReferralConsent Consent, Referrer Referrer, IReadOnlyList<TakenAttempt> Attempts)
    {
        public override string ToString() => "[dossier]";
    }

    private sealed record TakenAttempt(DateOnly Day, string Channel, bool Reached);
}
