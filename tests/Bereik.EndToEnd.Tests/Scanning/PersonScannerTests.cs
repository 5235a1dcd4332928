using System.Text;
using Microsoft.Data.Sqlite;
using Shouldly;
using Xunit;

namespace Bereik.EndToEnd.Tests.Scanning;

public sealed class PersonScannerTests : IDisposable
{
    private const string Name = "Annelies Verbrugghe";
    private const string Address = "Zonnebloemstraat 114";
    private const string Number = "84630946812";
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("bereik-planted");

    public static TheoryData<string, string> Forms => new()
    {
        { Name, "utf-8" }, { Name, "utf-16le" }, { Name, "utf-16be" }, { Name, "base64" }, { Name, "base64url" }, { Name, "hex" },
        { Address, "utf-8" }, { Address, "utf-16le" }, { Address, "base64" },
        { Number, "utf-8" }, { Number, "utf-16le" }, { Number, "base64" }, { Number, "punctuated" }, { Number, "percent" }, { Number, "reversed" }, { Name, "escaped" }, { Name, "reversed" },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Scan_PlantedWord_IsFoundInThatForm(string word, string form)
    {
        var context = $"{{\"a\":\"{word}\",\"b\":1}}";
        var bytes = form switch
        {
            "utf-8" => Encoding.UTF8.GetBytes(context),
            "utf-16le" => Encoding.Unicode.GetBytes(context),
            "utf-16be" => Encoding.BigEndianUnicode.GetBytes(context),
            "base64" => Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(context))),
            "base64url" => Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(context)).TrimEnd('=').Replace('+', '-').Replace('/', '_')),
            "percent" => Encoding.ASCII.GetBytes(string.Concat(Encoding.UTF8.GetBytes(word).Select(one => $"%{one:X2}"))),
            "escaped" => Encoding.ASCII.GetBytes(Uri.EscapeDataString(context)),
            "reversed" => Encoding.UTF8.GetBytes(string.Concat(context.Reverse())),
            "hex" => Encoding.ASCII.GetBytes(Convert.ToHexStringLower(Encoding.UTF8.GetBytes(context))),
            _ => Encoding.ASCII.GetBytes("84.63.09-468.12"),
        };
        File.WriteAllBytes(Path.Combine(folder.FullName, "file.bin"), [0, 1, 2, .. bytes, 3]);

        new PersonScanner([Name, Address, Number]).Scan(folder.FullName).ShouldContain(new Finding("file.bin", form, word));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Scan_Base64AtAnyAlignment_IsFound(int before)
    {
        var text = Convert.ToBase64String(Encoding.UTF8.GetBytes(new string('x', before) + Number + "tail"));
        File.WriteAllText(Path.Combine(folder.FullName, "log.txt"), text);

        new PersonScanner([Number]).Scan(folder.FullName).ShouldNotBeEmpty();
    }

    [Fact]
    public void Scan_WordInADatabaseCutOverPages_IsFound()
    {
        using (var connection = new SqliteConnection($"Data Source={Path.Combine(folder.FullName, "node.db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA page_size = 512; VACUUM; CREATE TABLE t (v TEXT); INSERT INTO t VALUES ($v)";

            // Long enough for many overflow pages, so that some copy of the word lies across a page's end.
            command.Parameters.AddWithValue("$v", string.Concat(Enumerable.Range(0, 200).Select(i => $"{i:000}{Name}")));
            command.ExecuteNonQuery();
        }

        new PersonScanner([Name]).Scan(folder.FullName).Select(finding => finding.Place).ShouldBe(["node.db", "node.db:t"], ignoreOrder: true);
    }

    [Fact]
    public void Scan_NothingPlanted_FindsNothing()
    {
        var random = new byte[1 << 20];
        new Random(7).NextBytes(random);
        File.WriteAllBytes(Path.Combine(folder.FullName, "random.bin"), random);

        new PersonScanner([Name, Address, Number]).Scan(folder.FullName).ShouldBeEmpty();
    }

    public void Dispose() => folder.Delete(recursive: true);
}
