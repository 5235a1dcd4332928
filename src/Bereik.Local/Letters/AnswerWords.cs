using System.Text;
using Bereik.Domain;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Signatures;
using Bereik.Local.Storage;
using Bereik.Node.Requests;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Local.Letters;

/// <summary>What this organisation says of a yes: signed and kept in the caller's transaction, and brought to the hub until the hub has it.</summary>
internal sealed partial class AnswerWords(LocalDatabase database, LocalSettings settings, NodeKeys keys, NodeClient client, TimeProvider clock, ILogger<AnswerWords> logger)
{
    private string Hub => settings.PeerOf(OrganisationKind.Hub).Id;

    /// <summary>Says a step; nothing when it cannot be said now.</summary>
    /// <param name="answer">The answer, tracked.</param>
    /// <param name="act">The step.</param>
    /// <param name="attest">With <see cref="ConsentAct.Erase"/>: the certificate.</param>
    /// <returns>False when this step cannot be said now.</returns>
    public bool Say(Answer answer, ConsentAct act, ErasureAttest? attest = null)
    {
        if (answer.Wave is not { } wave || answer.Standing.After(act, ConsentSide.Recipient) is not { } next) return false;
        var now = clock.GetUtcNow();
        var step = new ConsentStep
        {
            Id = Guid.Parse(answer.Id), Wave = Guid.Parse(wave), By = settings.Organisation, Act = act.WireName(), Certificate = attest is null ? null : Bytes32.Sha256(Encoding.ASCII.GetBytes(attest.Document)),
            At = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()),
        };
        answer.Take(next);
        database.AnswerSteps.Add(new AnswerStep { AnswerId = answer.Id, Act = step.Act, Document = SignedDocument.Sign(step, keys.Signing).Compact, AttestId = attest?.Id, At = now });
        return true;
    }

    /// <summary>Brings the hub what it does not have yet, each answer's steps in their order.</summary>
    /// <exception cref="HttpRequestException">The hub did not answer: what is left goes with the next attempt, the same bytes.</exception>
    public async Task SendAsync(CancellationToken cancel)
    {
        var waits = new HashSet<string>(StringComparer.Ordinal);
        foreach (var step in await database.AnswerSteps.AsNoTracking().Where(one => one.SentAt == null).OrderBy(one => one.Sequence).ToListAsync(cancel))
        {
            if (waits.Contains(step.AnswerId)) continue;
            string? code = null;
            try
            {
                var body = new Dictionary<string, string> { ["step"] = step.Document };
                if (step.AttestId is { } attest) body["certificate"] = await database.ErasureAttests.AsNoTracking().Where(one => one.Id == attest).Select(one => one.Document).SingleAsync(cancel);
                await client.PostAsync(Hub, $"/v1/answers/{step.AnswerId}/steps", body, cancel);
            }
            catch (PeerRefusedException refused)
            {
                code = refused.Code;
            }

            // What the holder or the hub said first counts, and comes with the next reading. That it is erased is said until the hub has it.
            var isLeft = code is not null && step.Act == ConsentAct.Erase.WireName();
            if (isLeft) waits.Add(step.AnswerId);
            if (code is not null && code != step.Code) LogRefused(step.Act, code);
            DateTimeOffset? sent = isLeft ? null : clock.GetUtcNow();
            await database.AnswerSteps.Where(one => one.Sequence == step.Sequence).ExecuteUpdateAsync(set => set.SetProperty(one => one.SentAt, sent).SetProperty(one => one.Code, code), cancel);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The hub does not take the step '{Act}' of an answer ({Code}).")]
    private partial void LogRefused(string act, string code);
}
