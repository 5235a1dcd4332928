using Bereik.Ledger;
using Bereik.Node.Errors;

namespace Bereik.Hub.Log;

// The log as static files (C2SP tlog-tiles), for whoever wants to read along. A cache or an object store may stand before it.
internal static class LogFiles
{
    // GET /log/checkpoint
    public static async Task<IResult> CheckpointAsync(HttpResponse response, HubLog log, CancellationToken cancel)
    {
        if (await new FolderLog(log.Folder).ReadAsync("checkpoint", cancel) is not { } bytes) return ErrorCatalogue.NotFound.Problem();
        response.Headers.CacheControl = "no-cache";
        return Results.Bytes(bytes, "text/plain; charset=utf-8");
    }

    // GET /log/tile/...: tiles and entry bundles, which never change.
    public static IResult Tile(string? rest, HttpResponse response, HubLog log)
    {
        // SECURITY: only the one canonical form of a path reaches the disk, which holds nothing but digits, 'x', '.p' and slashes.
        if (!TilePath.TryParse($"tile/{rest}", out var path)) return ErrorCatalogue.NotFound.Problem();
        var file = Path.Combine(log.Folder, path.ToString());
        if (!File.Exists(file)) return ErrorCatalogue.NotFound.Problem();
        response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return Results.File(file, "application/octet-stream");
    }
}
