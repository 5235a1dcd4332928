using Shouldly;
using Xunit;

namespace Bereik.Api.Tests;

// The documents are what runs, and the copies in docs/api are the documents.
[Collection(nameof(Nodes))]
public sealed class DocumentTests(Nodes nodes)
{
    // BEREIK_WRITE_API=1 writes them anew.
    [Theory]
    [InlineData("hub")]
    [InlineData("pseudonymiser")]
    [InlineData("source")]
    [InlineData("local")]
    public async Task Document_OfANode_IsTheOneInTheRepository(string node)
    {
        var file = Path.Combine(Root(), "docs", "api", $"{node}.json");
        var told = await nodes.TextAsync(node);
        if (Environment.GetEnvironmentVariable("BEREIK_WRITE_API") == "1") await File.WriteAllTextAsync(file, told, TestContext.Current.CancellationToken);
        var kept = File.Exists(file) ? await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken) : "";
        kept.ShouldBe(told, $"docs/api/{node}.json is not what the node tells. Write it anew: BEREIK_WRITE_API=1 artifacts/bin/Bereik.Api.Tests/release/Bereik.Api.Tests -method \"*IsTheOneInTheRepository\"");
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Bereik.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run from a checkout.");
    }
}
