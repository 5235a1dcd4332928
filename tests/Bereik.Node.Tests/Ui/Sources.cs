namespace Bereik.Node.Tests.Ui;

/// <summary>Finds the sources of this repository from the folder of the tests.</summary>
internal static class Sources
{
    internal static string Root { get; } = FindRoot();

    internal static string Path(string relative) => System.IO.Path.Combine(Root, relative);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Bereik.slnx")))
                return folder.FullName;
        throw new DirectoryNotFoundException("Bereik.slnx is in no folder above the tests.");
    }
}
