using Bereik.Fuzz.Tests.Mutating;

namespace Bereik.Fuzz.Tests.Parsing;

// What became of an input: accepted, or the code of its refusal. An accepted value that has one written form says what it writes to.
internal readonly record struct Verdict(string Code, byte[]? Written = null)
{
    public const string Accepted = "accepted";

    public static Verdict Of(string? error, Func<byte[]>? write = null) => error is null ? new(Accepted, write?.Invoke()) : new(error);
}

// A parser of foreign bytes. It refuses with a result; whatever it throws is a fault.
internal sealed record ForeignParser
{
    // Also the folder of its corpus.
    public required string Name { get; init; }

    public required Shape Shape { get; init; }

    public required Func<byte[], Verdict> Read { get; init; }

    // Codes of the outermost check: an input that ends there says little about what lies behind. A code with this beginning counts too.
    public required IReadOnlyList<string> FirstChecks { get; init; }

    public IReadOnlyList<Part> Parts { get; init; } = [];

    // What reading one input may allocate: so much in any case, and so much for each of its bytes.
    public int MostBytesBesides { get; init; } = 512 * 1024;

    public int MostBytesPerByte { get; init; } = 64;

    public bool IsPastTheFirst(string code) => !FirstChecks.Any(first => code == first || (first.EndsWith('*') && code.StartsWith(first[..^1], StringComparison.Ordinal)));

    public override string ToString() => Name;
}
