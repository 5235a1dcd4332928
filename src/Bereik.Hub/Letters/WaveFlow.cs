using Bereik.Exchange.Contracts;
using Bereik.Exchange.Signatures;
using Bereik.Hub.Storage;

namespace Bereik.Hub.Letters;

// What an order of letters has that a list has not.
internal static class WaveFlow
{
    // A list has no letters, and letters have no tokens and no envelope.
    public const string NotLetters = "order.notLetters";
    public const string Letters = "order.letters";

    // What was asked of the letters.
    public static LetterOrder AskedOf(Order order) => SignedDocument.Parse<ListOrder>(order.Jws).Value.Document.Letter!;

    // How many parts so many letters are brought in.
    public static int PartsOf(int letters) => (letters + WaveOpening.MostInPart - 1) / WaveOpening.MostInPart;
}
