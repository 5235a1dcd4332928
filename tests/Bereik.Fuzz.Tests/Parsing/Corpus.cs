using Bereik.Exchange.Contracts;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Signatures;
using Bereik.Ledger;

namespace Bereik.Fuzz.Tests.Parsing;

// The valid inputs of every parser, and the keys that they were made with. All of it is made up: no person, and no key that is used anywhere.
internal static class Corpus
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "corpus");

    public static SigningKey Signing { get; } = SigningKey.FromJwk(Key("signing.jwk")).Value;

    public static SealingKey Sealing { get; } = SealingKey.FromJwk(Key("sealing.jwk")).Value;

    public static TokenKey Token { get; } = TokenKey.FromJwk(Key("token.jwk")).Value;

    public static TokenKey OtherToken { get; } = TokenKey.FromJwk(Key("other-token.jwk")).Value;

    public static NoteVerifier Log { get; } = NoteVerifier.TryParse(Key("log.vkey"), out var log) ? log : throw new InvalidDataException("log.vkey");

    public static NoteVerifier Witness { get; } = NoteVerifier.TryParse(Key("witness.vkey"), out var witness) ? witness : throw new InvalidDataException("witness.vkey");

    public static SignedDocument<ListOrder> Order(string flow) => SignedDocument.Parse<ListOrder>(Key($"order-{flow}.jws")).Value;

    public static IReadOnlyList<byte[]> Of(string parser) => [.. Files(parser).Select(File.ReadAllBytes)];

    public static IEnumerable<string> Files(string parser) => Directory.EnumerateFiles(Path.Combine(Folder, parser)).Order(StringComparer.Ordinal);

    public static string Key(string file) => File.ReadAllText(Path.Combine(Folder, "keys", file));
}
