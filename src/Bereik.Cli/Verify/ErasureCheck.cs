using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Bereik.Cli.Commands;
using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Signatures;

namespace Bereik.Cli.Verify;

/// <summary>Verifies the signature of a certificate of erasure (nl: wissingsattest), offline. What it says remains the word of who signed it.</summary>
internal static class ErasureCheck
{
    /// <summary>Reads and verifies.</summary>
    /// <returns>0 when the signature holds, 1 when it does not, 2 without a key.</returns>
    public static int Run(string file, string? keyFile, bool isJson, TextWriter output, TextWriter error)
    {
        if (keyFile is null || LogCommands.ReadSmall(keyFile) is not { } jwk || !SigningPublicKey.FromJwk(Encoding.UTF8.GetString(jwk)).TryGet(out var key, out _))
        {
            return LogCommands.Misused(error, "--key", "erasure.key", "Geef het bestand met de publieke sleutel van het lokale knooppunt, een JWK.");
        }

        var code = Check(file, key, out var certificate);
        if (isJson)
        {
            output.WriteLine(new JsonObject
            {
                ["ok"] = code is null, ["code"] = code, ["id"] = certificate?.Id.ToString("D"), ["organisation"] = certificate?.Organisation, ["count"] = certificate?.Count,
            }.ToJsonString());
        }
        else if (code is not null) return LogCommands.Failed(error, file, code);
        else Write(output, certificate!);
        return code is null ? 0 : 1;
    }

    private static string? Check(string file, SigningPublicKey key, out ErasureCertificate? certificate)
    {
        certificate = null;
        if (LogCommands.ReadSmall(file) is not { } bytes) return "erasure.unreadable";
        if (!SignedDocument.Open<ErasureCertificate>(Encoding.ASCII.GetString(bytes).Trim(), key).TryGet(out var signed, out var wrong)) return wrong.Code switch { "jws.kid" => "erasure.otherKey", "jws.signature" => "erasure.signature", _ => "erasure.document" };
        certificate = signed.Document;
        return null;
    }

    private static void Write(TextWriter output, ErasureCertificate certificate)
    {
        var late = ErasureCertificate.DaysLate(certificate.Due, BelgianTime.DayOf(certificate.At));
        var what = certificate.Kind switch { ErasedKind.Household => "gezinnen", ErasedKind.Grant => "toekenningen", _ => "doorverwijzingen" };
        var cause = certificate.Cause switch
        {
            ErasureCause.Deadline => "de termijn was voorbij", ErasureCause.Outcome => "het was afgerond", ErasureCause.OwnFile => "er is een eigen dossier, op een andere grond", ErasureCause.Objection => "de persoon maakte bezwaar", _ => "de toestemming is ingetrokken",
        };
        output.WriteLine($"De handtekening klopt. {ProtocolCommands.Printable(certificate.Organisation)} verklaart:");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  gewist op {certificate.At.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}: {certificate.Count} {what}, want {cause}"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  laatste dag {certificate.Due:yyyy-MM-dd}{(late > 0 ? $", {late} dagen te laat" : ", op tijd")}"));
        output.WriteLine("Dit is een verklaring, geen bewijs: wat die organisatie verder bewaart, ziet niemand eraan.");
    }
}
