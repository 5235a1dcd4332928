using System.Text;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Envelopes;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Signatures;
using Bereik.Sealing.Packages;
using Bereik.Sealing.Pseudonyms;

namespace Bereik.Sealing.Tests;

/// <summary>One exchange with both edges and a hub that does what the test tells it.</summary>
internal sealed class OneExchange : IDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);
    public readonly SigningKey SourceKey = SigningKey.Generate();
    public readonly SigningKey LocalKey = SigningKey.Generate();
    public readonly SealingKey RecipientKey = SealingKey.Generate();
    public readonly PseudonymBase Agreement = Base(-1);
    public readonly SignedDocument<ListOrder> Order;
    public readonly TokenMaker SourceTokens;
    public readonly TokenMaker LocalTokens;
    public readonly CheckChoice Choice = CheckChoice.Draw();
    public readonly string Flow;

    public OneExchange(string flow)
    {
        Flow = flow;
        Order = SignedDocument.Sign(NewOrder(flow), LocalKey);
        using TokenKey a = TokenKey.Generate(), b = TokenKey.Generate();
        SourceTokens = new TokenMaker(Pair.Derive(a, b.PublicKey), Order.Context);
        LocalTokens = new TokenMaker(Pair.Derive(b, a.PublicKey), Order.Context);
    }

    public void Dispose()
    {
        SourceTokens.Dispose();
        LocalTokens.Dispose();
        SourceKey.Dispose();
        LocalKey.Dispose();
        RecipientKey.Dispose();
        Agreement.Dispose();
    }

    public static ListOrder NewOrder(string flow) => new()
    {
        Id = Guid.NewGuid(),
        Nonce = Bytes32.Random(),
        Flow = flow,
        Protocol = "groeipakket-" + flow,
        ProtocolVersion = "1.0",
        ProtocolHash = Bytes32.Sha256("protocol"u8),
        Epoch = "2026Q4",
        Source = "opgroeien",
        Recipient = "ocmw-aalst",
        Nis = "41002",
        ReferenceMonth = "2026-10",
        KnownCount = 2,
        IssuedAt = Now.AddMinutes(-1),
        ExpiresAt = Now.AddDays(10),
    };

    public static PseudonymBase Base(int person) => PseudonymBase.Import(Enumerable.Range(0, 64).Select(i => (byte)(i * 7 + person)).ToArray());

    public async Task<List<string>> WriteAsync(int rows, Func<int, string>? json = null, SigningKey? key = null, SealingPublicKey? recipient = null)
    {
        using var output = new MemoryStream();
        var task = new EnvelopeTask
        {
            Order = Order, SourceKey = key ?? SourceKey, RecipientKey = recipient ?? RecipientKey.PublicKey, Tokens = SourceTokens,
            Agreement = Agreement, Band = 128, PaddedSize = 512, Now = Now,
        };
        await EnvelopeWriter.WriteAsync(task, rows,
            i => new SourceRow([SourceTokens.Token(Base(i))], Flow == "unknown" ? Encoding.UTF8.GetBytes(json?.Invoke(i) ?? $"{{\"n\":{i}}}") : default),
            output, Path.GetTempPath(), CancellationToken.None);
        return Encoding.ASCII.GetString(output.ToArray()).TrimEnd('\n').Split('\n').ToList();
    }

    public HashSet<Token> TokenSet(params int[] persons) => [.. persons.Select(p => LocalTokens.Token(Base(p))), .. Choice.ChosenTokens(LocalTokens)];

    /// <summary>What an honest hub delivers.</summary>
    public List<string> Deliver(List<string> envelope, HashSet<Token> set) =>
        [envelope[0], .. envelope.Skip(1).Where(line => RowLine.Read(Encoding.ASCII.GetBytes(line))!.Value.Tokens.Any(set.Contains) == (Flow == "match"))];

    public Task<Parsed<OpenedList>> OpenAsync(List<string> lines, Func<PackageTask, PackageTask>? change = null)
    {
        var task = new PackageTask
        {
            Order = Order, SourceKey = SourceKey.PublicKey, RecipientKey = RecipientKey, Tokens = LocalTokens, Agreement = Agreement,
            Choice = Choice, Band = 128, Epoch = "2026Q4", Now = Now,
        };
        return PackageOpener.OpenAsync(new MemoryStream(Encoding.ASCII.GetBytes(string.Join('\n', lines) + "\n")), change?.Invoke(task) ?? task, CancellationToken.None);
    }
}
