using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Bereik.Ledger;

namespace Bereik.Bench;

/// <summary>
/// Durable appends of 300 bytes to the log against single-row commits of the same bytes in PostgreSQL (its defaults: fsync and synchronous_commit on), on the same disk, alternated. The oracle: PostgreSQL
/// counts its rows; the log is checked by the independent checker, and every acknowledged entry stands at its place.
/// </summary>
internal static class AppendBench
{
    private const int EntryBytes = 300;

    public static async Task<int> RunAsync(string[] args)
    {
        var rounds = Figures.Option(args, "--rounds", 5);
        var seconds = Figures.Option(args, "--seconds", 4);
        var clients = Figures.Option(args, "--clients", 64);
        var folder = Path.Combine(Path.GetTempPath(), $"bereik-bench-{Environment.ProcessId}");
        Directory.CreateDirectory(folder);
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException("The peer runs on Debian.");
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute);
        try
        {
            using var postgres = new Postgres(folder);
            var (theirs, ours, many, p99, syncs) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());
            await OwnAsync(folder, clients, 1, 1);
            for (var round = 0; round < rounds; round++)
            {
                theirs.Add(postgres.Run(clients, seconds));
                syncs.Add(SyncMicros(folder));
                var one = await OwnAsync(folder, clients, 1, seconds);
                ours.Add(one.PerSecond);
                p99.Add(one.P99Micros / syncs[^1]);
                many.Add((await OwnAsync(folder, clients, 32, seconds)).PerSecond);
            }

