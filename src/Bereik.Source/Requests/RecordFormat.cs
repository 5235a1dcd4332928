using System.Text.Encodings.Web;
using System.Text.Json;
using Bereik.Domain;
using Bereik.Exchange.Envelopes;

namespace Bereik.Source.Requests;

// The record that is sealed for a household (docs/formats/record.md).
internal static class RecordFormat
{
    // Every record of every exchange is padded to this many bytes.
    public const int PaddedSize = 1024;

    // The fields that a protocol may name, in the order in which they are written.
    public static readonly IReadOnlyList<string> Fields = ["givenNames", "familyName", "street", "houseNumber", "box", "postcode", "place", "referenceMonth"];

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // INVARIANT: a field that the protocol does not name is not written, whatever is known.
    public static byte[] Write(Household household, Month month, IReadOnlyList<string> fields)
    {
        using var bytes = new MemoryStream(256);
        using (var json = new Utf8JsonWriter(bytes, Plain))
        {
            void Text(string field, string? value)
            {
                if (value is { Length: > 0 } && fields.Contains(field)) json.WriteString(field, value);
            }

            json.WriteStartObject();
            if (fields.Contains("givenNames") || fields.Contains("familyName"))
            {
                json.WriteStartArray("beneficiaries");
                foreach (var (given, family) in household.Beneficiaries)
                {
                    json.WriteStartObject();
                    Text("givenNames", given);
                    Text("familyName", family);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            }

            Text("street", household.Street);
            Text("houseNumber", household.HouseNumber);
            Text("box", household.Box);
            Text("postcode", household.Postcode);
            Text("place", household.Place);
            Text("referenceMonth", month.ToString());
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    // Whether the largest record of this household has room; what does not fit is held back, never cut.
    public static bool Fits(Household household) => Write(household, new Month(2000, 1), Fields).Length <= PaddedSize - EnvelopeFormat.PaddingOverhead;
}
