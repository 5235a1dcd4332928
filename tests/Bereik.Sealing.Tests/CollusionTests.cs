using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Oprf;
using Bereik.Sealing.Persons;
using Bereik.Sealing.Pseudonyms;
using Shouldly;
using Xunit;

namespace Bereik.Sealing.Tests;

// docs/threat-model.md, "Two parties together": each coalition with what it holds, trying every number there is. What it finds is what the table says, no less and no more.
public sealed class CollusionTests : IDisposable
{
    private const string Epoch = "2026Q4";
    private static readonly Insz[] Everybody = [.. Enumerable.Range(1, 24).Select(Number)];
    private static readonly Insz[] Clients = Everybody[..8];
    private static readonly Insz[] Register = Everybody[4..16];
    private static readonly Bytes32 Context = Bytes32.Sha256("order"u8);
    private readonly OprfServer pseudonymiser = OprfServer.Generate();
    private readonly TokenKey source = TokenKey.Generate();
    private readonly TokenKey local = TokenKey.Generate();
    private readonly TokenKey otherLocal = TokenKey.Generate();

    public void Dispose()
    {
        pseudonymiser.Dispose();
        source.Dispose();
        local.Dispose();
        otherLocal.Dispose();
    }

    [Fact]
    public void Hub_Alone_FindsNobodyAndLinksNoTwoOrders()
    {
        var (one, other) = (HubSees(Context), HubSees(Bytes32.Sha256("another order"u8)));
        one.Clients.Overlaps(other.Clients).ShouldBeFalse();
        one.Rows.Overlaps(other.Rows).ShouldBeFalse();

        // Within one order it compares, which is its work.
        one.Rows.Count(one.Clients.Contains).ShouldBe(4);
    }

    [Fact]
    public void HubAndPseudonymiser_TryingEveryNumber_FindNobody()
    {
        // They can make everybody's base, and no pair: every key of their own gives another one.
        var (clients, rows) = HubSees(Context);
        using var own = TokenKey.Generate();
        foreach (var peer in new[] { source.PublicKey, local.PublicKey, own.PublicKey })
        {
            using var pair = Pair.Derive(own, peer);
            Find(pair, clients).ShouldBeEmpty();
            Find(pair, rows).ShouldBeEmpty();
        }
    }

    // Inherent in a hub that computes the match: this is why the two have different operators, and why the hub deletes the tokens at once.
    [Fact]
    public void HubAndSource_TryingEveryNumber_FindWhomTheOcmwKnows()
    {
        using var pair = Pair.Derive(source, local.PublicKey);
        Find(pair, HubSees(Context).Clients).ShouldBe(Clients);
    }

    [Fact]
    public void HubAndLocal_TryingEveryNumber_FindWhoIsInTheRegister()
    {
        using var pair = Pair.Derive(local, source.PublicKey);
        Find(pair, HubSees(Context).Rows).ShouldBe(Register);
    }

    // Without an edge there is no pair, whoever else joins.
    [Fact]
    public void HubAndAnotherLocal_TryingEveryNumber_FindNobody()
    {
        using var pair = Pair.Derive(otherLocal, source.PublicKey);
        Find(pair, HubSees(Context).Clients).ShouldBeEmpty();
        Find(pair, HubSees(Context).Rows).ShouldBeEmpty();
    }

    [Fact]
    public void TwoLocals_WhoCompareTokens_ShareNone()
    {
        using Pair one = Pair.Derive(local, source.PublicKey), two = Pair.Derive(otherLocal, source.PublicKey);
        Tokens(one, Context, Everybody).Overlaps(Tokens(two, Context, Everybody)).ShouldBeFalse();
    }

    // Blinding hides a number from whoever holds the key, also when the other edge tells every number that it has.
    [Fact]
    public void SourceAndPseudonymiser_WhoKnowEveryNumber_CannotTellWhichOnesTheLocalNodeAskedFor()
    {
        var asked = Points(Clients);
        var known = new HashSet<string>(Points(Everybody));
        foreach (var number in Everybody)
        {
            var bytes = new byte[11];
            number.RevealTo(bytes);
            var element = new byte[32];
            OprfSuite.HashToGroup(element, bytes);
            known.Add(Convert.ToHexString(element));
            known.Add(Convert.ToHexString(pseudonymiser.Evaluate(element).Value.Evaluated));
        }

        known.Overlaps(asked).ShouldBeFalse();
        asked.Count.ShouldBe(Points(Everybody).Count, "The batch says nothing of how many.");
    }

    [Fact]
    public void LocalAndPseudonymiser_TryingEveryNumber_LearnNoTokenOfAnotherPair()
    {
        using Pair own = Pair.Derive(otherLocal, source.PublicKey), others = Pair.Derive(local, source.PublicKey);
        Find(own, Tokens(others, Context, Clients)).ShouldBeEmpty();
    }

    private (HashSet<Token> Clients, HashSet<Token> Rows) HubSees(Bytes32 context)
    {
        using Pair atLocal = Pair.Derive(local, source.PublicKey), atSource = Pair.Derive(source, local.PublicKey);
        return ([.. Tokens(atLocal, context, Clients), Token.Random()], [.. Tokens(atSource, context, Register), Token.Random()]);
    }

    private Insz[] Find(Pair pair, IReadOnlySet<Token> among) => [.. Everybody.Where(number => Tokens(pair, Context, [number]).All(among.Contains))];

    private HashSet<Token> Tokens(Pair pair, Bytes32 context, Insz[] numbers)
    {
        using var tokens = new TokenMaker(pair, context);
        return [.. Bases(numbers).Select(tokens.Token)];
    }

    private IReadOnlyList<PseudonymBase> Bases(Insz[] numbers)
    {
        using var batch = BlindedBatch.Of(numbers);
        var evaluated = pseudonymiser.Evaluate(batch.Request.Blinded).Value;
        return batch.Finish(new EvaluateResponse(evaluated.Evaluated, evaluated.Proof, pseudonymiser.PublicKey.ToArray(), Epoch), pseudonymiser.PublicKey, Epoch).Value;
    }

    private static List<string> Points(Insz[] numbers)
    {
        using var batch = BlindedBatch.Of(numbers);
        return [.. batch.Request.Blinded.Chunk(32).Select(Convert.ToHexString)];
    }

    private static Insz Number(int index)
    {
        var nine = 856_101_000L + index;
        return Insz.Parse($"{nine:D9}{97 - (nine % 97):D2}", InszRules.WithSynthetic);
    }
}
