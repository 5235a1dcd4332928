using System.Runtime.CompilerServices;
using Bereik.Domain;
using Bereik.Edge;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Envelopes;
using Bereik.Exchange.Signatures;
using Bereik.Local.Files;
using Bereik.Local.Storage;
using Bereik.Sealing.Persons;
using Bereik.Sealing.Pseudonyms;

namespace Bereik.Local.Orders;

/// <summary>The tokens of one list: made for the token set, and again when the package is opened.</summary>
internal sealed class ExchangeTokens(OwnPeople people, LocalSettings settings, PseudonymService pseudonyms, EdgeKeys keys)
{
    public static Epoch EpochOf(ListOrder order) => Epoch.TryParse(order.Epoch, out var epoch) ? epoch : throw new InvalidDataException("A stored order has no epoch.");

    /// <summary>The maker of this exchange's tokens; the caller disposes it.</summary>
    public TokenMaker Maker(OrderedList list, Bytes32 context)
    {
        using var pair = keys.PairWith(list.Source) ?? throw new InvalidOperationException("No token key of the source is pinned.");
        return new TokenMaker(pair, context);
    }

    /// <summary>Has every number evaluated that the store has no base of yet.</summary>
    public Task EnsureAsync(SignedDocument<ListOrder> order, DateOnly day, Action<long> progress, CancellationToken cancel) =>
        pseudonyms.EnsureAsync(NumbersAsync(day, cancel), EpochOf(order.Document), progress, cancel);

    /// <summary>Each own token, with the number under which the organisation has the person.</summary>
    public async Task<Dictionary<Token, string>> OwnAsync(SignedDocument<ListOrder> order, TokenMaker maker, DateOnly day, CancellationToken cancel)
    {
        var tokens = new Dictionary<Token, string>();
        await using var bases = await pseudonyms.OpenAsync(EpochOf(order.Document), cancel);
        await foreach (var (number, own) in people.NumbersAsync(day, cancel))
        {
            using var one = bases.Of(Insz.Parse(number, settings.InszRules));
            tokens[maker.Token(one)] = own;
        }

        return tokens;
    }

    public async Task<PseudonymBase> AgreementAsync(SignedDocument<ListOrder> order, CancellationToken cancel)
    {
        await using var bases = await pseudonyms.OpenAsync(EpochOf(order.Document), cancel);
        return bases.OfAgreement();
    }

    /// <summary>Writes the token set to a file that is whole or absent.</summary>
    public static async Task WriteAsync(string file, TokenMaker maker, PseudonymBase agreement, IEnumerable<Token> own, CheckChoice choice, int band, CancellationToken cancel)
    {
        var part = file + ".part";
        await using (var output = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16, useAsync: true))
        {
            await TokenSet.WriteAsync(output, maker.AgreementToken(agreement), own.Concat(choice.ChosenTokens(maker)), band, cancel);
            output.Flush(flushToDisk: true);
        }

        File.Move(part, file, overwrite: true);
    }

    private async IAsyncEnumerable<Insz> NumbersAsync(DateOnly day, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var (number, _) in people.NumbersAsync(day, cancel)) yield return Insz.Parse(number, settings.InszRules);
    }
}

// Where the files of an exchange lie.
internal static class ExchangeFiles
{
    public static string Tokens(LocalSettings settings, string id) => Path.Combine(settings.ExchangeFolder, $"{id}.tokens");

    public static string Package(LocalSettings settings, string id) => Path.Combine(settings.ExchangeFolder, $"{id}.package");

    public static void Delete(LocalSettings settings, string id)
    {
        foreach (var file in new[] { Tokens(settings, id), Package(settings, id) })
        {
            File.Delete(file);
            File.Delete(file + ".part");
        }
    }
}
