using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Bereik.Domain;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Bereik.Exchange.Protocols;

/// <summary>
/// The standard protocols that ship with every node (nl: meegeleverde standaardprotocollen). All nodes carry the same files,
/// so that the hash in an order means the same text everywhere.
/// </summary>
public static class ShippedProtocols
{
    private static readonly Lazy<IReadOnlyList<Protocol>> Loaded = new(Load);

    private static readonly JsonSerializerOptions Canonical = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>All of them, by id.</summary>
    public static IReadOnlyList<Protocol> All => Loaded.Value;

    /// <summary>The protocol with an id and version.</summary>
    /// <param name="id">Protocol id.</param>
    /// <param name="version">Protocol version.</param>
    /// <returns>Null when none ships under that name.</returns>
    public static Protocol? Find(string id, string version) =>
        All.FirstOrDefault(protocol => protocol.Id == id && protocol.Version == version);

    /// <summary>The protocol of a flow.</summary>
    /// <param name="flow">The flow.</param>
    public static Protocol Of(Flow flow) => All.Single(protocol => protocol.Flow == flow);

    private static List<Protocol> Load()
    {
        var assembly = typeof(ShippedProtocols).Assembly;
        var reader = new DeserializerBuilder()
            .WithNamingConvention(CamelCaseNamingConvention.Instance)
            .WithDuplicateKeyChecking()
            .WithEnforceRequiredMembers()
            .Build();
        var protocols = new List<Protocol>();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".yaml", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var text = new StreamReader(assembly.GetManifestResourceStream(name)!);
            protocols.Add(reader.Deserialize<Document>(text).ToProtocol());
        }

        return protocols;
    }

    // The shape of the file; kept apart from the domain type so that what authors write and what nodes decide on can differ.
    private sealed class Document
    {
        public required string Id { get; init; }
        public required string Version { get; init; }
        public required string Flow { get; init; }
        public required string Title { get; init; }
        public required string TitleEnglish { get; init; }
        public required GroundState Ground { get; init; }
        public required string Source { get; init; }
        public required OrganisationKind Recipient { get; init; }
        public required List<string> Fields { get; init; }
        public required List<ClauseDocument> Clauses { get; init; }
        public required int Band { get; init; }
        public required int InformByDays { get; init; }
        public required int DeleteByDays { get; init; }
        public required int KnownWithinMonths { get; init; }
        public required int KnownFloor { get; init; }
        public required int KnownShrinkPercent { get; init; }
        public required int AnswerWithinDays { get; init; }
        public required int Repeats { get; init; }

        public Protocol ToProtocol()
        {
            if (!FlowNames.TryParse(Flow, out var flow)) throw new InvalidDataException($"Protocol {Id}: unknown flow.");
            if (!OrganisationId.TryParse(Source, out var source)) throw new InvalidDataException($"Protocol {Id}: source is no organisation id.");
            return new Protocol
            {
                Id = Id,
                Version = Version,
                Hash = Convert.ToBase64String(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this, Canonical))).TrimEnd('=').Replace('+', '-').Replace('/', '_'),
                Flow = flow,
                Title = Title,
                TitleEnglish = TitleEnglish,
                Ground = Ground,
                Source = source,
                Recipient = Recipient,
                Fields = Fields,
                Clauses = [.. Clauses.Select(clause => new Clause(clause.Id, clause.Text, clause.TextEnglish))],
                Band = Band,
                InformByDays = InformByDays,
                DeleteByDays = DeleteByDays,
                KnownWithinMonths = KnownWithinMonths,
                KnownFloor = KnownFloor,
                KnownShrinkPercent = KnownShrinkPercent,
                AnswerWithinDays = AnswerWithinDays,
                Repeats = Repeats,
            };
        }
    }

    private sealed class ClauseDocument
    {
        public required string Id { get; init; }
        public required string Text { get; init; }
        public required string TextEnglish { get; init; }
    }
}
