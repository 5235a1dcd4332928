using CsCheck;

namespace Bereik.Fuzz.Tests.Mutating;

// Every choice of a mutation, from one seed: the same seed makes the same input.
internal sealed class Dice(PCG pcg)
{
    public int Below(int count) => count <= 1 ? 0 : (int)pcg.Next((uint)count);

    public bool Once(int outOf) => Below(outOf) == 0;

    public T One<T>(IReadOnlyList<T> of) => of[Below(of.Count)];

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++) bytes[i] = (byte)pcg.Next(256);
        return bytes;
    }
}
