using System.Globalization;
using System.Security.Cryptography;
using Bereik.Domain;
using Bereik.Edge;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Invitations;
using Bereik.Node.Requests;
using Bereik.Node.Storage;
using Bereik.Node.Work;
using Bereik.Sealing.Invitations;
using Bereik.Source.Features;
using Bereik.Source.Requests;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Source.Waves;

// Makes one part of a drawn wave: the letters for the printer, and their sealed invitations, which the next step leaves at the hub. Whatever stops it, it begins this part anew: same letters, numbers and
// codes, under the same names on the disk and at the hub.
internal sealed partial class PrintPart(
    SourceDatabase database, SourceSettings settings, RunningRequests running, LoggedOrders logged, EdgeKeys edgeKeys, NodeKeys keys, StoreKey storeKey, TimeProvider clock, ILogger<PrintPart> log) : IWorkStep
{
    public const string StepKind = "wave.part";

    public string Kind => StepKind;

    public static string Subject(string wave, int part) => string.Create(CultureInfo.InvariantCulture, $"{wave}@{part}");

    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        var (id, part) = Read(run.Subject);
        var request = await database.Requests.AsNoTracking().SingleAsync(candidate => candidate.Id == id, cancel);
        var wave = await database.Waves.AsNoTracking().SingleAsync(candidate => candidate.Id == id, cancel);
        if (request.ExpiresAt <= clock.GetUtcNow()) return WorkResult.Failed("request.expired");
        if (wave.OpensOn < clock.Today()) return WorkResult.Failed(WaveCode.Late);
        var asked = await running.ReadAndDecideAsync(request, cancel);
        if (request.State != RequestState.Approved || asked.Decision.Outcome != Outcome.Permit || asked.Protocol is not { } protocol)
        {
            return WorkResult.Failed<SourceDatabase>(request.Code ?? asked.Decision.Reasons[0].Code, async (target, stop) =>
            {
                if (asked.Decision.Outcome != Outcome.Permit) running.Stop(target, await target.Requests.SingleAsync(candidate => candidate.Id == id, stop), asked.Decision, asked.Facts, asked.Protocol);
            });
        }

        // INVARIANT: a key that was revoked, or a log that raised the alarm, keeps every further part here.
        if (await logged.ReadGapAsync(request, cancel) is not null) return WorkResult.Later(TimeSpan.FromSeconds(settings.PollSeconds));
        if (settings.Letters is not { } letters) return WorkResult.Failed(WaveReasons.NoLetters.Code);
        if (edgeKeys.SealingKeyOf(request.Recipient) is not { } recipient) return WorkResult.Failed("recipient.keyMissing");
        var order = request.ReadOrder().Document;
        using var text = WaveText.Of(letters, protocol, order.Letter!, wave.OpensOn);
        if (text.Problems.Count > 0 || text.First.Text!.Notice.ToString() != wave.Notice) return WorkResult.Failed(WaveCode.TextChanged);
        var ofPart = await ReadAsync(id, part, ReleaseTerms.Of(protocol, clock.Today(), settings, asked.Facts), cancel);
        if (ofPart is null) return WorkResult.Failed(WaveCode.LetterChanged);
        using var codes = OpenCodes(wave);
        var terms = new PartTerms(new InvitationBinding(order.Id, order.ProtocolHash, recipient.Kid), text.First.Text.Notice, keys.Signing, recipient);
        var maker = new PartMaker(text, codes, terms, WaveFiles.FolderOf(settings, id), letters.AlsoAsText);
        var before = part * WaveOpening.MostInPart;
        run.Report(before, wave.Letters);
        if (await maker.MakeAsync(part, ofPart, done => run.Report(before + done, wave.Letters), cancel) is not { } made) return WorkResult.Failed(WaveCode.LetterChanged);
        LogPart(part + 1, wave.PartCount, ofPart.Count, (long)made.Printing.TotalMilliseconds, (long)made.Sealing.TotalMilliseconds);
        return WorkResult.Done<SourceDatabase>(async (target, stop) =>
        {
            var now = clock.GetUtcNow();
            var stored = await target.Waves.SingleAsync(candidate => candidate.Id == id, stop);
            stored.FilesMadeAt ??= now;
            target.WaveParts.Add(new WavePart { Wave = id, Part = part, Digest = made.Digest.ToString() });
            target.Enqueue(DepositPart.StepKind, run.Subject, now);
        });
    }

    public Task FailedAsync(NodeDatabase store, string subject, string code, CancellationToken cancel) => Failure.StoreAsync((SourceDatabase)store, Read(subject).Wave, code, clock.GetUtcNow(), cancel);

    public static (string Wave, int Part) Read(string subject) => (subject[..36], int.Parse(subject.AsSpan(37), CultureInfo.InvariantCulture));

    // The letters of this part, with name and address from the register, which stands still from the approval until the opening. Null when somebody is not there any more.
    private async Task<List<PartLetter>?> ReadAsync(string id, int part, ReleaseTerms terms, CancellationToken cancel)
    {
        var selection = await Selection.OpenAsync(database, terms, cancel);
        var first = part * WaveOpening.MostInPart;
        var letters = new List<PartLetter>();
        foreach (var letter in await database.WaveLetters.AsNoTracking().Where(letter => letter.Wave == id && letter.Place >= first && letter.Place < first + WaveOpening.MostInPart).OrderBy(letter => letter.Place).ToListAsync(cancel))
        {
            if (!LetterNumber.TryParse(letter.Number, out var number) || selection.FindAddressee(letter.Person) is not { } addressee) return null;
            letters.Add(new PartLetter(letter.Place, number, addressee, selection.NamesAround(letter.Person)));
        }

        return letters;
    }

    private WaveCodes OpenCodes(Wave wave)
    {
        var key = storeKey.Open(wave.WaveKey ?? throw new InvalidOperationException("A wave that is being made has its key."), DrawWave.KeyOf(wave.Id));
        try
        {
            return WaveCodes.Import(key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    [LoggerMessage(LogLevel.Information, "Part {Part} of {Parts} of a wave: {Letters} letters, printed in {Printing} ms, sealed in {Sealing} ms.")]
    private partial void LogPart(int part, int parts, int letters, long printing, long sealing);
}
