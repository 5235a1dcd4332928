using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Bereik.Cli.Verify;

/// <summary>The keys of every organisation, as the log itself states them.</summary>
internal sealed class AuditKeys : IDisposable
{
    private readonly Dictionary<string, List<Key>> keys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> owners = new(StringComparer.Ordinal);

    /// <summary>Whether an organisation stated a signing key.</summary>
    public bool Has(string organisation) => keys.ContainsKey(organisation);

    /// <summary>How many organisations stated a key.</summary>
    public int Count => keys.Count;

    /// <summary>Whether an organisation stated a key for evaluating blinded numbers: it is the pseudonymiser.</summary>
    public bool IsPseudonymiser(string organisation) => keys.TryGetValue(organisation, out var own) && own.Any(key => key.Use == "oprf");

    /// <summary>Takes a statement in.</summary>
    /// <returns>False when a key signed it that has a successor.</returns>
    /// <exception cref="BrokenRuleException">It may not be made, or not by this key.</exception>
    public bool State(AuditDocument statement)
    {
        var (organisation, use, kid) = (statement.Word("organisation"), statement.Word("use"), statement.Word("kid"));
        var text = statement.Payload.TryGetProperty("key", out var stated) ? stated.GetString() : null;
        var own = keys.GetValueOrDefault(organisation, []);
        var isByPresent = true;
        var present = own.LastOrDefault(key => key.Use == "signing");
        var read = text is null ? null : Key.Read(use, text);
        if (text is not null && read?.Kid != kid) throw new BrokenRuleException("document.shape");
        if (own.Count == 0)
        {
            // INVARIANT: the first signing key signs itself; whether it is really that organisation's was settled outside the log.
            if (use != "signing" || read is null || statement.Kid != kid) throw new BrokenRuleException("key.chain");
            Verify(statement, read);
        }
        else
        {
            var signer = own.Find(key => key.Use == "signing" && key.Kid == statement.Kid) ?? throw new BrokenRuleException("key.chain");
            if (signer.IsRevoked) throw new BrokenRuleException("document.keyRevoked");

            // A successor comes from the present key alone. What else a key signs that has a successor was perhaps on its way: nodes take it, and it is shown.
            isByPresent = signer == present || statement.Kid == kid;
            if (!isByPresent && use == "signing" && text is not null && !own.Exists(key => key.Use == "signing" && key.Kid == kid)) throw new BrokenRuleException("key.chain");
            Verify(statement, signer);
        }

        var known = own.Find(key => key.Use == use && key.Kid == kid);
        if (text is null)
        {
            (known ?? throw new BrokenRuleException("key.unknown")).IsRevoked = true;
            return isByPresent;
        }

        if (known is { IsRevoked: true }) throw new BrokenRuleException("key.revoked");
        if (known is not null) return isByPresent;
        if (use == "signing" && owners.GetValueOrDefault(kid, organisation) != organisation) throw new BrokenRuleException("key.shared");
        if (use == "signing") owners[kid] = organisation;
        own.Add(read!);
        keys[organisation] = own;
        return isByPresent;
    }

    /// <summary>Verifies that an organisation signed a document.</summary>
    /// <exception cref="BrokenRuleException">It did not, or with a key that is not its own any more.</exception>
    public void Verify(AuditDocument document, string organisation)
    {
        // A document that was on its way when its key was succeeded still counts; one signed with a revoked key does not.
        var key = keys.GetValueOrDefault(organisation, []).Find(key => key.Use == "signing" && key.Kid == document.Kid) ?? throw new BrokenRuleException("document.key");
        if (key.IsRevoked) throw new BrokenRuleException("document.keyRevoked");
        Verify(document, key);
    }

    public void Dispose()
    {
        foreach (var key in keys.Values.SelectMany(own => own)) key.Dispose();
    }

    private static void Verify(AuditDocument document, Key key)
    {
        if (key.Public?.VerifyData(Encoding.ASCII.GetBytes(document.SigningInput), document.Signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation) != true) throw new BrokenRuleException("document.signature");
    }

    private sealed class Key(string use, string kid, ECDsa? publicKey) : IDisposable
    {
        public string Use => use;

        public string Kid => kid;

        public ECDsa? Public => publicKey;

        public bool IsRevoked { get; set; }

        // Null for what is no key of that use.
        public static Key? Read(string use, string text)
        {
            if (use == "oprf") return Shape.Bytes(text, 32) is null ? null : new Key(use, text, null);
            if (JsonForm.Read(Encoding.UTF8.GetBytes(text)) is not { } jwk || jwk.TryGetProperty("d", out _)) return null;
            string? Word(string name) => jwk.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
            if (Word("kty") != "EC" || Word("crv") != "P-256" || Word("x") is not { } x || Word("y") is not { } y || Shape.Bytes(x, 32) is not { } first || Shape.Bytes(y, 32) is not { } second) return null;
            if (Word("use") is { } stated && stated != use switch { "signing" => "sig", "sealing" => "enc", _ => "bereik-token" }) return null;
            var kid = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""")));
            if (Word("kid") is { } named && named != kid) return null;
            try
            {
                return new Key(use, kid, ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = first, Y = second } }));
            }
            catch (CryptographicException)
            {
                return null;
            }
        }

        public void Dispose() => publicKey?.Dispose();
    }
}
