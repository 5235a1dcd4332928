namespace Bereik.Exchange.Envelopes;

/// <summary>Lines of a stream, each ended by one line feed, with a limit to their length.</summary>
internal sealed class NdjsonLines(Stream stream)
{
    private byte[] buffer = new byte[32 << 10];
    private int start;
    private int end;

    /// <summary>The number of the line last read, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>The next line without its line feed, valid until the next call; no line at the end of the stream.</summary>
    public async ValueTask<Line> ReadAsync(int limit, CancellationToken cancellation)
    {
        var searched = 0;
        while (true)
        {
            var feed = buffer.AsSpan(start + searched, end - start - searched).IndexOf((byte)'\n');
            if (feed >= 0)
            {
                var length = searched + feed;
                Number++;
                if (length > limit) return Line.Failed(ParseError.At("envelope.lineTooLong", Number));
                var line = buffer.AsMemory(start, length);
                start += length + 1;
                return Line.Of(line);
            }

            searched = end - start;
            if (searched > limit) return Line.Failed(ParseError.At("envelope.lineTooLong", Number + 1));
            MakeRoom();
            var read = await stream.ReadAsync(buffer.AsMemory(end), cancellation);
            if (read == 0) return searched == 0 ? default : Line.Failed(ParseError.At("envelope.truncated", Number + 1));
            end += read;
        }
    }

    private void MakeRoom()
    {
        if (end < buffer.Length) return;
        var length = end - start;
        var target = length > buffer.Length / 2 ? new byte[buffer.Length * 2] : buffer;
        buffer.AsSpan(start, length).CopyTo(target);
        (buffer, start, end) = (target, 0, length);
    }

    /// <summary>A line, the reason why there is none, or (the default) the end of the stream.</summary>
    public readonly record struct Line(bool IsLine, ReadOnlyMemory<byte> Bytes, ParseError? Error)
    {
        public static Line Of(ReadOnlyMemory<byte> bytes) => new(true, bytes, null);

        public static Line Failed(ParseError error) => new(false, default, error);
    }
}
