using Bereik.Domain;
using Bereik.Edge;
using Bereik.Exchange.Contracts;
using Bereik.Node.Requests;
using Bereik.Sealing.Persons;
using Shouldly;
using Xunit;

namespace Bereik.Local.Tests;

// What an edge has of the pseudonymiser: asked once a number, in full batches, believed with a proof only, and destroyed with its epoch.
public sealed class PseudonymTests
{
    private static readonly Epoch Present = Epoch.At(new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero));
    private static readonly Epoch Past = new(2026, 3);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Numbers_AskedAgain_AreNotSentAgain()
    {
        await using var local = await TestLocal.StartAsync();
        var pseudonyms = local.Service<PseudonymService>();
        var told = 0L;
        await pseudonyms.EnsureAsync(Numbers(10, 5), Present, _ => { }, Cancel);
        var first = local.Other.Evaluations.ToList();
        await pseudonyms.EnsureAsync(Numbers(10, 5), Present, done => told = done, Cancel);
        local.Other.Evaluations.ToList().ShouldBe(first);
        told.ShouldBe(5);
        await pseudonyms.EnsureAsync(Numbers(12, 5), Present, _ => { }, Cancel);
        local.Other.Evaluations.Count.ShouldBe(first.Count + 1);
    }

    // The pseudonymiser sees how many batches come, not how many numbers are in the last.
    [Fact]
    public async Task Batches_HoweverFewNumbers_AreFull()
    {
        await using var local = await TestLocal.StartAsync();
        await local.Service<PseudonymService>().EnsureAsync(Numbers(10, 300), Present, _ => { }, Cancel);
        local.Other.Evaluations.ShouldAllBe(count => count == 256);
        local.Other.Evaluations.Count.ShouldBe(3, "two batches of numbers and one of the agreement");
    }

    [Fact]
    public async Task Bases_OfTheSameNumber_AreTheSame_AndOfAnotherNumberAnother()
    {
        await using var local = await TestLocal.StartAsync();
        var pseudonyms = local.Service<PseudonymService>();
        await pseudonyms.EnsureAsync(Numbers(10, 2), Present, _ => { }, Cancel);
        await using var bases = await pseudonyms.OpenAsync(Present, Cancel);
        Export(bases, 10).ShouldBe(Export(bases, 10));
        Export(bases, 10).ShouldNotBe(Export(bases, 11));
        Should.Throw<InvalidOperationException>(() => bases.Of(Number(700))).Message.ShouldBe("A number has no base in this epoch.");
        local.Holds(Convert.ToHexString(Export(bases, 10))).ShouldBeFalse();
    }

    public static TheoryData<string, Func<EvaluateResponse, EvaluateResponse>> Spoils => new()
    {
        { "evaluate.proof", answer => answer with { Proof = [.. answer.Proof[..31], (byte)(answer.Proof[31] ^ 1), .. answer.Proof[32..]] } },
        { "evaluate.proof", answer => answer with { Evaluated = [.. answer.Evaluated[32..], .. answer.Evaluated[..32]] } },
        { "evaluate.publicKey", answer => answer with { PublicKey = answer.Evaluated[..32] } },
        { "evaluate.epoch", answer => answer with { Epoch = Past.ToString() } },
        { "evaluate.batch", answer => answer with { Evaluated = answer.Evaluated[32..] } },
        { "evaluate.point", answer => answer with { Evaluated = [.. new byte[32], .. answer.Evaluated[32..]] } },
    };

    [Theory]
    [MemberData(nameof(Spoils), DisableDiscoveryEnumeration = true)]
    public async Task Answer_ThatDoesNotHold_IsRefusedAndNothingOfItKept(string code, Func<EvaluateResponse, EvaluateResponse> spoil)
    {
        await using var local = await TestLocal.StartAsync();
        local.Other.Spoil = spoil;
        var refused = await Should.ThrowAsync<PeerRefusedException>(local.Service<PseudonymService>().EnsureAsync(Numbers(10, 3), Present, _ => { }, Cancel));
        refused.Code.ShouldBe(code);
        local.Query("SELECT count(*) FROM pseudonym_base").ShouldBe(["0"]);
    }

    [Fact]
    public async Task Epoch_OtherThanThePresent_IsRefused()
    {
        await using var local = await TestLocal.StartAsync();
        var pseudonyms = local.Service<PseudonymService>();
        (await Should.ThrowAsync<PeerRefusedException>(pseudonyms.EnsureAsync(Numbers(10, 1), Past, _ => { }, Cancel))).Code.ShouldBe("epoch.over");
        (await Should.ThrowAsync<PeerRefusedException>(pseudonyms.OpenAsync(Past, Cancel))).Code.ShouldBe("epoch.over");
        local.Other.Evaluations.ShouldBeEmpty();
    }

    [Fact]
    public async Task Bases_OfAPastEpoch_AreDestroyed_AndThoseOfThePresentStay()
    {
        await using var local = await TestLocal.StartAsync();
        var pseudonyms = local.Service<PseudonymService>();
        await pseudonyms.EnsureAsync(Numbers(10, 3), Present, _ => { }, Cancel);
        (await pseudonyms.DestroyPastAsync(Cancel)).ShouldBe(0);
        local.Clock.Move(TimeSpan.FromDays(60));
        (await pseudonyms.DestroyPastAsync(Cancel)).ShouldBe(4);
        local.Query("SELECT count(*) FROM pseudonym_base").ShouldBe(["0"]);
        local.Holds(TestNumbers.Of(10)).ShouldBeFalse();
    }

    private static Insz Number(int index) => Insz.Parse(TestNumbers.Of(index), TestNumbers.Rules);

    private static async IAsyncEnumerable<Insz> Numbers(int first, int count)
    {
        foreach (var index in Enumerable.Range(first, count))
        {
            yield return Number(index);
            await Task.Yield();
        }
    }

    private static byte[] Export(PseudonymBases bases, int index)
    {
        using var found = bases.Of(Number(index));
        return found.Export();
    }
}
