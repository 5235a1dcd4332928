using System.Globalization;
using Bereik.Domain;
using Bereik.Local.Storage;
using Bereik.Node.Registers;
using Bereik.Node.Ui;
using Microsoft.EntityFrameworkCore;
using Reason = Bereik.Domain.Reason;
using UiReason = Bereik.Node.Ui.Reason;

namespace Bereik.Local.Features;

// The answer to "Waarom zie ik dit?": the clause that the row carries, in plain words.
internal static class WhyRow
{
    public static bool IsEnglish => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "en";

    /// <summary>Where the roots over the persons of these rows stand in the public log; lists whose root is not there yet are left out.</summary>
    public static async Task<LoggedRoots> RootsAsync(IEnumerable<IReceivedRow> rows, LocalDatabase database, LocalSettings settings, CancellationToken cancel)
    {
        var lists = rows.Select(row => row.ListId).Distinct().ToList();
        var indices = await database.PersonRoots.AsNoTracking().Where(root => lists.Contains(root.ListId) && root.LogIndex != null).ToDictionaryAsync(root => root.ListId, root => root.LogIndex!.Value, cancel);
        return new LoggedRoots(indices, settings.PeerOf(OrganisationKind.Hub).Url?.TrimEnd('/'));
    }

    public static UiReason Of(IReceivedRow row, RegisterView register, LoggedRoots roots, IReadOnlyList<string>? names = null)
    {
        var protocol = register.Text(row.ProtocolHash);
        var clause = protocol?.Clause(row.Clause);
        return new UiReason(
            protocol is null ? row.ProtocolId : $"{protocol.Title.In(IsEnglish)} {protocol.Version}",
            IsEnglish ? $"clause '{row.Clause}'" : $"bepaling '{row.Clause}'",
            clause is null ? row.Clause : IsEnglish ? clause.En : clause.Nl)
        {
            Until = row.DeleteBy,
            LogEntry = roots.IndexOf(row)?.ToString(CultureInfo.InvariantCulture),
            LogEntryHref = roots.HrefOf(row),
            Proofs = roots.IndexOf(row) is null ? [] : Proofs(row, names),
        };
    }

    private static IReadOnlyList<ProofLink> Proofs(IReceivedRow row, IReadOnlyList<string>? names) => names is { Count: > 1 }
        ? [.. names.Select((name, person) => new ProofLink(name, FormattableString.Invariant($"/v1/rows/{row.Id}/proof?person={person}")))]
        : [new ProofLink(null, $"/v1/rows/{row.Id}/proof")];

    public static string Text(Reason reason) => IsEnglish ? reason.TextEnglish : reason.Text;
}

/// <summary>Where the roots of lists stand in the public log.</summary>
internal sealed class LoggedRoots(IReadOnlyDictionary<string, long> indices, string? hub)
{
    public long? IndexOf(IReceivedRow row) => indices.TryGetValue(row.ListId, out var index) ? index : null;

    public string? HrefOf(IReceivedRow row) => hub is not null && IndexOf(row) is { } index ? FormattableString.Invariant($"{hub}/logboek/{index}") : null;
}
