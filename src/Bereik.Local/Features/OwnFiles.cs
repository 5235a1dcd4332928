using Bereik.Domain;
using Bereik.Local.Files;
using Bereik.Local.Pages;
using Bereik.Local.Storage;
using Bereik.Node.Api;
using Bereik.Node.Errors;
using Bereik.Node.Registers;
using Bereik.Node.Ui;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Features;

// The organisation's own people: what is compared now, a new file with its counts, and a yes before it replaces the old one.
internal static class OwnFiles
{
    public static readonly ApiOperation Listed = new("listFiles", "The organisation's own files in use")
    {
        Description = "One at the most, so there is one page.",
        Answers = [ApiAnswer.Json(200, "The files.", new Page<FileTold>([new FileTold("known", 139, [new ErrorTold(17, "insz", "insz.checkDigits")])]))],
    };

    public static readonly ApiOperation Taken = new("offerFile", "Bring the organisation's own file")
    {
        Description = "The same CSV as on the page. It is offered: a person says yes on the page before it replaces the present one. Rows that cannot be used are told with row and column; the others are kept. A file with a column `purpose`, `protocol` or `clause`, as an exported list has them, is refused as a whole: its rows were received for another purpose, and nothing of it is kept.",
        Takes = ApiBody.Text("text/csv", "insz;opened;closed;linked\n84661200125;2026-01-05;;\n"),
        Answers = [ApiAnswer.Json(202, "It is read and waits for a yes.", new FileTaken("known", 139, 1, [new ErrorTold(17, "insz", "insz.checkDigits")]))],
        Errors = [ErrorCatalogue.TooLarge, ErrorCatalogue.FileRefused],
    };

    private const int ErrorsShown = 200;

    public static async Task<IResult> ShowAsync(HttpContext context, LocalDatabase database, LocalSettings settings, CancellationToken cancel) =>
        UiSetup.Page<FilesPage>(new { Model = await ViewAsync(database, settings, null, context.Request.Query.ContainsKey("gebruikt"), cancel) });

    public static async Task<IResult> UploadAsync(HttpContext context, LocalDatabase database, LocalSettings settings, PersonFileStore store, ProtocolRegister register, TimeProvider clock, CancellationToken cancel)
    {
        var form = await context.Request.ReadFormAsync(cancel);
        if (form.Files.GetFile("bestand") is not { Length: > 0 } file) return await AgainAsync("file.empty", []);
        await using var stream = file.OpenReadStream();
        var (offered, count) = await store.OfferAsync(stream, clock.GetUtcNow(), cancel);
        if (offered is not null) return Results.LocalRedirect("/gegevens");

        // The clause in the words of the text that the file names, as far as this node has it.
        var text = count.Origin is { } origin ? (await register.ViewAsync(cancel)).Texts.FirstOrDefault(origin.Names) : null;
        return await AgainAsync(count.Errors[0].Code, [.. Against(count).Select(reason => Refusals.View(reason, text))]);

        async Task<IResult> AgainAsync(string code, IReadOnlyList<ReasonView> refused) =>
            UiSetup.Page<FilesPage>(new { Model = (await ViewAsync(database, settings, code, false, cancel)) with { Refused = refused } }, StatusCodes.Status422UnprocessableEntity);
    }

    // Purpose travels with every row: what came for one cannot come in for another.
    private static IReadOnlyList<Domain.Reason> Against(FileCount count) => count.Origin is null ? [] : [Reasons.PurposeNotGranted];

    // POST /v1/files: the same file as on the page, its CSV as the body. It is offered: a person says yes before it replaces the present one.
    public static async Task<IResult> TakeAsync(HttpRequest request, LocalSettings settings, PersonFileStore store, TimeProvider clock, CancellationToken cancel)
    {
        // Read twice: first for its form, then row by row.
        request.EnableBuffering();
        await request.Body.DrainAsync(cancel);
        request.Body.Position = 0;
        var (offered, count) = await store.OfferAsync(request.Body, clock.GetUtcNow(), cancel);
        if (offered is null) return ErrorCatalogue.FileRefused.Problem(cause: count.Errors[0].Code, reasons: Against(count));
        return Results.Json(new FileTaken(settings.FileKind, count.Accepted, count.Rejected, [.. count.Errors.Select(error => new ErrorTold(error.Row, error.Column, error.Code))]), statusCode: StatusCodes.Status202Accepted);
    }

    public static async Task<IResult> UseAsync(long id, PersonFileStore store, CancellationToken cancel) =>
        await store.UseAsync(id, cancel) ? Results.LocalRedirect("/gegevens?gebruikt") : ErrorCatalogue.NotFound.Problem();

    public static async Task<IResult> DropAsync(long id, PersonFileStore store, CancellationToken cancel)
    {
        await store.DropAsync(id, cancel);
        return Results.LocalRedirect("/gegevens");
    }

    public static async Task<IResult> TellAsync(LocalDatabase database, CancellationToken cancel)
    {
        var told = new List<FileTold>();
        foreach (var file in await database.Files.AsNoTracking().Where(file => file.State == "current").ToListAsync(cancel))
        {
            var errors = await database.FileErrors.AsNoTracking().Where(error => error.FileId == file.Id).OrderBy(error => error.Id).ToListAsync(cancel);
            told.Add(new FileTold(file.Kind, file.Accepted, [.. errors.Select(error => new ErrorTold(error.RowNumber, error.ColumnName, error.Code))]));
        }

        return Results.Json(new Page<FileTold>(told));
    }

    private static async Task<FilesView> ViewAsync(LocalDatabase database, LocalSettings settings, string? error, bool used, CancellationToken cancel) =>
        new(settings.FileKind == "known", await FileAsync(database, settings, "current", cancel), await FileAsync(database, settings, "offered", cancel), error, used);

    private static async Task<FileView?> FileAsync(LocalDatabase database, LocalSettings settings, string state, CancellationToken cancel)
    {
        if (await database.Files.AsNoTracking().SingleOrDefaultAsync(one => one.State == state && one.Kind == settings.FileKind, cancel) is not { } file) return null;
        var errors = database.FileErrors.AsNoTracking().Where(one => one.FileId == file.Id);
        var shown = await errors.OrderBy(one => one.Id).Take(ErrorsShown).ToListAsync(cancel);
        return new FileView(file.Id, file.Accepted, file.Rejected, file.At, [.. shown.Select(one => new FileErrorView(one.RowNumber, one.ColumnName, one.Code))], await errors.CountAsync(cancel));
    }
}

/// <summary>A file of the organisation's own people that is in use.</summary>
/// <param name="Kind"><c>known</c> or <c>residents</c>.</param>
/// <param name="Accepted">How many rows were taken.</param>
/// <param name="Errors">The rows that were not.</param>
internal sealed record FileTold(string Kind, int Accepted, IReadOnlyList<ErrorTold> Errors);

/// <summary>A row that was not taken.</summary>
/// <param name="Row">Its number in the file.</param>
/// <param name="Column">The column.</param>
/// <param name="Code">Stable code; never what was read.</param>
internal sealed record ErrorTold(int Row, string Column, string Code);

/// <summary>A file that was read.</summary>
/// <param name="Kind"><c>known</c> or <c>residents</c>.</param>
/// <param name="Accepted">How many rows can be used.</param>
/// <param name="Rejected">How many cannot.</param>
/// <param name="Errors">What is wrong with those.</param>
internal sealed record FileTaken(string Kind, int Accepted, int Rejected, IReadOnlyList<ErrorTold> Errors);
