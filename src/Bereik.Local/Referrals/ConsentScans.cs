using System.Security.Cryptography;
using Bereik.Domain;
using Bereik.Local.Features;
using Bereik.Local.Households;
using Bereik.Local.Storage;
using Bereik.Node.Errors;
using Bereik.Node.Requests;
using Bereik.Node.Ui;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Referrals;

// The signed sheet of a consent on paper (nl: blad met de toestemming). It stays at the node that refers, under the referral's own key, and is erased with it; the hub and the receiver never get it.
internal sealed class ConsentScans(LocalDatabase database, ReferralDesk desk, HouseholdKeys households, MakeReferral make, Texts texts, TimeProvider clock)
{
    public const string Field = "blad";
    public const int MostBytes = 5 << 20;

    // More than a scan may have, so that one that is too large is told at its field and not by the connection.
    public const long MostBodyBytes = 32L << 20;

    /// <summary>Reads a scan that came with a form.</summary>
    /// <returns>No bytes and no key of a text when none was chosen; the key of a text when it is not one.</returns>
    public static async Task<(byte[]? Content, string? Wrong)> ReadAsync(IFormCollection form, CancellationToken cancel)
    {
        if (form.Files.GetFile(Field) is not { Length: > 0 } file) return (null, null);
        if (file.Length > MostBytes) return (null, "Referral.Error.ScanSize");
        var content = new byte[file.Length];
        await using var stream = file.OpenReadStream();
        await stream.ReadExactlyAsync(content, cancel);
        if (TypeOf(content) is not null) return (content, null);
        CryptographicOperations.ZeroMemory(content);
        return (null, "Referral.Error.ScanType");
    }

    // By its first bytes: what a name or a browser says of it counts for nothing.
    public static string? TypeOf(ReadOnlySpan<byte> content) =>
        content.StartsWith("%PDF-"u8) ? "application/pdf"
        : content.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) ? "image/png"
        : content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? "image/jpeg"
        : null;

    /// <summary>The scan as it is kept; the bytes in the clear are wiped.</summary>
    public static ConsentScan Seal(string id, byte[] content, HouseholdKeys households, DateTimeOffset now)
    {
        try
        {
            return new ConsentScan { ReferralId = id, Type = TypeOf(content) ?? throw new ArgumentException("No scan.", nameof(content)), Content = households.Seal(id, content), KeptAt = now };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }

    // POST /doorverwijzen/{id}/blad: the sheet comes later, or a better one.
    public async Task<IResult> KeepAsync(Guid id, Actor actor, HttpContext context, CancellationToken cancel)
    {
        if (await make.FindAsync(id, cancel) is not { } referral) return ErrorCatalogue.NotFound.Problem();
        var opened = await desk.OpenAsync(referral, UseAct.Open, Logged.By(actor, "referral.scan"), cancel);
        if (opened.Record is null) return Refusals.Page(opened.Reasons);
        var (content, wrong) = await ReadAsync(await context.Request.ReadFormAsync(cancel), cancel);
        if (content is null) return await make.ShowAsync(referral, opened, [new FieldError(Field, texts[wrong ?? "Referral.Error.ScanNone"])], cancel);
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);

        // Erased in the meantime: the key is gone, and nothing is kept.
        if (households.IsDestroyed(referral.Id)) return Results.LocalRedirect($"{MakeReferral.Path}/{id}");
        var scan = Seal(referral.Id, content, households, clock.GetUtcNow());
        if (await database.ConsentScans.SingleOrDefaultAsync(one => one.ReferralId == referral.Id, cancel) is { } former) (former.Type, former.Content, former.KeptAt) = (scan.Type, scan.Content, scan.KeptAt);
        else database.ConsentScans.Add(scan);
        await database.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return Results.LocalRedirect($"{MakeReferral.Path}/{id}");
    }

    // GET /doorverwijzen/{id}/blad: as a file, which the browser does not show inside a page of this node.
    public async Task<IResult> OpenAsync(Guid id, Actor actor, CancellationToken cancel)
    {
        if (await make.FindAsync(id, cancel) is not { } referral) return ErrorCatalogue.NotFound.Problem();
        var opened = await desk.OpenAsync(referral, UseAct.Open, Logged.By(actor, "referral.openScan"), cancel);
        if (opened.Record is null) return Refusals.Page(opened.Reasons);
        if (await database.ConsentScans.AsNoTracking().SingleOrDefaultAsync(one => one.ReferralId == referral.Id, cancel) is not { } scan || households.Open(referral.Id, scan.Content) is not { } content) return ErrorCatalogue.NotFound.Problem();
        return Results.Bytes(content, scan.Type, $"toestemming{scan.Type switch { "application/pdf" => ".pdf", "image/png" => ".png", _ => ".jpg" }}");
    }
}
