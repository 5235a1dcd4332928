using System.Globalization;
using System.Text.Json;

namespace Bereik.Cli.Demo;

/// <summary>
/// Writes <c>town.json</c>: the town as it is, from which anyone can compute with ordinary sets what each list must hold.
/// </summary>
internal sealed class TownTruth : IDisposable
{
    private readonly FileStream _file;
    private readonly Utf8JsonWriter _json;

    public TownTruth(string path, TownOptions options)
    {
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
        _json = new Utf8JsonWriter(_file, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        _json.WriteStartObject();
        _json.WriteNumber("seed", options.Seed);
        _json.WriteString("referenceMonth", options.ReferenceMonth.ToString());
        _json.WriteString("today", Day(options.Today));
        _json.WriteStartArray("municipalities");
        foreach (var municipality in TownFamilyMaker.Inside)
        {
            _json.WriteStartObject();
            _json.WriteString("nis", municipality.Nis);
            _json.WriteString("name", municipality.Name);
            _json.WriteString("gemeente", "gemeente-" + municipality.Slug);
            _json.WriteString("ocmw", "ocmw-" + municipality.Slug);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
        _json.WriteStartArray("families");
    }

    public void Write(TownFamily family)
    {
        _json.WriteStartObject();
        _json.WriteNumber("id", family.Id);
        _json.WriteString("shape", family.Shape);
        Strings("beneficiaries", family.Beneficiaries.Select(b => b.Insz));
        _json.WriteStartArray("homes");
        foreach (var home in family.Homes)
        {
            _json.WriteStartObject();
            _json.WriteString("id", home.Id);
            _json.WriteString("kind", home.Kind);
            _json.WriteString("nis", home.Municipality?.Nis);
            _json.WriteString("registerNis", home.RegisterNis);
            _json.WriteString("street", home.Street);
            _json.WriteString("number", home.Number);
            _json.WriteString("box", home.Box);
            _json.WriteString("postcode", home.Postcode);
            _json.WriteString("municipality", home.City);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
        _json.WriteStartArray("adults");
        foreach (var adult in family.Adults)
            Person(adult, family);
        _json.WriteEndArray();
        _json.WriteStartArray("children");
        foreach (var child in family.Children)
            Person(child, family);
        _json.WriteEndArray();
        _json.WriteEndObject();
        if (_json.BytesPending > 1 << 16)
            _json.Flush();
    }

    public void EndFamilies()
    {
        _json.WriteEndArray();
        _json.WriteStartArray("otherResidents");
    }

    public void WriteOtherResident(string gemeente, TownPerson person)
    {
        _json.WriteStartObject();
        _json.WriteString("gemeente", gemeente);
        _json.WriteString("insz", person.Insz);
        _json.WriteEndObject();
    }

    public void EndOtherResidents()
    {
        _json.WriteEndArray();
        _json.WriteStartArray("otherClients");
    }

    public void WriteOtherClient(TownPerson person, TownClientFile file)
    {
        _json.WriteStartObject();
        _json.WriteString("ocmw", file.Ocmw);
        _json.WriteString("insz", person.Insz);
        Period(file);
        _json.WriteEndObject();
    }

    public void Dispose()
    {
        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.Dispose();
        _file.Dispose();
    }

    private void Person(TownPerson person, TownFamily family)
    {
        _json.WriteStartObject();
        _json.WriteString("insz", person.Insz);
        Strings("linked", person.NewInsz is { } renewed ? [renewed] : []);
        _json.WriteString("givenName", person.Given);
        _json.WriteString("familyName", person.Family);
        _json.WriteString("birthDate", Day(person.Born));
        _json.WriteString("role", person.Role);
        _json.WriteBoolean("deceased", person.Deceased);
        _json.WriteString("home", person.Home?.Id);
        _json.WriteStartArray("known");
        foreach (var file in person.Files)
        {
            _json.WriteStartObject();
            _json.WriteString("ocmw", file.Ocmw);
            Period(file);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
        if (person.Role == "child")
        {
            _json.WriteString("residentOf", person.Home?.Municipality?.Slug is { } slug ? "gemeente-" + slug : null);
            _json.WriteStartArray("periods");
            foreach (var period in person.Periods)
            {
                _json.WriteStartObject();
                _json.WriteString("category", period.Category);
                _json.WriteString("begin", period.Begin.ToString());
                _json.WriteString("end", period.End?.ToString());
                Strings("beneficiaries", family.Beneficiaries.Select(b => b.Insz));
                _json.WriteEndObject();
            }

            _json.WriteEndArray();
        }

        _json.WriteEndObject();
    }

    private void Period(TownClientFile file)
    {
        _json.WriteString("opened", Day(file.Opened));
        _json.WriteString("closed", file.Closed is { } closed ? Day(closed) : null);
    }

    private void Strings(string name, IEnumerable<string> values)
    {
        _json.WriteStartArray(name);
        foreach (var value in values)
            _json.WriteStringValue(value);
        _json.WriteEndArray();
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
