using System.Text.Json;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Local.Orders;

namespace Bereik.Local.Households;

/// <summary>
/// What lies under the key of a household of a list: what was received, and salt and slot of each person in it. SECURITY: the salts too, since with a salt and the list's leaf hashes a
/// name can be tried. Of who said yes to a letter: what was received, and what was chosen.
/// </summary>
/// <param name="Record">What was received.</param>
/// <param name="People">One for each beneficiary, in their order; none for who said yes to a letter, of whom the hub made the commitment.</param>
internal sealed record KeptHousehold(HouseholdRecord Record, IReadOnlyList<KeptPerson> People)
{
    /// <summary>What was chosen with a yes to a letter; null for a household of a list.</summary>
    public AnswerChoices? Choices { get; init; }

    private const int Multiple = 512;
    private static readonly JsonSerializerOptions Options = new(HouseholdRecord.Options) { RespectRequiredConstructorParameters = true, MaxDepth = 6 };

    /// <summary>Writes it as UTF-8 JSON with spaces after it to a multiple of 512 bytes, so that a length says little.</summary>
    public byte[] ToJson()
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(this, Options);
        var padded = new byte[(json.Length + Multiple - 1) / Multiple * Multiple];
        json.CopyTo(padded, 0);
        padded.AsSpan(json.Length).Fill((byte)' ');
        return padded;
    }

    /// <summary>Reads what this node wrote.</summary>
    /// <exception cref="InvalidDataException">It has another shape.</exception>
    public static KeptHousehold Parse(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<KeptHousehold>(json, Options) is { } kept && kept.Record.HasShape() && kept.People.Count == (kept.Choices is null ? kept.Record.Beneficiaries.Count : 0)
            ? kept
            : throw new InvalidDataException("What is kept of a household does not have its shape.");

    /// <summary>The names, one a beneficiary.</summary>
    public IReadOnlyList<string> Names() => [.. Record.Beneficiaries.Select(name => $"{name.GivenNames} {name.FamilyName}".Trim())];

    /// <summary>Never a name.</summary>
    public override string ToString() => "[gezin]";
}

/// <summary>One person of a household, as it was committed to.</summary>
/// <param name="Slot">The person's slot.</param>
/// <param name="Salt">The salt that only this node and the person hold, 43 characters of base64url.</param>
internal sealed record KeptPerson(int Slot, string Salt)
{
    /// <summary>The salt.</summary>
    public Bytes32 Bytes() => Bytes32.TryParse(Salt, out var salt) ? salt : throw new InvalidDataException("A kept salt does not have its shape.");

    /// <summary>Never the salt.</summary>
    public override string ToString() => "[persoon]";
}
