using System.Net;
using Bereik.Ledger;

namespace Bereik.Cli.Verify;

/// <summary>Where a log is read from, as <c>--log</c> names it: a folder or an address.</summary>
internal sealed class LogPlace : IDisposable
{
    private readonly HttpClient? http;

    private LogPlace(ILogSource source, HttpClient? http) => (Source, this.http) = (source, http);

    /// <summary>Its files.</summary>
    public ILogSource Source { get; }

    /// <summary>Opens a log; it is not read yet.</summary>
    /// <param name="text">A folder that holds <c>checkpoint</c> or <c>log/checkpoint</c>, or the address of a hub or of its log.</param>
    /// <returns>Null when it is neither: an address is https, or on this machine.</returns>
    public static LogPlace? TryOpen(string text)
    {
        if (text.Contains("://", StringComparison.Ordinal))
        {
            if (AddressOf(text) is not { } address) return null;
            var path = address.AbsolutePath.TrimEnd('/');
            var prefix = new Uri(address, path.EndsWith("/log", StringComparison.Ordinal) ? $"{path}/" : $"{path}/log/");
            var http = ClientOf(address);
            return new LogPlace(new HttpLog(http, prefix), http);
        }

        if (!Directory.Exists(text)) return null;
        string[] folders = [text, Path.Combine(text, "log"), Path.Combine(text, "data", "log"), Path.Combine(text, "hub", "data", "log")];
        return new LogPlace(new FolderLog(folders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "checkpoint"))) ?? text), null);
    }

    /// <summary>An address that this command speaks with: https, or http on this machine; without a user, a query or a fragment.</summary>
    public static Uri? AddressOf(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.UserInfo.Length == 0 && address.Query.Length == 0 && address.Fragment.Length == 0
            && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)) ? address : null;

    /// <summary>A client that goes nowhere else than where it is sent.</summary>
    /// <param name="address">Where to.</param>
    /// <param name="cookies">Keeps cookies; null keeps none.</param>
    public static HttpClient ClientOf(Uri address, CookieContainer? cookies = null)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = !address.IsLoopback, UseCookies = cookies is not null };
        if (cookies is not null) handler.CookieContainer = cookies;
        return new HttpClient(handler) { Timeout = TimeSpan.FromMinutes(1) };
    }

    public void Dispose() => http?.Dispose();
}
