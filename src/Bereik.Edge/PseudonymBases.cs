using System.Security.Cryptography;
using Bereik.Domain;
using Bereik.Sealing.Persons;
using Bereik.Sealing.Pseudonyms;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Bereik.Edge;

/// <summary>Reads the bases of one epoch from the node's store, one number at a time. Not for several threads.</summary>
public sealed class PseudonymBases : IAsyncDisposable
{
    private readonly AsyncServiceScope scope;
    private readonly StoreKey storeKey;
    private readonly string epoch;
    private readonly SqliteCommand find;
    private readonly SqliteParameter number;

    internal PseudonymBases(AsyncServiceScope scope, SqliteConnection connection, StoreKey storeKey, Epoch epoch)
    {
        this.scope = scope;
        this.storeKey = storeKey;
        this.epoch = epoch.ToString();
        find = connection.CreateCommand();
        find.CommandText = "SELECT sealed FROM pseudonym_base WHERE epoch = $epoch AND number = $number";
        find.Parameters.AddWithValue("$epoch", this.epoch);
        number = find.Parameters.Add("$number", SqliteType.Text);
    }

    /// <summary>The base of a number that <see cref="PseudonymService.EnsureAsync"/> was given.</summary>
    /// <param name="insz">The number.</param>
    /// <returns>The base; the caller disposes it.</returns>
    /// <exception cref="InvalidOperationException">The number was never evaluated.</exception>
    public PseudonymBase Of(Insz insz) => Find(insz.Reveal()) ?? throw new InvalidOperationException("A number has no base in this epoch.");

    /// <summary>The base of the agreement input.</summary>
    /// <returns>The base; the caller disposes it.</returns>
    /// <exception cref="InvalidOperationException">It was never evaluated.</exception>
    public PseudonymBase OfAgreement() => Find("agreement") ?? throw new InvalidOperationException("The agreement input has no base in this epoch.");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await find.DisposeAsync();
        await scope.DisposeAsync();
    }

    internal bool HasAgreement()
    {
        using var agreement = Find("agreement");
        return agreement is not null;
    }

    private PseudonymBase? Find(string name)
    {
        number.Value = name;
        if (find.ExecuteScalar() is not byte[] value) return null;
        var bytes = storeKey.Open(value, PseudonymService.BoundTo(epoch, name));
        var found = PseudonymBase.Import(bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return found;
    }
}
