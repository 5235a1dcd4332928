using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Bereik.Ledger;

/// <summary>One file of the journal.</summary>
internal sealed class Segment(string path, long sequence, ulong salt, SafeFileHandle file)
{
    public string Path => path;

    public long Sequence => sequence;

    public ulong Salt => salt;

    public SafeFileHandle File => file;

    // Where the next record goes: after the last one that is durable.
    public long End { get; set; }

    public bool HasRecords { get; set; }
}

/// <summary>A segment as it was found.</summary>
/// <param name="Segment">The file, open.</param>
/// <param name="Base">The signed checkpoint that it starts from.</param>
/// <param name="Records">What was added, in order.</param>
internal sealed record SegmentRead(Segment Segment, SignedNote Base, IReadOnlyList<JournalRecord> Records);

/// <summary>Entries that became durable together.</summary>
/// <param name="Size">Size of the tree before them.</param>
/// <param name="Entries">The entries.</param>
/// <param name="Note">The signed checkpoint after them.</param>
internal sealed record JournalRecord(long Size, IReadOnlyList<ReadOnlyMemory<byte>> Entries, ReadOnlyMemory<byte> Note);

/// <summary>
/// The journal: records of entries with the signed checkpoint of the tree that they make, each durable with one sync. It is a row of files. A
/// segment starts with a signed checkpoint, its base; what stood before its base is durable in the static files. A file that is done is used
/// again, because overwriting costs half of what growing does: no block and no length to make durable.
/// </summary>
/// <remarks>
/// <para>Segment: <c>BRKLOGH1</c>, salt (8), length of the note (4), note, SHA-256 of all that.</para>
/// <para>Record: <c>BRKLOGR1</c>, salt (8), size before (8), number of entries (4), length of the record (4), each entry after its length (2), length of
/// the note (4), note, SHA-256 of all that. Numbers are little-endian.</para>
/// <para>The salt is random, stands in the file's name, and tells a segment's records from what an earlier use of the file, or an entry, left there.</para>
/// </remarks>
internal sealed class Journal : IDisposable
{
    public const int MostEntries = 4096;
    public const int MostEntryBytes = 4 * 1024 * 1024;
    private const int RecordHead = 32;
    private const int SegmentHead = 20;
    private const int Digest = 32;
    private const int MostRecordBytes = RecordHead + MostEntryBytes + (2 * MostEntries) + EntryBundle.LongestEntry + 4 + SignedNote.MostBytes + Digest;
    private const string Extension = ".journal";

    // The folder's lock keeps other writers out; a reader may look.
    private const FileShare Sharing = FileShare.ReadWrite | FileShare.Delete;

    private readonly Lock gate = new();
    private readonly string folder;
    private readonly int segmentBytes;
    private readonly LogProbe probe;
    private byte[] buffer = new byte[64 * 1024];
    private List<Segment> older = [];
    private Segment? current;
    private Segment? next;
    private long lastSequence;

    public Journal(string folder, int segmentBytes, LogProbe probe, IEnumerable<SegmentRead> found)
    {
        (this.folder, this.segmentBytes, this.probe) = (folder, segmentBytes, probe);
        foreach (var one in found)
        {
            older.Add(one.Segment);
            lastSequence = one.Segment.Sequence;
        }

        // What was replayed is not written on: its file may hold what the disk never kept. It goes once the static files are durable.
        if (older is [{ HasRecords: false } only]) (current, older) = (only, []);
    }

    private static ReadOnlySpan<byte> SegmentMagic => "BRKLOGH1"u8;

    private static ReadOnlySpan<byte> RecordMagic => "BRKLOGR1"u8;

    // Whether there is anything that the static files may not have durably.
    public bool HasRecords => older.Count > 0 || current is { HasRecords: true };

