namespace Bereik.Magda;

/// <summary>Passes on at most so many bytes, and remembers the first ones to tell an empty file or a document type from broken XML.</summary>
internal sealed class BoundedStream(Stream inner, long limit) : Stream
{
    private readonly byte[] _head = new byte[1024];
    private long _total;

    /// <summary>The first bytes, at most 1,024.</summary>
    public ReadOnlySpan<byte> Head => _head.AsSpan(0, (int)Math.Min(_total, _head.Length));

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        if (_total < _head.Length)
            buffer[..Math.Min(read, (int)(_head.Length - _total))].CopyTo(_head.AsSpan((int)_total));
        _total += read;
        return _total > limit ? throw new MagdaCursor.Stop(MagdaErrorCodes.TooLarge, 0, 0) : read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
