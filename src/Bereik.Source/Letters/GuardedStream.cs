using System.Runtime.ExceptionServices;

namespace Bereik.Source.Letters;

// A stream that native code writes to. An exception cannot go through native code (the process would end), so it waits here until the writer asks.
internal sealed class GuardedStream(Stream destination) : Stream
{
    private ExceptionDispatchInfo? failure;

    // The places in the file are counted from its first byte, wherever the destination stands and whether or not it can tell.
    private long written;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => written;
        set => throw new NotSupportedException();
    }

    public void ThrowIfFailed() => failure?.Throw();

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    // After a failure nothing more is written: half a file with a hole in it would look like one.
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        written += buffer.Length;
        if (failure is not null) return;
        try
        {
            destination.Write(buffer);
        }
#pragma warning disable CA1031 // Whatever it is, it is thrown to the caller by ThrowIfFailed.
        catch (Exception wrong)
#pragma warning restore CA1031
        {
            failure = ExceptionDispatchInfo.Capture(wrong);
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