            Console.WriteLine($"{EntryBytes} bytes an entry, {clients} clients; every acknowledged entry was found at its place and the log passes the independent checker");
            Figures.Report("PostgreSQL, commits per second", theirs);
            Figures.Report("bereik, appends per second, one under way a client", ours);
            Figures.Report("bereik, appends per second, 32 under way a client", many);
            Figures.Report("ratio, one under way a client", [.. ours.Zip(theirs, (mine, peer) => mine / peer)], "N2");
            Figures.Report("ratio, 32 under way a client", [.. many.Zip(theirs, (mine, peer) => mine / peer)], "N2");
            Figures.Report("microseconds of one fdatasync of 8 kB", syncs);
            Figures.Report("99th percentile of an append, in fdatasyncs", p99, "N1");
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(double PerSecond, double P99Micros)> OwnAsync(string folder, int clients, int underWay, int seconds)
    {
        var place = Path.Combine(folder, "log");
        if (Directory.Exists(place)) Directory.Delete(place, recursive: true);
        Directory.CreateDirectory(place);
        using var key = NoteSigner.Generate("bench.example/log", NoteKeyKind.Ed25519);
        var options = new LogWriterOptions { Folder = Path.Combine(place, "public"), JournalFolder = Path.Combine(place, "journal"), Key = key };
        var acknowledged = new ConcurrentBag<List<(long Index, TreeHash Leaf)>>();
        var times = new ConcurrentBag<List<double>>();
        double elapsed;
        Checkpoint durable;
        await using (var log = LogWriter.Create(options))
        {
            var watch = Stopwatch.StartNew();
            await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(async () =>
            {
                var (positions, micros) = (new List<(long, TreeHash)>(), new List<double>());
                var next = 0;
                while (watch.Elapsed.TotalSeconds < seconds)
                {
                    var begun = Stopwatch.GetTimestamp();
                    var pending = new Task<LogPosition>[underWay];
                    var entries = new byte[underWay][];
                    for (var i = 0; i < underWay; i++) pending[i] = log.AppendAsync(entries[i] = Entry(client, next++), CancellationToken.None);
                    for (var i = 0; i < underWay; i++)
                    {
                        var position = await pending[i];
                        positions.Add((position.Index, position.Leaf));
                    }

                    micros.Add(Stopwatch.GetElapsedTime(begun).TotalMicroseconds);
                }

                acknowledged.Add(positions);
                times.Add(micros);
            })));
            elapsed = watch.Elapsed.TotalSeconds;
            durable = log.Durable;
        }

        await CheckAsync(options, key, durable, acknowledged.SelectMany(list => list).ToDictionary());
        var sorted = times.SelectMany(list => list).Order().ToList();
        return (durable.Size / elapsed, sorted[(int)(sorted.Count * 0.99)]);
    }

    private static async Task CheckAsync(LogWriterOptions options, NoteSigner key, Checkpoint durable, Dictionary<long, TreeHash> acknowledged)
    {
        var source = new FolderLog(options.Folder);
        if (!Checkpoint.TryOpen(await source.ReadAsync("checkpoint", CancellationToken.None), key.Verifier, out _, out var published, out _) || published != durable || acknowledged.Count != durable.Size) throw new InvalidDataException("What is published is not what was acknowledged.");
        await LogCheck.CheckAsync(source, published, (index, entry) =>
        {
            if (MerkleTree.LeafHash(entry.Span) != acknowledged[index]) throw new InvalidDataException("An acknowledged entry is not at its place.");
        }, CancellationToken.None);
    }

    private static byte[] Entry(int client, int number)
    {
        var entry = new byte[EntryBytes];
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"client {client} entry {number} "), entry);
        return entry;
    }

    // The floor: what the disk takes to keep two pages, in the same folder, now.
    private static double SyncMicros(string folder)
    {
        var file = Path.Combine(folder, "sync");
        using var handle = File.OpenHandle(file, FileMode.Create, FileAccess.Write);
        var page = new byte[8192];
        for (var at = 0; at < 256; at++) RandomAccess.Write(handle, page, at * 8192L);
        RandomAccess.FlushToDisk(handle);
        var micros = new List<double>();
        for (var i = 0; i < 200; i++)
        {
            var begun = Stopwatch.GetTimestamp();
            RandomAccess.Write(handle, page, i * 8192L);
            Disk.Sync(handle);
            micros.Add(Stopwatch.GetElapsedTime(begun).TotalMicroseconds);
        }

        return Figures.Median(micros);
    }

    // A cluster of its own under the folder, run as the user postgres.
    private sealed class Postgres : IDisposable
    {
        private const string Bin = "/usr/lib/postgresql/15/bin";
        private readonly string folder;

        public Postgres(string folder)
        {
            this.folder = Path.Combine(folder, "postgres");
            Directory.CreateDirectory(this.folder);
            Need(Figures.Start("chown", folder, "postgres", this.folder));
            As("initdb", "-D", Data, "-A", "trust", "-U", "bench", "--no-instructions");
            As("pg_ctl", "-D", Data, "-w", "-l", Path.Combine(this.folder, "server.log"), "-o", $"-c listen_addresses='' -c unix_socket_directories='{this.folder}' -c max_connections=200", "start");
            File.WriteAllText(Path.Combine(this.folder, "insert.sql"), $"INSERT INTO entry (bytes) VALUES (decode('{Convert.ToHexString(new byte[EntryBytes])}', 'hex'));\n");
            As("psql", "-q", "-h", this.folder, "-U", "bench", "-d", "postgres", "-c", "CREATE TABLE entry (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, bytes bytea NOT NULL)");
        }

        private string Data => Path.Combine(folder, "data");

        public double Run(int clients, int seconds)
        {
            var before = Rows();
            var output = As("pgbench", "-h", folder, "-U", "bench", "-n", "-f", Path.Combine(folder, "insert.sql"), "-c", Text(clients), "-j", "2", "-T", Text(seconds), "-M", "prepared", "postgres");
            var done = long.Parse(output.Split('\n').Single(line => line.StartsWith("number of transactions actually processed:", StringComparison.Ordinal)).Split(':')[1].Trim().Split('/')[0], CultureInfo.InvariantCulture);
            if (Rows() - before != done) throw new InvalidDataException("PostgreSQL does not have the rows that it committed.");
            return double.Parse(output.Split('\n').Single(line => line.StartsWith("tps = ", StringComparison.Ordinal)).Split(' ')[2], CultureInfo.InvariantCulture);
        }

        public void Dispose() => Figures.Start("runuser", folder, "-u", "postgres", "--", Path.Combine(Bin, "pg_ctl"), "-D", Data, "-m", "immediate", "stop");

        private long Rows() => long.Parse(As("psql", "-A", "-t", "-h", folder, "-U", "bench", "-d", "postgres", "-c", "SELECT count(*) FROM entry").Trim(), CultureInfo.InvariantCulture);

        private string As(string program, params string[] arguments) => Need(Figures.Start("runuser", folder, ["-u", "postgres", "--", Path.Combine(Bin, program), .. arguments]));

        private static string Need((int Code, string Output) ran) => ran.Code == 0 ? ran.Output : throw new InvalidOperationException("PostgreSQL did not run. Needed: Debian's postgresql, and root.");

        private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }
}
