using System.Security.Cryptography;
using Bereik.Edge;
using Bereik.Exchange.Keys;
using Shouldly;
using Xunit;

namespace Bereik.Local.Tests;

// The key under which an edge keeps bases: whatever is not exactly what was sealed does not open, and a key that is gone is not made anew.
public sealed class StoreKeyTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("bereik-store-key-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Value_SealedAndOpened_IsTheSame_AlsoAfterTheNextStart()
    {
        byte[] sealedValue;
        using (var key = Open()) sealedValue = key.Seal([1, 2, 3], "base/2026Q4/x");
        using var again = Open();
        again.Open(sealedValue, "base/2026Q4/x").ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void Value_SealedTwice_IsAnotherEachTime()
    {
        using var key = Open();
        key.Seal([1, 2, 3], "a").ShouldNotBe(key.Seal([1, 2, 3], "a"));
    }

    [Fact]
    public void Value_WithAnyByteChanged_OrCut_DoesNotOpen()
    {
        using var key = Open();
        var value = key.Seal([1, 2, 3, 4], "a");
        for (var i = 0; i < value.Length; i++)
        {
            var changed = value.ToArray();
            changed[i] ^= 1;
            Should.Throw<CryptographicException>(() => key.Open(changed, "a"));
            Should.Throw<CryptographicException>(() => key.Open(value.AsSpan(0, i), "a"));
        }
    }

    [Fact]
    public void Value_OfAnotherNumberOrEpoch_DoesNotOpen()
    {
        using var key = Open();
        var value = key.Seal([1, 2, 3], "base/2026Q4/x");
        Should.Throw<CryptographicException>(() => key.Open(value, "base/2026Q4/y"));
        Should.Throw<CryptographicException>(() => key.Open(value, "base/2027Q1/x"));
    }

    [Fact]
    public void Value_OfAnotherKey_DoesNotOpen()
    {
        byte[] value;
        using (var key = Open()) value = key.Seal([1], "a");
        File.Delete(KeyPath);
        using var other = Open();
        Should.Throw<CryptographicException>(() => other.Open(value, "a"));
    }

    [Fact]
    public void Key_Made_IsReadableByItsOwnerOnly()
    {
        Open().Dispose();
        KeyFile.IsOpenToOthers(KeyPath).ShouldBeFalse();
    }

    [Fact]
    public void Key_OpenToOthers_IsRefused()
    {
        Open().Dispose();
        if (OperatingSystem.IsWindows()) Assert.Skip("Files have no mode there.");
        else File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Refused().ShouldBe("The key file 'store.key' of this node's data folder can be read by others. Give it mode 600.");
    }

    [Fact]
    public void Key_Damaged_IsRefused()
    {
        KeyFile.WriteNew(KeyPath, "no key");
        Refused().ShouldBe("The key file 'store.key' of this node's data folder is damaged.");
    }

    [Fact]
    public void Key_GoneWhileTheStoreIsThere_IsNotMadeAnew()
    {
        File.WriteAllText(Path.Combine(folder, "node.db"), "");
        Refused().ShouldBe("The key file 'store.key' of this node's data folder is gone, and its store is still there. Put the key back.");
        File.Exists(KeyPath).ShouldBeFalse();
    }

    private string KeyPath => Path.Combine(folder, "store.key");

    private StoreKey Open() => StoreKey.Open(folder, []).ShouldNotBeNull();

    private string Refused()
    {
        var problems = new List<string>();
        StoreKey.Open(folder, problems).ShouldBeNull();
        return problems.ShouldHaveSingleItem();
    }
}
