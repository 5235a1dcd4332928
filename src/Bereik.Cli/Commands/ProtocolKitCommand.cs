using System.CommandLine;
using Bereik.Cli.Kit;
using Bereik.Domain;
using Bereik.Exchange.Protocols;
using Bereik.Exchange.Reference;

namespace Bereik.Cli.Commands;

/// <summary><c>bereik protocol kit</c>: what a council needs to accede to a protocol, as documents to fill in.</summary>
internal static class ProtocolKitCommand
{
    public static Command Create(TimeProvider clock)
    {
        var organisation = new Option<string>("--organisation") { Description = "OVO code of the municipality; the protocol says whether it or its OCMW joins.", HelpName = "OVO", Required = true };
        var protocol = new Option<string>("--protocol") { Description = "Id of a protocol that ships, or a protocol file.", HelpName = "ID", Required = true };
        var folder = new Option<string>("--out") { Description = "Folder to write to: new, or empty.", HelpName = "DIR", Required = true };
        var command = new Command("kit", "Write the documents, in Dutch, with which a council prepares its accession to a protocol.") { organisation, protocol, folder };
        command.SetAction(parsed =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            if (FindProtocol(parsed.GetRequiredValue(protocol), error) is not { } found) return 1;
            if (FindMunicipality(parsed.GetRequiredValue(organisation), clock.Today(), error) is not { } municipality) return 1;
            if (FindKind(found, municipality, error) is not { } kind) return 1;
            var framework = FrameworkFile.Shipped;
            if (found.Find<Clause.Security>()?.Framework is { } version && version != framework.Version)
            {
                error.WriteLine($"The protocol asks for version {version} of the framework; the one that ships is {framework.Version}.");
                return 1;
            }

            var target = parsed.GetRequiredValue(folder);
            if (WhyNot(target) is { } reason)
            {
                error.WriteLine($"--out {ProtocolCommands.Printable(target)}: {reason}");
                return 1;
            }

            var documents = AccessionKit.Documents(new KitFacts { Protocol = found, Framework = framework, Municipality = municipality, Kind = kind, Day = clock.Today() });
            try
            {
                foreach (var path in AccessionKit.Write(documents, target)) output.WriteLine(ProtocolCommands.Printable(path));
            }
            catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
            {
                error.WriteLine($"--out {ProtocolCommands.Printable(target)}: it cannot be written to; nothing was left behind.");
                return 1;
            }

            if (found.Ground != GroundState.Verified) error.WriteLine("Note: the legal ground of this protocol is not verified. It cannot come into force; the documents are for preparation only.");
            return 0;
        });
        return command;
    }

    private static Protocol? FindProtocol(string name, TextWriter error)
    {
        if (ShippedProtocols.All.LastOrDefault(protocol => protocol.Id == name) is { } shipped) return shipped;
        if (File.Exists(name)) return ProtocolCommands.ReadOrComplain(name, error);
        error.WriteLine($"--protocol {ProtocolCommands.Printable(name)}: no protocol ships under this id, and no file has this name. Shipped: {string.Join(", ", ShippedProtocols.All.Select(protocol => protocol.Id))}.");
        return null;
    }

    private static Municipality? FindMunicipality(string ovo, DateOnly day, TextWriter error)
    {
        // A code may have stayed the same across a merger: the one that is valid today comes first.
        var all = Municipalities.All.Where(municipality => municipality.OvoCode == ovo).ToList();
        if (all.Find(municipality => municipality.IsValidOn(day)) is { } current) return current;
        error.WriteLine(all.Select(municipality => Municipalities.Resolve(municipality.NisCode, day)).OfType<MunicipalityLookup.Merged>().FirstOrDefault() is { } merged
            ? $"--organisation {ovo}: {merged.Former.Name} merged into {merged.Municipality.Name}. Use its code, {merged.Municipality.OvoCode}."
            : $"--organisation {ProtocolCommands.Printable(ovo)}: no Flemish municipality has this OVO code. Such a code looks like OVO001995.");
        return null;
    }

    private static OrganisationKind? FindKind(Protocol protocol, Municipality municipality, TextWriter error)
    {
        var recipients = protocol.Find<Clause.PartiesClause>()?.Recipients ?? [];
        if (recipients.Contains(OrganisationKind.PublicCentreForWelfare) && municipality.HasOcmw) return OrganisationKind.PublicCentreForWelfare;
        if (recipients.Contains(OrganisationKind.Municipality)) return OrganisationKind.Municipality;
        error.WriteLine(recipients.Contains(OrganisationKind.PublicCentreForWelfare)
            ? $"The protocol {protocol.Id} is for an OCMW, and {municipality.Name} has none."
            : $"The protocol {protocol.Id} is for no gemeente and no OCMW.");
        return null;
    }

    private static string? WhyNot(string folder)
    {
        if (folder.Length == 0) return "the name is empty.";
        try
        {
            if (File.Exists(folder)) return "this is a file. Name a folder that is new or empty.";
            return Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any() ? "this folder is not empty. Name one that is new or empty." : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return "it cannot be read.";
        }
    }
}