    // The segments of a folder. A last record that is torn is left out: nobody was told that it is there.
    public static IReadOnlyList<SegmentRead> Read(string folder)
    {
        var found = new List<SegmentRead>();
        var unused = new List<string>();
        foreach (var (path, sequence, salt) in Names(folder))
        {
            var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, Sharing);
            var segment = new Segment(path, sequence, salt, file);
            try
            {
                var bytes = new byte[RandomAccess.GetLength(file)];
                for (var at = 0; at < bytes.Length;)
                {
                    var read = RandomAccess.Read(file, bytes.AsSpan(at), at);
                    if (read == 0) throw Damaged(path, at);
                    at += read;
                }

                if (!TryReadHead(bytes, salt, out var note, out var end))
                {
                    // The next file lies ready before it is used; nothing stands in it. The first was begun when the log was made.
                    if (found.Count == 0 || HasRecordFrom(bytes, salt, 0)) throw Damaged(path, 0);
                    unused.Add(path);
                    file.Dispose();
                    continue;
                }

                if (unused.Count > 0) throw Damaged(unused[0], 0);
                var records = new List<JournalRecord>();
                while (TryReadRecord(bytes.AsMemory(end), salt, out var record, out var length))
                {
                    if (records is [.., var last] && record.Size != last.Size + last.Entries.Count) throw Damaged(path, end);
                    records.Add(record);
                    end += length;
                }

                // INVARIANT: a record is written when the one before it is durable, so a good one after a bad one means that the bad one was good.
                if (HasRecordFrom(bytes, salt, end)) throw Damaged(path, end);
                segment.End = end;
                segment.HasRecords = records.Count > 0;
                found.Add(new SegmentRead(segment, note, records));
            }
            catch
            {
                file.Dispose();
                foreach (var one in found) one.Segment.File.Dispose();
                throw;
            }
        }

