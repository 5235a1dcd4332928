using Bereik.Domain;
using Bereik.Exchange.Invitations;
using Bereik.Exchange.Letters;
using Bereik.Node.Work;
using Bereik.Source.Letters;
using Bereik.Source.Requests;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Source.Waves;

// Prints the letters that confirm objections: whoever did not say it themselves must learn that somebody did, and how to undo it.
internal sealed class ConfirmObjections(SourceDatabase database, SourceSettings settings, TimeProvider clock) : IWorkStep
{
    public const string StepKind = "objections.confirm";

    private static readonly Lazy<LetterTemplate> Text = new(Load);

    public string Kind => StepKind;

    public static LetterTemplate Template => Text.Value;

    public static LetterWriter Writer(LetterSettings settings, DateOnly day) => new(
        Template, LetterVariant.First,
        new Dictionary<string, string> { ["date"] = day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), ["signer"] = settings.Signer, ["sourcePhone"] = settings.Phone, ["dpo"] = settings.Officer },
        new LetterRules { AnswerPage = new Uri(settings.AnswerPage) }, LetterChecks.OfNews);

    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        if (settings.Letters is not { } letters) return WorkResult.Later(TimeSpan.FromSeconds(settings.PollSeconds));
        var objections = await database.Objections.AsNoTracking().Where(objection => objection.Batch == run.Subject && objection.ConfirmedAt == null).OrderBy(objection => objection.Number).ToListAsync(cancel);
        var selection = await Selection.OpenAsync(database, clock.Today(), cancel);
        var (addressed, printed) = (new List<(string Number, Letter Letter)>(), new List<string>());
        foreach (var objection in objections)
        {
            // Who died or is shielded is not written to; what they said holds all the same.
            if (!LetterNumber.TryParse(objection.Number, out var number) || !selection.MayBeWrittenTo(objection.Person) || selection.FindAddressee(objection.Person) is not { } addressee) continue;
            addressed.Add((objection.Number, addressee.ToLetter(number.Printed, "", selection.NamesAround(objection.Person))));
        }

        if (addressed.Count > 0)
        {
            using var writer = Writer(letters, clock.Today());
            if (writer.Problems.Count > 0) return WorkResult.Failed(WaveCode.TextChanged);
            var folder = WaveFiles.ObjectionFolder(settings);
            WaveFiles.MakeFolder(folder);
            WaveFiles.Write(folder, WaveFiles.ObjectionName(run.Subject), file =>
            {
                var at = 0;
                return writer.Write(file, addressed.Select(one => one.Letter), (_, outcome) =>
                {
                    if (outcome.Page > 0) printed.Add(addressed[at].Number);
                    at++;
                }, cancel) > 0;
            });
        }

        return WorkResult.Done<SourceDatabase>(async (target, stop) =>
        {
            var now = clock.GetUtcNow();
            if (printed.Count > 0) target.ObjectionFiles.Add(new ObjectionFile { Batch = run.Subject, Letters = printed.Count, MadeAt = now });
            foreach (var objection in await target.Objections.Where(objection => printed.Contains(objection.Number)).ToListAsync(stop)) objection.ConfirmedAt = now;
        });
    }

    private static LetterTemplate Load()
    {
        const string Name = "letters/bezwaar-bevestigd.yaml";
        using var stream = typeof(LetterFile).Assembly.GetManifestResourceStream(Name) ?? throw new InvalidOperationException($"{Name} is not in the assembly.");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        var file = LetterFile.Read(bytes.ToArray());
        return file.Template ?? throw new InvalidDataException($"{Name}:{file.Errors[0].Line}: {file.Errors[0].Code}");
    }
}
