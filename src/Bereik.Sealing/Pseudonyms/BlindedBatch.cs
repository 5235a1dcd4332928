using System.Security.Cryptography;
using Bereik.Exchange;
using Bereik.Exchange.Contracts;
using Bereik.Exchange.Oprf;
using Bereik.Sealing.Persons;

namespace Bereik.Sealing.Pseudonyms;

/// <summary>One batch of numbers on its way to the pseudonymiser and back: blinded, padded, then verified and unblinded.</summary>
/// <remarks>
/// Batches are independent: make and finish as many in parallel as there are cores. Disposing zeroes blinds and inputs, so a batch lives in
/// memory only and a number that was not finished is blinded anew.
/// </remarks>
public sealed class BlindedBatch : IDisposable
{
    /// <summary>A batch is filled with random points to a multiple of this, so that its size says little.</summary>
    public const int Padding = 256;

    /// <summary>The most inputs of one batch.</summary>
    public const int MaxInputs = EvaluateRequest.MaxBatch;

    private const int InputBytes = 11;
    private readonly byte[] inputs;
    private readonly int[] starts;
    private readonly byte[] blinds;
    private bool isSpent;

    private BlindedBatch(byte[] inputs, int[] starts)
    {
        this.inputs = inputs;
        this.starts = starts;
        Count = starts.Length - 1;
        blinds = GC.AllocateUninitializedArray<byte>(Count * OprfClient.ElementBytes, pinned: true);
        var size = (Count + Padding - 1) / Padding * Padding;
        var points = new byte[size * OprfClient.ElementBytes];
        for (var i = 0; i < size; i++)
        {
            var point = points.AsSpan(i * OprfClient.ElementBytes, OprfClient.ElementBytes);
            if (i < Count) OprfClient.Blind(Input(i), blinds.AsSpan(i * OprfClient.ElementBytes, OprfClient.ElementBytes), point);
            else OprfClient.Pad(point);
        }

        Request = new EvaluateRequest(points);
    }

    /// <summary>The agreement input: the same for everybody, no person.</summary>
    public static ReadOnlySpan<byte> AgreementInput => "bereik agreement v1"u8;

    /// <summary>How many inputs the batch holds, without padding.</summary>
    public int Count { get; }

    /// <summary>What to send: always a multiple of <see cref="Padding"/> points.</summary>
    public EvaluateRequest Request { get; }

    /// <summary>Blinds 1 to <see cref="MaxInputs"/> numbers.</summary>
    public static BlindedBatch Of(IReadOnlyList<Insz> numbers)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        ArgumentOutOfRangeException.ThrowIfZero(numbers.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(numbers.Count, MaxInputs);
        var inputs = GC.AllocateUninitializedArray<byte>(numbers.Count * InputBytes, pinned: true);
        var starts = new int[numbers.Count + 1];
        for (var i = 0; i < numbers.Count; i++)
        {
            numbers[i].RevealTo(inputs.AsSpan(i * InputBytes, InputBytes));
            starts[i + 1] = (i + 1) * InputBytes;
        }

        return new BlindedBatch(inputs, starts);
    }

    /// <summary>Blinds the agreement input alone, in a batch that looks like any other.</summary>
    public static BlindedBatch OfAgreement() => new(AgreementInput.ToArray(), [0, AgreementInput.Length]);

    /// <summary>Verifies the answer and unblinds it; once only.</summary>
    /// <param name="response">What the pseudonymiser answered.</param>
    /// <param name="publicKey">Its pinned public key of the epoch, 32 bytes.</param>
    /// <param name="epoch">The epoch that was asked for.</param>
    /// <returns>One base an input, in order; or <c>evaluate.epoch</c>, <c>evaluate.publicKey</c>, <c>evaluate.batch</c> (another number of
    /// elements), <c>evaluate.proof</c> (not evaluated with the pinned key).</returns>
    public Parsed<IReadOnlyList<PseudonymBase>> Finish(EvaluateResponse response, ReadOnlySpan<byte> publicKey, string epoch)
    {
        ArgumentNullException.ThrowIfNull(response);
        ObjectDisposedException.ThrowIf(isSpent, this);
        if (response.Epoch != epoch) return Parsed.Fail<IReadOnlyList<PseudonymBase>>("evaluate.epoch");
        if (!publicKey.SequenceEqual(response.PublicKey)) return Parsed.Fail<IReadOnlyList<PseudonymBase>>("evaluate.publicKey");
        if (response.Evaluated.Length != Request.Blinded.Length) return Parsed.Fail<IReadOnlyList<PseudonymBase>>("evaluate.batch");
        if (!OprfClient.Verify(publicKey, Request.Blinded, response.Evaluated, response.Proof)) return Parsed.Fail<IReadOnlyList<PseudonymBase>>("evaluate.proof");

        isSpent = true;
        OprfClient.InvertBlinds(blinds);
        var bases = new PseudonymBase[Count];
        for (var i = 0; i < Count; i++)
        {
            var output = new byte[PseudonymBase.Length];
            // Cannot fail: the proof covers only canonical elements other than the identity, and no blind is zero.
            if (!OprfClient.TryFinalize(Input(i), blinds.AsSpan(i * OprfClient.ElementBytes, OprfClient.ElementBytes),
                response.Evaluated.AsSpan(i * OprfClient.ElementBytes, OprfClient.ElementBytes), output))
                return Parsed.Fail<IReadOnlyList<PseudonymBase>>("evaluate.point");
            bases[i] = new PseudonymBase(output);
        }

        Dispose();
        return Parsed.Ok<IReadOnlyList<PseudonymBase>>(bases);
    }

    /// <summary>Zeroes blinds and inputs.</summary>
    public void Dispose()
    {
        isSpent = true;
        CryptographicOperations.ZeroMemory(blinds);
        CryptographicOperations.ZeroMemory(inputs);
    }

    /// <summary>The word "batch", never what is in it.</summary>
    public override string ToString() => "batch";

    private ReadOnlySpan<byte> Input(int i) => inputs.AsSpan(starts[i], starts[i + 1] - starts[i]);
}
