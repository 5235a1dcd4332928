using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Local.Contacts;
using Bereik.Local.Households;
using Bereik.Local.Pages;
using Bereik.Local.Storage;
using Bereik.Node.Access;
using Bereik.Node.Errors;
using Bereik.Node.Registers;
using Bereik.Node.Ui;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Letters;

/// <summary>The yes behind a household that came with a letter: whether the person stands for it, said once, at the first contact.</summary>
internal sealed class LetterAnswers(LocalDatabase database, LocalSettings settings, AnswerWords words, HouseholdErasure erasure, ProtocolRegister register, SpokenWords spoken, TimeProvider clock)
{
    /// <summary>A worker who typed for somebody cannot be the one to whom that person says that it was them.</summary>
    public const string OwnHelp = "answer.ownHelp";

    /// <summary>Who helped is not known here any more, so nobody is certainly another.</summary>
    public const string HelperUnknown = "answer.helperUnknown";

    /// <summary>Whether a household came with a letter.</summary>
    public static bool IsOf(Household row) => row.Purpose == Purpose.RequestedHelp.WireName();

    /// <summary>The answer of a household; null for one of a list.</summary>
    public async Task<Answer?> FindAsync(Household row, CancellationToken cancel) => IsOf(row) ? await database.Answers.AsNoTracking().SingleAsync(answer => answer.Id == row.Id, cancel) : null;

    /// <summary>What the page of the household says of it.</summary>
    public async Task<AnswerView?> ViewAsync(Household row, AnswerChoices? choices, CancellationToken cancel) => await FindAsync(row, cancel) is { } answer ? AnswerView.Of(answer, choices) : null;

    /// <summary>Of many households, by their id.</summary>
    public static async Task<IReadOnlyDictionary<string, Answer>> FindAsync(LocalDatabase database, IEnumerable<Household> rows, CancellationToken cancel)
    {
        var found = new Dictionary<string, Answer>(StringComparer.Ordinal);
        foreach (var ids in rows.Where(IsOf).Select(row => row.Id).Chunk(500))
        {
            foreach (var answer in await database.Answers.AsNoTracking().Where(answer => ids.Contains(answer.Id)).ToListAsync(cancel)) found[answer.Id] = answer;
        }

        return found;
    }

    /// <summary>Why this worker cannot hear the person confirm; null when nothing stands in the way.</summary>
    public static string? FindObjection(Answer answer, string subject)
    {
        if (answer.Assurance != ConsentAssurance.Assisted) return null;
        return answer.HelpedBy is null ? HelperUnknown : answer.HelpedBy == subject ? OwnHelp : null;
    }

    /// <summary>Moves the last day of a household with which there was contact, never past the last day of its yes.</summary>
    public static void Prolong(Household row, Protocol? protocol, DateOnly? until)
    {
        if (protocol?.Find<Clause.Retention>() is not { } retention) return;
        var last = row.ReceivedOn.AddDays(retention.ContactDays);
        if (until is { } end && end < last) last = end;
        if (last > row.DeleteBy) row.DeleteBy = last;
    }

    /// <summary>The person says that the yes is theirs: the first contact was made, and what it opens goes on.</summary>
    /// <param name="id">Of the household.</param>
    /// <param name="who">The worker to whom it was said.</param>
    /// <param name="told">How they were reached, and the next day.</param>
    /// <param name="cancel">Stops.</param>
    /// <returns>Null; or why it may not be said to this worker.</returns>
    public async Task<IResult?> ConfirmAsync(string id, Person who, ToldContact told, CancellationToken cancel)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        database.ChangeTracker.Clear();
        var answer = await database.Answers.SingleAsync(one => one.Id == id, cancel);
        if (FindObjection(answer, who.Subject) is { } objection) return ErrorCatalogue.NotPermitted.Problem(cause: objection);
        if (await database.Households.SingleOrDefaultAsync(one => one.Id == id && one.ClosedAs == null, cancel) is not { } row) return null;

        // Sent twice, or by two workers: once. And what was taken back meanwhile is not confirmed any more.
        if (answer.ConfirmedOn is not null || !words.Say(answer, ConsentAct.Confirm)) return null;
        var today = clock.Today();
        (answer.ConfirmedOn, answer.CheckedBy) = (today, who.Subject);
        database.HouseholdAttempts.Add(new HouseholdAttempt { Id = told.Key, HouseholdId = id, Day = today, Channel = told.Channel, Reached = true, Notice = false, ByName = who.Name, At = clock.GetUtcNow() });
        row.ContactedOn ??= today;
        row.InformedOn ??= today;
        row.NextOn = told.Next;
        Prolong(row, (await register.ViewAsync(cancel)).Text(row.ProtocolHash), answer.Until);
        await database.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return null;
    }

    /// <summary>The person says that the yes is not theirs: erased at once, and the data protection officer is told.</summary>
    /// <param name="shown">The household.</param>
    /// <param name="who">The worker to whom it was said.</param>
    /// <param name="back">Where to go then.</param>
    /// <param name="cancel">Stops before it is said.</param>
    public async Task<IResult> DenyAsync(Household shown, Person who, string back, CancellationToken cancel)
    {
        await using (var transaction = await database.Database.BeginTransactionAsync(cancel))
        {
            database.ChangeTracker.Clear();
            var answer = await database.Answers.SingleAsync(one => one.Id == shown.Id, cancel);
            var row = await database.Households.SingleOrDefaultAsync(one => one.Id == shown.Id && one.ClosedAs == null, cancel);
            if (row is null || answer.ConfirmedOn is not null) return Results.LocalRedirect(back);
            (row.Outcome, row.ClosedAs) = (OutcomeCodes.InError, ErasureCause.Outcome);
            answer.DeniedOn = clock.Today();

            // Whoever helped may hear it too: it opens nothing.
            answer.CheckedBy = answer.HelpedBy == who.Subject ? null : who.Subject;
            database.Tell(EventTypes.AnswerDenied, shown.ListId, null, clock.GetUtcNow());
            await database.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            database.ChangeTracker.Clear();
        }

        // First what was said, then the key: what a kill leaves in between, the next start finishes with the cause that stands in the row.
        await erasure.EraseAsync([shown.Id], ErasureCause.Outcome, CancellationToken.None);
        return Results.LocalRedirect(back);
    }

    /// <summary>What is said at the first contact.</summary>
    public async Task<string> WordsAsync(Household row, CancellationToken cancel)
    {
        var answer = (await FindAsync(row, cancel))!;
        var list = await database.Lists.AsNoTracking().SingleAsync(one => one.Id == row.ListId, cancel);
        var protocol = (await register.ViewAsync(cancel)).Text(row.ProtocolHash);
        var last = protocol is null ? row.DeleteBy : row.ReceivedOn.AddDays(protocol.LongestKeptDays);
        if (answer.Until is { } until && until < last) last = until;
        var officer = protocol?.Find<Clause.Officers>()?.Contacts.FirstOrDefault(one => one.Party == Domain.Party.Recipient)?.Contact;
        return spoken.Say(SpokenWords.FirstAnswer, new Dictionary<string, string>
        {
            ["organisation"] = settings.Name, ["source"] = settings.Peer(list.Source)?.Name ?? list.Source, ["givenOn"] = Formats.Day(answer.GivenOn), ["deleteBy"] = Formats.Day(last), ["contact"] = officer ?? settings.Name,
        });
    }
}
