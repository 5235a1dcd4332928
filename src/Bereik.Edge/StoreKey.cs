using System.Security.Cryptography;
using System.Text;
using Bereik.Exchange;
using Bereik.Exchange.Keys;

namespace Bereik.Edge;

/// <summary>
/// The key under which an edge keeps bases in its own store (AES-256-GCM, a random nonce each). Lives in a file beside the store,
/// readable by its owner only. Safe to use from several threads at once.
/// </summary>
public sealed class StoreKey : IDisposable
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private readonly byte[] key;

    private StoreKey(byte[] key) => this.key = key;

    /// <summary>Opens the key, or makes it together with the store.</summary>
    /// <param name="dataFolder">The node's data folder.</param>
    /// <param name="problems">Gets a sentence when the store is there and its key is not.</param>
    /// <returns>Null when there is a problem.</returns>
    public static StoreKey? Open(string dataFolder, List<string> problems)
    {
        var file = Path.Combine(dataFolder, "store.key");
        if (!File.Exists(file))
        {
            // What ought to exist is never made silently: without its key the store cannot be read.
            if (File.Exists(Path.Combine(dataFolder, "node.db")))
            {
                problems.Add("The key file 'store.key' of this node's data folder is gone, and its store is still there. Put the key back.");
                return null;
            }

            var made = RandomNumberGenerator.GetBytes(32);
            KeyFile.WriteNew(file, StrictBase64Url.Encode(made));
            return new StoreKey(made);
        }

        if (KeyFile.IsOpenToOthers(file))
        {
            problems.Add("The key file 'store.key' of this node's data folder can be read by others. Give it mode 600.");
            return null;
        }

        var key = new byte[32];
        if (StrictBase64Url.TryDecode(File.ReadAllText(file).Trim(), key)) return new StoreKey(key);
        problems.Add("The key file 'store.key' of this node's data folder is damaged.");
        return null;
    }

    /// <summary>Encrypts for the store.</summary>
    /// <param name="plain">The bytes.</param>
    /// <param name="boundTo">What the value belongs to; it opens with the same words only.</param>
    /// <returns>Nonce, ciphertext and tag in one array.</returns>
    public byte[] Seal(ReadOnlySpan<byte> plain, string boundTo)
    {
        var value = new byte[NonceBytes + plain.Length + TagBytes];
        var nonce = value.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = Cipher();
        cipher.Encrypt(nonce, plain, value.AsSpan(NonceBytes, plain.Length), value.AsSpan(NonceBytes + plain.Length), Encoding.UTF8.GetBytes(boundTo));
        return value;
    }

    /// <summary>Decrypts from the store.</summary>
    /// <param name="value">What <see cref="Seal"/> gave.</param>
    /// <param name="boundTo">The same words.</param>
    /// <returns>The bytes.</returns>
    /// <exception cref="CryptographicException">The value, the key or the words are others.</exception>
    public byte[] Open(ReadOnlySpan<byte> value, string boundTo)
    {
        if (value.Length < NonceBytes + TagBytes) throw new CryptographicException("A stored value is too short.");
        var plain = new byte[value.Length - NonceBytes - TagBytes];
        using var cipher = Cipher();
        cipher.Decrypt(value[..NonceBytes], value[NonceBytes..^TagBytes], value[^TagBytes..], plain, Encoding.UTF8.GetBytes(boundTo));
        return plain;
    }

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(key);

    // INVARIANT: one cipher a call. An AesGcm must not be used by two threads at once: it would mix up their bytes without an error.
    private AesGcm Cipher() => new(key, TagBytes);
}
