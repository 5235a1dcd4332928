using System.Text;
using Bereik.Magda;
using Bereik.Node.Work;
using Bereik.Source.Register;
using Bereik.Source.Requests;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Source.Features;

// Reads the register: what is new or changed replaces what was read before under the same name, and what is wrong is told and passed over.
internal sealed class ImportRegister(SourceDatabase database, SourceSettings settings, TimeProvider clock) : IWorkStep
{
    public const string StepKind = "register.import";
    private const string Magda = "magda";
    private const string Csv = "csv";
    private const int MostErrorsKept = 1000;
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);

    public string Kind => StepKind;

    // Asks for a run; the steward sees it at once.
    public static async Task<ImportRun> AskAsync(SourceDatabase database, DateTimeOffset now, CancellationToken cancel)
    {
        var run = new ImportRun { At = now, State = ImportState.Waiting };
        database.ImportRuns.Add(run);
        await database.SaveChangesAsync(cancel);
        database.Enqueue(StepKind, Subject(run), now);
        await database.SaveChangesAsync(cancel);
        return run;
    }

    public async Task<WorkResult> RunAsync(WorkRun run, CancellationToken cancel)
    {
        var id = long.Parse(run.Subject, System.Globalization.CultureInfo.InvariantCulture);
        // INVARIANT: what was approved is what leaves, so nothing is read between an approval and its deposit.
        var begun = await database.Database.ExecuteSqlAsync(
            $"""
            UPDATE register_state SET importing = 1
            WHERE NOT EXISTS (SELECT 1 FROM request WHERE state = 'approved')
            """, cancel);
        if (begun == 0) return WorkResult.Later(Wait);
        await database.ImportRuns.Where(import => import.Id == id).ExecuteUpdateAsync(set => set.SetProperty(import => import.State, ImportState.Busy), cancel);
        await database.ImportErrors.Where(error => error.Run == id).ExecuteDeleteAsync(cancel);

        var summary = new Summary(id);
        await using (var store = await RegisterStore.OpenAsync(database, cancel))
        {
            store.BeginRun();
            if (settings.Register.Magda is { } folder) await ReadMagdaAsync(store, settings.Resolve(folder), summary, run, cancel);
            if (settings.Register.Csv is { } file) await ReadCsvAsync(store, settings.Resolve(file), summary, run, cancel);
            store.Commit();
            store.Link();
        }

        return WorkResult.Done<SourceDatabase>((target, stop) => EndAsync(target, summary, ImportState.Done, clock.GetUtcNow(), stop));
    }

    public async Task FailedAsync(Node.Storage.NodeDatabase store, string subject, string code, CancellationToken cancel)
    {
        var summary = new Summary(long.Parse(subject, System.Globalization.CultureInfo.InvariantCulture));
        await EndAsync((SourceDatabase)store, summary, ImportState.Failed, clock.GetUtcNow(), cancel);
    }

    private static string Subject(ImportRun run) => run.Id.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private async Task ReadMagdaAsync(RegisterStore store, string folder, Summary summary, WorkRun run, CancellationToken cancel)
    {
        var total = Files(folder).LongCount();
        if (total == 0)
        {
            // An empty folder is more likely one that is not there than the end of every family.
            summary.Fail("", new RecordError(RegisterCodes.Empty, 0, ""));
            return;
        }

        var done = 0L;
        foreach (var file in Files(folder))
        {
            cancel.ThrowIfCancellationRequested();
            ReadMagdaFile(store, folder, file, summary);
            if (++done % 100 == 0) run.Report(done, total);
        }

        summary.Removed += store.RemoveUnseen(Magda);
        run.Report(done, total);
    }

    // SECURITY: a link could lead out of the folder that the operator named; hidden files are the work of editors and transfers.
    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.ReparsePoint });

    private void ReadMagdaFile(RegisterStore store, string folder, string file, Summary summary)
    {
        var name = Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/');
        store.See(Magda, name);
        byte[] digest;
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 14, FileOptions.SequentialScan);
            digest = store.Digest(stream);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            summary.Fail(name, new RecordError(MagdaErrorCodes.Unavailable, 0, ""));
            if (store.Remove(Magda, name)) summary.Removed++;
            return;
        }

        var earlier = store.Find(Magda, name);
        if (earlier is not null && digest.AsSpan().SequenceEqual(earlier))
        {
            summary.Unchanged++;
            return;
        }

        var (record, error) = MagdaRecord.Read(MagdaFolder.Read(file).Single(), $"magda {name}", settings.InszRules);
        if (record is null)
        {
            summary.Fail(name, error!);
            if (store.Remove(Magda, name)) summary.Removed++;
            return;
        }

        store.Write(Magda, name, digest, record);
        summary.Count(earlier);
    }

    private async Task ReadCsvAsync(RegisterStore store, string file, Summary summary, WorkRun run, CancellationToken cancel)
    {
        var label = Path.GetFileName(file);
        if (!File.Exists(file))
        {
            summary.Fail(label, new RecordError(RegisterCodes.Unavailable, 0, ""));
            return;
        }

        var rows = 0L;
        var isWhole = true;
        // Eight bytes of each name's keyed digest: enough to tell a row that comes twice, in little memory.
        var seen = new HashSet<long>();
        foreach (var row in CsvRegister.Read(file, settings.InszRules))
        {
            cancel.ThrowIfCancellationRequested();
            if (++rows % 500 == 0) run.Report(rows, 0);
            if (row.Record is null)
            {
                summary.Fail(label, row.Error!);
                // A row that does not say what it is about may be any that is missing below.
                if (row.Name.Length == 0) isWhole = false;
                else if (store.Remove(Csv, row.Name)) summary.Removed++;
                continue;
            }

            if (!seen.Add(BitConverter.ToInt64(store.Digest(Encoding.UTF8.GetBytes(row.Name)))))
            {
                summary.Fail(label, new RecordError(RegisterCodes.RowTwice, row.Line, "insz"));
                continue;
            }

            store.See(Csv, row.Name);
            var digest = store.Digest(Encoding.UTF8.GetBytes(row.Fields));
            var earlier = store.Find(Csv, row.Name);
            if (earlier is not null && digest.AsSpan().SequenceEqual(earlier))
            {
                summary.Unchanged++;
                continue;
            }

            store.Write(Csv, row.Name, digest, row.Record);
            summary.Count(earlier);
        }

        if (rows == 0) summary.Fail(label, new RecordError(RegisterCodes.Empty, 0, ""));
        else if (isWhole) summary.Removed += store.RemoveUnseen(Csv);
        run.Report(rows, rows);
    }

    // Requests that nobody decided on yet are counted again, since what they would send may have changed.
    private static async Task EndAsync(SourceDatabase target, Summary summary, ImportState state, DateTimeOffset now, CancellationToken cancel)
    {
        await target.Database.ExecuteSqlAsync($"UPDATE register_state SET importing = 0, revision = revision + 1", cancel);
        var revision = await RegisterRevision.ReadAsync(target, cancel);
        var run = await target.ImportRuns.SingleAsync(import => import.Id == summary.Run, cancel);
        run.State = state;
        run.EndedAt = now;
        (run.Added, run.Changed, run.Unchanged, run.Removed, run.InError) = (summary.Added, summary.Changed, summary.Unchanged, summary.Removed, summary.InError);
        target.ImportErrors.AddRange(summary.Errors);
        foreach (var request in await target.Requests.Where(request => request.State == RequestState.New || request.State == RequestState.Ready).ToListAsync(cancel))
        {
            request.State = RequestState.New;
            target.Enqueue(PreviewOrder.StepKind, PreviewOrder.Subject(request.Id, revision.Revision), now);
        }
    }

    private sealed class Summary(long run)
    {
        public long Run { get; } = run;

        public int Added { get; private set; }

        public int Changed { get; private set; }

        public int Unchanged { get; set; }

        public int Removed { get; set; }

        public int InError { get; private set; }

        public List<ImportError> Errors { get; } = [];

        public void Count(byte[]? earlier)
        {
            if (earlier is null) Added++;
            else Changed++;
        }

        public void Fail(string file, RecordError error)
        {
            InError++;
            if (Errors.Count < MostErrorsKept) Errors.Add(new ImportError { Run = Run, File = file, Line = error.Line, ColumnAt = error.Column, Code = error.Code });
        }
    }
}
