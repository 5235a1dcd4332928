using System.Security.Cryptography;
using Bereik.Sealing.Pseudonyms;

namespace Bereik.Fuzz.Tests.Parsing;

// What the corpus was made with besides its keys: the time, the choice of check rows, the bases that stand for people.
internal static class CorpusFacts
{
    public const string Choice = "AAAAAP____8";
    public const int Band = 1;
    public const int PaddedSize = 16;
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    public static PseudonymBase Base(int person) => PseudonymBase.Import([.. Enumerable.Range(0, 64).Select(i => (byte)((i * 7) + person))]);

    public static AesGcm RecordKey() => new(SHA256.HashData("content key"u8), 16);
}
