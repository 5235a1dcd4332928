using System.Globalization;
using System.Text;
using Bereik.Domain;
using Bereik.Local.Features;
using Bereik.Local.Pages;
using Bereik.Node.Errors;
using Bereik.Node.Requests;
using Bereik.Node.Ui;
using QRCoder;

namespace Bereik.Local.Referrals;

// GET /doorverwijzen/{id}/bewijs: what the person takes home (nl: ontvangstbewijs): who gets what kind of data, until when, and how to take it back. Nobody is named on it.
internal sealed class ReferralReceipt(MakeReferral make, ReferralDesk desk, ReferralPartners partners)
{
    public async Task<IResult> ShowAsync(Guid id, Actor actor, CancellationToken cancel)
    {
        if (await make.FindAsync(id, cancel) is not { } referral) return ErrorCatalogue.NotFound.Problem();
        var opened = await desk.OpenAsync(referral, UseAct.Open, Logged.By(actor, "referral.receipt"), cancel);
        if (opened.Record is not { } record) return Refusals.Page(opened.Reasons);
        var service = await partners.DeclaredAsync(referral, cancel);
        var page = UiSetup.Page<ReferralReceiptPage>(new
        {
            Model = new ReceiptView(id, referral.ReceivedOn, record.Consent.Until, record.Referrer.Organisation, record.Referrer.Team, record.Referrer.Reach, partners.NameOf(referral.Partner), service?.Name ?? referral.Service, service?.Reach)
            {
                Fields = record.FieldIds, ConfirmBy = referral.ConfirmBy, WaitingDays = service?.WaitingDays, Picture = QrPicture.Of($"urn:uuid:{id:D}"),
            },
        });
        return LanguageOf(record.Consent.Language) is { } culture ? new InLanguage(culture, page) : page;
    }

    // The language that was read, where these pages speak it; with an interpreter it may stand beside another word.
    internal static string? LanguageOf(string text)
    {
        var word = text.Trim().Split([' ', ',', ';', '(', '/'], 2)[0].ToLowerInvariant();
        return word switch { "nl" or "nederlands" or "dutch" or "vlaams" => "nl-BE", "en" or "engels" or "english" => "en-BE", _ => null };
    }

    private sealed class InLanguage(string culture, IResult page) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            // Holds for this answer alone: it goes with the flow of this call.
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(culture);
            await page.ExecuteAsync(httpContext);
        }
    }
}

/// <summary>A square code that a telephone reads (nl: QR-code), as one path of an SVG.</summary>
/// <param name="Size">Width and height in modules, with the quiet zone around it.</param>
/// <param name="Path">The dark modules.</param>
public sealed record QrPicture(int Size, string Path)
{
    /// <summary>The code of a text.</summary>
    /// <param name="text">The text; never anything about a person.</param>
    public static QrPicture Of(string text)
    {
        using var code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var path = new StringBuilder();
        for (var row = 0; row < code.ModuleMatrix.Count; row++)
        {
            var line = code.ModuleMatrix[row];
            for (var column = 0; column < line.Count; column++)
            {
                if (line[column]) path.Append(CultureInfo.InvariantCulture, $"M{column} {row}h1v1h-1z");
            }
        }

        return new QrPicture(code.ModuleMatrix.Count, path.ToString());
    }
}
