using System.Text;
using Bereik.Exchange;
using Bereik.Exchange.Keys;
using Bereik.Fuzz.Tests.Mutating;
using Bereik.Pseudonymiser;

namespace Bereik.Fuzz.Tests.Parsing;

// Key files, private and public.
internal static class KeyParsers
{
    public static IReadOnlyList<ForeignParser> All { get; } =
    [
        new() { Name = "jwk-private", Shape = Shape.Json, Read = Private, FirstChecks = ["jwk.json"] },
        new() { Name = "jwk-public", Shape = Shape.Json, Read = Public, FirstChecks = ["jwk.json"] },
        new() { Name = "epoch-key", Shape = Shape.Json, Read = Epoch, FirstChecks = ["epochKey.json"] },
    ];

    private static Verdict Private(byte[] input)
    {
        if (!SigningKey.FromJwk(Encoding.UTF8.GetString(input)).TryGet(out var key, out var wrong)) return new Verdict(wrong.Code);
        using (key) return Same(SigningKey.FromJwk(key.ExportJwk()), key.Kid, again => again.Kid);
    }

    private static Verdict Public(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        if (!SigningPublicKey.FromJwk(text).TryGet(out var key, out var wrong)) return new Verdict(SealingPublicKey.FromJwk(text).TryGet(out _, out _) ? Verdict.Accepted : wrong.Code);
        return Same(SigningPublicKey.FromJwk(key.ToJwk()), key.Kid, again => again.Kid);
    }

    private static Verdict Epoch(byte[] input)
    {
        if (!EpochKey.Read(Encoding.UTF8.GetString(input)).TryGet(out var key, out var wrong)) return new Verdict(wrong.Code);
        key.Dispose();
        return new Verdict(Verdict.Accepted);
    }

    private static Verdict Same<T>(Parsed<T> again, string kid, Func<T, string> kidOf)
        where T : class => again.IsOk && kidOf(again.Value) == kid ? new Verdict(Verdict.Accepted) : throw new InvalidDataException("A key writes to another one.");
}