        foreach (var path in unused) File.Delete(path);
        return found;
    }

    public static bool HasFiles(string folder) => Names(folder).Any();

    // Whether a log was ever made here; a file without a good start and without a record is what a making that was cut short left.
    public static bool IsBegun(string folder)
    {
        foreach (var (path, _, salt) in Names(folder))
        {
            var bytes = File.ReadAllBytes(path);
            if (TryReadHead(bytes, salt, out _, out _) || HasRecordFrom(bytes, salt, 0)) return true;
        }

        return false;
    }

    // What a making that was cut short left.
    public static void Clear(string folder)
    {
        foreach (var (path, _, _) in Names(folder)) File.Delete(path);
    }

    public static LogBrokenException Damaged(string path, long at) => new("log.journal", FormattableString.Invariant($"{Path.GetFileName(path)} at {at}"));

    // Makes entries durable. Gives the segments that ended before them.
    public List<Segment> Write(SignedNote before, long size, IReadOnlyList<byte[]> entries, byte[] note)
    {
        var target = current;
        if (target is null || target.End >= 4L * segmentBytes || (target.End >= segmentBytes && next is not null)) target = Take();
        var offset = target == current ? target.End : 0;
        var length = offset == 0 ? PutHead(target.Salt, before.ToBytes()) : 0;
        length = PutRecord(length, target.Salt, size, entries, note);
        return Put(target, offset, length, hasRecords: true);
    }

    // Starts a segment with nothing in it. Gives the segments that ended before it.
    public List<Segment> Begin(SignedNote note)
    {
        var target = Take();
        return Put(target, 0, PutHead(target.Salt, note.ToBytes()), hasRecords: false);
    }

    // Whether the next file should be made ready; not for a log that is hardly used.
    public bool WantsNext => next is null && current is { } now && now.End >= segmentBytes / 4;

    // Has a file ready before it is needed, with its blocks allotted.
    public void Prepare()
    {
        var segment = Create();
        try
        {
            var zeros = new byte[Math.Min(segmentBytes, 1024 * 1024)];
            for (long at = 0; at < segmentBytes; at += zeros.Length) RandomAccess.Write(segment.File, zeros, at);
            Disk.SyncData(segment.File);
            Disk.SyncFolder(folder);
        }
        catch (Exception failed) when (Disk.IsFailure(failed))
        {
            Drop(segment);
            throw;
        }

        Offer(segment);
    }

    // What these segments hold is durable elsewhere.
    public void Retire(List<Segment> segments)
    {
        while (segments is [var done, ..])
        {
            probe.Before(LogStep.SegmentRetire, done.Path);
            if (next is not null || RandomAccess.GetLength(done.File) < segmentBytes)
            {
                Drop(done);
            }
            else
            {
                var again = Named(done.File);
                File.Move(done.Path, again.Path);
                Disk.SyncFolder(folder);
                Offer(again);
            }

            segments.RemoveAt(0);
        }

        Disk.SyncFolder(folder);
    }

    // The file that lies ready is not needed any more.
    public void DropNext()
    {
        lock (gate)
        {
            if (next is not { } unused) return;
            next = null;
            Drop(unused);
        }
    }

    public void Dispose()
    {
        current?.File.Dispose();
        next?.File.Dispose();
        foreach (var segment in older) segment.File.Dispose();
    }

    private static IEnumerable<(string Path, long Sequence, ulong Salt)> Names(string folder)
    {
        var names = new List<(string Path, long Sequence, ulong Salt)>();
        foreach (var path in Directory.EnumerateFiles(folder, "*" + Extension))
        {
            var parts = Path.GetFileNameWithoutExtension(path).Split('-');
            if (parts.Length == 2
                && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
                && ulong.TryParse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var salt)) names.Add((path, sequence, salt));
        }

        return names.OrderBy(one => one.Sequence);
    }

    private static bool HasRecordFrom(byte[] bytes, ulong salt, int start)
    {
        Span<byte> mark = stackalloc byte[16];
        RecordMagic.CopyTo(mark);
        BinaryPrimitives.WriteUInt64LittleEndian(mark[8..], salt);
        for (var at = start; at < bytes.Length;)
        {
            var hit = bytes.AsSpan(at).IndexOf(mark);
            if (hit < 0) return false;
            if (TryReadRecord(bytes.AsMemory(at + hit), salt, out _, out _)) return true;
            at += hit + 1;
        }

        return false;
    }

    private static bool TryReadHead(byte[] bytes, ulong salt, [NotNullWhen(true)] out SignedNote? note, out int end)
    {
        (note, end) = (null, 0);
        if (bytes.Length < SegmentHead || !bytes.AsSpan().StartsWith(SegmentMagic) || BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(8)) != salt) return false;
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(16));
        if (length is <= 0 or > SignedNote.MostBytes || bytes.Length < SegmentHead + length + Digest) return false;
        end = SegmentHead + length + Digest;
        return HasDigest(bytes.AsSpan(0, end)) && SignedNote.TryParse(bytes.AsSpan(SegmentHead, length), out note, out _);
    }

    private static bool TryReadRecord(ReadOnlyMemory<byte> memory, ulong salt, [NotNullWhen(true)] out JournalRecord? record, out int length)
    {
        (record, length) = (null, 0);
        var bytes = memory.Span;
        if (bytes.Length < RecordHead || !bytes.StartsWith(RecordMagic) || BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]) != salt) return false;
        var size = BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]);
        var count = BinaryPrimitives.ReadInt32LittleEndian(bytes[24..]);
        length = BinaryPrimitives.ReadInt32LittleEndian(bytes[28..]);
        if (size < 0 || count is <= 0 or > MostEntries || length is < RecordHead + 4 + Digest or > MostRecordBytes || bytes.Length < length || !HasDigest(bytes[..length])) return false;
        var entries = new ReadOnlyMemory<byte>[count];
        var at = RecordHead;
        var end = length - Digest - 4;
        for (var i = 0; i < count; i++)
        {
            if (at + 2 > end) return false;
            var entry = BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);
            if (at + 2 + entry > end) return false;
            entries[i] = memory.Slice(at + 2, entry);
            at += 2 + entry;
        }

        if (BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]) != end - at) return false;
        record = new JournalRecord(size, entries, memory[(at + 4)..(length - Digest)]);
        return true;
    }

    private static bool HasDigest(ReadOnlySpan<byte> bytes)
    {
        Span<byte> digest = stackalloc byte[Digest];
        SHA256.HashData(bytes[..^Digest], digest);
        return bytes[^Digest..].SequenceEqual(digest);
    }

    private List<Segment> Put(Segment target, long offset, int length, bool hasRecords)
    {
        try
        {
            probe.Write(LogStep.JournalWrite, target.Path, target.File, buffer.AsSpan(0, length), offset);
        }
        catch (Exception failed) when (Disk.IsFailure(failed))
        {
            Cut(target, offset);
            throw new LogUnavailableException(Disk.CodeOf(failed), isRetryable: true);
        }

        try
        {
            probe.Before(LogStep.JournalSync, target.Path);
            Disk.SyncData(target.File);
        }
        catch (Exception failed) when (Disk.IsFailure(failed))
        {
            // INVARIANT: after a failed sync the system may have dropped what it could not write, and says so once; no later sync proves anything.
            throw new LogUnavailableException("log.syncFailed", isRetryable: false);
        }

        target.End = offset + length;
        target.HasRecords = hasRecords;
        if (target == current) return [];
        lock (gate)
        {
            List<Segment> ended = current is null ? older : [.. older, current];
            (current, older) = (target, []);
            if (next == target) next = null;
            return ended;
        }
    }

    private void Cut(Segment target, long offset)
    {
        try
        {
            probe.Before(LogStep.JournalCut, target.Path);
            RandomAccess.SetLength(target.File, offset);
        }
        catch (Exception failed) when (Disk.IsFailure(failed))
        {
            throw new LogUnavailableException("log.journalCut", isRetryable: false);
        }
    }

    private int PutHead(ulong salt, byte[] note)
    {
        var length = SegmentHead + note.Length + Digest;
        Grow(length);
        var bytes = buffer.AsSpan();
        SegmentMagic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], salt);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[16..], note.Length);
        note.CopyTo(bytes[SegmentHead..]);
        SHA256.HashData(bytes[..(length - Digest)], bytes[(length - Digest)..]);
        return length;
    }

    private int PutRecord(int start, ulong salt, long size, IReadOnlyList<byte[]> entries, byte[] note)
    {
        var length = RecordHead + (2 * entries.Count) + 4 + note.Length + Digest;
        for (var i = 0; i < entries.Count; i++) length += entries[i].Length;
        Grow(start + length);
        var bytes = buffer.AsSpan(start, length);
        RecordMagic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], salt);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], size);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[24..], entries.Count);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[28..], length);
        var at = RecordHead;
        for (var i = 0; i < entries.Count; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes[at..], (ushort)entries[i].Length);
            entries[i].CopyTo(bytes[(at + 2)..]);
            at += 2 + entries[i].Length;
        }

        BinaryPrimitives.WriteInt32LittleEndian(bytes[at..], note.Length);
        note.CopyTo(bytes[(at + 4)..]);
        SHA256.HashData(bytes[..^Digest], bytes[^Digest..]);
        return start + length;
    }

    private void Grow(int length)
    {
        if (buffer.Length < length) Array.Resize(ref buffer, Math.Max(length, 2 * buffer.Length));
    }

    // The segment that comes after the current one. It stays `next` until something durable stands in it.
    private Segment Take()
    {
        lock (gate)
        {
            if (next is not null) return next;
            try
            {
                next = Create();
                Disk.SyncFolder(folder);
                return next;
            }
            catch (Exception failed) when (Disk.IsFailure(failed))
            {
                throw new LogUnavailableException(Disk.CodeOf(failed), isRetryable: true);
            }
        }
    }

    // A file that was made ready meanwhile may have come too late: segments are used in the order of their numbers.
    private void Offer(Segment segment)
    {
        lock (gate)
        {
            if (next is null && current is not null && segment.Sequence > current.Sequence)
            {
                next = segment;
                return;
            }
        }

        Drop(segment);
    }

    private Segment Create()
    {
        probe.Before(LogStep.SegmentCreate, folder);
        return Named(null);
    }

    private Segment Named(SafeFileHandle? file)
    {
        var sequence = Interlocked.Increment(ref lastSequence);
        var salt = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8));
        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{sequence:d12}-{salt:x16}{Extension}"));
        return new Segment(path, sequence, salt, file ?? File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, Sharing));
    }

    private static void Drop(Segment segment)
    {
        segment.File.Dispose();
        File.Delete(segment.Path);
    }
}
