using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bereik.Local.Orders;

/// <summary>
/// What a row of an <c>unknown</c> list holds (nl: gegevens van een gezin): exactly the fields of the protocol; what the source does not
/// have is left out. JSON, lowerCamelCase, UTF-8.
/// </summary>
internal sealed record HouseholdRecord
{
    internal static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 4,
    };

    /// <summary>The beneficiaries, 1 to 8.</summary>
    public required IReadOnlyList<PersonName> Beneficiaries { get; init; }

    /// <summary>Street, at most 200 characters.</summary>
    public string Street { get; init; } = "";

    /// <summary>House number, at most 20 characters; may be empty.</summary>
    public string HouseNumber { get; init; } = "";

    /// <summary>Box, at most 20 characters, or null.</summary>
    public string? Box { get; init; }

    /// <summary>Postcode, at most 10 characters.</summary>
    public string Postcode { get; init; } = "";

    /// <summary>Place, at most 100 characters.</summary>
    public string Place { get; init; } = "";

    /// <summary>The month the list is about, <c>yyyy-MM</c>.</summary>
    public required string ReferenceMonth { get; init; }

    /// <summary>Writes the record.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Options);

    /// <summary>Reads a record.</summary>
    /// <param name="json">Foreign bytes.</param>
    /// <returns>Null when they have another shape: an unknown member, a missing one, a text that is too long or has control characters.</returns>
    public static HouseholdRecord? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<HouseholdRecord>(json, Options) is { } record && record.HasShape() ? record : null;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Never a name.</summary>
    public override string ToString() => "[gezin]";

    internal bool HasShape() => Beneficiaries.Count is >= 1 and <= 8
        && Beneficiaries.All(name => name is not null && Fits(name.GivenNames, 200) && Fits(name.FamilyName, 200))
        && Fits(Street, 200) && Fits(HouseNumber, 20) && Fits(Box ?? "", 20) && Fits(Postcode, 10) && Fits(Place, 100)
        && Domain.Month.TryParse(ReferenceMonth, out _);

    private static bool Fits(string text, int most) => text.Length <= most && !text.Any(char.IsControl);
}

/// <summary>The name of one beneficiary.</summary>
/// <param name="GivenNames">Given names, at most 200 characters; may be empty.</param>
/// <param name="FamilyName">Family name, at most 200 characters; may be empty.</param>
internal sealed record PersonName(string GivenNames = "", string FamilyName = "")
{
    /// <summary>Never the name.</summary>
    public override string ToString() => "[naam]";
}
