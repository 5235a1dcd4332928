using System.Net;

namespace Bereik.Ledger;

/// <summary>Where the static files of a log are read from, by their path under the log's prefix: <c>checkpoint</c>, <c>tile/0/000.p/5</c>.</summary>
public interface ILogSource
{
    /// <summary>The bytes of a file.</summary>
    /// <param name="path">Path without a leading slash.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>Null when there is no such file.</returns>
    /// <exception cref="IOException">It is there, and cannot be read.</exception>
    /// <exception cref="HttpRequestException">Nobody answers, or not now.</exception>
    Task<byte[]?> ReadAsync(string path, CancellationToken cancel);
}

/// <summary>A log in a folder.</summary>
/// <param name="folder">The folder that holds <c>checkpoint</c> and <c>tile</c>.</param>
public sealed class FolderLog(string folder) : ILogSource
{
    /// <inheritdoc/>
    public async Task<byte[]?> ReadAsync(string path, CancellationToken cancel)
    {
        try
        {
            return await File.ReadAllBytesAsync(Path.Combine(folder, path), cancel);
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}

/// <summary>A log over HTTP.</summary>
/// <param name="http">One for the process.</param>
/// <param name="prefix">The log's prefix, such as <c>https://hub.example/log/</c>, with its last slash.</param>
public sealed class HttpLog(HttpClient http, Uri prefix) : ILogSource
{
    // The largest file is a full bundle of the longest entries.
    private const long MostBytes = TilePath.FullWidth * (EntryBundle.LongestEntry + 2L);

    /// <inheritdoc/>
    public async Task<byte[]?> ReadAsync(string path, CancellationToken cancel)
    {
        using var response = await http.GetAsync(new Uri(prefix, path), HttpCompletionOption.ResponseHeadersRead, cancel);
        if (response.StatusCode == HttpStatusCode.NotFound) return null;
        response.EnsureSuccessStatusCode();
        await response.Content.LoadIntoBufferAsync(MostBytes, cancel);
        return await response.Content.ReadAsByteArrayAsync(cancel);
    }
}

/// <summary>What a log shows does not hold together.</summary>
/// <param name="code">A stable code, such as <c>log.tileMissing</c>.</param>
/// <param name="place">The path or entry that is wrong; never a value that was read.</param>
public sealed class LogBrokenException(string code, string place) : Exception($"{code}: {place}")
{
    /// <summary>A stable code.</summary>
    public string Code { get; } = code;

    /// <summary>Where.</summary>
    public string Place { get; } = place;
}
