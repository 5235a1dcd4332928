using Bereik.Exchange.Envelopes;
using Bereik.Fuzz.Tests.Parsing;
using Shouldly;
using Xunit;

namespace Bereik.Fuzz.Tests.Bombs;

// Envelopes and token sets: a line without end is left after its limit, however much would follow.
public sealed class NdjsonBombTests
{
    [Fact]
    public async Task Manifest_WithoutAnEnd_IsLeftAtItsLimit()
    {
        using var endless = new Endless("{\"manifest\":\"");
        (await new EnvelopeReader(endless).ReadManifestAsync(CancellationToken.None)).Error.Code.ShouldBe("envelope.lineTooLong");
        endless.Given.ShouldBeLessThan(3L * EnvelopeFormat.MaxManifestLine);
    }

    [Fact]
    public async Task Row_WithoutAnEnd_IsLeftAtItsLimit()
    {
        var envelope = Corpus.Of("envelope")[0];
        var manifest = System.Text.Encoding.ASCII.GetString(envelope).Split('\n')[0] + "\n";
        using var endless = new Endless(manifest + "{\"tokens\":[\"");
        var reader = new EnvelopeReader(endless);
        (await reader.ReadManifestAsync(CancellationToken.None)).IsOk.ShouldBeTrue();
        (await reader.ReadRowAsync(CancellationToken.None))!.Value.Error.Code.ShouldBe("envelope.lineTooLong");
        endless.Given.ShouldBeLessThan(manifest.Length + (4L * EnvelopeFormat.MaxRowLine));
    }

    [Fact]
    public async Task TokenSet_WithoutAnEnd_IsLeftAtItsLimit()
    {
        using var endless = new Endless("{\"agreement\":\"");
        (await new TokenSetReader(endless).ReadAgreementAsync(CancellationToken.None)).Error!.Code.ShouldBe("envelope.lineTooLong");
        endless.Given.ShouldBeLessThan(256 << 10);
    }

    private sealed class Endless(string start) : Stream
    {
        private readonly byte[] first = Bomb.Of(start);

        public long Given { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => Given;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            for (var i = 0; i < count; i++) buffer[offset + i] = Given + i < first.Length ? first[Given + i] : (byte)'A';
            Given += count;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
