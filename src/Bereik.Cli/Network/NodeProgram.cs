using Bereik.Domain;

namespace Bereik.Cli.Network;

/// <summary>
/// The executable of a kind of node (nl: programma van een knoop). Each stands in its own output folder beside this program's,
/// so that a hub never runs next to the assembly that handles persons.
/// </summary>
public static class NodeProgram
{
    /// <summary>The login of a demo.</summary>
    public const string Login = "Bereik.DevelopmentLogin";

    /// <summary>The name of the program for a kind of organisation, for example <c>Bereik.Hub</c>.</summary>
    /// <param name="kind">What the organisation is.</param>
    public static string NameOf(OrganisationKind kind) => kind switch
    {
        OrganisationKind.Hub => "Bereik.Hub",
        OrganisationKind.Pseudonymiser => "Bereik.Pseudonymiser",
        OrganisationKind.Source => "Bereik.Source",
        _ => "Bereik.Local",
    };

    /// <summary>The path of the program.</summary>
    /// <param name="name">Its name, for example <c>Bereik.Hub</c>.</param>
    /// <exception cref="FileNotFoundException">It was not built; the message says how to build it.</exception>
    public static string Find(string name)
    {
        // artifacts/bin/THIS/release/ -> artifacts/bin/NAME/release/NAME
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var path = Path.Combine(own.Parent!.Parent!.FullName, name, own.Name, name + (OperatingSystem.IsWindows() ? ".exe" : ""));
        return File.Exists(path) ? path : throw new FileNotFoundException($"The program {name} is not built. Start it through ./bereik, which builds it.", path);
    }
}
