using Bereik.Domain;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Invitations;
using Bereik.Exchange.Keys;
using Bereik.Exchange.Signatures;
using Bereik.Local.Households;
using Bereik.Local.Orders;
using Bereik.Local.Storage;
using Bereik.Node.Requests;
using Bereik.Sealing.Invitations;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Letters;

/// <summary>Takes in a yes to a letter that was released: opened, held against the wave that the source signed, and stored under a key of its own. What does not fit is stored nowhere.</summary>
internal sealed partial class ReceiveAnswer(
    LocalDatabase database, LocalSettings settings, HubOrders orders, RunningLists running, OwnProtocols protocols, AnswerWords words, HouseholdKeys households, HouseholdIndex index, NodeClient client, SealingKey sealing, TimeProvider clock, ILogger<ReceiveAnswer> logger)
{
    /// <summary>Takes one in.</summary>
    /// <param name="told">As the hub tells it; not of the store.</param>
    /// <param name="list">Its wave.</param>
    /// <param name="cancel">Stops.</param>
    /// <returns>False when it must wait: what its wave was opened with is not here yet, or nothing may go on now.</returns>
    /// <exception cref="HttpRequestException">The hub did not answer: it is read again.</exception>
    public async Task<bool> TakeAsync(HubAnswer told, OrderedList list, CancellationToken cancel)
    {
        var id = told.Id.ToString("D");
        if (await database.OpenedWaves.AsNoTracking().SingleOrDefaultAsync(wave => wave.ListId == list.Id, cancel) is not { } wave)
        {
            if (!ListStates.IsEnded(list.State)) return false;
            await RefuseAsync(id, "wave.notOpened", isHandedOut: false, cancel);
            return true;
        }

        // Where protocol or accession stopped, the hub lets it lapse; until then it waits there.
        if (await running.FindStopAsync(list, cancel) is not null) return false;
        if (households.FindDestroyed(id) is not null)
        {
            await RefuseAsync(id, "answer.erased", isHandedOut: false, cancel);
            return true;
        }

        HubSealedAnswer sealedAnswer;
        try
        {
            sealedAnswer = await client.GetAsync<HubSealedAnswer>(settings.PeerOf(OrganisationKind.Hub).Id, $"/v1/answers/{id}/sealed", cancel);
        }
        catch (PeerRefusedException)
        {
            // Taken back, or lapsed, between the telling and the asking: it comes again, with what became of it.
            return true;
        }

        var opening = SignedDocument.Parse<WaveOpening>(wave.Document).Value.Document;
        var (person, wrong) = Open(told, list, opening, sealedAnswer);
        if (person is null) await RefuseAsync(id, wrong!, isHandedOut: true, cancel);
        else await StoreAsync(told, list, person, sealedAnswer.Choices, cancel);
        return true;
    }

    // SECURITY: the hub's word is not enough: the source must have signed this letter, in this wave, to this key, after these words.
    private (InvitedPerson? Person, string? Code) Open(HubAnswer told, OrderedList list, WaveOpening opening, HubSealedAnswer sealedAnswer)
    {
        if (sealedAnswer.Choices is null || sealedAnswer.Choices.FindWrongMember() is not null) return (null, "answer.choices");
        if (!LetterNumber.TryParse(told.Number, out var number)) return (null, "answer.number");
        if (orders.SourceKey(list.Source, opening.SourceKid) is not { } key || key.Kid != opening.SourceKid) return (null, "answer.sourceKey");
        if (opening.RecipientKid != sealing.Kid) return (null, "answer.recipientKey");
        var binding = new InvitationBinding(opening.Id, opening.ProtocolHash, opening.RecipientKid);
        if (InvitationSeal.Open(sealedAnswer.Inner ?? "", number, binding, key, sealing) is not { } signed) return (null, "answer.notOpened");
        return signed.Document.Notice == opening.Notice ? (signed.Document.Person, null) : (null, "answer.notice");
    }

    private async Task StoreAsync(HubAnswer told, OrderedList list, InvitedPerson person, AnswerChoices choices, CancellationToken cancel)
    {
        var id = told.Id.ToString("D");
        var today = clock.Today();
        var protocol = (await protocols.TextAsync(list.ProtocolHash, cancel))!;
        var record = new HouseholdRecord
        {
            Beneficiaries = [new PersonName(person.GivenNames, person.FamilyName)], Street = person.Street, HouseNumber = person.HouseNumber, Box = person.Box, Postcode = person.Postcode, Place = person.Place, ReferenceMonth = list.ReferenceMonth.ToString(),
        };

        // The key first: a row without a key would say nothing. What a kill leaves in between is forgotten at the next start, and made anew.
        var kept = households.Seal(id, new KeptHousehold(record, []) { Choices = choices }.ToJson());
        await using (var transaction = await database.Database.BeginTransactionAsync(cancel))
        {
            var answer = await database.Answers.SingleAsync(one => one.Id == id, cancel);
            answer.IsHandedOut = true;
            answer.ReceivedOn = today;
            if (!words.Say(answer, ConsentAct.Receive)) throw new InvalidOperationException("An answer that was released cannot be received.");
            database.Households.Add(new Household
            {
                Id = id, ListId = list.Id, ProtocolId = protocol.Id, ProtocolVersion = protocol.Version, ProtocolHash = protocol.Hash, Clause = "doel", Purpose = Purpose.RequestedHelp.WireName(), ReceivedOn = today,
                InformBy = today.AddDays(protocol.InformByDays), DeleteBy = Earlier(today.AddDays(protocol.DeleteByDays), told.Until), Record = kept,
            });
            var stored = await database.Lists.SingleAsync(one => one.Id == list.Id, cancel);
            stored.ReceivedOn ??= today;
            stored.Delivered = (stored.Delivered ?? 0) + 1;
            await database.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }

        database.ChangeTracker.Clear();
        await index.RenewAsync(list.Id);
    }

    // Kept with a code, and not tried again: whoever leads the team sees it.
    private async Task RefuseAsync(string id, string code, bool isHandedOut, CancellationToken cancel)
    {
        LogNotTaken(code);
        await database.Answers.Where(answer => answer.Id == id).ExecuteUpdateAsync(set => set.SetProperty(answer => answer.Code, code).SetProperty(answer => answer.IsHandedOut, answer => answer.IsHandedOut || isHandedOut), cancel);
    }

    private static DateOnly Earlier(DateOnly one, DateOnly other) => one < other ? one : other;

    [LoggerMessage(LogLevel.Warning, "A yes to a letter is not taken in ({Code}).")]
    private partial void LogNotTaken(string code);
}
