namespace Bereik.Fuzz.Tests.Mutating;

// Changes that know nothing of the format.
internal static class RawBytes
{
    public static byte[] Change(Dice dice, byte[] input, byte[] other)
    {
        var at = dice.Below(input.Length + 1);
        var count = Math.Min(input.Length - at, 1 + (dice.Once(4) ? dice.Below(input.Length + 1) : dice.Below(12)));
        switch (dice.Below(9))
        {
            case 0 when input.Length > 0: return Flip(dice, input);
            case 1 when input.Length > 0: return Set(dice, input, (byte)dice.Below(256));
            case 2: return [.. input[..at], .. input[(at + count)..]];
            case 3: return [.. input[..(at + count)], .. input[at..]];
            case 4: return [.. input[..at], .. dice.Bytes(1 + dice.Below(8)), .. input[at..]];
            case 5: return [.. input[..at], .. Mutation.Utf8(dice.One(Mutation.Words)), .. input[at..]];
            case 6: return input[..at];
            case 7: return [.. input[..at], .. Piece(dice, other), .. input[(at + count)..]];
            default: return input.Length > 0 ? Set(dice, input, dice.One<byte>([0, 0x0a, 0x0d, 0x20, 0x22, 0x2e, 0x3d, 0x7f, 0x80, 0xc0, 0xed, 0xff])) : input;
        }
    }

    // One character for another of the same kind, so that lengths and alphabets stay.
    public static byte[] ChangeText(Dice dice, byte[] input, byte[] other)
    {
        return input.Length == 0 || dice.Once(3) ? Change(dice, input, other) : ChangeCharacters(dice, input);
    }

    public static byte[] ChangeCharacters(Dice dice, byte[] input)
    {
        if (input.Length == 0) return input;
        var changed = input.ToArray();
        for (var left = 1 + dice.Below(3); left > 0; left--)
        {
            var at = dice.Below(changed.Length);
            changed[at] = changed[at] switch
            {
                >= (byte)'0' and <= (byte)'9' => (byte)('0' + dice.Below(10)),
                >= (byte)'a' and <= (byte)'z' => (byte)('a' + dice.Below(26)),
                >= (byte)'A' and <= (byte)'Z' => (byte)('A' + dice.Below(26)),
                var kept => kept,
            };
        }

        return changed;
    }

    private static byte[] Flip(Dice dice, byte[] input)
    {
        var changed = input.ToArray();
        changed[dice.Below(input.Length)] ^= (byte)(1 << dice.Below(8));
        return changed;
    }

    private static byte[] Set(Dice dice, byte[] input, byte value)
    {
        var changed = input.ToArray();
        changed[dice.Below(input.Length)] = value;
        return changed;
    }

    private static byte[] Piece(Dice dice, byte[] of)
    {
        var from = dice.Below(of.Length + 1);
        return of[from..Math.Min(of.Length, from + dice.Below(64))];
    }
}
