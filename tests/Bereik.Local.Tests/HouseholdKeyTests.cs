using System.Security.Cryptography;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Keys;
using Bereik.Local.Households;
using Microsoft.Data.Sqlite;
using Shouldly;
using Xunit;

namespace Bereik.Local.Tests;

/// <summary>Keys of households in real files: what a destroyed one opens, and what a kill or a copy of the folder brings back.</summary>
public sealed class HouseholdKeyTests : IDisposable
{
    private static readonly DateTimeOffset At = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);
    private readonly string folder = Directory.CreateTempSubdirectory("bereik-keys-").FullName;
    private readonly string block = NewId();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Block_OfAPackage_IsOneFileAndOpensEachUnderItsOwnKeyAlone()
    {
        var (ids, values) = Seal(3);
        KeyFiles().ShouldHaveSingleItem();
        new FileInfo(KeyFiles()[0]).Length.ShouldBe(3 * 48);
        KeyFile.IsOpenToOthers(KeyFiles()[0]).ShouldBeFalse();
        var keys = Keys();
        for (var i = 0; i < 3; i++) keys.Open(ids[i], values[i]).ShouldBe([(byte)i]);
        keys.OpenAll([(ids[2], values[2]), (ids[0], values[0])]).Select(one => one.Plain[0]).ShouldBe([(byte)2, (byte)0]);
        Should.Throw<CryptographicException>(() => keys.Open(ids[0], values[1]));
        Should.Throw<CryptographicException>(() => keys.Open(ids[0], values[0].AsSpan(0, 20)));
        values[1][^1] ^= 1;
        Should.Throw<CryptographicException>(() => keys.OpenAll([(ids[1], values[1])]));
        keys.Open(NewId(), values[0]).ShouldBeNull();
        Should.Throw<ArgumentException>(() => keys.Open("../node", values[0]));
    }

    [Fact]
    public void Destroyed_Key_OpensNothingNowOrLaterAndItsNeighbourStillDoes()
    {
        var (ids, values) = Seal(3);
        var before = File.ReadAllBytes(KeyFiles()[0]);
        var keys = Keys();
        keys.Destroy([ids[1]], ErasureCause.Objection, At);
        foreach (var one in new[] { keys, Keys() })
        {
            one.Open(ids[1], values[1]).ShouldBeNull();
            one.OpenAll([(ids[1], values[1]), (ids[2], values[2])]).Select(found => found.Id).ShouldBe([ids[2]]);
            one.FindDestroyed(ids[1]).ShouldBe(new DestroyedKey(ErasureCause.Objection, At));
            one.Ids().ShouldBe([ids[0], ids[2]], ignoreOrder: true);
            Should.Throw<InvalidOperationException>(() => one.Seal(ids[1], [1]));
            Should.Throw<InvalidOperationException>(() => one.SealAll(NewId(), [(ids[1], [1])]));
        }

        var after = File.ReadAllBytes(KeyFiles()[0]);
        after.AsSpan().IndexOf(before.AsSpan(48 + 16, 32)).ShouldBe(-1);
        after.AsSpan(0, 48).SequenceEqual(before.AsSpan(0, 48)).ShouldBeTrue();
        Keys().Destroy([ids[0], ids[2]], ErasureCause.Deadline, At);
        KeyFiles().ShouldBeEmpty();
    }

    [Fact]
    public void Destroyed_KeyThatComesBackWithACopyOfTheFolder_IsDestroyedAgainAtTheStart()
    {
        var (ids, values) = Seal(2);
        var (file, copy) = (KeyFiles()[0], File.ReadAllBytes(KeyFiles()[0]));
        Keys().Destroy([ids[0]], ErasureCause.Deadline, At);
        File.WriteAllBytes(file, copy);
        var keys = Keys();
        keys.Open(ids[0], values[0]).ShouldBeNull();
        keys.Open(ids[1], values[1]).ShouldBe([(byte)1]);
        File.ReadAllBytes(file).AsSpan().IndexOf(copy.AsSpan(16, 32)).ShouldBe(-1, "not in the file either");
        keys.Destroy([ids[1]], ErasureCause.Deadline, At);
        File.WriteAllBytes(file, copy);
        Keys().Ids().ShouldBeEmpty();
        KeyFiles().ShouldBeEmpty();
    }

    // Written down, and killed before a slot was overwritten.
    [Fact]
    public void Destruction_CutOffAfterItWasWrittenDown_IsFinishedAtTheStart_AndACutLineIsNone()
    {
        var (ids, values) = Seal(2);
        File.WriteAllText(Path.Combine(folder, "destroyed"), $"{ids[0]} OwnFile {At.ToUnixTimeSeconds()}\n{ids[1][..20]}");
        var keys = Keys();
        keys.Open(ids[0], values[0]).ShouldBeNull();
        keys.FindDestroyed(ids[0])!.Cause.ShouldBe(ErasureCause.OwnFile);
        keys.Open(ids[1], values[1]).ShouldBe([(byte)1]);
        keys.Destroy([ids[1]], ErasureCause.Withdrawn, At);
        Keys().FindDestroyed(ids[1])!.Cause.ShouldBe(ErasureCause.Withdrawn);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(100)]
    public void Block_CutOffWhileItWasWritten_IsMadeAnew(int length)
    {
        File.WriteAllBytes(Path.Combine(folder, $"{block}.key"), RandomNumberGenerator.GetBytes(length));
        Keys().Ids().Count.ShouldBe(length / 48);
        File.WriteAllBytes(Path.Combine(folder, $"{block}.key"), RandomNumberGenerator.GetBytes(length));
        var (ids, values) = Seal(2);
        Keys().Open(ids[1], values[1]).ShouldBe([(byte)1]);
        Keys().Ids().Count.ShouldBe(2);
    }

    [Fact]
    public void Certificate_OfAnotherShape_IsNotSigned()
    {
        using var key = SigningKey.Generate();
        var ids = new[] { Guid.NewGuid(), Guid.NewGuid() }.OrderBy(id => id.ToString("D"), StringComparer.Ordinal).ToList();
        var right = new ErasureCertificate { Id = Guid.NewGuid(), Organisation = "ocmw-aalst", Kind = ErasedKind.Household, Cause = ErasureCause.OwnFile, OtherFile = true, Due = new DateOnly(2026, 12, 21), Count = 2, Ids = ids, At = At };
        Exchange.Signatures.SignedDocument.Sign(right, key).IsSignedBy(key.PublicKey).ShouldBeTrue();
        foreach (var (wrong, field) in new (ErasureCertificate, string)[]
        {
            (right with { Id = Guid.Empty }, "id"), (right with { Organisation = "Aalst" }, "organisation"), (right with { Kind = (ErasedKind)9 }, "kind"), (right with { Cause = (ErasureCause)9 }, "cause"),
            (right with { OtherFile = null }, "otherFile"), (right with { OtherFile = false }, "otherFile"), (right with { Cause = ErasureCause.Deadline }, "otherFile"), (right with { Count = 1 }, "count"),
            (right with { Count = 0, Ids = [] }, "count"), (right with { Ids = [ids[1], ids[0]] }, "ids"), (right with { Ids = [ids[0], ids[0]] }, "ids"),
        })
        {
            wrong.FindError()!.Place.ShouldBe(field);
            Should.Throw<ArgumentException>(() => Exchange.Signatures.SignedDocument.Sign(wrong, key));
        }
    }

    // A store of before rows had keys: what cannot be read any more goes with its commitments, and nothing else does.
    [Fact]
    public void Store_OfBeforeKeys_LosesTheRowsThatLieInTheClear()
    {
        using var store = new SqliteConnection("Data Source=:memory:");
        store.Open();
        var steps = typeof(LocalSettings).Assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        var last = steps.FindIndex(name => name.Contains("0006_household_keys", StringComparison.Ordinal));
        last.ShouldBe(5);
        Run("CREATE TABLE colleague (subject TEXT, roles TEXT)");
        foreach (var step in steps.Take(last)) Migrate(step);
        Run("""
            INSERT INTO ordered_list (id, flow, protocol_id, protocol_version, protocol_hash, source, nis, reference_month, state, order_jws, offered, signed_by, asked_at, expires_at)
                VALUES ('l', 'unknown', 'p', '1', 'h', 'opgroeien', '41002', '2026-10', 'received', 'j', 1, 'Lies', 0, 0);
            INSERT INTO household (id, list_id, protocol_id, protocol_version, protocol_hash, clause, purpose, received_on, inform_by, delete_by, names, street, house_number, postcode, place, reference_month, street_key, search_key)
                VALUES ('r', 'l', 'p', '1', 'h', 'doel', 'outreach', '2026-11-23', '2026-12-21', '2027-02-21', 'An Peeters', 'Molenstraat', '1', '9300', 'Aalst', '2026-10', 'molenstraat', 'an peeters');
            INSERT INTO committed_person (row_id, person, list_id, slot, salt, given_names, family_name) VALUES ('r', 0, 'l', 3, zeroblob(32), 'An', 'Peeters'), ('resident', 0, 'l', 4, zeroblob(32), '', '');
            """);
        foreach (var step in steps.Skip(last)) Migrate(step);
        Count("SELECT count(*) FROM household").ShouldBe(0);
        Count("SELECT count(*) FROM committed_person").ShouldBe(1);
        Count("SELECT count(*) FROM ordered_list").ShouldBe(1);
        Count("SELECT count(*) FROM pragma_table_info('household') WHERE name IN ('names', 'street', 'street_key', 'search_key', 'house_number', 'box', 'postcode', 'place')").ShouldBe(0);

        // Each step in a transaction of its own, as a node does: a table is made anew while others refer to it.
        void Migrate(string step) => Run($"BEGIN;\n{Sql(step)}\nCOMMIT;");

        void Run(string sql)
        {
            using var command = store.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }

        long Count(string sql)
        {
            using var command = store.CreateCommand();
            command.CommandText = sql;
            return (long)command.ExecuteScalar()!;
        }

        static string Sql(string step)
        {
            using var reader = new StreamReader(typeof(LocalSettings).Assembly.GetManifestResourceStream(step)!);
            return reader.ReadToEnd();
        }
    }

    private static string NewId() => Guid.NewGuid().ToString("D");

    private HouseholdKeys Keys() => new(new LocalSettings { HouseholdKeys = folder });

    private (IReadOnlyList<string> Ids, IReadOnlyList<byte[]> Values) Seal(int count)
    {
        IReadOnlyList<string> ids = [.. Enumerable.Range(0, count).Select(_ => NewId())];
        return (ids, Keys().SealAll(block, [.. ids.Select((id, at) => (id, new[] { (byte)at }))]));
    }

    private string[] KeyFiles() => Directory.GetFiles(folder, "*.key");
}
